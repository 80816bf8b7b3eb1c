"""Fixed maps in an ONNX graph, before a recurrent node: products, biases, activations.

Each is recorded in the `Flow` that it changes. They are those of a `Between` if the numbers go
through all of them along the axis of the features.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entry
from gru_core.files.onnx.axes import Atom, Axis, size_of
from gru_core.files.onnx.values import Flow, Map, Value
from gru_core.network.between import Between
from gru_core.parameters.activations import Activation

ACTIVATIONS = (
    "Elu", "HardSigmoid", "LeakyRelu", "Relu", "Sigmoid", "Softplus", "Softsign", "Tanh",
    "ThresholdedRelu",
)  # fmt: skip
OPERATORS = (*ACTIVATIONS, "Add", "BatchNormalization", "Gemm", "MatMul", "Mul")
_EPSILON = 1e-5
_MOST = 64
"""The most maps in a row that are followed."""


def mapped(
    op: str, label: str, inputs: Sequence[Value], attributes: Mapping[str, Any]
) -> Flow | None:
    """Return numbers after a map, or None if this is not one.

    Parameters
    ----------
    op, label : str
        The node's operator and label.
    inputs : sequence of Value
    attributes : dict
    """
    flow, *rest = [*inputs, None]
    if op in ("Add", "Mul") and isinstance(flow, Entry):
        flow, rest = rest[0], [flow]
    if not isinstance(flow, Flow) or not flow.axes or len(flow.maps) >= _MOST:
        return None
    if op in ACTIVATIONS:
        found = Map(label, activation=_activation(op, attributes))
        return _after(flow, found, flow.axes)
    if op == "BatchNormalization":
        return _normalized(flow, label, rest, attributes)
    constant = rest[0]
    if not isinstance(constant, Entry):
        return None
    axis = flow.axes[-1]
    if op in ("Add", "Mul"):
        vector = _vector(constant, size_of(axis), len(flow.axes))
        if vector is None:
            return None
        made = {"bias": vector} if op == "Add" else {"weight": vector}
        return _after(flow, Map(label, axis, axis, **made), flow.axes)
    return _product(op, flow, label, constant, rest[1], attributes)


def before(x: Value, axis: Axis | None) -> tuple[Map, ...] | None:
    """Return the maps that numbers went through along their features, None if not all did.

    Parameters
    ----------
    x : Value
        A recurrent node's input.
    axis : Axis or None
        The features where the numbers come from, None for any axis.
    """
    if not isinstance(x, Flow) or not x.axes or x.head == "softmax":
        return None
    last = x.axes[-1]
    for one in reversed(x.maps):
        if one.before is None:
            continue
        if one.after != last:
            return None
        last = one.before
    return x.maps if axis is None or last == axis else None


def betweens(maps: Sequence[Map]) -> tuple[Between, ...]:
    """Return the maps with their numbers: an activation joins the product or the bias before it."""
    found: list[Between] = []
    for one in maps:
        W, b = _read(one.weight), _read(one.bias)
        W = W if W is None or W.ndim == 1 or one.turned else W.T
        last = found[-1] if found else None
        is_open = last is not None and last.activation == Between().activation
        if last is not None and is_open and one.before is None:
            found[-1] = replace(last, activation=one.activation)
        elif last is not None and is_open and W is None and b is not None and last.b is None:
            dtype = b.dtype if last.W is None else np.result_type(last.W, b)
            found[-1] = replace(last.astype(dtype), b=b.astype(dtype))
        else:
            kind = np.result_type(*(a for a in (W, b) if a is not None), np.float32)
            W, b = (None if a is None else a.astype(kind) for a in (W, b))
            found.append(Between(W, b, one.activation))
    return tuple(found)


def _read(entry: Entry | None) -> FloatArray | None:
    return None if entry is None else entry.read()


def _after(flow: Flow, one: Map, axes: tuple[Axis, ...]) -> Flow:
    """Return numbers after one more map; they are no longer those of a readout."""
    part = "states" if flow.part == "readout" else flow.part
    return Flow(flow.origin, part, axes, flow.time, flow.table, maps=(*flow.maps, one))


def _activation(op: str, attributes: Mapping[str, Any]) -> Activation:
    return Activation.of(op, attributes.get("alpha"), attributes.get("beta"))


def _vector(entry: Entry, size: int | None, rank: int) -> Entry | None:
    """Return a constant as one number for each feature, or None if it is another array."""
    if size is None or len(entry.shape) > rank or prod(entry.shape) not in (1, size):
        return None
    if prod(entry.shape) != 1 and entry.shape[-1] != size:
        return None
    full = np.broadcast_to
    return replace(
        entry,
        shape=(size,),
        fetch=lambda: full(entry.read().reshape(-1), (size,)),
        dtype=_dtype(entry),
    )


def _dtype(entry: Entry) -> str:
    """Return the name of the dtype in which an entry is read."""
    return str(entry.width)


def _normalized(
    flow: Flow, label: str, rest: Sequence[Value], attributes: Mapping[str, Any]
) -> Flow | None:
    """Return numbers after a BatchNormalization along axis 1, as after training."""
    arrays = [value for value in rest[:4] if isinstance(value, Entry)]
    if len(arrays) < 4 or len(flow.axes) < 2 or attributes.get("training_mode", 0):
        return None
    axis = flow.axes[1]
    if any(entry.shape != (size_of(axis),) for entry in arrays):
        return None
    epsilon = attributes.get("epsilon", _EPSILON)

    def factor() -> FloatArray:
        found: FloatArray = arrays[0].read() / np.sqrt(arrays[3].read().astype(float) + epsilon)
        return found

    def shift() -> FloatArray:
        found: FloatArray = arrays[1].read() - arrays[2].read() * factor()
        return found

    dtype = np.result_type(*(entry.width for entry in arrays))
    weight = replace(arrays[0], dtype=str(dtype), fetch=lambda: factor().astype(dtype))
    bias = replace(arrays[1], dtype=str(dtype), fetch=lambda: shift().astype(dtype))
    return _after(flow, Map(label, axis, axis, weight, bias=bias), flow.axes)


def _product(
    op: str,
    flow: Flow,
    label: str,
    weight: Entry,
    bias: Value,
    attributes: Mapping[str, Any],
) -> Flow | None:
    """Return numbers after a MatMul or Gemm along their last axis."""
    turned = op == "Gemm" and bool(attributes.get("transB", 0))
    axis = flow.axes[-1]
    if len(weight.shape) != 2 or weight.shape[1 if turned else 0] != size_of(axis):
        return None
    if op == "Gemm" and any(attributes.get(n, 1) != 1 for n in ("alpha", "beta")):
        return None
    if attributes.get("transA", 0):
        return None
    size = weight.shape[0 if turned else 1]
    added = None if bias is None else bias
    if added is not None:
        added = _vector(added, size, 2) if isinstance(added, Entry) else None
        if added is None:
            return None
    out: Axis = (Atom(f"{label}:O", size),)
    one = Map(label, axis, out, weight, turned, added)
    return _after(flow, one, (*flow.axes[:-1], out))
