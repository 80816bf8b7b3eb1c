"""A network's card or vocabulary, in the files that people have."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from gru_core.errors import CoreError
from gru_core.files.card import KEYS, read_card
from gru_core.files.errors import FormatError
from gru_core.gallery.card import GalleryCard
from gru_core.learn.tasks.registry import FRESH, TASKS
from gru_core.learn.translation.either import fresh_goal
from gru_core.learn.translation.registry import TRANSLATIONS
from gru_core.network.card import Card, Training
from gru_core.network.network import Network
from gruscope.documents.vocabulary import read_vocabulary
from gruscope.wire.schema import (
    Input,
    InputTarget,
    NumbersInput,
    Target,
    TextInput,
    TokensInput,
)


@dataclass(frozen=True)
class Names:
    """What a file tells about a network.

    Attributes
    ----------
    card : Card
        Of a vocabulary, only its tokens.
    vocabulary : bool
        Whether the file is a vocabulary.
    notes : tuple of str
        What was left out, in sentences.
    """

    card: Card
    vocabulary: bool
    notes: tuple[str, ...] = ()

    def over(self, card: Card) -> Card:
        """Return this card; a vocabulary names only the tokens of the one before."""
        return replace(card, tokens=self.card.tokens) if self.vocabulary else self.card


def read_names(content: bytes, file: str) -> Names:
    r"""Return the card or the vocabulary in a file.

    Parameters
    ----------
    content : bytes
        A card is a JSON object with some of the keys of a `Card`; all else is a vocabulary.
    file : str
        Its name in errors.

    Raises
    ------
    FormatError, VocabularyError
        If it is neither.

    Examples
    --------
    >>> read_names(b'{"classes": ["cat", "dog"]}', "model.json").card.classes
    ('cat', 'dog')
    >>> read_names(b"the\ncat\n", "vocab.txt").card.tokens
    ('the', 'cat')
    """
    found = _object(content)
    if found is None or _is_vocabulary(found):
        tokens = tuple(read_vocabulary(content, file))
        return Names(Card(tokens=tokens), vocabulary=True)
    if not found.keys() & set(KEYS):
        some = ", ".join(list(found)[:5]) or "no keys"
        expected = f"a card, which has some of {', '.join(KEYS)}, or a vocabulary from token to row"
        raise FormatError(file, None, f"expected {expected}; got {some}")
    card, unknown = read_card(content, file)
    notes = (
        [f"{file}: {', '.join(unknown)} left out, as a card has no such key."] if unknown else []
    )
    if (fault := _training_fault(card.training)) is not None:
        card = replace(card, training=None)
        notes.append(f"{file}: training left out, as its {fault}.")
    return Names(card, vocabulary=False, notes=tuple(notes))


def _training_fault(training: Training | None) -> str | None:
    """Return why it cannot be known what a network was trained for, None if it can."""
    if training is None:
        return None
    names = [*TASKS, *TRANSLATIONS]
    if training.task not in names:
        return f"task must be one of {', '.join(names)}, got {training.task!r:.60}"
    if training.task not in (*FRESH, *TRANSLATIONS) or training.settings.get("names") is not None:
        return None  # its data are the user's own
    try:
        fresh_goal(training.task, training.settings)
    except CoreError as error:
        return str(error)
    return None


def _object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object in a file, None if it has none."""
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        return None
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_vocabulary(found: dict[str, Any]) -> bool:
    """Return whether an object is from token to row, or Hugging Face's tokenizer.json."""
    if isinstance(found.get("model"), dict):
        return not found.keys() & {"channels", "outputs", "classes"}
    if found.keys() <= set(KEYS):  # such as a sampling rate alone
        return False
    return all(type(row) is int for row in found.values())


def card_target(card: Card, network: Network) -> Target | None:
    """Return the target that a card names among the channels, None if it needs a file's columns."""
    columns = card.target_columns(network)
    channels = [column for column in columns if isinstance(column, int)]
    if card.target is None or len(channels) < len(columns):
        return None
    return InputTarget(kind="input", ahead=card.target.ahead, channels=channels)


def shown_inputs(card: GalleryCard) -> list[Input]:
    """Return the inputs of a card as inputs of a document."""
    return [_card_input(one, card.card.alphabet) for one in card.inputs]


def _card_input(given: Any, alphabet: str | None) -> Input:
    if alphabet is not None:
        return TextInput(kind="text", text=given)
    if given and isinstance(given[0], int):
        return TokensInput(kind="tokens", tokens=given)
    return NumbersInput(kind="numbers", values=given)
