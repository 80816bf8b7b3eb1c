"""What the page shows of a network when its file has just been opened."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gru_core.cells.registry import CELLS
from gru_core.errors import RangeError
from gru_core.gallery.card import Look
from gru_core.network.directions import directions_of
from gru_core.network.network import Network
from gru_core.run.layers import FORWARD, REVERSE
from gru_core.seq2seq.joint import Joint
from gruscope.documents.layers import Place
from gruscope.documents.sequence import Array, letters
from gruscope.settings import Settings
from gruscope.wire.schema import Input, NumbersInput, Target, TextInput, TokensInput

STEPS = 48


class Given(NamedTuple):
    """An input to begin with, the target of the outputs, and a description of the input."""

    input: Input
    target: Target | None
    words: str


def first_input(
    network: Network, alphabet: str | None, settings: Settings, target: Target | None
) -> Given:
    """Return an input to begin with."""
    T = min(STEPS, settings.steps)
    if alphabet is not None:
        text = "".join(alphabet[t % len(alphabet)] for t in range(T))
        words = f"{T} characters of its alphabet, in order"
        return Given(TextInput(kind="text", text=text), None, words)
    if network.embedding is not None:
        V = len(network.embedding)
        again = f" (0 again after {V - 1})" if V < T else ""
        tokens = TokensInput(kind="tokens", tokens=[t % V for t in range(T)])
        return Given(tokens, None, f"{T} tokens, 0, 1, 2 …{again}")
    values = NumbersInput(kind="numbers", values=_noise(T, network.input_size).tolist())
    return Given(values, target, f"{T} steps of seeded noise")


def _noise(T: int, I: int) -> Array:
    """Return noise with two decimals, which are short in a document."""
    return np.random.default_rng(0).normal(size=(T, I)).round(2)


def story_of(network: Network, file: str) -> str:
    """Return a sentence about the kind and the sizes of a network."""
    kinds = " and ".join(dict.fromkeys(CELLS[one.first.kind].title for one in network.layers))
    L, I = len(network.layers), network.input_size
    ways = {layer.reads for layer in network.layers}
    way = {(FORWARD, REVERSE): " in both directions", (REVERSE,): " in reverse"}
    reads = way.get(next(iter(ways)), "") if len(ways) == 1 else " in various directions"
    parts = [f"{L} layer{'s' * (L > 1)}{reads}", f"{I} input{'s' * (I > 1)}"]
    if isinstance(network, Joint):
        parts[0] = f"encoder and decoder of {network.half} layer{'s' * (network.half > 1)} each"
    if network.embedding is not None:
        parts.append(f"an embedding of {len(network.embedding)} tokens")
    widths = list(dict.fromkeys(layer.first.hidden_size for layer in network.layers))
    units = " and ".join(map(str, widths))
    parts.append(f"{units} hidden unit{'s' * (widths != [1])}")
    if network.readout is not None:
        O, head = network.readout.output_size, network.readout.head
        after = "" if head == "identity" else f" with {head}"
        parts.append(f"a readout to {O} output{'s' * (O > 1)}{after}")
    return f"{kinds} from {file}: {', '.join(parts)}, {network.dtype}."


def look_of(network: Network, x: Any, view: Place) -> Look:
    """Return where the view's state changes most, or the first step if a state overflows."""
    try:
        trace = directions_of(network.run(x).layers[view[0]])[0]
    except RangeError:
        return Look("h", 0, 0)
    change = np.abs(np.diff(trace.h, axis=0, prepend=np.zeros_like(trace.h[:1])))
    t, unit = np.unravel_index(int(np.nanargmax(change)), change.shape)
    return Look("h", int(t), int(unit))


def x_of(network: Network, input: Input, alphabet: str | None, settings: Settings) -> Any:
    """Return an input as the network takes it."""
    if isinstance(input, TextInput):
        return letters(input.text, alphabet, network, "input.text", settings)
    return input.tokens if isinstance(input, TokensInput) else input.values
