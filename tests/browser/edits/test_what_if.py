"""Values held, states started and units taken out by hand; the list of edits and its switches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.cells.registry import cell
from gru_core.gallery.examples import EXAMPLES
from gru_core.parameters.params import Params
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import Page

READER = EXAMPLES["reader"]
STEPS = len(READER.text or "")
FORMS = {kind: form for kind, form in reversed(OFFERED)}
PARAMS = {kind: params_of(READER, kind, FORMS[kind]) for kind in ("gru", "lstm")}


def intervened(kind: str, edits: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """A run of gru_core with what a list of edits asks for."""
    own: Params = PARAMS[kind]
    arrays = {name: array.copy() for name, array in own.arrays().items()}
    starts = {"h": np.zeros(own.hidden_size), "c": np.zeros(own.hidden_size)}
    clamps: list[Clamp] = []
    for edit in edits:
        if edit.get("off"):
            continue
        match edit["op"]:
            case "set":
                place = (edit["row"], edit["column"]) if "column" in edit else edit["row"]
                arrays[edit["array"]][place] = edit["value"]
            case "zero":
                arrays[edit["array"]][...] = 0
            case "scale":
                arrays[edit["array"]] *= edit["factor"]
            case "restore":
                arrays[edit["array"]] = own.arrays()[edit["array"]].copy()
            case "start":
                starts[edit["quantity"]][edit["unit"]] = edit["value"]
            case "clamp":
                clamps.append(Clamp(edit["quantity"], edit["unit"], edit["value"], edit.get("t")))
            case "ablate":
                starts["h"][edit["unit"]] = 0
                clamps.append(Clamp("h", edit["unit"], 0.0))
    c0 = starts["c"] if kind == "lstm" else None
    trace = cell(own.replace(**arrays)).run(READER.inputs(), starts["h"], c0, clamps=clamps)
    return dict(trace.values)


def assert_shows(page: Page, kind: str, edits: list[dict[str, Any]]) -> None:
    expected = intervened(kind, edits)
    for quantity, shown in page.plots().items():
        np.testing.assert_allclose(shown, expected[quantity], atol=2e-6, err_msg=quantity)


def document(page: Page) -> str:
    """The document as the tab keeps it."""
    page.settle()
    kept = page.kept_document()
    assert kept is not None
    return kept


def opened_with(page: Page, kind: str, edits: list[dict[str, Any]]) -> None:
    """Reload the tab with a document of the reader's input."""
    network = {"kind": "example", "name": "reader", "cell": kind}
    text = {"kind": "text", "text": READER.text}
    page.reopen({"network": network, "edits": edits, "input": text})


@pytest.fixture
def fresh(shared_page: Page) -> Iterator[Page]:
    """The reader with nothing changed, before and after."""
    yield shared_page
    shared_page.choose("latch")
    shared_page.choose("reader")


def choose(page: Page, quantity: str, unit: int, t: int) -> None:
    page.find("#scrub").fill(str(t + 1))
    page.find("#unit").fill(str(unit))
    page.find(f'#quantities [data-quantity="{quantity}"]').click()
    page.frame()


def hold(page: Page, quantity: str, unit: int, t: int, value: float, button: str) -> None:
    """Hold a value at its step (`step`) or throughout (`always`)."""
    choose(page, quantity, unit, t)
    page.find(f"#hold-{button}").check()
    page.find("#hold-value").fill(str(value))
    page.settle()


def test_a_gate_held_throughout_and_released(fresh: Page) -> None:
    hold(fresh, "z", 3, 10, 1, "always")
    held = [{"op": "clamp", "quantity": "z", "unit": 3, "value": 1}]
    assert_shows(fresh, "gru", held)
    assert fresh.plots()["h"][:, 3] == pytest.approx(np.zeros(STEPS)), "z = 1 keeps h_0 = 0"
    choose(fresh, "z", 3, 30)
    assert fresh.find("#hold-always").is_checked()
    fresh.find("#hold-free").click()
    assert_shows(fresh, "gru", [])


def test_a_state_set_at_one_step_changes_nothing_before_it(fresh: Page) -> None:
    before = fresh.plots()["h"]
    hold(fresh, "h", 2, 4, 0.5, "step")
    assert_shows(fresh, "gru", [{"op": "clamp", "quantity": "h", "unit": 2, "t": 4, "value": 0.5}])
    after = fresh.plots()["h"]
    assert np.array_equal(after[:4], before[:4])
    assert after[4, 2] == 0.5
    assert fresh.find("#plots .holds i").count() == 1


def test_the_start_of_a_state_and_an_ablated_unit(fresh: Page) -> None:
    choose(fresh, "h", 6, 0)
    fresh.find("#start-value").fill("-0.75")
    start = {"op": "start", "quantity": "h", "unit": 6, "value": -0.75}
    assert_shows(fresh, "gru", [start])
    choose(fresh, "n", 4, 20)
    assert not fresh.find("#start-row").is_visible()
    fresh.find("#ablate").click()
    ablated = {"op": "ablate", "unit": 4}
    assert_shows(fresh, "gru", [start, ablated])
    assert (fresh.plots()["h"][:, 4] == 0).all()
    fresh.find("#ablate").click()
    assert_shows(fresh, "gru", [start])


def test_an_lstm_with_every_kind_of_intervention(fresh: Page) -> None:
    fresh.choose_cell("lstm")
    hold(fresh, "f", 1, 8, 0.25, "always")
    hold(fresh, "c", 5, 12, -2.5, "step")
    choose(fresh, "c", 7, 0)
    fresh.find("#start-value").fill("1.5")
    fresh.find("#ablate").click()
    edits = [
        {"op": "clamp", "quantity": "f", "unit": 1, "value": 0.25},
        {"op": "clamp", "quantity": "c", "unit": 5, "t": 12, "value": -2.5},
        {"op": "start", "quantity": "c", "unit": 7, "value": 1.5},
        {"op": "ablate", "unit": 7},
    ]
    assert_shows(fresh, "lstm", edits)


def test_values_out_of_bounds_are_refused_in_words(fresh: Page) -> None:
    choose(fresh, "z", 3, 10)
    fresh.find("#hold-value").fill("1.5")
    assert fresh.notice == "z of unit 3: a value must be from 0 to 1, got 1.5."
    assert fresh.find("#hold-value").get_attribute("aria-invalid") == "true"
    assert_shows(fresh, "gru", [])


def test_a_drag_is_one_step_of_undo_and_undo_restores_the_document(fresh: Page) -> None:
    choose(fresh, "r", 5, 9)
    first = document(fresh)
    slider = fresh.find("#hold-slider").bounding_box()
    assert slider is not None
    mouse = fresh.browser_page.mouse
    mouse.move(slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2)
    mouse.down()
    mouse.move(slider["x"] + slider["width"] - 2, slider["y"] + slider["height"] / 2, steps=12)
    mouse.up()
    fresh.settle()
    assert fresh.plots()["r"][9, 5] > 0.95
    slid = document(fresh)
    fresh.find("#undo").click()
    assert document(fresh) == first
    fresh.find("#redo").click()
    assert document(fresh) == slid


LIST: list[dict[str, Any]] = [
    {"op": "set", "array": "W_z", "row": 3, "column": 1, "value": 1.02},
    {"op": "clamp", "quantity": "z", "unit": 3, "value": 1},
    {"op": "zero", "array": "W_z"},
    {"op": "scale", "array": "U_n", "factor": 0.5},
    {"op": "clamp", "quantity": "h", "unit": 2, "t": 4, "value": 0.5},
    {"op": "ablate", "unit": 4},
    {"op": "start", "quantity": "h", "unit": 4, "value": 0.3},
    {"op": "clamp", "quantity": "z", "unit": 3, "t": 7, "value": 0.25},
    {"op": "clamp", "quantity": "h", "unit": 4, "t": 30, "value": -0.9},
    {"op": "set", "array": "W_z", "row": 3, "column": 1, "value": -2},
]
SENTENCES = [
    "W_z[3, \u2018a\u2019] = 1.02 (was 0.7071)",
    "z of unit 3 held at 1 throughout",
    "W_z = 0 everywhere",
    "U_n \u00d7 0.5",
    "h of unit 2 at t = 5 set to 0.5",
    "unit 4 ablated (its h is 0)",
    "h_0 of unit 4 starts at 0.3",
    "z of unit 3 at t = 8 set to 0.25",
    "h of unit 4 at t = 31 set to \u22120.9",
    "W_z[3, \u2018a\u2019] = \u22122 (was 0)",
]


def sentences(page: Page) -> list[str]:
    """The list as it reads, oldest first; a lowered index is written after an underscore."""
    page.frame()
    texts: list[str] = page.browser_page.evaluate(
        """() => [...document.querySelectorAll(".edit-words")].map((words) => {
          const copy = words.cloneNode(true);
          for (const sub of copy.querySelectorAll("sub")) sub.prepend("_");
          return copy.textContent;
        })"""
    )
    return texts[::-1]


@pytest.fixture
def listed(fresh: Page) -> Iterator[Page]:
    """The list on show, on a screen that has room for all of it."""
    fresh.browser_page.set_viewport_size({"width": 1440, "height": 1400})
    opened_with(fresh, "gru", LIST)
    fresh.find("#edited-count").click()
    fresh.wait_for("() => document.querySelectorAll('.edit').length === 10")
    yield fresh
    fresh.browser_page.set_viewport_size({"width": 1440, "height": 900})


def test_every_kind_of_edit_reads_as_a_sentence(listed: Page) -> None:
    assert listed.find("#tab-edits").inner_text() == "Edits (10)"
    own = PARAMS["gru"].arrays()["W_z"][3, 1]
    was = f"{float(f'{own:.5g}'):g}".replace("-", "\u2212")
    expected = [SENTENCES[0].replace("0.7071", was), *SENTENCES[1:]]
    assert sentences(listed) == expected


def test_switches_compose_in_any_order(listed: Page) -> None:
    page = listed
    edits = [dict(edit) for edit in LIST]
    assert_shows(page, "gru", edits)
    first = document(page)
    chance = random.Random(4)
    for _ in range(16):
        index = chance.randrange(len(edits))
        page.find(".edit input").nth(len(edits) - 1 - index).click()
        edits[index] = {**LIST[index]} if edits[index].get("off") else {**LIST[index], "off": True}
        assert_shows(page, "gru", edits)
    for index, edit in enumerate(edits):
        if edit.get("off"):
            page.find(".edit input").nth(len(edits) - 1 - index).click()
    assert document(page) == first, "all on again is the same document, byte for byte"


def test_edits_are_removed_and_gone_to(listed: Page) -> None:
    page = listed
    page.find(".edit-words").nth(1).click()
    assert page.t == 31
    assert page.find("#unit").input_value() == "4"
    page.find(".edit-words").nth(0).click()
    page.frame()
    assert page.find("#weight-name").inner_text() == "W_z[3, \u2018a\u2019]"
    page.find(".edit .icon").nth(0).click()
    assert_shows(page, "gru", LIST[:-1])
    focused = page.browser_page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert focused == "Remove: h of unit 4 at t = 31 set to \u22120.9"
    page.find("#edits-clear").click()
    assert_shows(page, "gru", [])
    page.find("#undo").click()
    assert_shows(page, "gru", LIST[:-1])


def test_ten_thousand_edits_are_a_window_on_the_list(fresh: Page) -> None:
    page = fresh
    hidden, inputs = PARAMS["gru"].arrays()["W_z"].shape
    edits = [
        {
            "op": "set",
            "array": name,
            "row": i % hidden,
            "column": i // hidden % inputs,
            "value": i / 1e4,
        }
        for i in range(10_000)
        for name in ["W_" + "zrn"[i % 3]]
    ]
    opened_with(page, "gru", edits)
    page.find("#tab-edits").click()
    page.frame()
    assert page.find("#tab-edits").inner_text() == "Edits (10000)"
    assert page.find(".edit").count() < 40
    page.find("#edits-view").evaluate("(view) => { view.scrollTop = view.scrollHeight; }")
    page.wait_for(
        "() => document.querySelector('.edit:last-child .edit-words').textContent.includes('W')"
    )
    page.find(".edit input").last.click()
    page.settle()
    edits[0] = {**edits[0], "off": True}
    assert_shows(page, "gru", edits)
