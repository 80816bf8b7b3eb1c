"""Cards: what is read, what is refused by name, and what is written is read back."""

import json

import pytest

from gru_core import Network, Readout
from gru_core.errors import CoreError
from gru_core.files import FormatError, load_card, save_card
from gru_core.files.card import read_card
from gru_core.network.card import Card, Channel, Target, Training

FULL = Card(
    title="Load",
    text="Forecasts the load.",
    alphabet="ab",
    tokens=("a", "b"),
    channels=(Channel("load", "MW", 350, 80), Channel("temperature", "°C")),
    outputs=(Channel("load", "MW", 350, 80),),
    classes=("low", "high"),
    sampling_rate=0.5,
    target=Target(1, ("load",)),
)


def read(card):
    return read_card(json.dumps(card).encode(), "model.json")


def network(inputs=2, outputs=1, embedding=None):
    layers = Network.random("gru", inputs, 3, seed=0).layers
    return Network(layers, embedding, Readout([[1.0, 0.0, 0.0]] * outputs))


def test_a_card_is_written_and_read_back(tmp_path):
    save_card(FULL, tmp_path / "model.json")
    assert load_card(tmp_path / "model.json") == FULL
    save_card(Card(title="x"), tmp_path / "small.json")
    assert json.loads((tmp_path / "small.json").read_text()) == {"title": "x"}


def test_a_range_is_a_mean_and_a_scale():
    card, _ = read({"channels": [{"name": "volume", "min": -5, "max": 15}, "plain"]})
    assert card.channels == (Channel("volume", "", -5, 20), Channel("plain"))


def test_unknown_keys_are_named():
    assert read({"title": "x", "author": "me", "epochs": 3})[1] == ("author", "epochs")


@pytest.mark.parametrize(
    ("card", "entry", "words"),
    [
        ([], None, "expected a card"),
        ({"author": "me"}, None, "expected a card"),
        ({"classes": "ab"}, "classes", "expected a list, got 'ab'"),
        ({"classes": ["a", 1]}, "classes.1", "expected text, got 1"),
        ({"channels": [{"nam": "x"}]}, "channels.0.nam", "expected name, unit, mean"),
        ({"channels": [{"scale": 0}]}, "channels.0.scale", "other than 0"),
        ({"channels": [{"mean": True}]}, "channels.0.mean", "expected a finite number, got True"),
        ({"channels": [{"min": 1}]}, "channels.0", "both min and max"),
        ({"channels": [{"min": 1, "max": 2, "mean": 0}]}, "channels.0", "or mean and scale"),
        ({"channels": [{"min": 2, "max": 1}]}, "channels.0", "min below max"),
        ({"outputs": [{"mean": float("nan")}]}, "outputs.0.mean", "finite"),
        ({"sampling_rate": 0}, "sampling_rate", "above 0"),
        ({"target": {"ahead": -1}}, "target.ahead", "0 or more"),
        ({"target": {"ahead": 1.5}}, "target.ahead", "whole number"),
        ({"target": 1}, "target", "expected an object"),
        ({"alphabet": ["a"]}, "alphabet", "expected text"),
    ],
)
def test_what_is_wrong_is_named(card, entry, words):
    with pytest.raises(FormatError, match=r"model\.json") as caught:
        read(card)
    assert caught.value.entry == entry and words in str(caught.value)


def test_other_bytes_are_no_card():
    for content in (b"\xff\xfe", b"{", b"[" * 100_000):
        with pytest.raises(FormatError, match="expected JSON"):
            read_card(content, "model.json")


@pytest.mark.parametrize(
    ("card", "field", "got"),
    [
        (Card(alphabet="abc"), "alphabet", "3"),
        (Card(alphabet="aa"), "alphabet", "'aa'"),
        (Card(tokens=("a",)), "tokens", "1"),
        (Card(channels=(Channel(),)), "channels", "1"),
        (Card(outputs=(Channel(), Channel())), "outputs", "2"),
        (Card(classes=("a", "b", "c")), "classes", "3"),
        (Card(target=Target(1)), "target", "none"),
        (Card(target=Target(1, ("a", "b"))), "target.columns", "2"),
    ],
)
def test_a_card_of_another_network_is_refused(card, field, got):
    with pytest.raises(CoreError) as caught:
        card.check(network())
    assert (caught.value.field, caught.value.got) == (field, got)


def test_a_card_that_fits_is_taken():
    Card(channels=(Channel("a"), Channel("b")), classes=("no", "yes")).check(network())
    Card(tokens=("x", "y", "z"), alphabet="xyz").check(network(embedding=[[0.0, 1.0]] * 3))
    with pytest.raises(CoreError, match="left out, as the network has no inputs"):
        Card(channels=(Channel(),)).check(network(embedding=[[0.0, 1.0]] * 3))


def test_the_target_is_a_channel_or_another_column():
    channels = (Channel("a"), Channel("b"))
    assert Card(channels=channels, target=Target(1, ("b",))).target_columns(network()) == (1,)
    named = Card(channels=channels, outputs=(Channel("y"),), target=Target())
    assert named.target_columns(network()) == ("y",)
    assert Card(target=Target(1)).target_columns(network(outputs=2)) == (0, 1)
    bare = Network(network().layers)
    with pytest.raises(CoreError, match="no readout"):
        Card(target=Target(1)).check(bare)


TRAINING = {
    "task": "parity",
    "settings": {"length": 20},
    "seed": 3,
    "score": 0.99,
    "metric": "accuracy",
    "chance": 0.5,
    "command": "gruscope train --task parity",
}


def test_how_it_was_trained_is_read_and_saved(tmp_path):
    card, unknown = read({"training": {**TRAINING, "seconds": 3.2}})
    assert card.training == Training(
        "parity", {"length": 20}, 3, 0.99, "accuracy", 0.5, "gruscope train --task parity"
    )
    assert unknown == ()
    save_card(card, tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text())["training"] == TRAINING


@pytest.mark.parametrize(
    ("training", "text"),
    [
        ("parity", "training: expected an object, got 'parity'"),
        ({"task": 3}, "training.task: expected text, got 3"),
        ({"settings": [1]}, "training.settings: expected an object with at most 100 entries"),
        ({"seed": 1.5}, "training.seed: expected a whole number, got 1.5"),
        ({"score": "good"}, "training.score: expected a finite number, got 'good'"),
    ],
)
def test_a_training_that_is_none_is_refused(training, text):
    with pytest.raises(FormatError) as caught:
        read({"training": training})
    assert text in str(caught.value)
