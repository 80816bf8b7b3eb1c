"""Initial weights: Glorot-uniform input, orthogonal recurrent."""

import numpy as np
from numpy.random import Generator

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError


def check_size(field: str, size: int) -> None:
    """Refuse a size below 1.

    Raises
    ------
    RangeError
        If `size` is less than 1.
    """
    if size < 1:
        raise RangeError(field, "be at least 1", str(size))


def check_gain(gain: float) -> None:
    """Refuse a gain that is not a positive finite number.

    Raises
    ------
    RangeError
        If it is not.
    """
    if not 0 < gain < np.inf:
        raise RangeError("gain", "be a finite number more than 0", str(gain))


def glorot(rng: Generator, input_size: int, hidden_size: int) -> FloatArray:
    """Draw W of shape (H, I), uniform within ±sqrt(6 / (I + H)) (Glorot & Bengio 2010)."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    limit = np.sqrt(6 / (input_size + hidden_size))
    return rng.uniform(-limit, limit, (hidden_size, input_size))


def orthogonal(rng: Generator, hidden_size: int) -> FloatArray:
    """Draw an orthogonal U of shape (H, H) (Saxe et al. 2014, arXiv:1312.6120)."""
    check_size("hidden_size", hidden_size)
    q, upper = np.linalg.qr(rng.standard_normal((hidden_size, hidden_size)))
    return q * np.where(np.diag(upper) < 0, -1.0, 1.0)  # without this, not uniform over O(H)
