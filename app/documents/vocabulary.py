"""Vocabularies: the token of each row of an embedding, in the files that people have."""

from __future__ import annotations

import json
from typing import Any


class VocabularyError(Exception):
    """A vocabulary that cannot be read; the message says what was expected and what arrived."""


def read_vocabulary(content: bytes, file: str) -> list[str]:
    r"""Return the tokens of a vocabulary, by row.

    Parameters
    ----------
    content : bytes
        A JSON list of tokens; a JSON object from token to row; Hugging Face's tokenizer.json; or
        text with one token on a line.
    file : str
        Its name in errors.

    Raises
    ------
    VocabularyError
        If it is none of these, or rows are missing or named twice.

    Examples
    --------
    >>> read_vocabulary(b'{"b": 1, "a": 0}', "vocab.json")
    ['a', 'b']
    >>> read_vocabulary("the\ncat\n".encode(), "vocab.txt")
    ['the', 'cat']
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise VocabularyError(f"{file}: expected UTF-8 text, got other bytes") from None
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return _from_json(json.loads(text), file)
        except (ValueError, RecursionError) as error:
            raise VocabularyError(f"{file}: expected JSON, got {error}") from None
    tokens = text.splitlines()
    if not tokens:
        raise VocabularyError(f"{file}: expected a token on each line, got an empty file")
    return tokens


def _from_json(found: Any, file: str) -> list[str]:
    if isinstance(found, dict) and isinstance(found.get("model"), dict):
        return _from_tokenizer(found, file)
    if isinstance(found, dict):
        return _by_row(found, file)
    return _listed(found, file)


def _listed(found: list[Any], file: str) -> list[str]:
    for i, token in enumerate(found):
        if not isinstance(token, str):
            raise VocabularyError(f"{file}: expected text at {i}, got {token!r:.60}")
    return found


def _from_tokenizer(found: dict[str, Any], file: str) -> list[str]:
    """Return the tokens of Hugging Face's tokenizer.json, with those that were added."""
    vocabulary = found["model"].get("vocab")
    if isinstance(vocabulary, list):  # a unigram model: pairs of a token and its score
        vocabulary = {pair[0]: i for i, pair in enumerate(vocabulary) if isinstance(pair, list)}
    if not isinstance(vocabulary, dict):
        raise VocabularyError(f"{file}: expected model.vocab as in a tokenizer.json, got none")
    added = found.get("added_tokens")
    for token in added if isinstance(added, list) else []:
        if isinstance(token, dict) and "content" in token and "id" in token:
            vocabulary.setdefault(token["content"], token["id"])
    return _by_row(vocabulary, file)


def _by_row(found: dict[str, Any], file: str) -> list[str]:
    tokens: list[str | None] = [None] * len(found)
    for token, row in found.items():
        if type(row) is not int or not 0 <= row < len(found):
            expected = f"a row from 0 to {len(found) - 1}"
            raise VocabularyError(f"{file}: expected {expected} for {token!r:.60}, got {row!r:.60}")
        if tokens[row] is not None:
            twice = f"{tokens[row]!r:.60} and {token!r:.60}"
            raise VocabularyError(f"{file}: expected one token a row, got {twice} for row {row}")
        tokens[row] = token
    return [token for token in tokens if token is not None]
