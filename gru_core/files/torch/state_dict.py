"""Finds the network among the named arrays of a file, and names the arrays of a network.

Names are PyTorch's, under any prefix, or our own; see `names` and `own_names`. The embedding and
the readout beside the network are found by `embedding_readout`, the start states by `start`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.registry import CELLS
from gru_core.files.arrays import own_names
from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.files.forms import KEY, Forms, LayerForm, default_form, describe, forms
from gru_core.files.left_out import functions, left_out
from gru_core.files.torch import embedding_readout
from gru_core.files.torch import maps as torch_maps
from gru_core.files.torch import names as torch_names
from gru_core.files.torch import order as torch_order
from gru_core.files.torch import start as torch_start
from gru_core.files.torch.choice import Choice, Sizes, choose, whole
from gru_core.files.torch.embedding_readout import Beside, Ends
from gru_core.files.torch.names import Candidate
from gru_core.network.description import (
    BETWEEN,
    CHAIN,
    EMBEDDING,
    PARTS,
    READOUT,
    SETTINGS,
    START,
)
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout


def network(
    entries: Entries,
    name: str | None = None,
    embedding: str | bool = True,
    readout: str | bool = True,
) -> Network:
    """Return the network among a file's arrays.

    Parameters
    ----------
    entries : Entries
    name : str, optional
        The prefix of ``.weight_ih_l0``, if there are several; "" for no prefix. Names joined by +
        are modules that follow one another: an embedding, networks and maps before them, a readout.
    embedding, readout : str or bool
        The name of a module, True for the one that is found, False for none.

    Raises
    ------
    FormatError
        If there is no network, or several and no name, or the arrays do not fit each other.

    Examples
    --------
    See `gru_core.files.load`.
    """
    found = torch_names.candidates(entries.arrays)
    described = forms(entries)
    if not found and not name:
        own = own_names.network(entries, described)
        if own is not None:
            return own
    choice = choose(entries, found, name)
    sizes = choice.check()
    if described is not None and len(found) > 1:
        described = None  # it describes one network, and the file does not say which
    if described is not None and any(layer.kind != sizes.kind for layer in described.layers):
        kinds = ", ".join(layer.kind for layer in described.layers)
        raise FormatError(entries.file, KEY, f"describes {kinds}, not a {sizes.kind}")
    start = _start(entries, found, choice, sizes)
    beside = Beside(entries, choice.chain, start.values(), described is not None)
    ends = _ends(beside, choice, sizes, embedding, readout)
    if choice.is_guess and described is None:
        choice.check_alone(entries, [*start.values(), *_ends(beside, choice, sizes).entries])
    every = [*choice.entries, *start.values(), *ends.entries]
    dtype = np.result_type(*(entry.width for entry in every))
    layer_forms = described.layers if described else None
    layers = tuple(_layers(choice, dtype, layer_forms, entries.modules))
    states = {s: entry.read().astype(dtype, copy=False) for s, entry in start.items()}
    table, W, b = (None if e is None else e.read().astype(dtype, copy=False) for e in ends)
    last = None if W is None else Readout(W, b, "identity" if not described else described.head)
    if described and described.head != "identity" and last is None and readout:
        raise FormatError(entries.file, KEY, f"describes a {described.head} without a readout")
    guessed = _guessed({EMBEDDING: ends.embedding, READOUT: ends.W}, start, described)
    guessed += (BETWEEN,) if any(choice.maps) else ()
    is_chain = choice.is_guess if described is None else CHAIN in described.guessed
    guessed += (CHAIN,) if is_chain else ()
    read = {id(entry) for entry in every}
    rest = [entry for entry in entries.arrays.values() if id(entry) not in read]
    missing = () if described is None else described.left_out
    missing += left_out(rest, choice.entries[0].scope) + functions(entries)
    named = {} if described is None else dict(described.names)
    named |= _names(ends, start)
    named |= {CHAIN: ", ".join(one.name for one in choice.chain)} if CHAIN in guessed else {}
    return Network(torch_start.started(layers, states), table, last, guessed, missing, named)


def _layers(
    choice: Choice,
    dtype: torch_order.Dtype,
    forms_: tuple[LayerForm, ...] | None,
    modules: Mapping[str, Mapping[str, Any]],
) -> Iterator[Layer]:
    """Read the layers of every network, the first of each after its maps."""
    for i, one in enumerate(choice.chain):
        relu = modules.get(one.name, {}).get("nonlinearity") == "relu"
        relu |= modules.get(one.name, {}).get("mode") == "RNN_RELU"  # before PyTorch 1.5
        first, *others = torch_names.layers(one, dtype, forms_, relu=relu)
        maps = torch_maps.betweens(choice.maps[i]) if choice.maps else ()
        yield replace(first, before=tuple(each.astype(dtype) for each in maps))
        yield from others


def _start(
    entries: Entries, found: list[Candidate], choice: Choice, sizes: Sizes
) -> dict[str, Entry]:
    """Return the start states of h and c beside the network."""
    if len(choice.chain) > 1:
        return {}
    (only,) = choice.chain
    there = torch_start.named(entries, found, only.prefix)
    return torch_start.chosen(there, sizes.kind, sizes.starts, sizes.hidden, choice.advice)


def _ends(
    beside: Beside,
    choice: Choice,
    sizes: Sizes,
    embedding: str | bool = True,
    readout: str | bool = True,
) -> Ends:
    """Return the embedding and the readout, as a user named them or as they are found."""
    entries, size = beside.entries, (sizes.inputs, sizes.states)
    table, last = (
        whole(entries, part) if isinstance(part, str) else own if part else None
        for part, own in ((embedding, choice.embedding), (readout, choice.readout))
    )
    named = embedding_readout.chosen(entries, table, last, *size)
    if choice.embedding is not None or choice.readout is not None:
        return named
    wanted = [part for part, by in ((EMBEDDING, embedding), (READOUT, readout)) if by is True]
    others = replace(beside, starts=[*beside.starts, *named.entries])
    found = embedding_readout.ends(others, *size, choice.ends_advice, wanted)
    return Ends(
        *(one if one is not None else other for one, other in zip(named, found, strict=True))
    )


def _guessed(
    ends: Mapping[str, Entry | None], start: Mapping[str, Entry], described: Forms | None
) -> tuple[str, ...]:
    """Return the parts that are a guess from name and shape.

    A file that we wrote says whether its parts were a guess; every other is one.
    """
    certain = () if described is None else set(PARTS) - set(described.guessed)
    guessed = [
        part
        for part, entry in ends.items()
        if entry is not None and not (part in certain and entry.name == f"{part}.weight")
    ]
    ours = all(entry.name == state for state, entry in start.items())
    if start and not (START in certain and ours):
        guessed.append(START)
    if described is not None and SETTINGS in described.guessed:
        guessed.append(SETTINGS)
    return tuple(guessed)


def _names(ends: Ends, start: Mapping[str, Entry]) -> dict[str, str]:
    """Return the names of the parts that are not called by our own."""
    found = {EMBEDDING: ends.embedding, READOUT: ends.W}
    named = {part: e.name.removesuffix(".weight") for part, e in found.items() if e is not None}
    if start:
        named[START] = " and ".join(entry.name for entry in start.values())
    ours = {EMBEDDING, READOUT, "h0", "c0", "h0 and c0"}
    return {part: name for part, name in named.items() if name not in ours}


def arrays(network: Network, *, text: bool = True) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Return a network's arrays by name, and the text to keep beside them.

    Parameters
    ----------
    network : Network
    text : bool
        Whether the format stores text apart from arrays. If not, text is stored only if the arrays
        alone would be read as another network, and certain parts are read back as a guess.

    Notes
    -----
    The names are PyTorch's where it has such a network, so that ``load_state_dict`` takes them:
    ``weight_ih_l0`` and so on for layers alone, else ``rnn.weight_ih_l0``, ``embedding.weight``,
    ``readout.weight``, ``readout.bias``, and ``h0`` and ``c0`` of shape (L·D, 1, H). Otherwise they
    are our own: PyTorch has no reset before the product, peepholes, clip, coupled gates or other
    activations.

    There is text only if the arrays are not enough, so that ``load_state_dict`` accepts all other
    files.

    Examples
    --------
    >>> list(arrays(Network.random("lstm", 1, 1, seed=0))[0])
    ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0']
    """
    ends = own_names.ends(network)
    found = torch_order.arrays(network, "rnn." if network.parts else "")
    if found is None:
        return own_names.arrays(network), {KEY: describe(network)}
    names = ("embedding.weight", "readout.weight", "readout.bias")
    found |= {name: end for name, end in zip(names, ends, strict=True) if end is not None}
    found |= torch_start.stacked(network.layers)
    is_certain = bool(set(network.parts) - set(network.guessed))
    needs_text = not _is_plain(network) or bool({CHAIN, SETTINGS} & set(network.guessed))
    needs_text |= text and (is_certain or bool(network.left_out))
    return found, {KEY: describe(network)} if needs_text else {}


def _is_plain(network: Network) -> bool:
    """Return whether a network under PyTorch's names can be read back without text."""
    default = default_form(CELLS[network.kind].params)
    plain = all(p.form() == default for layer in network.layers for p in layer.params())
    table, last = network.embedding, network.readout
    plain = plain and (last is None or last.head == "identity")
    return plain and (table is None or embedding_readout.is_table("embedding.weight", table.shape))
