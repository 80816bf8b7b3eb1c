"""Constants that an ONNX graph repeats along axes of size 1, such as a start state over a batch.

How often is unknown where the batch is, so that the constant itself is kept: of an axis of size 1,
any number of repetitions reads the same. Repetitions along a longer axis are not followed.
"""

from collections.abc import Sequence

import numpy as np

from gru_core.files.entries import Entry
from gru_core.files.onnx.values import (
    Attributes,
    Fixed,
    Repeated,
    Value,
    derived,
    numbers_at,
    sizes,
    within,
)

_RANK = 3
"""That of an initial state, assumed where the shape is computed in a way not followed here."""


def repeated(op: str, value: Entry | Repeated, shape: Value) -> Repeated | Fixed:
    """Return a constant after an Expand or a Tile.

    Parameters
    ----------
    op : {"Expand", "Tile"}
    value : Entry or Repeated
    shape : Value
        The operator's second input.

    Examples
    --------
    >>> h0 = Entry("a.onnx", "h0", "float32", (2, 1, 9), lambda: np.ones((2, 1, 9)))
    >>> repeated("Expand", h0, None).entry.shape
    (2, 1, 9)
    >>> repeated("Tile", h0, None)
    Fixed()
    """
    entry = value.entry if isinstance(value, Repeated) else value
    dims = sizes(shape)
    if op == "Expand":
        rank = _RANK if dims is None else len(dims.values)
        return Repeated(_deeper(entry, rank))
    if dims is None:
        return Fixed()
    deeper = _deeper(entry, len(dims.values))
    pairs = zip(deeper.shape, dims.values, strict=False)
    is_whole = len(deeper.shape) == len(dims.values) and all(s == 1 or t == 1 for s, t in pairs)
    return Repeated(deeper) if is_whole else Fixed()


def _deeper(entry: Entry, rank: int) -> Entry:
    """Return a constant with axes of size 1 before its own."""
    missing = max(rank - len(entry.shape), 0)
    return derived(entry, lambda array: array[(np.newaxis,) * missing]) if missing else entry


def cut(value: Repeated, inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Cut a repeated constant: along an axis of size 1 it stays the same.

    Examples
    --------
    >>> h0 = Entry("a.onnx", "h0", "float32", (2, 1, 9), lambda: np.ones((2, 1, 9)))
    >>> cut(Repeated(h0), [None], {"starts": [1], "ends": [2], "axes": [0]}).entry.shape
    (1, 1, 9)
    """
    numbers = [numbers_at(inputs, i, attributes, n) for i, n in ((1, "starts"), (2, "ends"))]
    starts, ends = numbers
    if starts is None or ends is None or len(starts) != len(ends):
        return Fixed()
    axes = numbers_at(inputs, 3, attributes, "axes")
    if axes is None:
        if "axes" in attributes or (len(inputs) > 3 and inputs[3] is not None):
            return Fixed()
        axes = list(range(len(starts)))
    steps = numbers_at(inputs, 4, attributes, "steps")
    rank = len(value.entry.shape)
    if (len(inputs) > 4 and steps != [1] * len(starts)) or len(axes) != len(starts):
        return Fixed()
    if not within(axes, rank):
        return Fixed()
    cuts = [slice(None)] * rank
    for start, end, axis in zip(starts, ends, axes, strict=True):
        if value.entry.shape[axis] != 1:
            cuts[axis] = slice(start, end)
    return Repeated(derived(value.entry, lambda array: array[tuple(cuts)]))


def gather(value: Entry | Repeated, index: Value, axis: int) -> Value:
    """Take one part of a constant along an axis, repeated or not.

    Examples
    --------
    >>> h0 = Entry("a.onnx", "h0", "float32", (2, 1, 9), lambda: np.ones((2, 1, 9)))
    >>> one = Entry("a.onnx", "one", "int64", (), lambda: np.array(1))
    >>> gather(h0, one, 0).shape
    (1, 9)
    """
    entry = value.entry if isinstance(value, Repeated) else value
    place = sizes(index)
    numbers = None if place is None else place.numbers
    if (
        numbers is None
        or place is None
        or len(numbers) != 1
        or not within([axis], len(entry.shape))
    ):
        return Fixed()
    (number,) = numbers
    if entry.shape[axis] == 1 and isinstance(value, Repeated):
        number = 0
    if not within([number], entry.shape[axis]):
        return Fixed()
    at = axis % len(entry.shape)
    number %= entry.shape[axis]
    taken = number if place.scalar else slice(number, number + 1)
    found = derived(entry, lambda array: array[(slice(None),) * at + (taken,)])
    return Repeated(found) if isinstance(value, Repeated) else found
