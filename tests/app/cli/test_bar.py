"""The bar of a training on a terminal, and the lines elsewhere."""

import sys

import pytest

from gru_core.learn import TASKS, Progress
from gruscope.cli.bar import Bar

TASK = TASKS["parity"](length=8)


def show(steps: int) -> None:
    bar = Bar(TASK, steps, 0)
    for step in range(1, steps + 1):
        score = step / 100 if step % 10 == 0 else None
        bar.show(Progress(step, 0.5, 1.0, 0.01, score))
    bar.close()


def test_lines_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    show(100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[4] == "step 50 of 100: loss 0.5000, accuracy 0.5000"


def test_a_terminal_has_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tqdm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show(40)
    said = capsys.readouterr().err
    assert "40/40" in said and "loss 0.5000, accuracy 0.4000" in said


def test_without_tqdm_a_terminal_has_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    show(40)
    assert "step 40 of 40: loss 0.5000, accuracy 0.4000\n" in capsys.readouterr().err
