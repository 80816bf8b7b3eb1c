"""An encoder and a decoder in one file, under the prefixes ``encoder.`` and ``decoder.``.

The text beside the arrays is version 3 of that in `gru_core.files.forms`: the text of each of the
two networks, and the start mark, the end mark and the limit of the decoder.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from gru_core.arrays import FloatArray
from gru_core.errors import CoreError
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.forms import KEY, describe
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq
from gru_core.seq2seq.trace import DECODER, ENCODER, STAGES, Stage

_VERSION: Final = 3
_NUMBERS: Final = ("start", "end", "limit")


def arrays(
    model: Seq2Seq, named: Callable[[Network], Mapping[str, FloatArray]]
) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Return the arrays of both networks by name, and the text to keep beside them.

    Parameters
    ----------
    model : Seq2Seq
    named : callable
        Returns a network's arrays by name.

    Examples
    --------
    >>> from gru_core.files.arrays import own_names
    >>> model = Seq2Seq.random("rnn", 3, 4, hidden_size=2, seed=0)
    >>> list(arrays(model, own_names.arrays)[0])[:4]
    ['encoder.W', 'encoder.U', 'encoder.b', 'decoder.W']
    """
    found = {
        f"{stage}.{name}": array
        for stage, network in model.stages.items()
        for name, array in named(network).items()
    }
    text: dict[str, Any] = {"version": _VERSION}
    text |= {stage: json.loads(describe(network)) for stage, network in model.stages.items()}
    text |= {name: getattr(model, name) for name in _NUMBERS}
    return found, {KEY: json.dumps(text)}


def model(entries: Entries, read: Callable[[Entries], Network | None]) -> Seq2Seq | None:
    """Return the encoder and decoder in a file, or None if its text is not of one.

    Parameters
    ----------
    entries : Entries
    read : callable
        Returns the network of the entries of one stage.

    Raises
    ------
    FormatError
        If the text is not one that `arrays` writes, or the arrays do not fit.

    Examples
    --------
    >>> model(Entries("a.safetensors"), lambda stage: None)
    """
    text = _text(entries)
    if text is None:
        return None
    networks = {}
    for stage in STAGES:
        networks[stage] = _network(entries, stage, text[stage], read)
    rest = [name for name in entries.arrays if not name.startswith(tuple(f"{s}." for s in STAGES))]
    if rest:
        raise FormatError(entries.file, rest[0], f"is in neither of {' and '.join(STAGES)}")
    try:
        marks = {name: text[name] for name in _NUMBERS}
        return Seq2Seq(networks[ENCODER], networks[DECODER], **marks)
    except CoreError as error:
        raise FormatError(entries.file, error.field, str(error)) from None


def _text(entries: Entries) -> dict[str, Any] | None:
    """Return the text if it is of an encoder and a decoder; `forms` checks that of a network."""
    try:
        found = json.loads(entries.metadata.get(KEY, "null"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found.keys() & {*STAGES}:
        return None
    wanted = {"version", *STAGES, *_NUMBERS}
    is_whole = set(found) == wanted and all(type(found[name]) is int for name in _NUMBERS)
    if not is_whole or found["version"] != _VERSION:
        message = f"is not a description of an encoder and a decoder, which has {sorted(wanted)}"
        raise FormatError(entries.file, KEY, message)
    return found


def _network(
    entries: Entries, stage: Stage, text: Any, read: Callable[[Entries], Network | None]
) -> Network:
    """Return the network of a stage; errors name its arrays as the file does."""
    try:
        found = read(_entries_of(entries, stage, text))
    except FormatError as error:
        place = ".".join(filter(None, (stage, error.entry)))
        raise FormatError(error.file, place, error.message, error.choices) from None
    except CoreError as error:
        raise FormatError(entries.file, f"{stage}.{error.field}", str(error)) from None
    if found is None:
        raise FormatError(entries.file, stage, "has no network")
    return found


def _entries_of(entries: Entries, stage: Stage, text: Any) -> Entries:
    """Return the arrays of a stage under the names that they have in a file of their own."""
    prefix = f"{stage}."
    named = {
        name.removeprefix(prefix): entry
        for name, entry in entries.arrays.items()
        if name.startswith(prefix)
    }
    moved = {name: replace(entry, name=name) for name, entry in named.items()}
    return replace(entries, arrays=moved, metadata={KEY: json.dumps(text)})
