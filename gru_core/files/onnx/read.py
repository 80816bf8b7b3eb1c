"""Reads networks from ONNX files: the chain of recurrent nodes, its embedding and its readout.

Nothing is executed and no other file is opened. The `onnx` package turns bytes into messages, after
`onnx_scan` has walked them; it is an extra.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gru_core.errors import CoreError
from gru_core.files.chains import chains, choose
from gru_core.files.entries import Entry, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.onnx import maps
from gru_core.files.onnx import nodes as onnx_nodes
from gru_core.files.onnx.axes import Atom, Axis
from gru_core.files.onnx.graph import Graph, trace
from gru_core.files.onnx.recurrent import RECURRENT, Recurrent
from gru_core.files.onnx.scan import scan
from gru_core.files.onnx.values import Flow, Map, Value
from gru_core.files.onnx.write import GUESSED, LEFT_OUT
from gru_core.files.source import open_source
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout

_OLDEST = 7
"""The first opset with today's recurrent operators."""


def read(path: Path, name: str | None, limits: Limits) -> Network:
    """Return the network of an ONNX file.

    Parameters
    ----------
    path : Path
    name : str or None
        A node of the chain to read, if there are several.
    limits : Limits

    Returns
    -------
    Network
        GRU, LSTM or RNN nodes that follow one another. A Gather that feeds the first is its
        embedding; a MatMul or Gemm of the last one's states that is the graph's output, perhaps
        through Softmax or Sigmoid, is its readout. Constant initial states are those that layers
        start from. Inputs for lengths and initial states are left to `Network.run`.

    Raises
    ------
    FormatError
        If the file is damaged, refers to external data, has no such chain or several, or has one
        that is not a `Network`.
    """
    with open_source(path, limits) as source:
        model = _parsed(
            source.array(0, (source.size,), np.dtype(np.uint8)).data, source.name, limits
        )
        file = source.name
    graph = trace(model.graph, file, limits, _opset(model, file))
    if not graph.nodes:
        raise FormatError(file, None, _advice(model))
    kinds = {label: node.op for label, node in graph.nodes.items()}
    chain = [graph.nodes[label] for label in choose(_chains(graph), name, file, kinds)]
    _check_size(chain, file, limits)
    network = _network(graph, chain, file)
    left_out = (*network.left_out, *_left_out_before(model, file))
    return replace(network, guessed=_guessed(model, network), left_out=left_out)


def _guessed(model: Any, network: Network) -> tuple[str, ...]:
    """Return the parts that were a guess when we wrote the file."""
    said = [prop.value.split() for prop in model.metadata_props if prop.key == GUESSED]
    return tuple(part for part in network.guessable if any(part in each for each in said))


def _left_out_before(model: Any, file: str) -> tuple[str, ...]:
    """Return the parts that were left out before we wrote the file."""
    said = [prop.value for prop in model.metadata_props if prop.key == LEFT_OUT]
    try:
        found = [name for text in said for name in json.loads(text)]
    except (ValueError, TypeError, RecursionError):
        found = [None]
    if not all(isinstance(name, str) for name in found):
        raise FormatError(file, LEFT_OUT, "is not a JSON list of names")
    return tuple(found)


def _parsed(data: memoryview, file: str, limits: Limits) -> Any:
    """Return the file's ModelProto."""
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError:
        advice = "needs the package onnx (gruscope's extra onnx): pip install onnx"
        raise FormatError(file, None, advice) from None
    scan(data, onnx.ModelProto.DESCRIPTOR, file, limits)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except (DecodeError, RuntimeError, ValueError) as error:
        raise FormatError(file, None, f"is damaged, or not ONNX: {error}") from None
    if not model.HasField("graph"):
        raise FormatError(file, None, "is not an ONNX model: it has no graph")
    return model


def _opset(model: Any, file: str) -> int:
    """Return the opset, refusing those in which the operators had another meaning."""
    versions = [opset.version for opset in model.opset_import if opset.domain in ("", "ai.onnx")]
    if not versions or max(versions) < _OLDEST:
        found = f"opset {max(versions)}" if versions else "no opset"
        advice = "onnx.version_converter brings it to a newer one"
        raise FormatError(file, None, f"has {found}, {_OLDEST} or more is needed; {advice}")
    return int(max(versions))


def _chains(graph: Graph) -> list[list[str]]:
    """Return chains of recurrent nodes, each the only reader of the one before."""
    before = {
        label: found.label
        for label, node in graph.nodes.items()
        if (found := _before(node, graph)) is not None
    }
    return chains(list(graph.nodes), before)


def _before(node: Recurrent, graph: Graph) -> Recurrent | None:
    """Return the node that a node reads, if both can be layers of one network."""
    x = node.inputs[0] if node.inputs else None
    before = graph.nodes.get(x.origin) if isinstance(x, Flow) else None
    return before if before is not None and node.follows(before) else None


def _check_size(chain: Sequence[Recurrent], file: str, limits: Limits) -> None:
    """Refuse nodes that share constants and together need too many numbers."""
    inputs = [value for node in chain for value in node.inputs if isinstance(value, Entry)]
    if sum(elements(entry) for entry in inputs) > limits.parameters:
        message = f"would make a network of more than {limits.parameters} numbers"
        raise FormatError(file, f"node {chain[0].label!r}", message)


def _advice(model: Any) -> str:
    """Return a reason why there may be no recurrent node."""
    message = "has no GRU, LSTM or RNN node"
    if any(node.op_type in RECURRENT for function in model.functions for node in function.node):
        return f"{message} but in functions; onnx.inliner puts them into the graph"
    if model.producer_name == "pytorch":
        return f"{message}; if the exporter wrote a network out step by step, try dynamo=False"
    return message


def _network(graph: Graph, chain: list[Recurrent], file: str) -> Network:
    """Return the network of a chain of nodes, with embedding and readout, in the widest dtype."""
    table = _table(chain[0].inputs[0]) if chain[0].inputs else None
    last = _readout(graph, chain[-1])
    before = [_maps(chain[0], None if table is None else _rows(chain[0].inputs[0]))]
    before += [_maps(node, one.feature) for one, node in pairwise(chain)]
    layers = [_layer(node, each, file) for node, each in zip(chain, before, strict=True)]
    used = {one.label for each in before for one in each}
    used |= set() if last is None else {one.label for one in last.maps}
    ends = [table, *((None, None) if last is None else (last.weight, last.bias))]
    arrays = [None if entry is None else entry.read() for entry in ends]
    kinds = [layer.first.dtype for layer in layers] + [a.dtype for a in arrays if a is not None]
    dtype = np.result_type(*kinds)
    rows, W, b = (None if array is None else array.astype(dtype) for array in arrays)
    try:
        made = tuple(layer.astype(dtype) for layer in layers)
        readout = None
        if last is not None and W is not None:
            b = None if b is None else b.reshape(-1)
            readout = Readout(W if last.turned else W.T, b, last.head)
        return Network(made, rows, readout, left_out=_left_out(graph, chain, used))
    except CoreError as error:
        raise FormatError(file, f"node {chain[0].label!r}", str(error)) from None


def _table(x: Value) -> Entry | None:
    """Return the embedding that produces X, if its rows are still X's rows."""
    if not isinstance(x, Flow) or x.part != "embedded" or x.table is None:
        return None
    return None if maps.before(x, _rows(x)) is None else x.table


def _rows(x: Value) -> Axis | None:
    """Return the axis of an embedding's rows."""
    if not isinstance(x, Flow) or x.table is None:
        return None
    return (Atom(f"{x.origin}:I", x.table.shape[1]),)


def _maps(node: Recurrent, axis: Axis | None) -> tuple[Map, ...]:
    """Return the maps that X goes through; without any, it is the network's input."""
    return maps.before(node.inputs[0] if node.inputs else None, axis) or ()


def _layer(node: Recurrent, maps_before: tuple[Map, ...], file: str) -> Layer:
    """Return a node's layer with the maps before it, in the widest dtype."""
    layer = onnx_nodes.layer(node, file)
    before = maps.betweens(maps_before)
    kinds = [array.dtype for one in before for array in one.arrays.values()]
    dtype = np.result_type(layer.first.dtype, *kinds)
    try:
        return replace(layer.astype(dtype), before=tuple(one.astype(dtype) for one in before))
    except CoreError as error:
        raise FormatError(file, f"node {node.label!r}", str(error)) from None


def _left_out(graph: Graph, chain: list[Recurrent], used: set[str]) -> tuple[str, ...]:
    """Return the names of the nodes that compute something which the network does not have."""
    labels = {node.label for node in chain}
    others = [f"{label} ({n.op})" for label, n in graph.nodes.items() if label not in labels]
    return (*others, *(name for label, name in graph.steps.items() if label not in used))


def _readout(graph: Graph, last: Recurrent) -> Flow | None:
    """Return the one linear map of the last states that is an output of the graph.

    The graph may also return the same map without its softmax or sigmoid.
    """
    found = [
        value
        for value in graph.outputs
        if isinstance(value, Flow) and value.part == "readout" and value.origin == last.label
    ]
    arrays = {(id(value.weight), id(value.bias)) for value in found}
    heads = [value for value in found if value.head != "identity"]
    if len(arrays) != 1 or len({value.head for value in heads}) > 1:
        return None
    return [*heads, *found][0]
