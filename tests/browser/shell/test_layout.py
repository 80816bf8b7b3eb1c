"""Input, plots, transport and the tour's parts are inside the window, at every size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from gruscope.content.tour.pages import PAGES
from tests.browser.page import Page
from tests.browser.server import Server

# What a page of the tour talks about, by its panel; the plots are among the main parts.
BESIDE = {"output": ["#output-plot"], "cell": ["#units-measure", "#units-bars", "#output-plot"]}
SIZES = [(1366, 650), (1280, 720), (1440, 780), (1440, 900), (1920, 1080), (1024, 768)]
TOURED = [(1366, 650), (1440, 900), (1024, 768)]
MAIN = ["#strip", "#plots", ".transport", "#play", "#scrub", "#clock", "#tour-open", "#hold-value"]
TOUR = ["#tour-title", "#tour-text", "#tour-question", "#tour-options", "#tour-say", "#tour-next"]

# Parts that are cut off by the window or by a box around them that scrolls, or covered by others.
LOST = """(names) => names.flatMap((name) => {
  const element = document.querySelector(name);
  if (!element.checkVisibility()) return [`${name} is hidden`];
  const box = element.getBoundingClientRect();
  const rooms = [new DOMRect(0, 0, innerWidth, innerHeight)];
  for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.overflowX !== "visible" || style.overflowY !== "visible") {
      rooms.push(e.getBoundingClientRect());
    }
  }
  const out = rooms.some((room) => box.top < room.top - 1 || box.left < room.left - 1
    || box.bottom > room.bottom + 1 || box.right > room.right + 1);
  if (out) return [`${name} is outside`];
  const [line] = element.getClientRects();
  const [x, y] = [line.left + line.width / 2, line.top + Math.min(line.height / 2, 24)];
  const top = document.elementFromPoint(x, y);
  const seen = element.contains(top) || (top !== null && top.contains(element));
  return seen ? [] : [`${name} is covered by ${top?.id || top?.className}`];
})"""
SCROLL = """() => [document.documentElement.scrollWidth - innerWidth,
  document.documentElement.scrollHeight - innerHeight]"""
# What sticks out of the column it is in.
PAST = """() => [...document.querySelectorAll(
    ".bar :is(button, select), main :is(button, input, select, h2, .segmented)")]
  .filter((e) => e.checkVisibility()
    && !e.closest(".diagram, .array-view, .strip, .popover-body, .terms"))
  .filter((e) => {
    const column = e.closest(".left, .right, .bar").getBoundingClientRect();
    const box = e.getBoundingClientRect();
    return box.right > column.right + 1 || box.left < column.left - 1;
  }).map((e) => e.id || e.className)"""

# How many of the terms of the number are there, and how many of them are seen.
TERMS = """() => {
  const [room, foot] = ["#terms", "#terms .foot"]
    .map((name) => document.querySelector(name).getBoundingClientRect());
  const terms = [...document.querySelectorAll("#terms .term:not(.foot)")];
  const seen = terms.filter((e) => {
    const { top, bottom } = e.getBoundingClientRect();
    return top >= room.top - 1 && bottom <= foot.top + 1;
  });
  return [terms.length, seen.length];
}"""


def assert_terms(page: Page, least: int, where: object) -> None:
    """The sum of a number is of use only beside its terms."""
    there, seen = page.browser_page.evaluate(TERMS)
    assert seen >= min(there, least), (where, there, seen)


def lost(page: Page, names: list[str]) -> Any:
    return page.browser_page.evaluate(LOST, names)


def assert_in_place(
    page: Page, where: object, *, but: tuple[str, ...] = (), down: bool = False
) -> None:
    """The main parts are in the window, which does not scroll, except `down` where that is so."""
    assert lost(page, [name for name in MAIN if name not in but]) == [], where
    across, below = page.browser_page.evaluate(SCROLL)
    assert across == 0 and (down or below == 0), where
    assert page.browser_page.evaluate(PAST) == [], where


def opened(open_page: Callable[..., Page], server: Server, size: tuple[int, int]) -> Page:
    width, height = size
    viewport = {"width": width, "height": height}
    return open_page(server.url, viewport=viewport)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_page_keeps_its_thread_in_the_window(
    open_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    page = opened(open_page, server, size)
    for cell in ("gru", "lstm", "rnn"):
        if cell != "gru":
            page.choose_cell(cell)
        assert_in_place(page, cell)
        assert_terms(page, 2, cell)
    page.choose("sunspots")
    assert_in_place(page, "sunspots")
    page.find("#tab-edits").click()
    page.frame()
    assert_in_place(page, "edits")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_input_of_several_channels_fits_its_column(
    open_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    page = opened(open_page, server, size)
    page.find("#mode-numbers").click()
    page.settle()
    expect(page.find("#channel")).to_be_visible()
    assert_in_place(page, "channels")
    assert lost(page, ["#channel", "#value", "#generator", "#steps", "#add-step"]) == []


@pytest.mark.parametrize("size", TOURED, ids=str)
def test_every_page_of_the_tour_is_in_the_window(
    open_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    page = opened(open_page, server, size)
    page.find("#tour-open").click()
    for told in PAGES:
        parts = [p for p in TOUR if told.question or p not in ("#tour-question", "#tour-options")]
        # A training takes the place of the one number, and an output's terms lie on the plots.
        trains = told.task.kind == "train"
        but = ("#hold-value",) if trains else ("#plots",) if told.output is not None else ()
        # An LSTM's diagram below an output reaches out of some windows.
        down = told.name == "lstm" and size == (1440, 900)
        expect(page.find("#tour-title")).to_have_text(told.title)
        page.settle()
        if told.panel == "cell":
            expect(page.find("#lens")).to_be_visible()
        beside = ["#output-number"] if told.output is not None else BESIDE.get(told.panel, [])
        assert lost(page, [*parts, *beside]) == [], told.name
        assert_in_place(page, told.name, but=but, down=down)
        if not trains:
            assert_terms(page, 2, told.name)
        page.find("#tour-show").click()
        if trains:
            expect(page.find("#train-live")).to_be_visible(timeout=30_000)
            page.find("#train-stop").dispatch_event("click")  # if it has not ended by itself
            parts += ["#train-pause", "#train-loss", "#train-scrub"]
        page.settle()
        assert lost(page, parts) == [], f"{told.name}, once it is done"
        assert_in_place(page, told.name, but=but, down=down)
        if not trains:
            assert_terms(page, 1, told.name)
        if told.task.kind == "weight":
            assert lost(page, ["#weight-value"]) == [], told.name
        if told is PAGES[-1]:
            assert lost(page, ["#tour-onward"]) == []
        else:
            page.find("#tour-next").click()


def test_a_phone_keeps_transport_and_tour_at_its_foot(
    open_page: Callable[..., Page], server: Server
) -> None:
    viewport = {"width": 390, "height": 844}
    page = open_page(server.url, viewport=viewport, has_touch=True, is_mobile=True)
    order = [".input", ".plots-panel", ".cell", "#dock", "#number-panel"]
    tops = [box["y"] for name in order if (box := page.find(name).bounding_box())]
    assert len(tops) == len(order) and tops == sorted(tops)
    for name in order:
        page.find(name).scroll_into_view_if_needed()
        assert lost(page, ["#play", "#clock", "#scrub"]) == [], name
    page.find("#tour-open").tap()
    for told in PAGES:
        page.settle()
        assert lost(page, ["#tour-title", "#tour-next", "#play", "#clock"]) == [], told.name
        if told is not PAGES[-1]:
            page.find("#tour-next").tap()


def test_in_a_short_window_the_lens_opens_over_the_plots(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = opened(open_page, server, (1366, 650))
    assert page.find("#diagram").is_hidden() and page.find("#cell-sentence").is_visible()
    page.find("#lens-toggle").click()
    page.frame()
    lens, plots = page.find("#lens").bounding_box(), page.find(".plots-panel").bounding_box()
    foot = page.find(".transport").bounding_box()
    assert lens and plots and foot
    assert plots["y"] < lens["y"] and lens["y"] + lens["height"] <= foot["y"] + 1
    assert lost(page, ["#diagram", "#play", "#clock", "#strip"]) == []
    page.find("#lens-toggle").click()
    page.frame()
    assert page.find("#diagram").is_hidden()


def test_the_tour_ends_with_ways_on(page: Page) -> None:
    page.find("#tour-open").click()
    for _ in PAGES[1:]:
        page.find("#tour-next").click()
    page.settle()
    page.find("#tour-onward button").filter(has_text="sunspot").click()
    page.settle()
    assert page.find("#tour").is_hidden()
    assert page.network == "sunspots-next"
