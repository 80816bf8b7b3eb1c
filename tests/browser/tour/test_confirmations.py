"""The tour's confirmations are true, however the task was done: compared with gru_core."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core import Clamp
from gru_core.cells.registry import cell
from gru_core.run.trace import Trace
from gruscope.content.tour import PAGES
from gruscope.content.tour_page import Fact, Hold
from gruscope.content.tour_page import Page as TourPage
from tests.app.content.test_tour import BY_NAME, run_of, state_of
from tests.browser.page import Page
from tests.browser.tour.hands import begin_at, right_option


class Way(NamedTuple):
    """Something a reader may do on a page: on the screen, and the run that it makes in the core."""

    name: str
    act: Callable[[Page, Hold], None]
    run: Callable[[TourPage, Hold], Trace]


def hold(page: Page, task: Hold, button: str, t: int | None = None) -> None:
    if t is not None:
        page.find("#scrub").fill(str(t + 1))
    page.find(f'#quantities [data-quantity="{task.quantity}"]').click()
    page.find("#unit").fill(str(task.unit))
    page.find(button).click()
    page.find("#hold-value").fill(f"{task.value:g}")
    page.settle()


def clamped(page: TourPage, *clamps: Clamp) -> Trace:
    state = state_of(page.name)
    return cell(state.params).run(state.x, clamps=list(clamps))


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


def with_bias(page: TourPage, task: Hold) -> Trace:
    state = state_of(page.name)
    name = f"b_{task.quantity}"
    array = state.params.arrays()[name].copy()
    array[task.unit] = bias(task)
    return cell(state.params.replace(**{name: array})).run(state.x)


def with_the_unit_ablated(page: Page, task: Hold) -> None:
    hold(page, task, "#hold-step" if task.t is not None else "#hold-always")
    page.find("#ablate").click()
    page.settle()


def without_the_unit(page: TourPage, task: Hold) -> Trace:
    return clamped(page, own(task, task.t), Clamp("h", task.unit, 0.0))


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
    Way("this step", at_the_step, lambda p, k: clamped(p, own(k, step_of(p)))),
    Way("throughout", throughout, lambda p, k: clamped(p, own(k, None))),
    Way(
        "the step before",
        at_the_step_before,
        lambda p, k: clamped(p, own(k, step_of(p) - 1)),
    ),
    Way("by the bias", by_the_bias, with_bias),
    Way("ablated too", with_the_unit_ablated, without_the_unit),
    Way("undone", undone, lambda p, k: run_of(p.name)),
)
HOLDS = [page for page in PAGES if isinstance(page.task, Hold)]


def is_true(fact: Fact, run: Trace) -> bool:
    values = getattr(run, fact.quantity)[:, fact.unit]
    chosen = values if fact.t is None else values[[fact.t]]
    return bool((((chosen >= fact.low) & (chosen <= fact.high)) != fact.outside).all())


def shown(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("told", HOLDS, ids=lambda page: page.name)
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
    run = way.run(told, task)
    np.testing.assert_allclose(page.plots()["h"], run.h, atol=1e-5)

    wanted = Fact(task.quantity, task.unit, task.t, task.value - 0.005, task.value + 0.005)
    acted, unmet = is_true(wanted, run), [fact for fact in told.given if not is_true(fact, run)]
    say = page.find("#tour-say")
    value = getattr(run, question.value.value)[question.value.t, question.value.unit]
    if acted and not unmet:
        expect(page.find("#tour-mark")).to_have_text("✓")
        expect(say).to_contain_text(f"is now {shown(value)}: ")
        expect(say).to_contain_text("As you predicted")
        (true,) = [o for o in question.options if o.low <= value <= o.high]
        expect(say).to_contain_text(true.why)
        return
    assert [o.why for o in question.options if o.why in say.inner_text()] == []
    if way.name != "undone":
        expect(page.find("#tour-mark")).to_have_text("○")
    if acted:
        fact = unmet[0]
        found = getattr(run, fact.quantity)[fact.t, fact.unit]
        expect(say).to_contain_text(f"is {shown(found)} here and not")
    else:
        assert "is now" not in say.inner_text()


def test_a_hold_throughout_differs_from_a_hold_at_one_step(page: Page) -> None:
    """Held at 1 from the start, unit 15 never takes anything: its old state is 0 and not −0.55."""
    begin_at(page, "blend")
    page.settle()
    page.find("#tour-options input").nth(2).click()
    task = BY_NAME["blend"].task
    assert isinstance(task, Hold)
    throughout(page, task)
    expect(page.find("#tour-say")).to_contain_text("is 0.00 here and not −0.55")
    expect(page.find("#tour-mark")).to_have_text("○")
    page.find("#tour-again").click()
    page.find("#tour-options input").nth(0).click()
    at_the_step(page, task)
    expect(page.find("#tour-mark")).to_have_text("✓")


QUOTED = [page for page in PAGES if page.quote]


def test_a_confirmation_quotes_the_number_that_is_on_the_page(page: Page) -> None:
    page.find("#tour-open").click()
    for told in PAGES:
        page.settle()
        if told in QUOTED:
            assert told.quote
            page.find("#tour-show").click()
            expect(page.find("#tour-mark")).to_have_text("✓")
            page.settle()
            names = page.browser_page.evaluate(
                "() => document.getElementById('plotly').data.map(({name}) => name)"
            )
            values = page.plots()[told.quote.value if told.quote.value in names else "h"]
            number = values[told.quote.t, told.quote.unit]
            expect(page.find("#tour-say")).to_contain_text(f"is now {shown(number)}")
        if told is not PAGES[-1]:
            page.find("#tour-next").click()


def test_undo_takes_the_confirmation_back(page: Page) -> None:
    begin_at(page, "candidate")
    page.settle()
    page.find("#tour-show").click()
    say = page.find("#tour-say")
    expect(say).to_contain_text("is now")
    page.find("#undo").click()
    expect(say).not_to_contain_text("is now")
    expect(say).to_contain_text("You have done this.")


def test_a_weight_without_an_effect_is_not_confirmed(page: Page) -> None:
    """The letter b does not occur at this step: its weight has no part in the candidate."""
    begin_at(page, "candidate")
    page.settle()
    page.find("#tab-weights").click()
    page.click_cell("W_n", 15, 2)
    page.find("#weight-value").fill("3")
    page.find("#weight-value").press("Enter")
    page.find("#tab-tour").click()
    expect(page.find("#tour-say")).to_contain_text("is still 0.98")
    expect(page.find("#tour-mark")).to_have_text("○")
