"""Things there are only so many of, shared by everyone: bytes, sessions, requests."""

from __future__ import annotations

from threading import Lock
from types import TracebackType

from gruscope.wire.errors import Refused


class Budget:
    """An amount that accounts on any thread take from and give back to.

    Examples
    --------
    >>> budget = Budget(10, "bytes")
    >>> with budget.account() as mine:
    ...     mine.reserve(7)
    ...     budget.used
    7
    >>> budget.used
    0
    """

    def __init__(self, total: int, unit: str) -> None:
        self.total = total
        self.used = 0
        self._unit = unit
        self._lock = Lock()

    def account(self) -> Account:
        """Return an account with nothing reserved."""
        return Account(self)

    def exchange(self, before: int, after: int) -> None:
        """Exchange one reservation for another, or raise `Refused` and leave it."""
        with self._lock:
            free = self.total - self.used + before
            if after > before and after > free:
                text = f"expected room for {after} {self._unit}, got {free} free; try again later"
                raise Refused("busy", None, text)
            self.used += after - before


class Account:
    """One holder's reservation; a context that gives it back."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._held = 0

    def reserve(self, amount: int) -> None:
        """Hold this amount in place of what was held, or raise `Refused` and keep that."""
        self._budget.exchange(self._held, amount)
        self._held = amount

    def close(self) -> None:
        """Give everything back."""
        self.reserve(0)

    def __enter__(self) -> Account:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
