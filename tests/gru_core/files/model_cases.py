"""The files that torch wrote, and the networks that we write for torch; files are in models/.

``python -m scripts.make_model_files`` makes them anew, with what torch computed.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gru_core.cells.registry import CELLS
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.parameters.activations import RELU

MODELS = Path(__file__).parent / "models"
NAMED = Path(__file__).parent / "state_dicts"
OUTPUTS = MODELS / "outputs.npz"
"""Per file, under "<file>/x", "<file>/output", "<file>/final", time first."""

T, B, I, H = 5, 2, 3, 4
SYMBOLS, READOUT = 7, 3


class Case(NamedTuple):
    """A module of torch and the name of its file."""

    file: str
    kind: str
    layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    dtype: str = "float32"
    text: bool = False
    """Whether there are an Embedding and a Linear around it."""
    name: str | None = None
    """How the network is chosen, where there are several."""


CASES = [
    Case("gru.safetensors", "GRU"),
    Case("gru-half.safetensors", "GRU", dtype="float16"),
    Case("gru-bfloat.safetensors", "GRU", dtype="bfloat16"),
    Case("rnn-three.safetensors", "RNN", layers=3, bias=False, dtype="float64"),
    Case("lstm-cell.safetensors", "LSTMCell"),
    Case("text.safetensors", "GRU", layers=2, bidirectional=True, text=True),
    Case("gru.npz", "GRU", layers=2, bias=False, dtype="float64"),
    Case("gru-bidirectional.pt", "GRU", layers=2, bidirectional=True, dtype="float64"),
    Case("gru-cell.pt", "GRUCell", dtype="float64"),
    Case("gru-flat.pt", "GRU"),
    Case("gru-unchecked.pt", "GRU"),
    Case("lstm-parameters.pth", "LSTM", layers=3),
    Case("checkpoint.pt", "LSTM", layers=2, text=True),
    Case("two.pt", "RNN", bidirectional=True, name="decoder.rnn"),
]


class Whole(NamedTuple):
    """A module of several parts, of which a state_dict records only names; see `make_parts`."""

    file: str
    name: str | None = None
    text: bool = False
    guessed: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Its file; in models/ are those that open without a name."""
        return (MODELS if self.name is None else NAMED) / self.file


WHOLES = [
    Whole("start.pt", guessed=("readout", "start")),
    Whole("start-lstm.safetensors", guessed=("start",)),
    Whole("start-checkpoint.pt", guessed=("start",)),
    Whole("encoder-decoder.pt", text=True, guessed=("embedding", "readout")),
    Whole("one-hot.pth", guessed=("readout",)),
    Whole("weight-drop.pt"),
    Whole("weight-drop-wrapped.safetensors"),
    Whole("chain.pt", name="lstm1+lstm2", guessed=("readout",)),
    Whole("two-heads.pt", name="rnn+critic", guessed=("readout",)),
]
REFUSED = ["script.pt", "projected.safetensors"]
REFUSED += ["weight-norm.safetensors", "parametrized.pt"]


def draw(file: str, text: bool) -> NDArray[Any]:
    """Return a file's input: (T, B) symbols or (T, B, I) numbers."""
    rng = np.random.RandomState(sum(map(ord, file)))
    if text:
        return rng.randint(0, SYMBOLS, (T, B))
    return rng.uniform(-1.5, 1.5, (T, B, I))


def written() -> dict[str, Network]:
    """Return the networks that we write and torch reads, by name."""
    around = {
        "embedding": _numbers(1, (SYMBOLS, I)),
        "readout": Readout(_numbers(2, (READOUT, 2 * H)), _numbers(3, (READOUT,))),
    }
    return {
        "gru": Network(_layers("gru", 2, 2)),
        "gru-z-writes": Network(_layers("gru", 1, 1, z_keeps=False)),
        "gru-without-bias": Network(_layers("gru", 1, 2, bias=False)),
        "gru-text": Network(_layers("gru", 1, 2), **around),
        "lstm": Network(_layers("lstm", 3, 1)).astype("float32"),
        "rnn-relu": Network(_layers("rnn", 2, 2, activations=(RELU,))),
    }


def _layers(kind: str, depth: int, directions: int, *, bias: bool = True, **form: Any) -> Any:
    """Return layers with numbers that depend only on the arguments."""
    make, layers, size = CELLS[kind].params, [], I
    for k in range(depth):
        made = []
        for way in range(directions):
            arrays = {}
            for i, (name, (stack, _)) in enumerate(make.places().items()):
                shape = {"W": (H, size), "U": (H, H)}.get(name[0], (H,))
                if stack in "WU" or (stack[0] == "b" and bias):
                    arrays[name] = _numbers(1000 * k + 100 * way + i, shape)
            made.append(make.from_arrays(**arrays, **form))
        layers.append(Layer(*made))
        size = directions * H
    return tuple(layers)


def _numbers(seed: int, shape: tuple[int, ...]) -> NDArray[Any]:
    return np.random.RandomState(seed).uniform(-0.9, 0.9, shape)
