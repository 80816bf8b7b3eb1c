"""The inputs of the committed Keras references with masked steps, in Keras's shapes."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from tests.gru_core.torch_cases import stream

MASKS = Path(__file__).parent / "references" / "keras_masks.safetensors"
LAYERS = {"GRU": 3, "LSTM": 4, "SimpleRNN": 1}


class Sizes(NamedTuple):
    B: int = 3
    T: int = 7
    I: int = 2
    H: int = 4


SIZES = Sizes()
MASK = np.array(
    [
        [1, 1, 0, 0, 1, 1, 1],
        [0, 0, 1, 1, 0, 1, 0],
        [1, 1, 1, 1, 1, 1, 1],
    ],
    bool,
)


def drawn(kind: str, both: bool) -> tuple[FloatArray, list[FloatArray]]:
    """Return x (B, T, I) and the weights of one layer, in the order of set_weights."""
    B, T, I, H = SIZES
    rng = stream(f"keras masks {kind} {both}")
    G = LAYERS[kind] * H
    bias = (2, G) if kind == "GRU" else (G,)
    shapes = [(I, G), (H, G), bias] * (1 + both)
    x = rng.uniform(-1, 1, (B, T, I)).astype("f4")
    return x, [rng.uniform(-1, 1, shape).astype("f4") for shape in shapes]
