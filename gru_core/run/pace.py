"""How long the spans of a run are."""

from __future__ import annotations

from typing import NamedTuple


class Pace(NamedTuple):
    """How long spans become.

    Time is that of the thread's processor, which other programs do not lengthen.

    Attributes
    ----------
    largest : int
        Steps.
    seconds : float or None
        What a span is to take, None if it does not matter.

    Examples
    --------
    >>> Pace(512, None).after(16, 0.004), Pace(512, 0.01).after(16, 0.004)
    (32, 32)
    >>> Pace(512, 0.01).after(16, 0.008), Pace(512, 0.01).after(16, 0.032)
    (20, 5)
    """

    largest: int
    seconds: float | None

    def after(self, steps: int, took: float) -> int:
        """Return the steps of a span, given those of the one before and the seconds it took."""
        wanted = 2 * steps
        if self.seconds is not None and took > 0:
            wanted = min(wanted, int(steps * self.seconds / took))
        return max(1, min(self.largest, wanted))
