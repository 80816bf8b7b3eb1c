"""Fresh weights: Glorot-uniform input, orthogonal recurrent, and what each named array gets."""

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from gru_core.arrays import ARRAYS, FloatArray, check_dtype
from gru_core.errors import FieldError, RangeError


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


def random_array(
    name: str,
    input_size: int,
    hidden_size: int,
    *,
    seed: int | Generator,
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> FloatArray:
    """Draw one named array afresh.

    Parameters
    ----------
    name : str
        One of `ARRAYS`.
    input_size, hidden_size : int
        I and H, at least 1.
    seed : int or numpy.random.Generator
    gain : float
        Factor on a W or U, more than 0; biases have none.
    dtype : float32 or float64

    Returns
    -------
    ndarray
        W: Glorot-uniform (H, I). U: orthogonal (H, H). A bias: uniform within ±1/sqrt(H), shape
        (H,), as ``torch.nn.GRU`` draws it (zeros, with which `GRUParams.random` starts, would
        leave nothing to see).

    Raises
    ------
    FieldError
        If there is no array of that name.
    RangeError
        If a size is less than 1, or the gain is not more than 0.
    DTypeError
        If `dtype` is neither float32 nor float64.

    Examples
    --------
    >>> random_array("W_z", 3, 2, seed=7).shape
    (2, 3)
    """
    kind = check_dtype(dtype)
    if name not in ARRAYS:
        raise FieldError("name", f"be one of {', '.join(ARRAYS)}", repr(name))
    check_size("hidden_size", hidden_size)
    check_gain(gain)
    rng = np.random.default_rng(seed)
    if name[0] == "W":
        return (gain * glorot(rng, input_size, hidden_size)).astype(kind)
    if name[0] == "U":
        return (gain * orthogonal(rng, hidden_size)).astype(kind)
    limit = 1 / np.sqrt(hidden_size)
    return rng.uniform(-limit, limit, hidden_size).astype(kind)
