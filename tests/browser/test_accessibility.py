"""The page for everyone: axe-core finds nothing, in any state, theme or size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.axe import violations
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
    page.find("#hidden-size").fill("100000")
    page.find("#hidden-size").press("Enter")
    assert "expected" in page.notice


def numbers_under_an_lstm(page: Page) -> None:
    page.browser_page.keyboard.press("Escape")
    page.find("#mode-numbers").click()
    page.choose_cell("lstm")
    page.find("#view-numbers").click()


STATES: list[Callable[[Page], None]] = [
    lambda page: None,
    help_dialog,
    lines_with_a_refused_size,
    numbers_under_an_lstm,
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(
    open_page: Callable[..., Page], server: Server, size: str, theme: str
) -> None:
    page = open_page(server.url, color_scheme=theme, **SIZES[size])
    for state in STATES:
        state(page)
        page.settle()
        assert violations(page) == [], state.__name__


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
