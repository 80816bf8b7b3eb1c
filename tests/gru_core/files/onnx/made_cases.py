"""Recurrent nodes in ONNX models made by hand: in branches and loops, quantized, and others.

``python -m scripts.make_onnx_files`` writes those of `MADE` to made/, with what onnxruntime
computed.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper

from tests.gru_core.files.exported_cases import EXPORTED
from tests.gru_core.files.onnx.onnx_models import B, H, I, T, model, tensor, weights
from tests.gru_core.files.onnx.reading import node

FLOAT = TensorProto.FLOAT
FOLDER = Path(__file__).parent / "made"
OUTPUTS = FOLDER / "outputs.npz"
"""Per case, under "<name>/x" and "<name>/output", the first output of onnxruntime."""


def layer(op: str, inputs: str, output: str, name: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, inputs.split(), [output], name=name, hidden_size=H, **attributes)


def branch(*nodes: onnx.NodeProto, tensors: dict[str, Any] | None = None) -> onnx.GraphProto:
    """Return a graph whose output is that of the last node."""
    end = helper.make_tensor_value_info(nodes[-1].output[0], FLOAT, None)
    made = [tensor(name, array) for name, array in (tensors or {}).items()]
    return helper.make_graph(list(nodes), "branch", [], [end], made)


def chosen(then: onnx.GraphProto, other: onnx.GraphProto, **more: Any) -> onnx.ModelProto:
    """Return a graph of which an input chooses a branch."""
    choice = helper.make_node("If", ["c"], ["Y"], name="gate", then_branch=then, else_branch=other)
    nodes = [node("Cast", "i_c", "c", to=TensorProto.BOOL), choice]
    given = {"X": ("T", "B", I), "i_c": ()}
    return model(nodes, weights("LSTM") | more, inputs=given)


def looped(op: str, *body: onnx.NodeProto) -> onnx.ModelProto:
    """Return a model in whose Loop or Scan these nodes compute the next state of "h"."""
    info = helper.make_tensor_value_info
    if op == "Loop":
        inputs = [info("i", 7, ()), info("go", 9, ()), info("h", FLOAT, None)]
        outputs = [info("going", 9, ()), info("next", FLOAT, None)]
        body = (*body, node("Identity", "go", "going"))
        made = helper.make_node(op, ["n", "true", "h0"], ["out"], name="while")
        attributes = {}
    else:
        inputs, outputs = (
            [info("h", FLOAT, None), info("xt", FLOAT, None)],
            [info("next", FLOAT, None)],
        )
        made = helper.make_node(op, ["h0", "X"], ["out"], name="while")
        attributes = {"num_scan_inputs": 1}
    graph = helper.make_graph(list(body), "body", inputs, outputs)
    made.attribute.append(helper.make_attribute("body", graph))
    made.attribute.extend(helper.make_attribute(n, v) for n, v in attributes.items())
    tensors = weights() | {"n": np.array(T), "true": np.array(True), "h0": np.ones((B, H), "f4")}
    return model([made], tensors, outputs=("out",))


def quantized(array: np.ndarray, axis: int | None, kind: str) -> tuple[Any, Any, Any]:
    """Return integers, scale and zero point, one for each place along an axis, if any."""
    others = None if axis is None else tuple(i for i in range(array.ndim) if i != axis)
    low, high = (f(array, axis=others, keepdims=True) for f in (np.min, np.max))
    scale = np.maximum(high - low, 1e-3) / 255
    start = -128 if kind == "int8" else 0
    zero = np.round(start - low / scale)
    whole = np.clip(np.round(array / scale) + zero, start, start + 255)
    flat = () if axis is None else (-1,)
    return whole.astype(kind), scale.astype("f4").reshape(flat), zero.astype(kind).reshape(flat)


def symmetric(array: np.ndarray, axis: int | None, kind: str) -> tuple[Any, Any, Any]:
    """Return integers of 7 bits round 0 or 128: with 8 bits, some processors' sums overflow."""
    scale = np.abs(array).max(axis=None if axis is None else 0) / 63
    zero = np.full(np.shape(scale), 128 if kind == "uint8" else 0, kind)
    return (np.round(array / scale) + zero).astype(kind), scale.astype("f4"), zero


def dynamic(per_row: bool, D: int, kind: str = "int8") -> onnx.ModelProto:
    """Return a DynamicQuantizeLSTM, as onnxruntime's quantize_dynamic makes it."""
    arrays = weights("LSTM", D=D)
    tensors: dict[str, Any] = {"B": arrays["B"]}
    for name in "WR":
        each = [symmetric(a.T, 1 if per_row else None, kind) for a in arrays[name]]
        for part, of in zip(("", "s", "z"), zip(*each, strict=True), strict=True):
            tensors[name + part] = np.stack(of)
    inputs = ["X", "W", "R", "B", "", "", "", "", "Ws", "Wz", "Rs", "Rz"]
    made = helper.make_node(
        "DynamicQuantizeLSTM", inputs, ["Y"], "rnn", domain="com.microsoft", hidden_size=H
    )
    if D == 2:
        made.attribute.append(helper.make_attribute("direction", "bidirectional"))
    proto = model([made], tensors, inputs={"X": ("T", "B", I)})
    proto.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return proto


class Made(NamedTuple):
    """A model, and how it opens."""

    name: str
    make: Callable[[], onnx.ModelProto]
    layers: int = 1
    chosen: str | None = None
    """The name that it is opened by."""
    within: float = 2e-6
    """How far onnxruntime's numbers are from ours."""
    left_out: tuple[str, ...] = ()
    refused: str = ""
    """A part of the refusal, of a model that does not open."""

    @property
    def file(self) -> str:
        return f"{self.name}.onnx"


def same_branches() -> onnx.ModelProto:
    then, other = (
        branch(layer("LSTM", "X W R B", "a", "rnn")),
        branch(layer("LSTM", "X W R B", "b", "rnn")),
    )
    proto = chosen(then, other)
    del proto.graph.input[1]
    proto.graph.node[0].CopyFrom(node("Cast", "count", "c", to=TensorProto.BOOL))
    proto.graph.node.insert(0, node("Size", "X", "count"))
    return proto


def other_branches() -> onnx.ModelProto:
    then = branch(layer("LSTM", "X W R B", "a", "rnn"))
    return chosen(then, branch(node("Identity", "X", "b")))


def dequantized(axis: int | None) -> onnx.ModelProto:
    arrays, tensors, nodes = weights(), {}, []
    for name in "WR":
        parts = quantized(arrays[name], axis, "int8")
        tensors |= {name + part: a for part, a in zip(("q", "s", "z"), parts, strict=True)}
        along = {} if axis is None else {"axis": axis}
        nodes.append(node("DequantizeLinear", f"{name}q {name}s {name}z", name, **along))
    last = layer("GRU", "X W R B", "Y", "rnn", linear_before_reset=1)
    return model([*nodes, last], tensors | {"B": arrays["B"]}, inputs={"X": ("T", "B", I)})


def single_layer(op: str, inputs: tuple[str, ...], **attributes: Any) -> onnx.ModelProto:
    """Return a layer with these optional inputs: start states over the batch, and peepholes."""
    rng = np.random.RandomState(len(inputs) + len(attributes))
    D = 1 + (attributes.get("direction") == "bidirectional")
    shapes = {"h": (D, 1, H), "c": (D, 1, H), "P": (D, 3 * H), "lens": (B,)}
    given = {n: rng.normal(size=shapes[n]).astype("f4") for n in inputs if n}
    sizes = {"n1": np.array([1]), "n2": np.array([2]), "D": np.array([D]), "H": np.array([H])}
    nodes = [
        node("Shape", "X", "sizes"),
        node("Slice", "sizes n1 n2", "batch"),
        helper.make_node("Concat", ["D", "batch", "H"], ["shape"], axis=0),
        *(node("Expand", f"{n} shape", f"{n}_0") for n in given if n in "hc"),
    ]
    names = ["X", "W", "R", "B", "", *(f"{n}_0" if n in ("h", "c") else n for n in inputs)]
    last = helper.make_node(op, names, ["Y"], name="rnn", hidden_size=H, **attributes)
    tensors = weights(op, D=D) | sizes | given
    return model([*nodes, last], tensors, inputs={"X": ("T", "B", I)})


def normalized() -> onnx.ModelProto:
    """Return two layers with a BatchNormalization between them, and one before a Dense."""
    rng = np.random.RandomState(9)
    nodes = []

    def norm(start: str, end: str) -> list[onnx.NodeProto]:
        return [
            node("Transpose", start, f"{end}_c", perm=[1, 2, 0]),
            node("BatchNormalization", f"{end}_c gamma beta mean var", f"{end}_n"),
            node("Transpose", f"{end}_n", end, perm=[2, 0, 1]),
        ]

    nodes += [
        layer("LSTM", "X W R B", "Y", "first"),
        node("Squeeze", "Y one", "f"),
        *norm("f", "g"),
    ]
    nodes += [layer("LSTM", "g 2W 2R 2B", "Z", "second"), node("Squeeze", "Z one", "k")]
    nodes += [*norm("k", "m"), node("MatMul", "m V", "out")]
    arrays = {n: rng.uniform(0.5, 2, H).astype("f4") for n in ("gamma", "beta", "mean", "var")}
    more = {"one": np.array([1]), "V": rng.normal(size=(H, 3)).astype("f4")}
    tensors = weights("LSTM") | weights("LSTM", I=H, name="2") | arrays | more
    return model(nodes, tensors, inputs={"X": ("T", "B", I)}, outputs=("out",))


def quantized_export(name: str) -> onnx.ModelProto:
    """Return what onnxruntime's quantizer makes of a file that torch exported."""
    from onnxruntime.quantization import quantize_dynamic

    with TemporaryDirectory() as folder:
        path = Path(folder) / "quantized.onnx"
        quantize_dynamic(EXPORTED / f"{name}.onnx", path, reduce_range=True)
        return onnx.load(path)


def looping(op: str) -> onnx.ModelProto:
    return looped(op, node("Tanh", "h", "next"))


ROUNDING = ("the rounding of x and h to 8 bits in rnn",)
CLIPPED: dict[str, Any] = {"clip": 0.6, "direction": "bidirectional"}
SOFT = {"activations": ["Sigmoid", "Softsign"], "direction": "reverse"}
MADE = [
    Made("branches", same_branches),
    Made("branches-that-differ", other_branches, refused="in the If 'gate', whose branches differ"),
    Made("loop", lambda: looping("Loop"), refused="the Loop 'while' computes the steps one by one"),
    Made("scan", lambda: looping("Scan"), refused="the Scan 'while' computes the steps one by one"),
    Made("dynamic", lambda: dynamic(False, 1), 1, "rnn", 0.02, ROUNDING),
    Made("dynamic-both-rows", lambda: dynamic(True, 2, "uint8"), 1, "rnn", 0.02, ROUNDING),
    Made("dynamic-unnamed", lambda: dynamic(True, 1), refused="is quantized: its weights are"),
    Made("dequantized", lambda: dequantized(None)),
    Made("dequantized-rows", lambda: dequantized(1)),
    Made("lstm-start", lambda: single_layer("LSTM", ("h", "c"), direction="bidirectional")),
    Made("lstm-peepholes", lambda: single_layer("LSTM", ("", "c", "P"), clip=0.5)),
    Made("gru-start-clipped", lambda: single_layer("GRU", ("h",), **CLIPPED)),
    Made("gru-softsign-reverse", lambda: single_layer("GRU", (), **SOFT)),
    Made("rnn-start-relu", lambda: single_layer("RNN", ("h",), activations=["Relu"])),
    Made("normalized", normalized, 2),
    Made(
        "quantized-by-onnxruntime",
        lambda: quantized_export("lstm-norm"),
        2,
        "/rnn/LSTM_quant",
        0.02,
        tuple(f"the rounding of x and h to 8 bits in /{n}/LSTM_quant" for n in ("rnn", "second")),
    ),
]
