"""The trained networks of the gallery: the document that opens one, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from gru_core import Network
from gru_core.gallery.card import Score
from gru_core.gallery.trained import Trained, read_gallery
from gru_core.network.directions import directions_of
from gruscope.content.networks import networks_json, score_words
from gruscope.documents.document import build
from gruscope.documents.library import Library, gallery_entries
from gruscope.settings import Settings
from gruscope.wire.errors import Refused
from gruscope.wire.schema import Document
from tests.app.session.test_session import frames, joined, opening, say
from tests.app.talk import session
from tests.gallery_folder import ALPHABET, adding, write_gallery
from tests.gallery_folder import words as made_words

SETTINGS = Settings()
TEXT = "a bad cab fed a head"


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Trained]:
    return read_gallery(write_gallery(tmp_path_factory.mktemp("gallery")))


@pytest.fixture(scope="module")
def library(networks: Mapping[str, Trained]) -> Library:
    return Library(gallery=gallery_entries(networks, SETTINGS))


@pytest.fixture
def words(library: Library) -> dict[str, Any]:
    return library.gallery["words"].document.model_dump()


def refused(document: dict[str, Any], library: Library) -> str:
    with pytest.raises(Refused) as caught:
        build(Document.model_validate(document), SETTINGS, library)
    return str(caught.value)


def test_the_document_of_a_trained_network_names_it_and_its_weights(words: Any) -> None:
    network = words["network"]
    assert (network["kind"], network["name"], network["cell"]) == ("example", "words", "gru")
    assert len(network["digest"]) == 16
    assert words["view"] == {"layer": 1, "direction": "reverse"}
    assert words["input"] == {"kind": "text", "text": TEXT}


def test_its_values_and_its_answer_are_the_core_s_bit_for_bit(words: Any, library: Library) -> None:
    said = say(session(library=library), opening(words))
    opened, done = said[0], said[-1]
    assert opened.alphabet == ALPHABET and opened.network.readout.head == "softmax"
    trace = made_words().run([ALPHABET.index(letter) for letter in TEXT])
    shown = next(d for d in directions_of(trace.layers[1]) if d.direction == "reverse")
    assert done.steps == len(TEXT)
    for name in ("z", "r", "n", "h"):
        np.testing.assert_array_equal(joined(said, name), getattr(shown, name).astype(np.float32))
    output = np.concatenate([frame.arrays["answer"] for frame in frames(said, "output")])
    np.testing.assert_array_equal(output, trace.answer.astype(np.float32))


def test_an_edit_and_a_hold_act_as_in_a_file(words: Any, library: Library) -> None:
    hold = {"op": "clamp", "quantity": "z", "unit": 2, "value": 0.0, "layer": 1}
    edit = {"op": "set", "array": "U_n", "row": 0, "column": 1, "value": 2.0}
    state = build(Document.model_validate(words | {"edits": [hold, edit]}), SETTINGS, library)
    assert state.edited.layers[0].first.U_n[0, 1] == 2.0
    assert state.network.layers[0].first.U_n[0, 1] == made_words().layers[0].first.U_n[0, 1]
    assert [clamp.unit for clamp in state.clamps] == [2]


def test_the_same_weights_in_another_form(words: Any, library: Library) -> None:
    document = words | {"options": {"form": {"reset_after": False}}}
    state = build(Document.model_validate(document), SETTINGS, library)
    forms = {
        params.form()["reset_after"] for one in state.network.layers for params in one.params()
    }
    assert forms == {False}
    np.testing.assert_array_equal(state.own.W, made_words().layers[1].reverse.W)  # type: ignore[union-attr]


def test_a_document_may_leave_out_the_cell_and_the_digest(library: Library) -> None:
    document = {
        "network": {"kind": "example", "name": "adding"},
        "input": {"kind": "numbers", "values": [[0.5, 1.0]]},
    }
    state = build(Document.model_validate(document), SETTINGS, library)
    assert state.network.kind == "lstm"
    assert state.network.dtype == np.float64  # the document's default, not the file's


def test_another_version_of_the_weights_is_refused(words: Any, library: Library) -> None:
    given = words | {"network": words["network"] | {"digest": "0" * 16}}
    said = refused(given, library)
    assert said.startswith("network.digest: expected") or "network.digest" in said
    assert words["network"]["digest"] in said and "'0000000000000000'" in said


def test_another_cell_is_refused(words: Any, library: Library) -> None:
    given = words | {"network": words["network"] | {"cell": "lstm"}}
    assert "be gru, as in Words, letter by letter, got lstm" in refused(given, library)


def test_an_unknown_name_lists_the_known_ones(words: Any, library: Library) -> None:
    given = words | {"network": {"kind": "example", "name": "world"}}
    assert "words, adding, reader, latch, toggle, sunspots" in refused(given, library)


def test_a_digest_is_only_for_a_trained_network(words: Any, library: Library) -> None:
    given = words | {"network": {"kind": "example", "name": "latch", "digest": "0" * 16}}
    assert "latch is not a trained network" in refused(given, library)


def test_the_list_of_networks_has_the_trained_ones_first(library: Library) -> None:
    listed = networks_json(library)
    assert [one["name"] for one in listed][:3] == ["words", "adding", "reader"]
    made = [one["listing"]["made"] for one in listed]
    assert made == ["trained", "trained", "untrained", "wired", "wired", "untrained"]
    listing = listed[0]["listing"]
    assert listing["summary"] == "Guesses the next letter."
    assert listing["score"] == {
        "says": "61 % right",
        "value": 0.614,
        "about": "on 2,000 sequences that it was not trained on; a guess gets 11 %",
    }
    assert [one["text"] for one in listing["inputs"]] == [TEXT, "abc abc"]
    assert listed[0]["story"] == "Guesses the next letter. Unit 2 has seen a b."


def test_after_a_file_too(networks: Mapping[str, Trained]) -> None:
    one = Library.of(Network.random("gru", 3, 2, seed=0), "model.npz", SETTINGS)
    listed = networks_json(one)
    assert listed[0]["listing"]["made"] == "file"
    assert [entry["name"] for entry in listed[1:]][-4:] == ["reader", "latch", "toggle", "sunspots"]
    assert set(networks) - {"words", "adding"} == set()


@pytest.mark.parametrize(
    ("metric", "value", "says"),
    [
        ("accuracy", 1.0, "100 % right"),
        ("accuracy", 0.99996, "over 99.9 % right"),
        ("accuracy", 0.998, "99.8 % right"),
        ("accuracy", 0.5, "50 % right"),
        ("error", 0.00412, "error 0.0041"),
        ("error", 0.5, "error 0.5"),
    ],
)
def test_a_score_in_words_is_never_better_than_the_score(
    metric: Any, value: float, says: str
) -> None:
    assert score_words(Score(metric, value, None, 10)) == says


def test_adding_is_in_float32(library: Library) -> None:
    assert library.gallery["adding"].document.options.dtype == "float32"
    assert library.gallery["adding"].network.dtype == adding().dtype
