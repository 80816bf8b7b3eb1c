"""ONNX models made by hand, sound ones and others."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

T, B, I, H = 5, 2, 3, 4
GATES = {"GRU": 3, "LSTM": 4, "RNN": 1}


def weights(
    op: str = "GRU", I: int = I, H: int = H, D: int = 1, name: str = "", bias: bool = True
) -> dict[str, NDArray[np.float32]]:
    """Return W, R and B of a node, the same every time."""
    rng = np.random.RandomState(sum(map(ord, op + name)) + I + H + D)
    rows = GATES[op] * H
    shapes: dict[str, tuple[int, ...]] = {f"{name}W": (D, rows, I), f"{name}R": (D, rows, H)}
    if bias:
        shapes[f"{name}B"] = (D, 2 * rows)
    return {key: rng.uniform(-0.8, 0.8, shape).astype("f4") for key, shape in shapes.items()}


def tensor(name: str, array: Any) -> TensorProto:
    return numpy_helper.from_array(np.asarray(array), name)


def model(
    nodes: list[onnx.NodeProto],
    tensors: dict[str, Any],
    *,
    inputs: dict[str, Any] | None = None,
    outputs: tuple[str, ...] = ("Y",),
    opset: int = 22,
) -> onnx.ModelProto:
    """Return a model; inputs by name with their shapes, integer ones marked by a leading "i_"."""
    given = {"X": (T, B, I)} if inputs is None else inputs
    values = [
        helper.make_tensor_value_info(
            name, TensorProto.INT64 if name.startswith("i_") else TensorProto.FLOAT, shape
        )
        for name, shape in given.items()
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    made = [
        value if isinstance(value, TensorProto) else tensor(name, value)
        for name, value in tensors.items()
    ]
    graph = helper.make_graph(nodes, "graph", values, ends, made)
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", opset)])


def single(op: str = "GRU", **attributes: Any) -> onnx.ModelProto:
    """Return a model of one node."""
    node = helper.make_node(
        op, ["X", "W", "R", "B"], ["Y", "Y_h"], name="rnn", hidden_size=H, **attributes
    )
    D = 1 + (attributes.get("direction") == "bidirectional")
    return model([node], weights(op, D=D))
