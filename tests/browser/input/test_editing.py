"""Editing the sequence and the weights: the plots follow, from where they should."""

from __future__ import annotations

import numpy as np
import pytest

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from tests.browser.page import QUANTITIES, Page

READER = EXAMPLES["reader"]


def run_reader(text: str) -> dict[str, np.ndarray]:
    trace = GRU(READER.network()).run(one_hot(text, READER.alphabet or ""))
    return {quantity: getattr(trace, quantity) for quantity in QUANTITIES}


def assert_plots(page: Page, expected: dict[str, np.ndarray]) -> None:
    plots = page.plots()
    for quantity, values in expected.items():
        np.testing.assert_allclose(plots[quantity], values, atol=1e-6, err_msg=quantity)


def test_a_typed_character_changes_the_plots_from_its_timestep_on(page: Page) -> None:
    before = page.plots()
    page.type_at(20, "q")
    after = page.plots()
    text = READER.text[:20] + "q" + READER.text[20:]
    assert page.text == text
    for quantity in QUANTITIES:
        assert np.array_equal(after[quantity][:20], before[quantity][:20])
        assert not np.allclose(after[quantity][20], before[quantity][20], atol=1e-4)
        assert len(after[quantity]) == len(before[quantity]) + 1
    assert_plots(page, run_reader(text))
    assert page.t == 21, "the cursor goes with the typing"


def test_deleting_and_pasting_text(page: Page) -> None:
    page.type_at(6, "")
    for _ in range(3):
        page.browser_page.keyboard.press("Backspace")
    page.browser_page.keyboard.insert_text("xyz xyz ")
    text = READER.text[:3] + "xyz xyz " + READER.text[6:]
    assert page.text == text
    assert_plots(page, run_reader(text))


def test_capital_letters_are_taken_in_the_case_the_alphabet_has(page: Page) -> None:
    page.type_at(0, "Q")
    assert page.text == "q" + READER.text
    assert page.notice == ""


def test_the_alphabet_inserts_its_symbols(page: Page) -> None:
    page.type_at(2, "")
    page.find('#alphabet [data-symbol="k"]').click()
    assert page.text == READER.text[:2] + "k" + READER.text[2:]
    assert_plots(page, run_reader(page.text))


def test_characters_stand_over_their_columns(page: Page) -> None:
    """The text's own layout, measured: glyph i within a pixel and a half of plot column i."""
    offsets = page.browser_page.evaluate(
        """() => {
          const field = document.getElementById("text");
          const style = getComputedStyle(field);
          const box = field.getBoundingClientRect();
          const probe = document.createElement("span");
          probe.style.cssText = "position:absolute;white-space:pre";
          for (const name of ["fontFamily", "fontSize", "letterSpacing"]) {
            probe.style[name] = style[name];
          }
          probe.textContent = field.value;
          document.body.append(probe);
          const width = probe.getBoundingClientRect().width;
          probe.remove();
          const plot = document.querySelector("#plotly .bglayer rect").getBoundingClientRect();
          return {text: width, plot: plot.width, left: box.left - plot.left};
        }"""
    )
    assert offsets["text"] == pytest.approx(offsets["plot"], abs=1.5)
    assert offsets["left"] == pytest.approx(0, abs=1.5)


def test_a_weight_typed_into_its_field_changes_the_plots(page: Page) -> None:
    page.click_cell("W_z", 3, 5)
    assert page.find("#weight-name").inner_text() == "W_z[3, ‘e’]"
    page.browser_page.keyboard.type("2.5")
    params = READER.network()
    changed = params.W_z.copy()
    changed[3, 5] = 2.5
    trace = GRU(params.replace(W_z=changed)).run(READER.inputs())
    assert_plots(page, {quantity: getattr(trace, quantity) for quantity in QUANTITIES})
    page.frame()
    assert page.find("#edited-count").inner_text() == "1 edit"


def test_undo_brings_back_the_former_numbers_exactly(page: Page) -> None:
    first = page.plots()
    page.click_cell("U_n", 2, 2)
    page.browser_page.keyboard.type("-1.25")
    page.settle()
    page.type_at(10, "zz")
    edited = page.plots()
    assert not np.array_equal(edited["h"][:10], first["h"][:10])
    page.browser_page.keyboard.press("Control+z")
    page.settle()
    assert page.text == READER.text
    page.browser_page.keyboard.press("Control+z")
    again = page.plots()
    for quantity in QUANTITIES:
        assert np.array_equal(again[quantity], first[quantity])
    page.browser_page.keyboard.press("Control+Shift+z")
    page.browser_page.keyboard.press("Control+Shift+z")
    redone = page.plots()
    for quantity in QUANTITIES:
        assert np.array_equal(redone[quantity], edited[quantity])
    assert page.find("#redo").is_disabled()


def test_edited_cells_are_marked_until_they_are_restored(page: Page) -> None:
    page.choose("latch")
    label = page.find('[data-array="U_r"] .edited')

    def corner() -> list[int]:
        """The colour where a cell's mark is: its upper right corner."""
        page.frame()
        colour: list[int] = page.browser_page.evaluate(
            """() => {
              const canvas = document.querySelector('[data-array="U_r"] canvas');
              const copy = document.createElement("canvas");
              Object.assign(copy, {width: canvas.width, height: canvas.height});
              const context = copy.getContext("2d", {willReadFrequently: true});
              context.drawImage(canvas, 0, 0);
              const half = canvas.width / 2;
              return Array.from(context.getImageData(half - 4, 4, 1, 1).data).slice(0, 3);
            }"""
        )
        return colour

    page.click_cell("U_n", 1, 1)
    plain = corner()
    assert not label.is_visible()
    page.click_cell("U_r", 0, 0)
    page.browser_page.keyboard.type("0.001")
    page.click_cell("U_n", 1, 1)
    page.settle()
    assert label.is_visible()
    assert corner() != plain
    page.browser_page.mouse.dblclick(*page.cell("U_r", 0, 0))
    page.click_cell("U_n", 1, 1)
    page.settle()
    assert not label.is_visible()
    assert corner() == plain


def test_nudging_a_weight_by_keys_and_by_drag(page: Page) -> None:
    page.click_cell("U_z", 4, 4)
    start = page.weight
    page.browser_page.keyboard.press("ArrowUp")
    up = page.weight
    page.browser_page.keyboard.press("ArrowUp")
    step = page.weight - up
    assert up > start and step > 0
    page.browser_page.keyboard.press("Shift+ArrowDown")
    low = page.weight
    assert low == pytest.approx(up - 9 * step, abs=1e-6)
    x, y = page.cell("U_z", 4, 4)
    page.browser_page.mouse.move(x, y)
    page.browser_page.mouse.down()
    page.browser_page.mouse.move(x, y - 50, steps=10)
    page.browser_page.mouse.up()
    page.settle()
    assert page.weight == pytest.approx(low + 50 * step, abs=step)
    params = READER.network()
    changed = params.U_z.copy()
    changed[4, 4] = page.weight
    trace = GRU(params.replace(U_z=changed)).run(READER.inputs())
    assert_plots(page, {quantity: getattr(trace, quantity) for quantity in QUANTITIES})
    page.browser_page.mouse.dblclick(x, y)
    page.settle()
    assert page.weight == pytest.approx(start, abs=1e-5)
    assert page.find("#edited-count").inner_text() == "no edits"


def test_the_slider_sets_the_weight(page: Page) -> None:
    page.click_cell("b_n", 1)
    page.find("#weight-slider").fill("0.5")
    page.settle()
    assert page.weight == 0.5
    bias = np.zeros(16)
    bias[1] = 0.5
    trace = GRU(READER.network().replace(b_n=bias)).run(READER.inputs())
    assert_plots(page, {quantity: getattr(trace, quantity) for quantity in QUANTITIES})


def test_a_whole_array_can_be_zeroed_scaled_randomised_and_restored(page: Page) -> None:
    first = page.plots()
    page.click_cell("U_n", 0, 0)
    page.find("#array-zero").click()
    params = READER.network()
    zeroed = GRU(params.replace(U_n=np.zeros((16, 16)))).run(READER.inputs())
    assert_plots(page, {"h": zeroed.h, "n": zeroed.n})
    page.find("#array-restore").click()
    np.testing.assert_array_equal(page.plots()["h"], first["h"])
    page.find("#array-factor").fill("2")
    page.find("#array-scale").click()
    scaled = GRU(params.replace(U_n=2 * params.U_n)).run(READER.inputs())
    assert_plots(page, {"h": scaled.h, "n": scaled.n})
    page.find("#array-seed").fill("9")
    page.find("#array-random").click()
    random = page.plots()["h"]
    assert not np.allclose(random, scaled.h, atol=1e-3)
    assert page.find("#array-seed").input_value() == "9"
    page.find("#array-random").click()
    assert not np.allclose(page.plots()["h"], random, atol=1e-3), "the next press draws anew"
    assert page.find("#array-seed").input_value() == "10"
    page.find("#array-seed").fill("9")
    page.find("#array-random").click()
    np.testing.assert_array_equal(page.plots()["h"], random)


def test_two_hundred_edits_without_pause_end_in_the_last_ones_plots(page: Page) -> None:
    page.browser_page.evaluate(
        """() => {
          const field = document.getElementById("text");
          field.focus();
          for (let i = 0; i < 200; i += 1) {
            const letter = "abcdefghijklmnopqrstuvwxyz"[i % 26];
            field.value = letter.repeat(1 + (i % 40)) + field.value.slice(0, 60);
            field.dispatchEvent(new InputEvent("input", {bubbles: true}));
          }
        }"""
    )
    assert_plots(page, run_reader(page.text))


def test_another_seed_and_size_make_another_network(page: Page) -> None:
    page.set_network("hidden-size", "5")
    assert page.plots()["h"].shape == (len(READER.text), 5)
    first = page.plots()["h"]
    page.set_network("seed", "99")
    assert not np.allclose(page.plots()["h"], first, atol=1e-3)
    page.find("#undo").click()
    np.testing.assert_array_equal(page.plots()["h"], first)


def test_start_over_reopens_the_example(page: Page) -> None:
    assert not page.find("#story-again").is_visible()
    first = page.plots()
    page.type_at(3, "q")
    page.settle()
    page.find("#story-again").click()
    np.testing.assert_array_equal(page.plots()["h"], first["h"])
    assert page.text == READER.text
    page.find("#undo").click()
    assert page.text == READER.text[:3] + "q" + READER.text[3:]


def test_a_reloaded_tab_continues_where_it_was(page: Page) -> None:
    page.type_at(3, "q")
    page.click_cell("U_z", 1, 1)
    page.browser_page.keyboard.type("2")
    edited = page.plots()
    page.browser_page.reload()
    np.testing.assert_array_equal(page.plots()["h"], edited["h"])
    page.click_cell("U_z", 1, 1)
    assert page.weight == 2


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        '{"network": 3}',
        '{"network": {"kind": "example", "name": "nope"}, "edits": [],'
        ' "input": {"kind": "text", "text": "a"}}',
    ],
)
def test_a_kept_document_that_cannot_be_opened_gives_way_to_the_example(
    page: Page, kept: str
) -> None:
    page.browser_page.evaluate("kept => sessionStorage.setItem('gruscope document', kept)", kept)
    page.browser_page.reload()
    page.wait_for("text => document.getElementById('text').value === text", READER.text)
    assert page.plots()["h"].shape == (48, 16)
