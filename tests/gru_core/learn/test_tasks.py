"""The tasks: right answers by other means, chance, seeds and limits."""

import re

import numpy as np
import pytest

from gru_core import RangeError
from gru_core.learn import TASKS, Batch, Task

RNG = np.random.default_rng
DRAWN = [name for name, task in TASKS.items() if task.needs is None]
ARTIFICIAL = [name for name in DRAWN if name not in {"words", "names", "forecast"}]


def sequences(task: Task, batch: Batch) -> list[tuple[str, str]]:
    """Return each sequence and its answers as text, "?" at steps that do not count."""
    assert task.alphabet is not None
    found = []
    for b in range(batch.x.shape[1]):
        text = "".join(task.alphabet[i] for i in batch.x[:, b])
        answers = zip(batch.target[:, b], batch.mask[:, b], strict=True)
        found.append((text, "".join(task.classes[i][-1] if m else "?" for i, m in answers)))
    return found


def counted(task: Task, batch: Batch) -> list[str]:
    return [task.classes[i] for i in batch.target.T[batch.mask.T]]


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_seed_draws_the_same_batch(name: str) -> None:
    task = TASKS[name](length=12)
    first, second, other = (task.draw(RNG(seed), 20) for seed in (5, 5, 6))
    for field in ("x", "target", "mask"):
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))
    assert (first.x != other.x).any()


@pytest.mark.parametrize("name", DRAWN)
def test_shapes_are_those_of_the_task(name: str) -> None:
    task = TASKS[name](length=12)
    batch = task.draw(RNG(0), 7)
    T, B = batch.mask.shape
    assert B == 7 and batch.x.shape[:2] == (T, B)
    if task.tokens is None:
        assert batch.x.shape[2] == task.input_size == len(task.channels)
    else:
        assert batch.x.min() >= 0 and batch.x.max() < task.input_size
    if task.head == "softmax":
        assert batch.target.min() >= 0 and batch.target.max() < task.output_size
    else:
        assert batch.target.shape == (T, B, task.output_size)


@pytest.mark.parametrize("name", ARTIFICIAL)
def test_chance_is_the_score_of_the_best_answer_that_ignores_the_input(name: str) -> None:
    task = TASKS[name](length=20)
    batch = task.draw(RNG(0), 4000)
    if task.metric == "accuracy":
        target = batch.target[batch.mask].astype(int).reshape(int(batch.mask.sum()), -1)
        found = max(np.bincount(target[:, 0])) / len(target)
    elif name == "adding":  # saying 1, the mean
        found = np.mean((batch.target[batch.mask] - 1) ** 2)
    else:  # saying 0
        found = np.mean(batch.target[batch.mask] ** 2)
    assert task.chance == pytest.approx(found, abs=0.02)


def test_temporal_order_asks_for_the_two_letters_in_order() -> None:
    task = TASKS["temporal_order"](length=40)
    batch = task.draw(RNG(0), 50)
    for (text, _), answer in zip(sequences(task, batch), counted(task, batch), strict=True):
        assert "".join(re.findall("[XY]", text)) == answer
        first, second = (m.start() for m in re.finditer("[XY]", text))
        assert 4 <= first < 8 and 16 <= second < 20
        assert text[0] == "B" and text[-1] == "E"


def test_copy_asks_for_the_first_letters() -> None:
    task = TASKS["copy"](length=9)
    for text, answer in sequences(task, task.draw(RNG(0), 20)):
        assert re.fullmatch(r"[a-d]{3}\.{9}>>>", text)
        assert answer == "?" * 12 + text[:3]


def test_parity_counts_ones() -> None:
    task = TASKS["parity"](length=9)
    for text, answer in sequences(task, task.draw(RNG(0), 20)):
        assert answer == "".join("nd"[text[: t + 1].count("1") % 2] for t in range(9))


def test_the_latch_shows_the_first_letter() -> None:
    task = TASKS["latch"](length=15)
    for text, answer in sequences(task, task.draw(RNG(0), 50)):
        assert answer == "".join((text[: t + 1].strip(".") + "–")[0] for t in range(15))


def test_brackets_are_nested_and_no_deeper_than_asked() -> None:
    task = TASKS["dyck"](length=60, depth=3)
    deepest = 0
    for text, answer in sequences(task, task.draw(RNG(0), 50)):
        for t in range(60):
            left = text[: t + 1]
            while (shorter := left.replace("()", "").replace("[]", "")) != left:
                left = shorter
            assert re.fullmatch(r"[(\[]*", left)
            assert answer[t] == {"(": ")", "[": "]"}.get(left[-1:], ".")
            deepest = max(deepest, len(left))
    assert deepest == 3


def test_the_flip_flop_holds_the_last_pulse() -> None:
    batch = TASKS["flipflop"](length=40).draw(RNG(0), 10)
    held = np.zeros_like(batch.x[0])
    for x, target in zip(batch.x, batch.target, strict=True):
        held = np.where(x, x, held)
        np.testing.assert_array_equal(target, held)


def test_delayed_match_compares_the_ends() -> None:
    task = TASKS["delayed_match"](length=12)
    batch = task.draw(RNG(0), 50)
    assert task.alphabet is not None
    for b in range(50):
        text = "".join(task.alphabet[i] for i in batch.x[:, b])
        assert re.fullmatch(r"[a-d][.A-D]{10}[a-d]", text)
        assert batch.target[-1, b, 0] == (text[0] == text[-1])
    assert batch.mask.sum() == 50


def test_the_sine_has_the_frequency_of_the_input() -> None:
    batch = TASKS["sine"](length=200).draw(RNG(0), 10)
    for b in range(10):
        steps = 40 / (1 + 3 * batch.x[0, b, 0])
        crossings = int((np.diff(np.sign(batch.target[:, b, 0])) != 0).sum())
        assert crossings == pytest.approx(2 * 200 / steps, abs=1.5)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("parity", {"length": 1}, "length must be at least 2, got 1"),
        ("temporal_order", {"length": 9}, "length must be at least 10, got 9"),
        ("copy", {"symbols": 0}, "symbols must be at least 1, got 0"),
        ("copy", {"kinds": 27}, "kinds must be from 2 to 26, got 27"),
        ("dyck", {"depth": 0}, "depth must be at least 1, got 0"),
    ],
)
def test_settings_out_of_range_are_refused(
    name: str, settings: dict[str, int], message: str
) -> None:
    with pytest.raises(RangeError, match=message):
        TASKS[name](**settings)


@pytest.mark.parametrize("name", DRAWN)
def test_the_answers_to_a_drawn_input_are_those_drawn(name: str) -> None:
    task = TASKS[name](length=12)
    batch = task.draw(RNG(0), 20)
    found = task.answered(batch.x)
    if name == "forecast":
        assert found is None
        return
    assert found is not None
    np.testing.assert_array_equal(found.target[found.mask], batch.target[found.mask])
    missing = batch.mask & ~found.mask  # a text's last step asks for a letter that is not in it
    assert not (missing[:-1] if name in {"words", "names"} else missing).any()


@pytest.mark.parametrize(
    ("name", "text", "answers"),
    [
        ("parity", "1101", "dnnd"),
        ("latch", "..b.a", "––bbb"),
        ("latch", "...", "–––"),
        ("dyck", "([)", ")]?"),
        ("dyck", "()])[", ").???"),
        ("copy", "ba>..c>>>", "??b???ac?"),
        ("copy", ">a", "??"),
        ("temporal_order", "XaYbE", "????Y"),
        ("temporal_order", "YXE", "??X"),
        ("temporal_order", "XYYE", "????"),
        ("temporal_order", "YEYaEE", "????YY"),
        ("words", " ab", "ab?"),
    ],
)
def test_an_input_of_the_reader_s_own_has_the_answers_of_the_rule(
    name: str, text: str, answers: str
) -> None:
    task = TASKS[name]()
    assert task.alphabet is not None
    x = np.array([[task.alphabet.index(character)] for character in text])
    found = task.answered(x)
    assert found is not None
    assert sequences(task, found) == [(text, answers)]


@pytest.mark.parametrize(("text", "answer"), [("a..a", 1), ("a..b", 0), ("..a", None), ("a", None)])
def test_delayed_match_asks_only_where_there_is_a_letter_at_both_ends(
    text: str, answer: int | None
) -> None:
    task = TASKS["delayed_match"]()
    assert task.alphabet is not None
    found = task.answered(np.array([[task.alphabet.index(character)] for character in text]))
    assert found is not None
    asked = found.target[found.mask].ravel().tolist()
    assert asked == ([] if answer is None else [answer]) and not found.mask[:-1].any()


@pytest.mark.parametrize(
    ("name", "rows", "answers"),
    [
        ("adding", [[0.5, 1], [0.25, 0], [0.125, 1], [1, 1]], [None, None, None, 1.625]),
        ("adding", [[0.5, 1], [0.25, 0.5]], [None, None]),
        ("flipflop", [[0, 1, 0], [-1, 0, 0], [0, -1, 0.5]], [[0, 1, 0], [-1, 1, 0], None]),
        ("sine", [[0.5], [0.5], [0.6]], [np.sin(np.pi / 8), np.sin(np.pi / 4), None]),
    ],
)
def test_rows_of_the_reader_s_own_have_the_answers_of_the_rule(
    name: str, rows: list[list[float]], answers: list[object]
) -> None:
    found = TASKS[name]().answered(np.array(rows, float)[:, None])
    assert found is not None
    assert found.mask[:, 0].tolist() == [answer is not None for answer in answers]
    for target, answer in zip(found.target[:, 0], answers, strict=True):
        if answer is not None:
            np.testing.assert_allclose(target, np.atleast_1d(answer))
