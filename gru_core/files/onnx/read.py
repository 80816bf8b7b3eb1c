"""Reads networks from ONNX files: the chain of recurrent nodes, its embedding and its readout.

Nothing is executed and no other file is opened. The package onnx, an extra, turns bytes into
messages; tensors that refer to other files are refused before any is decoded.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
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
from gru_core.files.onnx.graph import Graph, trace
from gru_core.files.onnx.recurrent import Recurrent
from gru_core.files.onnx.refusals import QUANTIZED, without
from gru_core.files.onnx.tensors import refuse_external
from gru_core.files.onnx.values import Flow, Map
from gru_core.files.onnx.write import GUESSED, LEFT_OUT
from gru_core.files.source import open_source
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.activations import LINEAR

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
        raise FormatError(file, None, without(model))
    kinds = {label: node.op for label, node in graph.nodes.items()}
    chain = [graph.nodes[label] for label in choose(_chains(graph), name, file, kinds)]
    if name is None:
        _check_exact(chain, file)
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
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except (DecodeError, RuntimeError, ValueError) as error:
        raise FormatError(file, None, f"is damaged, or not ONNX: {error}") from None
    if not model.HasField("graph"):
        raise FormatError(file, None, "is not an ONNX model: it has no graph")
    refuse_external(model, file, limits)
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
    x = node.value(0)
    before = graph.nodes.get(x.origin) if isinstance(x, Flow) else None
    return before if before is not None and node.follows(before) else None


def _check_size(chain: Sequence[Recurrent], file: str, limits: Limits) -> None:
    """Refuse nodes that share constants and together need too many numbers."""
    inputs = [value for node in chain for value in node.inputs if isinstance(value, Entry)]
    if sum(elements(entry) for entry in inputs) > limits.parameters:
        message = f"would make a network of more than {limits.parameters} numbers"
        raise FormatError(file, f"node {chain[0].label!r}", message)


def _check_exact(chain: Sequence[Recurrent], file: str) -> None:
    """Ask for the name of a network that would not compute what its file computes."""
    for node in chain:
        if node.is_quantized:
            message = QUANTIZED.format(node.label)
            raise FormatError(file, f"node {node.label!r}", message, [node.label])


def _network(graph: Graph, chain: list[Recurrent], file: str) -> Network:
    """Return the network of a chain of nodes, with embedding and readout, in the widest dtype."""
    x = chain[0].value(0)
    first = x if isinstance(x, Flow) and x.in_order and not x.has_softmax else None
    flows = [first, *(node.value(0) for node in chain[1:])]
    before = [x.maps if isinstance(x, Flow) else () for x in flows]
    layers = [_layer(node, each, file) for node, each in zip(chain, before, strict=True)]
    ends = _readout(graph, chain[-1])
    rows = None if first is None or first.table is None else first.table.read()
    kinds = [layer.first.dtype for layer in layers] + ([] if rows is None else [rows.dtype])
    last = None if ends is None else maps.readout(ends.maps, np.result_type(*kinds))
    dtype = np.result_type(*kinds, *([] if last is None else [last.W]))
    used = {one.label for each in (*before, () if ends is None else ends.maps) for one in each}
    try:
        return Network(
            tuple(layer.astype(dtype) for layer in layers),
            None if rows is None else rows.astype(dtype),
            last,
            left_out=_left_out(graph, chain, used),
        )
    except CoreError as error:
        raise FormatError(file, f"node {chain[0].label!r}", str(error)) from None


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
    rounding = [f"the rounding of x and h to 8 bits in {n.label}" for n in chain if n.is_quantized]
    return (*others, *rounding, *(n for label, n in graph.steps.items() if label not in used))


def _readout(graph: Graph, last: Recurrent) -> Flow | None:
    """Return the one linear map of the last states that is an output of the graph.

    The graph may also return the same map without its softmax or sigmoid.
    """
    found = [
        value
        for value in graph.outputs
        if isinstance(value, Flow)
        and value.origin == last.label
        and not value.is_input
        and maps.head(value.maps) is not None
        and last.is_answered_by(value)
    ]
    heads = [value for value in found if maps.head(value.maps) != "identity"]
    linear = {tuple(m.label for m in v.maps if m.activation == LINEAR) for v in found}
    if len(linear) != 1 or len({maps.head(value.maps) for value in heads}) > 1:
        return None
    return [*heads, *found][0]
