"""Every equation, title and name on the page, read back and held against gru_core's one table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gru_core.gallery.examples import EXAMPLES
from gru_core.parameters.params import Params
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import Page

ROOT = Path(__file__).parents[3]

# A symbol by its name, everything else by its text.
WALK = """(selector) => {
  const walk = (node) => node.dataset?.name
    ?? (node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(walk).join(""));
  return [...document.querySelectorAll(selector)].map(walk);
}"""

# Texts that look like mathematics and stand outside of what is read above.
STRAY = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const stray = [];
  while (walker.nextNode()) {
    const {data, parentElement} = walker.currentNode;
    const known = parentElement.closest("[data-equation], #equation-numbers, .diagram, "
      + "#cell-sentence, script, noscript");
    if (!known && /[⊙σ]|tanh\\(|relu\\(/.test(data)) stray.push(data);
  }
  return stray;
}"""


def read(page: Page, selector: str) -> list[str]:
    page.frame()
    return page.browser_page.evaluate(WALK, selector)


def show(page: Page, quantity: str) -> None:
    """Take one value apart in the number panel."""
    page.find(f'.number-panel [data-quantity="{quantity}"]').click()
    page.wait_for(
        """(quantity) => {
          const {dataset} = document.querySelector(".number-panel");
          const {synced} = document.getElementById("plots").dataset;
          return dataset.quantity === quantity && dataset.run === synced;
        }""",
        quantity,
    )


@pytest.fixture(scope="module", params=OFFERED, ids=" ".join)
def chosen(request: pytest.FixtureRequest, shared_page: Page) -> tuple[Page, Params]:
    page, (cell, form) = shared_page, request.param
    if cell != page.find("#cell").input_value():
        page.choose_cell(cell)
    if form != page.find("#form").input_value():
        page.choose_form(form)
    return page, params_of(EXAMPLES["reader"], cell, form)


def test_every_equation_is_the_tables(chosen: tuple[Page, Params]) -> None:
    page, params = chosen
    table = {equation.value: str(equation) for equation in params.equations()}
    assert read(page, "#equations [data-equation]") == list(table.values())
    assert read(page, "#quantities button") == list(table)
    for value in table:
        show(page, value)
        assert read(page, "#equation") == [table[value]]
    assert set(read(page, "[data-equation]")) == set(table.values())
    assert page.browser_page.evaluate(STRAY) == []


def test_every_title_and_name_is_the_cells(chosen: tuple[Page, Params]) -> None:
    page, params = chosen
    titles = {equation.value: equation.title for equation in params.equations()}
    shown = read(page, ".plot-title")
    assert [title.split(" (")[0] for title in shown] == [
        f"{value} {titles[value]}" for value in read(page, ".plot-title > [data-name]")
    ]
    assert set(titles) - set(read(page, ".plot-title > [data-name]")) <= {"m"}
    rows = page.browser_page.evaluate(
        """() => [...document.querySelectorAll(".gate-row")].map((row) =>
          [...row.querySelectorAll(".array")].map((array) => array.dataset.array))"""
    )
    names = [name for row in rows for name in row]
    assert sorted(names) == sorted(params.arrays())
    assert [row[0][2:] for row in rows] == list(params.GATES)
    assert read(page, ".array-label > [data-name]") == names
    for name, array in params.arrays().items():
        assert page.shape(name) == (array.shape if array.ndim == 2 else (*array.shape, 1))


def test_every_name_has_its_colour_and_a_lowered_index(chosen: tuple[Page, Params]) -> None:
    page, params = chosen
    own = {"m": "c", "W": "h", "U": "h", "b": "h"}
    seen = page.browser_page.evaluate(
        """() => [...document.querySelectorAll("[data-equation] [data-name]")].map((e) =>
          [e.dataset.name, e.className.replace("q ", ""), e.firstChild.data,
            e.querySelector("sub")?.textContent ?? ""])"""
    )
    assert seen
    for name, colour, written, index in seen:
        base, _, after = name.partition("_")
        value = base if after in ("", "prev") else after[-1]
        assert colour == own.get(value, value), name
        assert written == {"n": "h̃"}.get(base, base)
        assert index == {"prev": "t−1"}.get(after, after)
    assert {name for name, *_ in seen} <= {*params.arrays(), *params.VALUES, "x"} | {
        f"{state}_prev" for state in params.STATES
    }


def test_unused_weights_are_said_to_be(page: Page) -> None:
    page.choose_cell("lstm")
    assert page.find(".array.unused").count() == 0
    page.choose_form("coupled")
    page.frame()
    unused = page.browser_page.evaluate(
        "[...document.querySelectorAll('.array.unused')].map((e) => e.dataset.array)"
    )
    assert unused == ["W_f", "U_f", "b_f"]


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("static/js/**/*.js"), *ROOT.glob("templates/**/*.html")])
)
def test_no_source_of_the_page_contains_an_equation(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.S)
    assert not re.search(r"[⊙σ]|tanh\(|relu\(", code)
