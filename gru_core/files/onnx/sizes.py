"""Integer arrays in an ONNX graph: axes, shapes and indices, wherever an opset stores them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry
from gru_core.files.onnx.tensors import integers
from gru_core.files.onnx.values import Dims, Value

Attributes = dict[str, Any]
SIZES: Final = 64
"""The longest integer array that is examined."""


def sizes(value: Value) -> Dims | None:
    """Return an integer array as sizes, if it is short and its numbers are known.

    Examples
    --------
    >>> sizes(Entry("a.onnx", "axes", "int64", (2,), lambda: np.array([0, -1]))).numbers
    [0, -1]
    """
    if isinstance(value, Dims):
        return value
    if not isinstance(value, Entry) or len(value.shape) > 1 or prod(value.shape) > SIZES:
        return None
    numbers = integers(value)
    return None if numbers is None else Dims(tuple(numbers.ravel().tolist()), not value.shape)


def numbers_at(
    inputs: Sequence[Value], place: int, attributes: Attributes, name: str
) -> list[int] | None:
    """Return integers from an attribute (old opsets) or an input (newer ones).

    Examples
    --------
    >>> numbers_at([], 1, {"axes": [0]}, "axes")
    [0]
    """
    if name in attributes:
        return list(attributes[name])
    found = sizes(inputs[place]) if len(inputs) > place else None
    return None if found is None else found.numbers


def derived(value: Entry, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Entry:
    """Return a constant that is a view of another, without reading it.

    Examples
    --------
    >>> W = Entry("a.onnx", "W", "float32", (3, 2), lambda: np.zeros((3, 2)))
    >>> derived(W, np.transpose).shape
    (2, 3)
    """
    shape = change(np.broadcast_to(np.uint8(0), value.shape)).shape
    return replace(value, shape=shape, fetch=lambda: change(value.fetch()))


def within(axes: Sequence[int], rank: int) -> bool:
    """Return whether these are valid indices for this length, negative ones counted from the end.

    Examples
    --------
    >>> within([0, -3], 3), within([3], 3)
    (True, False)
    """
    return all(-rank <= axis < rank for axis in axes)
