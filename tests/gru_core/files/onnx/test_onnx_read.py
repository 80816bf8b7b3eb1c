"""Networks from ONNX files compute the same as the exporter or onnxruntime."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from gru_core.files import FormatError, Limits
from gru_core.files.onnx.read import read
from gru_core.parameters.activations import Activation
from tests.gru_core.files.exported_cases import EXPORTED, ONNX_OUTPUTS, TORCH, UNROLLED, Torch, draw
from tests.gru_core.files.onnx.onnx_models import B, H, I, T, model, single, tensor, weights
from tests.gru_core.files.onnx.reading import computed, loaded, node, refusal, x
from tests.gru_core.onnxruntime_cases import RuntimeCase, attributes, draw_cases, draw_inputs

STORED = np.load(ONNX_OUTPUTS)
CLOSE = {"rtol": 0, "atol": 1e-6}
NODE_CASES = draw_cases({"GRU": 15, "LSTM": 15, "RNN": 9})


@pytest.mark.parametrize("case", TORCH, ids=lambda case: case.name)
def test_what_torch_exported_computes_what_torch_computes(case: Torch) -> None:
    network = read(EXPORTED / case.file, None, Limits())
    given = draw(case.name, case.text)
    np.testing.assert_array_equal(given, STORED[f"{case.name}/x"])
    assert (network.kind, len(network.layers)) == (case.kind.lower(), case.layers)
    assert network.directions == 1 + case.bidirectional
    assert (network.embedding is not None) == (network.readout is not None) == case.text
    trace = network.run(given)
    output = trace.answer[-1] if case.last else trace.answer
    assert case.head == (
        "" if network.readout is None else network.readout.head.replace("identity", "")
    )
    stored = [layer.h0 is not None for layer in network.layers]
    assert stored == [bool(case.start)] * case.layers
    np.testing.assert_allclose(output, STORED[f"{case.name}/output"], **CLOSE)
    if not case.text:
        np.testing.assert_allclose(trace.final, STORED[f"{case.name}/final"], **CLOSE)


def test_a_network_written_out_step_by_step_is_refused_with_advice() -> None:
    with pytest.raises(
        FormatError, match=r"no GRU, LSTM or RNN node; .*\"model.pt\"\) .* try dynamo=False"
    ):
        read(EXPORTED / UNROLLED.file, None, Limits())


@pytest.mark.parametrize("case", NODE_CASES, ids=lambda case: case.key)
def test_a_node_computes_the_same_as_onnxruntime(case: RuntimeCase, tmp_path: Path) -> None:
    arrays, lengths = draw_inputs(case)
    op, X, H = case.form.op, arrays["X"], arrays["R"].shape[2]
    slots = ["X", "W", "R", "B", "i_lens", "initial_h", "initial_c", "P"]
    feeds = {name: arrays[name] for name in ("X", "initial_h", "initial_c") if name in arrays}
    inputs = [slot if slot in arrays else "" for slot in slots]
    if lengths is not None:
        inputs[4] = "i_lens"
    while not inputs[-1]:
        inputs.pop()
    node = helper.make_node(op, inputs, ["Y", "Y_h"], **attributes(case, H))
    proto = model(
        [node],
        {name: array for name, array in arrays.items() if name in "WRBP"},
        inputs={name: array.shape for name, array in feeds.items()},
        outputs=("Y", "Y_h"),
    )
    if lengths is not None:
        proto.graph.input.append(helper.make_tensor_value_info("i_lens", 6, lengths.shape))
        feeds["i_lens"] = lengths
    Y, Y_h = computed(proto, **feeds)
    start = {"h0": feeds.get("initial_h"), "c0": feeds.get("initial_c")}
    trace = loaded(proto, tmp_path).run(X, **start, lengths=lengths)
    states = Y.transpose(0, 2, 1, 3).reshape(trace.states.shape)  # (T, D, B, H) to (T, B, D·H)
    np.testing.assert_allclose(trace.states, states, rtol=1e-4, atol=2e-6)
    np.testing.assert_allclose(trace.final, Y_h, rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("op", ["GRU", "LSTM", "RNN"])
@pytest.mark.parametrize("opset", [7, 14, 22])
def test_every_opset_is_read(op: str, opset: int, tmp_path: Path) -> None:
    proto = single(op)
    proto.opset_import[0].version = opset
    proto.ir_version = 8
    (Y,) = computed(proto, X=x())
    np.testing.assert_allclose(loaded(proto, tmp_path).run(x()).states, Y[:, 0], **CLOSE)


STARTS = {
    "constant zeros": ("zeros", None),
    "zeros made on the spot": ("made", None),
    "given": ("initial", None),
    "zeros, repeated": ("hollow", None),
    "zeros of another shape, repeated": ("vast", "initial_h is computed by the graph in a way not"),
    "zeros in tiles": ("tiles", None),
    "computed": ("computed", "initial_h is computed by the graph"),
}


@pytest.mark.parametrize("name", STARTS)
def test_initial_states_are_zero_or_the_callers(name: str, tmp_path: Path) -> None:
    start, message = STARTS[name]
    one = np.ones((1, 1, H), "f4")
    proto = model(
        [
            node("ConstantOfShape", "size", "made"),
            node("Expand", "one size", "repeated"),
            node("Expand", "zero size", "hollow"),
            node("Expand", "broad vastness", "vast"),
            node("Tile", "zero size", "tiles"),
            node("Tanh", "initial", "computed"),
            helper.make_node("GRU", ["X", "W", "R", "", "", start], ["Y"], hidden_size=H),
        ],
        weights(bias=False)
        | {"zeros": np.zeros((1, B, H), "f4"), "ones": np.ones((1, B, H), "f4"), "one": one}
        | {"size": np.array([1, B, H]), "vastness": np.array([1 << 40, 1, 1])}
        | {"zero": np.zeros((1, 1, 1), "f4"), "broad": np.zeros((1, 9, 99), "f4")},
        inputs={"X": (T, B, I), "initial": (1, B, H)},
    )
    if message is None:
        assert loaded(proto, tmp_path).hidden_size == H
    else:
        assert message in refusal(proto, tmp_path)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
@pytest.mark.parametrize("raw", [True, False])
def test_every_width_of_weights_is_read(dtype: str, raw: bool, tmp_path: Path) -> None:
    kind = {"float16": 10, "bfloat16": 16, "float64": 11}[dtype]
    tensors = {}
    for name, array in weights(bias=False).items():
        coarse = np.round(array * 4) / 4  # what every width can hold
        made = helper.make_tensor(name, kind, coarse.shape, coarse.ravel())
        if raw:
            made = helper.make_tensor(name, kind, coarse.shape, _bytes(coarse, dtype), raw=True)
        tensors[name] = (made, coarse)
    nodes = [helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=H)]
    proto = model(nodes, {name: made for name, (made, _) in tensors.items()})
    network = loaded(proto, tmp_path)
    assert network.dtype == ("float64" if dtype == "float64" else "float32")
    np.testing.assert_array_equal(network.layers[0].forward.W, tensors["W"][1][0])


def _bytes(array: Any, dtype: str) -> bytes:
    if dtype == "bfloat16":
        return (array.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    return bytes(array.astype(np.dtype(dtype).newbyteorder("<")).tobytes())


def test_constants_are_folded_whatever_the_exporter_left(tmp_path: Path) -> None:
    """A Constant node, a transposed W in two halves, a B made by Concat."""
    plain = single()
    (W, R, B_) = (onnx.numpy_helper.to_array(t) for t in plain.graph.initializer)
    halves = np.split(W[0], 2)
    proto = model(
        [
            helper.make_node("Constant", [], ["R"], value=tensor("", R)),
            node("Transpose", "upper", "u", perm=[1, 0]),
            node("Concat", "u lower", "both", axis=0),
            node("Unsqueeze", "both axis", "W"),
            node("Slice", "long starts ends last", "cut"),
            node("Reshape", "cut shape", "B"),
            helper.make_node("GRU", ["X", "W", "R", "B"], ["Y", "Y_h"], hidden_size=H),
        ],
        {
            "upper": halves[0].T,
            "lower": halves[1],
            "axis": np.array([0]),
            "long": np.concatenate([B_, B_], 1),
            "starts": np.array([0]),
            "ends": np.array([B_.size]),
            "last": np.array([-1]),
            "shape": np.array([1, -1]),
        },
    )
    (Y,) = computed(proto, X=x())
    np.testing.assert_allclose(loaded(proto, tmp_path).run(x()).states, Y[:, 0], **CLOSE)


ODD = {
    "an odd direction": (single(direction="sideways"), "has the direction 'sideways'"),
    "an unknown attribute": (single(colour=1), "has the unknown attribute 'colour'"),
    "an odd layout": (single(layout=2), "has the layout 2"),
    "an odd switch": (single(linear_before_reset=3), "has linear_before_reset 3"),
    "clip 0": (single(clip=0.0), "clip"),
    "too few activations": (single(activations=["Tanh"]), "has 1 activations, expected 2"),
    "an unknown activation": (single(activations=["Tanh", "Gelu"]), "Gelu"),
    "too many constants": (single(activation_alpha=[1.0]), "more activation_alpha"),
    "another hidden_size": (single("LSTM"), "has hidden_size 9, its R has 4"),
    "an old opset": (single(), "has opset 6, 7 or more is needed"),
}
ODD["another hidden_size"][0].graph.node[0].attribute[0].i = 9
ODD["an old opset"][0].opset_import[0].version = 6


@pytest.mark.parametrize("name", ODD)
def test_what_no_layer_can_be_is_refused(name: str, tmp_path: Path) -> None:
    proto, message = ODD[name]
    assert message in refusal(proto, tmp_path)


def test_alpha_and_beta_go_to_the_activations_that_take_them(tmp_path: Path) -> None:
    proto = single(
        "LSTM",
        activations=["Sigmoid", "LeakyRelu", "HardSigmoid"],
        activation_alpha=[0.25, 0.5],
        activation_beta=[0.75],
    )
    expected = (
        Activation("sigmoid"),
        Activation("leaky_relu", alpha=0.25),
        Activation("hard_sigmoid", alpha=0.5, beta=0.75),
    )
    assert loaded(proto, tmp_path).layers[0].forward.activations == expected


def test_without_onnx_one_line_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    message = refusal(single(), tmp_path)
    assert message == "model.onnx: needs the package onnx (gruscope's extra onnx): pip install onnx"


def test_numbers_in_fields_are_counted_before_they_are_made(tmp_path: Path) -> None:
    long = helper.make_tensor("long", onnx.TensorProto.INT64, [2000], range(2000))
    proto = single()
    proto.graph.initializer.append(long)
    path = tmp_path / "model.onnx"
    path.write_bytes(proto.SerializeToString())
    assert read(path, None, Limits(parameters=4000)).hidden_size == H
    with pytest.raises(FormatError, match="brings the graph to more than 1999 numbers"):
        read(path, None, Limits(parameters=1999))


def test_the_widest_of_layers_embedding_and_readout_counts(tmp_path: Path) -> None:
    proto = model(
        [
            node("Gather", "table i_x", "X"),
            helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=H),
            node("Squeeze", "Y axis", "flat"),
            node("MatMul", "flat V", "out"),
        ],
        weights(bias=False)
        | {"table": np.ones((7, I), "f8"), "V": np.ones((H, 2), "f2"), "axis": np.array([1])},
        inputs={"i_x": (T, B)},
        outputs=("out",),
    )
    network = loaded(proto, tmp_path)
    assert network.embedding is not None and network.readout is not None
    assert network.dtype == network.embedding.dtype == network.readout.W.dtype == np.float64


def test_a_child_reads_the_very_same() -> None:
    from gru_core.files import load, load_in_child

    for file in ("gru-text.onnx", "keras-text.keras", "keras-text.h5"):
        here, there = load(EXPORTED / file), load_in_child(EXPORTED / file)
        given = draw("gru-text", text=True)
        np.testing.assert_array_equal(here.run(given).output, there.run(given).output)
