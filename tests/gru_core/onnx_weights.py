"""ONNX's weights as ours, by slices written out here, and a run in ONNX's shapes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gru_core import Activation, GRUParams, Layer, LSTMParams, Network, RNNParams
from tests.gru_core.cases import Arrays, FloatArray

GATES = {"GRU": 3, "LSTM": 4, "RNN": 1}
DEFAULTS = {"GRU": ("Sigmoid", "Tanh"), "LSTM": ("Sigmoid", "Tanh", "Tanh"), "RNN": ("Tanh",)}

Params = GRUParams | LSTMParams | RNNParams


class Form(NamedTuple):
    """A node's attributes; `activations` of every direction, one after the other."""

    op: str
    direction: str = "forward"
    activations: tuple[Activation, ...] = ()
    clip: float | None = None
    linear_before_reset: int = 0
    input_forget: int = 0

    @property
    def directions(self) -> int:
        """D."""
        return 1 + (self.direction == "bidirectional")


def params(form: Form, arrays: Arrays, d: int) -> Params:
    """Return direction d of a node: W (D, G·H, I), R (D, G·H, H), B (D, 2·G·H), P (D, 3·H)."""
    W, U = arrays["W"][d], arrays["R"][d]
    H = U.shape[1]
    Wb, Rb = np.split(arrays["B"][d], 2) if "B" in arrays else (None, None)
    count = len(DEFAULTS[form.op])
    own = form.activations[d * count : (d + 1) * count]
    activations: Any = own or tuple(Activation.of(name) for name in DEFAULTS[form.op])
    options: dict[str, Any] = {"activations": activations, "clip": form.clip}
    if form.op == "RNN":
        return RNNParams(W, U, None if Wb is None else Wb + Rb, **options)
    if form.op == "LSTM":  # i, o, f, c; peepholes i, o, f
        p = arrays["P"][d] if "P" in arrays else None
        return LSTMParams(
            ifog(W, H),
            ifog(U, H),
            None if Wb is None else ifog(Wb + Rb, H),
            None if p is None else np.concatenate([p[:H], p[2 * H :], p[H : 2 * H]]),
            input_forget=bool(form.input_forget),
            **options,
        )
    options["reset_after"] = bool(form.linear_before_reset)  # z, r, h
    if Wb is None:
        return GRUParams(W, U, **options)
    b = np.concatenate([Wb[: 2 * H] + Rb[: 2 * H], Wb[2 * H :]])
    return GRUParams(W, U, b, Rb[2 * H :], **options)


def ifog(stack: FloatArray, H: int) -> FloatArray:
    """Return i, o, f, c as i, f, o, g."""
    return np.concatenate([stack[:H], stack[2 * H : 3 * H], stack[H : 2 * H], stack[3 * H :]])


def run(form: Form, arrays: Arrays, lengths: NDArray[np.int32] | None = None) -> Arrays:
    """Return Y (T, D, B, H), Y_h (D, B, H) and Y_c of our network for a node's inputs.

    A node that only reads backwards is the second direction of a layer that reads both ways.
    """
    parts = [params(form, arrays, d) for d in range(form.directions)]
    only_reverse = form.direction == "reverse"
    net = Network((Layer(*parts * 2) if only_reverse else Layer(*parts),))
    given = {"h0": arrays.get("initial_h"), "c0": arrays.get("initial_c")}
    states = {name: value for name, value in given.items() if value is not None}
    if only_reverse:
        states = {name: np.concatenate([value, value]) for name, value in states.items()}
    trace = net.run(arrays["X"], **states, lengths=lengths)
    T, B = arrays["X"].shape[:2]
    H = arrays["R"].shape[2]
    Y = trace.states.reshape(T, B, -1, H).swapaxes(1, 2)
    found = {"Y": Y[:, -form.directions :], "Y_h": trace.final[-form.directions :]}
    if form.op == "LSTM":
        found["Y_c"] = trace.final_c[-form.directions :]
    return found
