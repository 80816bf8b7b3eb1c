"""ONNX's operators that index: Slice, Gather, Concat; and Shape and Mul, which compute sizes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry
from gru_core.files.onnx import repeat as onnx_repeat
from gru_core.files.onnx.axes import Atom, merged, size_of
from gru_core.files.onnx.values import (
    Attributes,
    Dims,
    Flow,
    Value,
    derived,
    numbers_at,
    sizes,
    within,
)

_END = 1 << 31
"""A Slice with this end or a larger one extends to the end of the axis."""


def cut(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Cut constants and sizes; of a flow, the last timestep."""
    value = inputs[0]
    starts = numbers_at(inputs, 1, attributes, "starts")
    ends = numbers_at(inputs, 2, attributes, "ends")
    if not isinstance(value, Entry | Flow | Dims) or starts is None or ends is None:
        return None
    default = list(range(len(starts)))
    axes = numbers_at(inputs, 3, attributes, "axes") if len(inputs) > 3 or attributes else default
    axes = default if axes is None and "starts" in attributes else axes
    steps = numbers_at(inputs, 4, attributes, "steps") if len(inputs) > 4 else [1] * len(starts)
    if axes is None or steps is None or not len(starts) == len(ends) == len(axes) == len(steps):
        return None
    if isinstance(value, Dims):
        taken = value.values[starts[0] : ends[0] : steps[0] or 1] if len(starts) == 1 else None
        return None if taken is None or value.scalar else Dims(taken)
    rank = len(value.shape) if isinstance(value, Entry) else len(value.axes)
    if not within(axes, rank) or 0 in steps:
        return None
    if isinstance(value, Flow):
        return _last_steps(value, starts, ends, axes, steps)
    cuts = [slice(None)] * rank
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        cuts[axis] = slice(start, end, step) if step > 0 else slice(0, 0)
    return derived(value, lambda array: array[tuple(cuts)])


def _last_steps(
    value: Flow, starts: list[int], ends: list[int], axes: list[int], steps: list[int]
) -> Value:
    """Return a flow cut to its last element along one axis, or not cut at all."""
    if len(starts) != 1 or steps != [1] or ends[0] < _END:
        return None
    if starts[0] == 0:
        return value
    axis = axes[0] % len(value.axes)
    if starts[0] != -1 or value.part != "states" or value.axes[axis] != value.time:
        return None
    return value.on((*value.axes[:axis], (Atom("last", 1),), *value.axes[axis + 1 :]))


def gather(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Look symbols up in a table, take one size, or the last timestep."""
    if len(inputs) != 2:
        return None
    data, index = inputs
    axis = attributes.get("axis", 0)
    if isinstance(data, Entry) and isinstance(index, Flow) and index.part == "input":
        if axis != 0 or len(data.shape) != 2 or index.maps:
            return None
        size = (Atom(f"{index.origin}:I", data.shape[1]),)
        return Flow(index.origin, "embedded", (*index.axes, size), table=data)
    place = sizes(index)
    if place is None or (numbers := place.numbers) is None:
        return None
    known = sizes(data)
    if known is not None:
        count = len(known.values)
        if axis not in (0, -1) or known.scalar or not within(numbers, count):
            return None
        return Dims(tuple(known.values[i] for i in numbers), place.scalar)
    if isinstance(data, Entry):
        return onnx_repeat.gather(data, index, axis)
    if not isinstance(data, Flow) or not place.scalar or not within([axis], len(data.axes)):
        return None
    taken = data.axes[axis]
    is_last = data.part == "states" and taken == data.time and numbers == [-1]
    is_only = size_of(taken) == 1 and numbers[0] in (0, -1)
    if not is_last and not is_only:
        return None
    place_of = axis % len(data.axes)
    return data.on(data.axes[:place_of] + data.axes[place_of + 1 :])


def concat(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Join constants, or sizes."""
    if all(isinstance(value, Dims) or sizes(value) is not None for value in inputs):
        parts = [sizes(value) for value in inputs]
        return Dims(tuple(dim for part in parts if part is not None for dim in part.values))
    entries = [value for value in inputs if isinstance(value, Entry)]
    axis = attributes.get("axis")
    if len(entries) != len(inputs) or axis is None:
        return None
    first = entries[0]
    rank = len(first.shape)
    if not within([axis], rank) or any(entry.dtype != first.dtype for entry in entries):
        return None
    rests = {_without(entry.shape, axis % rank) for entry in entries if len(entry.shape) == rank}
    if len(rests) != 1 or any(len(entry.shape) != rank for entry in entries):
        return None
    length = sum(entry.shape[axis] for entry in entries)
    whole = (*first.shape[: axis % rank], length, *first.shape[axis % rank + 1 :])

    def joined() -> NDArray[Any]:
        return np.concatenate([entry.fetch() for entry in entries], axis)

    return replace(first, shape=whole, fetch=joined)


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def shape(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Return the sizes of a value with known axes."""
    value = inputs[0]
    first, last = attributes.get("start", 0), attributes.get("end", _END)
    if isinstance(value, Flow):
        return Dims(value.axes[first:last])
    if isinstance(value, Entry):
        return Dims(value.shape[first:last])
    return None


def multiply(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Multiply two sizes."""
    pair = [sizes(value) for value in inputs]
    if len(pair) != 2 or any(part is None or len(part.values) != 1 for part in pair):
        return None
    known = [part for part in pair if part is not None]
    a, b = (part.values[0] for part in known)
    scalar = all(part.scalar for part in known)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return Dims((merged([a, b]),), scalar)
    numbers = [size_of(dim) if isinstance(dim, tuple) else dim for dim in (a, b)]
    if numbers[0] is None or numbers[1] is None:
        return None
    return Dims((numbers[0] * numbers[1],), scalar)
