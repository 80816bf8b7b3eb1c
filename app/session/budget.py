"""Process-wide quotas: bytes, sessions, requests."""

from __future__ import annotations

import sys
from threading import Lock
from types import TracebackType

from gruscope.wire.errors import Refused


class Budget:
    """A quota from which accounts on any thread reserve.

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
        """Exchange one reservation for another, or raise `Refused` and keep the old one."""
        with self._lock:
            free = self.total - self.used + before
            if after > before and after > free:
                text = f"expected room for {after} {self._unit}, got {free} free; try again later"
                raise Refused("busy", None, text)
            self.used += after - before


def unlimited() -> Budget:
    """Return a quota that is never reached."""
    return Budget(sys.maxsize, "places")


class Account:
    """One owner's reservation; as a context manager, it closes at the end.

    A closed account refuses further reservations. Otherwise a thread that outlives the owner could
    reserve memory that would never be released.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._held = 0
        self._closed = False
        self._lock = Lock()

    def reserve(self, amount: int) -> None:
        """Reserve this amount instead of the present one.

        Raises
        ------
        Refused
            If there is not enough left or the account is closed; the reservation is then unchanged.
        """
        with self._lock:
            if self._closed:
                raise Refused("busy", None, "expected an open account, got one that is closed")
            self._budget.exchange(self._held, amount)
            self._held = amount

    def close(self) -> None:
        """Release everything and refuse further reservations."""
        with self._lock:
            self._closed = True
            self._budget.exchange(self._held, 0)
            self._held = 0

    def __enter__(self) -> Account:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
