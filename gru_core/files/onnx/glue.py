"""ONNX's operators that rearrange arrays or compute sizes, by NumPy's functions.

They are applied to constants and to the identities of a flow's elements.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gru_core.files.onnx.values import FREE

Array = NDArray[Any]
Attributes = dict[str, Any]
MOST: Final = 1 << 24
"""The most elements of an array that is larger than those it is made of."""
_RANK: Final = 16
_SIZES: Final = 64
"""The longest array of axes, shapes or sizes."""
_WRONG = (ValueError, IndexError, TypeError, KeyError, OverflowError, AttributeError)


def applied(op: str, inputs: Sequence[Array | None], attributes: Attributes) -> list[Array]:
    """Return an operator's outputs, none if it does not fit its inputs.

    Parameters
    ----------
    op : str
        One of `MOVES` or `SIZES`.
    inputs : sequence of ndarray or None
        None for an omitted one.
    attributes : dict
        With "outputs", their number, and "free", the free sizes in place of large ones.

    Examples
    --------
    >>> applied("Squeeze", [np.zeros((1, 2))], {"axes": [0]})[0].shape
    (2,)
    >>> applied("Squeeze", [np.zeros((1, 2))], {"axes": [1]})
    []
    """
    try:
        with np.errstate(all="ignore"):
            found = (MOVES | SIZES)[op](inputs, attributes)
    except _WRONG:
        return []
    each = [np.asarray(array) for array in (found if isinstance(found, list) else [found])]
    allowed = max(MOST, sum(array.size for array in inputs if array is not None))
    fit = all(array.ndim <= _RANK and array.size <= allowed for array in each)
    return each if fit else []


def _numbers(inputs: Sequence[Any], place: int, attributes: Attributes, name: str) -> Any:
    """Return integers from an attribute (old opsets) or an input (newer ones), or None."""
    if name in attributes:
        return list(attributes[name])
    array = inputs[place] if len(inputs) > place else None
    if array is None:
        return None
    if array.size > _SIZES or array.dtype.kind not in "iub":
        raise ValueError
    return [int(number) for number in array.reshape(-1)]


def _first(inputs: Sequence[Any], attributes: Attributes) -> Array:
    array: Array = inputs[0]
    return array


def _small(size: int) -> None:
    if size > MOST:
        raise ValueError


def _expand(inputs: Sequence[Any], attributes: Attributes) -> Array:
    shape = _numbers(inputs, 1, {}, "")
    whole = np.broadcast_shapes(inputs[0].shape, tuple(shape))
    return np.broadcast_to(inputs[0], whole)


def _tile(inputs: Sequence[Any], attributes: Attributes) -> Array:
    times = _numbers(inputs, 1, {}, "")
    _small(prod(times) * inputs[0].size)
    return np.tile(inputs[0], times)


def _gather(inputs: Sequence[Any], attributes: Attributes) -> Array:
    array, index = inputs
    axis = attributes.get("axis", 0)
    _small(index.size * (array.size // max(array.shape[axis], 1)))
    found: Array = np.take(array, index.astype(np.int64, casting="same_kind"), axis)
    return found


def _concat(inputs: Sequence[Any], attributes: Attributes) -> Array:
    if len({array.dtype for array in inputs}) > 1:
        raise ValueError
    return np.concatenate(inputs, attributes["axis"])


def _slice(inputs: Sequence[Any], attributes: Attributes) -> Array:
    starts, ends = (_numbers(inputs, i, attributes, n) for i, n in ((1, "starts"), (2, "ends")))
    axes = _numbers(inputs, 3, attributes, "axes")
    axes = list(range(len(starts))) if axes is None else axes
    steps = _numbers(inputs, 4, {}, "") or [1] * len(starts)
    cuts = [slice(None)] * inputs[0].ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        cuts[axis] = slice(start, end, step)
    found: Array = inputs[0][tuple(cuts)]
    return found


def _split(inputs: Sequence[Any], attributes: Attributes) -> list[Array]:
    array, axis, count = inputs[0], attributes.get("axis", 0), attributes["outputs"]
    sizes = _numbers(inputs, 1, attributes, "split")
    length = array.shape[axis]
    sizes = [-(-length // count)] * (count - 1) if sizes is None else sizes[:-1]
    return np.split(array, np.cumsum(sizes), axis)


def _transpose(inputs: Sequence[Any], attributes: Attributes) -> Array:
    return np.transpose(inputs[0], attributes.get("perm"))


def _squeeze(inputs: Sequence[Any], attributes: Attributes) -> Array:
    axes = _numbers(inputs, 1, attributes, "axes")
    found: Array = np.squeeze(inputs[0], None if axes is None else tuple(axes))
    return found


def _unsqueeze(inputs: Sequence[Any], attributes: Attributes) -> Array:
    return np.expand_dims(inputs[0], tuple(_numbers(inputs, 1, attributes, "axes")))


def _reshape(inputs: Sequence[Any], attributes: Attributes) -> Array:
    """Reshape; exporters may write the sizes of their example in place of free ones."""
    array: Array = inputs[0]
    shape = _numbers(inputs, 1, attributes, "shape")
    copies = not attributes.get("allowzero", 0)
    shape = [array.shape[i] if n == 0 and copies else n for i, n in enumerate(shape)]
    free: dict[int, int] = attributes.get("free", {})
    others = [n for n in array.shape if n != 1]
    in_place = []
    for n in shape:
        size = others.pop(0) if n != 1 and others else n
        in_place.append(size if size in FREE and n > 0 else n)
    found: Array
    for sizes in (shape, [free.get(n, n) for n in shape]):
        with suppress(ValueError):
            found = np.reshape(array, sizes)
            return found
    found = np.reshape(array, in_place)
    return found


def _constant_of_shape(inputs: Sequence[Any], attributes: Attributes) -> Array:
    value = attributes.get("value", np.zeros(1, np.float32))
    return np.broadcast_to(value.reshape(()), tuple(_numbers(inputs, 0, {}, "")))


def _shape(inputs: Sequence[Any], attributes: Attributes) -> Array:
    sizes = inputs[0].shape[attributes.get("start", 0) : attributes.get("end", _RANK)]
    return np.array(sizes, np.int64)


def _size(inputs: Sequence[Any], attributes: Attributes) -> Array:
    return np.array(inputs[0].size, np.int64)


def _integers(function: Callable[..., Any]) -> Callable[[Sequence[Any], Attributes], Array]:
    """Return a function of a few integers, such as sizes; weights are not computed with."""

    def of(inputs: Sequence[Any], attributes: Attributes) -> Array:
        if any(a.dtype.kind not in "iub" or a.size > _SIZES for a in inputs):
            raise ValueError
        return np.asarray(function(*inputs))

    return of


MOVES: Final[dict[str, Callable[[Sequence[Any], Attributes], Array | list[Array]]]] = {
    "Cast": _first,
    "Concat": _concat,
    "Dropout": _first,
    "Expand": _expand,
    "Gather": _gather,
    "Identity": _first,
    "Reshape": _reshape,
    "Slice": _slice,
    "Split": _split,
    "Squeeze": _squeeze,
    "Tile": _tile,
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
"""Operators that rearrange their first input."""

SIZES: Final[dict[str, Callable[[Sequence[Any], Attributes], Array | list[Array]]]] = {
    "Add": _integers(np.add),
    "ConstantOfShape": _constant_of_shape,
    "Div": _integers(np.floor_divide),
    "Equal": _integers(np.equal),
    "Mul": _integers(np.multiply),
    "Shape": _shape,
    "Size": _size,
    "Sub": _integers(np.subtract),
    "Where": _integers(np.where),
}
"""Operators that make sizes, or arrays of a size."""
