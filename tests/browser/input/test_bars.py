"""Selecting on the bars changes nothing; a drag or a typed value does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core.gallery.examples import EXAMPLES
from tests.browser.conftest import Open
from tests.browser.modules import Modules, js
from tests.browser.number.test_numbers import assert_runs_on
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.shell.test_touch import DEVICES, swipe

__all__ = ["js"]  # a fixture

SUNSPOTS = EXAMPLES["sunspots"]


@pytest.fixture
def bars(page: Page) -> Page:
    page.choose("sunspots")
    return page


@pytest.fixture(params=DEVICES)
def touched(request: pytest.FixtureRequest, open_page: Open, server: Server) -> Iterator[Page]:
    page = open_page(server.url, **DEVICES[request.param])
    page.choose("sunspots")
    page.find("#fit").evaluate("(button) => button.click()")
    page.settle()
    yield page


def bar(page: Page, t: int) -> tuple[float, float]:
    """A point inside the column of a step, far from the end of its bar; t from 0."""
    page.find("#bars").evaluate("(e) => e.scrollIntoView({block: 'center'})")
    page.frame()
    box = page.find("#bars").bounding_box()
    assert box is not None
    low, high = page.browser_page.evaluate(
        "document.getElementById('plotly')._fullLayout.xaxis.range"
    )
    return box["x"] + box["width"] * (t + 1 - low) / (high - low), box["y"] + 4


def assert_untouched(page: Page) -> None:
    assert_runs_on(page, SUNSPOTS.inputs())
    assert page.find("#tab-edits").inner_text() == "Edits (0)"


@pytest.mark.parametrize("wander", [0, 4])
def test_a_click_selects_a_step_and_leaves_its_value(bars: Page, wander: int) -> None:
    undo = bars.find("#undo").is_enabled()
    x, y = bar(bars, 150)
    mouse = bars.browser_page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + wander)
    mouse.up()
    assert bars.t == 151
    assert_untouched(bars)
    assert bars.find("#undo").is_enabled() == undo


def test_a_drag_beyond_a_few_pixels_changes_the_value(bars: Page) -> None:
    x, y = bar(bars, 150)
    mouse = bars.browser_page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + 20, steps=4)
    mouse.up()
    bars.settle()
    drawn = float(bars.find("#value").input_value())
    values = SUNSPOTS.inputs().copy()
    assert abs(drawn - values[150, 0]) > 0.1
    values[150] = drawn
    assert_runs_on(bars, values)
    bars.find("#undo").click()
    assert_runs_on(bars, SUNSPOTS.inputs())


@pytest.mark.parametrize("way", ["double-click", "Enter", "the first digit"])
def test_a_value_is_typed_in_place_of_the_selected_one(bars: Page, way: str) -> None:
    place = bar(bars, 150)
    keyboard = bars.browser_page.keyboard
    if way == "double-click":
        bars.browser_page.mouse.dblclick(*place)
    else:
        bars.browser_page.mouse.click(*place)
        if way == "Enter":
            keyboard.press("Enter")
            expect(bars.find("#value")).to_be_focused()
    assert_untouched(bars)
    keyboard.type("0.75")
    expect(bars.find("#value")).to_be_focused()
    values = SUNSPOTS.inputs().copy()
    values[150] = 0.75
    assert_runs_on(bars, values)
    keyboard.press("Enter")
    expect(bars.find("#bars")).to_be_focused()


def test_a_value_is_replaced_though_the_step_has_just_changed(bars: Page) -> None:
    """The field has the focus before the page has drawn the step."""
    bars.browser_page.evaluate(
        """() => {
          const scrub = document.getElementById("scrub");
          scrub.value = "152";
          scrub.dispatchEvent(new Event("input", { bubbles: true }));
          document.getElementById("value").focus();
        }"""
    )
    bars.frame()
    bars.browser_page.keyboard.type("0.75")
    values = SUNSPOTS.inputs().copy()
    values[151] = 0.75
    assert_runs_on(bars, values)


def test_stepping_by_keys_on_the_bars_changes_nothing(bars: Page) -> None:
    bars.browser_page.mouse.click(*bar(bars, 150))
    for key, t in (("ArrowRight", 152), ("ArrowLeft", 151), ("Home", 1), ("End", 309)):
        bars.browser_page.keyboard.press(key)
        assert bars.t == t
    assert_untouched(bars)


def test_a_tap_selects_and_a_swipe_down_scrolls(touched: Page) -> None:
    x, y = bar(touched, 150)
    touched.browser_page.touchscreen.tap(x, y)
    assert abs(touched.t - 151) <= 1, "a column may be narrower than a px"
    t = touched.t
    x, y = bar(touched, 200)
    from_ = touched.browser_page.evaluate("scrollY")
    swipe(touched, (x, y), 4, 200 if from_ > 200 else -200)
    assert abs(touched.browser_page.evaluate("scrollY") - from_) > 100
    assert touched.t == t
    assert_untouched(touched)


def test_a_finger_along_the_bars_draws(touched: Page) -> None:
    x, y = bar(touched, 100)
    swipe(touched, (x, y), 60, 0)
    touched.settle()
    assert touched.t > 101
    drawn = float(touched.find("#value").input_value())
    assert drawn > 1.5, "near the top, where the finger is"
    assert not np.allclose(SUNSPOTS.inputs()[touched.t - 1, 0], drawn, atol=0.1)
    touched.find("#undo").tap()
    assert_runs_on(touched, SUNSPOTS.inputs())


def test_points_between_two_points_are_on_their_line(js: Modules) -> None:
    points = js.call(
        "views/input/bars-input", "between", {"t": 5, "value": 1}, {"t": 1, "value": -1}
    )
    assert points == [{"t": t, "value": -1 + (t - 1) / 2} for t in range(1, 6)]
