"""The encoders and decoders of the gallery: what their cards say holds on data drawn anew."""

from __future__ import annotations

import random

import numpy as np
import pytest
from safetensors.numpy import load_file

from gru_core import Clamp, Seq2Seq
from gru_core.gallery.pairs import differences, pair_ablations
from gru_core.gallery.recipes import RECIPES
from gru_core.gallery.trained import Trained, trained
from gru_core.learn.translation.dates import FORMS
from gru_core.learn.translation.training import check_pair_fit
from gru_core.learn.translation.translation import Translation
from tests.gru_core.pair_cases import PAIRS as TORCH

PAIRS = {name: one for name, one in trained().items() if one.is_pair}
SEED = 2027
"""Of the data, which no network was trained on, chosen by or described with."""
FEW = 120
RIGHT = 0.98
LARGEST = 200_000
SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
STEMS = "twen thir for fif six seven eigh nine"


@pytest.fixture(scope="module", params=sorted(PAIRS))
def one(request: pytest.FixtureRequest) -> Trained:
    found: Trained = PAIRS[request.param]
    return found


def model_of(one: Trained) -> Seq2Seq:
    model = one.network()
    assert isinstance(model, Seq2Seq)
    return model


def task_of(one: Trained) -> Translation:
    task = RECIPES[one.name].task
    assert isinstance(task, Translation)
    return task


def test_there_are_two_and_they_are_small() -> None:
    assert sorted(PAIRS) == ["dates", "numbers"]
    assert all(one.path.stat().st_size <= LARGEST for one in PAIRS.values())


def test_a_model_is_of_its_recipe(one: Trained) -> None:
    recipe, model, card = RECIPES[one.name], model_of(one), one.card
    check_pair_fit(task_of(one), model)
    layer = model.encoder.layers[0].first
    assert (layer.kind, layer.hidden_size) == (
        recipe.architecture.kind,
        recipe.architecture.hidden_size,
    )
    assert (card.card.title, card.family, card.seed) == (recipe.title, recipe.family, recipe.seed)
    assert card.command == f"gruscope train --gallery {one.name}"
    assert card.card.alphabet == task_of(one).alphabet
    assert "".join(card.card.classes) == task_of(one).answers
    model.check_card(card.card)


def test_nearly_all_held_out_texts_are_answered_right(one: Trained) -> None:
    task, model = task_of(one), model_of(one)
    size = 12_000 if one.name == "numbers" else 3 * FORMS * 250
    texts = sorted(set(task.texts(np.random.default_rng(SEED), size, held_out=True)))
    assert len(texts) >= 990
    score = task.score(model, task.pairs(texts))
    assert score >= RIGHT
    assert score == pytest.approx(one.card.score.value, abs=0.015)


def test_numbers_never_seen_in_training_by_a_reader_of_words() -> None:
    """A reading of the words that shares no code with the task."""
    stems = {stem: k for k, stem in enumerate(STEMS.split(), 2)}
    small = {word: k for k, word in enumerate(SMALL.split())}
    small |= {f"{stem}teen": k + 10 for stem, k in stems.items()} | {"fourteen": 14}
    small |= {f"{stem}ty": 10 * k for stem, k in stems.items()}

    def read(said: str) -> int:
        total = here = 0
        for word in said.replace("-", " ").split():
            if word == "thousand":
                total, here = 1000 * here, 0
            else:
                here = here * 100 if word == "hundred" else here + small[word]
        return total + here

    one = PAIRS["numbers"]
    task, model = task_of(one), model_of(one)
    texts = random.Random(SEED).sample(
        sorted(set(task.texts(np.random.default_rng(SEED), 5000, held_out=True))), 300
    )
    said = [task.spoken(tokens) for tokens in model.answers([task.encoded(t) for t in texts])]
    right = 0
    for text, answer in zip(texts, said, strict=True):
        try:
            right += read(answer) == int(text)
        except KeyError:
            continue
    assert right >= RIGHT * len(texts)


def test_greedy_answers_are_torch_s_with_the_same_weights(one: Trained) -> None:
    """Made by scripts/references; make them again after training the gallery again."""
    stored, model = load_file(TORCH), model_of(one)
    asked = [row[row >= 0].tolist() for row in stored[f"{one.name}/asked"]]
    said = [tuple(row[row >= 0].tolist()) for row in stored[f"{one.name}/said"]]
    assert len(asked) == 200
    assert model.answers(asked) == [row[:-1] if row[-1] == model.end else row for row in said]
    assert [model.run(symbols).said for symbols in asked[:50]] == said[:50]


def test_the_score_without_each_unit_is_as_the_story_says(one: Trained) -> None:
    task, model = task_of(one), model_of(one)
    batch = task.pairs(task.texts(np.random.default_rng(SEED), FEW, held_out=True))
    [story] = [each for each in one.card.story if each.without is not None]
    assert story.without is not None and story.others is not None
    scores = {(m.stage, m.layer, m.unit): m.score for m in pair_ablations(task, model, batch)}
    score = scores.pop((story.stage, story.layer, story.unit))
    # Three standard errors of the difference of shares of 120 and 250 texts.
    assert score == pytest.approx(story.without, abs=0.16)
    assert min(scores.values()) == pytest.approx(story.others, abs=0.16)
    assert task.score(model, batch) - score > 0.25


def test_the_hold_in_the_encoder_changes_the_answer(one: Trained) -> None:
    task, model, card = task_of(one), model_of(one), one.card
    [story] = [each for each in card.story if each.hold is not None]
    hold = story.hold
    assert hold is not None and story.stage == "encoder"
    assert card.look == (hold.value, hold.t, story.unit)
    shown = card.inputs[0]
    x = task.encoded(shown)
    assert hold.t < len(x)
    before = model.run(x)
    held = model.run(
        x, clamps=[Clamp(hold.value, story.unit, hold.at, t=hold.t, layer=story.layer)]
    )
    assert task.spoken(before.tokens) == task.answer(shown)
    assert f"the answer to {shown} is “{task.spoken(held.tokens)}”" in story.says
    assert differences(held.tokens, before.tokens) == story.changed
    assert held.tokens != before.tokens and task.is_answer(task.spoken(held.tokens))


def test_the_inputs_of_the_card_are_answered_right(one: Trained) -> None:
    task, model = task_of(one), model_of(one)
    for text in one.card.inputs:
        tokens = model.run(task.encoded(text)).tokens
        assert task.spoken(tokens) == task.answer(text)
        assert model.beam(task.encoded(text), 3)[0].tokens == tokens
