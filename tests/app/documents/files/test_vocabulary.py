"""Vocabularies in the forms that people have."""

import json
from typing import Any

import pytest

from gruscope.documents.vocabulary import VocabularyError, read_vocabulary

TOKENS = ["<pad>", "the", "Ġcat", "two words"]


def tokenizer(vocab: Any, added: Any = ()) -> Any:
    return {"version": "1.0", "added_tokens": list(added), "model": {"type": "BPE", "vocab": vocab}}


ROWS = {token: row for row, token in enumerate(TOKENS)}
UNIGRAM = [[token, -1.5] for token in TOKENS]
ADDED = [{"id": 3, "content": "two words", "special": True}]


@pytest.mark.parametrize(
    "found",
    [
        TOKENS,
        dict(reversed(ROWS.items())),
        tokenizer(ROWS),
        tokenizer(UNIGRAM),
        tokenizer({token: ROWS[token] for token in TOKENS[:3]}, ADDED),
    ],
    ids=["list", "object", "tokenizer", "unigram", "added tokens"],
)
def test_json(found: Any) -> None:
    assert read_vocabulary(json.dumps(found).encode(), "v.json") == TOKENS


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_token_on_each_line(end: str) -> None:
    assert read_vocabulary(end.join(TOKENS).encode("utf-8-sig"), "v.txt") == TOKENS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "v: expected a token on each line, got an empty file"),
        (b"\xff\xfe\x00", "v: expected UTF-8 text, got other bytes"),
        (b"[1]", "v: expected text at 0, got 1"),
        (b'["a"', "v: expected JSON, got Expecting"),
        (b'{"a": 1}', "v: expected a row from 0 to 0 for 'a', got 1"),
        (b'{"a": 0, "b": 0}', "v: expected one token a row, got 'a' and 'b' for row 0"),
        (b'{"a": true}', "v: expected a row from 0 to 0 for 'a', got True"),
        (b'{"model": {}}', "v: expected model.vocab as in a tokenizer.json, got none"),
        (b"[" * 100_000, "v: expected JSON, got"),
    ],
)
def test_what_is_none_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(content, "v")
    assert str(caught.value).startswith(message)
