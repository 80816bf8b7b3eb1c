"""Tasks made of data: words, texts, series and labels."""

from typing import Any

import numpy as np
import pytest

from gru_core import CoreError
from gru_core.learn import Architecture, Batch, Options, Task, Training
from gru_core.learn.data.lists import listed
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.tasks.text import Text
from gru_core.learn.tasks.words import Names, Words

RNG = np.random.default_rng
ROWS = np.column_stack([np.arange(100.0), np.sin(np.arange(100.0))])
PAIRS = [(f"x{'a' * n}", "even" if n % 2 == 0 else "odd") for n in range(20)]


def rows(task: Task, batch: Batch) -> list[str]:
    """Return each sequence of symbols as text."""
    assert task.alphabet is not None
    return ["".join(task.alphabet[i] for i in column if i >= 0) for column in batch.x.T]


@pytest.mark.parametrize("task", [Words(length=60), Names(length=60)], ids=["words", "names"])
def test_words_follow_one_another_and_some_are_kept_for_scores(task: Words) -> None:
    known, seen = set(listed(task.name)), []
    for batch in (task.draw(RNG(0), 200), task.held_out(RNG(0), 200)):
        np.testing.assert_array_equal(batch.x[1:], batch.target[:-1])
        whole = {word for row in rows(task, batch) for word in row[1:].split(" ")[:-1]}
        assert whole <= known
        assert all(row[0] == " " and "  " not in row for row in rows(task, batch))
        seen.append(whole)
    assert len(seen[1]) > 50
    assert not seen[0] & seen[1]


def test_pieces_of_a_text_and_of_its_end() -> None:
    text = "".join(chr(ord("a") + k % 20) for k in range(900)) + "z" * 100
    task = Text(text=text, length=10)
    trained, kept = task.draw(RNG(0), 500), task.held_out(RNG(0), 50)
    assert all(row in text for row in rows(task, trained))
    assert not any("z" in row for row in rows(task, trained))
    assert set(rows(task, kept)) == {"z" * 10}
    np.testing.assert_array_equal(trained.x[1:], trained.target[:-1])
    assert task.chance == 1.0  # saying z


def test_text_of_any_script_is_read() -> None:
    task = Text(text="αβγ🦉 " * 40, length=8)
    assert task.alphabet == " αβγ🦉"
    assert all(row in "αβγ🦉 " * 10 for row in rows(task, task.draw(RNG(0), 20)))


def test_a_series_is_scaled_and_shifted_by_its_horizon() -> None:
    task = Forecast(length=10, horizon=3, rows=ROWS, names=("time", "wave"))
    assert (task.channels, task.classes) == (("time", "wave"), ("time in 3", "wave in 3"))
    trained, kept = task.draw(RNG(0), 300), task.held_out(RNG(0), 300)
    back = task.mean + task.scale * trained.x
    np.testing.assert_allclose(
        task.mean + task.scale * trained.target - back,
        np.stack([np.full(back.shape[:2], 3.0), np.sin(back[..., 0] + 3) - back[..., 1]], -1),
        atol=1e-9,
    )
    assert back[..., 0].max() < 80 <= (task.mean + task.scale * kept.x)[..., 0].min()
    np.testing.assert_allclose(ROWS[:80].mean(0), task.mean)


def test_every_label_is_trained_on_and_scored() -> None:
    task = Labels.of(PAIRS)
    trained, kept = task.draw(RNG(0), 400), task.held_out(RNG(0), 400)
    for batch in (trained, kept):
        labels = {task.classes[i] for i in batch.target[batch.mask]}
        assert labels == {"even", "odd"}
        assert (batch.mask.sum(axis=0) == 1).all()
        for row, mask, target in zip(rows(task, batch), batch.mask.T, batch.target.T, strict=True):
            assert (row, task.classes[target[mask][0]]) in PAIRS
            assert mask[len(row) - 1]
    assert not set(rows(task, trained)) & set(rows(task, kept))
    assert kept.x.shape[1] == 4


def test_what_follows_a_short_text_does_not_matter() -> None:
    task = Labels.of([("ab", "x"), ("ba", "y"), ("abababab", "x"), ("babababa", "y")] * 2)
    training = Training(task, Architecture("gru", 4), Options(steps=5, batch=4), seed=0)
    for _ in training.run():
        pass
    batch = task.held_out(RNG(0), 8)
    network, short = training.network, int(batch.mask[1].argmax())
    whole = network.run(batch.numbers(2, network.dtype)).answer[1, short]
    alone = network.run(batch.numbers(2, network.dtype)[:2, short]).answer[1]
    np.testing.assert_allclose(whole, alone, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Text(text=""), "text must have at least one character, got none"),
        (lambda: Text(text="a" * 500), "text must have at least two different characters"),
        (lambda: Text(text="ab" * 30), "at least 130 characters for pieces of 64, got 60"),
        (
            lambda: Text(text="".join(map(chr, range(300, 700)))),
            "at most 200 different characters: replace the rare ones, got 400",
        ),
        (lambda: Forecast(rows=np.ones((200, 1))), "channel 1 must change over time"),
        (lambda: Forecast(rows=ROWS[:60]), "at least 102 steps for pieces of 50, got 60"),
        (lambda: Forecast(rows=np.full((200, 1), np.nan)), "rows must be finite"),
        (lambda: Forecast(rows=ROWS, length=9, names=("a",)), "names must be 2, one a channel"),
        (lambda: Forecast(horizon=0), "horizon must be at least 1, got 0"),
        (lambda: Labels(), "labels must have at least one line of text, tab, label, got none"),
        (lambda: Labels.of([("a", "x"), ("b", "x")]), "from 2 to 100 different labels, got 1"),
        (
            lambda: Labels.of([("a", str(n // 2)) for n in range(300)]),
            "from 2 to 100 different labels, got 150",
        ),
        (lambda: Labels.of([("a", "x"), ("b", "y"), ("b", "y")]), "two texts of each label"),
        (lambda: Labels.of([("", "x")]), "labels, line 1 must have a text, got none"),
        (lambda: Labels.of([("a" * 501, "x")]), "line 1 must have at most 500 characters"),
    ],
)
def test_bad_data_is_refused_before_training(make: Any, message: str) -> None:
    with pytest.raises(CoreError, match=message):
        make()
