"""The hold panel says whether a number holds one step or every step, and converts holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.edits.test_what_if import assert_shows, choose, sentences
from tests.browser.page import Page


@pytest.fixture
def fresh(shared_page: Page) -> Iterator[Page]:
    """The reader, untouched, with the choice of a fresh page."""
    yield shared_page
    shared_page.choose("latch")
    shared_page.choose("reader")
    shared_page.find("#hold-step").check()


def clamp(unit: int, value: float, t: int | None = None) -> dict[str, Any]:
    edit = {"op": "clamp", "quantity": "z", "unit": unit, "value": value}
    return edit if t is None else {**edit, "t": t}


def test_a_typed_number_holds_the_value_named_in_the_panel(fresh: Page) -> None:
    choose(fresh, "z", 3, 10)
    expect(fresh.find("#hold-scope")).to_have_text("at t = 11 throughout", use_inner_text=True)
    assert fresh.find("#hold-step").is_checked()
    fresh.find("#hold-value").fill("1")
    assert_shows(fresh, "gru", [clamp(3, 1, 10)])
    choose(fresh, "z", 4, 20)
    fresh.find("#hold-always").check()
    assert_shows(fresh, "gru", [clamp(3, 1, 10)])
    fresh.find("#hold-value").fill("0.5")
    assert_shows(fresh, "gru", [clamp(3, 1, 10), clamp(4, 0.5)])


def test_a_hold_shows_its_own_scope_and_keeps_it_while_its_number_changes(fresh: Page) -> None:
    choose(fresh, "z", 3, 10)
    fresh.find("#hold-always").check()
    fresh.find("#hold-value").fill("1")
    choose(fresh, "z", 5, 10)
    fresh.find("#hold-step").check()
    choose(fresh, "z", 3, 30)
    assert fresh.find("#hold-always").is_checked()
    fresh.find("#hold-value").fill("0.25")
    assert_shows(fresh, "gru", [clamp(3, 0.25)])
    choose(fresh, "z", 5, 30)
    assert fresh.find("#hold-step").is_checked(), "the reader's last choice"


def test_another_scope_converts_the_hold_in_one_step_of_undo(fresh: Page) -> None:
    choose(fresh, "z", 3, 10)
    fresh.find("#hold-value").fill("0.75")
    fresh.find("#hold-always").check()
    assert_shows(fresh, "gru", [clamp(3, 0.75)])
    choose(fresh, "z", 3, 20)
    fresh.find("#hold-step").check()
    assert_shows(fresh, "gru", [clamp(3, 0.75, 20)])
    fresh.find("#edited-count").click()
    assert sentences(fresh) == ["z of unit 3 at t = 21 set to 0.75"]
    fresh.find("#undo").click()
    assert_shows(fresh, "gru", [clamp(3, 0.75)])
    fresh.frame()
    assert fresh.find("#hold-always").is_checked()


def test_the_scope_is_one_tab_stop_and_announced_with_the_field(fresh: Page) -> None:
    choose(fresh, "z", 3, 10)
    keyboard = fresh.browser_page.keyboard
    fresh.find("#hold-value").focus()
    expect(fresh.find("#hold-value")).to_have_accessible_description(
        "A number holds z[3] at t = 11 only"
    )
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(fresh.find("#hold-step")).to_be_focused()
    keyboard.press("ArrowRight")
    fresh.frame()
    expect(fresh.find("#hold-always")).to_be_focused()
    expect(fresh.find("#hold-always")).to_be_checked()
    assert fresh.t == 11, "the arrow is the group's, not the transport's"
    for field in ("#hold-value", "#hold-slider"):
        expect(fresh.find(field)).to_have_accessible_description(
            "A number holds z[3] at every step"
        )
    expect(fresh.find("#hold-scope")).to_have_role("radiogroup")


def test_enter_holds_a_value_at_the_number_it_has(fresh: Page) -> None:
    shown = fresh.plots()["z"][10, 3]
    choose(fresh, "z", 3, 10)
    fresh.find("#hold-value").press("Enter")
    fresh.settle()
    assert fresh.find("#tab-edits").inner_text() == "Edits (1)"
    assert fresh.plots()["z"][10, 3] == pytest.approx(shown, abs=5e-4)
    expect(fresh.find("#hold-value")).to_have_accessible_description("z[3] is held at t = 11 only")
