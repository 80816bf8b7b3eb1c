"""gruscope train, eval and sample with an encoder and a decoder."""

import json
from pathlib import Path

import pytest

from gru_core import Seq2Seq, load
from gru_core.files import load_card
from gru_core.gallery.trained import trained
from gru_core.learn.translation.weights import PairWeights
from gruscope.cli import main

QUICK = ["--hidden", "6", "--batch", "8", "--score-every", "10"]
NUMBERS = trained()["numbers"].path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_train_writes_both_networks_and_their_card(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--task", "numbers", "--digits", "2", *QUICK, "--steps", "20"]
    assert main([*command, "--cell", "lstm", "--out", "n.safetensors"]) == 0
    out = capsys.readouterr().out
    assert "try it:    gruscope sample n.safetensors --seed-text " in out
    model = load(folder / "n.safetensors")
    assert isinstance(model, Seq2Seq)
    assert (model.kind, model.encoder.hidden_size, model.limit) == ("lstm", 6, 14)
    card = load_card(folder / "n.json")
    model.check_card(card)
    assert (card.alphabet, card.classes[:2]) == ("0123456789", ("^", "$"))
    assert card.training is not None
    assert (card.training.task, card.training.settings) == ("numbers", {"digits": 2})
    assert main(["eval", "n.safetensors", "--count", "30"]) == 0
    assert "on 30 sequences (chance: 0.1111)" in capsys.readouterr().out


def test_a_resumed_training_ends_with_the_same_weights(folder: Path) -> None:
    command = ["train", "--task", "numbers", "--digits", "2", *QUICK]
    assert main([*command, "--steps", "30", "--out", "whole.safetensors"]) == 0
    assert main([*command, "--steps", "10", "--out", "part.safetensors"]) == 0
    assert main([*command, "--steps", "30", "--out", "part.safetensors", "--resume"]) == 0
    vectors = []
    for name in ("whole", "part"):
        model = load(folder / f"{name}.safetensors")
        assert isinstance(model, Seq2Seq)
        vectors.append(PairWeights(model).values)
    assert (vectors[0] == vectors[1]).all()


def test_sample_answers_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", str(NUMBERS), "--seed-text", "417"]) == 0
    first, *likely = capsys.readouterr().out.splitlines()
    assert first == "four hundred seventeen"
    assert len(likely) == 3
    shares = [float(line.split("%")[0]) for line in likely]
    assert shares == sorted(shares, reverse=True) and sum(shares) <= 100.1
    assert likely[0].endswith("%  four hundred seventeen")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed-text", "4", "--top-k", "2"], "--top-k is for networks that write on"),
        ([], "answer a text: give it with --seed-text TEXT"),
        (["--seed-text", "4x"], "must use the characters '0123456789', got 'x' at position 1"),
        (["--seed-text", "4", "--alphabet", "01"], "expected 10 alphabet in the card"),
    ],
)
def test_sample_says_what_it_needs(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", str(NUMBERS), *arguments]) != 0
    assert message in capsys.readouterr().err


def test_the_kinds_of_network_are_not_mixed_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    single = trained()["parity"].path
    assert main(["eval", str(NUMBERS), "--task", "parity"]) != 0
    assert "network must be a single network for parity" in capsys.readouterr().err
    assert main(["eval", str(single), "--task", "numbers"]) != 0
    assert "network must be an encoder and a decoder for numbers" in capsys.readouterr().err
    assert main(["train", "--task", "numbers", "--digits", "9"]) != 0
    assert "--digits must be from 2 to 4, got 9" in capsys.readouterr().err
    assert main(["train", "--task", "dates", "--bidirectional", *QUICK]) != 0
    assert "encoder must read forward" in capsys.readouterr().err


def test_a_gallery_card_is_that_of_its_training() -> None:
    card = json.loads(NUMBERS.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["training"]["command"] == "gruscope train --gallery numbers"
    assert card["training"]["settings"] == {"digits": 4}
