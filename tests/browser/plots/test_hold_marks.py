"""Marks where values are held: in the diagram's strips and on the plots' lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page

READER = EXAMPLES["reader"]
EDITS: list[dict[str, Any]] = [
    {"op": "clamp", "quantity": "z", "unit": 3, "value": 0.9},
    {"op": "clamp", "quantity": "z", "unit": 3, "t": 20, "value": 0.25},
    {"op": "clamp", "quantity": "h", "unit": 2, "t": 11, "value": 0.5},
    {"op": "ablate", "unit": 7},
    {"op": "clamp", "quantity": "r", "unit": 5, "value": 0, "off": True},
    {"op": "start", "quantity": "h", "unit": 1, "value": 0.5},
]
UNITS = """() => [...document.querySelectorAll(".diagram .held")].map((mark) => {
  const {held, unit} = mark.dataset;
  const strip = document.querySelector(`.hit[data-part="${held}"]`).getBoundingClientRect();
  const {left, width} = mark.getBoundingClientRect();
  const across = (left + width / 2 - strip.left) / strip.width;
  return [held, Number(unit), mark.classList.contains("always"), across];
})"""
DOTS = """() => {
  const panel = document.getElementById("plots").getBoundingClientRect();
  const layout = document.getElementById("plotly")._fullLayout;
  const names = ["z", "r", "n", "h"];
  return [...document.querySelectorAll("#plots .holds i")].map((mark) => {
    const quantity = mark.dataset.held.split(" ")[0];
    const index = names.indexOf(quantity);
    const axis = layout[index ? `yaxis${index + 1}` : "yaxis"];
    const {left, top, width, height} = mark.getBoundingClientRect();
    const t = layout.xaxis.p2l(left + width / 2 - panel.left - layout.xaxis._offset);
    const from = layout.xaxis.p2l(left - panel.left - layout.xaxis._offset);
    const value = axis.p2l(top + height / 2 - panel.top - axis._offset);
    const always = mark.classList.contains("always");
    return [mark.dataset.held, always, always ? from : t, value];
  });
}"""


@pytest.fixture
def held(shared_page: Page) -> Iterator[Page]:
    """The reader with values held, and as it comes afterwards."""
    page = shared_page
    network = {"kind": "example", "name": "reader", "cell": "gru"}
    text = {"kind": "text", "text": READER.text}
    page.reopen({"network": network, "edits": EDITS, "input": text})
    yield page
    page.find("#view-heatmap").click()
    page.choose("latch")
    page.choose("reader")


def units(page: Page, t: int) -> set[tuple[str, int, bool]]:
    """The units marked in each strip at a step, and whether throughout; each over its column."""
    page.find("#scrub").fill(str(t + 1))
    page.wait_for("(t) => document.getElementById('diagram').dataset.t === t", str(t))
    page.settle()
    found = page.browser_page.evaluate(UNITS)
    for strip, unit, _, across in found:
        assert across == pytest.approx((unit + 0.5) / 16, abs=0.003), (strip, unit)
    return {(strip, unit, always) for strip, unit, always, _ in found}


def test_the_diagram_marks_the_units_held_at_its_step(held: Page) -> None:
    ablated = {("h", 7, True), ("h_prev", 7, True)}
    assert units(held, 0) == {("z", 3, True), ("h", 7, True), ("h_prev", 1, False)}, "h_0 is set"
    assert units(held, 10) == {("z", 3, True), *ablated}
    assert units(held, 11) == {("z", 3, True), ("h", 2, False), *ablated}
    assert units(held, 12) == {("z", 3, True), ("h_prev", 2, False), *ablated}
    assert units(held, 20) == {("z", 3, False), *ablated}, "the later of two holds"


def test_the_diagram_marks_nothing_once_it_is_switched_off(held: Page) -> None:
    held.find("#tab-edits").click()
    held.find(".edit input").nth(2).click()
    assert units(held, 11) == {("z", 3, True), ("h", 2, False)}


def test_the_pinned_run_has_the_marks_of_its_own_holds(held: Page) -> None:
    held.find("#pin").click()
    held.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    held.find("#tab-edits").click()
    held.find(".edit input").nth(3).click()
    ablated = {("h", 7, True), ("h_prev", 7, True)}
    now = {("z", 3, True), *ablated}
    assert units(held, 11) == now, "the state is not held at this step any more"
    held.find("#compare-before").click()
    assert units(held, 11) == now | {("h", 2, False)}
    held.find("#compare-now").click()
    assert units(held, 11) == now
    held.find("#unpin").click()


def test_the_sentence_mentions_held_values(held: Page) -> None:
    sentence = held.find("#cell-sentence")
    held.find("#scrub").fill("12")
    held.find("#unit").fill("2")
    expect(sentence).to_contain_text("h is held at 0.50")
    held.find("#unit").fill("7")
    expect(sentence).to_contain_text("h is held at 0.00")
    held.find("#unit").fill("3")
    expect(sentence).to_contain_text("keeps 90 %")
    expect(sentence).to_contain_text("h = ")
    held.find("#stages button").nth(2).click()
    expect(sentence).to_have_text(re.compile(r"sum to (\S+), σ\(\1\): z is held at 0\.90"))
    held.find("#stages button").first.click()


def test_lines_have_a_dot_at_a_held_step_and_a_bar_for_a_hold_throughout(
    held: Page,
) -> None:
    held.find("#view-lines").click()
    held.settle()
    found = {
        (place, always): (at, value)
        for place, always, at, value in held.browser_page.evaluate(DOTS)
    }
    wanted = {
        ("z 3", True): (0.5, 0.9),
        ("z 3", False): (21, 0.25),
        ("h 2", False): (12, 0.5),
        ("h 7", True): (0.5, 0),
    }
    assert found.keys() == wanted.keys()
    for place, (at, value) in wanted.items():
        assert found[place] == pytest.approx((at, value), abs=0.06), place


def test_of_many_units_those_held_are_marked_among_all_and_among_the_few(
    shared_page: Page,
) -> None:
    page, hidden = shared_page, 80
    page.set_network("hidden-size", str(hidden))
    page.settle()
    for unit in (2, 60):
        page.find("#unit").fill(str(unit))
        page.find('#quantities [data-quantity="z"]').click()
        page.find("#hold-always").check()
        page.find("#hold-value").press("Enter")
        page.settle()
    page.wait_for("() => document.querySelectorAll('.held[data-held=\"z\"]').length === 3")
    found = page.browser_page.evaluate(UNITS)
    assert sorted(round(across * hidden, 1) for *_, across in found) == pytest.approx(
        sorted([2.5, 60.5, (60.5 - 44) / 32 * hidden]), abs=0.2
    )
    page.choose("reader")
