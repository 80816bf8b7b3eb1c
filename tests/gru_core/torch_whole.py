"""The inputs of the committed torch references of whole networks, plain and with held values."""

from pathlib import Path
from typing import NamedTuple

from gru_core.run.layers import Direction
from tests.gru_core.torch_cases import GradientCase, TorchCase

WHOLE = Path(__file__).parent / "references" / "torch_whole.safetensors"
CELLS = ("gru", "lstm", "rnn_tanh")
GATES = {"gru": "z", "lstm": "f", "rnn_tanh": "h"}
"""The value that is held in each cell."""
T = 9


class Hold(NamedTuple):
    """A value of one unit that is held at `number` in the steps start ≤ t < stop."""

    value: str
    unit: int
    number: float
    start: int
    stop: int
    layer: int
    direction: Direction


class WholeCase(NamedTuple):
    """Tokens → embedding → layers → readout, with values held or none."""

    of: GradientCase
    name: str = "plain"
    holds: tuple[Hold, ...] = ()

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        return f"{self.of.key}-{self.name}"


def whole_cases() -> list[WholeCase]:
    """Return every cell × layers × directions, and interventions in each layer and direction."""
    cases = []
    for cell in CELLS:
        for layers in (1, 2, 3):
            for both in (False, True):
                net = TorchCase(cell, layers, both, True, "single", False, T=T)
                cases.append(WholeCase(GradientCase(net, vocabulary=6, outputs=2)))
        two = GradientCase(TorchCase(cell, 2, True, True, "single", False, T=T), 6, 2)
        for layer in (0, 1):
            for direction in ("forward", "reverse"):
                gate = Hold(GATES[cell], 1, 0.7, 2, 6, layer, direction)
                ablated = Hold("h", 2, 0.0, 0, T, layer, direction)
                cases.append(WholeCase(two, f"held-{layer}-{direction}", (gate,)))
                cases.append(WholeCase(two, f"ablated-{layer}-{direction}", (ablated,)))
    return cases


WHOLE_CASES = whole_cases()
