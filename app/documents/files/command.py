"""What the command line opens: a model file, its card or vocabulary, and an input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gru_core.errors import CoreError
from gru_core.files import FormatError, Limits, load_in_child
from gru_core.files.errors import printable
from gru_core.network.card import NO_CARD, Card
from gru_core.network.network import Network
from gru_core.seq2seq.joint import as_one
from gruscope.documents.entry import Entry
from gruscope.documents.files.beginning import Given
from gruscope.documents.files.input import read_input
from gruscope.documents.names import Names, read_names
from gruscope.documents.table.columns import InputError
from gruscope.documents.vocabulary import VocabularyError, read_vocabulary
from gruscope.settings import MIB, Settings
from gruscope.wire.errors import Refused


class UnreadableError(Exception):
    """A file of the command line that cannot be used; the text names it and says why."""


def open_file(
    path: Path,
    name: str | None,
    vocab: Path | None,
    alphabet: str | None,
    input: Path | None,
    settings: Settings,
) -> tuple[Entry, list[str]]:
    """Return a model file's network as the page opens it, and what was guessed or left out.

    Parameters
    ----------
    path : Path
        The model. ``model.json`` beside ``model.safetensors`` is its card.
    name : str, optional
        Which network of the file.
    vocab, input : Path, optional
    alphabet : str, optional
        Replaces that of the card, as the vocabulary does.
    settings : Settings

    Raises
    ------
    UnreadableError
        If one of the files cannot be used.
    """
    try:
        limits = Limits(file_bytes=settings.file_bytes)
        network = as_one(load_in_child(path, name, limits=limits))
    except FormatError as error:
        raise UnreadableError(str(error).replace("with name=", "with --network NAME")) from None
    card, notes = _card(path, network, settings)
    if vocab is not None:
        card = replace(card, tokens=_vocabulary(vocab, settings))
        _check(card, network, f"--vocab {vocab.name}")
    if alphabet is not None:
        card = replace(card, alphabet=alphabet)
        _check(card, network, "--alphabet")
    given, more = _given(input, network, card, settings)
    own = [f"{path.name}: {network.note}"] if network.note else []
    try:
        return Entry.of(network, path.name, settings, card, given), [*own, *notes, *more]
    except (FormatError, CoreError, Refused) as error:
        raise UnreadableError(str(error)) from None


def _card(path: Path, network: Network, settings: Settings) -> tuple[Card, list[str]]:
    """Return the card beside a model file; another kind of JSON there is left out."""
    beside = path.with_suffix(".json")
    if beside == path or not beside.is_file():
        return NO_CARD, []
    try:
        names = _names(beside, settings)
    except VocabularyError:
        names = None
    if names is None:
        return NO_CARD, [f"{beside.name} beside the model is not a card, so it is left out."]
    card = names.over(NO_CARD)
    _check(card, network, f"{beside.name} beside the model")
    return card, list(names.notes)


def _names(path: Path, settings: Settings) -> Names | None:
    """Return the names in a file, None if it is no card; raises `VocabularyError`."""
    content = _content(path, path.name, settings.vocabulary_bytes)
    try:
        return read_names(content, path.name)
    except FormatError as error:
        if error.entry is None:  # not a card at all
            return None
        raise UnreadableError(f"{error}; mend the card, or give it another name") from None


def _check(card: Card, network: Network, source: str) -> None:
    """Refuse a card that does not fit the network."""
    try:
        card.check(network)
    except CoreError as error:
        raise UnreadableError(f"{source}: {printable(str(error), 400)}") from None


def _vocabulary(path: Path, settings: Settings) -> tuple[str, ...]:
    """Return the tokens of a vocabulary's file."""
    content = _content(path, f"--vocab {path.name}", settings.vocabulary_bytes)
    try:
        return tuple(read_vocabulary(content, path.name))
    except VocabularyError as error:
        raise UnreadableError(f"--vocab {error}") from None


def _given(
    path: Path | None, network: Network, card: Card, settings: Settings
) -> tuple[Given | None, list[str]]:
    """Return the input in a file, and what differs from it."""
    if path is None:
        return None, []
    source = f"--input {path.name}"
    content = _content(path, source, settings.file_bytes)
    try:
        given, notes = read_input(content, path.name, network, card, settings)
    except InputError as error:
        raise UnreadableError(f"{source}: {error}") from None
    return given, [f"{path.name}: {note}" for note in notes]


def _content(path: Path, source: str, limit: int) -> bytes:
    """Return what a file contains, if it is not too large."""
    try:
        if path.stat().st_size > limit:
            raise UnreadableError(f"{source}: expected a file of at most {limit // MIB} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{source}: {error.strerror}") from None
