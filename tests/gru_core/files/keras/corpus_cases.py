"""The models of every kind that Keras 2.13 and Keras 3 wrote; their files are in corpus/.

``python -m scripts.make_keras_files`` makes them anew, with what Keras computed.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

FILES = Path(__file__).parent / "corpus"
T, B, I, H, V = 5, 2, 3, 2, 7


class Case:
    """A model, and the files in which one version of Keras saved it.

    Attributes
    ----------
    masks : str or None
        The layer that masks steps.
    head : str or None
        The function at the end that its file does not have.
    """

    def __init__(self, name: str, major: int, suffixes: str) -> None:
        self.name, self.major = name, major
        self.text = name in ("mask-zero", "weights")
        self.masks = {"mask-zero": "embedding", "masking": "masking"}.get(name)
        self.head: Any = {"weights-rnn": "softmax"}.get(name)
        self.files = [f"{name}-{major}{suffix}" for suffix in suffixes.split()]

    @cached_property
    def x(self) -> Any:
        """The input, batch first as in Keras; the last two steps of one sequence are masked."""
        rng = np.random.RandomState(sum(map(ord, self.name)))
        if self.text:
            x: Any = rng.randint(1, V, (B, T)).astype("int32")
        else:
            x = rng.uniform(-1.5, 1.5, (B, T, I)).astype("f4")
        if self.masks:
            x[1, 3:] = 0
        return x

    @property
    def mask(self) -> Any:
        """The steps that count, time first, or None."""
        if not self.masks:
            return None
        counts = self.x != 0
        return (counts if self.text else counts.any(-1)).T


KEPT = {
    "back": (".h5", ".keras"),
    "back-last": (".keras", ".h5"),
    "back-readout": (".keras", ""),
    "beside-sum": (".h5", ".keras"),
    "beside-mean": ("", ".keras"),
    "beside-product": (".keras", ".h5"),
    "beside-concat": (".h5", ".keras"),
    "beside-last": ("", ".h5"),
    "both-last": (".h5", ".keras"),
    "both-backwards": (".keras", ".h5"),
    "both-own": (".keras .h5", ".keras .h5"),
    "both-sum-last": ("", ".h5"),
    "mask-zero": (".h5", ".keras"),
    "masking": (".keras", ".h5"),
    "settings": (".h5", ".keras"),
    "states": (".keras", ".h5"),
    "distributed": (".h5 .keras", ".keras .h5"),
    "classes": (".keras .h5", ".keras .h5"),
    "normalized": (".keras .h5", ".keras"),
    "nested": (".keras .h5", ".keras .h5"),
    "weights": (".weights.h5 _weights.h5", ".weights.h5"),
    "weights-gru": (".weights.h5 _weights.h5", ".weights.h5"),
    "weights-rnn": ("_weights.h5", ".weights.h5"),
    "cudnn-lstm": (".h5 .keras", ""),
    "cudnn-gru": (".h5 .keras", ""),
}
"""The files of each model: what Keras 2.13 wrote, and Keras 3."""

CORPUS = [
    Case(name, major, suffixes)
    for name, each in KEPT.items()
    for major, suffixes in zip((2, 3), each, strict=True)
    if suffixes
]
