"""The plots as tables: the same numbers, named rows and columns, bounded in size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page import QUANTITIES, Page

READ = """(quantity) => {
  const root = document.querySelector(`.values[data-quantity="${quantity}"]`);
  const cells = (row) => [...row.cells].slice(1).map((cell) => cell.textContent);
  return {
    open: root.open,
    caption: root.querySelector("caption")?.textContent ?? "",
    scopes: [...new Set([...root.querySelectorAll("th")].map((head) => head.scope))],
    columns: [...root.querySelectorAll("thead tr")].flatMap(cells),
    rows: [...root.querySelectorAll("tbody th")].map((head) => head.textContent),
    values: [...root.querySelectorAll("tbody tr")].map(cells),
    current: [...root.querySelectorAll("[aria-current]")].map((cell) => cell.textContent),
  };
}"""


def table(page: Page, quantity: str) -> dict[str, Any]:
    page.frame()
    found: dict[str, Any] = page.browser_page.evaluate(READ, quantity)
    return found


def numbers(found: dict[str, Any]) -> Any:
    return np.array([[float(v.replace("−", "-")) for v in row] for row in found["values"]])


def test_tables_have_the_values_of_the_plots(page: Page) -> None:
    plots = page.plots()
    page.find("#view-numbers").click()
    expect(page.find("#numbers")).to_be_visible()
    expect(page.find("#plotly")).to_be_hidden()
    assert table(page, "h")["open"], "the table of the selected value is open"
    assert table(page, "z")["values"] == [], "nothing is filled in that is not on show"
    for quantity in QUANTITIES:
        if quantity != "h":
            page.find(f'.values[data-quantity="{quantity}"] summary').click()
        found = table(page, quantity)
        assert numbers(found) == pytest.approx(plots[quantity].T, abs=5e-5)
        assert found["columns"] == [f"t = {t}" for t in range(1, 49)]
        assert found["rows"] == [str(unit) for unit in range(16)]
        assert sorted(found["scopes"]) == ["col", "row"]
        assert found["caption"].endswith("timesteps 1 to 48, units 0 to 15")


def test_tables_follow_the_selection_and_edits(page: Page) -> None:
    page.find("#view-numbers").click()
    page.find('.values[data-quantity="h"] td[data-t="9"][data-unit="3"]').click()
    page.settle()
    assert page.t == 10 and page.find("#unit").input_value() == "3"
    before = table(page, "h")
    assert before["current"] == [before["values"][3][9]]
    page.type_at(1, "q")
    plots = page.plots()
    page.frame()
    assert numbers(table(page, "h")) == pytest.approx(plots["h"].T, abs=5e-5)
    page.find("#view-lines").click()
    page.settle()
    assert not page.find("#numbers").is_visible() and page.find("#plotly").is_visible()


def test_the_lines_disappear_over_the_tables(page: Page) -> None:
    page.find("#view-lines").click()
    expect(page.find("#marked-lines")).to_be_visible()
    page.find("#view-numbers").click()
    expect(page.find("#marked-lines")).to_be_hidden()


def test_a_long_run_is_shown_in_parts(page: Page) -> None:
    page.set_network("hidden-size", "70")
    page.find("#text").fill("the state moves " * 8)
    page.settle()
    page.find("#view-numbers").click()
    for t, first, last in [(1, 1, 60), (64, 61, 120), (128, 121, 128)]:
        page.find("#scrub").fill(str(t))
        found = table(page, "h")
        assert found["columns"] == [f"t = {step}" for step in range(first, last + 1)]
        assert "of 128 timesteps and 70 units" in found["caption"]
        assert len(found["rows"]) == 64
    page.find("#unit").fill("66")
    assert table(page, "h")["rows"] == [str(unit) for unit in range(64, 70)]
