"""Recurrent nodes of an ONNX graph that follow one another are the layers of one network."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from gru_core.network.network import Network
from tests.gru_core.files.onnx.onnx_models import B, H, I, T, model, weights
from tests.gru_core.files.onnx.reading import computed, loaded, node, refusal, x

CLOSE = {"rtol": 0, "atol": 1e-6}


def stacked(glue: list[onnx.NodeProto], tensors: dict[str, Any], **second: Any) -> onnx.ModelProto:
    """Return two bidirectional layers with `glue` between "Y" and "X2"."""
    attributes = {"hidden_size": H, "direction": "bidirectional", "linear_before_reset": 1}
    return model(
        [
            helper.make_node("GRU", ["X", "W", "R", "B"], ["Y"], name="first", **attributes),
            *glue,
            helper.make_node(
                "GRU", ["X2", "2W", "2R", "2B"], ["Z"], name="second", **attributes, **second
            ),
        ],
        weights(D=2) | weights(I=2 * H, D=2, name="2") | tensors,
        inputs={"X": ("T", "B", I)},
        outputs=("Z",),
    )


TURN = node("Transpose", "Y", "turned", perm=[0, 2, 1, 3])
GLUES = {
    "the last size given": ([TURN, node("Reshape", "turned shape", "X2")], [0, 0, 2 * H]),
    "the last size left": ([TURN, node("Reshape", "turned shape", "X2")], [0, 0, -1]),
    "time left": ([TURN, node("Reshape", "turned shape", "X2")], [-1, B, 2 * H]),
    "identity and dropout": (
        [
            node("Identity", "Y", "same"),
            node("Transpose", "same", "turned", perm=[0, 2, 1, 3]),
            node("Reshape", "turned shape", "flat"),
            node("Dropout", "flat", "X2"),
        ],
        [0, 0, -1],
    ),
    "there and back": (
        [
            node("Transpose", "Y", "turned", perm=[2, 0, 1, 3]),
            node("Reshape", "turned shape", "flat"),
            node("Transpose", "flat", "X2", perm=[1, 0, 2]),
        ],
        [0, 0, -1],
    ),
}


@pytest.mark.parametrize("name", GLUES)
def test_glue_that_keeps_the_order_joins_layers(name: str, tmp_path: Path) -> None:
    glue, shape = GLUES[name]
    proto = stacked(glue, {"shape": np.array(shape)})
    (Z,) = computed(proto, X=x())
    network = loaded(proto, tmp_path)
    assert len(network.layers) == 2
    expected = Z.transpose(0, 2, 1, 3).reshape(T, B, 2 * H)
    np.testing.assert_allclose(network.run(x()).states, expected, **CLOSE)


MIXING = {
    "batch and time swapped by a reshape": ([TURN, node("Reshape", "turned s", "X2")], [B, T, -1]),
    "directions swapped with units": (
        [
            node("Transpose", "Y", "turned", perm=[0, 2, 3, 1]),
            node("Reshape", "turned s", "X2"),
        ],
        [0, 0, -1],
    ),
    "directions not brought together": ([node("Reshape", "Y s", "X2")], [0, 0, -1]),
    "batch before time": (
        [
            node("Transpose", "Y", "turned", perm=[2, 0, 1, 3]),
            node("Reshape", "turned s", "X2"),
        ],
        [0, 0, -1],
    ),
    "a function between": (
        [
            TURN,
            node("Reshape", "turned s", "flat"),
            node("Exp", "flat", "X2"),
        ],
        [0, 0, -1],
    ),
}


@pytest.mark.parametrize("name", MIXING)
def test_what_mixes_axes_or_computes_does_not_join(name: str, tmp_path: Path) -> None:
    glue, shape = MIXING[name]
    proto = stacked(glue, {"s": np.array(shape)})
    for value in proto.graph.input:  # so that it is known which reshape mixes
        for dim, size in zip(value.type.tensor_type.shape.dim, (T, B, I), strict=True):
            dim.dim_value = size
    message = refusal(proto, tmp_path)
    assert message.endswith("choose one with name=: 'first' (GRU, 1 deep), 'second' (GRU, 1 deep)")
    assert loaded(proto, tmp_path, "first").input_size == I
    assert loaded(proto, tmp_path, "second").input_size == 2 * H
    assert "no recurrent layer 'third', but 'first'" in refusal(proto, tmp_path, "third")


def test_layers_of_differing_size_and_batch_first_are_read(tmp_path: Path) -> None:
    proto = model(
        [
            helper.make_node("LSTM", ["X", "W", "R"], ["Y"], name="a", hidden_size=H, layout=1),
            node("Squeeze", "Y axis", "flat"),
            helper.make_node("LSTM", ["flat", "2W", "2R"], ["Z"], hidden_size=2, layout=1),
        ],
        weights("LSTM", bias=False)
        | weights("LSTM", I=H, H=2, name="2", bias=False)
        | {"axis": np.array([2])},
        outputs=("Z",),
    )
    network = loaded(proto, tmp_path)  # onnxruntime does not know layout=1
    assert [layer.forward.hidden_size for layer in network.layers] == [H, 2]
    for name, expected in (("W", network.layers[0].forward), ("2W", network.layers[1].forward)):
        (found,) = [t for t in proto.graph.initializer if t.name == name]
        i, o, f, c = np.split(onnx.numpy_helper.to_array(found)[0], 4)
        np.testing.assert_array_equal(expected.W, np.concatenate([i, f, o, c]))


def test_a_readout_is_read_only_if_it_is_the_graphs_output(tmp_path: Path) -> None:
    def ended(*nodes: onnx.NodeProto, outputs: tuple[str, ...] = ("out",)) -> Network:
        first = helper.make_node("GRU", ["X", "W", "R"], ["Y", "Y_h"], hidden_size=H)
        tensors = weights(bias=False) | {
            "axis": np.array([1]),
            "zero": np.array([0]),
            "V": np.ones((H, 2), "f4"),
            "V_2": np.ones((H, 3), "f4"),
            "v": np.ones(2, "f4"),
        }
        proto = model([first, *nodes], tensors, outputs=outputs)
        return loaded(proto, tmp_path)

    flat, product = node("Squeeze", "Y axis", "flat"), node("MatMul", "flat V", "product")
    taken = ended(flat, product, node("Add", "v product", "out")).readout
    assert taken is not None and taken.b is not None and taken.W.shape == (2, H)
    gemm = [node("Squeeze", "Y_h zero", "last"), node("Gemm", "last V v", "out")]
    assert ended(*gemm).readout is not None
    assert ended(flat, product, node("Relu", "product", "out")).readout is None
    halved = [gemm[0], node("Gemm", "last V v", "out", alpha=0.5)]
    assert ended(*halved).readout is None
    two = ended(flat, product, node("MatMul", "flat V_2", "other"), outputs=("product", "other"))
    assert two.readout is None
