"""Fifty updates of small networks: the weights to start from and the batches.

Numbers come from RandomState, whose streams are frozen, so only torch's losses are stored.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import TorchCase, draw_weights, stream

CURVES = Path(__file__).parent / "references" / "torch_training.safetensors"

CASES = [
    TorchCase(cell, layers, layers > 1, True, "batch", False, T=9, I=5, H=6, B=8)
    for cell in ("gru", "lstm", "rnn_tanh")
    for layers in (1, 2)
]
STEPS, OUTPUTS = 50, 4
RATE, DECAY, CLIP = 0.02, 0.05, 0.3


class Drawn(NamedTuple):
    """The weights to start from under torch's names, and symbols, targets and masks."""

    weights: Arrays
    x: NDArray[np.int64]
    target: NDArray[np.int64]
    mask: NDArray[np.bool_]


def draw(case: TorchCase) -> Drawn:
    """Return everything a case is trained with; the arrays of batches are (STEPS, T, B)."""
    rng = stream(f"training {case.key}")
    weights = draw_weights(case, rng, case.I)
    width = case.directions * case.H
    weights["readout_weight"] = rng.uniform(-1, 1, (OUTPUTS, width))
    weights["readout_bias"] = rng.uniform(-1, 1, OUTPUTS)
    shape = (STEPS, case.T, case.B)
    mask = rng.uniform(size=shape) < 0.7
    mask[:, -1] = True
    return Drawn(weights, rng.randint(0, case.I, shape), rng.randint(0, OUTPUTS, shape), mask)
