"""The tour's data against the cells: names, places, tasks, and every number that a text states."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.cells.registry import CELLS, cell
from gru_core.parameters.params import Params
from gru_core.run.text import one_hot
from gru_core.run.trace import Trace
from gruscope.content.glossary import GLOSSARY
from gruscope.content.tour import PAGES
from gruscope.content.tour_page import Choose, Hold, Page, Panel, Select, Stages, Type, Weight
from gruscope.documents.document import State, build
from gruscope.documents.weights import build_network
from gruscope.settings import Settings
from gruscope.web.pages import config
from gruscope.wire.schema import NumbersInput, RandomNetwork, SetEdit, TextInput
from tests.app.session.test_session import opening, say, session

BY_NAME = {page.name: page for page in PAGES}
each_page = pytest.mark.parametrize("page", PAGES, ids=BY_NAME)
MARKED = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
NUMBER = re.compile(r"(?<![\w.])−?\d+(?:\.\d+)?|\bsixteen\b|\bthree\b")


@cache
def state_of(name: str) -> State:
    return build(BY_NAME[name].document, Settings())


@cache
def run_of(name: str) -> Trace:
    state = state_of(name)
    return cell(state.params).run(state.x)


def equations_of(params: Params) -> dict[str, Any]:
    return {equation.value: equation for equation in params.equations()}


def params_of(page: Page) -> list[Params]:
    """Of the page's own cell, and of the one it asks to choose."""
    found = [state_of(page.name).params]
    if isinstance(page.task, Choose):
        network = page.document.network.model_copy(update={"cell": page.task.cell})
        _, chosen = build_network(network, page.document.options, Settings())
        found.append(chosen.layers[0].first)
    return found


def names_in(text: str) -> Iterator[str]:
    yield from (target for _, target in MARKED.findall(text))


def test_there_are_nine_to_twelve_pages_with_unique_names() -> None:
    assert 9 <= len(PAGES) <= 12
    assert len(BY_NAME) == len(PAGES)


@each_page
def test_a_page_is_as_long_as_one_reads_beside_a_picture(page: Page) -> None:
    assert 40 <= len(MARKED.sub(r"\1", page.text).split()) <= 90


@each_page
def test_names_of_a_page_are_those_of_its_cell(page: Page) -> None:
    known = {"x"}
    for params in params_of(page):
        values = set(equations_of(params))
        known |= {*params.arrays(), *values, *(f"1-{value}" for value in values)}
        known |= {f"{state}_prev" for state in params.STATES}
    terms = {f"#{entry.term}" for entry in GLOSSARY}
    assert set(names_in(page.text)) <= known | terms
    assert page.show and set(page.show) <= known
    assert page.equation is None or page.equation in equations_of(params_of(page)[0])
    assert page.panel in get_args(Panel)


@each_page
def test_a_page_opens_and_begins_at_a_place_that_is_there(page: Page) -> None:
    given = next(p for p in config(Settings())["tour"] if p["name"] == page.name)
    said = say(session(), opening(given["document"]))
    opened, done = said[0], said[-1]
    assert done.type == "done"
    assert page.look.t < opened.steps and page.look.unit < opened.hidden_size
    assert page.look.value in opened.values


@each_page
def test_a_task_can_be_done_and_is_not_done_yet(page: Page) -> None:
    state, task = state_of(page.name), page.task
    steps, hidden = len(state.x), state.params.hidden_size
    if isinstance(task, Select):
        wanted = {"t": task.t, "unit": task.unit, "value": task.quantity}
        wanted = {part: value for part, value in wanted.items() if value is not None}
        assert any(getattr(page.look, part) != value for part, value in wanted.items())
        assert wanted.get("t", 0) < steps and wanted.get("unit", 0) < hidden
        assert wanted.get("value", page.look.value) in equations_of(state.params)
    elif isinstance(task, Type):
        assert state.alphabet and set(task.insert) <= set(state.alphabet) and 0 < task.t < steps
    elif isinstance(task, Hold):
        assert task.unit < hidden and (task.t is None or task.t < steps)
        assert task.quantity in equations_of(state.params)
        trace = run_of(page.name)
        before = getattr(trace, task.quantity)[slice(task.t, None), task.unit]
        assert abs(before - task.value).max() > 0.5
    elif isinstance(task, Weight):
        shapes = {name: state.params.arrays()[name].shape for name in task.arrays}
        assert all(task.row < shape[0] for shape in shapes.values())
        first = shapes[task.arrays[0]]
        assert (task.column is None) == (len(first) == 1)
        assert task.column is None or task.column < first[1]
        assert task.within is None or task.within[0] <= task.value <= task.within[1]
    elif isinstance(task, Choose):
        assert task.cell in CELLS and task.cell != page.document.network.cell  # type: ignore[union-attr]
    else:
        assert isinstance(task, Stages)


def after(page: Page) -> Trace:
    """The run after the page's task."""
    state, task = state_of(page.name), page.task
    if isinstance(task, Hold):
        clamp = Clamp(task.quantity, task.unit, task.value, task.t)
        return cell(state.params).run(state.x, clamps=[clamp])
    assert isinstance(task, Weight)
    array = state.params.arrays()[task.arrays[0]].copy()
    array[task.row if task.column is None else (task.row, task.column)] = task.value
    return cell(state.params.replace(**{task.arrays[0]: array})).run(state.x)


def finished(page: Page) -> Trace:
    """The run that a page's confirmation is about."""
    if isinstance(page.task, Hold | Weight):
        return after(page)
    if not isinstance(page.task, Type):
        return run_of(page.name)
    state, task = state_of(page.name), page.task
    assert isinstance(page.document.input, TextInput) and state.alphabet
    text = page.document.input.text
    return cell(state.params).run(
        one_hot(f"{text[: task.t]}{task.insert}{text[task.t :]}", state.alphabet)
    )


@each_page
def test_a_pages_facts_hold_once_its_task_is_done(page: Page) -> None:
    run = finished(page)
    for fact in page.given:
        values = getattr(run, fact.quantity)[:, fact.unit]
        chosen = values if fact.t is None else values[fact.t]
        inside = (chosen >= fact.low) & (chosen <= fact.high)
        assert np.all(inside != fact.outside), fact


def test_a_letter_more_turns_the_end_over() -> None:
    (fact,) = BY_NAME["sequence"].given
    begun = getattr(run_of("sequence"), fact.quantity)[-1, fact.unit]
    assert not fact.low <= begun <= fact.high


ASKED = [page for page in PAGES if page.question]


@pytest.mark.parametrize("page", ASKED, ids=lambda page: page.name)
def test_exactly_one_prediction_comes_true_and_it_is_not_the_present_value(page: Page) -> None:
    assert page.question is not None
    quantity, t, unit = page.question.value

    def true_ones(trace: Trace) -> list[str]:
        assert page.question is not None
        value = getattr(trace, quantity)[t, unit]
        return [o.text for o in page.question.options if o.low <= value <= o.high]

    (then,), now = true_ones(after(page)), true_ones(run_of(page.name))
    assert then not in now
    for option in page.question.options:
        if "now" in option.why:
            assert now == [option.text]


@each_page
def test_names_in_words_are_the_table_s_too(page: Page) -> None:
    """The page writes n as h̃; a text that did so itself could not be marked up."""
    assert "h̃" not in f"{MARKED.sub('', page.text)}{page.task.say}"


def test_a_few_questions() -> None:
    assert 3 <= len(ASKED) <= 6


def shown(value: float, digits: int = 0) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def why() -> set[str]:
    task = BY_NAME["why"].task
    assert isinstance(task, Select) and task.t is not None
    assert state_of("why").params.hidden_size == 16
    return {shown(task.t + 1), "sixteen"}


def fading() -> set[str]:
    x, h = state_of("fading").x[:, 0], run_of("fading").h
    size = np.abs(h).max(axis=1)
    assert size[0] > 0.3 and size[-1] < 0.01
    assert not x[1:].any()
    return {shown(x[0]), shown(len(x) - 1), shown(len(x))}


def update() -> set[str]:
    z = run_of("update").z
    falls = np.argwhere(z < 0.5)
    assert falls.tolist() == [[4, 1]]
    assert state_of("update").alphabet == ".ab"
    return {shown(z.max()), shown(z.min()), shown(falls[0, 1])}


def reset() -> set[str]:
    run = run_of("reset")
    t = BY_NAME["reset"].look.t
    np.testing.assert_allclose(run.n[3:, 0], -run.h[2:-1, 0], atol=1e-6)
    page = BY_NAME["reset"]
    assert page.question and isinstance(page.task, Hold) and page.task.unit == 0
    options = {shown(o.low / 2 + o.high / 2) for o in page.question.options}
    return {shown(run.h[t - 1, 0]), shown(run.h[t, 0]), shown(t + 1), "0"} | options


def candidate() -> set[str]:
    look = BY_NAME["candidate"].look
    state = state_of("candidate")
    assert (state.x[24].argmax(), state.alphabet[20]) == (20, "t")  # type: ignore[index]
    return {shown(run_of("candidate").n[look.t, look.unit], 2), shown(look.unit), "−1", "1"}


def blend() -> set[str]:
    run, look = run_of("blend"), BY_NAME["blend"].look
    z, n = run.z[look.t, look.unit], run.n[look.t, look.unit]
    old, new = run.h[look.t - 1, look.unit], run.h[look.t, look.unit]
    percent = {shown(100 * z), shown(100 * (1 - z))}
    parts = {shown(value, 2) for value in (z, n, old, new)}
    return {shown(look.t + 1), shown(look.unit), "0", "1"} | percent | parts


def sequence() -> set[str]:
    """Each t turns unit 0 over, each second one unit 1."""
    run = run_of("sequence")
    turns = [np.flatnonzero(np.diff(run.h[:, unit], prepend=0.0)) for unit in (0, 1)]
    letters = np.flatnonzero(state_of("sequence").x[:, 1])
    assert np.array_equal(turns[0], letters) and np.array_equal(turns[1], letters[1::2])
    return {"0", "1"}


def memory() -> set[str]:
    run, page = run_of("memory"), BY_NAME["memory"]
    z = run.z[1]
    assert np.ptp(run.z[1:], axis=0).max() == 0 and run.h.shape[1] == 3
    lives = -math.log(2) / np.log(z)
    for unit in (0, 1):
        life = round(lives[unit])
        assert run.h[life, unit] / run.h[0, unit] == pytest.approx(0.5, abs=0.01)
    assert page.document.input == BY_NAME["fading"].document.input
    position = [p.name for p in PAGES].index("fading") + 1
    final = run.h[23, 1]
    gates = {shown(z[0], 1), shown(z[1], 2), shown(z[2], 3)}
    held = {shown(final, 2), shown(final / 2, 2), "24"}
    return {"three", "0", "1", "2", shown(position)} | gates | held | {shown(x) for x in lives}


def moment() -> set[str]:
    held = after(BY_NAME["moment"])
    written = np.flatnonzero(held.h[:, 0] > 0.5)[0]
    (opened,) = np.argwhere(run_of("moment").z < 0.5)
    return {shown(opened[0] + 1), shown(opened[1]), shown(written + 1), "0", "−1"}


def choice() -> set[str]:
    sizes = {name: CELLS[name].params.random(32, 16, seed=0) for name in CELLS}
    count = {n: sum(a.size for a in p.arrays().values()) for n, p in sizes.items()}
    count["gru"] -= 16  # b_hn, which torch.nn.GRU has beside b_n
    return {shown(count["gru"] / count["rnn"]), shown(count["lstm"] / count["rnn"])}


FACTS: dict[str, Callable[[], set[str]]] = {
    made.__name__: made
    for made in (
        why,
        fading,
        update,
        reset,
        candidate,
        blend,
        sequence,
        memory,
        moment,
        choice,
    )
}


@each_page
def test_every_number_of_a_page_agrees_with_the_core(page: Page) -> None:
    parts = [MARKED.sub(r"\1", page.text), page.task.say]
    if page.question:
        parts += [page.question.ask, *(f"{o.text} {o.why}" for o in page.question.options)]
    stated = set(NUMBER.findall(" ".join(parts)))
    computed = FACTS[page.name]() if page.name in FACTS else set()
    assert stated <= computed
    task_steps = {str(s) for s in (getattr(page.task, "t", None),) if s is not None}
    assert computed - task_steps <= stated | {"0", "1", "−1"}


def test_the_gates_of_the_memory_page_follow_from_its_biases() -> None:
    document = BY_NAME["memory"].document
    set_ones = [e for e in document.edits if isinstance(e, SetEdit) and e.array == "b_z"]
    z = run_of("memory").z[1]
    np.testing.assert_allclose(z, [1 / (1 + math.exp(-e.value)) for e in set_ones])
    assert isinstance(document.network, RandomNetwork)
    assert isinstance(document.input, NumbersInput)


def test_the_page_s_weight_is_within_bounds() -> None:
    sent = config(Settings())
    assert len(json.dumps([sent["tour"], sent["glossary"]], ensure_ascii=False)) < 20_000
