"""Ranges follow what is shown: colours, axes and legend, held against gru_core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.cells.registry import cell
from gru_core.gallery.examples import EXAMPLES
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import Page

READER = EXAMPLES["reader"]
LSTM = params_of(READER, "lstm", next(form for kind, form in OFFERED if kind == "lstm"))
UNIT = 3
HOLDS = [
    {"op": "clamp", "quantity": quantity, "unit": UNIT, "value": 1.0, "t": None}
    for quantity in "ifg"
]
LINEAR = 0.6  # the part of a logarithmic range that is even

# The middle of each cell of a heatmap, as the page's own canvas has it.
PIXELS = """([quantity, steps, hidden]) => {
  const canvas = document.getElementById("plots-canvas");
  const context = canvas.getContext("2d");
  const ratio = canvas.width / canvas.clientWidth;
  const host = document.getElementById("plotly");
  const {xaxis} = host._fullLayout;
  const index = host.data.findIndex(({name}) => name === quantity);
  const yaxis = host._fullLayout[index ? `yaxis${index + 1}` : "yaxis"];
  const {data, width} = context.getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({length: steps}, (_, t) => Array.from({length: hidden}, (_, unit) => {
    const x = Math.round((xaxis._offset + xaxis.l2p(t + 1)) * ratio);
    const y = Math.round((yaxis._offset + yaxis.l2p(unit)) * ratio);
    return [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)];
  }));
}"""
TABLE = """async (base) => {
  const {colourTable} = await import(`${base}js/lib/colour.js`);
  const words = colourTable("states", document.documentElement.dataset.theme);
  return [...words].map((word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255]);
}"""


def opened(page: Page, edits: list[dict[str, Any]]) -> None:
    """The reader as an LSTM, with edits."""
    page.reopen(
        {
            "network": {"kind": "example", "name": "reader", "cell": "lstm"},
            "edits": edits,
            "input": {"kind": "text", "text": READER.text},
        }
    )


@pytest.fixture
def lstm(shared_page: Page) -> Iterator[Page]:
    opened(shared_page, [])
    yield shared_page
    shared_page.find("#view-heatmap").click()
    shared_page.choose("latch")
    shared_page.choose("reader")


def c_of(holds: list[dict[str, Any]]) -> np.ndarray:
    clamps = [Clamp(hold["quantity"], hold["unit"], hold["value"], None) for hold in holds]
    return np.asarray(cell(LSTM).run(READER.inputs(), clamps=clamps).c)


def legend(page: Page) -> tuple[float, float | None]:
    """How far c goes as the legend says, and from where on logarithmically."""
    page.frame()
    item = page.find("#legend .legend-item").filter(has_text="c").last
    ticks = item.locator(".tick").all_inner_texts()
    low, high = (float(text.replace("\u2212", "-")) for text in ticks)
    assert low == -high
    notes = item.locator(".legend-note").all_inner_texts()
    return high, float(notes[0].removeprefix("log beyond \u00b1")) if notes else None


def round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10 ** np.floor(np.log10(value))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value))


def positions(values: np.ndarray, high: float, linear: float | None) -> np.ndarray:
    """Where values lie from 0 to 1 in a range, by its definition."""
    if linear is None:
        return (values + high) / (2 * high)
    size = np.abs(values)
    with np.errstate(divide="ignore"):
        beyond = LINEAR + (1 - LINEAR) * np.log(size / linear) / np.log(high / linear)
    return 0.5 + np.sign(values) * np.where(size <= linear, LINEAR * size / linear, beyond) / 2


def colours(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """The colours of c's cells on screen, and the states' map."""
    page.settle()
    base = page.browser_page.evaluate(
        "() => document.querySelector('script[type=module]').src.replace(/js\\/main\\.js.*/, '')"
    )
    steps, hidden = c_of([]).shape
    pixels = page.browser_page.evaluate(PIXELS, ["c", steps, hidden])
    return np.array(pixels), np.array(page.browser_page.evaluate(TABLE, base))


@pytest.mark.parametrize("holds", [[], HOLDS], ids=["as it is", "one unit far larger"])
def test_every_pixel_of_an_unbounded_value_has_its_colour(
    lstm: Page, holds: list[dict[str, Any]]
) -> None:
    opened(lstm, holds)
    c = c_of(holds)
    high, linear = legend(lstm)
    pixels, table = colours(lstm)
    expected = table[np.rint(255 * positions(c, high, linear)).astype(int)]
    assert np.abs(pixels - expected).max() <= 6, "within a level of the map"


def test_one_large_unit_does_not_wash_out_the_rest(lstm: Page) -> None:
    opened(lstm, HOLDS)
    c = c_of(HOLDS)
    others = np.delete(c, UNIT, axis=1)
    assert c.max() > 10 * np.abs(others).max(), "the case is as bad as it was found"
    high, linear = legend(lstm)
    assert high == round_up(float(np.abs(c).max()))
    assert linear is not None
    pixels, _ = colours(lstm)
    rest = np.delete(pixels, UNIT, axis=1).astype(float)
    opened(lstm, [])
    alone, _ = colours(lstm)
    before = np.delete(alone, UNIT, axis=1).astype(float)
    assert rest.std(axis=(0, 1)).mean() > before.std(axis=(0, 1)).mean() / 2


def test_the_range_follows_when_all_edits_are_removed(lstm: Page) -> None:
    opened(lstm, HOLDS)
    assert legend(lstm)[0] == round_up(float(np.abs(c_of(HOLDS)).max()))
    lstm.find("#tab-edits").click()
    for _ in HOLDS:
        lstm.find(".edits-view .edit").first.get_by_role("button", name="Remove").click()
        lstm.settle()
    own = float(np.abs(c_of([])).max())
    assert legend(lstm) == (round_up(own), None)
    lstm.find("#tab-weights").click()


def test_the_range_stays_during_a_drag_and_follows_after_it(lstm: Page) -> None:
    page = lstm.browser_page
    opened(lstm, [])
    lstm.find('#quantities [data-quantity="c"]').click()
    before = legend(lstm)
    box = lstm.find("#hold-slider").bounding_box()
    assert box is not None
    lstm.find("#hold-always").click()
    lstm.find("#hold-value").fill("90")
    lstm.settle()
    assert legend(lstm)[0] == 100
    y = box["y"] + box["height"] / 2
    box = lstm.find("#hold-slider").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.95, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=4)
    lstm.settle()
    assert np.abs(lstm.plots()["c"]).max() < 10
    assert legend(lstm)[0] == 100, "colours keep their meaning during a drag"
    page.mouse.up()
    lstm.settle()
    high, _ = legend(lstm)
    assert high == round_up(float(np.abs(lstm.plots()["c"]).max()))
    assert before[0] <= high < 100


def test_lines_use_the_same_range_and_name_its_landmarks(lstm: Page) -> None:
    opened(lstm, HOLDS)
    lstm.find("#view-lines").click()
    lstm.settle()
    high, linear = legend(lstm)
    assert linear is not None
    c = c_of(HOLDS)
    axis, y = lstm.browser_page.evaluate(
        """() => {
          const host = document.getElementById("plotly");
          const i = host.data.findIndex(({name}) => name === "c");
          const {tickvals, ticktext} = host._fullLayout[`yaxis${i + 1}`];
          return [[tickvals, ticktext], host.data[i].y];
        }"""
    )
    ticks = np.array([-high, -linear, 0, linear, high])
    np.testing.assert_allclose(axis[0], positions(ticks, high, linear), atol=1e-12)
    assert [float(text.replace("\u2212", "-")) for text in axis[1]] == ticks.tolist()
    drawn = np.array([value for value in y if value is not None]).reshape(c.shape[::-1]).T
    np.testing.assert_allclose(drawn, positions(c, high, linear), atol=1e-5)


def test_bounded_values_keep_their_range(lstm: Page) -> None:
    bounds = """() => Object.fromEntries(document.getElementById("plotly").data
      .map(({name, zmin, zmax}) => [name, [zmin, zmax]]))"""
    for edits in ([], HOLDS):
        opened(lstm, edits)
        shown = lstm.browser_page.evaluate(bounds)
        assert {name: shown[name] for name in "ifgoh"} == {
            "i": [0, 1], "f": [0, 1], "o": [0, 1], "g": [-1, 1], "h": [-1, 1],
        }  # fmt: skip


def test_the_diagrams_sums_do_not_keep_the_range_of_an_older_run(lstm: Page) -> None:
    """Within a run the range of an equation's sums only widens; the next run has its own."""
    highs = lstm.browser_page.evaluate(
        """async () => {
          const base = document.querySelector("script[type=module]").src.replace("main.js", "");
          const {createScales} = await import(`${base}views/cell/diagram/source.js`);
          const scales = createScales();
          const strips = [{of: "c", source: {kind: "step", keys: ["a_c"]}}];
          const trace = {scales: {h: {map: "states"}}};
          return [[1, 50], [1, 0.4], [2, 0.4], [2, 3], [2, 0.1]].map(([run, value]) => {
            scales.widen(strips, [Float32Array.of(value, -value)], {run});
            return scales.of(strips[0], trace).high;
          });
        }"""
    )
    assert highs == [50, 50, 0.5, 5, 5]
