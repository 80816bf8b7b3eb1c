"""Numbers and dates: right answers by other means, and data that is kept apart."""

import calendar
import re
from datetime import datetime

import numpy as np
import pytest

from gru_core import CoreError, Seq2Seq
from gru_core.learn import Architecture
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.dates import Dates
from gru_core.learn.translation.numbers import Numbers
from gru_core.learn.translation.registry import TRANSLATIONS
from gru_core.learn.translation.training import PairTraining, check_pair_fit, initial_model
from gru_core.learn.translation.translation import Translation

RNG = np.random.default_rng
KNOWN = {
    "0": "zero",
    "7": "seven",
    "13": "thirteen",
    "20": "twenty",
    "42": "forty-two",
    "100": "one hundred",
    "417": "four hundred seventeen",
    "980": "nine hundred eighty",
    "1000": "one thousand",
    "2026": "two thousand twenty-six",
    "9999": "nine thousand nine hundred ninety-nine",
}
SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
VALUES = {word: k for k, word in enumerate(SMALL.split())}
VALUES |= {word: 10 * k for k, word in enumerate(TENS.split(), 2)}
KEPT = {"numbers": 999, "dates": 3652}
"""A tenth of the numbers from 10 to 9999, and of the days of a century."""
FORMATS = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d.%m.%Y", "%m/%d/%Y")


def value(words: str) -> int:
    """Read a number in words."""
    total = here = 0
    for word in re.split("[ -]", words):
        if word == "thousand":
            total, here = total + 1000 * here, 0
        elif word == "hundred":
            here *= 100
        else:
            here += VALUES[word]
    return total + here


def all_texts(task: Translation, *, held_out: bool) -> set[str]:
    return set(task.texts(RNG(1), 80_000, held_out=held_out))


def test_numbers_are_written_as_in_english() -> None:
    task = Numbers(digits=4)
    assert {text: task.answer(text) for text in KNOWN} == KNOWN
    assert [value(task.answer(str(n))) for n in range(10_000)] == list(range(10_000))


def test_every_form_of_a_date_is_read() -> None:
    task = Dates()
    seen = set()
    for text in task.texts(RNG(0), 2000, held_out=False):
        found = []
        for style in FORMATS:
            try:
                found.append((datetime.strptime(text, style), style))
            except ValueError:
                continue
        days = {day for day, _ in found}
        assert [f"{day:%Y-%m-%d}" for day in days] == [task.answer(text)]
        seen |= {style for _, style in found}
    assert seen == set(FORMATS)
    assert set(calendar.month_name[1:]) <= {t.split()[1] for t in all_texts(task, held_out=True)
                                            if t.count(" ") == 2}  # fmt: skip


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_what_is_scored_on_is_never_trained_on(name: str) -> None:
    task = TRANSLATIONS[name]()
    kept = {task.answer(text) for text in all_texts(task, held_out=True)}
    others = {task.answer(text) for text in all_texts(task, held_out=False)}
    assert not kept & others
    assert len(kept) == KEPT[name]
    assert task.chance == pytest.approx(1 / len(kept))


def test_short_numbers_are_trained_on_often() -> None:
    drawn = Numbers(digits=4).texts(RNG(0), 4000, held_out=False)
    shares = [sum(len(text) == n for text in drawn) / 4000 for n in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.03)
    assert {str(n) for n in range(10)} <= set(drawn)


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_batch_is_the_texts_and_their_answers(name: str) -> None:
    task = TRANSLATIONS[name]()
    texts = task.texts(RNG(3), 50, held_out=False)
    batch = task.pairs(texts)
    assert ["".join(task.alphabet[i] for i in one) for one in batch.sources()] == texts
    assert [task.spoken(one) for one in batch.answers()] == [task.answer(text) for text in texts]
    ends = batch.target[batch.mask.sum(axis=0) - 1, np.arange(50)]
    assert (ends == task.end).all()
    assert (batch.x.shape, batch.target.shape) == tuple((n, 50) for n in task.shape)
    drawn, again, other = (task.draw(RNG(seed), 20) for seed in (5, 5, 6))
    np.testing.assert_array_equal(drawn.x, again.x)
    assert (drawn.x != other.x).any()


def test_only_a_whole_answer_is_right() -> None:
    task = Numbers(digits=2)
    batch = task.pairs(["1", "2", "31", "40"])

    class Said(Seq2Seq):
        def answers(self, sequences: object, *, ablations: object = ()) -> list[tuple[int, ...]]:
            right = batch.answers()
            return [right[0], (*right[1], 5), right[2][:-1], right[3]]

    model = initial_model(task, Architecture("rnn", 2), seed=0)
    said = Said(model.encoder, model.decoder, model.start, model.end, model.limit)
    assert task.score(said, batch) == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1000", "text must be a number of at most 3 digits, got '1000'"),
        ("007", "at most 3 digits"),
        ("", "at most 3 digits"),
        ("x", "at most 3 digits"),
    ],
)
def test_a_text_that_is_no_number_is_refused(text: str, message: str) -> None:
    with pytest.raises(CoreError, match=message):
        Numbers(digits=3).answer(text)


def test_a_text_that_is_no_date_is_refused() -> None:
    for text in ("31 June 2026", "2026-11-27", "27 November 1949", "27/11/2026"):
        with pytest.raises(CoreError, match="text must be a date from 1950 to 2049 such as 31 Dec"):
            Dates().answer(text)
    with pytest.raises(CoreError, match="digits must be from 2 to 4, got 5"):
        Numbers(digits=5)
    with pytest.raises(CoreError, match="text must use the symbols '0123456789', got 'x' at"):
        Numbers().encoded("4x")


def model_of(**changed: int) -> Seq2Seq:
    task = Numbers(digits=2)
    sizes = {"start": 0, "end": 1, "limit": task.shape[1], "inputs": 10} | changed
    model = Seq2Seq.random(
        "gru", sizes["inputs"], len(task.answers), hidden_size=4, seed=0, limit=sizes["limit"]
    )
    return Seq2Seq(model.encoder, model.decoder, sizes["start"], sizes["end"], sizes["limit"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"inputs": 9}, "encoder must read 10 symbols for numbers, got 9"),
        ({"start": 2}, "start and end must be 0 and 1 for numbers, got 2 and 1"),
        ({"limit": 3}, "limit must be at least"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(changed: dict[str, int], message: str) -> None:
    check_pair_fit(Numbers(digits=2), model_of())
    with pytest.raises(CoreError, match=message):
        PairTraining(Numbers(digits=2), model_of(**changed), seed=0)


def test_padding_is_not_asked_for() -> None:
    pairs = Pairs.of([[4, 2], [3]], [[5], [6, 7]], end=1, shape=(3, 4))
    assert pairs.sources() == [[4, 2], [3]]
    assert pairs.answers() == [(5,), (6, 7)]
    assert pairs.mask.T.tolist() == [[True, True, False, False], [True, True, True, False]]
