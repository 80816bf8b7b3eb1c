"""Who works by keyboard keeps their place: no button takes the focus away with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gru_core.compiled.kernels import engine
from gruscope import __version__
from tests.browser.page import Page


def focused(page: Page) -> str:
    """The id of what has the focus once the page is drawn and its focus settled."""
    page.frame()
    page.frame()
    return str(page.browser_page.evaluate("document.activeElement.id"))


def press(page: Page, button: str, key: str = "Enter") -> None:
    page.find(f"#{button}").focus()
    page.browser_page.keyboard.press(key)
    page.settle()


def held(page: Page) -> None:
    press(page, "hold-value")


def edited(page: Page) -> None:
    page.find("#weight-value").fill("0.5")
    page.settle()


def pinned(page: Page) -> None:
    press(page, "pin")


def on_edits(page: Page) -> None:
    edited(page)
    page.find("#tab-edits").click()


def zoomed(page: Page) -> None:
    start, end = (page.plot_point("z", t, 3) for t in (10, 30))
    page.browser_page.mouse.move(*start)
    page.browser_page.mouse.down()
    page.browser_page.mouse.move(*end, steps=5)
    page.browser_page.mouse.up()
    page.settle()


def as_it_opens(page: Page) -> None:
    """Nothing to prepare."""


@pytest.mark.parametrize(
    ("prepare", "button"),
    [
        (as_it_opens, "first"),
        (as_it_opens, "last"),
        (held, "hold-free"),
        (edited, "weight-restore"),
        (edited, "array-restore"),
        (edited, "undo"),
        (zoomed, "fit"),
    ],
)
def test_a_button_that_becomes_disabled_keeps_the_focus(
    page: Page, prepare: Callable[[Page], None], button: str
) -> None:
    prepare(page)
    expect(page.find(f"#{button}")).to_be_enabled()
    press(page, button)
    assert focused(page) == button
    expect(page.find(f"#{button}")).to_be_disabled()


@pytest.mark.parametrize(
    ("prepare", "button", "then"),
    [
        (as_it_opens, "pin", "compare-now"),
        (pinned, "unpin", "pin"),
        (as_it_opens, "unmark", "scrub"),
        (as_it_opens, "tour-declined", "tour-open"),
        (edited, "story-again", "story-look"),
        (on_edits, "edits-clear", "tab-edits"),
    ],
)
def test_the_focus_moves_on_when_its_button_disappears(
    page: Page, prepare: Callable[[Page], None], button: str, then: str
) -> None:
    prepare(page)
    press(page, button)
    assert focused(page) == then
    assert not page.find(f"#{button}").is_visible()


def test_the_focus_moves_on_within_the_tour(page: Page) -> None:
    press(page, "tour-open")
    press(page, "tour-show")
    assert focused(page) == "tour-next"
    press(page, "tab-weights")
    edited(page)
    press(page, "tab-tour")
    press(page, "tour-again")
    assert focused(page) == "tour-next"


def test_the_focus_returns_when_a_message_is_closed(page: Page) -> None:
    page.find("#steps").fill("100000")
    page.find("#steps").press("Enter")
    assert "expected" in page.notice
    page.find("#notice-close").focus()
    page.browser_page.keyboard.press("Enter")
    assert focused(page) == "steps"


def test_a_disabled_button_has_no_effect(page: Page) -> None:
    assert page.t > 1
    press(page, "undo")
    press(page, "hold-free", "Space")
    page.find("#redo").click(force=True)
    assert page.notice == ""
    assert page.find("#tab-edits").inner_text() == "Edits (0)"
    press(page, "last")
    last = page.t
    page.find("#next").click(force=True)
    page.find("#next use").click(force=True)
    assert page.t == last


def test_help_opens_and_closes_by_keyboard_and_says_what_computes(page: Page) -> None:
    page.browser_page.evaluate("document.activeElement.blur()")
    page.browser_page.keyboard.press("?")
    assert page.find("#help-dialog").is_visible()
    said = page.find("#help-engine").inner_text()
    assert said == f"gruscope {__version__} computes with {engine()}."
    page.browser_page.keyboard.press("Escape")
    assert not page.find("#help-dialog").is_visible()
