"""Who may train: a bounded number at once, in the order in which they asked.

A page has at most one training, so this is fair between pages. A training that is paused gives its
place up as soon as another one waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from gruscope.wire.errors import Refused

T = TypeVar("T", bound=Hashable)


class Places(Generic[T]):
    """The places of trainings.

    Parameters
    ----------
    most : int
        How many may run at once.
    waiting : int
        How many may wait.
    changed : callable, optional
        Called with the owner whose turn it is, or whose place in the queue has changed.
    evicted : callable, optional
        Called with the owner of a paused training that must end its process.

    Examples
    --------
    >>> places = Places(1, 2)
    >>> places.ask("a"), places.ask("b"), places.ask("c")
    (0, 1, 2)
    >>> places.leave("a")
    >>> places.ahead("b"), places.ahead("c")
    (0, 1)
    """

    def __init__(
        self,
        most: int,
        waiting: int,
        changed: Callable[[T], None] = lambda owner: None,
        evicted: Callable[[T], None] = lambda owner: None,
    ) -> None:
        self._most = most
        self._waiting = waiting
        self._changed = changed
        self._evicted = evicted
        self._running: dict[T, bool] = {}  # whether it is paused
        self._queue: list[T] = []

    def ask(self, owner: T) -> int:
        """Ask for a place; return how many must finish before, 0 if the owner may run.

        Raises
        ------
        Refused
            If too many wait already.
        """
        if owner in self._running:
            self._running[owner] = False
            return 0
        if owner not in self._queue:
            full = len(self._running) >= self._most or self._queue
            if full and len(self._queue) >= self._waiting:
                text = f"expected a free place, got {self._waiting} trainings that wait for one"
                raise Refused("busy", None, f"{text}; try again later")
            self._queue.append(owner)
            self._fill()
        return self.ahead(owner)

    def pause(self, owner: T) -> None:
        """Note that a training is paused: it keeps its place until another one waits."""
        if owner in self._running:
            self._running[owner] = True
            self._fill()

    def leave(self, owner: T) -> None:
        """Give the place back, or leave the queue."""
        self._running.pop(owner, None)
        if owner in self._queue:
            self._queue.remove(owner)
        self._fill()

    def ahead(self, owner: T) -> int:
        """Return an owner's place in the queue, from 1, or 0 if it may run."""
        return self._queue.index(owner) + 1 if owner in self._queue else 0

    def _fill(self) -> None:
        """Let those at the head of the queue run while there are places."""
        started = 0
        while self._queue and self._make_room():
            owner = self._queue.pop(0)
            self._running[owner] = False
            self._changed(owner)
            started += 1
        if started:
            for owner in tuple(self._queue):
                self._changed(owner)

    def _make_room(self) -> bool:
        """Return whether there is a place, if need be that of a paused training."""
        if len(self._running) < self._most:
            return True
        paused = next((owner for owner, is_paused in self._running.items() if is_paused), None)
        if paused is None:
            return False
        del self._running[paused]
        self._evicted(paused)
        return True
