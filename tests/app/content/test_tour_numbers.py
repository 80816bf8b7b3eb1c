"""Every number that the tour states, compared with `gru_core`."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from gru_core.gallery.trained import trained
from gru_core.learn.ablation import ablations
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.dyck import Dyck
from gru_core.learn.tasks.task import input_of
from gruscope.content.tour.page import Hold, Page, Select, Train, Weight
from gruscope.content.tour.pages import PAGES
from gruscope.content.training import RECIPES
from gruscope.settings import Settings
from gruscope.training.plan import training_of
from gruscope.training.spec import plan_of
from gruscope.wire.training import TaskSpec, TrainingSpec
from tests.app.content.test_tour import each_page, plain
from tests.app.content.tour_runs import (
    BY_NAME,
    answers,
    finished,
    layer_of,
    read,
    run_of,
    state_of,
    text_of,
)

NUMBER = re.compile(r"(?<![\w.])−?\d+(?:\.\d+)?")


def shown(value: float, digits: int = 0) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def steps(*indices: int) -> set[str]:
    """Steps as the page counts them."""
    return {shown(t + 1) for t in indices}


def hold_of(page: Page) -> Hold:
    assert isinstance(page.task, Hold)
    return page.task


def weight_of(page: Page) -> Weight:
    assert isinstance(page.task, Weight)
    return page.task


def why() -> set[str]:
    page = BY_NAME["why"]
    assert isinstance(page.task, Select)
    return steps(page.look.t, page.task.t)


def fading() -> set[str]:
    page = BY_NAME["fading"]
    text, h = text_of(page), layer_of(run_of("fading")).h
    first, second = (t for t, symbol in enumerate(text) if symbol in "XY")
    assert text[first] == text[second] == "X"
    other = layer_of(read(page, f"{text[:first]}Y{text[first + 1 :]}")).h
    apart = np.abs(h - other).max(axis=1)
    fade = int(np.flatnonzero(apart >= 0.01)[-1]) + 1 - first
    answer = run_of("fading").answer
    assert answer is not None
    np.testing.assert_allclose(answer[-1], 0.25, atol=0.01)
    card = trained()["order-rnn"].card
    assert card.score.value == pytest.approx(0.25, abs=0.03)
    return steps(first, second) | {shown(fade), "0.01", shown(100 * answer[-1].mean())}


def update() -> set[str]:
    task = hold_of(BY_NAME["update"])
    assert task.t is not None
    text = text_of(BY_NAME["update"])
    assert (text.index("a"), text.index("b")) == (4, task.t)
    z = layer_of(run_of("update")).z[task.t, task.unit]
    return steps(4, task.t) | {shown(z, 2), shown(task.unit), "0", "1"}


def reset() -> set[str]:
    task = hold_of(BY_NAME["reset"])
    assert task.t is not None
    layer, text = layer_of(run_of("reset")), text_of(BY_NAME["reset"])
    turns = np.flatnonzero(np.diff(np.sign(layer.h[:, task.unit]))) + 1
    assert turns.tolist() == [t for t, symbol in enumerate(text) if symbol == "1"]
    before, after = layer.h[task.t - 1 : task.t + 1, task.unit]
    r = layer.r[task.t, task.unit]
    return (
        steps(task.t, task.t + 1)
        | {shown(before, 2), shown(after, 2), shown(r, 2), shown(task.unit)}
        | {"0", "1"}
    )


def candidate() -> set[str]:
    page = BY_NAME["candidate"]
    task, look, text = weight_of(page), page.look, text_of(page)
    assert (look.unit, text[look.t], state_of(page.name).alphabet) == (task.row, "a", ".ab")
    at_a, at_b, after = (
        layer_of(run).n[look.t, look.unit]
        for run in (run_of(page.name), read(page, text.replace("a", "b", 1)), finished(page))
    )
    weight = state_of(page.name).own.arrays()[task.array][task.row, task.column]
    numbers = {shown(value, 2) for value in (at_a, at_b, after, weight)}
    return numbers | steps(look.t) | {shown(look.unit), shown(task.value), "−1", "1"}


def curves() -> set[str]:
    page = BY_NAME["curves"]
    task, look = weight_of(page), page.look
    assert (text_of(page)[look.t], look.unit) == ("b", task.row)
    weight = state_of(page.name).own.arrays()[task.array][task.row, task.column]
    now, then = (layer_of(run).z[look.t, look.unit] for run in (run_of("curves"), finished(page)))
    sums = [np.log(z / (1 - z)) for z in (now, then)]
    assert sums[1] - sums[0] == pytest.approx(task.value - weight, abs=1e-3)
    numbers = {shown(value, 2) for value in (weight, now, then, *sums)}
    return numbers | steps(look.t) | {shown(look.unit), shown(task.value), "0", "1"}


def blend() -> set[str]:
    page = BY_NAME["blend"]
    layer, (_, t, unit) = layer_of(run_of("blend")), page.look
    assert text_of(page).index("1") == t
    z, n, old, new = layer.z[t, unit], layer.n[t, unit], layer.h[t - 1, unit], layer.h[t, unit]
    assert new == pytest.approx(z * old + (1 - z) * n, abs=1e-6)
    numbers = {shown(value, 2) for value in (old, n, new)}
    return numbers | steps(t) | {shown(unit), shown(100 * z), shown(100 * (1 - z)), "1", "2"}


def outputs() -> set[str]:
    page = BY_NAME["outputs"]
    task, readout = hold_of(page), state_of("outputs").edited.readout
    assert readout is not None and task.t is not None and page.output == 1
    states = [layer_of(run).h[task.t] for run in (run_of("outputs"), finished(page))]
    logits = [readout.W @ h + readout.b for h in states]
    answer = run_of("outputs").answer
    assert answer is not None
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum()
    np.testing.assert_allclose(answer[task.t], shares, atol=1e-6)
    weight = readout.W[page.output, task.unit]
    h = states[0][task.unit]
    numbers = {shown(value, 2) for value in (weight, weight * h, h)}
    numbers |= {shown(each[k], 2) for each in logits for k in (0, 1)}
    return numbers | steps(task.t) | {shown(task.unit), shown(task.value), "100"}


def units() -> set[str]:
    """What the text says of two units, on sequences that nothing was trained on."""
    network, card = trained()["brackets"].network(), trained()["brackets"].card
    task = Dyck(length=40, depth=8)
    batch = task.held_out(np.random.default_rng(29), 500)
    scores = {one.unit: one.score for one in ablations(task, network, batch)}
    assert min(scores, key=scores.__getitem__) == 7
    assert scores[8] == pytest.approx(0.94, abs=0.01)
    assert scores[7] == pytest.approx(0.80, abs=0.01)
    tells = next(story for story in card.story if story.follows and story.unit == 8)
    assert tells.follows == "counts the open brackets"
    assert told_by_unit_7(task, batch) > 0.95
    text, t = text_of(BY_NAME["units"]), BY_NAME["units"].look.t
    opened = [text[: t + 1].count(b) - text[: t + 1].count(c) for b, c in ("()", "[]")]
    assert opened == [1, 0]
    return steps(t) | {"7", "8", "94", "80"} | {"0"}


def told_by_unit_7(task: Dyck, batch: Batch) -> float:
    """How often h of unit 7 is large exactly while a bracket is open."""
    network = trained()["brackets"].network()
    h = np.asarray(network.run(input_of(network, batch)).layers[0].h)[..., 7]
    is_open = batch.target != task.classes.index(".")
    return float(((h > 0.2) == is_open).mean())


def training() -> set[str]:
    """The settings that the form offers, which the script completes in `specFor`."""
    page = BY_NAME["training"]
    assert isinstance(page.task, Train)
    recipe = RECIPES[page.task.task]
    spec = TrainingSpec(
        task=TaskSpec(name=page.task.task, settings={"length": 32}),
        rate=0.01,
        batch=64,
        seed=0,
        **recipe,
    )
    trained_one = training_of(plan_of(spec, Settings()))
    for _ in trained_one.run():
        if trained_one.best_score is not None and trained_one.best_score >= page.task.score:
            break
    assert trained_one.best_score is not None and trained_one.best_score >= page.task.score
    assert trained_one.step <= recipe["steps"]
    return {shown(recipe["hidden_size"]), shown(recipe["steps"]), shown(100 * page.task.score)}


def lstm() -> set[str]:
    page = BY_NAME["lstm"]
    task = hold_of(page)
    assert task.t is not None
    text = text_of(page)
    assert [t for t, symbol in enumerate(text) if symbol in "XY"][1] == task.t
    assert [answers(page, run)[-1] for run in (run_of("lstm"), finished(page))] == ["XX", "XY"]
    assert trained()["order-lstm"].card.score.value > 0.99
    position = [p.name for p in PAGES].index("fading") + 1
    return steps(task.t) | {shown(task.unit), shown(position), "0"}


def own() -> set[str]:
    """The GRU's b_hn, which the text leaves out, makes it a little more than three times."""
    cells = {k: trained()[f"order-{k}"].network().layers[0].first for k in ("rnn", "gru", "lstm")}
    sizes = {k: sum(a.size for a in params.arrays().values()) for k, params in cells.items()}
    sizes["gru"] -= cells["gru"].arrays()["b_hn"].size
    times = {k: size / sizes["rnn"] for k, size in sizes.items()}
    assert times == {"rnn": 1, "gru": 3, "lstm": 4}
    return {shown(times["gru"]), shown(times["lstm"])}


FACTS: dict[str, Callable[[], set[str]]] = {
    made.__name__: made
    for made in (
        why,
        fading,
        update,
        reset,
        candidate,
        curves,
        blend,
        outputs,
        units,
        training,
        lstm,
        own,
    )
}


@each_page
def test_every_number_of_a_page_agrees_with_the_core(page: Page) -> None:
    stated = set(NUMBER.findall(plain(page)))
    computed = FACTS[page.name]() if page.name in FACTS else set()
    assert stated <= computed, stated - computed
    assert computed <= stated | {"0", "1", "−1"}, computed - stated
