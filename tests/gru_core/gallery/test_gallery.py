"""The trained networks of the gallery: what their cards say holds on data drawn anew."""

from __future__ import annotations

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.gallery.features import features
from gru_core.gallery.making import rows
from gru_core.gallery.recipes import RECIPES
from gru_core.gallery.stories import correlation
from gru_core.gallery.trained import trained
from gru_core.learn.ablation import ablations
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import input_of
from gru_core.learn.training import check_fit

GALLERY = {name: one for name, one in trained().items() if not one.is_pair}
LARGEST, TOGETHER = 200_000, 1_500_000
SEED = 2027
"""Of the data, which no network was trained on, chosen by or described with."""


@pytest.fixture(scope="module", params=sorted(GALLERY))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def data(name: str) -> Batch:
    """Enough sequences for about a thousand answers, or more where that is quick."""
    answers = {"names": 100, "words": 100}  # many to a sequence
    size = 1000 if name.startswith("order") else answers.get(name, 250)
    return RECIPES[name].task.held_out(np.random.default_rng(SEED), size)


def near(task_metric: str, value: float, of: float) -> bool:
    """Return whether a score is about another: within 6 points of 100, or half as much again.

    A task that asks at the end only has one answer a sequence, so 3 standard errors of the
    difference are 6 points.
    """
    if task_metric == "accuracy":
        return abs(value - of) < 0.06
    return value < 1.5 * of + 1e-3 and of < 1.5 * value + 1e-3


def test_every_recipe_has_its_network_and_the_files_are_small() -> None:
    assert list(trained()) == list(RECIPES) and len(GALLERY) >= 10
    sizes = [one.path.stat().st_size for one in trained().values()]
    assert max(sizes) <= LARGEST and sum(sizes) <= TOGETHER


def test_a_network_is_of_its_recipe_and_as_good_as_its_card_says(name: str, data: Batch) -> None:
    recipe, network, card = RECIPES[name], GALLERY[name].network(), GALLERY[name].card
    check_fit(recipe.task, network)
    layer = network.layers[0].first
    assert (layer.kind, layer.hidden_size) == (
        recipe.architecture.kind,
        recipe.architecture.hidden_size,
    )
    assert (card.card.title, card.family, card.seed) == (recipe.title, recipe.family, recipe.seed)
    assert card.command == f"gruscope train --gallery {name}"
    score = recipe.task.score(network, data)
    assert near(recipe.task.metric, score, card.score.value)
    if name != "order-rnn":  # which is there because it does not learn its task
        assert recipe.task.is_better(score, recipe.task.chance)


def test_the_score_without_each_unit_is_as_the_story_says(name: str, data: Batch) -> None:
    recipe, network, card = RECIPES[name], GALLERY[name].network(), GALLERY[name].card
    told = [one for one in card.story if one.without is not None]
    assert len(told) == 1
    scores = {
        (one.layer, one.direction, one.unit): one.score
        for one in ablations(recipe.task, network, data)
    }
    [story] = told
    score = scores.pop((story.layer, story.direction, story.unit))
    assert story.without is not None and story.others is not None
    metric = recipe.task.metric
    worst = min(scores.values()) if metric == "accuracy" else max(scores.values())
    assert near(metric, score, story.without) and near(metric, worst, story.others)


def test_a_unit_follows_what_the_story_says(name: str, data: Batch) -> None:
    recipe, network = RECIPES[name], GALLERY[name].network()
    trace, known = network.run(input_of(network, data)), features(recipe.task, data)
    for story in GALLERY[name].card.story:
        if story.follows is None:
            continue
        found = correlation(trace, story.layer, story.direction, story.unit, known[story.follows])
        assert story.correlation == pytest.approx(found, abs=0.05)
        assert abs(found) > 0.75


def test_the_hold_of_the_story_changes_the_answers_of_the_first_input(name: str) -> None:
    recipe, network, card = RECIPES[name], GALLERY[name].network(), GALLERY[name].card
    holds = [one for one in card.story if one.hold is not None]
    if recipe.architecture.kind != "gru":  # an RNN has no gate, and one step cannot stop the LSTM
        assert not holds
        return
    [story] = holds
    assert story.hold is not None and card.look == (story.hold.value, story.hold.t, story.unit)
    x = rows(recipe.task, card.inputs[0]).astype(network.dtype)
    answers = network.run(x).answer
    clamp = Clamp(story.hold.value, story.unit, story.hold.at, t=story.hold.t, layer=story.layer)
    held = network.run(x, clamps=[clamp]).answer
    if recipe.task.head == "softmax":
        differs = answers.argmax(axis=1) != held.argmax(axis=1)
    else:
        differs = np.abs(answers - held).max(axis=1) > 0.1
    assert not differs[: story.hold.t].any()
    if "at the end" in story.says:
        differs = differs[-1:]
    assert differs.sum() == story.changed


def test_gru_and_lstm_learn_temporal_order_and_the_plain_rnn_does_not() -> None:
    """Of the same size, on the same budget."""
    scores = {kind: GALLERY[f"order-{kind}"].card.score.value for kind in ("gru", "lstm", "rnn")}
    budgets = {RECIPES[f"order-{kind}"].options.steps for kind in scores}
    sizes = {RECIPES[f"order-{kind}"].architecture.hidden_size for kind in scores}
    assert len(budgets) == len(sizes) == 1
    assert scores["gru"] > 0.99 and scores["lstm"] > 0.99 and scores["rnn"] < 0.5


def test_what_the_cards_say_can_be_read_in_them() -> None:
    for one in GALLERY.values():
        assert all(s.says[0].isupper() and s.says[-1] == "." for s in one.card.story)
