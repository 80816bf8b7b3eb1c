"""Setting every value of an array: the LSTM's forget bias is one edit, not one per unit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core.cells.registry import cell
from tests.browser.edits.test_what_if import PARAMS, READER, sentences
from tests.browser.page import Page
from tests.browser.server import Server


def assert_forget_bias(page: Page, value: float | None) -> None:
    """Compare the plots with a run of the core; None is the network's own bias."""
    own = PARAMS["lstm"]
    hidden = own.hidden_size
    params = own if value is None else own.replace(b_f=np.full(hidden, value))
    expected = cell(params).run(READER.inputs())
    for quantity, shown in page.plots().items():
        np.testing.assert_allclose(shown, expected.values[quantity], atol=2e-6, err_msg=quantity)


@pytest.fixture
def lstm(page: Page) -> Page:
    page.choose_cell("lstm")
    page.click_cell("b_f", 2)
    return page


def test_one_edit_sets_the_forget_bias_of_every_unit(lstm: Page) -> None:
    lstm.find("#array-value").fill("1")
    lstm.find("#array-fill").click()
    assert_forget_bias(lstm, 1.0)
    assert lstm.find("#tab-edits").inner_text() == "Edits (1)"
    assert lstm.weight == 1
    lstm.find("#edited-count").click()
    assert sentences(lstm) == ["b_f = 1 everywhere"]
    lstm.find(".edit input").click()
    assert_forget_bias(lstm, None)
    lstm.find(".edit input").click()
    assert_forget_bias(lstm, 1.0)


def test_a_filled_array_is_one_step_of_undo(lstm: Page) -> None:
    lstm.find("#array-value").fill("-2.5")
    lstm.find("#array-value").press("Enter")
    assert_forget_bias(lstm, -2.5)
    lstm.find("#undo").click()
    assert_forget_bias(lstm, None)
    assert lstm.find("#undo").is_enabled(), "the choice of the cell comes before it"
    lstm.find("#redo").click()
    assert_forget_bias(lstm, -2.5)
    lstm.find("#array-restore").click()
    assert_forget_bias(lstm, None)


def test_filling_twice_is_one_edit_and_a_cell_set_later_shows_its_old_value(lstm: Page) -> None:
    for value in ("1", "3"):
        lstm.find("#array-value").fill(value)
        lstm.find("#array-fill").click()
    lstm.click_cell("b_f", 4)
    lstm.browser_page.keyboard.type("0.5")
    lstm.settle()
    lstm.find("#edited-count").click()
    assert sentences(lstm) == ["b_f = 3 everywhere", "b_f[4] = 0.5 (was 3)"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("one", "b_f: expected a finite number, got \u201cone\u201d."),
        ("5000", "b_f: a weight must be from \u22121000 to 1000, got 5000."),
    ],
)
def test_a_value_that_no_weight_can_have_is_refused_in_words(
    lstm: Page, typed: str, said: str
) -> None:
    lstm.find("#array-value").fill(typed)
    lstm.find("#array-fill").click()
    assert lstm.notice == said
    assert lstm.find("#array-value").get_attribute("aria-invalid") == "true"
    assert_forget_bias(lstm, None)


def test_in_a_short_window_the_whole_array_has_a_menu(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, viewport={"width": 1366, "height": 650})
    page.choose_cell("lstm")
    page.click_cell("b_f", 2)
    menu, field = page.find("#array-more summary"), page.find("#array-value")
    assert not field.is_visible()
    menu.click()
    field.fill("1")
    field.press("Enter")
    assert_forget_bias(page, 1.0)
    field.press("Escape")
    assert not field.is_visible()
    expect(menu).to_be_focused()
    menu.press("Enter")
    page.find("#clock").click()
    assert not field.is_visible()
    page.browser_page.set_viewport_size({"width": 1366, "height": 900})
    page.frame()
    assert field.is_visible() and not menu.is_visible()
    page.find("#clock").click()
    assert field.is_visible()
