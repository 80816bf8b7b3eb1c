"""The start of a network's run: the first layer's input and the start states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gru_core.arrays import FloatArray, as_floats, owned
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.network.directions import directions_of
from gru_core.network.layer import Layer
from gru_core.network.trace import NetworkTrace


def first_input(
    x: ArrayLike, embedding: FloatArray | None, input_size: int, dtype: np.dtype[Any]
) -> tuple[FloatArray, NDArray[np.int64] | None]:
    """Return the first layer's input, and the tokens that were looked up to get it.

    Parameters
    ----------
    x : array_like, shape (T, [B,] I), or of int, shape (T, [B])
    embedding : ndarray, shape (V, I), or None
    input_size : int
        I.
    dtype : float32 or float64

    Returns
    -------
    sequence : ndarray, shape (T, [B,] I)
    tokens : ndarray of int, shape (T, [B]), or None

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If x does not fit.

    Examples
    --------
    >>> sequence, tokens = first_input([1, 0], np.eye(2), 2, np.dtype("float64"))
    >>> sequence.tolist(), tokens.tolist()
    ([[0.0, 1.0], [1.0, 0.0]], [1, 0])
    """
    try:
        raw = np.asarray(x)
    except ValueError:
        raw = np.asarray(0.5)  # rows of different lengths: as_floats names the error
    if embedding is None or raw.dtype.kind not in "iu" or raw.ndim > 2:
        sequence = as_floats("x", x, dtype)
        if sequence.ndim not in (2, 3) or sequence.shape[-1] != input_size:
            expected = f"have shape (T, I) or (T, B, I) with I = {input_size}"
            raise ShapeError("x", expected, str(sequence.shape))
        return owned(sequence), None
    if raw.ndim == 0 or 0 in raw.shape:
        raise ShapeError("x", "have shape (T,) or (T, B) with T ≥ 1", str(raw.shape))
    outside = (raw < 0) | (raw >= len(embedding))
    if outside.any():
        place = tuple(int(i) for i in np.argwhere(outside)[0])
        expected = f"be from 0 to {len(embedding) - 1}, a row of the embedding"
        raise RangeError("x", expected, f"{raw[place]} at {place}")
    return owned(embedding[raw]), raw.astype(np.int64)


def symbols_input(
    symbols: ArrayLike, embedding: FloatArray | None, count: int, dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Return symbols as a run takes them: as they are for an embedding, otherwise one-hot.

    Parameters
    ----------
    symbols : array_like of int, shape (T,) or (T, B)
    embedding : ndarray, shape (V, I), or None
    count : int
        How many there are.
    dtype : float32 or float64

    Raises
    ------
    DTypeError, RangeError
        If they are not whole numbers from 0 to `count` − 1.

    Examples
    --------
    >>> symbols_input([1, 0], None, 2, np.dtype("float64")).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    found = np.asarray(symbols)
    if found.dtype.kind not in "iu":
        raise DTypeError("symbols", "be whole numbers", str(found.dtype))
    if found.size and (found.min() < 0 or found.max() >= count):
        wrong = found[(found < 0) | (found >= count)][0]
        raise RangeError("symbols", f"be from 0 to {count - 1}", str(wrong))
    return found if embedding is not None else np.eye(count, dtype=dtype)[found]


def start_states(field: str, states: ArrayLike | None, directions: list[int]) -> list[list[Any]]:
    """Return the states per layer and direction; the cells check their shapes.

    Parameters
    ----------
    field : str
        Their name in errors.
    states : array_like, shape (L·D, [B,] H), or a list of arrays of shape ([B,] H), or None
        Layer by layer, forward then reverse. None in the list is a default.
    directions : list of int
        D of each layer.

    Raises
    ------
    ShapeError
        If their number is not that of the layers and directions.

    Examples
    --------
    >>> start_states("h0", None, [2, 1])
    [[None, None], [None]]
    """
    if states is None:
        return [[None] * count for count in directions]
    try:
        parts: list[Any] = list(cast(Any, states))
    except TypeError:  # a number, or an array without axes
        parts = []
    single = any(part is not None and np.ndim(part) == 0 for part in parts)
    if len(parts) != sum(directions) or single:
        expected = f"have shape (L·D, [B,] H) with L·D = {sum(directions)}"
        shape = getattr(states, "shape", None)
        got = f"{len(parts)} parts" if shape is None else str(tuple(shape))
        raise ShapeError(field, expected, got)
    rest = iter(parts)
    return [[next(rest) for _ in range(count)] for count in directions]


def begin_states(
    layers: tuple[Layer, ...],
    x: FloatArray,
    keep: NetworkTrace | None,
    given: Mapping[str, ArrayLike | None],
) -> dict[str, list[list[Any]]]:
    """Return the states to start from, by state, layer and direction.

    They are those given, those of a trace to continue, or those stored in the layers.

    Parameters
    ----------
    layers : tuple of Layer
    x : ndarray, shape (T, [B,] I)
    keep : NetworkTrace or None
    given : mapping of str to array_like or None
        For "h" and "c", as `start_states` takes them.

    Raises
    ------
    ShapeError, DTypeError, RangeError
        As for `start_states`.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 3, 2, seed=0)
    >>> begin_states(network.layers, np.zeros((5, 3)), None, {"h": None, "c": None})
    {'h': [[None]], 'c': [[None]]}
    """
    counts = [layer.directions for layer in layers]
    found = {name: start_states(f"{name}0", value, counts) for name, value in given.items()}
    for name, states in found.items():
        if given[name] is not None:
            continue
        for k, layer in enumerate(layers):
            stored = getattr(layer, f"{name}0")
            if keep is not None:
                states[k] = [getattr(one, f"{name}_0") for one in directions_of(keep.layers[k])]
            elif stored is not None:
                shape = (*x.shape[1:-1], stored.shape[-1])
                states[k] = [np.broadcast_to(state, shape) for state in stored]
    return found
