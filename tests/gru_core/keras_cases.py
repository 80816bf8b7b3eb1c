"""The inputs of the committed Keras references, in Keras's shapes."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import stream

KERAS = Path(__file__).parent / "references" / "keras.safetensors"

GATES = {"GRU": 3, "LSTM": 4, "SimpleRNN": 1}


class KerasCase(NamedTuple):
    """A stack of one kind of Keras layer; `options` are the layer's arguments."""

    layer: str
    options: tuple[tuple[str, Any], ...] = ()
    bidirectional: bool = False
    layers: int = 1
    states: bool = False
    masked: bool = False
    T: int = 6
    I: int = 2
    H: int = 3
    B: int = 2

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        words = [self.layer, f"{self.layers}x{self.H}", "bi" if self.bidirectional else "uni"]
        words += [f"{name}={value}" for name, value in self.options]
        return "-".join([*words, *["states"] * self.states, *["masked"] * self.masked])

    @property
    def directions(self) -> int:
        """D."""
        return 1 + self.bidirectional

    def option(self, name: str, default: Any) -> Any:
        """Return an argument of the layer."""
        return dict(self.options).get(name, default)


def keras_cases() -> list[KerasCase]:
    """Return every kind in its forms, both directions, without bias, masked, other functions."""
    after, before = (("reset_after", True),), (("reset_after", False),)
    bare = (("use_bias", False),)
    cases = []
    for layer, options in (("GRU", after), ("GRU", before), ("LSTM", ()), ("SimpleRNN", ())):
        cases += [
            KerasCase(layer, options),
            KerasCase(layer, options, states=True),
            KerasCase(layer, options + bare, layers=2),
            KerasCase(layer, options, bidirectional=True),
            KerasCase(layer, options, bidirectional=True, states=True, masked=True),
            KerasCase(layer, options, bidirectional=True, layers=2),
        ]
        gates = {} if layer == "SimpleRNN" else {"recurrent_activation": "hard_sigmoid"}
        for name in ("elu", "softsign", "softplus", "relu", "leaky_relu", "linear"):
            changed = (*options, ("activation", name), *gates.items())
            cases.append(KerasCase(layer, changed, T=4))
    return cases


CASES = keras_cases()


class KerasDrawn(NamedTuple):
    """Weights per layer and direction (kernel, recurrent_kernel, bias), x, states, lengths."""

    weights: list[list[Arrays]]
    x: NDArray[np.float32]
    states: list[NDArray[np.float32]]
    lengths: NDArray[np.int64] | None


def draw(case: KerasCase) -> KerasDrawn:
    """Return the arrays of a case: kernels (I, G·H), (H, G·H), biases of Keras's rank."""
    rng = stream(case.key)
    width = GATES[case.layer] * case.H
    two = case.layer == "GRU" and case.option("reset_after", True)
    weights = []
    for layer in range(case.layers):
        inputs = case.I if layer == 0 else case.directions * case.H
        weights.append([one(rng, inputs, case.H, width, two) for _ in range(case.directions)])
        if not case.option("use_bias", True):
            for arrays in weights[-1]:
                del arrays["bias"]
    x = rng.uniform(-1.5, 1.5, (case.B, case.T, case.I)).astype("float32")
    count = case.directions * (2 if case.layer == "LSTM" else 1) * case.states
    states = [rng.uniform(-1, 1, (case.B, case.H)).astype("float32") for _ in range(count)]
    lengths = np.array([case.T, *rng.randint(1, case.T, case.B - 1)]) if case.masked else None
    return KerasDrawn(weights, x, states, lengths)


def one(rng: np.random.RandomState, inputs: int, H: int, width: int, two: bool) -> Arrays:
    """Return the weights of one layer in one direction."""
    shapes = {
        "kernel": (inputs, width),
        "recurrent_kernel": (H, width),
        "bias": (2, width) if two else (width,),
    }
    return {name: rng.uniform(-0.8, 0.8, s).astype("float32") for name, s in shapes.items()}
