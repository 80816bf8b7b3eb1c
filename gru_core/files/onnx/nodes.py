"""The params of one recurrent ONNX node: its attributes, and its weights in our order.

ONNX stacks z, r, h and i, o, f, c, the two biases of every gate one after the other, and one
direction before the other: W (D, G·H, I), R (D, G·H, H), B (D, 2·G·H), P (D, 3·H).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.gru import GRUParams
from gru_core.cells.lstm import LSTMParams
from gru_core.cells.rnn import RNNParams
from gru_core.errors import CoreError
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.onnx.recurrent import Recurrent, direction_of
from gru_core.files.onnx.values import Fixed, Flow, Repeated, RunInput, Zeros
from gru_core.network.layer import Layer
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS, FORWARD, REVERSE, Direction

_X, _W, _R, _B, _LENGTHS, _H0, _C0, _P = range(8)
_KINDS: dict[str, type[Params]] = {"GRU": GRUParams, "LSTM": LSTMParams, "RNN": RNNParams}
_ORDER = {"GRU": (0, 1, 2), "LSTM": (0, 2, 1, 3), "RNN": (0,)}
"""The places of our gates z r n, i f o g in ONNX's order."""
_COMMON = {
    "activation_alpha", "activation_beta", "activations", "clip", "direction", "hidden_size",
    "layout",
}  # fmt: skip
_ATTRIBUTES = {
    "GRU": _COMMON | {"linear_before_reset"},
    "LSTM": _COMMON | {"input_forget"},
    "RNN": _COMMON,
}
_READS: dict[str, tuple[Direction, ...]] = {
    FORWARD: (FORWARD,),
    REVERSE: (REVERSE,),
    "bidirectional": DIRECTIONS,
}


def layer(node: Recurrent, file: str) -> Layer:
    """Return a node as a layer.

    Parameters
    ----------
    node : Recurrent
    file : str
        For errors.

    Raises
    ------
    FormatError
        If the node is not supported (an initial state that the graph computes), or its weights are
        missing, of the wrong shape or not finite.
    """
    return _Reader(node, file).layer()


class _Reader:
    """Converts one node to a layer."""

    def __init__(self, node: Recurrent, file: str) -> None:
        self._node = node
        self._file = file
        self._gates = len(_ORDER[node.op])

    def layer(self) -> Layer:
        self._check()
        reads = self._reads()
        directions = len(reads)
        W, R, B, P = self._arrays(directions)
        activations = self._activations(directions)
        made = [
            self._params(
                W[d], R[d], None if B is None else B[d], None if P is None else P[d], activations[d]
            )
            for d in range(directions)
        ]
        by_direction = dict(zip(reads, made, strict=True))
        states = {"h0": (_H0, "initial_h"), "c0": (_C0, "initial_c")}
        shape = (directions, made[0].hidden_size)
        starts = {
            state: self._start(place, name, shape, made[0].dtype)
            for state, (place, name) in states.items()
            if state[0] in made[0].STATES and self._node.has(place)
        }
        return Layer(
            by_direction.get(FORWARD),
            by_direction.get(REVERSE),
            h0=starts.get("h0"),
            c0=starts.get("c0"),
        )

    def _check(self) -> None:
        """Refuse attributes that would change the numbers and are not supported."""
        node = self._node
        unknown = sorted(set(node.attributes) - _ATTRIBUTES[node.op], key=str)
        if unknown:
            self._fail(f"has the unknown attribute {unknown[0]!r}")
        if node.attributes.get("layout", 0) not in (0, 1):
            self._fail(f"has the layout {node.attributes['layout']}; 0 and 1 are known")
        if node.has(_LENGTHS) and isinstance(node.value(_LENGTHS), Entry | Fixed):
            self._fail("has constant sequence_lens; give lengths to run instead")

    def _start(
        self, place: int, name: str, shape: tuple[int, int], dtype: np.dtype[np.floating[Any]]
    ) -> FloatArray | None:
        """Return a constant initial state, (D, H); None for zeros and for inputs of the graph."""
        value = self._node.value(place)
        if isinstance(value, Zeros | RunInput):
            return None
        if isinstance(value, Flow) and value.part == "input" and not value.maps:
            return None
        if isinstance(value, Fixed):
            self._fail(f"{name} is a constant that is rearranged in a way not followed here")
        if not isinstance(value, Entry | Repeated):
            self._fail(f"{name} is computed by the graph; a network here starts where run says")
        entry = value.entry if isinstance(value, Repeated) else value
        letters, batch = ("(B, D, H)", 0) if self._node.layout else ("(D, B, H)", 1)
        found = entry.read()
        while found.ndim > len(shape) + 1 and len(found) == 1:
            found = found[0]
        wanted = list(shape)
        wanted.insert(batch, found.shape[batch] if found.ndim == len(shape) + 1 else 1)
        is_whole = found.shape == tuple(wanted) and found.size > 0
        if isinstance(value, Repeated):
            is_whole = all(
                n in (1, m) for n, m in zip(found.shape[::-1], wanted[::-1], strict=False)
            )
            is_whole = is_whole and found.ndim <= len(wanted) and 0 not in found.shape
        if not is_whole:
            self._fail(f"{name} {letters} must have D, H = {shape}, {entry.name} has {entry.shape}")
        if found.dtype != dtype:
            self._fail(f"{name} is {found.dtype}, and its W is {dtype}")
        whole = np.moveaxis(np.broadcast_to(found, wanted), batch, 0)  # (B, D, H)
        if (whole != whole[0]).any():
            self._fail(f"{name} differs within the batch of {len(whole)}; give h0 to run instead")
        return whole[0].copy() if whole.any() else None

    def _reads(self) -> tuple[Direction, ...]:
        direction = direction_of(self._node)
        if direction not in _READS:
            self._fail(f"has the direction {direction!r}, which is not one of {', '.join(_READS)}")
        return _READS[direction]

    def _arrays(
        self, D: int
    ) -> tuple[FloatArray, FloatArray, FloatArray | None, FloatArray | None]:
        """Return W, R, B and P in one dtype, after checking their shapes against each other."""
        W, R = self._entry(_W, "W"), self._entry(_R, "R")
        G = self._gates
        if len(W.shape) != 3 or len(R.shape) != 3 or 0 in W.shape or 0 in R.shape:
            self._fail(f"has W of shape {W.shape} and R of shape {R.shape}; both have three sizes")
        H, I = R.shape[2], W.shape[2]
        self._expect(W, f"W (D, {G}·H, I)", (D, G * H, I))
        self._expect(R, f"R (D, {G}·H, H)", (D, G * H, H))
        if self._node.attributes.get("hidden_size", H) != H:
            self._fail(f"has hidden_size {self._node.attributes['hidden_size']}, its R has {H}")
        found: list[Entry | None] = [W, R, None, None]
        if self._node.has(_B):
            found[2] = self._expect(self._entry(_B, "B"), f"B (D, 2·{G}·H)", (D, 2 * G * H))
        if self._node.op == "LSTM" and self._node.has(_P):
            found[3] = self._expect(self._entry(_P, "P"), "P (D, 3·H)", (D, 3 * H))
        arrays = [None if entry is None else entry.read() for entry in found]
        dtype = np.result_type(*(array for array in arrays if array is not None))
        W_, R_, B_, P_ = (None if a is None else a.astype(dtype, copy=False) for a in arrays)
        assert W_ is not None and R_ is not None
        return W_, R_, B_, P_

    def _entry(self, place: int, name: str) -> Entry:
        """Return an input that must be a constant."""
        if not self._node.has(place):
            self._fail(f"has no {name}")
        value = self._node.value(place)
        if not isinstance(value, Entry):
            self._fail(f"{name} is computed by the graph, not a constant in the file")
        return value

    def _expect(self, entry: Entry, letters: str, shape: tuple[int, ...]) -> Entry:
        if entry.shape != shape:
            self._fail(f"{letters} must have shape {shape}, {entry.name} has {entry.shape}")
        return entry

    def _activations(self, D: int) -> list[tuple[Activation, ...]]:
        """Return the activations of each direction.

        α and β are consumed in order by those activations that have them, as onnxruntime does.
        """
        attributes, defaults = self._node.attributes, _KINDS[self._node.op].ACTIVATIONS
        names = attributes.get("activations") or [a.onnx.encode() for a in defaults] * D
        if len(names) != len(defaults) * D:
            self._fail(f"has {len(names)} activations, expected {len(defaults) * D}")
        alphas = self._floats("activation_alpha")
        betas = self._floats("activation_beta")
        made = [self._activation(name, alphas, betas) for name in names]
        if next(alphas, None) is not None or next(betas, None) is not None:
            self._fail("has more activation_alpha or activation_beta than its activations take")
        each = len(defaults)
        return [tuple(made[d * each : (d + 1) * each]) for d in range(D)]

    def _floats(self, name: str) -> Iterator[float]:
        return iter(self._node.attributes.get(name, ()))

    def _activation(
        self, name: bytes, alphas: Iterator[float], betas: Iterator[float]
    ) -> Activation:
        try:
            takes = Activation.of(name.decode(errors="replace")).constants
            alpha = next(alphas, None) if "a" in takes else None
            beta = next(betas, None) if "b" in takes else None
            return Activation.of(name.decode(errors="replace"), alpha, beta)
        except CoreError as error:
            self._fail(str(error))

    def _params(
        self,
        W: FloatArray,
        R: FloatArray,
        B: FloatArray | None,
        P: FloatArray | None,
        activations: tuple[Activation, ...],
    ) -> Params:
        """Return one direction's params, gates in our order."""
        op, attributes = self._node.op, self._node.attributes
        form: dict[str, Any] = {"activations": activations, "clip": attributes.get("clip")}
        order = _ORDER[op]
        stacks: dict[str, Any] = {"W": _gates(W, order), "U": _gates(R, order)}
        if B is not None:
            outer, inner = (_gates(part, order) for part in np.split(B, 2))
            stacks["b"] = outer + inner
        if op == "GRU":
            form["reset_after"] = self._flag("linear_before_reset")
            if B is not None and form["reset_after"]:
                H = R.shape[1]
                stacks["b"] = np.concatenate([outer[:-H] + inner[:-H], outer[-H:]])
                stacks["b_hn"] = inner[-H:]
        elif op == "LSTM":
            form["input_forget"] = self._flag("input_forget")
            stacks["p"] = None if P is None else _gates(P, (0, 2, 1))
        try:
            return _KINDS[op](**stacks, **form)
        except CoreError as error:
            self._fail(str(error))

    def _flag(self, name: str) -> bool:
        value = self._node.attributes.get(name, 0)
        if value not in (0, 1):
            self._fail(f"has {name} {value}; 0 and 1 are known")
        return bool(value)

    def _fail(self, message: str) -> NoReturn:
        raise FormatError(self._file, f"node {self._node.label!r}", message)


def _gates(stack: FloatArray, order: Sequence[int]) -> FloatArray:
    """Return a stack of gates in another order."""
    parts = stack.reshape(len(order), -1, *stack.shape[1:])  # (G, H, …)
    return parts[list(order)].reshape(stack.shape)
