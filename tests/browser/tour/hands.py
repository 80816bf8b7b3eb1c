"""A reader who does what the tour asks, by keyboard or by touch."""

from __future__ import annotations

import json
from typing import Any

from gruscope.content.tour import PAGES
from gruscope.content.tour_page import Hold, Stages, Type, Weight
from gruscope.content.tour_page import Page as TourPage
from tests.app.content.test_tour import after
from tests.browser.page import Page


class Hands:
    """How a reader acts: here by keyboard, and by nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.browser_page.keyboard.press(key)

    def reach(self, selector: str, key: str = "Tab") -> None:
        """Tab on until the focus is where it is wanted."""
        for _ in range(120):
            self.press(key)
            if self.page.browser_page.evaluate(
                "selector => document.activeElement.matches(selector)", selector
            ):
                return
        raise AssertionError(f"{selector} cannot be reached by {key}")

    def begin(self) -> None:
        self.reach("#tour-open")
        self.press("Enter")

    def use(self, selector: str) -> None:
        self.reach(selector)
        self.press("Enter")

    def step_to(self, t: int, steps: int) -> None:
        self.press("End") if t == steps - 1 else self.press("ArrowRight", t)

    def predict(self, option: int) -> None:
        self.reach("#tour-options input")
        self.press("Space")
        self.press("ArrowDown", option)

    def write(self, task: Type) -> None:
        self.reach("#text")
        self.press("Home")
        self.press("ArrowRight", task.t)
        self.page.browser_page.keyboard.type(task.insert)

    def set_weight(self, value: float) -> None:
        self.reach("#weight-value")
        self.press("Control+a")
        self.page.browser_page.keyboard.type(f"{value:g}")
        self.press("Enter")

    def go_through(self) -> None:
        self.press("]", 4)

    def hold(self, task: Hold) -> None:
        self.use(f'#quantities [data-quantity="{task.quantity}"]')
        self.reach("#hold-value")
        self.press("Control+a")
        self.page.browser_page.keyboard.type(f"{task.value:g}")
        scope = "#hold-always" if task.t is None else "#hold-step"
        if not self.page.find(scope).is_checked():
            self.reach("#hold-scope input:checked")
            self.press("ArrowRight")
        assert self.page.find(scope).is_checked()

    def choose_cell(self) -> None:
        self.reach("#cell", "Shift+Tab")
        self.press("ArrowDown")

    def next(self) -> None:
        self.use("#tour-next")


class Thumb(Hands):
    """The same by touch."""

    def begin(self) -> None:
        self.page.find("#tour-open").tap()

    def use(self, selector: str) -> None:
        self.page.find(selector).tap()

    def step_to(self, t: int, steps: int) -> None:
        if t == steps - 1:
            self.use("#last")
        else:
            for _ in range(t):
                self.use("#next")

    def predict(self, option: int) -> None:
        self.page.find("#tour-options label").nth(option).tap()

    def write(self, task: Type) -> None:
        self.use("#text")
        self.press("Home")
        self.page.browser_page.keyboard.type(task.insert)

    def set_weight(self, value: float) -> None:
        self.use("#weight-value")
        self.page.find("#weight-value").fill(f"{value:g}")

    def go_through(self) -> None:
        for part in range(4):
            self.page.find("#stages button").nth(part + 1).tap()

    def hold(self, task: Hold) -> None:
        self.use(f'#quantities [data-quantity="{task.quantity}"]')
        self.use("#hold-always" if task.t is None else "#hold-step")
        self.page.find("#hold-value").fill(f"{task.value:g}")

    def choose_cell(self) -> None:
        cell = self.page.find("#cell")
        cell.select_option(index=cell.evaluate("select => select.selectedIndex") + 1)


def right_option(page: TourPage) -> int:
    """The option that the core says comes true."""
    assert page.question
    quantity, t, unit = page.question.value
    value = getattr(after(page), quantity)[t, unit]
    return [o.low <= value <= o.high for o in page.question.options].index(True)


def do(hands: Hands, page: TourPage) -> None:
    """Do what a page asks."""
    task: Any = page.task
    if page.question:
        hands.predict(right_option(page))
    if isinstance(task, Stages):
        hands.go_through()
    elif isinstance(task, Hold):
        hands.hold(task)
    elif isinstance(task, Type):
        hands.write(task)
    elif isinstance(task, Weight):
        hands.set_weight(task.value)
    elif task.kind == "cell":
        hands.choose_cell()
    else:
        hands.step_to(task.t, 24 if page.name == "fading" else 48)


def begin_at(page: Page, name: str) -> None:
    """Start the page again with the tour open, for a reader who came as far as one of its pages."""
    page.browser_page.evaluate(
        """async (progress) => {
          remount.end();
          await remount.forget();
          localStorage.setItem("gruscope tour", progress);
          await remount.start();
        }""",
        json.dumps({"page": name, "done": [], "answers": {}, "documents": {}}),
    )
    page.settle()
    page.find("#tour-open").click()


def go_to(page: Page, name: str) -> None:
    for told in PAGES:
        if told.name == name:
            return
        page.find("#tour-next").click()
