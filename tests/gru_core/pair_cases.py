"""Small encoders and decoders: weights to start from, fifty batches, and sequences to answer.

Numbers come from RandomState, whose streams are frozen, so only torch's results are stored.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import TorchCase, draw_weights, stream

PAIRS = Path(__file__).parent / "references" / "torch_pairs.safetensors"

CASES = [
    TorchCase(cell, layers, False, True, "batch", False, T=7, I=5, H=6, B=8)
    for cell in ("gru", "lstm", "rnn_tanh")
    for layers in (1, 2)
]
ANSWERS, LONGEST = 6, 9
"""The decoder's symbols, and T_d."""
START, END = 0, 1
STEPS, RATE, DECAY, CLIP = 50, 0.02, 0.05, 0.3
GALLERY = ("numbers", "dates")
"""Trained ones, of the gallery."""
ASKED = 15
"""Sequences to answer."""
SPREAD = 4
WILD = 2.5
"""Factors of the readout's and the decoder's weights, so that answers differ and some end."""


class Drawn(NamedTuple):
    """Weights under torch's names, batches, and sequences to answer.

    x is (STEPS, T_e, B), lengths (STEPS, B), target (STEPS, T_d, B) with end marks, and spoken
    (STEPS, B) the symbols of each target that count.
    """

    encoder: Arrays
    decoder: Arrays
    readout: Arrays
    x: NDArray[np.int64]
    lengths: NDArray[np.int64]
    target: NDArray[np.int64]
    spoken: NDArray[np.int64]
    asked: list[list[int]]


def draw(case: TorchCase) -> Drawn:
    """Return everything a case is trained and asked with."""
    rng = stream(f"pairs {case.key}")
    encoder, decoder = (draw_weights(case, rng, size) for size in (case.I, ANSWERS))
    decoder = {name: WILD * weight for name, weight in decoder.items()}
    readout = {
        "weight": SPREAD * rng.uniform(-1, 1, (ANSWERS, case.H)),
        "bias": rng.uniform(-1, 1, ANSWERS),
    }
    shape = (STEPS, case.B)
    x = rng.randint(0, case.I, (STEPS, case.T, case.B))
    lengths = rng.randint(1, case.T + 1, shape)
    spoken = rng.randint(1, LONGEST + 1, shape)
    target = rng.randint(END + 1, ANSWERS, (STEPS, LONGEST, case.B))
    steps = np.arange(LONGEST)[:, None]
    target[steps >= spoken[:, None] - 1] = 0
    target[steps == spoken[:, None] - 1] = END
    return Drawn(encoder, decoder, readout, x, lengths, target, spoken, _asked(case, rng))


def _asked(case: TorchCase, rng: RandomState) -> list[list[int]]:
    lengths = rng.randint(1, case.T + 1, ASKED)
    return [rng.randint(0, case.I, n).tolist() for n in lengths]
