"""POST /api/card: cards and vocabularies of a network that is open."""

import json
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from gru_core import Network, Readout
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.settings import Settings
from gruscope.web.server import create_app

LAYERS = Network.random("gru", 2, 3, seed=0).layers
WORDS = Network(LAYERS, np.eye(3, 2), Readout([[1.0, 0, 0]] * 2, head="softmax"))
NUMBERS = Network(LAYERS, None, Readout([[1.0, 0, 0]]))


def ask(network: Network, content: Any, digest: str | None = None) -> dict[str, Any]:
    entry = Entry.of(network, "model.npz", Settings())
    http = TestClient(create_app(Settings(), Library(entry)), base_url="http://127.0.0.1:8017")
    query = {"file": "card.json", "digest": entry.digest if digest is None else digest}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = http.post("/api/card", params=query, content=body)
    found: dict[str, Any] = answer.json()
    return found | {"status": answer.status_code}


def test_a_card_is_checked_against_the_network() -> None:
    found = ask(WORDS, {"classes": ["cat", "dog"], "author": "me"})
    assert found["card"] == {"classes": ["cat", "dog"]} and not found["vocabulary"]
    assert found["notes"] == ["card.json: author left out, as a card has no such key."]
    wrong = ask(WORDS, {"classes": ["cat"]})
    assert (wrong["status"], wrong["card"]) == (200, None)
    text = "classes must have 2 entries, as the network has 2 outputs, got 1"
    assert wrong["message"] == f"card.json: {text}"
    assert "classes.0: expected text" in ask(WORDS, {"classes": [1]})["message"]


def test_a_vocabulary_is_a_card_of_tokens() -> None:
    for content in (b"a\nb\nc\n", ["a", "b", "c"], {"a": 0, "c": 2, "b": 1}):
        found = ask(WORDS, content)
        assert found["card"] == {"tokens": ["a", "b", "c"]} and found["vocabulary"]
    assert "as the network has 3 rows" in ask(WORDS, ["a"])["message"]
    assert "no rows in its embedding" in ask(NUMBERS, ["a"])["message"]
    assert ask(WORDS, {"sampling_rate": 100})["card"] == {"sampling_rate": 100}
    assert "expected a card" in ask(WORDS, {"author": "me"})["message"]


def test_the_target_among_the_channels_is_resolved() -> None:
    found = ask(NUMBERS, {"channels": ["a", "b"], "target": {"ahead": 2, "columns": ["b"]}})
    assert found["target"] == {"kind": "input", "ahead": 2, "channels": [1]}
    assert ask(NUMBERS, {"target": {"columns": ["c"]}})["target"] is None


def test_the_network_must_be_open_and_the_file_small() -> None:
    assert "or of a file that is open" in ask(WORDS, ["a", "b", "c"], "0" * 16)["message"]
    large = ask(WORDS, bytes(9 * 2**20))
    assert (large["status"], large["code"]) == (413, "too_large")


def test_a_training_for_an_unknown_task_is_left_out_with_a_note() -> None:
    known = {"task": "parity", "settings": {"length": 20}}
    assert ask(WORDS, {"training": known})["card"] == {"training": known}
    own = {"task": "forecast", "settings": {"length": 20, "names": ["load"]}}
    assert ask(WORDS, {"training": own})["card"] == {"training": own}
    for training, fault in [
        ({"task": "chess"}, "task must be one of temporal_order, "),
        ({"task": "parity", "settings": {"depth": 3}}, "settings must have only length for parity"),
        ({"task": "parity", "settings": {"length": 1}}, "length must be at least 2, got 1"),
    ]:
        found = ask(WORDS, {"title": "Game", "training": training})
        assert found["card"] == {"title": "Game"}
        (note,) = found["notes"]
        assert note.startswith(f"card.json: training left out, as its {fault}")
