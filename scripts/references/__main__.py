"""Make the tests' reference arrays: ``python -m scripts.references [torch keras equinox]``."""

import importlib
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
MAKERS = {
    "torch": (
        "torch_gru",
        "torch_networks",
        "torch_gradients",
        "torch_jacobians",
        "torch_whole",
        "torch_training",
        "torch_pairs",
    ),
    "keras": ("keras_layers", "keras_masks"),
    "equinox": ("equinox_cells",),
}


def main() -> None:
    for framework in sys.argv[1:] or MAKERS:
        for maker in MAKERS[framework]:
            importlib.import_module(f"scripts.references.{maker}").main()


if __name__ == "__main__":
    main()
