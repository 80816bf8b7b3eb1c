"""A small picture of a network's values, for the list of networks."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gru_core.run.trace import Trace

STEPS = 40
UNITS = 10
GATES = frozenset({"z", "r", "i", "f", "o"})


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """Values of some units over some steps, as levels of a colour map.

    Attributes
    ----------
    map : str
        "gates", from 0 to 1, or "states", from −1 to 1.
    levels : ndarray of uint8, shape (units, steps)
        0 for the lowest value of the map, 255 for the highest.
    """

    map: Literal["gates", "states"]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, trace: Trace, value: str, t: int, unit: int) -> Thumbnail:
        """Return the picture of a value around a step and a unit.

        Parameters
        ----------
        trace : Trace
        value : str
            Its name; numbers beyond the map take its end.
        t, unit : int

        Examples
        --------
        >>> from gru_core import EXAMPLES, GRU
        >>> latch = EXAMPLES["latch"]
        >>> trace = GRU(latch.network()).run(latch.inputs())
        >>> Thumbnail.of(trace, "h", t=4, unit=1).levels[1, 2:6]
        array([128, 128, 255, 255], dtype=uint8)
        """
        values = getattr(trace, value)
        values = values[~np.isnan(values).any(axis=1)]  # no steps after a decoder's answer
        steps, units = _around(t, len(values), STEPS), _around(unit, values.shape[1], UNITS)
        shown = values[steps, units].T
        gates = value in GATES
        share = shown if gates else (shown + 1) / 2
        levels = np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)
        return cls("gates" if gates else "states", levels)

    def json(self) -> dict[str, Any]:
        """Return the picture for the page."""
        rows, columns = self.levels.shape
        data = b64encode(self.levels.tobytes()).decode()
        return {"map": self.map, "rows": rows, "columns": columns, "data": data}


def _around(at: int, count: int, most: int) -> slice:
    """Return a range of at most `most` places with one in its middle, if there is room."""
    start = min(max(0, at - most // 2), max(0, count - most))
    return slice(start, start + most)
