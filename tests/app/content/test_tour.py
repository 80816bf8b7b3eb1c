"""The tour's data against the cells: names, places, tasks and predictions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
import pytest

from gru_core.gallery.card import Look
from gru_core.parameters.params import Params
from gruscope.content.glossary import GLOSSARY
from gruscope.content.tour.page import (
    Answer,
    Choose,
    Hold,
    Page,
    Panel,
    Select,
    Train,
    Type,
    Weight,
    document_of,
)
from gruscope.content.tour.pages import ONWARD, PAGES, tour_json
from gruscope.content.training import training_json
from gruscope.documents.document import build
from gruscope.documents.library import packaged
from gruscope.settings import Settings
from gruscope.web.pages import config
from tests.app.content.tour_runs import (
    BY_NAME,
    answers,
    classes_of,
    finished,
    is_true,
    layer_of,
    run_of,
    state_of,
    text_of,
    true_options,
    value_at,
)
from tests.app.session.test_session import opening, say, session

each_page = pytest.mark.parametrize("page", PAGES, ids=BY_NAME)
MARKED = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def equations_of(params: Params) -> dict[str, Any]:
    return {equation.value: equation for equation in params.equations()}


def names_in(text: str) -> Iterator[str]:
    yield from (target for _, target in MARKED.findall(text))


def names_of(params: Params) -> set[str]:
    values = set(equations_of(params))
    previous = {f"{state}_prev" for state in params.STATES}
    return {"x", *params.arrays(), *values, *(f"1-{value}" for value in values), *previous}


def plain(page: Page) -> str:
    """Everything that a page says, without its links."""
    parts = [MARKED.sub(r"\1", page.text), page.task.say]
    if page.question:
        parts += [page.question.ask, *(f"{o.text} {o.why}" for o in page.question.options)]
    return " ".join(parts)


def test_there_are_ten_to_twelve_pages_with_unique_names() -> None:
    assert 10 <= len(PAGES) <= 12
    assert len(BY_NAME) == len(PAGES)


@each_page
def test_a_page_is_as_long_as_one_reads_beside_a_picture(page: Page) -> None:
    assert 40 <= len(MARKED.sub(r"\1", page.text).split()) <= 77


@each_page
def test_a_page_opens_a_trained_network_with_an_answer(page: Page) -> None:
    network = page.document.network
    assert network.kind == "example" and network.name in packaged()
    assert run_of(page.name).answer is not None


@each_page
def test_names_of_a_page_are_those_of_its_cell(page: Page) -> None:
    params = state_of(page.name).own
    known = names_of(params)
    terms = {f"#{entry.term}" for entry in GLOSSARY}
    assert set(names_in(page.text)) <= known | terms
    assert page.show and set(page.show) <= known
    assert page.equation is None or page.equation in equations_of(params)
    assert page.panel in get_args(Panel)


@each_page
def test_a_letter_of_the_input_is_not_taken_for_a_name(page: Page) -> None:
    """The page writes n as h̃, also where a text means the letter n."""
    letters = set(state_of(page.name).alphabet or "") & names_of(state_of(page.name).own)
    bare = MARKED.sub("", f"{page.text} {page.task.say}")
    assert letters.isdisjoint(re.findall(r"(?<![\w.])([A-Za-z]\w*)", bare))
    assert "h̃" not in bare


@each_page
def test_a_page_opens_and_begins_at_a_place_that_is_there(page: Page) -> None:
    given = next(p for p in config(Settings())["tour"] if p["name"] == page.name)
    said = say(session(), opening(given["document"]))
    opened, done = said[0], said[-1]
    assert done.type == "done"
    assert page.look.t < opened.steps and page.look.unit < opened.hidden_size
    assert page.look.value in opened.values
    assert page.output is None or page.output < len(classes_of(page))


@each_page
def test_a_task_can_be_done_and_is_not_done_yet(page: Page) -> None:
    state, task = state_of(page.name), page.task
    steps, hidden = len(state.x), state.own.hidden_size
    if isinstance(task, Select):
        assert page.look.t != task.t < steps
    elif isinstance(task, Type):
        assert state.alphabet and set(task.insert) <= set(state.alphabet)
        assert task.insert and page.document.input.kind == "text"
    elif isinstance(task, Hold):
        assert task.unit < hidden and (task.t is None or task.t < steps)
        assert task.quantity in equations_of(state.own)
        before = getattr(layer_of(run_of(page.name)), task.quantity)
        chosen = before[slice(None) if task.t is None else [task.t], task.unit]
        assert abs(chosen - task.value).max() > 0.4
    elif isinstance(task, Weight):
        low, high = task.within
        own = state.own.arrays()[task.array][task.row, task.column]
        assert low <= task.value <= high and not low <= own <= high
    elif isinstance(task, Choose):
        assert task.network in packaged()
        assert task.network != page.document.network.name  # type: ignore[union-attr]
        title = packaged()[task.network].title
        assert f"“{title}”" in task.say
    else:
        assert isinstance(task, Train)
        offered = training_json(Settings())
        assert offered and task.task in [each["name"] for each in offered["tasks"]]


@each_page
def test_a_pages_facts_hold_once_its_task_is_done(page: Page) -> None:
    run = finished(page)
    for fact in page.given:
        assert is_true(page, fact, run), fact


@each_page
def test_every_task_but_a_step_and_a_training_changes_an_answer(page: Page) -> None:
    """The page shows something that matters: what the reader does changes what is answered."""
    if isinstance(page.task, Select | Train):
        assert page.quote is None or isinstance(page.quote, Answer)
        return
    assert answers(page, finished(page)) != answers(page, run_of(page.name))


def test_the_network_to_choose_reads_the_same_input() -> None:
    page = BY_NAME["fading"]
    assert isinstance(page.task, Choose)
    assert document_of(page.task.network).input == page.document.input == lstm().document.input


def lstm() -> Page:
    return BY_NAME["lstm"]


ASKED = [page for page in PAGES if page.question]


@pytest.mark.parametrize("page", ASKED, ids=lambda page: page.name)
def test_exactly_one_prediction_comes_true_and_it_is_not_the_present_value(page: Page) -> None:
    assert page.question is not None
    (then,) = true_options(page, finished(page))
    (now,) = true_options(page, run_of(page.name))
    assert then != now and "now" not in then.why
    assert [o for o in page.question.options if o.why == "as now"] == [now]


@pytest.mark.parametrize("page", ASKED, ids=lambda page: page.name)
def test_predicted_answers_are_classes_of_the_network(page: Page) -> None:
    assert page.question
    if isinstance(page.question.place, Answer):
        assert {option.text for option in page.question.options} <= set(classes_of(page))
    else:
        assert isinstance(page.question.place, Look)


def test_there_are_questions_on_half_of_the_pages() -> None:
    assert len(PAGES) / 2 <= len(ASKED) < len(PAGES)


def test_the_first_page_s_letter_comes_twice_with_two_answers() -> None:
    page = BY_NAME["why"]
    assert isinstance(page.task, Select)
    text = text_of(page)
    assert text[page.look.t] == text[page.task.t] == "m"
    first, second = (value_at(page, run_of("why"), Answer(t)) for t in (page.look.t, page.task.t))
    assert (first, second) == ("o", "b")


def test_a_hold_of_z_changes_all_answers_after_it() -> None:
    page = BY_NAME["update"]
    before, after = answers(page, run_of("update")), answers(page, finished(page))
    assert set(before[4:]) == {"a"} and set(after[8:]) == {"b"} and after[:8] == before[:8]


def test_a_unit_that_does_not_turn_makes_all_later_answers_wrong() -> None:
    page = BY_NAME["reset"]
    before, after = answers(page, run_of("reset")), answers(page, finished(page))
    ones = np.cumsum([int(symbol) for symbol in text_of(page)]) % 2
    right = [("even", "odd")[k] for k in ones]
    assert before == right
    assert all(a != b for a, b in zip(after[3:], right[3:], strict=True))


def test_the_page_on_training_is_left_out_where_nothing_is_trained() -> None:
    names = [page["name"] for page in tour_json()]
    without = [page["name"] for page in tour_json(trains=False)]
    assert "training" in names and without == [name for name in names if name != "training"]
    assert [p["name"] for p in config(Settings(trainings_at_once=0))["tour"]] == without


def test_the_last_page_leads_to_networks_that_there_are() -> None:
    names = {network["name"] for network in config(Settings())["examples"]}
    assert {way.name for way in ONWARD if way.kind == "example"} <= names


def test_the_page_s_weight_is_within_bounds() -> None:
    sent = config(Settings())
    assert len(json.dumps([sent["tour"], sent["glossary"]], ensure_ascii=False)) < 24_000


def test_documents_of_the_tour_can_be_opened_by_name_alone() -> None:
    for page in PAGES:
        assert build(page.document, Settings()).digest is None
