"""The effect of ONNX's rearranging operators on values of which only the origin is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from gru_core.files.entries import Entry
from gru_core.files.onnx import index as onnx_index
from gru_core.files.onnx import repeat as onnx_repeat
from gru_core.files.onnx import shape as onnx_shape
from gru_core.files.onnx.values import (
    SIZES,
    Attributes,
    Dims,
    Fixed,
    Flow,
    Repeated,
    RunInput,
    Value,
    Zeros,
    sizes,
)

_AXES = ("Cast", "Dropout", "Identity", "Squeeze", "Transpose", "Unsqueeze")
"""Operators that treat an axis of size 1 as they would treat one that is repeated."""
_SIZED = ("Shape", "Mul")
"""Operators that compute sizes, of which the origin says nothing."""
_FLOATS = {1: "float32", 11: "float64"}


def apply(op: str, inputs: Sequence[Value], attributes: Attributes) -> Value:
    """Return the known facts about an operator's first output.

    Parameters
    ----------
    op : str
        ONNX's name of the operator.
    inputs : sequence of Value
    attributes : dict

    Notes
    -----
    Constants are computed; sizes and axes are followed. For anything else only the origin is kept:
    an input of the graph, a constant, or zeros.
    """
    if op not in OPERATORS or not inputs:
        return None
    if isinstance(inputs[0], Repeated):
        return _of_repeated(op, inputs[0], inputs, attributes)
    result = OPERATORS[op](inputs, attributes)
    return _kind(op, inputs) if result is None or _outgrows(result) else result


def _of_repeated(
    op: str, value: Repeated, inputs: Sequence[Value], attributes: Attributes
) -> Value:
    """Return what an operator makes of a repeated constant."""
    if op == "Slice":
        return onnx_repeat.cut(value, inputs, attributes)
    if op == "Gather" and len(inputs) == 2:
        return onnx_repeat.gather(value, inputs[1], attributes.get("axis", 0))
    if op not in _AXES:
        return None if op in _SIZED else Fixed()
    result = OPERATORS[op]([value.entry, *inputs[1:]], attributes)
    return Repeated(result) if isinstance(result, Entry) else Fixed()


def _outgrows(value: Value) -> bool:
    """Return whether there are too many sizes or axes: they may double at each node."""
    if not isinstance(value, Dims | Flow):
        return False
    parts = value.values if isinstance(value, Dims) else value.axes
    numbers = [part for part in parts if isinstance(part, int)]
    atoms = sum(len(part) for part in parts if not isinstance(part, int))
    return max(len(parts), atoms) > SIZES or any(abs(number) >= 1 << 63 for number in numbers)


def _kind(op: str, inputs: Sequence[Value]) -> Value:
    """Return the origin of the numbers, when nothing else is known."""
    if op in _SIZED:
        return None
    origins = {_origin(value) for value in (inputs if op == "Concat" else inputs[:1])}
    return origins.pop() if len(origins) == 1 else None


def _origin(value: Value) -> RunInput | Fixed | Zeros | None:
    if isinstance(value, Entry):
        return Fixed()
    if isinstance(value, Flow):
        return RunInput() if value.part == "input" and not value.maps else None
    if isinstance(value, Repeated):
        return Fixed()
    return None if isinstance(value, Dims) else value


def _identity(inputs: Sequence[Value], attributes: Attributes) -> Value:
    return inputs[0]


def _cast(inputs: Sequence[Value], attributes: Attributes) -> Value:
    value = inputs[0]
    if not isinstance(value, Entry):
        return value
    dtype = _FLOATS.get(attributes.get("to", 0))
    if dtype is None or value.dtype not in ("float16", "bfloat16", "float32", "float64"):
        return value if sizes(value) is not None else None
    return replace(value, dtype=dtype, fetch=lambda: value.read().astype(dtype))


def _constant_of_shape(inputs: Sequence[Value], attributes: Attributes) -> Value:
    value = attributes.get("value")
    if value is None:
        return Zeros()
    if not isinstance(value, Entry):
        return Fixed()
    return Fixed() if np.count_nonzero(value.fetch()) else Zeros()


def _expand(inputs: Sequence[Value], attributes: Attributes) -> Value:
    return None


OPERATORS: dict[str, Callable[[Sequence[Value], Attributes], Value]] = {
    "Cast": _cast,
    "Concat": onnx_index.concat,
    "ConstantOfShape": _constant_of_shape,
    "Dropout": _identity,
    "Expand": _expand,
    "Gather": onnx_index.gather,
    "Identity": _identity,
    "Mul": onnx_index.multiply,
    "Reshape": onnx_shape.reshape,
    "Shape": onnx_index.shape,
    "Slice": onnx_index.cut,
    "Squeeze": onnx_shape.squeeze,
    "Tile": _expand,
    "Transpose": onnx_shape.transpose,
    "Unsqueeze": onnx_shape.unsqueeze,
}
"""The supported operators, by ONNX's names."""
