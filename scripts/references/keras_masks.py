"""Make tests/gru_core/references/keras_masks.safetensors: outputs of Keras 3 with masked steps."""

from typing import Any

import keras

from scripts.references.store import store
from tests.gru_core.cases import Arrays
from tests.gru_core.keras_masks import LAYERS, MASK, MASKS, SIZES, drawn


def main() -> None:
    stored: Arrays = {}
    for kind in LAYERS:
        for both in (False, True):
            x, weights = drawn(kind, both)
            layer: Any = getattr(keras.layers, kind)(SIZES.H, return_sequences=True)
            if both:
                layer = keras.layers.Bidirectional(layer)
            layer.build(x.shape)
            layer.set_weights(weights)
            output = layer(x, mask=MASK)
            key = f"{kind}/{'both' if both else 'forward'}"
            stored[key] = keras.ops.convert_to_numpy(output)
    store(MASKS, stored, keras)


if __name__ == "__main__":
    main()
