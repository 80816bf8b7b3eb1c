"""The tour's confirmations are true, however the task was done: compared with gru_core."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core import Clamp
from gru_core.gallery.card import Look
from gru_core.network.trace import NetworkTrace
from gruscope.content.tour.page import Answer, Fact, Hold, Says
from gruscope.content.tour.page import Page as TourPage
from gruscope.content.tour.pages import PAGES
from gruscope.documents.layers import with_arrays
from tests.app.content.tour_runs import (
    BY_NAME,
    answers,
    comes_true,
    finished,
    is_true,
    layer_of,
    run,
    run_of,
    state_of,
    value_at,
)
from tests.browser.page import Page
from tests.browser.tour.hands import begin_at, right_option


class Way(NamedTuple):
    """Something a reader may do on a page: on the screen, and the run that it makes in the core."""

    name: str
    act: Callable[[Page, Hold], None]
    run: Callable[[TourPage, Hold], NetworkTrace]


def hold(page: Page, task: Hold, button: str, t: int | None = None) -> None:
    if t is not None:
        page.find("#scrub").fill(str(t + 1))
    page.find(f'#quantities [data-quantity="{task.quantity}"]').click()
    page.find("#unit").fill(str(task.unit))
    page.find(button).click()
    page.find("#hold-value").fill(f"{task.value:g}")
    page.settle()


def step_of(page: TourPage) -> int:
    return page.look.t


def at_the_step(page: Page, task: Hold) -> None:
    hold(page, task, "#hold-step")


def throughout(page: Page, task: Hold) -> None:
    hold(page, task, "#hold-always")


def at_the_step_before(page: Page, task: Hold) -> None:
    hold(page, task, "#hold-step", int(page.find("#scrub").input_value()) - 2)


def by_the_bias(page: Page, task: Hold) -> None:
    """A gate's bias of ±300 sets the gate as a hold throughout does."""
    page.find("#tab-weights").click()
    page.frame()
    page.click_cell(f"b_{task.quantity}", task.unit)
    page.find("#weight-value").fill(f"{bias(task):g}")
    page.find("#weight-value").press("Enter")
    page.find("#tab-tour").click()
    page.settle()


def bias(task: Hold) -> float:
    return 300.0 if task.value else -300.0


def with_bias(page: TourPage, task: Hold) -> NetworkTrace:
    state = state_of(page.name)
    name = f"b_{task.quantity}"
    array = state.own.arrays()[name].copy()
    array[task.unit] = bias(task)
    return with_arrays(state.edited, {state.view: {name: array}}).run(state.x)


def with_the_unit_ablated(page: Page, task: Hold) -> None:
    hold(page, task, "#hold-step" if task.t is not None else "#hold-always")
    page.find("#ablate").click()
    page.settle()


def without_the_unit(page: TourPage, task: Hold) -> NetworkTrace:
    return run(page, own(task, task.t), Clamp("h", task.unit, 0.0))


def own(task: Hold, t: int | None) -> Clamp:
    return Clamp(task.quantity, task.unit, task.value, t)


UNDO = """() => {
  const undo = document.getElementById("undo");
  undo.click();
  return undo.ariaDisabled !== "true";
}"""


def undone(page: Page, task: Hold) -> None:
    throughout(page, task)
    while page.browser_page.evaluate(UNDO):
        page.frame()
    page.settle()


WAYS = (
    Way("this step", at_the_step, lambda p, k: run(p, own(k, step_of(p)))),
    Way("throughout", throughout, lambda p, k: run(p, own(k, None))),
    Way(
        "the step before",
        at_the_step_before,
        lambda p, k: run(p, own(k, step_of(p) - 1)),
    ),
    Way("by the bias", by_the_bias, with_bias),
    Way("ablated too", with_the_unit_ablated, without_the_unit),
    Way("undone", undone, lambda p, k: run_of(p.name)),
)
HOLDS = [page for page in PAGES if isinstance(page.task, Hold)]
GATES = ("z", "r", "i")
TRIED = [
    pytest.param(page, way, id=f"{page.name}-{way.name}")
    for page in HOLDS
    for way in WAYS
    if way.act is not by_the_bias or page.task.quantity in GATES  # type: ignore[union-attr]
]


def shown(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def said_of(page: TourPage, place: Look | Answer, trace: NetworkTrace, verb: str) -> str:
    """How the page says what is at a place."""
    steps = len(layer_of(trace).h)
    t = place.t % steps
    if isinstance(place, Look):
        value = value_at(page, trace, place)
        assert isinstance(value, float)
        return f"of unit {place.unit} at t = {t + 1} {verb} {shown(value)}"
    assert trace.answer is not None
    share = f"({100 * trace.answer[t].max():.0f} %)"
    return f"The answer at t = {t + 1} {verb} “{answers(page, trace)[t]}” {share}"


@pytest.mark.parametrize(("told", "way"), TRIED)
def test_a_hold_is_confirmed_only_where_the_numbers_are_as_the_page_says(
    shared_page: Page, told: TourPage, way: Way
) -> None:
    page, task, question = shared_page, told.task, told.question
    assert isinstance(task, Hold) and question
    begin_at(page, told.name)
    expect(page.find("#tour-title")).to_have_text(told.title)
    page.settle()
    page.find("#tour-options input").nth(right_option(told)).click()
    way.act(page, task)
    trace = way.run(told, task)
    np.testing.assert_allclose(page.plots()["h"], layer_of(trace).h, atol=1e-5)

    wanted = Fact(task.quantity, task.unit, task.t, task.value - 0.005, task.value + 0.005)
    acted = is_true(told, wanted, trace)
    unmet = [fact for fact in told.given if not is_true(told, fact, trace)]
    say = page.find("#tour-say")
    true = [o for o in question.options if comes_true(o, value_at(told, trace, question.place))]
    if acted and not unmet:
        expect(page.find("#tour-mark")).to_have_text("✓")
        expect(say).to_contain_text(said_of(told, question.place, trace, "is now"))
        if true == [question.options[right_option(told)]]:
            expect(say).to_contain_text("As you predicted: ")
        expect(say).to_contain_text(true[0].why)
        return
    assert [o.why for o in question.options if o.why in say.inner_text()] == []
    # A task that was done on the way stays done, unless its confirmation has become false.
    if acted or way.name not in ("undone", "ablated too"):
        expect(page.find("#tour-mark")).to_have_text("○")
    if acted:
        fact = unmet[0]
        assert fact.t is not None
        place = Answer(fact.t) if isinstance(fact, Says) else Look(fact.quantity, fact.t, fact.unit)
        expect(say).to_contain_text(f"{said_of(told, place, trace, 'is')} here and not")
    else:
        assert "is now" not in say.inner_text()


def test_a_hold_throughout_differs_from_a_hold_at_one_step(page: Page) -> None:
    """Held at 1 from the start, unit 1 never takes anything: its old state is not 0.59 but 0."""
    begin_at(page, "blend")
    page.settle()
    page.find("#tour-options input").nth(1).click()
    task = BY_NAME["blend"].task
    assert isinstance(task, Hold)
    throughout(page, task)
    expect(page.find("#tour-say")).to_contain_text("is 0.00 here and not 0.59")
    expect(page.find("#tour-mark")).to_have_text("○")
    page.find("#tour-again").click()
    page.find("#tour-options input").nth(0).click()
    at_the_step(page, task)
    expect(page.find("#tour-mark")).to_have_text("✓")
    expect(page.find("#tour-say")).to_contain_text("and not what you predicted")


QUOTED = [page for page in PAGES if page.quote]


@pytest.mark.parametrize("told", QUOTED, ids=lambda page: page.name)
def test_a_confirmation_quotes_the_answer_of_the_core(shared_page: Page, told: TourPage) -> None:
    page = shared_page
    begin_at(page, told.name)
    page.settle()
    page.find("#tour-show").click()
    expect(page.find("#tour-mark")).to_have_text("✓")
    assert told.quote
    said = said_of(told, told.quote, finished(told), "is now").replace("“ ”", "“␣”")
    expect(page.find("#tour-say")).to_have_text(f"{said}. Done.")


def test_undo_takes_the_confirmation_back(page: Page) -> None:
    begin_at(page, "candidate")
    page.settle()
    page.find("#tour-show").click()
    say = page.find("#tour-say")
    expect(say).to_contain_text("is now")
    page.find("#undo").click()
    expect(say).not_to_contain_text("is now")
    expect(say).to_contain_text("You have done this.")


def test_another_weight_than_the_page_s_is_not_confirmed(page: Page) -> None:
    """The letter b does not occur at this step: its weight has no part in the candidate."""
    begin_at(page, "candidate")
    page.settle()
    page.find("#tour-options input").nth(1).click()
    page.find("#tab-weights").click()
    page.click_cell("W_n", 3, 2)
    page.find("#weight-value").fill("3")
    page.find("#weight-value").press("Enter")
    page.settle()
    page.find("#tab-tour").click()
    expect(page.find("#tour-say")).to_contain_text("Now set Wn of unit 3")
    expect(page.find("#tour-mark")).to_have_text("○")
