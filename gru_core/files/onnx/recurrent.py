"""A recurrent node of an ONNX graph, and the linear map of its states that may end a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from gru_core.files.entries import Entry
from gru_core.files.onnx.axes import Atom, Axis, merged
from gru_core.files.onnx.maps import before
from gru_core.files.onnx.values import Flow, Map, Value
from gru_core.network.readout import Head
from gru_core.parameters.activations import SIGMOID

RECURRENT = ("GRU", "LSTM", "RNN")
HEADS: dict[str, Head] = {"Sigmoid": "sigmoid", "Softmax": "softmax"}
"""ONNX's names of what may follow the linear map."""
_SOFTMAX_BY_AXIS = 13
"""The opset from which Softmax is along one axis; before, it joined that axis and those after."""


@dataclass(frozen=True)
class Recurrent:
    """A GRU, LSTM or RNN node.

    Parameters
    ----------
    label : str
        Its name, or if it has none its operator and place.
    op : str
        One of `RECURRENT`.
    inputs : tuple of Value
        The known facts about each input; None also for an omitted one, see `names`.
    names : tuple of str
        The inputs' names; "" for an omitted one.
    attributes : dict
    time, batch, feature : Axis
        The axes of its states, D and H in one.
    """

    label: str
    op: str
    inputs: tuple[Value, ...]
    names: tuple[str, ...]
    attributes: dict[str, Any]
    time: Axis
    batch: Axis
    feature: Axis

    @property
    def layout(self) -> int:
        """1 if the batch axis comes before time."""
        return int(self.attributes.get("layout", 0))

    def has(self, place: int) -> bool:
        """Return whether the node has an input."""
        return len(self.names) > place and self.names[place] != ""

    def value(self, place: int) -> Value:
        """Return the known facts about an input."""
        return self.inputs[place] if len(self.inputs) > place else None

    def follows(self, other: "Recurrent") -> bool:
        """Return whether X is the states of `other`, in order, perhaps through fixed maps."""
        x = self.inputs[0]
        if not isinstance(x, Flow) or x.origin != other.label:
            return False
        if x.part not in ("states", "readout") or before(x, other.feature) is None:
            return False
        first = (other.batch, other.time) if self.layout else (other.time, other.batch)
        return x.axes[:-1] == first


def recurrent(
    op: str,
    label: str,
    inputs: Sequence[Value],
    names: Sequence[str],
    attributes: dict[str, Any],
) -> tuple[Recurrent, list[Value]]:
    """Return a recurrent node, and its Y and Y_h."""
    x = inputs[0] if inputs else None
    axes: tuple[Axis, ...] = x.axes if isinstance(x, Flow) and len(x.axes) == 3 else ()
    axes = axes or ((Atom(f"{label}:0", None),), (Atom(f"{label}:1", None),))
    time, batch = (axes[1], axes[0]) if attributes.get("layout", 0) else axes[:2]
    directions: Axis = (Atom(f"{label}:D", 1 + (attributes.get("direction") == b"bidirectional")),)
    hidden: Axis = (Atom(f"{label}:H", _hidden(inputs)),)
    found = Recurrent(
        label,
        op,
        tuple(inputs),
        tuple(names),
        attributes,
        time,
        batch,
        merged([directions, hidden]),
    )
    first, last = (time, directions, batch), (directions, batch)
    if found.layout:
        first, last = (batch, time, directions), (batch, directions)
    return found, [
        Flow(label, "states", (*first, hidden), time),
        Flow(label, "final", (*last, hidden), time),
    ]


def readout(
    op: str,
    label: str,
    inputs: Sequence[Value],
    attributes: Mapping[str, Any],
    nodes: Mapping[str, Recurrent],
) -> Flow | None:
    """Return a linear map of a node's states, or None if this is not one."""
    if op == "Add" and len(inputs) == 2:
        first, second = inputs
        return _with_bias(label, first, second) or _with_bias(label, second, first)
    if op not in ("MatMul", "Gemm") or len(inputs) < 2:
        return None
    states, weight = inputs[0], inputs[1]
    if not isinstance(states, Flow) or not isinstance(weight, Entry):
        return None
    if states.part not in ("states", "final") or states.maps or len(weight.shape) != 2:
        return None
    node = nodes[states.origin]
    if not states.axes or states.axes[-1] != node.feature:
        return None
    if states.part == "final" and direction_of(node) != "forward":
        return None  # the last state of the reverse direction is not that of the last step
    turned = op == "Gemm" and bool(attributes.get("transB", 0))
    out = (Atom(f"{states.origin}:O", weight.shape[0 if turned else 1]),)
    flow = Flow(
        states.origin,
        "readout",
        (*states.axes[:-1], out),
        states.time,
        weight=weight,
        turned=turned,
        maps=(Map(label, node.feature, out, weight, turned),),
    )
    if op == "MatMul":
        return flow
    if attributes.get("transA", 0) or attributes.get("alpha", 1) != 1:
        return None
    if len(inputs) < 3 or inputs[2] is None:
        return flow
    return _with_bias(label, flow, inputs[2]) if attributes.get("beta", 1) == 1 else None


def head(
    op: str, label: str, inputs: Sequence[Value], attributes: Mapping[str, Any], opset: int
) -> Flow | None:
    """Return a readout with a function of its outputs, or None if this is not one."""
    flow = inputs[0] if inputs else None
    if not isinstance(flow, Flow) or flow.part != "readout" or flow.head != "identity":
        return None
    if op == "Softmax":
        rank = len(flow.axes)
        axis = attributes.get("axis", -1 if opset >= _SOFTMAX_BY_AXIS else 1)
        out = (Atom(f"{flow.origin}:O", flow.size),)
        if not -rank <= axis < rank or flow.axes[axis] != out:
            return None
        if opset < _SOFTMAX_BY_AXIS and axis % rank != rank - 1:
            return None
    # A softmax is no map before another layer; `maps.before` refuses it.
    one = Map(label, activation=SIGMOID)
    return replace(flow, head=HEADS[op], maps=(*flow.maps, one))


def direction_of(node: Recurrent) -> str:
    """Return a node's direction.

    Examples
    --------
    >>> axis = ()
    >>> direction_of(Recurrent("gru", "GRU", (), (), {}, axis, axis, axis))
    'forward'
    """
    value: bytes = node.attributes.get("direction", b"forward")
    return value.decode(errors="replace")


def _hidden(inputs: Sequence[Value]) -> int | None:
    """Return H, from R of shape (D, gates·H, H)."""
    recurrent = inputs[2] if len(inputs) > 2 else None
    return recurrent.shape[-1] if isinstance(recurrent, Entry) and recurrent.shape else None


def _with_bias(label: str, flow: Value, bias: Value) -> Flow | None:
    """Return a readout with this bias, or None if this is not a readout and its bias."""
    if not isinstance(flow, Flow) or flow.part != "readout" or flow.bias is not None:
        return None
    if flow.head != "identity":
        return None
    if not isinstance(bias, Entry) or not bias.shape:
        return None
    size = flow.axes[-1][0].size
    if bias.shape[-1] != size or prod(bias.shape) != size or len(bias.shape) > len(flow.axes):
        return None
    vector = replace(bias, shape=(size,), fetch=lambda: bias.fetch().reshape(-1))
    one = Map(label, flow.axes[-1], flow.axes[-1], bias=vector)
    return replace(flow, bias=bias, maps=(*flow.maps, one))
