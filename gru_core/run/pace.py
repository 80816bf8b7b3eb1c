"""The lengths of the spans of a run."""

from __future__ import annotations

from time import thread_time
from typing import NamedTuple


class Pace(NamedTuple):
    """Chooses the length of the next span.

    Time is the thread's CPU time, so that other programs do not affect it.

    Attributes
    ----------
    largest : int
        The most steps in a span.
    seconds : float or None
        The target time of a span, None for no target.

    Examples
    --------
    >>> Pace(512, None).after(16, 0.004), Pace(512, 0.01).after(16, 0.004)
    (32, 32)
    >>> Pace(512, 0.01).after(16, 0.008), Pace(512, 0.01).after(16, 0.032)
    (20, 5)
    """

    largest: int
    seconds: float | None

    def clock(self) -> float:
        """Return the time now in seconds, 0 without a target, for which nobody need ask."""
        return 0.0 if self.seconds is None else thread_time()

    def after(self, steps: int, took: float) -> int:
        """Return the steps of the next span from the steps and seconds of the previous one."""
        wanted = 2 * steps
        if self.seconds is not None and took > 0:
            wanted = min(wanted, int(steps * self.seconds / took))
        return max(1, min(self.largest, wanted))
