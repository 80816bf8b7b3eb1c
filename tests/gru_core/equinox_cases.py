"""The inputs of the committed Equinox references, under Equinox's names."""

from pathlib import Path
from typing import NamedTuple

from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import stream

EQUINOX = Path(__file__).parent / "references" / "equinox.safetensors"


class EquinoxCase(NamedTuple):
    """A cell, scanned over T steps from a drawn state."""

    cell: str
    bias: bool
    T: int = 7
    I: int = 3
    H: int = 5

    @property
    def key(self) -> str:
        """The name under which results are stored."""
        return "-".join([self.cell, *["bias"] * self.bias])


CASES = [EquinoxCase(cell, bias) for cell in ("GRUCell", "LSTMCell") for bias in (True, False)]


def draw(case: EquinoxCase) -> Arrays:
    """Return weight_ih, weight_hh, bias, the GRU's bias_n, x, h0 and the LSTM's c0."""
    rng = stream(case.key)
    rows = (3 if case.cell == "GRUCell" else 4) * case.H
    shapes: dict[str, tuple[int, ...]] = {
        "weight_ih": (rows, case.I),
        "weight_hh": (rows, case.H),
        "bias": (rows,),
        "bias_n": (case.H,),
        "x": (case.T, case.I),
        "h0": (case.H,),
        "c0": (case.H,),
    }
    return {name: rng.uniform(-0.8, 0.8, shape) for name, shape in shapes.items()}
