"""The recurrent nodes of an ONNX graph, and how they are connected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from gru_core.files.entries import Entry, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.onnx import dispatch as onnx_dispatch
from gru_core.files.onnx import maps as onnx_maps
from gru_core.files.onnx import repeat as onnx_repeat
from gru_core.files.onnx.attributes import FIELDS, TYPES, stated
from gru_core.files.onnx.axes import Atom
from gru_core.files.onnx.recurrent import HEADS, RECURRENT, Recurrent, head, readout, recurrent
from gru_core.files.onnx.tensors import constant
from gru_core.files.onnx.values import SIZES, Flow, Repeated, Value, Zeros

_DOMAINS = ("", "ai.onnx")
_GROWTH = 20
"""The most rearrangements of each weight in an exported graph."""
_UNDERSTOOD = {
    *RECURRENT,
    *onnx_dispatch.OPERATORS,
    *onnx_maps.OPERATORS,
    "Constant",
    *HEADS,
}
_SIZES = {"Shape", "Size"}
_MOVING = {*RECURRENT, *onnx_dispatch.OPERATORS} - {"Mul"}
"""Operators that compute nothing, and those that become layers."""


@dataclass(frozen=True)
class Graph:
    """The contents of a graph.

    Parameters
    ----------
    nodes : dict
        Recurrent nodes by label, in the file's order.
    outputs : list of Value
        The known facts about the graph's outputs.
    steps : dict of str
        The other nodes that compute with an input's numbers by label, as messages name them.
    """

    nodes: dict[str, Recurrent]
    outputs: list[Value]
    steps: dict[str, str]


def trace(proto: Any, file: str, limits: Limits, opset: int) -> Graph:
    """Follow the values of a graph from its inputs and constants to its outputs.

    Parameters
    ----------
    proto : onnx.GraphProto
    file : str
        For errors.
    limits : Limits
    opset : int
        The version of ONNX's operators.

    Raises
    ------
    FormatError
        If the graph is invalid (a duplicate name, or one used before it is defined), has invalid
        tensors, or exceeds the limits.
    """
    return _Tracer(file, limits, opset).run(proto)


class _Tracer:
    """The values of one graph, by name."""

    def __init__(self, file: str, limits: Limits, opset: int) -> None:
        self._file = file
        self._opset = opset
        self._limits = limits
        self._values: dict[str, Value] = {}
        self._nodes: dict[str, Recurrent] = {}
        self._zeros: dict[str, bool] = {}
        self._steps: dict[str, str] = {}
        self._data: set[str] = set()
        """The names of what depends on the numbers of an input, not only on its sizes."""
        self._numbers = 0
        self._made = 0

    def run(self, proto: Any) -> Graph:
        if len(proto.node) + len(proto.initializer) > self._limits.entries:
            self._fail(None, f"has more than {self._limits.entries} nodes and tensors")
        for tensor in proto.initializer:
            self._define(tensor.name, self._constant(tensor, tensor.name), None)
        for tensor in proto.sparse_initializer:
            self._define(tensor.values.name, None, None)
        for graph_input in proto.input:
            if graph_input.name not in self._values:  # else it is a default, which is kept
                self._define(graph_input.name, _graph_input(graph_input), None)
                self._data.add(graph_input.name)
        for number, node in enumerate(proto.node):
            self._visit(node, number)
        outputs = [self._values.get(output.name) for output in proto.output]
        return Graph(self._nodes, outputs, self._steps)

    def _visit(self, node: Any, number: int) -> None:
        """Determine a node's outputs."""
        label = self._label(node, number)
        for name in node.input:
            if name and name not in self._values:
                self._fail(label, f"takes {name!r}, which nothing before it gives: a circle?")
        inputs = [self._values[name] if name else None for name in node.input]
        results: Sequence[Value] = ()
        if node.domain in _DOMAINS and node.op_type in _UNDERSTOOD:
            results = self._results(node, label, inputs)
        if node.op_type not in _SIZES and not self._data.isdisjoint(node.input):
            self._data.update(node.output)
            if node.op_type not in _MOVING:
                op = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
                self._steps[label] = f"{node.name} ({op})" if node.name else label
        for place, name in enumerate(node.output):
            if name:
                self._define(name, results[place] if place < len(results) else None, label)

    def _results(self, node: Any, label: str, inputs: list[Value]) -> Sequence[Value]:
        """Return the result of an operator."""
        attributes = self._attributes(node, label)
        if node.op_type in RECURRENT:
            made, results = recurrent(node.op_type, label, inputs, node.input, attributes)
            self._nodes[label] = made
            return results
        if node.op_type == "Constant":
            return [stated(attributes, self._file, node.output[0] if node.output else "")]
        if node.op_type in ("Expand", "Tile") and inputs:
            return [self._repeated(node, inputs)]
        op = node.op_type
        if op in HEADS and (found := head(op, label, inputs, attributes, self._opset)):
            return [found]
        followed = readout(op, label, inputs, attributes, self._nodes)
        followed = followed or onnx_maps.mapped(op, label, inputs, attributes)
        return [followed or self._kept(onnx_dispatch.apply(op, inputs, attributes))]

    def _kept(self, value: Value) -> Value:
        """Compute a constant now, if it fits, so that long chains do not accumulate."""
        if isinstance(value, Repeated):
            kept = self._kept(value.entry)
            assert isinstance(kept, Entry)
            return Repeated(kept)
        if not isinstance(value, Entry):
            return value
        self._made += elements(value)
        if self._made > _GROWTH * self._numbers:
            allowed = f"more than {_GROWTH} times the numbers in the file"
            raise value.error(f"is made of others, which come to {allowed}")
        try:
            array = value.fetch()
        except FormatError as error:
            return replace(value, fetch=_raising(error))
        return replace(value, fetch=lambda: array)

    def _repeated(self, node: Any, inputs: list[Value]) -> Value:
        """Repeat a value; each constant is checked for zeros only once, however often it is."""
        value, shape = [*inputs, None][:2]
        if isinstance(value, Entry):
            name = node.input[0]
            if name not in self._zeros:
                try:
                    self._zeros[name] = not np.count_nonzero(value.fetch())
                except FormatError:
                    return None  # a damaged constant matters only where it is used
            if self._zeros[name]:
                return Zeros()
        elif not isinstance(value, Repeated):
            return onnx_dispatch.apply(node.op_type, inputs, {})
        return onnx_repeat.repeated(node.op_type, value, shape)

    def _constant(self, tensor: Any, name: str) -> Entry:
        entry = constant(tensor, self._file, name)
        self._count(entry)
        return entry

    def _count(self, entry: Entry) -> None:
        """Refuse constants that are impossible or too large, before they are made."""
        self._numbers += elements(entry)
        if self._numbers > self._limits.parameters:
            raise entry.error(f"brings the graph to more than {self._limits.parameters} numbers")

    def _attributes(self, node: Any, label: str) -> dict[str, Any]:
        """Return a node's attributes, each of the type that ONNX gives it."""
        found: dict[str, Any] = {}
        for attribute in node.attribute:
            name = attribute.name
            if name in found:
                self._fail(label, f"has the attribute {name!r} twice")
            field = FIELDS.get(attribute.type)
            if field is None or TYPES.get(name, field) != field:
                self._fail(label, f"has an attribute {name!r} of type {attribute.type}")
            value = getattr(attribute, field)
            if field == "t":
                value = self._constant(value, node.output[0] if node.output else "")
            found[name] = list(value) if field in ("floats", "ints", "strings") else value
        return found

    def _label(self, node: Any, number: int) -> str:
        """Return a node's label: its name if that is unique."""
        label: str = node.name or f"{node.op_type} #{number}"
        return label if label not in self._nodes else f"{label} #{number}"

    def _define(self, name: str, value: Value, label: str | None) -> None:
        if name in self._values:
            self._fail(label, f"{name!r} is given twice")
        self._values[name] = value

    def _fail(self, label: str | None, message: str) -> NoReturn:
        raise FormatError(self._file, None if label is None else f"node {label!r}", message)


def _graph_input(proto: Any) -> Flow | None:
    """Return a graph's input, or None if its rank is unknown or too large."""
    if not proto.type.HasField("tensor_type") or not proto.type.tensor_type.HasField("shape"):
        return None
    dims = proto.type.tensor_type.shape.dim
    if len(dims) > SIZES:
        return None
    axes = tuple(
        (Atom(f"{proto.name}:{i}", dim.dim_value if dim.dim_value > 0 else None),)
        for i, dim in enumerate(dims)
    )
    return Flow(proto.name, "input", axes)


def _raising(error: FormatError) -> Any:
    def fetch() -> NoReturn:
        raise error

    return fetch
