"""One selection: hover shows it everywhere, a click pins it, Escape unmarks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from tests.browser.conftest import clean_pages
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.tabs import Tabs
from tests.browser.views import Place, assert_agree, over_grid, over_plot, read

LOOK = Place(24, 15, "h")
AWAY = (8, 8)
TRACE = GRU(EXAMPLES["reader"].network()).run(EXAMPLES["reader"].inputs())


def value_at(place: Place) -> float:
    return float(getattr(TRACE, place.quantity)[place.t, place.unit])


@pytest.fixture(scope="module")
def one_page(idle_tabs: Tabs, server: Server) -> Iterator[Page]:
    with clean_pages(idle_tabs) as make:
        page = make(server.url)
        page.find("#cell-vectors").click()
        yield page


@pytest.fixture
def looking(one_page: Page) -> Page:
    """The page as it opens: the example's place is pinned, the pointer away, the focus nowhere."""
    one_page.find("#story-look").click()
    one_page.browser_page.mouse.move(*AWAY)
    one_page.browser_page.evaluate("document.activeElement.blur()")
    assert_agree(read(one_page), LOOK, LOOK, marked=True)
    return one_page


def move(page: Page, point: tuple[float, float]) -> None:
    page.browser_page.mouse.move(*point)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.browser_page.keyboard.press(key)


POINTED = {
    "plot": Place(30, 11, "r"),
    "weights": Place(LOOK.t, 3, "n"),
    "input": Place(7, LOOK.unit, LOOK.quantity),
    "equations": Place(LOOK.t, LOOK.unit, "z"),
    "title": Place(LOOK.t, LOOK.unit, "n"),
    "vectors": Place(LOOK.t, 6, "z"),
}


def point_of(page: Page, view: str) -> tuple[float, float]:
    views = read(page)
    if view == "plot":
        return over_plot(views, POINTED[view])
    if view == "weights":
        return over_grid(views, "U_n", 3)
    if view == "input":
        x, _ = over_plot(views, POINTED[view])
        box = page.find("#strip").bounding_box()
    elif view == "vectors":
        box = page.find("#vectors-canvas").bounding_box()
        assert box is not None
        return box["x"] + 6.5 / 16 * (box["width"] - 20), box["y"] + 1.5 / 5 * box["height"]
    else:
        names = {
            "equations": '[data-equation="z"] [data-name="U_z"]',
            "title": ".plot-title:nth-of-type(n) [data-name='n']",
        }
        box = page.find(names[view]).first.bounding_box()
        assert box is not None
        x = box["x"] + 4
    assert box is not None
    return x, box["y"] + 8


@pytest.mark.parametrize("view", POINTED)
def test_every_view_shows_the_place_under_the_pointer(looking: Page, view: str) -> None:
    move(looking, point_of(looking, view))
    views = read(looking)
    assert_agree(views, POINTED[view], LOOK, marked=True)
    assert float(views["label"][0].replace("−", "-")) == pytest.approx(
        value_at(POINTED[view]), abs=6e-5
    )
    move(looking, AWAY)
    assert_agree(read(looking), LOOK, LOOK, marked=True)


@pytest.mark.parametrize("view", POINTED)
def test_a_click_pins_and_escape_unmarks(looking: Page, view: str) -> None:
    looking.browser_page.mouse.click(*point_of(looking, view))
    move(looking, AWAY)
    place = POINTED[view]
    assert_agree(read(looking), place, place, marked=True)
    looking.browser_page.evaluate("document.activeElement.blur()")
    press(looking, "Escape")
    assert_agree(read(looking), place, place, marked=False)


def test_escape_clears_the_preview_first(looking: Page) -> None:
    move(looking, point_of(looking, "plot"))
    press(looking, "Escape")
    assert_agree(read(looking), LOOK, LOOK, marked=True)
    press(looking, "Escape")
    assert_agree(read(looking), LOOK, LOOK, marked=False)


def test_where_nothing_is_marked_a_step_alone_marks_nothing(looking: Page) -> None:
    press(looking, "Escape")
    move(looking, point_of(looking, "input"))
    assert_agree(read(looking), POINTED["input"], LOOK, marked=False)
    move(looking, point_of(looking, "weights"))
    assert_agree(read(looking), POINTED["weights"], LOOK, marked=True)


def test_the_button_beside_the_clock_unmarks(looking: Page) -> None:
    looking.find("#unmark").click()
    assert_agree(read(looking), LOOK, LOOK, marked=False)
    looking.frame()
    assert not looking.find("#unmark").is_visible()


def test_the_plots_by_keyboard(looking: Page) -> None:
    looking.find('.plot-cell[data-quantity="h"]').focus()
    press(looking, "ArrowRight", "ArrowRight", "ArrowUp")
    at = Place(26, 14, "h")
    views = read(looking)
    assert_agree(views, at, LOOK, marked=True)
    said = f"h, unit 14, t = 27: {value_at(at):.4f}".replace("-", "−")
    assert looking.find("#plot-said").text_content() == said
    press(looking, "PageUp", "PageUp", "Home")
    assert_agree(read(looking), Place(0, 14, "r"), LOOK, marked=True)
    press(looking, "End", "ArrowDown", "ArrowDown", "Enter")
    pinned = Place(47, 15, "r")
    assert_agree(read(looking), pinned, pinned, marked=True)
    press(looking, "ArrowLeft", "Escape")
    assert_agree(read(looking), pinned, pinned, marked=True)
    press(looking, "Escape")
    assert_agree(read(looking), pinned, pinned, marked=False)
    press(looking, "ArrowLeft", "Shift+Tab")
    assert_agree(read(looking), pinned, pinned, marked=False)
    stops = "[...document.querySelectorAll('.plot-cell')].map((e) => e.getAttribute('tabindex'))"
    assert sorted(looking.browser_page.evaluate(stops)) == ["-1", "-1", "-1", "0"]


def test_every_plot_takes_the_focus_at_once(page: Page) -> None:
    page.find('.plot-cell[data-quantity="h"]').focus()
    press(page, "PageUp", "PageUp", "PageUp")
    assert_agree(read(page), replace(LOOK, quantity="z"), LOOK, marked=True)


def test_the_weights_by_keyboard(looking: Page) -> None:
    looking.browser_page.mouse.click(*over_grid(read(looking), "W_r", 4))
    press(looking, "Escape", "ArrowDown")
    move(looking, AWAY)
    place = Place(LOOK.t, 5, "r")
    assert_agree(read(looking), place, place, marked=True)


def test_a_preview_leaves_fields_scrolling_and_zoom_alone(looking: Page) -> None:
    page = looking.browser_page
    looking.find("#weight-value").focus()
    page.keyboard.type("0.2")
    before = page.evaluate("document.getElementById('weight-name').textContent")
    move(looking, point_of(looking, "plot"))
    page.keyboard.type("5")
    assert page.evaluate("document.getElementById('weight-name').textContent") == before
    assert looking.weight == 0.25
    press(looking, "Control+z")
    looking.settle()
    assert looking.find("#fit").is_disabled()


def test_the_label_follows_the_values_under_a_resting_pointer(looking: Page) -> None:
    move(looking, point_of(looking, "plot"))
    before = read(looking)["label"][0]
    looking.find("#array-zero").evaluate("(button) => button.click()")
    looking.settle()
    after = read(looking)["label"][0]
    assert after != before
    data = looking.plots()["r"]
    place = POINTED["plot"]
    assert float(after.replace("−", "-")) == pytest.approx(data[place.t, place.unit], abs=6e-5)
    press(looking, "Control+z")
    looking.settle()


def test_playing_ends_the_preview(looking: Page) -> None:
    move(looking, point_of(looking, "plot"))
    press(looking, "Space")
    looking.wait_for(f"() => Number(document.getElementById('scrub').value) > {LOOK.t + 1}")
    press(looking, "Space")
    views = read(looking)
    held = Place(views["clock"], LOOK.unit, LOOK.quantity)
    assert_agree(views, held, held, marked=True)


def test_lines_are_pointed_at_and_marked(looking: Page) -> None:
    page = looking.browser_page
    looking.find("#view-lines").click()
    looking.settle()
    views = read(looking)
    box = next(plot["box"] for plot in views["plots"] if plot["quantity"] == "z")
    place = Place(12, int(TRACE.z[12].argmax()), "z")
    x = box["left"] + 12.5 / 48 * box["width"]
    move(looking, (x, box["top"] + (1.02 - value_at(place)) / 1.08 * box["height"]))
    views = read(looking)
    assert views["label"][1] == f"z · unit {place.unit} · t = 13"
    assert page.evaluate("document.getElementById('marked-lines').hidden") is False
    looking.find("#view-heatmap").click()
    looking.settle()


def test_touch_pins_and_unpins_and_leaves_no_preview(
    open_page: Callable[..., Page], server: Server
) -> None:
    viewport = {"width": 390, "height": 844}
    page = open_page(server.url, viewport=viewport, has_touch=True, is_mobile=True)
    tap = page.browser_page.touchscreen.tap
    clock = page.find("#clock")
    page.find("#plots").scroll_into_view_if_needed()
    box = page.find('.plot-cell[data-quantity="r"]').bounding_box()
    assert box is not None
    x, y = box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"]
    tap(x, y)
    page.frame()
    assert page.find("#marked-name").inner_text().startswith("r[")
    assert "preview" not in (clock.get_attribute("class") or "")
    tap(x + 1, y + 3)
    page.frame()
    assert not page.find("#unmark").is_visible()
    tap(x, y)
    page.frame()
    page.find("#unmark").tap()
    page.frame()
    assert not page.find("#unmark").is_visible()
    page.find("#cell-vectors").tap()
    for view in ("#equations [data-equation='z'] [data-name='z']", '[data-array="U_r"] canvas'):
        page.find(view).first.tap()
        page.frame()
        assert page.find("#unmark").is_visible()
        assert page.find("#unmark").get_attribute("class") == "chip"
