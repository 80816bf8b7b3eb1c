"""Text as the input of a network that reads characters or tokens."""

from __future__ import annotations

from gru_core.network.card import Card
from gru_core.network.network import Network
from gruscope.documents.table.columns import InputError
from gruscope.settings import Settings
from gruscope.wire.schema import TextInput, TokensInput


def read_text(
    text: str, network: Network, card: Card, settings: Settings
) -> tuple[TextInput | TokensInput, list[str]]:
    r"""Return a text as an input, and what differs from it, in sentences.

    Raises
    ------
    InputError
        If the network reads no text, or a word is not in its vocabulary.

    Examples
    --------
    >>> network = Network.random("gru", 3, 2, seed=0)
    >>> read_text("A\nb!", network, Card(alphabet="ab "), Settings())
    (TextInput(kind='text', text='a b'), ['Not in the alphabet, so left out: ‘!’.'])
    """
    if card.alphabet is not None:
        return _characters(text, card.alphabet, settings.steps)
    if network.embedding is None:
        advice = "name its characters with --alphabet, or give numbers as .csv or .npy"
        raise InputError(f"expected numbers, as this network has no alphabet, got text; {advice}")
    return _words(text, len(network.embedding), card.tokens, settings.steps)


def _characters(text: str, alphabet: str, most: int) -> tuple[TextInput, list[str]]:
    """Fit a text to an alphabet: other cases of its letters, and spaces for line ends."""
    foreign: dict[str, None] = {}
    fitted = list[str]()
    for symbol in text.strip("\r\n"):
        forms = (symbol, symbol.lower(), symbol.upper(), " " if symbol.isspace() else "")
        known = next((form for form in forms if len(form) == 1 and form in alphabet), None)
        if known is None:
            foreign[symbol] = None
        else:
            fitted.append(known)
    notes = []
    if foreign:
        some = " ".join(f"‘{symbol}’" for symbol in list(foreign)[:8] if symbol.isprintable())
        more = " and others" * (len(foreign) > 8)
        notes.append(f"Not in the alphabet, so left out: {some or 'control characters'}{more}.")
    if not fitted:
        raise InputError("expected characters of the alphabet, got none")
    if len(fitted) > most:
        notes.append(f"The first {most} of {len(fitted)} characters are taken.")
    return TextInput(kind="text", text="".join(fitted[:most])), notes


def _words(
    text: str, size: int, tokens: tuple[str, ...] | None, most: int
) -> tuple[TokensInput, list[str]]:
    """Return the tokens of words, or of numbers where there is no vocabulary."""
    words = text.split()
    if not words:
        raise InputError("expected words, got none")
    rows = {} if tokens is None else {token: row for row, token in reversed([*enumerate(tokens)])}
    found = [_token(word, size, rows) for word in words[:most]]
    many = len(words) > most
    notes = [f"The first {most} of {len(words)} words are taken."] if many else []
    return TokensInput(kind="tokens", tokens=found), notes


def _token(word: str, size: int, rows: dict[str, int]) -> int:
    """Return the row of a word, or of a number: #12 where words are known, 12 where not."""
    if word in rows:
        return rows[word]
    digits = word.removeprefix("#") if rows and word.startswith("#") else "" if rows else word
    if digits.isascii() and digits.isdigit() and int(digits) < size:
        return int(digits)
    if rows:
        expected = f"words of the vocabulary, or #0 to #{size - 1}"
    else:
        expected = f"tokens from 0 to {size - 1}, or a vocabulary (--vocab FILE) to read words"
    raise InputError(f"expected {expected}, got “{word[:40]}”")
