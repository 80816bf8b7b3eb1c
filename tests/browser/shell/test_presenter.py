"""The presenter's view: large type, chosen panels, no controls but for stepping and leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.page import Page
from tests.browser.server import Server

PANELS = {
    "input": ".input",
    "plots": ".plots-panel",
    "transport": ".transport",
    "cell": ".cell",
    "weights": ".weights",
    "number": ".number-panel",
}
# What only changes things has no place before a room.
CONTROLS = ["#picker-open", "#undo", "#mode-text", "#generator", "#view-lines", "#cell-editor"]
# What a room asks "what if" of.
AT_HAND = ["#hold-value", "#hold-step", "#pin", "#tab-edits"]


def press(page: Page, key: str) -> None:
    page.browser_page.keyboard.press(key)
    page.settle()


def shown(page: Page) -> set[str]:
    return {name for name, selector in PANELS.items() if page.find(selector).is_visible()}


def toggle(page: Page, *panels: str) -> None:
    page.find("#panel-choice summary").click()
    for panel in panels:
        page.find(f'#panel-list input[value="{panel}"]').click()
    press(page, "Escape")


def type_size(page: Page) -> float:
    size: float = page.browser_page.evaluate(
        "parseFloat(getComputedStyle(document.getElementById('cell-title')).fontSize)"
    )
    return size


def test_presenting_enlarges_type_and_hides_controls(page: Page) -> None:
    before, t = type_size(page), page.t
    page.find("#present").click()
    page.settle()
    assert type_size(page) >= 1.2 * before
    assert shown(page) == set(PANELS)
    assert [control for control in CONTROLS if page.find(control).is_visible()] == []
    assert [control for control in AT_HAND if not page.find(control).is_visible()] == []
    press(page, "ArrowRight")
    assert page.t == t + 1
    page.browser_page.keyboard.press("Space")
    page.wait_for("t => Number(document.getElementById('scrub').value) > t", t + 1)
    press(page, "Space")
    press(page, "Escape")
    assert page.find("#picker-open").is_visible() and type_size(page) == before
    assert page.browser_page.evaluate("document.activeElement.id") == "present"
    press(page, "p")
    page.find("#leave").click()
    page.settle()
    assert page.find("#picker-open").is_visible()


def test_panels_on_show_belong_to_the_document(page: Page) -> None:
    press(page, "p")
    toggle(page, "weights", "number", "cell")
    assert page.find("#presenter").is_visible(), "Esc closed the list only"
    assert shown(page) == {"input", "plots", "transport"}
    wide = page.find("#plots").bounding_box()
    assert wide is not None and wide["width"] > 1300, "the plots take the room of what is hidden"
    press(page, "Control+z")
    assert shown(page) == {"input", "plots", "transport", "cell"}
    press(page, "Control+Shift+Z")
    assert shown(page) == {"input", "plots", "transport"}
    press(page, "p")
    assert shown(page) == set(PANELS), "all of them are there to work with"
    page.choose("latch")
    page.browser_page.reload()
    page.settle()
    press(page, "p")
    assert shown(page) == {"input", "plots", "transport"}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
def test_a_room_sees_it_all_at_once(
    open_page: Callable[..., Page], server: Server, width: int, height: int
) -> None:
    page = open_page(server.url, viewport={"width": width, "height": height})
    press(page, "p")
    for hidden in ([], ["weights", "number"]):
        if hidden:
            toggle(page, *hidden)
        page.settle()
        size = page.browser_page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert size == [width, height]
        assert violations(page) == []


def test_the_cell_grows_to_the_room_there_is(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, viewport={"width": 1920, "height": 1080})
    press(page, "p")
    beside = page.find("#diagram .diagram-sheet").bounding_box()
    toggle(page, "plots", "weights", "number")
    page.settle()
    alone = page.find("#diagram .diagram-sheet").bounding_box()
    room = page.find("#diagram").bounding_box()
    assert beside and alone and room
    assert alone["height"] > 1.3 * beside["height"]
    assert alone["width"] <= room["width"] + 1 and alone["height"] <= room["height"] + 1


def test_the_tour_and_the_edits_are_complete_in_a_presentation_without_weights_and_number(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, viewport={"width": 1366, "height": 768})
    press(page, "p")
    toggle(page, "weights", "number")
    expect(page.find("#dock")).to_be_hidden()
    page.find("#present-edits").click()
    expect(page.find("#edits-panel")).to_be_visible()
    page.find("#present-edits").click()
    expect(page.find("#dock")).to_be_hidden()
    press(page, "p")
    page.find("#tour-open").click()
    press(page, "p")
    for part in ("#tour-title", "#tour-text", "#tour-say", "#tour-next"):
        box = page.find(part).bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 768, part
