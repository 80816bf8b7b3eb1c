"""The params of Keras layers: their configuration, and their kernels in our order.

Keras stacks z, r, h and i, f, c, o side by side: kernel (I, G·H), recurrent_kernel (H, G·H), bias
(G·H,), or (2, 3·H) for a GRU with ``reset_after=True``: the input's and the recurrent one.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.gru import GRUParams
from gru_core.cells.lstm import LSTMParams
from gru_core.cells.rnn import RNNParams
from gru_core.errors import CoreError
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras.config import Layer, shown
from gru_core.parameters.activations import RELU, SIGMOID, TANH, Activation
from gru_core.parameters.params import Params

Weights = Mapping[str, Entry]
"""A layer's arrays by role: kernel, recurrent_kernel, bias, embeddings."""

_KINDS: dict[str, type[Params]] = {"GRU": GRUParams, "LSTM": LSTMParams, "SimpleRNN": RNNParams}
_ORDER = {"GRU": (0, 1, 2), "LSTM": (0, 1, 3, 2), "SimpleRNN": (0,)}
"""The places of our gates z r n, i f o g in Keras's order."""
_ACTIVATIONS = {
    "elu": Activation.of("elu"),
    "leaky_relu": Activation.of("leaky_relu", alpha=0.2),
    "linear": Activation.of("affine"),
    "relu": RELU,
    "sigmoid": SIGMOID,
    "softplus": Activation.of("softplus"),
    "softsign": Activation.of("softsign"),
    "tanh": TANH,
}
_HARD_SIGMOID = {
    2: Activation.of("hard_sigmoid", alpha=0.2, beta=0.5),
    3: Activation.of("hard_sigmoid", alpha=1 / 6, beta=0.5),
}
"""By Keras's major version: version 3 changed it to relu6(a + 3) / 6."""


def params(layer: Layer, weights: Weights, version: int, file: str, *, back: bool) -> Params:
    """Return one direction of a recurrent layer.

    Parameters
    ----------
    layer : Layer
        A GRU, LSTM or SimpleRNN.
    weights : mapping
    version : int
        Keras's major version, 0 if the file does not say.
    file : str
        For errors.
    back : bool
        Whether it must go backwards.

    Raises
    ------
    FormatError
        If arrays are missing, of the wrong shape or not finite, an activation is not one of ours,
        or the layer reads in the other direction.
    """
    return _Reader(layer, weights, version, file).params(back)


def activation_named(name: object, version: int) -> Activation | None:
    """Return the activation of a Keras name, None if it is not one of ours.

    Parameters
    ----------
    name : str or None
        None is linear.
    version : int
        Keras's major version, 0 if the file does not say. Without it hard_sigmoid is ambiguous.

    Examples
    --------
    >>> activation_named("relu", 3)
    Activation(name='relu', alpha=0.0, beta=0.0)
    """
    if name is None:
        return _ACTIVATIONS["linear"]
    if name == "hard_sigmoid":
        return _HARD_SIGMOID.get(version)
    return _ACTIVATIONS.get(name) if isinstance(name, str) else None


def _of_cudnn(kind: str, name: str, stored: FloatArray) -> FloatArray:
    """Return an array of a layer that ran on cuDNN as the same layer without it has it.

    Its kernels are stored transposed, but in the shape of the others; and it has two biases.
    """
    G = len(_ORDER[kind])
    if name == "bias" and stored.size % 2 == 0:
        outer, inner = stored.reshape(2, -1)
        return np.stack([outer, inner]) if kind == "GRU" else outer + inner
    if stored.ndim != 2 or stored.shape[1] % G:
        return stored  # of a wrong shape, and refused for it
    gates = np.hsplit(stored, G)
    if name == "kernel":
        return np.hstack([gate.T.reshape(gate.shape, order="F") for gate in gates])
    return np.hstack([gate.T for gate in gates])


class _Reader:
    """Converts one recurrent layer to params."""

    def __init__(self, layer: Layer, weights: Weights, version: int, file: str) -> None:
        self._layer = layer
        self._weights = weights
        self._version = version
        self._file = file

    def params(self, back: bool) -> Params:
        if bool(self._layer.config.get("go_backwards", False)) != back:
            self._fail(
                "is the reverse direction, but does not go backwards"
                if back
                else "is the forward direction, but goes backwards"
            )
        W, U = self._array("kernel").T, self._array("recurrent_kernel").T
        H = U.shape[-1] if U.ndim else 0
        G = len(_ORDER[self._layer.kind])
        if W.ndim != 2 or U.shape != (G * H, H) or W.shape[0] != G * H:
            shapes = f"kernel {W.shape[::-1]} and recurrent_kernel {U.shape[::-1]}"
            self._fail(f"has {shapes}, expected (I, {G}·H) and (H, {G}·H)")
        if self._layer.config.get("units", H) != H:
            self._fail(f"has {H} units, not {shown(self._layer.config['units'])} as configured")
        has_bias = self._layer.config.get("use_bias", "bias" in self._weights)
        if has_bias is not ("bias" in self._weights):
            there = "one" if "bias" in self._weights else "none"
            self._fail(f"has use_bias {shown(has_bias)}, and {there} in the file")
        stacks: dict[str, Any] = {"W": self._gates(W), "U": self._gates(U)}
        form: dict[str, Any] = {"activations": self._activations()}
        if self._layer.kind == "GRU":
            self._add_gru(stacks, form, H)
        elif "bias" in self._weights:
            stacks["b"] = self._gates(self._bias((G * H,)))
        try:
            return _KINDS[self._layer.kind](**stacks, **form)
        except CoreError as error:
            self._fail(str(error))

    def _add_gru(self, stacks: dict[str, Any], form: dict[str, Any], H: int) -> None:
        """Add the biases of a GRU and the place of its reset gate."""
        bias = self._weights.get("bias")
        after = self._layer.config.get("reset_after")
        if after is None and bias is None:
            self._fail("does not say reset_after, and has no bias that would show it")
        after = len(bias.shape) == 2 if after is None and bias is not None else after
        if not isinstance(after, bool):
            self._fail(f"has reset_after {shown(after)}")
        form["reset_after"] = after
        if bias is None:
            return
        if not after:
            stacks["b"] = self._bias((3 * H,))
            return
        outer, inner = self._bias((2, 3 * H))
        stacks["b"] = np.concatenate([outer[: 2 * H] + inner[: 2 * H], outer[2 * H :]])
        stacks["b_hn"] = inner[2 * H :]

    def _bias(self, shape: tuple[int, ...]) -> FloatArray:
        found = self._array("bias")
        if found.shape != shape:
            self._fail(f"bias must have shape {shape}, got {found.shape}")
        return found

    def _gates(self, stack: FloatArray) -> FloatArray:
        """Return a stack of gates in our order."""
        order = _ORDER[self._layer.kind]
        parts = stack.reshape(len(order), -1, *stack.shape[1:])  # (G, H, …)
        return parts[list(order)].reshape(stack.shape)

    def _activations(self) -> tuple[Activation, ...]:
        squash = self._activation("activation")
        if self._layer.kind == "SimpleRNN":
            return (squash,)
        gate = self._activation("recurrent_activation")
        return (gate, squash) if self._layer.kind == "GRU" else (gate, squash, squash)

    def _activation(self, name: str) -> Activation:
        if name not in self._layer.config:
            self._fail(f"does not say its {name}")
        found = self._layer.config[name]
        activation = activation_named(found, self._version)
        if activation is not None:
            return activation
        if found == "hard_sigmoid":
            self._fail("hard_sigmoid differs between Keras 2 and 3, and the file names neither")
        known = ", ".join(sorted([*_ACTIVATIONS, "hard_sigmoid"]))
        self._fail(f"has the {name} {shown(found)}; known are {known}")

    def _array(self, name: str) -> FloatArray:
        if name not in self._weights:
            self._fail(f"has no {name} in the file")
        found = self._weights[name].read()
        return _of_cudnn(self._layer.kind, name, found) if self._layer.is_cudnn else found

    def _fail(self, message: str) -> NoReturn:
        raise FormatError(self._file, f"layer {self._layer.name!r}", message)
