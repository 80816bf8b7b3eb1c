"""Rows in blocks of one size, so that a row's numbers do not depend on the others computed."""

from __future__ import annotations

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.run.buffers import BLOCK


def blocks(x: FloatArray, start: int, stop: int) -> tuple[int, FloatArray]:
    """Return the rows start ≤ t < stop for products with a matrix, and the first row's step.

    Of a single sequence, (T, M), they are blocks of `BLOCK` rows from multiples of that size, the
    last one filled with 0: (n, BLOCK, M). BLAS then multiplies a row alike in every span. Of a
    batch, (T, B, M), NumPy multiplies step by step anyway.

    Examples
    --------
    >>> first, rows = blocks(np.ones((100, 3)), 70, 80)
    >>> first, rows.shape
    (64, (1, 64, 3))
    """
    if x.ndim == 3:
        return start, x[start:stop]
    first = start - start % BLOCK
    rows = x[first:stop]
    padding = np.zeros((-len(rows) % BLOCK, rows.shape[1]), rows.dtype)
    return first, np.concatenate([rows, padding]).reshape(-1, BLOCK, rows.shape[1])
