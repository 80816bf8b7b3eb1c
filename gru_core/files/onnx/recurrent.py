"""A recurrent node of an ONNX graph, and what its states are in the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gru_core.files.entries import Entry
from gru_core.files.onnx.glue import MOST
from gru_core.files.onnx.values import FREE, Flow, Value, same, spread

RECURRENT: Final = {
    ("", "GRU"): "GRU",
    ("", "LSTM"): "LSTM",
    ("", "RNN"): "RNN",
    ("com.microsoft", "DynamicQuantizeLSTM"): "LSTM",
}
"""The nodes that are layers, by domain and operator, and what they compute."""


def operator(node: Any) -> tuple[str, str]:
    """Return a NodeProto's domain, "" for ONNX's own, and its operator."""
    return "" if node.domain == "ai.onnx" else node.domain, node.op_type


@dataclass(frozen=True)
class Recurrent:
    """A GRU, LSTM or RNN node.

    Parameters
    ----------
    label : str
        Its name, or if it has none its operator and place.
    op : {"GRU", "LSTM", "RNN"}
    inputs : tuple of Value
        What is known about each input; None also for an omitted one, see `names`.
    names : tuple of str
        The inputs' names; "" for an omitted one.
    attributes : dict
    steps, batch : int
        T and B.
    is_quantized : bool
    """

    label: str
    op: str
    inputs: tuple[Value, ...]
    names: tuple[str, ...]
    attributes: dict[str, Any]
    steps: int
    batch: int
    is_quantized: bool = False

    @property
    def layout(self) -> int:
        """1 if the batch axis comes before time."""
        return int(self.attributes.get("layout", 0))

    @property
    def direction(self) -> str:
        """Its direction, as the file has it."""
        value: bytes = self.attributes.get("direction", b"forward")
        return value.decode(errors="replace")

    def has(self, place: int) -> bool:
        """Return whether the node has an input."""
        return len(self.names) > place and self.names[place] != ""

    def value(self, place: int) -> Value:
        """Return what is known about an input."""
        return self.inputs[place] if len(self.inputs) > place else None

    def follows(self, other: "Recurrent") -> bool:
        """Return whether X is the states of `other`, in order, perhaps through fixed maps."""
        x = self.value(0)
        if not isinstance(x, Flow) or x.is_input or x.has_softmax or x.origin != other.label:
            return False
        if (self.steps, self.batch) != (other.steps, other.batch):
            return False
        rows = np.arange(self.steps * self.batch, dtype=np.int32).reshape(self.steps, self.batch)
        return np.array_equal(x.ids, spread(rows.T if self.layout else rows, x.width))

    def is_answered_by(self, x: Flow) -> bool:
        """Return whether these are of every step, or all of the last one."""
        t = np.unique(x.ids // (x.width * self.batch))
        return np.array_equal(t, np.arange(self.steps)) or np.array_equal(t, [self.steps - 1])


def recurrent(
    key: tuple[str, str],
    label: str,
    inputs: Sequence[Value],
    names: Sequence[str],
    attributes: dict[str, Any],
) -> tuple[Recurrent, list[Value]]:
    """Return a recurrent node, and its Y and Y_h."""
    op, is_quantized = RECURRENT[key], key[0] != ""
    x = inputs[0] if inputs else None
    sizes = x.ids.shape[:2] if isinstance(x, Flow) and x.ids.ndim == 3 else FREE[:2]
    steps, batch = sizes[::-1] if attributes.get("layout", 0) else sizes
    given = tuple(inputs), tuple(names), attributes
    node = Recurrent(label, op, *given, steps, batch, is_quantized)
    R = node.value(2)
    if not isinstance(R, Entry) or len(R.shape) != 3:
        return node, []
    D, H = R.shape[0], R.shape[1 if is_quantized else 2]
    if not 0 < node.steps * node.batch * D * H <= MOST:
        return node, []
    units = np.arange(D * H, dtype=np.int32).reshape(D, 1, H)
    every = np.arange(node.steps * node.batch, dtype=np.int32)
    each = every.reshape(node.steps, 1, -1, 1) * (D * H) + units  # (T, D, B, H)
    forward = -1 if node.direction != "reverse" else 0
    last = np.concatenate([each[forward, :1], each[0, 1:]])
    if node.layout:
        each, last = each.transpose(2, 0, 1, 3), last.transpose(1, 0, 2)
    return node, [Flow(label, False, ids, D * H) for ids in (each, last)]


def alike(a: Recurrent, b: Recurrent, labels: dict[str, str], around: Mapping[str, Value]) -> bool:
    """Return whether two nodes are known to compute the same.

    Parameters
    ----------
    a, b : Recurrent
        Of two branches.
    labels : dict
        The label in the first branch for each label in the second.
    around : mapping
        The values that both branches see.
    """
    pairs = zip(a.names, b.names, a.inputs, b.inputs, strict=False)
    return (
        (a.op, a.is_quantized, a.attributes) == (b.op, b.is_quantized, b.attributes)
        and len(a.names) == len(b.names)
        and all((m == n and (m == "" or m in around)) or same(x, y, labels) for m, n, x, y in pairs)
    )
