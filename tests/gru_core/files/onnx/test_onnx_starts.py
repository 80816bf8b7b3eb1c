"""Constant initial states, repeated and cut as exporters do it, and functions of the readout."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from gru_core.network.network import Network
from tests.gru_core.files.onnx.onnx_models import B, H, model, weights
from tests.gru_core.files.onnx.reading import computed, loaded, node, refusal, x

CLOSE = {"rtol": 0, "atol": 2e-6}
ONE = np.random.RandomState(1).normal(size=(1, 1, H)).astype("f4")
TWO = np.random.RandomState(2).normal(size=(2, 1, H)).astype("f4")
EACH = np.random.RandomState(3).normal(size=(1, B, H)).astype("f4")
CONSTANTS: dict[str, Any] = {
    "one": ONE,
    "same": np.repeat(ONE, B, 1),
    "each": EACH,
    "two": TWO,
    "flat": ONE[0, 0],
    "turned": ONE.transpose(2, 0, 1),
    "wide": np.ones((1, 1, H + 1), "f4"),
    "deep": np.ones((1, 1, 1, 1), "f4"),
    "none": np.ones((1, 0, H), "f4"),
    "bad": np.full((1, B, H), np.nan, "f4"),
    "size": np.array([1, B, H]),
    "size_2": np.array([2, B, H]),
    "times": np.array([1, B, 1]),
    "along": np.array([1, B, 2]),
    "n0": np.array([0]),
    "n1": np.array([1]),
    "n2": np.array([2]),
    "n4": np.array([H]),
    "halves": np.array([1, 1]),
    "i0": np.array(0),
    "i1": np.array(1),
    "i_1": np.array(-1),
}
STARTS: dict[str, list[onnx.NodeProto]] = {
    "of the batch": [node("Identity", "same", "h")],
    "expanded": [node("Expand", "one size", "h")],
    "expanded from a vector": [node("Expand", "flat size", "h")],
    "tiled": [node("Tile", "one times", "h")],
    "expanded twice": [node("Expand", "flat size", "a"), node("Expand", "a size", "h")],
    "expanded, then cut": [node("Expand", "two size_2", "a"), node("Slice", "a n1 n2 n0", "h")],
    "tiled, then cut": [node("Tile", "two times", "a"), node("Slice", "a n1 n2 n0 n1", "h")],
    "cut, then expanded": [node("Slice", "two n0 n1 n0", "a"), node("Expand", "a size", "h")],
    "one taken": [
        node("Expand", "two size_2", "a"),
        node("Gather", "a i_1", "b"),
        node("Unsqueeze", "b n0", "h"),
    ],
    "one taken of a constant": [
        node("Gather", "two i1", "a"),
        node("Unsqueeze", "a n0", "b"),
        node("Expand", "b size", "h"),
    ],
    "expanded, then reshaped": [node("Expand", "flat size", "a"), node("Reshape", "a size", "h")],
    "expanded to the batch of the input": [
        node("Shape", "X", "sizes"),
        node("Slice", "sizes n1 n2", "batch"),
        node("Concat", "n1 batch n4", "shape", axis=0),
        node("Expand", "flat shape", "h"),
    ],
    "split": [node("Split", "two halves", "a b", axis=0), node("Expand", "b size", "h")],
    "expanded to a size that is not followed": [
        node("Abs", "size", "a"),
        node("Expand", "flat a", "h"),
    ],
    "turned": [
        node("Expand", "turned turned_size", "a"),
        node("Transpose", "a", "h", perm=[1, 2, 0]),
    ],
}
CONSTANTS["turned_size"] = np.array([H, 1, B])


def started(nodes: list[onnx.NodeProto], start: str = "h", **attributes: Any) -> onnx.ModelProto:
    """Return a GRU that starts from a value of the graph; without it, of the same T and B."""
    last = helper.make_node(
        "GRU", ["X", "W", "R", "B", "", start], ["Y"], hidden_size=H, **attributes
    )
    used = {name for one in [*nodes, last] for name in one.input}
    tensors = {n: array for n, array in (CONSTANTS | weights()).items() if n in used}
    return model([*nodes, last], tensors)


@pytest.mark.parametrize("name", STARTS)
def test_a_constant_start_is_that_of_the_layer(name: str, tmp_path: Path) -> None:
    proto = started(STARTS[name])
    network = loaded(proto, tmp_path)
    assert network.layers[0].h0 is not None and network.guessed == ()
    (Y,) = computed(proto, X=x())
    np.testing.assert_allclose(network.run(x()).states, Y[:, 0], **CLOSE)


@pytest.mark.parametrize(
    ("nodes", "start", "message"),
    [
        ([], "each", "initial_h differs within the batch of 2; give h0 to run instead"),
        ([], "wide", "initial_h (D, B, H) must have D, H = (1, 4), tensor 'wide' has (1, 1, 5)"),
        ([], "two", "initial_h (D, B, H) must have D, H = (1, 4), tensor 'two' has (2, 1, 4)"),
        ([], "bad", "tensor 'bad': holds nan at (0, 0, 0)"),
        ([], "deep", "initial_h (D, B, H) must have D, H = (1, 4), tensor 'deep' has (1, 1, 1, 1)"),
        ([], "none", "initial_h (D, B, H) must have D, H = (1, 4), tensor 'none' has (1, 0, 4)"),
        ([node("Expand", "wide size", "h")], "h", "in a way not followed here"),
        (
            [node("Abs", "size", "a"), node("Expand", "wide a", "h")],
            "h",
            "initial_h (D, B, H) must have D, H = (1, 4), tensor 'wide' has (1, 1, 5)",
        ),
        ([node("Tile", "one along", "h")], "h", "tensor 'one' has (1, 2, 8)"),
        ([node("Tile", "one X", "h")], "h", "in a way not followed here"),
        ([node("Expand", "two size_2", "a"), node("Slice", "a X n2", "h")], "h", "not followed"),
        ([node("Expand", "two size_2", "a"), node("Gather", "a n2", "h")], "h", "not followed"),
    ],
)
def test_another_start_is_refused(
    nodes: list[onnx.NodeProto], start: str, message: str, tmp_path: Path
) -> None:
    found = refusal(started(nodes, start), tmp_path)
    assert message in found


def test_an_lstm_may_store_either_state(tmp_path: Path) -> None:
    for states in (["", "same"], ["same", ""], ["same", "one_more"]):
        last = helper.make_node("LSTM", ["X", "W", "R", "B", "", *states], ["Y"], hidden_size=H)
        more = {"same": CONSTANTS["same"], "one_more": -CONSTANTS["same"]}
        proto = model([last], {n: a for n, a in more.items() if n in states} | weights("LSTM"))
        network = loaded(proto, tmp_path)
        assert [network.layers[0].h0 is None, network.layers[0].c0 is None] == [
            not s for s in states
        ]
        (Y,) = computed(proto, X=x())
        np.testing.assert_allclose(network.run(x()).states, Y[:, 0], **CLOSE)


def test_a_start_before_the_batch_axis_is_read(tmp_path: Path) -> None:
    proto = started([node("Transpose", "two", "a", perm=[1, 0, 2]), node("Expand", "a both", "h")])
    proto.graph.initializer.append(onnx.numpy_helper.from_array(np.array([B, 2, H]), "both"))
    last = proto.graph.node[-1]
    last.attribute.append(helper.make_attribute("layout", 1))
    last.attribute.append(helper.make_attribute("direction", "bidirectional"))
    del proto.graph.initializer[:]
    tensors = weights(D=2) | {"two": TWO, "both": np.array([B, 2, H])}
    proto.graph.initializer.extend(onnx.numpy_helper.from_array(a, n) for n, a in tensors.items())
    found = loaded(proto, tmp_path).layers[0].h0
    assert found is not None
    np.testing.assert_array_equal(found, TWO[:, 0])


@pytest.mark.parametrize(
    ("end", "opset", "head"),
    [
        ({"op": "Softmax"}, 13, "softmax"),
        ({"op": "Softmax", "axis": 2}, 13, "softmax"),
        ({"op": "Softmax", "axis": 2}, 12, "softmax"),
        ({"op": "Softmax"}, 12, None),
        ({"op": "Softmax", "axis": 1}, 13, None),
        ({"op": "Softmax", "axis": 7}, 13, None),
        ({"op": "Sigmoid"}, 12, "sigmoid"),
        ({"op": "LogSoftmax"}, 13, None),
    ],
)
def test_a_function_of_the_readout_is_its_head(
    end: dict[str, Any], opset: int, head: str | None, tmp_path: Path
) -> None:
    attributes = {name: value for name, value in end.items() if name != "op"}
    squeeze = node("Squeeze", "Y axis", "flat")
    if opset < 13:
        squeeze = node("Squeeze", "Y", "flat", axes=[1])
    nodes = [
        helper.make_node("GRU", ["X", "W", "R", "B"], ["Y"], hidden_size=H),
        squeeze,
        node("MatMul", "flat V", "product"),
        node(end["op"], "product", "out", **attributes),
    ]
    V = np.random.RandomState(0).normal(size=(H, 3)).astype("f4")
    tensors = weights() | {"V": V} | ({"axis": np.array([1])} if opset >= 13 else {})
    proto = model(nodes, tensors, outputs=("out",), opset=opset)
    proto.ir_version = 7
    network = loaded(proto, tmp_path)
    assert (None if network.readout is None else network.readout.head) == head
    if head is not None:
        (out,) = computed(proto, X=x())
        np.testing.assert_allclose(network.run(x()).answer, out, **CLOSE)


def two_outputs(*ends: onnx.NodeProto, outputs: tuple[str, ...]) -> onnx.ModelProto:
    nodes = [
        helper.make_node("GRU", ["X", "W", "R", "B"], ["Y"], hidden_size=H),
        node("Squeeze", "Y axis", "flat"),
        node("MatMul", "flat V", "product"),
        *ends,
    ]
    tensors = weights() | {"axis": np.array([1]), "V": np.ones((H, 3), "f4")}
    return model(nodes, tensors, outputs=outputs)


def test_the_head_is_found_beside_the_output_without_it(tmp_path: Path) -> None:
    def head(proto: onnx.ModelProto) -> str | None:
        found: Network = loaded(proto, tmp_path)
        return None if found.readout is None else found.readout.head

    soft, sig = node("Softmax", "product", "soft"), node("Sigmoid", "product", "sig")
    assert head(two_outputs(soft, outputs=("product", "soft"))) == "softmax"
    assert head(two_outputs(soft, outputs=("soft", "product"))) == "softmax"
    assert head(two_outputs(soft, sig, outputs=("soft", "sig"))) is None
