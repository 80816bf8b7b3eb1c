"""gruscope eval and gruscope sample."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gru_core import GRUParams, Layer, Network, Readout, save
from gru_core.learn.tasks.words import Words
from gruscope.cli import main
from gruscope.cli.card import write_card
from gruscope.training.card import card_of


def echo(size: int, head: str) -> Network:
    """Return a network that answers with the next symbol in a circle, whatever came before."""
    params = GRUParams(np.zeros((3 * size, size)), np.zeros((3 * size, size)), np.zeros(3 * size))
    params = params.replace(W_n=20 * np.eye(size), b_z=np.full(size, -40.0))
    turn = np.roll(np.eye(size), 1, axis=0) * (9 if head == "softmax" else 1)
    return Network((Layer(params),), readout=Readout(turn, head=head))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save(echo(3, "softmax"), "abc.safetensors")
    save(echo(2, "identity"), "rows.safetensors")
    (tmp_path / "start.csv").write_text("a,b\n5,5.001\n" * 1 + "7,5\n")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_text_is_written_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sample", "abc.safetensors", "--alphabet", "abc", "--seed-text", "ca"]
    greedy = ["--temperature", "0", "--count", "7"]
    assert run(capsys, *command, *greedy) == (0, "cabcabcab\n", "")
    assert run(capsys, *command, *greedy, "--stop", "c")[1] == "cabc\n"
    assert run(capsys, *command, "--top-k", "1", "--count", "3")[1] == "cabca\n"


def test_the_same_seed_writes_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sample", "abc.safetensors", "--alphabet", "abc", "--temperature", "9"]
    first, again, other = (run(capsys, *command, "--seed", seed)[1] for seed in "778")
    assert first == again != other
    assert set(first) == set("abc\n") and len(first) == 202


def test_a_series_is_written_on_in_its_own_units(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    channels = [{"name": "a", "mean": 5, "scale": 2}, {"name": "b", "mean": 5, "scale": 4}]
    card = {"channels": channels, "training": {"task": "forecast"}}
    write_card(Path("rows.safetensors"), card)
    command = ["sample", "rows.safetensors", "--seed-csv", "start.csv", "--count", "3"]
    assert run(capsys, *command) == (0, "a,b\n5,9\n7,5\n5,9\n", "")


def test_a_score_is_taken_on_the_card_s_task(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = Words(length=12)
    save(replace(echo(27, "softmax")), "w.safetensors")
    write_card(Path("w.safetensors"), card_of(task, seed=0))
    code, out, _ = run(capsys, "eval", "w.safetensors", "--count", "300")
    batch = task.held_out(np.random.default_rng(4), 2000)
    following = (batch.target == (batch.x + 1) % 27).mean()
    assert code == 0
    assert float(out.split()[1]) == pytest.approx(following, abs=0.01)
    assert "on 300 sequences (chance: 0.1365)" in out
    for same in ("--length", "12"), ("--task", "words"):
        assert run(capsys, "eval", "w.safetensors", "--count", "20", *same)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sample", "abc.safetensors"], "cannot read the card abc.json: No such file"),
        (
            ["sample", "abc.safetensors", "--alphabet", "ab"],
            "has 2 characters, the network reads 3",
        ),
        (
            ["sample", "abc.safetensors", "--alphabet", "abc", "--seed-text", "ax"],
            "--seed-text must use the characters 'abc', got 'x' at position 1",
        ),
        (["sample", "abc.safetensors", "--alphabet", "abc", "--top-k", "0"], "top_k must be at le"),
        (["sample", "abc.safetensors", "--count", "0"], "--count must be at least 1, got 0"),
        (
            ["sample", "abc.safetensors", "--alphabet", "abc", "--temperature", "-1"],
            "temperature must be a finite number from 0, got -1.0",
        ),
        (["sample", "rows.safetensors"], "give its beginning with --seed-csv FILE"),
        (["sample", "none.safetensors"], "none.safetensors"),
        (["eval", "abc.safetensors"], "cannot read the card abc.json"),
        (["eval", "abc.safetensors", "--task", "parity"], "a readout of 2 outputs for parity, got"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert message in err and err.count("\n") == 1
