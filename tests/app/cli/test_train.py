"""gruscope train: the network, its card, data of one's own, interruptions and refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import load
from gru_core.files import load_card
from gru_core.learn import TASKS, Progress, Training
from gru_core.learn.weights import Weights
from gruscope.cli import main
from gruscope.documents.entry import Entry
from gruscope.settings import Settings

QUICK = ["--hidden", "6", "--steps", "20", "--batch", "8", "--score-every", "10"]
SERIES = "day,heat,rain\n" + "".join(
    f"{day},{np.sin(day / 3):.4f},{np.cos(day / 5):.4f}\n" for day in range(200)
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("a rose is a rose is a rose. " * 20)
    (tmp_path / "series.csv").write_text(SERIES)
    lines = [f"{'ab' * n}\tlong\n{'a' * n}\tshort\n" for n in range(1, 8)]
    (tmp_path / "labels.tsv").write_text("".join(lines))
    return tmp_path


def train(*arguments: str) -> int:
    return main(["train", *arguments])


def weights(path: Path) -> np.ndarray[Any, Any]:
    return Weights(load(path)).values


def test_it_writes_a_network_that_solves_the_task(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--task", "parity", "--hidden", "8", "--length", "8", "--lr", "0.02"]
    assert train(*command, "--out", "p.safetensors") == 0
    out = capsys.readouterr().out
    assert "Solved at step" in out
    assert "open it:   gruscope p.safetensors --alphabet 01" in out
    network = load(folder / "p.safetensors")
    task = TASKS["parity"](length=8)
    score = task.score(network, task.draw(np.random.default_rng(5), 500))
    assert score > 0.97
    card = json.loads((folder / "p.json").read_text())
    assert (card["alphabet"], card["classes"]) == ("01", ["even", "odd"])
    training = card["training"]
    assert (training["task"], training["settings"]) == ("parity", {"length": 8})
    assert training["command"].startswith("gruscope train --task parity --hidden 8")
    assert training["score"] == pytest.approx(score, abs=0.02)
    assert not (folder / "p.checkpoint.safetensors").exists()
    Entry.of(network, "p.safetensors", Settings(), load_card(folder / "p.json"))


@pytest.mark.parametrize(
    ("arguments", "reads", "answers"),
    [
        (["--task", "text", "--text", "text.txt", "--length", "9"], 8, 8),
        (["--task", "forecast", "--csv", "series.csv", "--length", "9", "--horizon", "2"], 2, 2),
        (["--task", "labels", "--labels", "labels.tsv"], 2, 2),
    ],
)
@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
def test_it_reads_data_of_one_s_own(
    folder: Path, arguments: list[str], reads: int, answers: int, cell: str
) -> None:
    assert train(*arguments, *QUICK, "--cell", cell, "--out", "n.safetensors") == 0
    network = load(folder / "n.safetensors")
    assert network.kind == cell and network.readout is not None
    assert (network.input_size, network.readout.output_size) == (reads, answers)


def test_the_channels_of_a_csv_are_on_the_card(folder: Path) -> None:
    train("--task", "forecast", "--csv", "series.csv", *QUICK, "--out", "n.safetensors")
    card = json.loads((folder / "n.json").read_text())
    assert [channel["name"] for channel in card["channels"]] == ["heat", "rain"]
    waves = [np.sin(np.arange(149) / 3), np.cos(np.arange(149) / 5)]
    for channel, wave in zip(card["channels"], waves, strict=True):
        assert channel["mean"] == pytest.approx(wave.mean(), abs=1e-4)
        assert channel["scale"] == pytest.approx(wave.std(), abs=1e-4)
    assert card["target"] == {"ahead": 1, "columns": ["heat", "rain"]}


def test_layers_directions_embedding_and_form(folder: Path) -> None:
    options = ["--layers", "2", "--bidirectional", "--embedding", "3", "--form", "cho2014"]
    train("--task", "temporal_order", "--length", "20", *QUICK, *options, "--out", "n.safetensors")
    network = load(folder / "n.safetensors")
    assert (len(network.layers), network.directions, network.embedding.shape) == (2, 2, (8, 3))
    assert not network.layers[0].first.reset_after


def test_an_interrupted_training_keeps_its_best_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--task", "parity", *QUICK, "--to-the-end", "--out"]
    train(*command, "whole.safetensors")
    whole = Training.run

    def interrupted(self: Training) -> Iterator[Progress]:
        for progress in whole(self):
            yield progress
            if progress.step == 13:
                raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Training, "run", interrupted)
        assert train(*command, "part.safetensors") == 0
    assert "Interrupted." in capsys.readouterr().out
    assert (folder / "part.checkpoint.safetensors").exists()
    assert train(*command, "part.safetensors", "--resume") == 0
    np.testing.assert_array_equal(
        weights(folder / "part.safetensors"), weights(folder / "whole.safetensors")
    )


@pytest.mark.filterwarnings("ignore:overflow")
def test_a_training_that_diverges_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = train("--task", "adding", "--cell", "rnn", "--lr", "1e6", "--steps", "50")
    assert code == 1
    assert "Training diverged after step" in capsys.readouterr().out
    assert np.isfinite(weights(folder / "adding-rnn.safetensors")).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "none"], "--task: expected one of temporal_order, copy"),
        (["--task", "text"], "--task text needs --text FILE"),
        (["--task", "parity", "--text", "text.txt"], "--text is for the task text, not for parity"),
        (["--task", "parity", "--depth", "3"], "--depth: the task parity has no such setting"),
        (["--task", "parity", "--length", "1"], "--length must be at least 2, got 1"),
        (["--task", "text", "--text", "no.txt"], "--text no.txt: No such file"),
        (["--task", "text", "--text", "one.txt"], "one.txt: text must have at least two different"),
        (["--task", "text", "--text", "empty.txt"], "empty.txt: text must have at least one char"),
        (["--task", "text", "--text", "bytes.bin"], "expected UTF-8 text, got other bytes at 0"),
        (["--task", "forecast", "--csv", "flat.csv"], "channel a must change over time"),
        (["--task", "forecast", "--csv", "empty.txt"], "The file is empty"),
        (["--task", "forecast", "--csv", "text.txt"], "expected a column of numbers, got none"),
        (["--task", "labels", "--labels", "text.txt"], "text.txt, line 1: expected a text, a tab"),
        (["--task", "parity", "--out", "n.pt"], "a name that ends in .safetensors, got 'n.pt'"),
        (["--task", "parity", "--out", "no/n.safetensors"], "--out: there is no folder no"),
        (["--task", "parity", "--bidirectional"], "directions must read forward only"),
        (["--task", "parity", "--lr", "-1"], "learning_rate must be a finite number more than 0"),
        (["--task", "parity", "--cell", "rnn", "--init", "chrono"], "a simple RNN has no gates"),
        (["--task", "parity", "--cell", "rnn", "--form", "cho2014"], "--form is for --cell gru"),
        (["--task", "parity", "--resume"], "--resume: there is no parity-gru.checkpoint"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_it_starts(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "one.txt").write_text("a" * 500)
    (folder / "empty.txt").write_text("")
    (folder / "bytes.bin").write_bytes(b"\xff\xfe\x00")
    (folder / "flat.csv").write_text("a,b\n" + "1,2\n" * 200)
    files = set(folder.iterdir())
    assert train(*arguments) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1
    assert set(folder.iterdir()) == files
