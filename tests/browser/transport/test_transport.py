"""Stepping, playing, scrubbing; one selection that every view shares."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core.cells.gru import GRU
from gru_core.explanation.terms import explain
from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page

STEPS = len(EXAMPLES["reader"].text or "")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.browser_page.keyboard.press(key)


def blur(page: Page) -> None:
    page.browser_page.evaluate("document.activeElement.blur()")


@pytest.fixture
def at_the_start(shared_page: Page) -> Page:
    page = shared_page
    blur(page)
    press(page, "Home")
    page.wait_for("() => document.getElementById('clock').textContent.startsWith('t = 1 ')")
    return page


def wait_for_t(page: Page, t: int) -> None:
    page.wait_for(f"() => document.getElementById('clock').textContent === 't = {t} / {STEPS}'")


@pytest.mark.parametrize(
    ("keys", "t"),
    [
        (["ArrowRight"], 2),
        (["ArrowRight", "ArrowRight", "ArrowLeft"], 2),
        (["End"], STEPS),
        (["End", "ArrowRight"], STEPS),
        (["ArrowLeft"], 1),
        (["End", "Home"], 1),
    ],
)
def test_keys_step_through_time(at_the_start: Page, keys: list[str], t: int) -> None:
    press(at_the_start, *keys)
    wait_for_t(at_the_start, t)


@pytest.mark.parametrize(
    ("buttons", "t"),
    [(["next"], 2), (["last"], STEPS), (["last", "previous"], STEPS - 1), (["last", "first"], 1)],
)
def test_buttons_step_through_time(at_the_start: Page, buttons: list[str], t: int) -> None:
    for button in buttons:
        at_the_start.find(f"#{button}").click()
    wait_for_t(at_the_start, t)


def test_space_plays_and_pauses(page: Page) -> None:
    blur(page)
    press(page, "Home")
    page.browser_page.select_option("#speed", "20")
    blur(page)
    press(page, "Space")
    page.wait_for("() => Number(document.getElementById('scrub').value) >= 4")
    press(page, "Space")
    page.wait_for("() => document.getElementById('play').getAttribute('aria-label') === 'Play'")
    stopped = page.t
    for _ in range(6):  # at least as many frames as four steps would have taken
        page.frame()
    assert page.t == stopped
    assert 4 <= stopped < STEPS


def test_playing_stops_at_the_end_and_starts_over(page: Page) -> None:
    blur(page)
    page.browser_page.select_option("#speed", "20")
    page.find("#scrub").fill(str(STEPS - 2))
    page.find("#play").click()
    wait_for_t(page, STEPS)
    page.wait_for("() => document.getElementById('play').getAttribute('aria-label') === 'Play'")
    page.find("#play").click()
    page.wait_for("() => Number(document.getElementById('scrub').value) < 10")


def test_the_slider_scrubs_sub_steps_while_one_is_shown(page: Page) -> None:
    """Four sub-steps a timestep: the 4 t + k + 1st place of the slider is sub-step k of step t."""
    scrub, chips = page.find("#scrub"), page.find("#stages button")
    scrub.fill("10")
    expect(scrub).to_have_attribute("aria-valuetext", f"t = 10 of {STEPS}")
    chips.nth(2).click()
    expect(scrub).to_have_attribute("max", str(4 * STEPS))
    expect(scrub).to_have_value(str(4 * 9 + 1 + 1))
    scrub.fill(str(4 * 20 + 3 + 1))
    wait_for_t(page, 21)
    expect(chips.nth(4)).to_have_attribute("aria-pressed", "true")
    expect(scrub).to_have_attribute("aria-valuetext", f"t = 21 of {STEPS}, hidden state")
    scrub.press("ArrowRight")
    wait_for_t(page, 22)
    chips.nth(0).click()
    expect(scrub).to_have_value("22")


def test_keys_in_a_field_belong_to_the_field(page: Page) -> None:
    before = page.t
    page.open_network()
    page.find("#hidden-size").focus()
    press(page, "Home", "ArrowRight")
    assert page.t == before


def test_a_click_on_a_plot_selects_step_unit_and_quantity_everywhere(page: Page) -> None:
    point = page.plot_point("r", 31, 11)
    page.browser_page.mouse.click(*point)
    wait_for_t(page, 31)
    assert page.find("#unit").input_value() == "11"
    assert page.find('.number-panel [data-quantity="r"]').get_attribute("aria-pressed") == "true"
    assert page.find("#weight-name").inner_text().startswith("W_z[11")
    assert "Unit 11 " in page.find("#cell-sentence").inner_text()


@pytest.mark.parametrize("quantity", ["z", "r", "n", "h"])
@pytest.mark.parametrize(("t", "unit"), [(0, 0), (17, 6), (47, 15)])
def test_one_number_shows_the_terms_that_gru_core_gives(
    shared_page: Page, quantity: str, t: int, unit: int
) -> None:
    page = shared_page
    page.find("#scrub").fill(str(t + 1))
    page.find("#unit").fill(str(unit))
    page.find(f'.number-panel [data-quantity="{quantity}"]').click()
    page.wait_for(
        """([quantity, t, unit]) => {
          const {dataset} = document.querySelector(".number-panel");
          const shown = [dataset.quantity, dataset.t, dataset.unit];
          return shown.join() === [quantity, t, unit].join();
        }""",
        [quantity, t, unit],
    )
    params = EXAMPLES["reader"].network()
    trace = GRU(params).run(EXAMPLES["reader"].inputs())
    expected = explain(trace, params, quantity, t, unit)
    shown = page.find("#equation-numbers b").inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(expected.result, abs=6e-5)
    rows = page.find("#terms .product").all_inner_texts()
    products = sorted(float(text.replace("−", "-")) for text in rows)
    few = len(expected.terms) <= 4
    wanted = sorted(term.product for term in expected.terms if few or term.product != 0)
    np.testing.assert_allclose(products, wanted, atol=6e-5)
    total = expected.result if expected.pre_activation is None else expected.pre_activation
    assert sum(products) == pytest.approx(total, abs=6e-5 * len(products))


def test_one_number_follows_an_edit(page: Page) -> None:
    page.choose("latch")
    page.find('.number-panel [data-quantity="z"]').click()
    page.click_cell("b_z", 1)
    page.browser_page.keyboard.type("39")
    page.wait_for("() => document.getElementById('equation-numbers').textContent.includes('−41')")


def test_zooming_in_time_keeps_editor_and_plots_together(page: Page) -> None:
    page.choose("sunspots")
    host = page.find("#plotly").bounding_box()
    assert host is not None
    mouse = page.browser_page.mouse
    mouse.move(host["x"] + 300, host["y"] + 60)
    mouse.down()
    mouse.move(host["x"] + 500, host["y"] + 62, steps=8)
    mouse.up()
    expect(page.find("#fit")).to_be_enabled()
    page.settle()
    low, high = page.browser_page.evaluate(
        "() => document.getElementById('plotly')._fullLayout.xaxis.range"
    )
    assert 60 < high - low < 90
    assert low % 1 == high % 1 == 0.5, "whole columns"
    page.find("#fit").click()
    page.settle()
    whole = page.browser_page.evaluate(
        "() => document.getElementById('plotly')._fullLayout.xaxis.range"
    )
    assert whole == [0.5, 309.5]


def test_lines_show_the_same_values(page: Page) -> None:
    heat = page.plots()["h"]
    page.find("#view-lines").click()
    page.settle()
    lines = page.browser_page.evaluate(
        """() => {
          const {data} = document.getElementById("plotly");
          return data.find((trace) => trace.yaxis === "y4").y.filter((value) => value !== null);
        }"""
    )
    np.testing.assert_array_equal(lines, heat.T.ravel())
    assert re.fullmatch(r"t = \d+ / \d+", page.find("#clock").inner_text())
