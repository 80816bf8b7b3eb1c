"""Fingers: a tap does what a click does, a swipe scrolls the page and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import clean_pages
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.tabs import Tabs

DEVICES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "a screen that also has a mouse": {
        "viewport": {"width": 900, "height": 700},
        "has_touch": True,
    },
}


# The timesteps on show.
WINDOW = "() => document.getElementById('plotly')._fullLayout.xaxis.range"


@pytest.fixture(params=DEVICES)
def touched(request: pytest.FixtureRequest, open_page: Callable[..., Page], server: Server) -> Page:
    return open_page(server.url, **DEVICES[request.param])


@pytest.fixture(scope="module", params=DEVICES)
def swiped(request: pytest.FixtureRequest, idle_tabs: Tabs, server: Server) -> Iterator[Page]:
    """A page for swipes, which leave it as it was."""
    with clean_pages(idle_tabs) as make:
        yield make(server.url, **DEVICES[request.param])


def middle(page: Page, selector: str) -> tuple[float, float]:
    """Of an element that is brought to the middle of the window first."""
    page.find(selector).first.evaluate("(e) => e.scrollIntoView({block: 'center'})")
    page.frame()
    box = page.find(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def swipe(page: Page, start: tuple[float, float], across: float, down: float) -> None:
    """One finger, from a point, by so many px."""
    cdp = page.browser_page.context.new_cdp_session(page.browser_page)
    x, y = start

    def touch(kind: str, *points: dict[str, float]) -> None:
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for part in range(1, 11):
        touch("touchMove", {"x": x + across * part / 10, "y": y + down * part / 10})
        page.browser_page.evaluate("() => new Promise(requestAnimationFrame)")
    touch("touchEnd")
    page.frame()


def scrolled(page: Page) -> float:
    return float(page.browser_page.evaluate("scrollY"))


def edits(page: Page) -> list[dict[str, Any]]:
    kept = page.kept_document()
    return json.loads(kept)["edits"] if kept else []


def state(page: Page) -> dict[str, Any]:
    """What a swipe is not to change: the document, and all that is chosen."""
    page.settle()
    texts = ("#clock", "#marked-name", "#weight-name")
    sliders = ("#weight-slider", "#hold-slider")
    return {
        "edits": edits(page),
        "window": page.browser_page.evaluate(WINDOW),
        "undo": page.find("#undo").is_enabled(),
        "texts": [page.find(text).inner_text() for text in texts],
        "sliders": [page.find(slider).input_value() for slider in sliders],
    }


@pytest.mark.parametrize(
    "place", [".plot-cell", "#weight-slider", "#hold-slider", ".array-view", "#diagram", "#strip"]
)
@pytest.mark.parametrize("across", [6, 90])
def test_a_swipe_scrolls_and_changes_nothing(swiped: Page, place: str, across: float) -> None:
    start = middle(swiped, place)
    before, from_ = state(swiped), scrolled(swiped)
    swipe(swiped, start, across, 200 if from_ > 200 else -200)
    assert abs(scrolled(swiped) - from_) > 100
    assert state(swiped) == before


@pytest.mark.parametrize(("slider", "edit"), [("weight", "set"), ("hold", "clamp")])
def test_a_slider_follows_a_finger_along_it(touched: Page, slider: str, edit: str) -> None:
    start = middle(touched, f"#{slider}-slider")
    swipe(touched, start, 40, 0)
    after = float(touched.find(f"#{slider}-slider").input_value())
    low, high = (
        float(touched.find(f"#{slider}-slider").get_attribute(end) or "") for end in ("min", "max")
    )
    assert (low + high) / 2 < after < high, "where the finger is, right of the middle"
    kept = edits(touched)
    assert [each["op"] for each in kept] == [edit]
    assert kept[0]["value"] == pytest.approx(after, rel=1e-4)
    touched.find("#undo").tap()
    touched.frame()
    assert not touched.find("#undo").is_enabled(), "one gesture, one step of undo"


def test_a_tap_on_a_slider_sets_it(touched: Page) -> None:
    x, y = middle(touched, "#weight-slider")
    touched.browser_page.touchscreen.tap(x + 30, y)
    touched.settle()
    assert touched.find("#undo").is_enabled()


def test_a_tap_chooses_a_weight(touched: Page) -> None:
    middle(touched, '[data-array="U_r"] .array-view')
    touched.browser_page.touchscreen.tap(*touched.cell("U_r", 3, 5))
    touched.frame()
    assert touched.find("#weight-name").inner_text().startswith("U_r[3, 5]")


def test_a_tap_selects_a_value_of_the_plots(touched: Page) -> None:
    x, y = middle(touched, ".plot-cell")
    touched.browser_page.touchscreen.tap(x - 60, y)
    touched.frame()
    first = touched.t
    touched.browser_page.touchscreen.tap(x + 60, y)
    touched.frame()
    assert touched.t > first
    assert touched.find("#marked-name").inner_text().startswith("z[")


def test_a_swipe_across_moves_a_window_of_timesteps(touched: Page) -> None:
    if touched.browser_page.viewport_size == {"width": 900, "height": 700}:
        touched.find("#cell").focus()
        start, end = (touched.plot_point("z", t, 3) for t in (10, 30))
        touched.browser_page.mouse.move(*start)
        touched.browser_page.mouse.down()
        touched.browser_page.mouse.move(*end, steps=5)
        touched.browser_page.mouse.up()
        touched.settle()
    before = touched.browser_page.evaluate(WINDOW)
    swipe(touched, middle(touched, ".plot-cell"), 80, 0)
    touched.settle()
    after = touched.browser_page.evaluate(WINDOW)
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])
    assert after[0] < before[0]
