"""ONNX's operators that change an array's shape: Transpose, Squeeze, Unsqueeze, Reshape."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from gru_core.files.entries import Entry
from gru_core.files.onnx.axes import Atom, reshaped, size_of
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


def transpose(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Follow a Transpose of constants and axes."""
    value = inputs[0]
    if not isinstance(value, Entry | Flow):
        return None
    rank = len(value.shape) if isinstance(value, Entry) else len(value.axes)
    order = attributes.get("perm", list(range(rank))[::-1])
    if sorted(order) != list(range(rank)):
        return None
    if isinstance(value, Entry):
        return derived(value, lambda array: array.transpose(order))
    return value.on(tuple(value.axes[axis] for axis in order))


def squeeze(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Follow a Squeeze: only axes known to be of size 1 are dropped."""
    value, axes = inputs[0], numbers_at(inputs, 1, attributes, "axes")
    if isinstance(value, Dims) and not value.scalar and len(value.values) == 1:
        return Dims(value.values, scalar=True)
    if isinstance(value, Entry):
        shape = value.shape
        if axes is None or not within(axes, len(shape)) or any(shape[a] != 1 for a in axes):
            return None
        dropped = {axis % len(shape) for axis in axes}
        return derived(value, lambda array: np.squeeze(array, tuple(dropped)))
    if not isinstance(value, Flow) or axes is None or not within(axes, len(value.axes)):
        return None
    dropped = {axis % len(value.axes) for axis in axes}
    if any(size_of(value.axes[axis]) != 1 for axis in dropped):
        return None
    return value.on(tuple(axis for i, axis in enumerate(value.axes) if i not in dropped))


def unsqueeze(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Follow an Unsqueeze."""
    value, axes = inputs[0], numbers_at(inputs, 1, attributes, "axes")
    if isinstance(value, Dims) and value.scalar:
        return Dims(value.values)
    if axes is None or not isinstance(value, Entry | Flow):
        return None
    rank = len(axes) + (len(value.shape) if isinstance(value, Entry) else len(value.axes))
    if not within(axes, rank) or len({axis % rank for axis in axes}) != len(axes) or rank > 8:
        return None
    if isinstance(value, Entry):
        return derived(value, lambda array: np.expand_dims(array, tuple(axes)))
    grown = list(value.axes)
    for axis in sorted(axis % rank for axis in axes):
        grown.insert(axis, (Atom("added", 1),))
    return value.on(tuple(grown))


def reshape(inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Follow a Reshape that keeps axes whole and in order."""
    value = inputs[0]
    target = sizes(inputs[1]) if len(inputs) > 1 else None
    if target is None:
        return None
    if isinstance(value, Dims):
        return Dims(value.values, scalar=not target.values)
    if isinstance(value, Flow):
        axes = reshaped(value.axes, target.values, bool(attributes.get("allowzero", 0)))
        return None if axes is None else value.on(axes)
    shape = target.numbers
    if not isinstance(value, Entry) or shape is None:
        return None
    if any(size < -1 for size in shape) or shape.count(-1) > 1 or 0 in shape:
        return None
    known = prod(size for size in shape if size > 0)
    count = prod(value.shape)
    if count % known or (-1 not in shape and count != known):
        return None
    full = tuple(count // known if size == -1 else size for size in shape)
    return replace(value, shape=full, fetch=lambda: value.fetch().reshape(full))
