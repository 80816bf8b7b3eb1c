"""What a network is in words: its sizes, and the parts that were guessed or left out.

A state_dict contains arrays, but does not say what reads them. An embedding, a readout or a start
state can be found only by name and shape, and an activation or a norm without weights leaves no
trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gru_core.errors import RangeError
from gru_core.network.running import Running
from gru_core.parameters.counted import count_words

EMBEDDING: Final = "embedding"
READOUT: Final = "readout"
START: Final = "start"
"""The states that the layers start from, `Layer.h0` and `Layer.c0`."""
BETWEEN: Final = "between"
"""The maps before layers, `Layer.before`."""
CHAIN: Final = "chain"
"""The order of the layers, where they were several networks."""
SETTINGS: Final = "settings"
"""The activations, the directions and the order of the layers."""
PARTS: Final = (EMBEDDING, READOUT, START, BETWEEN, CHAIN, SETTINGS)
"""The parts that can be a guess."""
GUESS: Final = "a guess from its name and shape"
"""The words for such a part in every view."""
_SHOWN = 8
"""The most names of parts that are listed."""
_END = "the file does not say what lies between it and the layers."
_WORDS = {START: "start state", BETWEEN: "map between layers", CHAIN: "order of the networks"}
_UNSAID = {
    START: "the file does not say what starts from it.",
    BETWEEN: "the file does not say what else lies between them.",
    CHAIN: "the file does not say what lies between them.",
}


_ASSUMED = (
    "The activations, the directions and the order of the layers are assumed, as its framework has"
    " them by default: the file has weights alone."
)


def checked(guessed: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Return the guessed parts in order.

    Parameters
    ----------
    guessed : iterable of str
    present : iterable of str
        The parts that the network has.

    Raises
    ------
    RangeError
        If a guessed part is not present.

    Examples
    --------
    >>> checked(["readout"], ["embedding", "readout"])
    ('readout',)
    """
    names, there = set(guessed), set(present)
    for name in sorted(names - there):
        listed = ", ".join(sorted(there)) or "nothing, as it has none"
        raise RangeError("guessed", f"name parts of the network: {listed}", repr(name))
    return tuple(part for part in PARTS if part in names)


def sentence(guessed: Iterable[str]) -> str:
    """Return a sentence about each guessed part, "" if there are none.

    Examples
    --------
    >>> sentence(["readout"])
    'The readout is a guess from its name and shape: the file does not say what lies between it \
and the layers.'
    """
    found = dict.fromkeys(guessed)
    assumed = [_ASSUMED] if found.pop(SETTINGS, 0) is None else []
    each = [f"The {_WORDS.get(p, p)} is {GUESS}: {_UNSAID.get(p, _END)}" for p in found]
    return " ".join(assumed + each)


def described(
    network: Running,
    guessed: Sequence[str],
    left_out: Sequence[str],
    names: Mapping[str, str],
    parameters: int,
) -> str:
    """Return one line with a network's kind, layers and sizes, and with what is a guess.

    Parameters
    ----------
    network : Running
    guessed, left_out : sequence of str
    names : mapping of str
        The names of guessed parts in the network's file.
    parameters : int
        Their number.

    Examples
    --------
    >>> from gru_core.network.network import Network
    >>> described(Network.random("gru", 3, 2, seed=0, bias=False), [], [], {}, 30)
    '<Network: gru, 1 layer, D = 1, I = 3, H = 2, float64, 30 parameters>'
    """
    layers = network.layers

    def note(part: str) -> str:
        return f" ({GUESS})" if part in guessed else ""

    def name(part: str) -> str:
        return f"{names[part]} as " if part in names else ""

    ends = (
        f", {names.get(CHAIN, 'networks')} one after the other{note(CHAIN)}"
        if CHAIN in guessed
        else ""
    )
    if network.embedding is not None:
        ends += f", {name(EMBEDDING)}embedding of V = {len(network.embedding)}{note(EMBEDDING)}"
    if network.readout is not None:
        ends += f", {name(READOUT)}readout to O = {network.readout.output_size}{note(READOUT)}"
    maps = [f"{one} before layer {k}" for k, layer in enumerate(layers) for one in layer.before]
    if maps:
        ends += f", {', '.join(maps)}{note(BETWEEN)}"
    if SETTINGS in guessed:
        ends += ", activations and order of layers assumed"
    if network.starts:
        ends += f", {name(START)}{' and '.join(network.starts)} stored{note(START)}"
    for k in turned_layers(network):
        ends += f", layer {k} hands on {' and '.join(layers[k].turned)} states last step first"
    missing = f", in the file but left out: {listed(left_out)}" if left_out else ""
    count = count_words((one for layer in layers for one in layer.params()), parameters)
    kinds = ", ".join(dict.fromkeys(layer.first.kind for layer in layers))
    sizes = f"{len(layers)} layer{'s' * (len(layers) > 1)}, D = {network.directions}"
    return (
        f"<Network: {kinds}, {sizes}, I = {network.input_size}, H = {network.hidden_size}"
        f"{ends}, {network.dtype}, {count}{missing}>"
    )


def turned_layers(network: Running) -> list[int]:
    """Return the numbers of the layers that hand on states last step first.

    Examples
    --------
    >>> from gru_core.network.network import Network
    >>> turned_layers(Network.random("gru", 3, 2, directions=2, seed=0))
    []
    """
    return [k for k, layer in enumerate(network.layers) if layer.turned]


def turned_sentence(network: Running) -> str:
    """Return a sentence about such layers, "" if there are none.

    Examples
    --------
    >>> from gru_core.network.network import Network
    >>> turned_sentence(Network.random("gru", 3, 2, directions=2, seed=0))
    ''
    """
    if not (found := turned_layers(network)):
        return ""
    which = " and ".join(
        f"{' and '.join(network.layers[k].turned)} states of layer {k + 1}" for k in found
    )
    return f"The {which} are handed on last step first, as Keras does with go_backwards."


def listed(left_out: Sequence[str]) -> str:
    """Return the names as a list, the first ones and how many more there are.

    Examples
    --------
    >>> listed(["fc1.weight", "fc1.bias"])
    'fc1.weight, fc1.bias'
    """
    more = len(left_out) - _SHOWN
    names = ", ".join(left_out[:_SHOWN])
    return f"{names} and {more} more" if more > 0 else names


def left_out_sentence(left_out: Sequence[str]) -> str:
    """Return a sentence that names them, "" if there are none.

    Examples
    --------
    >>> left_out_sentence(["dense_1 (Dense)"])
    'In the file but left out: dense_1 (Dense).'
    """
    return f"In the file but left out: {listed(left_out)}." if left_out else ""
