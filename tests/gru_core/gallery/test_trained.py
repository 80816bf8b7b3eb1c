"""The trained networks of a gallery, and their cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gru_core
from gru_core import EXAMPLES, Network, RangeError, Seq2Seq
from gru_core.files import FormatError
from gru_core.gallery.card import GalleryCard, Look, Score, UnitStory
from gru_core.gallery.trained import read_gallery, trained
from gru_core.network.card import Card
from tests.gallery_folder import ALPHABET, CARDS, adding, card, words, write_gallery

TITLE = Card(title="Words, letter by letter")
FOLDER = Path(gru_core.__file__).parent / "gallery" / "networks"


def read(**gallery: Any) -> GalleryCard:
    return GalleryCard.of(TITLE, card(**gallery))


def test_two_files_make_a_network_and_the_cards_give_the_order(tmp_path: Path) -> None:
    found = read_gallery(write_gallery(tmp_path))
    assert list(found) == ["words", "adding"]
    assert [one.name for one in found.values()] == ["words", "adding"]
    assert found["words"].card.card.alphabet == ALPHABET
    assert found["words"].card.card.title == "Words, letter by letter"
    for name, expected in (("words", words()), ("adding", adding())):
        network = found[name].network()
        assert network.dtype == expected.dtype
        x = np.array([0, 3, 1]) if name == "words" else np.ones((3, 2))
        assert (network.run(x).output == expected.run(x).output).all()


def test_a_network_in_the_other_dtype(tmp_path: Path) -> None:
    one = read_gallery(write_gallery(tmp_path))["adding"]
    assert one.network() is one.network("float32")
    wide = one.network("float64")
    assert wide.dtype == np.float64
    assert (wide.layers[0].first.W == one.network().layers[0].first.W).all()


def test_a_card_holds_what_its_json_says() -> None:
    found = read()
    assert (found.card, found.family, found.order) == (TITLE, "text", 1)
    assert found.look == Look("z", 3, 2) and (found.layer, found.direction) == (1, "reverse")
    assert found.score == Score("accuracy", 0.614, 0.11, 2000)
    assert found.story == (UnitStory(2, "Unit 2 has seen a b.", 1, without=0.2),)
    assert found.inputs == ("a bad cab fed a head", "abc abc")
    assert (found.task, found.seed, found.seconds) == ("next letter", 3, 61.5)


PARTS = [
    *(("card", name) for name in ("training", "gallery")),
    *(("training", name) for name in ("task", "command", "seed", "seconds", "metric", "score")),
    *(("gallery", name) for name in ("family", "order", "look", "inputs")),
]


@pytest.mark.parametrize(("part", "field"), PARTS)
def test_a_card_without_an_entry_says_which_it_needs(part: str, field: str) -> None:
    given = card()
    del (given if part == "card" else given[part])[field]
    with pytest.raises(RangeError, match=f"{part} must have {field}, got none"):
        GalleryCard.of(TITLE, given)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"family": "games"}, "family must be one of text, numbers, memory, got games"),
        ({"inputs": []}, "inputs must have an input that shows the network, got none"),
    ],
)
def test_a_wrong_card_is_refused(other: dict[str, Any], message: str) -> None:
    with pytest.raises(RangeError, match=message):
        read(**other)


@pytest.mark.parametrize(("text", "message"), [("[]", "expected a card"), ("{", "expected JSON")])
def test_a_card_that_is_no_object_is_refused_by_name(
    text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "words.json").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=f"words.json: {message}"):
        read_gallery(tmp_path)


def test_the_package_has_both_files_of_every_network_and_they_are_small() -> None:
    weights = {path.stem: path.stat().st_size for path in FOLDER.glob("*.safetensors")}
    assert set(trained()) == set(weights) == {path.stem for path in FOLDER.glob("*.json")}
    assert not set(trained()) & set(EXAMPLES)
    assert max(weights.values(), default=0) <= 200_000
    assert sum(weights.values()) <= 1_500_000


def test_every_look_and_story_of_the_package_is_there() -> None:
    for one in trained().values():
        network, found = one.network(), one.card
        assert one.is_pair == isinstance(network, Seq2Seq)
        assert 0 <= found.look.t < len(found.inputs[0]), one.name
        for place in (found, *found.story):
            unit = place.look.unit if isinstance(place, GalleryCard) else place.unit
            layer = of_stage(network, place).layers[place.layer]
            assert place.direction in layer.reads, one.name
            assert 0 <= unit < layer.first.hidden_size, one.name
        layer = of_stage(network, found).layers[found.layer]
        assert found.look.value in layer.first.VALUES, one.name


def of_stage(network: Network | Seq2Seq, place: GalleryCard | UnitStory) -> Network:
    """Return the network that a place is in: the encoder of a look, the stage of a story."""
    if isinstance(network, Network):
        return network
    return network.encoder if isinstance(place, GalleryCard) else network.of(place.stage)


def test_the_cards_of_the_tests_are_complete() -> None:
    assert [GalleryCard.of(TITLE, one).order for one in CARDS.values()] == [1, 2]
