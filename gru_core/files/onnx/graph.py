"""The recurrent nodes of an ONNX graph, and how they are connected."""

from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NoReturn

import numpy as np

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.onnx import glue, maps, quantized
from gru_core.files.onnx.constants import Constants
from gru_core.files.onnx.recurrent import RECURRENT, Recurrent, alike, operator, recurrent
from gru_core.files.onnx.tensors import attributes
from gru_core.files.onnx.values import FREE, Flow, Value, same

_IDS = 1 << 26
"""The most identities of elements that are made."""
_ROWS, _FEW = 64, 8
"""An input of more rows than this has free sizes, but for sizes of `_FEW` or less."""
_SYMBOLS = (6, 7)
"""ONNX's numbers of int32 and int64."""
_MOVING = {
    *glue.MOVES,
    "Constant",
    "ConstantOfShape",
    "Shape",
    "Size",
    *(op for _, op in RECURRENT),
}
"""Operators that compute nothing, and those that become layers."""
_UNDERSTOOD = {*glue.MOVES, *glue.SIZES, *maps.OPERATORS, *quantized.OPERATORS, "Constant"}


@dataclass(frozen=True)
class Graph:
    """The contents of a graph.

    Parameters
    ----------
    nodes : dict
        Recurrent nodes by label, in the file's order.
    outputs : list of Value
        What is known about the graph's outputs.
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
    """The values of a graph by name; a branch of an If sees those around it."""

    def __init__(self, file: str, limits: Limits, opset: int) -> None:
        self._file = file
        self._opset = opset
        self._limits = limits
        self._values: ChainMap[str, Value] = ChainMap()
        self._nodes: dict[str, Recurrent] = {}
        self._steps: dict[str, str] = {}
        self._data: set[str] = set()
        """The names of what depends on the numbers of an input, not only on its sizes."""
        self._constants = Constants(file, limits)
        self._parts = self._ids = 0

    def run(self, proto: Any) -> Graph:
        self._parts += len(proto.node) + len(proto.initializer)
        if self._parts > self._limits.entries:
            self._fail(None, f"has more than {self._limits.entries} nodes and tensors")
        for tensor in proto.initializer:
            self._define(tensor.name, self._constants.tensor(tensor, tensor.name))
        for tensor in proto.sparse_initializer:
            self._define(tensor.values.name, None)
        for given in proto.input:
            if given.name not in self._values:  # else it is a default, which is kept
                self._define(given.name, self._input(given))
                self._data.add(given.name)
        for number, node in enumerate(proto.node):
            self._visit(node, number)
        return Graph(self._nodes, [self._values.get(o.name) for o in proto.output], self._steps)

    def _input(self, proto: Any) -> Flow | None:
        """Return a graph's input, or None if its rank is unknown or too large."""
        kind = proto.type.tensor_type
        sizes = [dim.dim_value for dim in kind.shape.dim]
        if not kind.HasField("shape") or not 0 < len(sizes) <= len(FREE):
            return None
        leading = len(sizes) if kind.elem_type in _SYMBOLS else len(sizes) - 1
        is_large = prod(sizes[:leading]) > _ROWS
        for i, size in enumerate(sizes):
            if size <= 0 or (is_large and i < leading and size > _FEW):
                sizes[i] = FREE[i]
                free = self._constants.free
                if size > 0:  # equal sizes that become different ones are told apart by place
                    free[size] = size if free.get(size, FREE[i]) != FREE[i] else FREE[i]
        if prod(sizes) > glue.MOST:
            return None
        ids = np.arange(prod(sizes), dtype=np.int32).reshape(sizes)
        return Flow(proto.name, True, ids, sizes[-1])

    def _visit(self, node: Any, number: int) -> None:
        """Determine a node's outputs."""
        label: str = node.name or f"{node.op_type} #{number}"
        label = label if label not in self._nodes else f"{label} #{number}"
        for name in node.input:
            if name and name not in self._values:
                self._fail(label, f"takes {name!r}, which nothing before it gives: a circle?")
        inputs = [self._values[name] if name else None for name in node.input]
        named = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        named = f"{node.name} ({named})" if node.name else label
        if node.op_type == "If":
            results = self._either(node, inputs, label, named)
        else:
            results = self._results(node, inputs, label)
            if node.op_type not in ("Shape", "Size") and not self._data.isdisjoint(node.input):
                self._data.update(node.output)
                is_table = node.op_type == "Gather" and isinstance(inputs[0], Entry)
                if is_table or node.op_type not in _MOVING:
                    self._steps[label] = named
        for place, name in enumerate(node.output):
            if name:
                self._define(name, results[place] if place < len(results) else None, label)

    def _results(self, node: Any, inputs: list[Value], label: str) -> Sequence[Value]:
        """Return what is known about an operator's outputs."""
        key = operator(node)
        if key not in RECURRENT and (key[0] or key[1] not in _UNDERSTOOD):
            return []
        found = attributes(node, self._opset, self._file, label)
        if key in RECURRENT:
            self._nodes[label], results = recurrent(key, label, inputs, node.input, found)
            return [self._afforded(flow) for flow in results]
        op = node.op_type
        damaged = [value for value in inputs if isinstance(value, FormatError)]
        if damaged:
            return damaged[:1] * len(node.output)
        try:
            if op in quantized.OPERATORS:
                return [quantized.followed(op, label, inputs, found)]
            if op in maps.OPERATORS and any(isinstance(value, Flow) for value in inputs):
                return [self._afforded(maps.mapped(op, label, inputs, found, self._opset))]
        except FormatError as error:  # of a constant, which matters only where it is used
            return [error] * len(node.output)
        return [self._afforded(v) for v in self._constants.results(node, label, inputs, found)]

    def _afforded(self, value: Value) -> Value:
        """Return a value, None if there are too many identities of elements."""
        if isinstance(value, Flow):
            self._ids += value.ids.size
        return None if isinstance(value, Flow) and self._ids > _IDS else value

    def _either(self, node: Any, inputs: list[Value], label: str, named: str) -> Sequence[Value]:
        """Return what both branches of an If give, or the one that its sizes decide for."""
        graphs = {a.name: a.g for a in node.attribute if a.HasField("g")}
        if set(graphs) != {"then_branch", "else_branch"}:
            return []
        then, other = graphs["then_branch"], graphs["else_branch"]
        condition = inputs[0] if inputs else None
        if isinstance(condition, Entry) and not (inside([then]) or inside([other])):
            then = other = then if condition.fetch().any() else other
        first = self._within(then)
        second = first if other is then else self._within(other)
        labels = dict(zip(second.nodes, first.nodes, strict=False))
        pairs = zip(first.nodes.values(), second.nodes.values(), strict=False)
        agree = len(first.nodes) == len(second.nodes) and all(
            alike(a, b, labels, self._values) for a, b in pairs
        )
        results: list[Value] = [
            a if a is b or same(a, b, labels) else None
            for a, b in zip(first.outputs, second.outputs, strict=False)
        ]
        if agree:
            self._nodes |= first.nodes
            self._steps |= first.steps
        ends = [value.name for graph in (then, other) for value in graph.output]
        if not self._data.isdisjoint([*node.input, *ends]):
            self._data.update(node.output)
            if not agree or None in results:
                self._steps[label] = named
        return results if agree else []

    def _within(self, proto: Any) -> Graph:
        """Follow the values of a branch."""
        around = self._values, self._nodes, self._steps
        self._values, self._nodes, self._steps = self._values.new_child(), {**self._nodes}, {}
        found = self.run(proto)
        self._values, self._nodes, self._steps = around
        return replace(found, nodes={n: v for n, v in found.nodes.items() if n not in self._nodes})

    def _define(self, name: str, value: Value, label: str | None = None) -> None:
        if name in self._values:
            self._fail(label, f"{name!r} is given twice")
        self._values[name] = value

    def _fail(self, label: str | None, message: str) -> NoReturn:
        raise FormatError(self._file, None if label is None else f"node {label!r}", message)


def inside(graphs: Sequence[Any]) -> bool:
    """Return whether there is a recurrent node in these graphs, or in graphs in them."""
    return any(operator(node) in RECURRENT for node in walk(graphs))


def walk(graphs: Sequence[Any]) -> Iterator[Any]:
    """Yield the nodes of graphs, and of the graphs in them."""
    todo = list(graphs)
    while todo:
        for node in todo.pop().node:
            yield node
            todo += [a.g for a in node.attribute if a.HasField("g")]
