"""Corners of editing in which something once went wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import WebSocketRoute

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.shell.test_reconnect import wait_for_connection

READER = EXAMPLES["reader"]


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.browser_page.keyboard.press(name)


def chosen(page: Page) -> str:
    """The name of the chosen weight."""
    page.frame()
    return page.find("#weight-name").inner_text()


def test_a_weight_keeps_every_typed_digit(page: Page) -> None:
    for column in (0, 6):
        page.click_cell("U_z", 0, column)
        page.browser_page.keyboard.type("0.5")
        page.settle()
    page.click_cell("U_z", 0, 0)
    for digit in "0.123456789":
        page.browser_page.keyboard.type(digit)
        page.settle()
    assert page.weight == 0.123456789


def test_an_input_value_keeps_every_typed_digit(page: Page) -> None:
    page.choose("sunspots")
    page.find("#value").focus()
    keys(page, "Control+a")
    for digit in "1.234567":
        page.browser_page.keyboard.type(digit)
        page.settle()
    assert page.find("#value").input_value() == "1.234567"


def test_a_drag_in_half_pixels_adds_up(page: Page) -> None:
    page.choose("latch")
    page.click_cell("b_z", 0)
    x, y = page.cell("b_z", 0)
    before = page.weight
    page.browser_page.evaluate(
        """([x, y]) => {
          const view = document.querySelector('[data-array="b_z"] .array-view');
          const fire = (type, y) => view.dispatchEvent(new PointerEvent(type,
            {clientX: x, clientY: y, bubbles: true, pointerType: "mouse", isPrimary: true}));
          view.setPointerCapture = () => {};
          fire("pointerdown", y);
          fire("pointermove", y - 3);
          for (let i = 1; i <= 40; i += 1) fire("pointermove", y - 3 - i / 2);
          fire("pointerup", y - 23);
        }""",
        [x, y],
    )
    assert page.weight == before + 23, "one step of 1 a pixel"


def test_nudges_of_two_cells_undo_one_by_one(page: Page) -> None:
    page.click_cell("W_z", 2, 0)
    keys(page, "Escape", "Alt+ArrowUp", "ArrowRight", "Alt+ArrowUp")
    page.settle()
    assert page.find("#edited-count").inner_text() == "2 edits"
    keys(page, "Control+z")
    page.settle()
    assert page.find("#edited-count").inner_text() == "1 edit"


def test_an_edit_that_changes_nothing_leaves_redo_alone(page: Page) -> None:
    page.type_at(0, "q")
    keys(page, "Control+z")
    page.browser_page.mouse.dblclick(*page.cell("W_z", 1, 1))
    page.find("#steps").press("Enter")
    page.settle()
    assert page.find("#redo").is_enabled()


def test_undo_moves_the_slider_back(page: Page) -> None:
    page.click_cell("W_z", 1, 1)
    slider = page.find("#weight-slider")
    page.frame()
    before = slider.input_value()
    slider.focus()
    slider.fill("1.5")
    page.settle()
    keys(page, "Control+z")
    page.settle()
    assert slider.input_value() == before


def test_arrow_keys_on_a_slider_are_the_sliders(page: Page) -> None:
    page.click_cell("W_z", 1, 1)
    t, weight = page.t, page.weight
    page.find("#weight-slider").focus()
    keys(page, "ArrowRight")
    page.settle()
    assert page.t == t
    assert page.weight > weight


def test_a_cell_edited_before_its_array_was_scaled_can_be_restored(page: Page) -> None:
    page.choose("latch")
    for row, column in ((0, 1), (1, 2)):
        page.click_cell("W_z", row, column)
        page.browser_page.keyboard.type("0.1")
    page.find("#array-factor").fill("100")
    page.find("#array-scale").click()
    page.settle()
    page.browser_page.mouse.dblclick(*page.cell("W_z", 0, 1))
    page.settle()
    assert page.notice == ""
    assert page.weight == -80


def test_arrows_lead_from_array_to_array(page: Page) -> None:
    page.choose("latch")
    page.click_cell("W_z", 0, 2)
    keys(page, "Escape", "ArrowRight")
    assert chosen(page) == "U_z[0, 0]"
    keys(page, "ArrowRight", "ArrowRight")
    assert chosen(page) == "b_z[0]"
    keys(page, "ArrowDown", "ArrowDown")
    assert chosen(page) == "b_r[0]"
    stops = page.browser_page.evaluate(
        "[...document.querySelectorAll('.array-view')].filter((e) => e.tabIndex === 0).length"
    )
    assert stops == 1


def test_bars_take_their_new_range_when_the_drag_ends(page: Page) -> None:
    page.choose("sunspots")
    page.paste("0.2\n5\n0.1\n")
    page.settle()
    box = page.find("#bars").bounding_box()
    assert box is not None

    def strip() -> str:
        page.frame()
        return page.browser_page.evaluate("document.getElementById('strip-canvas').toDataURL()")

    mouse = page.browser_page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 1)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    held = strip()
    mouse.up()
    assert strip() != held


def test_a_generator_can_be_used_again_at_another_step(page: Page) -> None:
    page.choose("latch")
    for t in (3, 7):
        page.find("#scrub").fill(str(t))
        page.browser_page.select_option("#generator", "impulse")
        assert page.text.index("a") == t - 1
    page.browser_page.select_option("#generator", "noise")
    page.frame()
    assert page.find("#generator-seed").is_visible()
    page.type_at(0, "b")
    edited = page.text
    page.browser_page.evaluate(
        """() => {
          const seed = document.getElementById("generator-seed");
          seed.value = "5";
          seed.dispatchEvent(new Event("input"));
        }"""
    )
    assert page.text == edited, "a hand edit is not overwritten by another seed"


def test_an_axis_dragged_out_of_range_returns(page: Page) -> None:
    box = page.find("#plotly").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 28
    mouse = page.browser_page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 200, y, steps=5)
    moved = page.browser_page.evaluate(
        "() => document.getElementById('plotly')._fullLayout.xaxis.range"
    )
    assert moved != [0.5, 48.5]
    mouse.up()
    page.wait_for(
        "() => `${document.getElementById('plotly')._fullLayout.xaxis.range}` === '0.5,48.5'"
    )


def test_composed_text_counts_and_is_not_wiped(page: Page) -> None:
    field = page.find("#text")
    page.type_at(0, "")
    session = page.browser_page.context.new_cdp_session(page.browser_page)
    for text in ("h", "he", "hel"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    page.settle()
    assert len(page.plots()["h"]) == 51
    page.find("#theme").dispatch_event("click")
    page.frame()
    assert field.input_value() == "hel" + (READER.text or "")
    session.send("Input.insertText", {"text": "help"})
    assert page.text == "help" + (READER.text or "")


def test_a_busy_server_is_asked_again_and_no_edit_is_lost(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, own=True)
    page.type_at(0, "xyz")
    page.settle()
    opens = []

    def refuse(socket: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            asked = json.loads(message)
            if asked["type"] != "open":
                return
            opens.append(asked)
            error = {"type": "error", "code": "busy", "field": None, "message": "try again"}
            socket.send(json.dumps({**error, "run": asked["run"], "id": None}))

        socket.on_message(answer)

    page.browser_page.route_web_socket("**/ws", refuse)
    page.browser_page.clock.install()
    page.browser_page.reload()
    page.wait_for("() => !document.getElementById('notice').hidden")
    page.browser_page.clock.run_for(1500)
    assert page.text == "xyz" + (READER.text or "")
    assert len(opens) <= 2


def test_another_example_while_offline_takes_its_own_symbols(
    open_page: Callable[..., Page], own_server: Server
) -> None:
    page = open_page(own_server.url)
    own_server.kill()
    wait_for_connection(page, "lost")
    page.open_network()
    page.find('.network-card[data-network="latch"]').click()
    page.frame()
    assert page.find("#cell-sentence").inner_text() == ""
    page.type_at(0, "ab")
    page.find("#steps").fill("30")
    page.find("#steps").press("Enter")
    text = page.text
    assert text == "ab" + EXAMPLES["latch"].text + "...."  # type: ignore[operator]
    page.type_at(0, "q")
    assert "‘q’" in page.notice
    own_server.start()
    wait_for_connection(page, "open")
    trace = GRU(EXAMPLES["latch"].network()).run(one_hot(text, ".ab"))
    np.testing.assert_allclose(page.plots()["h"], trace.h, atol=1e-6)


@pytest.mark.parametrize("where", ["header", "#number-title"])
def test_a_file_dropped_anywhere_does_not_leave_the_page(page: Page, where: str) -> None:
    prevented = page.browser_page.evaluate(
        """(where) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["1"], "x.csv"));
          const event = new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true});
          document.querySelector(where).dispatchEvent(event);
          return event.defaultPrevented;
        }""",
        where,
    )
    assert prevented
    assert "Numbers" in page.notice


def test_a_large_run_is_handed_to_plotly_in_part_and_read_exactly(page: Page) -> None:
    page.set_network("hidden-size", "128")
    page.find("#text").fill("the state moves on " * 60)
    page.settle()
    cells = page.browser_page.evaluate(
        "document.getElementById('plotly').data.map(({z}) => z.length * z[0].length)"
    )
    assert max(cells) <= 640 * 64
    point = page.plot_point("h", 702, 77)
    page.browser_page.mouse.move(*point)
    page.frame()
    page.browser_page.mouse.click(*point)
    page.wait_for("() => Math.abs(Number(document.getElementById('scrub').value) - 702) <= 1")
    assert abs(int(page.find("#unit").input_value()) - 77) <= 1
