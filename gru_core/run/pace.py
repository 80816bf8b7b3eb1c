"""The lengths of the spans of a run."""

from __future__ import annotations

from time import perf_counter, thread_time

GROWTH = 8
"""A span is at most so many times as long as the one before, whose time tells little if short."""


class Pace:
    """Chooses the length of the next span.

    Time is the thread's CPU time, so that other programs do not affect it. That clock is a system
    call, so it is asked only while spans are slow by the wall clock.

    Parameters
    ----------
    largest : int
        The most steps in a span.
    seconds : float or None
        The target time of a span, None for no target: each span is twice as long as the one before.

    Examples
    --------
    >>> pace = Pace(512, None)
    >>> pace.start()
    >>> pace.after(16)
    32
    """

    def __init__(self, largest: int, seconds: float | None) -> None:
        self._largest, self._seconds = largest, seconds
        self._began, self._used = 0.0, 0.0
        self._is_slow = False

    def start(self) -> None:
        """Begin a span."""
        if self._seconds is not None:
            self._began = perf_counter()
            self._used = thread_time() if self._is_slow else 0.0

    def after(self, steps: int) -> int:
        """Return the steps of the next span, after a span of so many steps."""
        wanted = 2 * steps if self._seconds is None else self._reachable(steps, self._seconds)
        return max(1, min(self._largest, wanted))

    def _reachable(self, steps: int, seconds: float) -> int:
        """Return how many steps take the target time, if they take as long as the last ones."""
        took = perf_counter() - self._began
        was_slow, self._is_slow = self._is_slow, 2 * took > seconds
        if was_slow:
            took = min(took, thread_time() - self._used)
        return int(min(GROWTH * steps, steps * seconds / took if took > 0 else GROWTH * steps))
