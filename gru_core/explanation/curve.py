"""The curve of an activation, in as few points as a drawing needs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.parameters.activations import Activation

REACH = 1e6
"""The curve goes from −REACH to REACH."""

_SAMPLES = 4001
_WINDOW = 6.0
"""The smallest range that a drawing shows, ±."""
_TOLERANCE = 0.002
"""The largest error of the drawn line, as a share of the visible curve's height."""

_LOWEST = 1e-9
"""A curve with a smaller height counts as flat."""


@lru_cache(maxsize=64)
def curve(activation: Activation, clip: float | None = None) -> FloatArray:
    """Return points (a, f(a)) that straight lines connect to the curve of an activation.

    Parameters
    ----------
    activation : Activation
    clip : float, optional
        Bound on the input, ±.

    Returns
    -------
    array of shape (K, 2)
        Finite and read-only, in the order of a. They are close together where the function bends;
        a jump is a steep line.

    Examples
    --------
    >>> from gru_core.parameters.activations import RELU
    >>> curve(RELU).tolist()
    [[-1000000.0, 0.0], [0.0, 0.0], [1000000.0, 1000000.0]]
    """
    most = np.arcsinh(REACH)
    a = np.sinh(np.linspace(-most, most, _SAMPLES))
    a[[0, _SAMPLES // 2, -1]] = -REACH, 0.0, REACH
    with np.errstate(over="ignore", invalid="ignore"):
        y = activation(a if clip is None else a.clip(-clip, clip))
    finite = np.isfinite(y)
    a, y = a[finite], y[finite]
    found = np.column_stack([a, y])[_bends(a, y)]
    found.flags.writeable = False
    return found


def _bends(a: FloatArray, y: FloatArray) -> list[int]:
    """Return the indices of the points to keep (Ramer, Douglas and Peucker)."""
    shown = y[np.abs(a) <= _WINDOW]
    height = np.ptp(shown) if len(shown) else 1.0
    allowed = _TOLERANCE * max(height, _LOWEST) * np.maximum(1.0, np.abs(a) / _WINDOW)
    kept, due = {0, len(a) - 1}, [(0, len(a) - 1)]
    while due:
        first, last = due.pop()
        if last - first < 2:
            continue
        part = slice(first, last + 1)
        line = np.interp(a[part], a[[first, last]], y[[first, last]])
        off = np.abs(y[part] - line) / allowed[part]
        middle = first + int(off.argmax())
        if off.max() > 1.0:
            kept.add(middle)
            due += [(first, middle), (middle, last)]
    return sorted(kept)
