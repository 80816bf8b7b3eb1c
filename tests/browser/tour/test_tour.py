"""The tour, done as its pages ask: by keyboard alone, by touch, left and taken up again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from gru_core.gallery.examples import EXAMPLES
from gruscope.content.tour import PAGES, Hold, Stages, Type, Weight
from gruscope.content.tour import Page as TourPage
from tests.app.content.test_tour import after
from tests.browser.page import Page
from tests.browser.server import Server
from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture

READER = EXAMPLES["reader"].text
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


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


def take(hands: Hands) -> None:
    """The whole tour, from the first page to the last."""
    page = hands.page
    hands.begin()
    for number, told in enumerate(PAGES, 1):
        expect(page.find("#tour-title")).to_have_text(told.title)
        expect(page.find("#tour-title")).to_be_focused()
        assert page.find("#tour-place").inner_text() == f"{number} / {len(PAGES)}"
        expect(page.find("#tour-mark")).to_have_text("○")
        page.settle()
        do(hands, told)
        expect(page.find("#tour-mark")).to_have_text("✓", timeout=8000)
        if told.question:
            expect(page.find("#tour-say")).to_contain_text("As you predicted")
        hands.next()
    expect(page.find("#tour")).to_be_hidden()
    page.settle()
    assert page.text == READER
    assert page.find("#undo").is_disabled()


def test_the_tour_by_keyboard_alone(page: Page) -> None:
    take(Hands(page))


def test_the_tour_by_touch_on_a_phone(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(server.url, **PHONE)
    take(Thumb(page))


def covered(page: Page, selector: str) -> tuple[float, float, float]:
    """Top and bottom of an element, and where the sheet begins."""
    box = page.find(selector).bounding_box()
    sheet = page.find("#tour").bounding_box()
    assert box and sheet
    return box["y"], box["y"] + box["height"], sheet["y"]


def test_on_a_phone_text_and_picture_are_seen_together(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, **PHONE, reduced_motion="reduce")
    page.find("#tour-open").tap()
    panels = {"plots": ".plots", "cell": ".cell", "weights": ".weights", "input": ".input"}
    for told in PAGES:
        page.wait_for(
            """selector => {
              const { top } = document.querySelector(selector).getBoundingClientRect();
              return top >= -2 && top < 300;
            }""",
            panels[told.panel],
        )
        _, _, sheet = covered(page, panels[told.panel])
        assert sheet >= 844 * 0.55 - 1
        if told is not PAGES[-1]:
            page.find("#tour-next").tap()
    page.find("#tour-fold").tap()
    assert covered(page, ".cell")[2] > 760


def test_what_was_done_on_a_page_stays_and_the_own_document_too(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url)
    page.type_at(0, "my own ")
    mine = "my own " + (READER or "")
    page.find("#tour-invited").click()
    assert page.text == READER
    assert page.find("#undo").is_disabled()
    page.type_at(0, "why ")
    page.find("#tour-next").click()
    page.find("#tour-leave").click()
    assert page.text == mine and page.find("#tour").is_hidden()
    expect(page.find("#tour-open")).to_be_focused()
    page.find("#undo").click()
    assert page.text == READER
    page.find("#redo").click()

    page.find("#tour-open").click()
    expect(page.find("#tour-title")).to_have_text(PAGES[1].title)
    page.find("#tour-previous").click()
    assert page.text == "why " + (READER or "")
    page.find("#undo").click()
    assert page.text == READER
    page.find("#redo").click()
    page.find("#tour-again").click()
    assert page.text == READER and page.find("#tour-again").is_hidden()
    page.find("#undo").click()

    page.open()
    expect(page.find("#tour-title")).to_have_text(PAGES[0].title)
    assert page.text == "why " + (READER or "")
    page.find("#tour-leave").click()
    assert page.text == mine

    # What a tab keeps reaches others by way of the browser, a little later.
    page.kept_document()
    progress = page.browser_page.evaluate("localStorage.getItem('gruscope tour')")
    other = Page(page.browser_page.context.new_page(), server.url)
    other.browser_page.goto(f"{server.url}healthz")
    other.wait_for("kept => kept && kept === localStorage.getItem('gruscope tour')", progress)
    other.open()
    assert other.find("#tour").is_hidden() and other.find("#tour-invitation").is_hidden()
    other.find("#tour-open").click()
    assert other.text == "why " + (READER or "")
    assert other.complaints == []


def test_a_pinned_run_and_the_lines_view_stay_out_of_the_tour(page: Page) -> None:
    page.find("#view-lines").click()
    page.find("#pin").click()
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    page.type_at(0, "my ")
    page.settle()
    page.find("#compare-before").click()
    page.settle()
    mine = page.text
    page.find("#tour-open").click()
    for i in range(2):
        page.settle()
        expect(page.find("#tour-title")).to_have_text(PAGES[i].title)
        # The line of the pinned run answers whenever another place is looked at.
        page.find("#unit").fill(str(i + 1))
        page.settle()
        assert page.find("#comparing").is_hidden() and page.find("#pin").is_visible()
        assert page.find("#view-heatmap").get_attribute("aria-pressed") == "true"
        page.find("#view-numbers").click()
        page.find("#pin").click()
        page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
        page.find("#tour-next").click()
    page.find("#tour-leave").click()
    page.settle()
    assert page.text == mine
    assert page.find("#view-lines").get_attribute("aria-pressed") == "true"
    assert page.find("#compare-before").get_attribute("aria-pressed") == "true"
    page.find("#compare-now").click()
    page.settle()
    assert "input from t = 1" in page.find("#change-line").inner_text()


def test_an_invitation_that_is_declined_stays_away(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url)
    page.find("#tour-declined").click()
    expect(page.find("#tour-invitation")).to_be_hidden()
    page.open()
    expect(page.find("#tour-invitation")).to_be_hidden()


@pytest.fixture
def touring(page: Page) -> Page:
    page.find("#tour-open").click()
    return page


def go_to(page: Page, name: str) -> None:
    for told in PAGES:
        if told.name == name:
            return
        page.find("#tour-next").click()


def test_words_light_up_the_picture(touring: Page) -> None:
    go_to(touring, "update")
    touring.settle()
    word = touring.find('#tour-text [data-name="h_prev"]')
    title = touring.find('#equations [data-name="h_prev"]').first
    plain = title.evaluate("e => getComputedStyle(e).backgroundColor")
    word.hover()
    touring.frame()
    assert title.evaluate("e => getComputedStyle(e).backgroundColor") != plain
    touring.find("#tour-text [data-name='z']").focus()
    touring.find("#scrub").fill("6")
    word.click()
    touring.frame()
    assert touring.t == 5
    assert touring.find('#quantities [data-quantity="h"]').get_attribute("aria-pressed") == "true"


def test_the_equation_is_the_one_that_computes(touring: Page) -> None:
    go_to(touring, "candidate")
    touring.settle()
    shown = touring.find("#tour-equation")
    assert "Un ht−1 + bhn" in shown.inner_text()
    touring.choose_form("cho2014")
    assert "Un (r ⊙ ht−1)" in shown.inner_text()
    assert "other equations" in touring.find("#tour-say").inner_text()


def test_a_wrong_prediction_is_told_so_with_the_number(touring: Page) -> None:
    go_to(touring, "memory")
    touring.settle()
    expect(touring.find("#tour-say")).to_contain_text("What do you think?")
    touring.find("#tour-options label").nth(1).click()
    touring.find("#tour-show").click()
    said = touring.find("#tour-say")
    expect(said).to_contain_text("next to nothing is left, and not what you predicted")
    value = after(next(p for p in PAGES if p.name == "memory")).h[23, 1]
    assert re.search(r"is now (\S+):", said.inner_text())[1] == f"{value:.2f}"  # type: ignore[index]


def test_the_glossary_from_a_word_and_from_the_help(touring: Page) -> None:
    go_to(touring, "fading")
    touring.find("#tour-text .term-link").filter(has_text="vanish").click()
    heading = touring.find('[data-term="term-vanishing-gradient"]')
    expect(heading).to_be_focused()
    touring.browser_page.keyboard.press("Escape")
    touring.find("#tour-leave").click()
    touring.find("#help").click()
    touring.find("#help-glossary").click()
    expect(touring.find("#glossary")).to_be_visible()
    touring.find('[data-term="term-candidate"] [data-name="n"]').click()
    expect(touring.find("#glossary")).to_be_hidden()
    assert touring.find('#quantities [data-quantity="n"]').get_attribute("aria-pressed") == "true"


BEGUN = {
    "network": {"kind": "example", "name": "latch"},
    "edits": [],
    "input": {"kind": "text", "text": "ab"},
}
HOLD = {"kind": "hold", "quantity": "z", "unit": 1, "t": 4, "value": 1}
ALWAYS = {"kind": "hold", "quantity": "z", "unit": 1, "value": 1}
TYPE = {"kind": "type", "insert": "b", "t": 1}
WEIGHT = {"kind": "weight", "arrays": ["W_n", "b_n"], "row": 1, "value": 0}
SET = {"op": "set", "array": "b_n", "row": 1, "value": 2}


@pytest.mark.parametrize(
    ("task", "patch", "done"),
    [
        ({"kind": "select", "t": 3}, {"selection": {"t": 3, "unit": 0, "quantity": "h"}}, True),
        ({"kind": "select", "t": 3, "unit": 1}, {"selection": {"t": 3, "unit": 0}}, False),
        (
            {"kind": "stage"},
            {"stage": 3, "model": {"cell": "gru", "stages": [[], [], [], []]}},
            True,
        ),
        ({"kind": "stage"}, {"stage": None, "model": {"stages": [[]]}}, False),
        (TYPE, {"input": {"kind": "text", "text": "abb"}}, True),
        (TYPE, {"input": {"kind": "text", "text": "aab"}}, False),
        (TYPE, {"input": {"kind": "text", "text": "abbb"}}, False),
        (TYPE, {}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1]}, True),
        (HOLD, {"z1": [1, 1, 1, 1, 1]}, True),
        (HOLD, {"z1": [0, 0, 0, 0, 0.99]}, False),
        (HOLD, {"z1": [0, 0, 0, 1, 0]}, False),
        (HOLD, {"z1": [0, 0, 0, 0, 1], "synced": False}, False),
        (ALWAYS, {"z1": [1, 1, 1, 1, 1]}, True),
        (ALWAYS, {"z1": [1, 1, 0, 1, 1]}, False),
        (WEIGHT, {"edits": [SET]}, True),
        (WEIGHT, {"edits": [{**SET, "row": 0}]}, False),
        (WEIGHT, {"edits": [{"op": "zero", "array": "b_n"}]}, True),
        (WEIGHT, {"edits": [{"op": "zero", "array": "b_z"}]}, False),
        ({"kind": "cell", "cell": "lstm"}, {}, False),
        ({"kind": "cell", "cell": "gru"}, {}, True),
    ],
)
def test_when_a_task_is_done(
    js: Modules, task: dict[str, Any], patch: dict[str, Any], done: bool
) -> None:
    """Values of z of unit 1 are given as z1; what a task asks for is read off them."""
    changed = {**BEGUN, **{k: v for k, v in patch.items() if k in BEGUN}}
    values = [value for z in patch.get("z1", [0]) for value in (0, z)]
    trace = {"steps": len(values) // 2, "hidden": 2, "arrays": {"z": values}}
    state = {"document": changed, "stage": None, "selection": {}, "weights": {}, "synced": True}
    state |= {"model": {"cell": "gru", "stages": [[]]}, "trace": trace, **patch}
    page = {"task": task, "given": [], "document": BEGUN}
    assert js.call("tour/done", "progressOf", page, state)["done"] is done


Z = {"quantity": "z", "unit": 1, "t": 4, "low": 0.9, "high": 1}


@pytest.mark.parametrize(
    ("fact", "value", "unmet"),
    [
        (Z, 0.95, False),
        (Z, 0.5, True),
        ({**Z, "outside": True}, 0.95, True),
        ({**Z, "outside": True}, 0.5, False),
        ({**Z, "t": -1}, 0.95, False),
        ({**Z, "t": 5}, 0.95, True),
    ],
)
def test_what_a_page_takes_for_granted_is_read_off_the_numbers(
    js: Modules, fact: dict[str, Any], value: float, unmet: bool
) -> None:
    trace = {"steps": 5, "hidden": 2, "arrays": {"z": [0] * 9 + [value]}}
    state = {"document": BEGUN, "selection": {"t": 4}, "synced": True, "trace": trace}
    page = {"task": {"kind": "select", "t": 4}, "given": [fact], "document": BEGUN}
    found = js.call("tour/done", "progressOf", page, state)
    assert found == {"acted": True, "unmet": fact if unmet else None, "done": not unmet}
