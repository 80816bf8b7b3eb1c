"""The page for everyone: axe-core finds nothing, in any state, theme or size."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ALL_RULES, RULES_OF_COLOUR, violations
from tests.browser.page import Page
from tests.browser.server import Server

SIZES = {
    "screen": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


def help_dialog(page: Page) -> None:
    page.find("#help").click()


def lines_with_a_refused_size(page: Page) -> None:
    page.browser_page.keyboard.press("Escape")
    page.find("#view-lines").click()
    page.set_network("hidden-size", "100000")
    assert "expected" in page.notice


def numbers_under_an_lstm(page: Page) -> None:
    page.browser_page.keyboard.press("Escape")
    page.find("#mode-numbers").click()
    page.choose_cell("lstm")
    page.find("#view-numbers").click()


def tour(page: Page) -> None:
    page.find("#view-heatmap").click()
    page.find("#tour-open").click()
    page.find("#tour-next").click()


def glossary(page: Page) -> None:
    page.find("#tour-glossary").click()


def vectors_in_the_presenters_view(page: Page) -> None:
    page.browser_page.keyboard.press("Escape")
    page.find("#tour-leave").click()
    page.find("#cell-vectors").click()
    page.browser_page.evaluate("document.activeElement.blur()")
    page.browser_page.keyboard.press("p")
    page.find("#panel-choice summary").click()


def edits_and_a_pinned_run(page: Page) -> None:
    page.find("#leave").click()
    page.find("#cell-diagram").click()
    page.find("#pin").click()
    page.find("#weight-value").fill("1.5")
    page.find("#weight-value").press("Enter")
    page.find("#hold-always").check()
    page.find("#hold-value").press("Enter")
    page.find("#ablate").click()
    page.find("#tab-edits").click()
    page.settle()
    page.find("#edits-list input[type=checkbox]").first.click()
    expect(page.find("#edits-list li")).to_have_count(3)


def before(page: Page) -> None:
    page.find("#compare-before").click()


def difference_of_lines(page: Page) -> None:
    page.find("#compare-difference").click()
    page.find("#view-lines").click()


def sub_step(page: Page) -> None:
    page.find("#compare-now").click()
    page.find("#view-heatmap").click()
    page.find("#stages button").nth(1).click()
    expect(page.find(".diagram .label.later").first).to_be_visible()


STATES: list[Callable[[Page], None]] = [
    lambda page: None,
    help_dialog,
    lines_with_a_refused_size,
    numbers_under_an_lstm,
    tour,
    glossary,
    vectors_in_the_presenters_view,
    edits_and_a_pinned_run,
    before,
    difference_of_lines,
    sub_step,
]


# The dark theme on a phone has the colours of the dark screen and the layout of the light phone.
@pytest.mark.parametrize(
    ("size", "theme"), [("screen", "light"), ("screen", "dark"), ("phone", "light")]
)
def test_axe_finds_nothing(
    open_page: Callable[..., Page], server: Server, size: str, theme: str
) -> None:
    page = open_page(server.url, color_scheme=theme, **SIZES[size])
    for state in STATES:
        state(page)
        page.settle()
        rules = ALL_RULES if theme == "light" else RULES_OF_COLOUR
        assert violations(page, rules) == [], state.__name__


def test_the_alphabet_is_one_stop_of_tab(page: Page) -> None:
    """Arrow keys move inside it and leave the timestep alone; Enter types the symbol."""
    keyboard, before = page.browser_page.keyboard, page.t
    page.find("#mode-numbers").focus()
    keyboard.press("Tab")
    focused = "() => document.activeElement.dataset.symbol ?? document.activeElement.id"
    first = page.browser_page.evaluate(focused)
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    chosen = page.browser_page.evaluate(focused)
    assert (first, chosen) == (" ", "b") and page.t == before
    keyboard.press("Enter")
    assert page.text[before] == "b"
    keyboard.press("Tab")
    assert page.browser_page.evaluate(focused) == "generator"


# What of the page is cut off, or wider than it, where nothing is meant to scroll sideways.
LOST = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = ".array-view, .strip, .values-scroller, .terms, .diagram, svg";
  const shown = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility());
  const wide = shown.filter((e) => !e.closest(scrolls)
    && e.getBoundingClientRect().right > width + 1);
  const cut = shown.filter((e) => e.tagName !== "INPUT" && !e.closest(scrolls)
    && e.clientWidth > 1 // what is there for screen readers only is one pixel wide
    && ["hidden", "clip"].includes(getComputedStyle(e).overflowX)
    && e.scrollWidth > e.clientWidth + 1);
  return [...wide, ...cut].map((e) => `${e.id || e.className}: ${e.textContent.slice(0, 40)}`);
}"""

# What has the focus, and whether the transport at the foot of the page stands before it.
FOCUSED = """() => {
  const element = document.activeElement;
  const foot = document.querySelector(".transport");
  const [box, bar] = [element, foot].map((e) => e.getBoundingClientRect());
  const behind = !foot.contains(element) && box.bottom > bar.top + 1 && box.top < bar.bottom - 1;
  const away = box.bottom < 1 || box.top > innerHeight - 1;
  return [element === document.body, behind || away, element.id || element.outerHTML];
}"""


@pytest.mark.parametrize(("width", "height"), [(720, 450), (320, 640)])
def test_enlarged_pages_lose_nothing(
    open_page: Callable[..., Page], server: Server, width: int, height: int
) -> None:
    """A screen of 1440 px at 200 %, and of 1280 px at 400 %; the focus is always in sight."""
    page = open_page(server.url, viewport={"width": width, "height": height})
    for cell in ("gru", "lstm"):
        if cell != "gru":
            page.choose_cell(cell)
        assert page.browser_page.evaluate("document.documentElement.scrollWidth") == width
        assert page.browser_page.evaluate(LOST) == []
    page.browser_page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    stops = []
    for _ in range(120):
        page.browser_page.keyboard.press("Tab")
        outside, unseen, name = page.browser_page.evaluate(FOCUSED)
        if outside:
            break
        stops.append(name)
        assert not unseen, name
    assert {"picker-open", "text", "scrub", "weight-value", "unit"} <= set(stops)


def test_values_under_a_moving_pointer_are_not_announced(page: Page) -> None:
    sentence = page.find("#cell-sentence")
    expect(sentence).to_have_attribute("aria-live", "polite")
    told = sentence.inner_text()
    page.browser_page.mouse.move(*page.plot_point("h", 7, 3))
    expect(sentence).not_to_have_text(told)
    expect(sentence).to_have_attribute("aria-live", "off")
    page.browser_page.mouse.move(2, 2)
    expect(sentence).to_have_text(told)
    expect(sentence).to_have_attribute("aria-live", "polite")


def test_a_step_gone_to_under_a_resting_pointer_is_read_out(page: Page) -> None:
    sentence = page.find("#cell-sentence")
    page.browser_page.mouse.move(*page.plot_point("h", 7, 3))
    expect(sentence).to_have_attribute("aria-live", "off")
    passed = sentence.inner_text()
    page.browser_page.keyboard.press("]")
    expect(sentence).not_to_have_text(passed)
    expect(sentence).to_have_attribute("aria-live", "polite")


def test_a_step_is_said_once(page: Page) -> None:
    """What a listener is told is written once, also where more about the step comes later."""
    page.browser_page.evaluate(
        """() => {
          window.said = [];
          const sentence = document.getElementById("cell-sentence");
          new MutationObserver(() => window.said.push(sentence.textContent))
            .observe(sentence, {childList: true, subtree: true, characterData: true});
        }"""
    )
    for count in range(1, 4):
        page.find("#previous").click()
        page.wait_for("(count) => window.said.length >= count", count)
        page.settle()
    said = page.browser_page.evaluate("window.said")
    assert len(said) == 3 == len(set(said))


def test_where_playing_stops_is_said(page: Page) -> None:
    page.browser_page.evaluate(
        """() => {
          window.said = [];
          const sentence = document.getElementById("cell-sentence");
          const note = () => window.said.push([sentence.ariaLive, sentence.textContent]);
          new MutationObserver(note).observe(sentence, {childList: true});
        }"""
    )
    page.browser_page.select_option("#speed", "20")
    page.find("#play").click()
    page.wait_for("() => window.said.length > 3")
    page.find("#play").click()
    page.settle()
    expect(page.find("#cell-sentence")).to_have_attribute("aria-live", "polite")
    said = page.browser_page.evaluate("window.said")
    assert said[-1] == ["polite", page.find("#cell-sentence").inner_text()]
    assert {aloud for aloud, _ in said[:-1]} <= {"off", "polite"} and said[1][0] == "off"
