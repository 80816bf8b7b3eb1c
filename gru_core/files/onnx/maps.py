"""Fixed maps in an ONNX graph: products, biases, normalizations, activations, a softmax.

Each is recorded in the `Flow` that it changes. Before a recurrent node they are those of a
`Between`; after the last one they are a readout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entry
from gru_core.files.onnx.glue import MOST
from gru_core.files.onnx.values import Flow, Map, Value, derived, in_order, spread
from gru_core.network.between import Between
from gru_core.network.readout import Head, Readout
from gru_core.parameters.activations import LINEAR, SIGMOID, Activation

ACTIVATIONS = (
    "Elu", "HardSigmoid", "LeakyRelu", "Relu", "Sigmoid", "Softplus", "Softsign", "Tanh",
    "ThresholdedRelu",
)  # fmt: skip
OPERATORS = (*ACTIVATIONS, "Add", "BatchNormalization", "Gemm", "MatMul", "Mul", "Softmax", "Sub")
_EPSILON = 1e-5
_MOST = 64
"""The most maps in a row that are followed."""
_SOFTMAX_BY_AXIS = 13
"""The opset from which Softmax is along one axis; before, it joined that axis and those after."""


def mapped(
    op: str, label: str, inputs: Sequence[Value], attributes: Mapping[str, Any], opset: int
) -> Flow | None:
    """Return numbers after a map, or None if this is not one.

    Parameters
    ----------
    op, label : str
        The node's operator and label.
    inputs : sequence of Value
    attributes : mapping
    opset : int
    """
    flow, rest = [*inputs, None][0], [*inputs[1:]]
    if op in ("Add", "Mul") and isinstance(flow, Entry):
        flow, rest = inputs[-1], [flow]
    if not isinstance(flow, Flow) or flow.ids.ndim == 0 or len(flow.maps) >= _MOST:
        return None
    if op in ACTIVATIONS:
        found = Activation.of(op, attributes.get("alpha"), attributes.get("beta"))
        return _after(flow, Map(label, activation=found))
    if op == "Softmax":
        return _softmax(flow, label, attributes, opset)
    constants = [value for value in rest if isinstance(value, Entry)]
    if not constants or any(value is not None for value in rest[len(constants) :]):
        return None
    if op == "BatchNormalization":
        return _normalized(flow, label, constants, attributes)
    if op in ("Gemm", "MatMul"):
        return _product(op, flow, label, constants, attributes)
    vector = _vector(flow, constants[0])
    if vector is None:
        return None
    if op == "Sub":
        negative = derived(np.negative, vector, shape=vector.shape)
        return _after(flow, Map(label, bias=negative))
    return _after(flow, Map(label, bias=vector) if op == "Add" else Map(label, vector))


def _after(flow: Flow, one: Map) -> Flow:
    return replace(flow, maps=(*flow.maps, one))


def _vector(flow: Flow, entry: Entry, shape: tuple[int, ...] | None = None) -> Entry | None:
    """Return a constant as one number for each feature, or None if it is another array."""
    count = prod(entry.shape)
    try:
        places = np.arange(count, dtype=np.int32).reshape(entry.shape if shape is None else shape)
        wanted = np.broadcast_to(places, flow.ids.shape)
    except ValueError:
        return None
    features = flow.ids % flow.width
    each = np.zeros(flow.width, np.int64)
    each[features] = wanted
    if (each[features] != wanted).any():
        return None
    width = str(entry.width)
    return derived(
        lambda array: array.reshape(-1)[each],
        replace(entry, dtype=width, fetch=entry.read),
        shape=(flow.width,),
    )


def _normalized(
    flow: Flow, label: str, constants: list[Entry], attributes: Mapping[str, Any]
) -> Flow | None:
    """Return numbers after a BatchNormalization along axis 1, as after training."""
    shape = (-1, *[1] * (flow.ids.ndim - 2))
    arrays = [_vector(flow, entry, shape) for entry in constants]
    given = [array for array in arrays if array is not None]
    if len(given) != 4 or flow.ids.ndim < 2 or attributes.get("training_mode", 0):
        return None
    epsilon = attributes.get("epsilon", _EPSILON)

    def factor(gamma: FloatArray, variance: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):  # reading refuses what is not finite
            found: FloatArray = gamma / np.sqrt(variance.astype(float) + epsilon)
        return found

    def shift(beta: FloatArray, gamma: FloatArray, mean: FloatArray, v: FloatArray) -> FloatArray:
        found: FloatArray = beta - mean * factor(gamma, v)
        return found

    gamma, beta, mean, variance = given
    dtype = np.result_type(*(entry.width for entry in given))
    known = {"shape": gamma.shape, "dtype": str(dtype)}
    weight = derived(lambda *a: factor(*a).astype(dtype), gamma, variance, **known)
    bias = derived(lambda *a: shift(*a).astype(dtype), beta, gamma, mean, variance, **known)
    return _after(flow, Map(label, weight, bias))


def _product(
    op: str, flow: Flow, label: str, constants: list[Entry], attributes: Mapping[str, Any]
) -> Flow | None:
    """Return numbers after a MatMul or Gemm along their last axis."""
    weight, bias = [*constants, None][:2]
    assert weight is not None
    if any(attributes.get(name, 1) != 1 for name in ("alpha", "beta")):
        return None
    if len(weight.shape) != 2 or attributes.get("transA", 0) or not flow.in_order:
        return None
    weight = weight if attributes.get("transB", 0) else derived(np.transpose, weight)
    size, width = weight.shape
    rows = flow.ids[..., 0] // flow.width
    if width != flow.width or rows.size * size > MOST:
        return None
    after = replace(flow, ids=spread(rows, size), width=size)
    vector = None if bias is None else _vector(after, bias)
    if bias is not None and vector is None:
        return None
    return _after(after, Map(label, weight, vector))


def _softmax(flow: Flow, label: str, attributes: Mapping[str, Any], opset: int) -> Flow | None:
    """Return numbers after a softmax of the features of each row."""
    rank, by_axis = flow.ids.ndim, opset >= _SOFTMAX_BY_AXIS
    axis = attributes.get("axis", -1 if by_axis else 1)
    if not -rank <= axis < rank or (not by_axis and axis % rank != rank - 1):
        return None
    if not in_order(np.moveaxis(flow.ids, axis, -1), flow.width):
        return None
    return _after(flow, Map(label, activation="softmax"))


def betweens(maps: Sequence[Map]) -> list[Between]:
    """Return maps without a softmax, with their numbers.

    A bias joins the product before it, and an activation both.
    """
    found: list[Between] = []
    for one in maps:
        assert isinstance(one.activation, Activation)
        if one.is_empty:
            continue
        W, b = (None if entry is None else entry.read() for entry in (one.weight, one.bias))
        last = found[-1] if found else None
        is_open = last is not None and last.activation == LINEAR
        if last is not None and is_open and one.activation != LINEAR:
            found[-1] = replace(last, activation=one.activation)
        elif last is not None and is_open and W is None and b is not None and last.b is None:
            dtype = b.dtype if last.W is None else np.result_type(last.W, b)
            found[-1] = replace(last.astype(dtype), b=b.astype(dtype))
        else:
            kind = np.result_type(*(a for a in (W, b) if a is not None), np.float32)
            W, b = (None if a is None else a.astype(kind) for a in (W, b))
            found.append(Between(W, b, one.activation))
    return found


def head(maps: Sequence[Map]) -> Head | None:
    """Return the function that ends these maps if they are a readout, else None.

    Examples
    --------
    >>> head([]) is None
    True
    """
    last = maps[-1].activation if maps else LINEAR
    names: dict[object, Head] = {"softmax": "softmax", SIGMOID: "sigmoid", LINEAR: "identity"}
    linear = all(one.activation == LINEAR for one in maps[:-1])
    products = any(one.weight is not None and len(one.weight.shape) == 2 for one in maps)
    return names.get(last) if linear and products else None


def readout(maps: Sequence[Map], dtype: np.dtype[Any]) -> Readout:
    """Return maps of which `head` is known as one readout, at least as wide as a dtype."""
    found = head(maps)
    first, *more = betweens([one for one in maps if one.activation == LINEAR])
    W, b = first.W, first.b
    for one in more:
        assert W is not None or b is not None
        W, b = _joined(W, b, one)
    assert W is not None and found is not None
    dtype = np.result_type(W, dtype, *([] if b is None else [b]))
    return Readout(W.astype(dtype), None if b is None else b.astype(dtype), found)


def _joined(
    W: FloatArray | None, b: FloatArray | None, one: Between
) -> tuple[FloatArray | None, FloatArray | None]:
    """Return the map that applies W and b, then another without an activation."""
    if one.W is not None:
        by = one.W
        b = None if b is None else by @ b if by.ndim == 2 else by * b
        if W is None:
            W = by
        elif by.ndim == 2:
            W = by @ W if W.ndim == 2 else by * W
        else:
            W = (W.T * by).T
    if one.b is not None:
        b = one.b if b is None else b + one.b
    return W, b
