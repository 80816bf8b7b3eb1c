"""Sequences of different lengths in one array: lengths, padding and reversed time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gru_core.arrays import FloatArray, check_shape
from gru_core.errors import DTypeError, RangeError

Lengths = NDArray[np.int64]
"""Number of steps before the padding: shape (B,), or () for one sequence."""


def as_lengths(steps: ArrayLike | None, x: FloatArray) -> Lengths | None:
    """Return lengths that fit an x of shape (T, [B,] I).

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If they are not integers, one for each sequence, from 1 to T.
    """
    if steps is None:
        return None
    lengths = np.asarray(steps)
    if lengths.dtype.kind not in "iu":
        raise DTypeError("lengths", "be integers", f"dtype {lengths.dtype}")
    check_shape("lengths", lengths, "(B,)" if x.ndim == 3 else "()", x.shape[1:-1])
    wrong = (lengths < 1) | (lengths > len(x))
    if wrong.any():
        raise RangeError("lengths", f"be from 1 to T = {len(x)}", str(lengths[wrong].flat[0]))
    return lengths.astype(np.int64)


def masked(array: FloatArray, lengths: Lengths) -> FloatArray:
    """Return an array (T, [B,] F) with 0 beyond each length.

    Examples
    --------
    >>> masked(np.ones((3, 1)), np.array(2))[:, 0]
    array([1., 1., 0.])
    """
    steps = np.arange(len(array)).reshape(-1, *(1,) * lengths.ndim)
    return np.where((steps < lengths)[..., None], array, array.dtype.type(0))


def turned(array: FloatArray, lengths: Lengths | None) -> FloatArray:
    """Return an array with time reversed; padding stays at the end of each sequence.

    Examples
    --------
    >>> turned(np.array([1.0, 2.0, 0.0]), np.array(2))
    array([2., 1., 0.])
    """
    if lengths is None:
        return array[::-1]
    steps = np.arange(len(array))
    if lengths.ndim == 0:
        return array[np.where(steps < lengths, lengths - 1 - steps, steps)]
    order = np.where(steps[:, None] < lengths, lengths - 1 - steps[:, None], steps[:, None])
    return array[order, np.arange(len(lengths))]  # (T, B, …)
