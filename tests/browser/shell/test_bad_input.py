"""Bad input: a message that names it, and everything else as it was."""

from __future__ import annotations

import numpy as np
import pytest

from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import QUANTITIES, Page

READER = EXAMPLES["reader"]


@pytest.fixture
def unchanged(shared_page: Page) -> Page:
    """The reader's page, which bad input leaves as it was for the next test."""
    return with_example(shared_page, "reader")


@pytest.fixture
def sunspots(shared_page: Page) -> Page:
    """The same page with numbers as input."""
    return with_example(shared_page, "sunspots")


def with_example(page: Page, example: str) -> Page:
    """Show an example, and no message of an earlier test."""
    if page.network != example:
        page.choose(example)
    if page.notice:
        page.find("#notice-close").click()
    assert page.notice == ""
    page.former = page.plots()  # type: ignore[attr-defined]
    return page


def assert_unchanged(page: Page) -> None:
    plots = page.plots()
    for quantity in QUANTITIES:
        assert np.array_equal(plots[quantity], page.former[quantity])  # type: ignore[attr-defined]


def test_a_character_outside_the_alphabet(unchanged: Page) -> None:
    unchanged.type_at(4, "7")
    assert "‘7’" in unchanged.notice and "alphabet" in unchanged.notice
    assert unchanged.text == READER.text
    assert_unchanged(unchanged)


def test_foreign_characters_of_a_paste_can_be_left_out(page: Page) -> None:
    page.type_at(0, "")
    page.browser_page.keyboard.insert_text("Héllo 42!")
    assert page.text == READER.text
    assert all(f"‘{symbol}’" in page.notice for symbol in "é42!")
    page.find("#notice-actions button").last.click()
    assert page.text == "hllo " + (READER.text or "")
    assert page.notice == ""


def test_an_emptied_text(page: Page) -> None:
    unchanged = with_example(page, "reader")
    unchanged.find("#text").focus()
    unchanged.browser_page.keyboard.press("Control+a")
    unchanged.browser_page.keyboard.press("Delete")
    assert "at least one timestep" in unchanged.notice
    assert_unchanged(unchanged)
    unchanged.find("#scrub").focus()
    assert unchanged.text == READER.text
    unchanged.find("#text").focus()
    unchanged.browser_page.keyboard.press("Control+a")
    unchanged.browser_page.keyboard.press("Delete")
    unchanged.browser_page.keyboard.type("new")
    assert unchanged.text == "new"


def test_of_a_text_over_the_limit_the_part_that_fits_is_taken(page: Page) -> None:
    text = READER.text or ""
    page.type_at(4, "")
    page.browser_page.keyboard.insert_text("ab" * 5000)
    fits = 4096 - len(text)
    assert page.text == text[:4] + ("ab" * 5000)[:fits] + text[4:]
    assert f"at most 4096 characters, so {10_000 - fits} were left out" in page.notice
    page.find("#undo").click()
    assert page.text == text


def test_a_pasted_text_over_the_limit_without_its_foreign_characters(page: Page) -> None:
    page.find("#text").focus()
    page.browser_page.keyboard.press("Control+a")
    page.browser_page.keyboard.insert_text("ab7" * 5000)
    page.find("#notice-actions button").last.click()
    assert page.text == "ab" * 2048
    assert "5904 were left out" in page.notice


def test_a_character_more_than_the_limit_is_refused(page: Page) -> None:
    page.find("#text").focus()
    page.browser_page.keyboard.press("Control+a")
    page.browser_page.keyboard.insert_text("a" * 4096)
    page.browser_page.keyboard.type("b")
    assert "4097 timesteps; at most 4096" in page.notice
    assert page.text == "a" * 4096


@pytest.mark.parametrize("steps", ["0", "4097", "-3", "2.5", ""])
def test_a_length_out_of_range(unchanged: Page, steps: str) -> None:
    unchanged.find("#steps").fill(steps)
    unchanged.find("#steps").press("Enter")
    assert "T: expected a whole number from 1 to 4096" in unchanged.notice
    assert_unchanged(unchanged)


@pytest.mark.parametrize("weight", ["1001", "-1e9"])
def test_a_weight_out_of_range(unchanged: Page, weight: str) -> None:
    unchanged.click_cell("W_r", 2, 3)
    unchanged.find("#weight-value").fill(weight)
    assert "W_r" in unchanged.notice and "1000" in unchanged.notice
    assert unchanged.find("#weight-value").get_attribute("aria-invalid") == "true"
    assert_unchanged(unchanged)


@pytest.mark.parametrize("weight", ["abc", "NaN", "Infinity", "1e", "--1", ""])
def test_a_weight_that_is_no_number(unchanged: Page, weight: str) -> None:
    unchanged.click_cell("W_r", 2, 3)
    unchanged.find("#weight-value").fill(weight)
    unchanged.find("#weight-value").press("Enter")
    assert "expected a finite number" in unchanged.notice
    assert_unchanged(unchanged)


def test_a_scale_that_leaves_the_range_is_refused_by_the_server(page: Page) -> None:
    unchanged = with_example(page, "reader")
    unchanged.click_cell("U_r", 2, 3)
    unchanged.find("#array-factor").fill("1000")
    unchanged.find("#array-scale").click()
    unchanged.wait_for("() => !document.getElementById('notice').hidden")
    assert "1000" in unchanged.notice
    assert_unchanged(unchanged)
    assert unchanged.find("#edited-count").inner_text() == "no edits"
    unchanged.type_at(0, "q")
    assert len(unchanged.plots()["h"]) == len(READER.text or "") + 1, "the session lives on"


CSVS = [
    ("1,2\n3,4,5\n", "Line 2 has 3 values; expected 2"),
    ("1\n\nabc\n", "expected a number, got line 3: “abc”"),
    ("inf\n1\n", "got line 1: “inf”"),
    (";\n;\n", "has no column of numbers"),
    ("\n \n", "empty"),
    ('x\n"1\n', "a quotation mark is opened and never closed"),
    ("\x00\x01\x02", "Expected text, got a file with zero bytes"),
]


@pytest.mark.parametrize(("text", "message"), CSVS)
def test_csv_that_cannot_be_read(sunspots: Page, text: str, message: str) -> None:
    sunspots.paste(text)
    sunspots.wait_for("() => !document.getElementById('notice').hidden")
    assert message in sunspots.notice
    assert_unchanged(sunspots)


def test_csv_with_values_over_the_limit_asks_for_a_scale(sunspots: Page) -> None:
    page = sunspots
    page.paste("1e7\n2e7\n")
    page.wait_for("() => document.querySelector('#csv-status.fault') !== null")
    assert "from −1000000 to 1000000, got 1e+07" in page.find("#csv-status").inner_text()
    assert page.find("#csv-take").is_disabled()
    page.browser_page.keyboard.press("Escape")
    assert_unchanged(page)


@pytest.mark.parametrize("value", ["", "1e400", "2000000"])
def test_an_input_value_that_is_no_finite_number(sunspots: Page, value: str) -> None:
    page = sunspots
    page.find("#value").fill(value)
    page.find("#value").press("Enter")
    assert page.notice.startswith("x")
    assert_unchanged(page)


@pytest.mark.parametrize("size", ["0", "1025", "x1"])
def test_a_hidden_size_out_of_range(unchanged: Page, size: str) -> None:
    unchanged.open_network()
    unchanged.find("#hidden-size").focus()
    unchanged.browser_page.keyboard.press("Control+a")
    unchanged.browser_page.keyboard.type(size.replace("x1", "1e4"))
    unchanged.browser_page.keyboard.press("Enter")
    assert "Hidden units: expected a whole number from 1 to 1024" in unchanged.notice
    unchanged.browser_page.keyboard.press("Escape")
    assert_unchanged(unchanged)


def test_the_next_edit_or_the_close_button_dismisses_a_notice(page: Page) -> None:
    page.type_at(0, "7")
    assert page.notice
    page.browser_page.keyboard.type("a")
    page.settle()
    assert page.notice == ""
    page.browser_page.keyboard.type("7")
    page.find("#notice-close").click()
    page.settle()
    assert page.notice == ""
