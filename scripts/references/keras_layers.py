"""Make tests/gru_core/references/keras.safetensors: outputs and final states of Keras 3."""

from typing import Any

import keras
import numpy as np

from scripts.references.store import store
from tests.gru_core.cases import Arrays
from tests.gru_core.keras_cases import CASES, KERAS, KerasCase, KerasDrawn, draw

NAMES = ("kernel", "recurrent_kernel", "bias")


def main() -> None:
    stored: Arrays = {}
    for case in CASES:
        for name, value in outputs(case).items():
            stored[f"{case.key}/{name}"] = value
    store(KERAS, stored, keras)


def outputs(case: KerasCase) -> Arrays:
    """Return the sequence (B, T, D·H) and the last layer's final states, in Keras's order."""
    drawn = draw(case)
    value, finals = drawn.x, []
    mask = None
    if drawn.lengths is not None:
        mask = np.arange(case.T) < drawn.lengths[:, None]
    for index in range(case.layers):
        layer = build(case, drawn, index)
        states = drawn.states if index == 0 and drawn.states else None
        value, *finals = layer(value, initial_state=states, mask=mask)
    arrays = {"output": value, **{f"final_{i}": state for i, state in enumerate(finals)}}
    return {name: keras.ops.convert_to_numpy(array) for name, array in arrays.items()}


def build(case: KerasCase, drawn: KerasDrawn, index: int) -> Any:
    """Return one Keras layer with its weights set."""
    options: dict[str, Any] = {"return_sequences": True, "return_state": True}
    options |= {"zero_output_for_mask": True} if case.masked else {}
    layer: Any = getattr(keras.layers, case.layer)(case.H, **options, **dict(case.options))
    if case.bidirectional:
        layer = keras.layers.Bidirectional(layer)
    layer.build((case.B, case.T, case.I if index == 0 else case.directions * case.H))
    layer.set_weights([one[name] for one in drawn.weights[index] for name in NAMES if name in one])
    return layer


if __name__ == "__main__":
    main()
