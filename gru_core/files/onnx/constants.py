"""Constants of an ONNX graph, rearranged by its nodes; and flows, by the same functions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.onnx import glue
from gru_core.files.onnx.tensors import constant
from gru_core.files.onnx.values import Flow, Map, Value, spread

_GROWTH = 20
"""The most rearrangements of each weight in an exported graph."""
_SPARE = 1 << 22
"""Elements that any graph may make of its constants."""
_FLOATS = {1: "float32", 10: "float32", 11: "float64", 16: "float32"}
_MEASURES = ("Shape", "Size")


class Constants:
    """Makes constants of others, within limits.

    Parameters
    ----------
    file : str
        For errors.
    limits : Limits
    """

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._numbers = self._made = 0
        self.free: dict[int, int] = {}
        """The free sizes that take the place of large ones."""

    def tensor(self, proto: Any, name: str) -> Entry:
        """Return a tensor of the file, refusing those that are impossible or too many."""
        entry = constant(proto, self._file, name)
        self._numbers += elements(entry)
        if self._numbers > self._limits.parameters:
            raise entry.error(f"brings the graph to more than {self._limits.parameters} numbers")
        return entry

    def results(
        self, node: Any, label: str, inputs: Sequence[Value], attributes: dict[str, Any]
    ) -> Sequence[Value]:
        """Return what is known about the outputs of a node that rearranges or makes sizes.

        Parameters
        ----------
        node : onnx.NodeProto
            Its operator is one of `glue.MOVES` or `glue.SIZES`, or Constant.
        label : str
        inputs : sequence of Value
        attributes : dict
        """
        op, name = node.op_type, node.output[0] if node.output else ""
        if "value" in attributes:
            attributes = attributes | {"value": self.tensor(attributes["value"], name)}
        if op == "Constant":
            return [self._stated(attributes, name)]
        if not inputs:
            return []
        first, *rest = inputs
        is_known = all(v is not None or not n for v, n in zip(rest, node.input[1:], strict=True))
        if isinstance(first, Entry):
            if op == "Gather" and isinstance(inputs[-1], Flow):
                return [_embedded(first, inputs[-1], attributes, label)]
            if op == "Expand" and not is_known:
                return [first]  # a start state fits any batch
            if op == "Cast":
                return [_cast(first, attributes.get("to", 0))]
        if isinstance(first, Flow) and (op == "Concat" or op not in (*glue.MOVES, *_MEASURES)):
            return []
        if first is None or not is_known or any(isinstance(value, Flow) for value in rest):
            return []
        return self._applied(op, inputs, attributes | {"outputs": len(node.output)})

    def _applied(
        self, op: str, inputs: Sequence[Value], attributes: dict[str, Any]
    ) -> Sequence[Value]:
        """Apply an operator to constants, or to a flow's identities."""
        first = inputs[0]
        try:
            arrays = [_array(value, op) for value in inputs]
            more = {n: v.fetch() for n, v in attributes.items() if isinstance(v, Entry)}
        except FormatError as error:
            return [error] * attributes["outputs"]
        found = glue.applied(op, arrays, attributes | more | {"free": self.free})
        if isinstance(first, Flow) and op not in _MEASURES:
            return [replace(first, ids=ids) for ids in found]
        names = [value.name for value in inputs if isinstance(value, Entry)]
        for array in found:
            if not any(a is not None and np.may_share_memory(array, a) for a in arrays):
                self._made += array.size
        if self._made > _GROWTH * self._numbers + _SPARE:
            allowed = f"more than {_GROWTH} times the numbers in the file"
            message = f"is made of others, which come to {allowed}"
            return [FormatError(self._file, [*names, op][0], message)] * len(found)
        return [_entry(self._file, [*names, op][0], array) for array in found]

    def _stated(self, attributes: dict[str, Any], name: str) -> Entry | None:
        """Return the value of a Constant node, or None if it is not numbers."""
        for key, dtype in (("value", ""), ("value_int", "int64"), ("value_float", "float32")):
            for each in (key, f"{key}s"):
                if each in attributes:
                    value = attributes[each]
                    if isinstance(value, Entry):
                        return value
                    return _entry(self._file, f"tensor {name!r}", np.array(value, dtype))
        return None


def _array(value: Value, op: str) -> NDArray[Any] | None:
    if isinstance(value, Flow):
        return value.ids
    if isinstance(value, Entry) and op in _MEASURES:
        return np.broadcast_to(np.uint8(0), value.shape)
    return value.fetch() if isinstance(value, Entry) else None


def _entry(file: str, name: str, array: NDArray[Any]) -> Entry:
    return Entry(file, name, str(array.dtype), array.shape, lambda: array)


def _cast(value: Entry, to: int) -> Entry | None:
    """Return weights in another width; integers stay as they are, being sizes."""
    if value.dtype not in ("float16", "float32", "float64"):
        return value
    dtype = _FLOATS.get(to)
    if dtype is None:
        return None
    with np.errstate(over="ignore"):  # reading refuses what is not finite
        return replace(value, dtype=dtype, fetch=lambda: value.read().astype(dtype))


def _embedded(table: Entry, symbols: Flow, attributes: dict[str, Any], label: str) -> Flow | None:
    """Return rows of a table, one for each symbol of an input."""
    if attributes.get("axis", 0) != 0 or len(table.shape) != 2 or not symbols.is_input:
        return None
    I = table.shape[1]
    if symbols.maps or symbols.table is not None or symbols.ids.size * I > glue.MOST:
        return None
    return Flow(symbols.origin, True, spread(symbols.ids, I), I, (Map(label),), table)
