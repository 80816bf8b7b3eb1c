"""The model in a Keras file, and what each of its layers reads."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import Layer
from gru_core.files.keras.maps import is_map

PASSING = {
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Masking", "SpatialDropout1D",
}  # fmt: skip
"""Layers that do nothing after training. (For Masking, pass lengths to run.)"""
_PASSED = 64
"""The most of them in a row."""


class Model(NamedTuple):
    """A model's layers, and their weights while its file is open."""

    file: str
    layers: dict[str, Layer]
    weights: Callable[[Layer], Mapping[str, Weights]]
    version: int
    is_bare: bool = False
    """Whether the file has weights alone, so that what they are for is assumed."""


def source(model: Model, layer: Layer) -> tuple[Layer | None, list[Layer]]:
    """Return the layer that a layer reads, and the fixed maps between, nearest first.

    Layers without an effect are skipped.
    """
    seen: set[str] = set()
    between: list[Layer] = []
    while layer.before and layer.name not in seen and len(seen) < _PASSED:
        seen.add(layer.name)
        found = model.layers.get(layer.before[0])
        if found is None:
            return None, between
        if found.kind == "BatchNormalization" or is_map(found, model.version):
            between.append(found)
        elif found.kind not in PASSING and not (found.kind == "InputLayer" and found.before):
            return found, between
        layer = found
    return None, between
