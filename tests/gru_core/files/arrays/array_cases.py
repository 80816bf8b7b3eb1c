"""Files of named arrays as other frameworks and people write them; they are in files/.

``python -m scripts.make_array_files`` and ``make_json_files`` make them anew, with what the
frameworks computed.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FILES = Path(__file__).parent / "files"
OUTPUTS = FILES / "outputs.npz"
OUTPUTS_JSON = FILES / "outputs-json.npz"
"""Per file, under "<file>/x", "<file>/output", time first."""

T, B, I, H = 5, 2, 3, 4
SYMBOLS, READOUT = 7, 2


class Case(NamedTuple):
    """A network of a framework, and the name of its file."""

    file: str
    kind: str
    name: str | None = None
    """How the network is chosen, where there are several."""
    text: bool = False
    """Whether it reads symbols."""
    guessed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


ENDS = ("embedding", "readout")
ADAM = "opt_state (14 arrays)"
FLAX = [
    Case("nnx-gru.safetensors", "gru", text=True, guessed=ENDS),
    Case("nnx-lstm.npz", "lstm", guessed=("readout",)),
    Case("nnx-optimized.safetensors", "lstm", guessed=("readout",)),
    Case("nnx-simple.npz", "rnn", guessed=("readout",)),
    Case("nnx-both.safetensors", "gru", guessed=("readout",)),
    Case("nnx-narrow.safetensors", "gru"),
    Case("nnx-norm.npz", "gru", name="first/cell+norm+relu+second/cell", guessed=("between",)),
    Case("linen-gru.safetensors", "gru", text=True, guessed=ENDS),
    Case("linen-lstm.npz", "lstm", guessed=("readout",), left_out=(ADAM, "step (1 array)")),
    Case("linen-optimized.npz", "lstm", guessed=("readout",)),
    Case("linen-simple.safetensors", "rnn", guessed=("readout",)),
    Case("linen-both.safetensors", "lstm", guessed=("readout",)),
    Case("linen-cell.npz", "gru"),
    Case(
        "linen-stack.safetensors", "gru", "params/GRUCell_0+params/GRUCell_1", guessed=("readout",)
    ),
    Case("equinox-gru.safetensors", "gru"),
    Case("equinox-lstm.npz", "lstm"),
]

JSON = [
    Case(
        "amp-lstm.json",
        "lstm",
        left_out=("skip (adds the first number of the input to the readout's output)",),
    ),
    Case("amp-gru.json", "gru"),
    Case(
        "amp-rnn.json",
        "rnn",
        left_out=("skip (adds the first 2 numbers of the input to the readout's output)",),
    ),
    Case("rtneural-gru.json", "gru", left_out=("in_skip (adds the input to the output)",)),
    Case("rtneural-lstm.json", "lstm"),
    Case("rtneural-norm.json", "gru"),
    Case("hand-columns.json", "rnn", guessed=("readout",)),
    Case("hand-rows.npz", "rnn", guessed=("readout",)),
    Case("hand-gates.npz", "lstm", guessed=("readout",)),
    Case("keras-gru.npz", "gru", text=True, guessed=ENDS),
    Case("keras-both.npz", "lstm", guessed=("readout",)),
    Case("keras-rnn.npz", "rnn", guessed=("readout",)),
    Case("state-double.json", "gru", guessed=("readout",)),
    Case("state-text.json", "gru", text=True, guessed=ENDS, left_out=("losses (1 array)",)),
]


def draw(case: Case) -> NDArray[Any]:
    """Return a file's input: (T, B) symbols or (T, B, I) numbers."""
    rng = np.random.RandomState(sum(map(ord, case.file)))
    if case.text:
        return rng.randint(0, SYMBOLS, (T, B))
    return rng.uniform(-1.5, 1.5, (T, B, I)).astype("f4")
