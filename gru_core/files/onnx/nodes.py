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
from gru_core.files.onnx import quantized
from gru_core.files.onnx.recurrent import Recurrent
from gru_core.files.onnx.values import Flow
from gru_core.network.layer import Layer
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS, FORWARD, REVERSE, Direction

_X, _W, _R, _B, _LENGTHS, _H0, _C0, _P = range(8)
_KINDS: dict[str, type[Params]] = {"GRU": GRUParams, "LSTM": LSTMParams, "RNN": RNNParams}
_ORDER = {"GRU": (0, 1, 2), "LSTM": (0, 2, 1, 3), "RNN": (0,)}
"""The places of our gates z r n, i f o g in ONNX's order."""
_SCALES = {_W: (8, 9), _R: (10, 11)}
"""The places of scale and zero point of a DynamicQuantizeLSTM's W and R."""
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
        """Refuse settings that would change the numbers and are not supported."""
        node = self._node
        if node.attributes.get("layout", 0) not in (0, 1):
            self._fail(f"has the layout {node.attributes['layout']}; 0 and 1 are known")
        lengths, x = node.value(_LENGTHS), node.value(0)
        if isinstance(lengths, Entry):
            is_whole = isinstance(x, Flow) and lengths.shape == (node.batch,)
            if not is_whole or (lengths.fetch() != node.steps).any():
                self._fail("has constant sequence_lens; give lengths to run instead")

    def _start(
        self, place: int, name: str, shape: tuple[int, int], dtype: np.dtype[np.floating[Any]]
    ) -> FloatArray | None:
        """Return a constant initial state, (D, H); None for zeros and for inputs of the graph."""
        value = self._node.value(place)
        if isinstance(value, Flow) and value.is_input and not (value.maps or value.table):
            return None
        if isinstance(value, FormatError):
            raise value
        if not isinstance(value, Entry):
            way = "make it an input of the graph, and give it to run"
            self._fail(f"{name} is computed by the graph in a way not followed here; {way}")
        letters, batch = ("(B, D, H)", 0) if self._node.layout else ("(D, B, H)", 1)
        sizes = (*[1] * (len(shape) + 1 - len(value.shape)), *value.shape)
        wanted = list(shape)
        wanted.insert(batch, max(sizes[batch], 1))
        # An Expand to a shape that is not followed has left sizes of 1.
        if len(sizes) > 3 or any(n not in (1, m) for n, m in zip(sizes, wanted, strict=True)):
            message = f"{name} {letters} must have D, H = {shape}"
            self._fail(f"{message}, {value.name} has {value.shape}")
        found = value.read()
        if found.dtype != dtype:
            self._fail(f"{name} is {found.dtype}, and its W is {dtype}")
        whole = np.moveaxis(np.broadcast_to(found, wanted), batch, 0)  # (B, D, H)
        if (whole != whole[0]).any():
            self._fail(f"{name} differs within the batch of {len(whole)}; give h0 to run instead")
        return whole[0].copy() if whole.any() else None

    def _reads(self) -> tuple[Direction, ...]:
        direction = self._node.direction
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
        if isinstance(value, FormatError):
            raise value
        if isinstance(value, Entry) and self._node.is_quantized and place in _SCALES:
            scale, zero = (self._node.value(p) for p in _SCALES[place])
            value = quantized.stack(value, scale, zero, has_zero=self._node.has(_SCALES[place][1]))
        if not isinstance(value, Entry):
            way = "torch.onnx.export(…, do_constant_folding=True) may make it one"
            self._fail(f"{name} is computed by the graph, not a constant in the file; {way}")
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
