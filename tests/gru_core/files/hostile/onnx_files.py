"""Hostile and broken ONNX files: protobuf, external data everywhere, tensors, graphs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from tests.gru_core.files.hostile.cases import Hostile
from tests.gru_core.files.onnx.onnx_models import B, H, I, T, model, single, weights


def outside(tensor: TensorProto | None = None, *, data: bool = True) -> TensorProto:
    """Return a tensor with its numbers in another file."""
    found = TensorProto() if tensor is None else tensor
    if tensor is None:
        found.name, found.data_type = "away", TensorProto.FLOAT
        found.dims.extend([2])
    found.ClearField("raw_data")
    found.data_location = TensorProto.EXTERNAL
    if data:
        entry = found.external_data.add()
        entry.key, entry.value = "location", "/etc/passwd"
    return found


def changed(change: Callable[[onnx.ModelProto], object]) -> bytes:
    """Return a sound model after one change."""
    proto = single()
    change(proto)
    return bytes(proto.SerializeToString())


def tensor(place: int, change: Callable[[TensorProto], object]) -> bytes:
    """Return a sound model with one change to W, R or B."""
    return changed(lambda proto: change(proto.graph.initializer[place]))


def in_subgraph(proto: onnx.ModelProto) -> None:
    branch = helper.make_graph([], "branch", [], [], [outside()])
    node = helper.make_node("If", ["X"], ["never"], then_branch=branch, else_branch=branch)
    proto.graph.node.append(node)


def in_function(proto: onnx.ModelProto) -> None:
    node = helper.make_node("Constant", [], ["c"], value=outside())
    opset = [helper.make_opsetid("", 22)]
    proto.functions.append(helper.make_function("d", "f", [], ["c"], [node], opset))


def in_sparse(proto: onnx.ModelProto) -> None:
    proto.graph.sparse_initializer.add().values.CopyFrom(outside())


def in_training(proto: onnx.ModelProto) -> None:
    proto.training_info.add().initialization.initializer.append(outside())


def in_tensors(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].attribute.append(helper.make_attribute("colours", [outside()]))


def in_sparse_attribute(proto: onnx.ModelProto) -> None:
    sparse = onnx.SparseTensorProto()
    sparse.indices.CopyFrom(outside())
    proto.graph.node[0].attribute.append(helper.make_attribute("sparse_value", sparse))


def numbers(array: Any) -> Callable[[TensorProto], object]:
    def change(found: TensorProto) -> None:
        found.raw_data = np.asarray(array, "<f4").tobytes()

    return change


def typed(found: TensorProto) -> None:
    found.ClearField("raw_data")
    found.float_data.extend([1.0] * 5)


def strings(found: TensorProto) -> None:
    found.ClearField("raw_data")
    found.data_type = TensorProto.STRING
    found.string_data.extend([b"W"] * 36)


def segmented(found: TensorProto) -> None:
    found.segment.end = 1 << 40


def setting(name: str, value: Any) -> Callable[[Any], object]:
    return lambda found: setattr(found, name, value)


def sized(*dims: int) -> Callable[[TensorProto], object]:
    def change(found: TensorProto) -> None:
        del found.dims[:]
        found.dims.extend(dims)

    return change


def doubled(count: int) -> bytes:
    """Return a graph in which a constant is joined with itself again and again."""
    nodes = [
        helper.make_node("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=0) for i in range(count)
    ]
    nodes.append(helper.make_node("GRU", ["X", f"c{count}", "R"], ["Y"], hidden_size=H))
    tensors = weights(bias=False)
    tensors["c0"] = tensors.pop("W")
    return bytes(model(nodes, tensors).SerializeToString())


def shared(count: int) -> bytes:
    """Return a deep network all of whose layers are the same large tensors."""
    tensors = {"W": np.zeros((1, 900, 300), "f4"), "R": np.zeros((1, 900, 300), "f4")}
    nodes = []
    for i in range(count):
        flow = "X" if i == 0 else f"s{i}"
        nodes += [
            helper.make_node("GRU", [flow, "W", "R"], [f"y{i}"], name=f"n{i}", hidden_size=300),
            helper.make_node("Squeeze", [f"y{i}", "axis"], [f"s{i + 1}"]),
        ]
    proto = model(nodes, tensors | {"axis": np.array([1])}, inputs={"X": (T, B, 300)})
    return bytes(proto.SerializeToString())


def branching(depth: int) -> bytes:
    """Return an If in an If, with a layer in the innermost branches, which differ."""
    last = helper.make_node("GRU", ["X", "W", "R"], ["Y0"], hidden_size=H)
    for level in range(depth):
        ends = [helper.make_tensor_value_info(f"Y{level}", 1, None)]
        then = helper.make_graph([last], "then", [], ends)
        other = helper.make_graph([helper.make_node("Abs", ["X"], [f"Y{level}"])], "", [], ends)
        name = f"Y{level + 1}"
        last = helper.make_node("If", ["c"], [name], then_branch=then, else_branch=other)
    given: dict[str, Any] = {"X": (T, B, I), "c": ()}
    return bytes(model([last], weights(bias=False), inputs=given).SerializeToString())


def shadowing(proto: onnx.ModelProto) -> None:
    """Give a name of the graph again within a branch."""
    ends = [helper.make_tensor_value_info("Y", 1, None)]
    branch = helper.make_graph([helper.make_node("Abs", ["X"], ["Y"])], "", [], ends)
    proto.graph.node.append(
        helper.make_node("If", ["X"], ["Z"], then_branch=branch, else_branch=branch)
    )


def scaled(scale: Any, zero: Any) -> bytes:
    """Return a layer whose W is made of integers."""
    nodes = [
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["W"], axis=1),
        helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=H),
    ]
    tensors: dict[str, Any] = {"R": weights(bias=False)["R"]}
    tensors |= {"q": np.ones((1, 3 * H, I), "i1"), "s": scale, "z": zero}
    return bytes(model(nodes, tensors).SerializeToString())


def varint(value: int) -> bytes:
    found = b""
    while value >= 0x80:
        found += bytes([value & 0x7F | 0x80])
        value >>= 7
    return found + bytes([value])


def field(number: int, data: bytes, length: int | None = None) -> bytes:
    """Return a length-delimited field of a protobuf message."""
    return varint(number << 3 | 2) + varint(len(data) if length is None else length) + data


def nested(depth: int) -> bytes:
    """Return graphs in nodes in graphs."""
    inner = b""
    for _ in range(depth):
        inner = field(1, field(5, field(1, b"body") + field(6, inner)))
    return b"\x08\x0a" + field(7, inner)


def circle(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].input[0] = "behind"
    proto.graph.node.append(helper.make_node("Squeeze", ["Y"], ["behind"]))


def in_itself(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].input[0] = "Y"


def twice(proto: onnx.ModelProto) -> None:
    proto.graph.node.append(helper.make_node("Identity", ["X"], ["Y"]))


def attribute(name: str, value: Any) -> Callable[[onnx.ModelProto], object]:
    def change(proto: onnx.ModelProto) -> None:
        kept = [a for a in proto.graph.node[0].attribute if a.name != name]
        del proto.graph.node[0].attribute[:]
        proto.graph.node[0].attribute.extend([*kept, helper.make_attribute(name, value)])

    return change


def attribute_twice(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].attribute.append(helper.make_attribute("hidden_size", 9))


def inputs(*names: str) -> Callable[[onnx.ModelProto], object]:
    def change(proto: onnx.ModelProto) -> None:
        del proto.graph.node[0].input[:]
        proto.graph.node[0].input.extend(names)

    return change


NAN = np.ones((1, 3 * H, I))
NAN[0, 7, 2] = np.nan
INF = np.ones((1, 6 * H))
INF[0, 3] = -np.inf
SOUND = changed(lambda proto: None)
HEAD = b"\x08\x0a"
"""The ir_version with which a model begins."""
OPSET = b"\x42\x02\x10\x16"
EXTERNAL = "external data are never read; put them into the file: torch.onnx.export(…, external_"
MILLION = 1_000_001

ONNX = [
    Hostile(name, "onnx", data, message)
    for name, data, message in [
        ("external weights", tensor(0, outside), f"tensor 'W': {EXTERNAL}"),
        ("external without where", tensor(1, lambda t: outside(t, data=False)), EXTERNAL),
        ("external beside numbers", tensor(0, lambda t: t.external_data.add()), EXTERNAL),
        ("external elsewhere", changed(lambda p: p.graph.initializer.append(outside())), EXTERNAL),
        ("external in a subgraph", changed(in_subgraph), f"tensor 'away': {EXTERNAL}"),
        ("external in a function", changed(in_function), f"tensor 'away': {EXTERNAL}"),
        ("external in a sparse tensor", changed(in_sparse), f"tensor 'away': {EXTERNAL}"),
        ("external in training", changed(in_training), f"tensor 'away': {EXTERNAL}"),
        ("external in tensors", changed(in_tensors), f"tensor 'away': {EXTERNAL}"),
        ("external in sparse attribute", changed(in_sparse_attribute), f"'away': {EXTERNAL}"),
        ("numbers missing", tensor(0, numbers([1])), "reshape array of size 1 into shape (1,12,3)"),
        ("numbers too many", tensor(0, numbers([1] * 37)), "array of size 37 into shape (1,12,3)"),
        ("floats missing", tensor(0, typed), "reshape array of size 5 into shape (1,12,3)"),
        ("negative size", tensor(0, sized(-1, -12, 3)), "tensor 'W': has the shape (-1, -12, 3)"),
        ("shape bomb", tensor(0, sized(1 << 40, 1 << 20)), "more than 200000000 numbers"),
        ("shape overflow", tensor(0, sized(1 << 62, 4)), "has the shape (4611686018427387904, 4)"),
        ("shape overflow by product", tensor(0, sized(1 << 61, 8)), "more than 200000000 numbers"),
        ("dimensions", tensor(0, sized(*[1] * 999)), "has 999 dimensions"),
        ("other shape", tensor(0, sized(1, 3, 12)), "W (D, 3·H, I) must have shape (1, 12, 12)"),
        ("other rank", tensor(0, sized(12, 3)), "has W of shape (12, 3)"),
        ("no size", tensor(2, sized(0, 24)), "B (D, 2·3·H) must have shape (1, 24)"),
        ("unknown dtype", tensor(0, setting("data_type", 99)), "dtype of ONNX's number 99"),
        ("no dtype", tensor(0, setting("data_type", 0)), "dtype of ONNX's number 0"),
        ("integers", tensor(0, setting("data_type", 6)), "tensor 'W': has dtype int32"),
        ("float8", tensor(0, setting("data_type", 17)), "dtype of ONNX's number 17"),
        ("strings", tensor(0, strings), "dtype of ONNX's number 8"),
        ("segment", tensor(0, segmented), "not supporting loading segments"),
        ("not a number", tensor(0, numbers(NAN)), "tensor 'W': holds nan at (0, 7, 2)"),
        ("infinite", tensor(2, numbers(INF)), "tensor 'B': holds -inf at (0, 3)"),
        ("no weights", changed(inputs("X")), "node 'rnn': has no W"),
        ("no inputs", changed(inputs()), "node 'rnn': has no W"),
        ("weights computed", changed(inputs("X", "X", "R")), "W is computed by the graph"),
        ("weights from nowhere", changed(inputs("X", "V", "R")), "takes 'V', which nothing befor"),
        ("circle", changed(circle), "takes 'behind', which nothing before it gives: a circle?"),
        ("node in itself", changed(in_itself), "takes 'Y', which nothing before it gives"),
        ("name twice", changed(twice), "'Y' is given twice"),
        ("attribute twice", changed(attribute_twice), "has the attribute 'hidden_size' twice"),
        ("attribute of other type", changed(attribute("clip", [1.0])), "'clip' of type 6"),
        ("clip not a number", changed(attribute("clip", float("nan"))), "clip"),
        ("hidden_size", changed(attribute("hidden_size", -4)), "hidden_size -4, its R has 4"),
        ("direction", changed(attribute("direction", b"\xff\x00")), "has the direction"),
        ("alpha not a number", changed(attribute("activation_alpha", [np.nan])), "activation_al"),
        ("doubling constants", doubled(40), "more than 20 times the numbers"),
        ("layers that share weights", shared(400), "a network of more than 200000000 numbers"),
        ("branches in branches", branching(25), "but in a node If, whose branches differ"),
        ("a name again in a branch", changed(shadowing), "'Y' is given twice"),
        ("scales that are too many", scaled(np.ones(7, "f4"), np.ones(7, "i1")), "W is computed"),
        ("a zero point too many", scaled(np.float32(1), np.ones(2, "i1")), "W is computed"),
        ("scales of nan", scaled(np.float32(np.nan), np.int8(0)), "tensor 's': holds nan"),
        ("scales of integers", scaled(np.int8(1), np.int8(0)), "tensor 's': has dtype int8"),
        ("an operator that is no text", HEAD + field(7, field(1, field(4, b"\xff"))) + OPSET,
         "has no GRU, LSTM or RNN node"),
        ("cut short", SOUND[:-9], "is damaged, or not ONNX"),
        ("beginning only", SOUND[:4], "is damaged, or not ONNX"),
        ("bit flipped", SOUND[:40] + bytes([SOUND[40] ^ 0x80]) + SOUND[41:], ""),
        ("length of 2 EiB", HEAD + field(7, b"", 1 << 61), "is damaged, or not ONNX: "),
        ("endless varint", HEAD + b"\x3a" + b"\xff" * 40, "is damaged, or not ONNX: "),
        ("group", HEAD + b"\x3b" * 1000, "is damaged, or not ONNX: "),
        ("field 0", HEAD + b"\x02\x00", "is damaged, or not ONNX: "),
        ("graphs in graphs", nested(100), "is damaged, or not ONNX: "),
        ("graphs in graphs without end", nested(5000), "is damaged, or not ONNX: "),
        ("nodes without end", HEAD + field(7, field(1, b"") * MILLION), "more than 500000 parts"),
        ("few nodes too many", HEAD + field(7, field(1, b"") * 10_001) + OPSET,
         "more than 10000 nodes"),
        ("names without end", HEAD + field(7, field(1, field(1, b"") * MILLION)) + OPSET,
         "has no GRU, LSTM or RNN node"),
        ("dims without end", HEAD + field(7, field(5, b"\x08\x01" * MILLION)) + OPSET,
         "has 1000001 dimensions"),
        ("no graph", HEAD, "it has no graph"),
        ("no opset", HEAD + field(7, b""), "has no opset"),
        ("empty graph", HEAD + field(7, b"") + OPSET, "has no GRU, LSTM or RNN node"),
        ("noise", HEAD + bytes(range(1, 200)), "is damaged, or not ONNX"),
        ("a text", b"W = [[1.0, 2.0]]\n" * 9, "is damaged, or not ONNX"),
    ]
]  # fmt: skip
