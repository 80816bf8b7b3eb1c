"""Numbers as input: drawn, typed, pasted, dropped, generated; several channels."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gru_core.cells.gru import GRU, GRUParams
from gru_core.cells.registry import cell
from gru_core.explanation.terms import explain
from gru_core.gallery.examples import EXAMPLES
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import QUANTITIES, Page

SUNSPOTS = EXAMPLES["sunspots"]


@pytest.fixture
def sunspots(page: Page) -> Page:
    page.choose("sunspots")
    return page


def assert_runs_on(page: Page, x: Any) -> None:
    trace = GRU(SUNSPOTS.network()).run(np.array(x, np.float64).reshape(-1, 1))
    plots = page.plots()
    for quantity in QUANTITIES:
        np.testing.assert_allclose(plots[quantity], getattr(trace, quantity), atol=1e-6)


def test_a_value_typed_into_its_field(sunspots: Page) -> None:
    before = sunspots.plots()
    sunspots.find("#scrub").fill("101")
    sunspots.find("#value").fill("-1.5")
    x = SUNSPOTS.inputs().copy()
    x[100] = -1.5
    assert_runs_on(sunspots, x)
    assert np.array_equal(sunspots.plots()["h"][:100], before["h"][:100])


def test_a_curve_drawn_with_the_pointer(sunspots: Page) -> None:
    before = sunspots.plots()["h"]
    box = sunspots.find("#bars").bounding_box()
    assert box is not None
    column = box["width"] / 309
    mouse = sunspots.browser_page.mouse
    mouse.move(box["x"] + 200.5 * column, box["y"] + box["height"] - 3)
    mouse.down()
    mouse.move(box["x"] + 220.5 * column, box["y"] + 3)
    mouse.up()
    after = sunspots.plots()["h"]
    assert np.array_equal(after[:200], before[:200])
    values = drawn_values(sunspots)
    line = values[200:221]
    assert (np.diff(line) > 0).all(), "every column between the two points is drawn"
    assert line[0] < 0.2 and line[-1] > 1.8
    assert_runs_on(sunspots, values)
    sunspots.find("#undo").click()
    sunspots.settle()
    np.testing.assert_allclose(drawn_values(sunspots), SUNSPOTS.inputs()[:, 0], atol=1e-5)


def drawn_values(page: Page) -> np.ndarray:
    """The input of the document that the tab keeps."""
    kept = page.kept_document()
    assert kept is not None
    return np.array(json.loads(kept)["input"]["values"])[:, 0]


def test_arrow_keys_nudge_the_selected_bar(sunspots: Page) -> None:
    sunspots.find("#bars").focus()
    before = float(sunspots.find("#value").input_value())
    sunspots.browser_page.keyboard.press("ArrowUp")
    sunspots.settle()
    assert float(sunspots.find("#value").input_value()) == pytest.approx(before + 0.04)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1\n2\n3\n", [1, 2, 3]),
        ("year\n0.5\n-0.25\n", [0.5, -0.25]),
        ("\ufeff1e-2\r\n2\r\n\r\n", [0.01, 2]),
        ("0,5\n1,5\n", None),
        ('"1"\n" 2 "\n', [1, 2]),
    ],
)
def test_a_pasted_column(sunspots: Page, text: str, values: list[float] | None) -> None:
    sunspots.paste(text)
    if values is None:
        sunspots.wait_for("() => document.getElementById('csv-dialog').open")
        assert "2 columns" in sunspots.find("#csv-size").inner_text()
    else:
        sunspots.wait_for(f"() => document.getElementById('scrub').max === '{len(values)}'")
        assert_runs_on(sunspots, values)


def test_a_dropped_file(sunspots: Page) -> None:
    sunspots.browser_page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["x\\n0.1\\n0.2\\n0.3\\n"], "x.csv"));
          const event = new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true});
          document.getElementById("strip").dispatchEvent(event);
        }"""
    )
    sunspots.wait_for("() => document.getElementById('scrub').max === '3'")
    assert_runs_on(sunspots, [0.1, 0.2, 0.3])


def test_a_chosen_file(sunspots: Page) -> None:
    content = {"name": "x.csv", "mimeType": "text/csv", "buffer": b"0.4\n0.2\n"}
    sunspots.find("#csv").set_input_files(content)  # type: ignore[arg-type]
    sunspots.wait_for("() => document.getElementById('scrub').max === '2'")
    assert_runs_on(sunspots, [0.4, 0.2])


def test_more_columns_than_channels_offer_a_network_that_takes_them(sunspots: Page) -> None:
    sunspots.paste("a,b\n1,2\n3,4\n5,6\n")
    sunspots.find("#csv-target").select_option("new")
    taken(sunspots, 3)
    recipe = SUNSPOTS.recipe
    assert recipe is not None
    params = GRUParams.random(2, recipe.hidden_size, seed=recipe.seed)
    trace = GRU(params).run(np.array([[1.0, 2], [3, 4], [5, 6]]))
    np.testing.assert_allclose(sunspots.plots()["h"], trace.h, atol=1e-6)


def test_one_of_several_columns_can_be_taken(sunspots: Page) -> None:
    sunspots.paste("year,value,other\n2000,0.5,7\n2001,0.25,8\n")
    sunspots.find("#csv-channels select").nth(1).select_option("0")
    taken(sunspots, 2)
    assert_runs_on(sunspots, [0.5, 0.25])


def taken(page: Page, rows: int) -> None:
    """Take the rows that the dialog of a CSV has ready."""
    ready = page.find(f"#csv-take[aria-disabled='false']:text-is('Take {rows} rows')")
    ready.click()
    page.wait_for("() => !document.getElementById('csv-dialog').open")
    page.settle()


def test_several_channels_are_edited_one_at_a_time(sunspots: Page) -> None:
    sunspots.set_network("input-size", "2")
    sunspots.settle()
    sunspots.browser_page.select_option("#channel", "1")
    sunspots.browser_page.select_option("#generator", "impulse")
    sunspots.settle()
    recipe = SUNSPOTS.recipe
    assert recipe is not None
    x = np.concatenate([SUNSPOTS.inputs(), np.zeros((309, 1))], axis=1)
    x[SUNSPOTS.look.t, 1] = 1
    trace = GRU(GRUParams.random(2, recipe.hidden_size, seed=recipe.seed)).run(x)
    np.testing.assert_allclose(sunspots.plots()["h"], trace.h, atol=1e-6)


def test_generators_fill_the_sequence(sunspots: Page) -> None:
    page = sunspots
    page.find("#steps").fill("40")
    page.find("#steps").press("Enter")
    page.find("#scrub").fill("11")
    page.browser_page.select_option("#generator", "step")
    assert_runs_on(page, [0] * 10 + [1] * 30)
    page.browser_page.select_option("#generator", "impulse")
    assert_runs_on(page, [0] * 10 + [1] + [0] * 29)
    page.browser_page.select_option("#generator", "repeat")
    assert_runs_on(page, ([0] * 10 + [1]) * 3 + [0] * 7)
    page.browser_page.select_option("#generator", "sine")
    assert_runs_on(page, np.sin(2 * np.pi * np.arange(40) / 10).round(4))
    page.browser_page.select_option("#generator", "noise")
    noise = page.plots()["h"]
    page.find("#generator-seed").fill("2")
    assert not np.allclose(page.plots()["h"], noise, atol=1e-3)
    page.find("#generator-seed").fill("1")
    np.testing.assert_array_equal(page.plots()["h"], noise)


def test_adding_removing_and_resizing_steps(sunspots: Page) -> None:
    page = sunspots
    page.paste("1\n2\n3\n")
    page.wait_for("() => document.getElementById('scrub').max === '3'")
    page.settle()
    page.find("#scrub").fill("2")
    page.find("#add-step").click()
    assert_runs_on(page, [1, 2, 2, 3])
    page.find("#scrub").fill("1")
    page.find("#remove-step").click()
    assert_runs_on(page, [2, 2, 3])
    page.find("#steps").fill("5")
    page.find("#steps").press("Enter")
    assert_runs_on(page, [2, 2, 3, 0, 0])
    page.find("#steps").fill("1")
    page.find("#steps").press("Enter")
    assert_runs_on(page, [2])
    page.frame()
    assert page.find("#remove-step").is_disabled()


def test_text_becomes_numbers_and_text_again(page: Page) -> None:
    text = page.text
    before = page.plots()
    page.find("#mode-numbers").click()
    np.testing.assert_array_equal(page.plots()["h"], before["h"])
    assert page.find("#channel").is_visible()
    page.find("#mode-text").click()
    np.testing.assert_array_equal(page.plots()["h"], before["h"])
    assert page.text == text


def test_text_generators(page: Page) -> None:
    page.choose("latch")
    page.find("#scrub").fill("3")
    page.browser_page.select_option("#generator", "impulse")
    assert page.text == "..a" + "." * 21
    page.browser_page.select_option("#generator", "repeat")
    assert page.text == "..a" * 8


@pytest.fixture(scope="module", params=OFFERED, ids=" ".join)
def formed(request: pytest.FixtureRequest, shared_page: Page) -> tuple[Page, str, str]:
    page, (kind, form) = shared_page, request.param
    if page.network != "sunspots":
        page.choose("sunspots")
    if kind != page.find("#cell").input_value():
        page.choose_cell(kind)
    if form != page.find("#form").input_value():
        page.choose_form(form)
    return page, kind, form


def test_every_form_shows_the_results_of_gru_core(formed: tuple[Page, str, str]) -> None:
    page, kind, form = formed
    params = params_of(SUNSPOTS, kind, form)
    trace = cell(params).run(SUNSPOTS.inputs())
    plots = page.plots()
    assert list(plots) == [e.value for e in params.equations() if e.value != "m"]
    for value, shown in plots.items():
        np.testing.assert_allclose(shown, trace.values[value], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("t", "unit"), [(0, 3), (258, 7)])
def test_every_form_is_taken_apart_as_gru_core_does(
    formed: tuple[Page, str, str], t: int, unit: int
) -> None:
    page, kind, form = formed
    params = params_of(SUNSPOTS, kind, form)
    trace = cell(params).run(SUNSPOTS.inputs())
    page.find("#scrub").fill(str(t + 1))
    page.find("#unit").fill(str(unit))
    for equation in params.equations():
        page.find(f'.number-panel [data-quantity="{equation.value}"]').click()
        page.wait_for(
            """([quantity, t, unit]) => {
              const {dataset} = document.querySelector(".number-panel");
              const shown = [dataset.quantity, dataset.t, dataset.unit, dataset.run];
              const {synced} = document.getElementById("plots").dataset;
              return shown.join() === [quantity, t, unit, synced].join();
            }""",
            [equation.value, t, unit],
        )
        expected = explain(trace, params, equation.value, t, unit)
        shown = number(page.find("#equation-numbers b").inner_text())
        assert shown == pytest.approx(expected.result, abs=6e-5)
        texts = page.find("#terms .product").all_inner_texts()
        products = sorted(map(number, texts))
        few = len(expected.terms) <= 4
        wanted = sorted(term.product for term in expected.terms if few or term.product != 0)
        np.testing.assert_allclose(products, wanted, atol=6e-5)
        if expected.pre_activation is None:
            continue
        name = equation.function
        before = page.find("#equation-numbers").inner_text().split(f"{name}(")[1].split(")")[0]
        assert number(before) == pytest.approx(expected.pre_activation, abs=6e-5)


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def test_the_range_of_a_state_without_bounds_follows_it_in_round_numbers(sunspots: Page) -> None:
    sunspots.choose_cell("rnn")
    sunspots.choose_form("relu")
    largest = sunspots.plots()["h"].max()
    low, high = legend(sunspots)
    assert low == -high
    assert high >= largest
    assert f"{high:e}"[0] in "125" and high % 10 ** np.floor(np.log10(high)) == 0
    sunspots.find("#value").fill("500")
    sunspots.settle()
    wider = legend(sunspots)[1]
    assert wider > high
    assert wider >= sunspots.plots()["h"].max()
    colours = sunspots.browser_page.evaluate(
        "(({zmin, zmax}) => [zmin, zmax])(document.getElementById('plotly').data[0])"
    )
    assert colours == [-wider, wider]
    sunspots.find("#value").fill("0.5")
    sunspots.settle()
    assert legend(sunspots)[1] == high, "the range follows what is shown"


def legend(page: Page) -> list[float]:
    """The ends of the last range that the legend shows."""
    page.frame()
    return [number(text) for text in page.find("#legend .tick").all_inner_texts()[-2:]]
