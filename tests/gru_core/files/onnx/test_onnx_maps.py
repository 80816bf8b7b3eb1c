"""Fixed maps before the recurrent nodes of an ONNX graph, against onnxruntime."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from gru_core import RELU, TANH, Activation, Between, GRUParams, Layer, Network, RNNParams
from gru_core.files import load, save
from tests.gru_core.files.onnx.onnx_models import H, I, model, weights
from tests.gru_core.files.onnx.reading import computed, loaded, node, refusal, x

CLOSE = {"rtol": 0, "atol": 1e-6}
N = 3
RNG = np.random.RandomState(0)
TENSORS: dict[str, Any] = {
    "axis": np.array([1]),
    "dense": RNG.normal(size=(H, N)).astype("f4"),
    "bias": RNG.normal(size=N).astype("f4"),
    "factor": RNG.normal(size=(1, 1, H)).astype("f4"),
    "half": np.array(0.5, "f4"),
    "gamma": RNG.normal(size=H).astype("f4"),
    "beta": RNG.normal(size=H).astype("f4"),
    "mean": RNG.normal(size=H).astype("f4"),
    "variance": RNG.uniform(0.5, 2, H).astype("f4"),
}
NORM = [
    node("Transpose", "flat", "channels", perm=[1, 2, 0]),
    node("BatchNormalization", "channels gamma beta mean variance", "normal", epsilon=0.01),
    node("Transpose", "normal", "back", perm=[2, 0, 1]),
]
# The nodes between "flat", the states of the first layer, and "X2"; and what they are here.
GLUES: dict[str, tuple[list[onnx.NodeProto], list[str]]] = {
    "an activation": ([node("Relu", "flat", "X2")], ["relu(x)"]),
    "one with a constant": (
        [node("LeakyRelu", "flat", "X2", alpha=0.3)],
        ["leaky_relu(x)"],
    ),
    "a dense with a bias and an activation": (
        [
            node("MatMul", "flat dense", "product"),
            node("Add", "product bias", "sum"),
            node("Tanh", "sum", "X2"),
        ],
        ["tanh(W·x + b)"],
    ),
    "a dense with sigmoid, which could end a network": (
        [node("MatMul", "flat dense", "product"), node("Sigmoid", "product", "X2")],
        ["sigmoid(W·x)"],
    ),
    "a dense alone": ([node("MatMul", "flat dense", "X2")], ["W·x"]),
    "a normalization and an activation": (
        [*NORM, node("Elu", "back", "X2")],
        ["elu(W ⊙ x + b)"],
    ),
    "a factor from the left": ([node("Mul", "factor flat", "X2")], ["W ⊙ x"]),
    "one factor for all": ([node("Mul", "flat half", "X2")], ["W ⊙ x"]),
    "several in a row": (
        [
            node("Relu", "flat", "a"),
            node("MatMul", "a dense", "b"),
            node("Relu", "b", "c"),
            node("Softsign", "c", "X2"),
        ],
        ["relu(x)", "relu(W·x)", "softsign(x)"],
    ),
}


def stacked(glue: list[onnx.NodeProto], width: int, opset: int = 14) -> onnx.ModelProto:
    nodes = [
        helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y"], name="first", hidden_size=H),
        node("Squeeze", "Y axis", "flat"),
        *glue,
        helper.make_node("RNN", ["X2", "2W", "2R", "2B"], ["Z"], name="second", hidden_size=2),
        node("Squeeze", "Z axis", "output"),
    ]
    tensors = weights("LSTM") | weights("RNN", I=width, H=2, name="2") | TENSORS
    given = {"X": ("T", "B", I)}
    return model(nodes, tensors, inputs=given, outputs=("output",), opset=opset)


def width_of(glue: list[onnx.NodeProto]) -> int:
    return N if any("dense" in one.input for one in glue) else H


@pytest.mark.parametrize("name", GLUES)
def test_maps_between_layers(name: str, tmp_path: Path) -> None:
    glue, expected = GLUES[name]
    proto = stacked(glue, width_of(glue))
    network = loaded(proto, tmp_path)
    assert [str(one) for one in network.layers[1].before] == expected
    assert network.left_out == ()
    (output,) = computed(proto, X=x())
    np.testing.assert_allclose(network.run(x()).output, output, **CLOSE)


def test_a_dense_before_the_first_layer(tmp_path: Path) -> None:
    nodes = [
        node("Cast", "X", "same", to=1),
        node("MatMul", "same dense", "product"),
        node("Add", "bias product", "sum"),
        node("Relu", "sum", "X2"),
        helper.make_node("GRU", ["X2", "W", "R", "B"], ["Y"], linear_before_reset=1, hidden_size=H),
        node("Squeeze", "Y axis", "output"),
    ]
    inputs = {"X": ("T", "B", H)}
    proto = model(nodes, weights(I=N) | TENSORS, inputs=inputs, outputs=("output",))
    network = loaded(proto, tmp_path)
    assert (network.input_size, network.layers[0].first.input_size) == (H, N)
    (output,) = computed(proto, X=x(I=H))
    np.testing.assert_allclose(network.run(x(I=H)).output, output, **CLOSE)


def test_a_gemm_of_one_step_is_no_map_between_layers(tmp_path: Path) -> None:
    """What mixes steps, or is no fixed map of features, keeps the layers apart."""
    for glue in (
        [node("Softmax", "flat", "X2", axis=2)],
        [node("LayerNormalization", "flat gamma beta", "X2", axis=-1)],
        [node("Transpose", "flat", "t", perm=[2, 1, 0]), node("Mul", "t half", "X2")],
    ):
        message = refusal(stacked(glue, H, opset=17), tmp_path)
        assert message.endswith(
            "choose one with name=: 'first' (LSTM, 1 deep), 'second' (RNN, 1 deep)"
        )


def test_nodes_that_are_not_read_are_named(tmp_path: Path) -> None:
    """A softmax of a relu is no readout; another recurrent node is not of this network."""
    proto = stacked([helper.make_node("LogSoftmax", ["flat"], ["X2"], name="between")], H)
    proto.graph.node.append(node("Exp", "output", "more"))
    assert loaded(proto, tmp_path, "first").left_out == (
        "second (RNN)",
        "between (LogSoftmax)",
        "Exp #5",
    )
    again = loaded(proto, tmp_path, "second")
    assert again.left_out == ("first (LSTM)", "between (LogSoftmax)", "Exp #5")


LAYERS = (
    Layer(GRUParams.random(2, 3, seed=0), before=Between(RNG.normal(size=(2, 4)), None, TANH)),
    Layer(
        RNNParams.random(2, 3, seed=1),
        before=(
            Between(RNG.normal(size=3), RNG.normal(size=3), Activation.of("leaky_relu", 0.25)),
            Between(RNG.normal(size=(2, 3)), RNG.normal(size=2), RELU),
        ),
    ),
)


@pytest.mark.parametrize("suffix", ["onnx", "safetensors", "npz"])
def test_maps_are_written_and_read_back(suffix: str, tmp_path: Path) -> None:
    network = Network(LAYERS, left_out=("head (Dense)", "more"))
    path = tmp_path / f"model.{suffix}"
    save(network, path)
    found = load(path)
    for one, other in zip(found.layers, network.layers, strict=True):
        assert [str(m) for m in one.before] == [str(m) for m in other.before]
        for a, b in zip(one.before, other.before, strict=True):
            assert a.activation == b.activation
            for array in b.arrays:
                np.testing.assert_array_equal(a.arrays[array], b.arrays[array])
    assert found.left_out == network.left_out
    given = x(I=4)
    np.testing.assert_allclose(found.run(given).output, network.run(given).output, atol=1e-15)


def test_written_maps_are_those_of_onnxruntime(tmp_path: Path) -> None:
    network = Network(LAYERS).astype("float32")
    save(network, tmp_path / "model.onnx")
    proto = onnx.load(tmp_path / "model.onnx")
    output = computed(proto, x=x(I=4))[0]
    np.testing.assert_allclose(network.run(x(I=4)).output, output, **CLOSE)
