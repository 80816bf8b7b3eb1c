"""A reader who does what the tour asks, by keyboard or by touch."""

from __future__ import annotations

import json

from gruscope.content.tour.page import Choose, Hold, Select, Train, Type, Weight
from gruscope.content.tour.page import Page as TourPage
from gruscope.content.tour.pages import PAGES
from tests.app.content.tour_runs import finished, true_options
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

    def step(self, times: int) -> None:
        self.press("ArrowRight", times)

    def predict(self, option: int) -> None:
        self.reach("#tour-options input")
        self.press("Space")
        self.press("ArrowDown", option)

    def write(self, task: Type) -> None:
        self.reach("#text")
        self.press("End")
        self.page.browser_page.keyboard.type(task.insert)

    def set_weight(self, value: float) -> None:
        self.reach("#weight-value")
        self.press("Control+a")
        self.page.browser_page.keyboard.type(f"{value:g}")
        self.press("Enter")

    def hold(self, task: Hold) -> None:
        if task.quantity != chosen(self.page):
            self.use(f'#quantities [data-quantity="{task.quantity}"]')
        self.reach("#hold-value")
        self.press("Control+a")
        self.page.browser_page.keyboard.type(f"{task.value:g}")
        scope = "#hold-always" if task.t is None else "#hold-step"
        if not self.page.find(scope).is_checked():
            self.reach("#hold-scope input:checked")
            self.press("ArrowRight")
        assert self.page.find(scope).is_checked()

    def choose(self, task: Choose) -> None:
        self.reach("#picker-open", "Shift+Tab")
        self.press("Enter")
        self.reach(".network-card")
        self.reach(f'.network-card[data-network="{task.network}"]', "ArrowRight")
        self.press("Enter")

    def next(self) -> None:
        self.use("#tour-next")


class Thumb(Hands):
    """The same by touch."""

    def begin(self) -> None:
        self.page.find("#tour-open").tap()

    def use(self, selector: str) -> None:
        self.page.find(selector).tap()

    def step(self, times: int) -> None:
        for _ in range(times):
            self.use("#next")

    def predict(self, option: int) -> None:
        self.page.find("#tour-options label").nth(option).tap()

    def write(self, task: Type) -> None:
        self.use("#text")
        self.press("End")
        self.page.browser_page.keyboard.type(task.insert)

    def set_weight(self, value: float) -> None:
        self.use("#weight-value")
        self.page.find("#weight-value").fill(f"{value:g}")

    def hold(self, task: Hold) -> None:
        self.use(f'#quantities [data-quantity="{task.quantity}"]')
        self.use("#hold-always" if task.t is None else "#hold-step")
        self.page.find("#hold-value").fill(f"{task.value:g}")

    def choose(self, task: Choose) -> None:
        self.use("#picker-open")
        self.use(f'.network-card[data-network="{task.network}"]')


def chosen(page: Page) -> str | None:
    """The value that "One number" shows."""
    return page.find('#quantities [aria-pressed="true"]').get_attribute("data-quantity")


def right_option(page: TourPage) -> int:
    """The option that the core says comes true."""
    assert page.question
    (true,) = true_options(page, finished(page))
    return [option is true for option in page.question.options].index(True)


def do(hands: Hands, page: TourPage) -> None:
    """Do what a page asks."""
    task = page.task
    if page.question:
        hands.predict(right_option(page))
    if isinstance(task, Hold):
        hands.hold(task)
    elif isinstance(task, Type):
        hands.write(task)
    elif isinstance(task, Weight):
        hands.set_weight(task.value)
    elif isinstance(task, Choose):
        hands.choose(task)
    elif isinstance(task, Train):
        hands.use("#tour-show")
    else:
        assert isinstance(task, Select)
        hands.step(task.t - page.look.t)


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
