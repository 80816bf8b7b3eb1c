"""One number: what it is made of, where that comes from, and how it is taken along."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, cell, explain
from gru_core.explanation.terms import Explanation
from gru_core.gallery.examples import EXAMPLES
from gru_core.parameters.params import Params
from gru_core.run.trace import Trace
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import Page

READER = EXAMPLES["reader"]
CURVE = {"width": 96, "height": 44, "margin": 4}

READ = """() => {
  const text = (root, selector) => root.querySelector(selector)?.textContent ?? "";
  const bar = (root) => {
    const fill = root.querySelector(".fall i");
    if (fill.hidden) return null;
    const [left, width] = [parseFloat(fill.style.left), parseFloat(fill.style.width)];
    return fill.className === "negative" ? [left + width, left] : [left, left + width];
  };
  const rows = [...document.querySelectorAll("#terms .term:not(.foot)")].map((row) => ({
    names: [...row.querySelectorAll(".factor:not([hidden])")].map((e) => e.textContent),
    factors: text(row, ".factors"), product: text(row, ".product"), bar: bar(row),
  }));
  const foot = (name) => document.querySelector(`#terms .${name}`);
  const attribute = (selector, name) => document.querySelector(selector).getAttribute(name);
  return {
    rows,
    rest: text(foot("rest"), ".foot-product"), restBar: bar(foot("rest")),
    total: text(foot("total"), ".foot-product"), totalBar: bar(foot("total")),
    totalName: foot("total").querySelector("[data-name]").dataset.name,
    result: text(document, "#equation-numbers b"),
    line: text(document, "#equation-numbers"),
    curve: !document.getElementById("curve").hasAttribute("hidden"),
    path: attribute("#curve .line", "d"), reach: text(document, "#curve-label"),
    dot: ["cx", "cy"].map((name) => Number(attribute("#curve .dot", name))),
  };
}"""


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def show(page: Page, quantity: str, t: int, unit: int) -> None:
    """Choose a value and wait until the panel has it; t from 0."""
    page.find("#scrub").fill(str(t + 1))
    page.find("#unit").fill(str(unit))
    page.find(f'.number-panel [data-quantity="{quantity}"]').click()
    wait_for(page, quantity, t, unit)


def wait_for(page: Page, quantity: str, t: int, unit: int) -> None:
    page.wait_for(
        """([quantity, t, unit]) => {
          const {dataset, classList} = document.querySelector(".number-panel");
          const {synced} = document.getElementById("plots").dataset;
          const shown = [dataset.quantity, dataset.t, dataset.unit, dataset.run];
          return shown.join() === [quantity, t, unit, synced].join()
            && !classList.contains("outdated");
        }""",
        [quantity, t, unit],
    )


@pytest.fixture(scope="module", params=OFFERED, ids=" ".join)
def formed(request: pytest.FixtureRequest, shared_page: Page) -> tuple[Page, Params, Trace]:
    page, (kind, form) = shared_page, request.param
    if kind != page.find("#cell").input_value():
        page.choose_cell(kind)
    if form != page.find("#form").input_value():
        page.choose_form(form)
    params = params_of(READER, kind, form)
    return page, params, cell(params).run(READER.inputs())


def test_every_number_is_gru_cores_and_the_sum_adds_up(formed: tuple[Page, Params, Trace]) -> None:
    page, params, trace = formed
    rng = np.random.default_rng(len(params.equations()))
    for equation in params.equations():
        bounded = "relu" not in str(equation)  # else the state grows beyond fixed digits
        t, unit = int(rng.integers(48 if bounded else 6)), int(rng.integers(16))
        show(page, equation.value, t, unit)
        shown, found = (
            page.browser_page.evaluate(READ),
            explain(trace, params, equation.value, t, unit),
        )
        assert number(shown["result"]) == pytest.approx(found.result, abs=6e-5)
        assert shown["totalName"] == (equation.pre or equation.value)
        assert_terms(shown, found)
        assert_waterfall(shown, found)
        assert shown["curve"] == (equation.activation is not None)
        if found.pre_activation is not None:
            assert_on_the_curve(shown, found.pre_activation, found.result, found.activation)


def total_of(found: Explanation) -> float:
    return found.result if found.pre_activation is None else found.pre_activation


def assert_terms(shown: dict[str, Any], found: Explanation) -> None:
    """Each line has its numbers, the largest first, and what is printed adds up as printed."""
    few = len(found.terms) <= 4
    expected = [term for term in found.terms if few or term.product != 0]
    expected.sort(key=lambda term: -abs(term.product))
    assert len(shown["rows"]) == len(expected)
    for row, term in zip(shown["rows"], expected, strict=True):
        assert number(row["product"]) == pytest.approx(term.product, abs=6e-5)
        assert len(row["names"]) == len(term.factors)
        values = [number(value) for value in row["factors"].split("·") if value]
        wanted = [factor.value for factor in term.factors] if len(term.factors) > 1 else []
        np.testing.assert_allclose(values, wanted, atol=6e-3 if len(wanted) > 2 else 6e-4)
    printed = sum(number(row["product"]) for row in shown["rows"]) + number(shown["rest"])
    assert printed == pytest.approx(number(shown["total"]), abs=1e-9)
    assert number(shown["total"]) == pytest.approx(total_of(found), abs=6e-5)
    assert abs(number(shown["rest"])) <= 5e-5 * (len(expected) + 1) + 1e-9, "rounding, no more"


def assert_waterfall(shown: dict[str, Any], found: Explanation) -> None:
    """Each bar begins where the last one ended, and the last ends where the sum does."""
    bars = [row["bar"] for row in shown["rows"] if row["bar"]]
    for (_, end), (begin, _) in pairwise(bars):
        assert begin == pytest.approx(end, abs=1e-3)
    if bars:
        assert bars[-1][1] == pytest.approx(shown["totalBar"][1], abs=0.01)
        assert bars[0][0] == pytest.approx(shown["totalBar"][0], abs=1e-3)
    assert shown["restBar"] is None
    assert all(-0.01 <= end <= 100.01 for bar in bars for end in bar)


def assert_on_the_curve(shown: dict[str, Any], a: float, result: float, activation: str) -> None:
    x, y = shown["dot"]
    reach = number(shown["reach"].removeprefix("±"))
    inner = CURVE["width"] - 2 * CURVE["margin"]
    assert (x - CURVE["margin"]) / inner * 2 * reach - reach == pytest.approx(a, abs=0.01 * reach)
    points = np.array([pair.split() for pair in shown["path"][1:].split("L")], float)
    assert y == pytest.approx(np.interp(x, *points.T), abs=0.6)
    if activation in ("sigmoid", "tanh"):
        low = 0.0 if activation == "sigmoid" else -1.0
        high, tall = 1.0, CURVE["height"] - 2 * CURVE["margin"]
        part = (CURVE["height"] - CURVE["margin"] - y) / tall
        assert low + part * (high - low) == pytest.approx(result, abs=0.02)


def click(page: Page, name: str) -> None:
    """Follow the first factor whose name begins so."""
    page.find("#terms .factor:not([hidden])").filter(
        has_text=re.compile(f"^{re.escape(name)}")
    ).first.click()


@pytest.fixture
def gru(shared_page: Page) -> Page:
    page = shared_page
    if page.find("#cell").input_value() != "gru":
        page.choose_cell("gru")
    if page.find("#form").input_value() != "pytorch":
        page.choose_form("pytorch")
    show(page, "h", 24, 15)
    return page


def test_terms_lead_to_their_origin_and_back(gru: Page) -> None:
    click(gru, "(1−z)")
    wait_for(gru, "z", 24, 15)
    click(gru, "hₜ₋₁[3]")
    wait_for(gru, "h", 23, 3)
    click(gru, "hₜ₋₁[3]")
    wait_for(gru, "h", 22, 3)
    assert gru.t == 23
    gru.find("#back").click()
    wait_for(gru, "h", 23, 3)
    gru.browser_page.keyboard.press("Backspace")
    wait_for(gru, "z", 24, 15)
    gru.browser_page.keyboard.press("Backspace")
    wait_for(gru, "h", 24, 15)
    assert gru.find("#back").get_attribute("aria-disabled") == "true"


def test_the_way_there_and_back_by_keyboard_alone(gru: Page) -> None:
    keyboard = gru.browser_page.keyboard
    gru.find("#term-order").focus()
    keyboard.press("Tab")
    assert gru.browser_page.evaluate("document.activeElement.textContent") == "(1−z)[15]"
    keyboard.press("Tab")
    keyboard.press("Enter")
    wait_for(gru, "n", 24, 15)
    focus = "document.querySelector('.number-panel').contains(document.activeElement)"
    assert gru.browser_page.evaluate(focus)
    keyboard.press("Backspace")
    wait_for(gru, "h", 24, 15)
    assert gru.browser_page.evaluate(focus)


def test_weights_inputs_and_start_states_are_shown_in_their_arrays(gru: Page) -> None:
    show(gru, "z", 0, 4)
    line, leaf = gru.find("#equation-numbers"), gru.find("#leaf-text")
    params = params_of(READER, "gru", "pytorch")
    click(gru, "W_z")
    gru.frame()
    column = int(np.argmax(READER.inputs()[0]))
    assert number(line.inner_text().split(" = ")[1]) == pytest.approx(
        params.W_z[4, column], abs=6e-5
    )  # type: ignore[attr-defined]
    assert gru.find("#weight-name").inner_text() == "W_z[4, ‘a’]"
    assert "weight" in leaf.inner_text()
    gru.browser_page.keyboard.press("Backspace")
    gru.frame()
    assert "σ(" in line.inner_text()
    click(gru, "x")
    gru.frame()
    assert line.inner_text() == "x[‘a’] at t = 1 = 1.0000"
    assert gru.find("#strip.origin").count() == 1
    gru.find("#back").click()
    gru.frame()
    assert gru.find("#strip.origin").count() == 0
    show(gru, "h", 0, 4)
    click(gru, "hₜ₋₁[4]")
    gru.frame()
    assert line.inner_text() == "h0[4] = 0.0000"
    assert leaf.inner_text() == "the start state, before the first step"
    gru.browser_page.keyboard.press("Backspace")
    wait_for(gru, "h", 0, 4)


def test_copies_match_the_panel(gru: Page) -> None:
    context = gru.browser_page.context
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(gru, "n", 24, 15)
    params = params_of(READER, "gru", "pytorch")
    found = explain(cell(params).run(READER.inputs()), params, "n", 24, 15)
    for downs, begin in enumerate(
        ["n[15] at t = 25: candidate\n", r"\begin{aligned}", "# n[15] at t = 24"]
    ):
        gru.find("#copy").focus()
        keyboard = gru.browser_page.keyboard
        keyboard.press("Enter")
        for _ in range(downs):
            keyboard.press("ArrowDown")
        keyboard.press("Enter")
        gru.wait_for(
            "() => document.getElementById('notice-text').textContent.startsWith('Copied')"
        )
        text = gru.browser_page.evaluate("navigator.clipboard.readText()")
        assert text.startswith(begin)
        assert f"{found.result:.7g}" in text
        assert gru.browser_page.evaluate("document.activeElement.id") == "copy"
        keyboard.press("Escape")


def test_a_held_value_shows_the_result_of_its_equation(page: Page) -> None:
    held = {"op": "clamp", "quantity": "z", "unit": 1, "t": 4, "value": 0.5}
    document = {
        "network": {"kind": "example", "name": "latch"},
        "edits": [held],
        "input": {"kind": "text", "text": "....b...a"},
    }
    page.browser_page.evaluate(
        "text => sessionStorage.setItem('gruscope document', text)", json.dumps(document)
    )
    page.browser_page.reload()
    page.settle()
    show(page, "z", 4, 1)
    params = EXAMPLES["latch"].network()
    trace = cell(params).run(EXAMPLES["latch"].inputs()[:9], clamps=[Clamp("z", 1, 0.5, 4)])
    found = explain(trace, params, "z", 4, 1)
    assert page.find("#equation-numbers").inner_text() == "z[1] at t = 5: 0.5000"
    wanted = f"held at 0.5000; the equation gives {found.computed:.4f}"
    assert page.find("#number-held").inner_text() == wanted
    total = page.browser_page.evaluate(READ)["total"]
    assert number(total) == pytest.approx(found.pre_activation, abs=6e-5)
