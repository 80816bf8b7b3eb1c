"""Recurrent nodes in branches and loops, quantized ones, and lengths that are constants."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from gru_core.files import FormatError
from tests.gru_core.files.onnx.made_cases import (
    branch,
    chosen,
    dynamic,
    layer,
    looped,
    quantized,
)
from tests.gru_core.files.onnx.onnx_models import B, H, I, T, model, tensor, weights
from tests.gru_core.files.onnx.reading import computed, loaded, node, refusal, x

CLOSE = {"rtol": 0, "atol": 2e-6}


@pytest.mark.parametrize("c", [0, 1])
def test_branches_of_the_same_layer_are_that_layer(c: int, tmp_path: Path) -> None:
    W = {"own": weights("LSTM")["W"]}
    then = branch(layer("LSTM", "X W R B", "a", "rnn"))
    other = branch(layer("LSTM", "X own R B", "b", "other"), tensors=W)
    proto = chosen(then, other)
    network = loaded(proto, tmp_path)
    assert network.left_out == ()
    (Y,) = computed(proto, X=x(), i_c=np.array(c))
    np.testing.assert_allclose(network.run(x()).states, Y[:, 0], **CLOSE)


def test_layers_follow_one_another_in_and_after_branches(tmp_path: Path) -> None:
    """The glue, the readout and the branch within a branch are the same, too."""

    def pair(first: str, second: str) -> onnx.GraphProto:
        return branch(
            layer("LSTM", "X W R B", first, ""),
            node("Squeeze", f"{first} one", f"{first}_flat"),
            layer("LSTM", f"{first}_flat 2W 2R 2B", second, ""),
        )

    proto = chosen(pair("a", "aa"), pair("b", "bb"), one=np.array([1]), V=np.ones((H, 2), "f4"))
    proto.graph.initializer.extend(tensor(n, a) for n, a in weights("LSTM", I=H, name="2").items())
    proto.graph.node.extend([node("Squeeze", "Y one", "flat"), node("MatMul", "flat V", "out")])
    proto.graph.output[0].name = "out"
    network = loaded(proto, tmp_path)
    assert len(network.layers) == 2 and network.readout is not None
    (out,) = computed(proto, X=x(), i_c=np.array(1))
    np.testing.assert_allclose(network.run(x()).output, out, **CLOSE)


OTHERS = {
    "other weights": branch(layer("LSTM", "X W R B2", "b", "rnn")),
    "another input": branch(node("Tanh", "X", "t"), layer("LSTM", "t W R B", "b", "rnn")),
    "another direction": branch(layer("LSTM", "X W R B", "b", "rnn", direction="reverse")),
    "no layer": branch(node("Identity", "X", "b")),
    "a state": branch(layer("LSTM", "X W R", "b", "rnn")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_branches_that_differ_are_refused_by_name(name: str, tmp_path: Path) -> None:
    then = branch(layer("LSTM", "X W R B", "a", "rnn"))
    B2 = weights("LSTM")["B"] + 1
    message = refusal(chosen(then, OTHERS[name], B2=B2), tmp_path)
    assert "no GRU, LSTM or RNN node but in the If 'gate', whose branches differ" in message
    assert 'model.save("model.keras")' in message and "state_dict" in message


def test_a_squeeze_that_torch_puts_into_branches_is_glue(tmp_path: Path) -> None:
    """Sizes choose the branch; a branch that they cannot choose is named."""

    def between(condition: list[onnx.NodeProto]) -> onnx.ModelProto:
        squeeze = branch(node("Squeeze", "Y one", "s"))
        same = branch(node("Identity", "Y", "i"))
        choice = helper.make_node(
            "If", ["c"], ["f"], name="fit", then_branch=squeeze, else_branch=same
        )
        nodes = [
            layer("GRU", "X W R B", "Y", "first"),
            *condition,
            choice,
            layer("GRU", "f 2W 2R 2B", "Z", "second"),
        ]
        sizes = {"one": np.array([1]), "unit": np.array(1), "X2": np.array(0)}
        tensors = weights() | weights(I=H, name="2") | sizes
        given = {"X": ("T", "B", I), "i_c": ()}
        return model(nodes, tensors, inputs=given, outputs=("Z",))

    shape = [node("Shape", "Y", "sizes"), node("Gather", "sizes unit", "size")]
    proto = between([*shape, node("Equal", "size unit", "c")])
    network = loaded(proto, tmp_path)
    assert len(network.layers) == 2 and network.left_out == ()
    Z = computed(proto, X=x(), i_c=np.array(1))[0]
    np.testing.assert_allclose(network.run(x()).states, Z[:, 0], **CLOSE)
    apart = between([node("Cast", "i_c", "c", to=TensorProto.BOOL)])
    assert "holds several networks" in refusal(apart, tmp_path)
    assert "fit (If)" in loaded(apart, tmp_path, "second").left_out


@pytest.mark.parametrize("op", ["Loop", "Scan"])
def test_a_loop_is_named(op: str, tmp_path: Path) -> None:
    written_out = refusal(looped(op, node("Tanh", "h", "next")), tmp_path)
    assert (
        f"no GRU, LSTM or RNN node; the {op} 'while' computes the steps one by one" in written_out
    )
    assert 'model.save("model.keras")' in written_out and "dynamo=False" in written_out
    within = looped(op, layer("GRU", "X W R", "next", "rnn"))
    assert f"but in the {op} 'while'" in refusal(within, tmp_path)


@pytest.mark.parametrize("kind", ["int8", "uint8"])
@pytest.mark.parametrize("axis", [None, 1])
def test_dequantized_weights_are_weights(kind: str, axis: int | None, tmp_path: Path) -> None:
    """They are what the node reads, so that nothing differs from onnxruntime."""
    arrays, tensors, nodes = weights(), {}, []
    for name in "WR":
        parts = quantized(arrays[name], axis, kind)
        for part, array in zip(("q", "s", "z"), parts, strict=True):
            tensors[f"{name}{part}"] = array
        along = {} if axis is None else {"axis": axis}
        nodes.append(node("DequantizeLinear", f"{name}q {name}s {name}z", name, **along))
    proto = model([*nodes, layer("GRU", "X W R B", "Y", "rnn")], tensors | {"B": arrays["B"]})
    (Y,) = computed(proto, X=x())
    network = loaded(proto, tmp_path)
    assert network.left_out == ()
    np.testing.assert_allclose(network.run(x()).states, Y[:, 0], **CLOSE)


@pytest.mark.parametrize("kind", ["int8", "uint8"])
@pytest.mark.parametrize("per_row", [False, True])
@pytest.mark.parametrize("D", [1, 2])
def test_a_dynamically_quantized_lstm_opens_by_name(
    D: int, per_row: bool, kind: str, tmp_path: Path
) -> None:
    """Onnxruntime also rounds x and h to 8 bits: its states differ by 1 or 2 %."""
    proto = dynamic(per_row, D, kind)
    with pytest.raises(
        FormatError, match=r"is quantized: .* name='rnn' reads its weights"
    ) as caught:
        loaded(proto, tmp_path)
    assert caught.value.choices == ("rnn",)
    network = loaded(proto, tmp_path, "rnn")
    assert network.left_out == ("the rounding of x and h to 8 bits in rnn",)
    (Y,) = computed(proto, X=x())
    states = Y.transpose(0, 2, 1, 3).reshape(T, B, D * H)
    np.testing.assert_allclose(network.run(x()).states, states, rtol=0, atol=0.02)
    exact = weights("LSTM", D=D)["W"]
    i, o, f, c = np.split(exact[0], 4)
    found = network.layers[0].first.W
    np.testing.assert_allclose(
        found, np.concatenate([i, f, o, c])[: len(found)], rtol=0, atol=0.007
    )


def test_scales_of_another_shape_are_refused(tmp_path: Path) -> None:
    proto = dynamic(False, 1)
    for each in proto.graph.initializer:
        if each.name == "Ws":
            each.CopyFrom(tensor("Ws", np.ones((1, 3), "f4")))
    assert "W is computed by the graph, not a constant" in refusal(proto, tmp_path, "rnn")


def test_a_flow_that_is_rounded_is_followed_and_the_rounding_named(tmp_path: Path) -> None:
    nodes = [
        layer("GRU", "X W R B", "Y", "first"),
        helper.make_node("QuantizeLinear", ["Y", "s", "z"], ["q"], name="quant"),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["d"], name="dequant"),
        node("Squeeze", "d one", "f"),
        layer("GRU", "f 2W 2R 2B", "Z", "second"),
    ]
    more = {"s": np.array(1 / 127, "f4"), "z": np.array(128, "u1"), "one": np.array([1])}
    proto = model(nodes, weights() | weights(I=H, name="2") | more, outputs=("Z",))
    network = loaded(proto, tmp_path)
    assert len(network.layers) == 2
    assert network.left_out == ("quant (QuantizeLinear)", "dequant (DequantizeLinear)")
    (Z,) = computed(proto, X=x())
    np.testing.assert_allclose(network.run(x()).states, Z[:, 0], rtol=0, atol=0.01)


def test_a_quantized_embedding_is_dequantized(tmp_path: Path) -> None:
    table = np.random.RandomState(0).normal(size=(7, I)).astype("f4")
    whole, scale, zero = quantized(table, None, "uint8")
    nodes = [
        node("Gather", "table i_x", "q"),
        node("DequantizeLinear", "q s z", "X"),
        layer("GRU", "X W R B", "Y", "rnn"),
    ]
    tensors = weights() | {"table": whole, "s": scale, "z": zero}
    proto = model(nodes, tensors, inputs={"i_x": ("T", "B")})
    given = np.random.RandomState(1).randint(0, 7, (T, B))
    network = loaded(proto, tmp_path)
    assert network.embedding is not None and network.left_out == ()
    (Y,) = computed(proto, i_x=given)
    np.testing.assert_allclose(network.run(given).states, Y[:, 0], **CLOSE)


@pytest.mark.parametrize("made", ["expanded", "constant"])
def test_lengths_of_every_step_are_harmless(made: str, tmp_path: Path) -> None:
    nodes = [
        node("Shape", "X", "sizes"),
        node("Gather", "sizes i0", "T"),
        node("Slice", "sizes n1 n2", "batch"),
        node("Cast", "T", "t", to=TensorProto.INT32),
        node("Expand", "t batch", "lens"),
    ]
    last = helper.make_node("GRU", ["X", "W", "R", "B", "lens"], ["Y"], name="rnn", hidden_size=H)
    sizes = {"i0": np.array(0), "n1": np.array([1]), "n2": np.array([2])}
    if made == "constant":
        nodes, sizes = [], {"lens": np.full(B, T, "i4")}
    proto = model([*nodes, last], weights() | sizes)
    (Y,) = computed(proto, X=x())
    np.testing.assert_allclose(loaded(proto, tmp_path).run(x()).states, Y[:, 0], **CLOSE)
    if made == "constant":
        short = model([last], weights() | {"lens": np.array([T, T - 1], "i4")})
        assert "has constant sequence_lens" in refusal(short, tmp_path)


def test_normalizations_and_products_in_a_row_are_one_readout(tmp_path: Path) -> None:
    rng = np.random.RandomState(3)
    tensors = weights() | {"one": np.array([1]), "V": rng.normal(size=(H, 3)).astype("f4")}
    tensors |= {f"{n}{k}": rng.uniform(0.5, 2, k).astype("f4") for n in "gbmv" for k in (H, 3)}
    nodes = [
        layer("GRU", "X W R B", "Y", "rnn"),
        node("Squeeze", "Y one", "flat"),
        node("Transpose", "flat", "c", perm=[1, 2, 0]),
        node("BatchNormalization", f"c g{H} b{H} m{H} v{H}", "n", epsilon=0.1),
        node("Transpose", "n", "back", perm=[2, 0, 1]),
        node("MatMul", "back V", "p"),
        node("Transpose", "p", "c2", perm=[1, 2, 0]),
        node("BatchNormalization", "c2 g3 b3 m3 v3", "n2"),
        node("Transpose", "n2", "back2", perm=[2, 0, 1]),
        node("Softmax", "back2", "out", axis=-1),
    ]
    proto = model(nodes, tensors, outputs=("out",))
    (out,) = computed(proto, X=x())
    network = loaded(proto, tmp_path)
    assert network.left_out == () and network.readout is not None
    np.testing.assert_allclose(network.run(x()).answer, out, **CLOSE)


@pytest.mark.parametrize(("T", "B", "D"), [(100, 64, 1), (100, 64, 2), (90, 90, 1), (200, 1, 1)])
def test_sizes_that_are_written_out_are_followed(T: int, B: int, D: int, tmp_path: Path) -> None:
    """Also where they are so large that smaller ones take their place."""
    both = {"direction": "bidirectional"} if D == 2 else {}
    turn = [node("Transpose", "Y", "t", perm=[0, 2, 1, 3])] if D == 2 else []
    nodes = [
        layer("GRU", "X W R B", "Y", "first", **both),
        *turn,
        node("Reshape", f"{'t' if turn else 'Y'} shape", "f"),
        layer("GRU", "f 2W 2R 2B", "Z", "second", **both),
    ]
    tensors = weights(D=D) | weights(I=D * H, D=D, name="2") | {"shape": np.array([T, B, D * H])}
    proto = model(nodes, tensors, inputs={"X": (T, B, I)}, outputs=("Z",))
    network = loaded(proto, tmp_path)
    (Z,) = computed(proto, X=x(T, B))
    expected = Z.transpose(0, 2, 1, 3).reshape(T, B, D * H)
    np.testing.assert_allclose(network.run(x(T, B)).states, expected, **CLOSE)


def test_a_readout_to_many_symbols_is_read(tmp_path: Path) -> None:
    V, one = 40_000, np.array([1])
    nodes = [
        layer("GRU", "X W R B", "Y", "rnn"),
        node("Squeeze", "Y one", "flat"),
        node("MatMul", "flat V", "p"),
        node("Add", "p v", "out"),
    ]
    tensors = weights() | {"V": np.ones((H, V), "f4"), "v": np.ones(V, "f4"), "one": one}
    found = loaded(model(nodes, tensors, outputs=("out",)), tmp_path).readout
    assert found is not None and found.W.shape == (V, H)


def test_what_reads_an_embedding_in_another_way_is_named(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Add", ["i_x", "one"], ["shifted"], name="shift"),
        helper.make_node("Gather", ["table", "shifted"], ["X"], name="rows"),
        layer("GRU", "X W R B", "Y", "rnn"),
    ]
    tensors = weights() | {"table": np.ones((7, I), "f4"), "one": np.array(1)}
    network = loaded(model(nodes, tensors, inputs={"i_x": ("T", "B")}), tmp_path)
    assert network.embedding is None
    assert network.left_out == ("shift (Add)", "rows (Gather)")


def test_embeddings_side_by_side_are_named(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Gather", ["table", "i_x"], ["a"], name="words"),
        helper.make_node("Gather", ["table", "i_y"], ["b"], name="tags"),
        node("Concat", "a b", "X", axis=-1),
        layer("GRU", "X W R B", "Y", "rnn"),
    ]
    tensors = weights(I=2 * I) | {"table": np.ones((7, I), "f4")}
    given = {"i_x": ("T", "B"), "i_y": ("T", "B")}
    network = loaded(model(nodes, tensors, inputs=given), tmp_path)
    assert network.embedding is None and network.input_size == 2 * I
    assert network.left_out == ("words (Gather)", "tags (Gather)")
