"""The inputs of the committed torch references, under torch's names.

Inputs and weights come from RandomState, whose streams are frozen, so only torch's answers are
stored.
"""

import zlib
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.gru_core.cases import Arrays

NETWORKS = Path(__file__).parent / "references" / "torch_networks.safetensors"
GRADIENTS = Path(__file__).parent / "references" / "torch_gradients.safetensors"
JACOBIANS = Path(__file__).parent / "references" / "torch_jacobians.safetensors"

CELLS = ("gru", "lstm", "rnn_tanh", "rnn_relu")
GATES = {"gru": 3, "lstm": 4, "rnn_tanh": 1, "rnn_relu": 1}
MODES = ("single", "cut", "batch", "lengths")
"""x (T, I); the same with one length; x (T, B, I); the same with a length each."""
KEPT = 5
"""Rows of the output that are stored: the last ones."""


class TorchCase(NamedTuple):
    """A network of torch and its input."""

    cell: str
    layers: int
    bidirectional: bool
    bias: bool
    mode: str
    states: bool
    T: int = 5
    I: int = 2
    H: int = 3
    B: int = 4

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        words = [self.cell, f"{self.layers}x{self.H}", "bi" if self.bidirectional else "uni"]
        words += ["bias"] * self.bias + [self.mode] + ["states"] * self.states
        return "-".join([*words, f"T{self.T}"])

    @property
    def directions(self) -> int:
        """D."""
        return 1 + self.bidirectional

    @property
    def batch(self) -> tuple[int, ...]:
        """(B,), or () for a single sequence."""
        return () if self.mode in ("single", "cut") else (self.B,)


def network_cases() -> list[TorchCase]:
    """Return every cell × layers × directions × bias, modes and states in turn, and long ones."""
    cases = []
    for c, cell in enumerate(CELLS):
        for i, (layers, two, bias) in enumerate(product((1, 2, 3), (False, True), (False, True))):
            mode = MODES[(i + i // 4) % 4]
            cases.append(TorchCase(cell, layers, two, bias, mode, bool((layers + c) % 2)))
    for cell in ("gru", "lstm", "rnn_tanh"):
        cases.append(TorchCase(cell, 2, True, True, "batch", True, T=120, I=5, H=16, B=2))
        cases.append(TorchCase(cell, 2, True, True, "single", True, T=150, I=5, H=16))
    return cases


CASES = network_cases()


def stream(key: str) -> np.random.RandomState:
    """Return the stream of random numbers that belongs to a key."""
    return np.random.RandomState(zlib.crc32(key.encode()))


def weight_shapes(case: TorchCase, inputs: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights by torch's names, in torch's order."""
    rows = GATES[case.cell] * case.H
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(case.layers):
        for reverse in ("", "_reverse")[: case.directions]:
            columns = inputs if layer == 0 else case.directions * case.H
            shapes[f"weight_ih_l{layer}{reverse}"] = (rows, columns)
            shapes[f"weight_hh_l{layer}{reverse}"] = (rows, case.H)
            if case.bias:
                shapes[f"bias_ih_l{layer}{reverse}"] = (rows,)
                shapes[f"bias_hh_l{layer}{reverse}"] = (rows,)
    return shapes


def draw_weights(case: TorchCase, rng: np.random.RandomState, inputs: int) -> Arrays:
    """Return weights of the sizes networks start with, so that rounding is not amplified."""
    weights = {}
    for name, shape in weight_shapes(case, inputs).items():
        fan = case.H if name.startswith("weight_hh") else (shape[-1] + case.H) / 2
        limit = 1 if name.startswith("bias") else np.sqrt(3 / fan)
        weights[name] = rng.uniform(-limit, limit, shape)
    return weights


def draw_states(case: TorchCase, rng: np.random.RandomState) -> Arrays:
    """Return h0 and, for the LSTM, c0; nothing if the case starts from zeros."""
    names = ("h0", "c0") if case.cell == "lstm" else ("h0",)
    shape = (case.layers * case.directions, *case.batch, case.H)
    return {name: rng.uniform(-1, 1, shape) for name in names} if case.states else {}


def draw_lengths(case: TorchCase, rng: np.random.RandomState) -> NDArray[np.int64] | None:
    """Return lengths from 1 to T, the shortest among them if there are several."""
    if case.mode not in ("cut", "lengths"):
        return None
    lengths = rng.randint(1, case.T + 1, case.batch)
    if case.batch:
        lengths[rng.randint(case.B)] = 1
    return np.asarray(lengths, np.int64)


class Drawn(NamedTuple):
    """What a case is run with."""

    weights: Arrays
    x: NDArray[np.float64]
    states: Arrays
    lengths: NDArray[np.int64] | None


def draw(case: TorchCase) -> Drawn:
    """Return weights, x, states and lengths in float64; rounded, they are those of float32."""
    rng = stream(case.key)
    weights = draw_weights(case, rng, case.I)
    x = rng.uniform(-1.5, 1.5, (case.T, *case.batch, case.I))
    return Drawn(weights, x, draw_states(case, rng), draw_lengths(case, rng))


class GradientCase(NamedTuple):
    """A case with a random linear function of all outputs as its loss."""

    network: TorchCase
    vocabulary: int = 0
    outputs: int = 0

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        return f"{self.network.key}-V{self.vocabulary}-O{self.outputs}"


def gradient_cases() -> list[GradientCase]:
    """Return every cell plain, with lengths both ways, and between embedding and readout."""
    cases = []
    for cell in CELLS:
        cases.append(GradientCase(TorchCase(cell, 1, False, True, "single", True)))
        cases.append(GradientCase(TorchCase(cell, 1, False, False, "batch", False)))
        cases.append(GradientCase(TorchCase(cell, 2, True, True, "lengths", True)))
        both = TorchCase(cell, 2, True, True, "lengths", True)
        cases.append(GradientCase(both, vocabulary=6, outputs=2))
    return cases


GRADIENT_CASES = gradient_cases()


class GradientDrawn(NamedTuple):
    """The inputs of a gradient case, and the weights of its loss."""

    drawn: Drawn
    ids: NDArray[np.int64] | None
    outer: Arrays
    loss: Arrays


def draw_gradient(case: GradientCase) -> GradientDrawn:
    """Return the drawn network, token ids, embedding and readout, and the loss's weights."""
    net, rng = case.network, stream(case.key)
    drawn = draw(net)
    outer: Arrays = {}
    if case.vocabulary:
        outer["embedding"] = rng.uniform(-1, 1, (case.vocabulary, net.I))
    if case.outputs:
        outer["readout_weight"] = rng.uniform(-1, 1, (case.outputs, net.directions * net.H))
        outer["readout_bias"] = rng.uniform(-1, 1, case.outputs)
    ids = rng.randint(0, case.vocabulary, (net.T, *net.batch)) if case.vocabulary else None
    final = (net.layers * net.directions, *net.batch, net.H)
    sequence = (net.T, *net.batch, net.directions * net.H)
    loss = {"d_final": rng.normal(size=final), "d_states": rng.normal(size=sequence)}
    if net.cell == "lstm":
        loss["d_final_c"] = rng.normal(size=final)
    if case.outputs:
        loss["d_output"] = rng.normal(size=(net.T, *net.batch, case.outputs))
    return GradientDrawn(drawn, ids, outer, loss)


JACOBIAN_CASES = [TorchCase(cell, 1, False, True, "single", True, T=6) for cell in CELLS]
