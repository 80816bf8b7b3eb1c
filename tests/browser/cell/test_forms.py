"""Choosing a cell and a form: what changes with it, what stays, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gru_core.cells.gru import GRU, GRUParams
from gru_core.cells.lstm import LSTM
from gru_core.cells.registry import CELLS, cell
from gru_core.gallery.examples import EXAMPLES
from gruscope.documents.forms import SHOWN
from tests.browser.forms import params_of
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.shell.test_reconnect import wait_for_connection

READER = EXAMPLES["reader"]


def assert_shows(page: Page, kind: str, form: str, **changed: np.ndarray) -> None:
    """The plots are of the reader's input under this cell and form, which the header names."""
    params = params_of(READER, kind, form).replace(**changed)
    trace = cell(params).run(READER.inputs())
    for value, shown in page.plots().items():
        np.testing.assert_allclose(shown, trace.values[value], rtol=1e-6, atol=1e-6)
    assert (page.find("#cell").input_value(), page.find("#form").input_value()) == (kind, form)


def edited(params: np.ndarray, row: int, column: int, value: float) -> np.ndarray:
    changed = params.copy()
    changed[row, column] = value
    return changed


def edit(page: Page, array: str, row: int, column: int, value: str) -> None:
    page.click_cell(array, row, column)
    page.browser_page.keyboard.type(value)
    page.settle()


def test_the_menus_offer_the_servers_cells_and_forms(page: Page) -> None:
    for kind, shown in SHOWN.items():
        if kind != "gru":
            page.choose_cell(kind)
        options = page.find("#form option").all_inner_texts()
        assert options == [offer.title for offer in shown.forms]
    assert page.find("#cell option").all_inner_texts() == [k.title for k in CELLS.values()]


def test_choices_are_undone_and_redone_one_by_one(page: Page) -> None:
    page.choose_form("chung2014")
    page.choose_cell("lstm")
    page.choose_form("peepholes")
    page.choose_cell("rnn")
    back = [("lstm", "peepholes"), ("lstm", "pytorch"), ("gru", "chung2014"), ("gru", "pytorch")]
    for kind, form in back:
        page.find("#undo").click()
        assert_shows(page, kind, form)
    page.frame()
    assert page.find("#undo").is_disabled()
    for kind, form in [*reversed(back[:-1]), ("rnn", "tanh")]:
        page.find("#redo").click()
        assert_shows(page, kind, form)


def test_an_edit_outlives_a_change_of_form_but_not_of_cell(page: Page) -> None:
    U = edited(READER.network().U_n, 1, 2, 2.5)
    edit(page, "U_n", 1, 2, "2.5")
    page.choose_form("cho2014")
    assert_shows(page, "gru", "cho2014", U_n=U)
    assert page.find("#edited-count").inner_text() == "1 edit"
    page.choose_cell("rnn")
    assert_shows(page, "rnn", "tanh")
    assert page.find("#edited-count").inner_text() == "no edits"
    page.find("#undo").click()
    assert_shows(page, "gru", "cho2014", U_n=U)
    page.find("#undo").click()
    assert_shows(page, "gru", "pytorch", U_n=U)


def test_an_edited_peephole_disappears_and_returns_with_its_form(page: Page) -> None:
    page.choose_cell("lstm")
    page.choose_form("peepholes")
    own = params_of(READER, "lstm", "peepholes")
    p, U = own.arrays()["p_o"].copy(), edited(own.arrays()["U_g"], 0, 0, 1.5)
    p[3] = 2
    edit(page, "p_o", 3, 0, "2")
    edit(page, "U_g", 0, 0, "1.5")
    assert_shows(page, "lstm", "peepholes", p_o=p, U_g=U)
    page.choose_form("coupled")
    assert_shows(page, "lstm", "coupled", U_g=U)
    page.find("#undo").click()
    assert_shows(page, "lstm", "peepholes", p_o=p, U_g=U)


def test_a_reload_keeps_cell_form_and_edit(page: Page) -> None:
    page.choose_cell("lstm")
    page.choose_form("coupled")
    edit(page, "U_o", 4, 5, "-1.25")
    page.settle()
    page.browser_page.reload()
    own = params_of(READER, "lstm", "coupled").arrays()["U_o"]
    assert_shows(page, "lstm", "coupled", U_o=edited(own, 4, 5, -1.25))


def test_choices_made_while_the_server_is_away_are_kept_when_it_is_back(
    open_page: Callable[..., Page], own_server: Server
) -> None:
    page = open_page(own_server.url)
    page.choose_cell("lstm")
    own_server.kill()
    wait_for_connection(page, "lost")
    page.browser_page.select_option("#form", "peepholes")
    page.frame()
    assert page.find("html.awaited").count() == 1, "equations of another form are not passed off"
    assert page.find("#form-title").inner_text().endswith("with peepholes (Gers et al.)")
    own_server.start()
    wait_for_connection(page, "open")
    assert_shows(page, "lstm", "peepholes")
    assert page.find("html.awaited").count() == 0
    own_server.kill()
    wait_for_connection(page, "lost")
    page.browser_page.select_option("#cell", "rnn")
    own_server.start()
    wait_for_connection(page, "open")
    assert_shows(page, "rnn", "tanh")


def changed(page: Page) -> list[str]:
    page.frame()
    return page.browser_page.evaluate(
        """[...document.querySelectorAll(".equation-row.changed [data-equation]")]
          .map((e) => e.dataset.equation)"""
    )


def test_changes_of_a_form_are_marked_and_announced(page: Page) -> None:
    assert changed(page) == []
    assert not page.find("#form-change").is_visible()
    for form, marked in [("cho2014", "n"), ("chung2014", "h"), ("after_writes", "n")]:
        page.choose_form(form)
        assert changed(page) == [marked]
        said = page.find("#form-change")
        assert said.inner_text() == f"Changed: {'h̃' if marked == 'n' else marked}."
        assert said.get_attribute("role") == "status"
    page.choose_form("cho2014")
    assert changed(page) == ["n", "h"]
    page.type_at(0, "abc")
    page.settle()
    assert changed(page) == ["n", "h"], "until the next choice"
    page.choose_cell("lstm")
    assert changed(page) == []
    assert page.find("#form-change").inner_text() == "Now LSTM: 7 equations."
    page.choose_form("peepholes")
    assert changed(page) == ["i", "f", "o"]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_mark_moves_only_without_reduced_motion(
    open_page: Callable[..., Page], server: Server, motion: str
) -> None:
    page = open_page(server.url, reduced_motion=motion)
    page.choose_form("chung2014")
    name = page.browser_page.evaluate(
        "getComputedStyle(document.querySelector('.changed .equation')).animationName"
    )
    assert name == ("none" if motion == "reduce" else "settle")


def test_every_form_shows_its_title_and_note(page: Page) -> None:
    for kind, shown in SHOWN.items():
        if kind != "gru":
            page.choose_cell(kind)
        for offer in shown.forms:
            if offer is not shown.forms[0]:
                page.choose_form(offer.name)
            assert page.find("#form-title").inner_text() == f"{CELLS[kind].title} · {offer.title}"
            note = page.browser_page.evaluate(
                """() => [...document.getElementById("form-note").childNodes]
                  .map((node) => node.dataset?.name ?? node.textContent).join("")"""
            )
            assert note == offer.note


def test_a_story_is_shown_only_for_its_own_cell_and_form(page: Page) -> None:
    story, look = page.find("#story-text"), page.find("#story-look")
    assert story.inner_text() == READER.story
    page.choose_form("cho2014")
    assert "input and weights" in story.inner_text() and READER.story not in story.inner_text()
    assert not look.is_visible()
    page.choose_cell("lstm")
    assert "an LSTM whose weights are drawn at random" in story.inner_text()
    page.choose_cell("rnn")
    assert "a simple RNN whose weights" in story.inner_text()
    assert page.find("#story-title").inner_text() == "Simple RNN, weights drawn at random"
    assert page.network == "reader"
    page.find("#story-again").click()
    assert_shows(page, "gru", "pytorch")
    page.frame()
    assert story.inner_text() == READER.story and look.is_visible()


def test_a_hand_wired_example_is_drawn_for_another_cell(page: Page) -> None:
    page.choose("latch")
    page.choose_cell("lstm")
    latch = EXAMPLES["latch"]
    trace = LSTM(params_of(latch, "lstm", "pytorch")).run(latch.inputs())  # type: ignore[arg-type]
    np.testing.assert_allclose(page.plots()["c"], trace.c, atol=1e-6)
    assert page.find("#story-title").inner_text() == "LSTM, weights drawn at random"


def test_a_network_of_ones_own_keeps_its_cell_and_form(page: Page) -> None:
    page.choose_cell("lstm")
    page.choose_form("coupled")
    page.set_network("hidden-size", "5")
    assert page.plots()["c"].shape == (48, 5)
    assert page.find("#form").input_value() == "coupled"
    assert page.find("#story-text").inner_text().startswith("A random LSTM of your own making")
    page.choose_cell("gru")
    recipe = READER.recipe
    assert recipe is not None
    params = GRUParams.random(recipe.input_size, 5, seed=recipe.seed, gain=recipe.gain)
    np.testing.assert_allclose(page.plots()["h"], GRU(params).run(READER.inputs()).h, atol=1e-6)


def test_the_selection_moves_to_a_value_of_the_new_cell(page: Page) -> None:
    page.find('.number-panel [data-quantity="r"]').click()
    page.click_cell("U_r", 3, 2)
    page.choose_cell("lstm")
    chosen = page.find('.number-panel [data-quantity][aria-pressed="true"]')
    assert chosen.get_attribute("data-quantity") == "h"
    assert page.find("#weight-name").inner_text().startswith("W_i[3")
    page.find('.number-panel [data-quantity="c"]').click()
    page.frame()
    assert page.find('.number-panel [data-quantity="c"]').get_attribute("aria-pressed") == "true"
    page.choose_cell("rnn")
    assert page.find("#weight-name").inner_text().startswith("W[3")
    stops = page.browser_page.evaluate(
        "[...document.querySelectorAll('.array-view')].filter((e) => e.tabIndex === 0).length"
    )
    assert stops == 1


def test_cells_and_forms_are_chosen_by_keyboard(page: Page) -> None:
    page.find("#picker-open").focus()
    for _ in range(3):  # past Open and the cell
        page.browser_page.keyboard.press("Tab")
    assert page.browser_page.evaluate("document.activeElement.id") == "form"
    page.browser_page.keyboard.press("ArrowDown")
    page.settle()
    assert_shows(page, "gru", "cho2014")
    page.browser_page.keyboard.press("Shift+Tab")
    page.browser_page.keyboard.press("ArrowDown")
    page.settle()
    assert_shows(page, "lstm", "pytorch")
    page.browser_page.keyboard.press("Control+z")
    assert_shows(page, "gru", "cho2014")


def test_arrows_walk_the_weights_of_an_lstm(page: Page) -> None:
    page.choose("latch")
    page.choose_cell("lstm")
    page.choose_form("peepholes")
    page.click_cell("b_i", 0)
    for key in ("Escape", "ArrowRight"):
        page.browser_page.keyboard.press(key)
    page.frame()
    assert page.find("#weight-name").inner_text() == "p_i[0]"
    for _ in range(2):
        page.browser_page.keyboard.press("ArrowDown")
    page.frame()
    assert page.find("#weight-name").inner_text() == "p_f[0]"


def test_words_say_what_each_cell_does(page: Page) -> None:
    sentence = page.find("#cell-sentence")
    trace = cell(params_of(READER, "gru", "pytorch")).run(READER.inputs())
    kept = round(100 * trace.values["z"][24, 15])
    assert f"keeps {kept} %" in sentence.inner_text()
    page.choose_form("after_writes")
    trace = cell(params_of(READER, "gru", "after_writes")).run(READER.inputs())
    kept = round(100 * (1 - trace.values["z"][24, 15]))
    assert f"keeps {kept} %" in sentence.inner_text()
    page.choose_cell("lstm")
    values = cell(params_of(READER, "lstm", "pytorch")).run(READER.inputs()).values
    f, i, o = (round(100 * values[name][24, 15]) for name in "fio")
    said = sentence.inner_text()
    assert f"keeps {f} %" in said and f"takes {i} %" in said and f"shows {o} %" in said
    page.choose_cell("rnn")
    assert "goes from" in sentence.inner_text()
