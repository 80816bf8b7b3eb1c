"""What a newcomer sees before touching anything."""

from __future__ import annotations

import numpy as np

from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import QUANTITIES, Page


def expected(name: str) -> dict[str, np.ndarray]:
    example = EXAMPLES[name]
    trace = GRU(example.network()).run(example.inputs())
    return {quantity: getattr(trace, quantity) for quantity in QUANTITIES}


def test_the_page_paints_an_example_with_its_four_plots(page: Page) -> None:
    plots = page.plots()
    for quantity, values in expected("reader").items():
        np.testing.assert_allclose(plots[quantity], values, atol=1e-6)
    assert page.text == EXAMPLES["reader"].text
    assert page.find("#connection-text").inner_text() == "live"


def test_every_example_opens_at_its_suggested_place(page: Page) -> None:
    for name, example in EXAMPLES.items():
        page.choose(name)
        plots = page.plots()
        for quantity, values in expected(name).items():
            np.testing.assert_allclose(plots[quantity], values, atol=1e-6)
        assert page.t == example.look.t + 1
        assert page.find("#story-title").inner_text() == example.title
        assert page.find("#story-text").inner_text() == example.story
        assert page.find("#unit").input_value() == str(example.look.unit)


def test_the_canvas_shows_the_values_before_plotly_does(page: Page) -> None:
    """Each plot's raster has the colour of the value under it, in the map's own order."""
    page.choose("latch")
    page.browser_page.evaluate("document.getElementById('plots').classList.add('live')")
    colours = page.browser_page.evaluate(
        """() => {
          const canvas = document.getElementById("plots-canvas");
          const copy = document.createElement("canvas");
          Object.assign(copy, {width: canvas.width, height: canvas.height});
          const context = copy.getContext("2d", {willReadFrequently: true});
          context.drawImage(canvas, 0, 0);
          const style = getComputedStyle(document.documentElement);
          const left = parseFloat(style.getPropertyValue("--gutter-left"));
          const right = parseFloat(style.getPropertyValue("--gutter-right"));
          const column = (canvas.clientWidth - left - right) / 24;
          const each = (canvas.clientHeight - 38) / 4;
          const at = (plot, t, part) => {
            const x = left + (t + 0.5) * column;
            const y = plot * each + 24 + (each - 24) * part;
            return Array.from(context.getImageData(x, y, 1, 1).data).slice(0, 3);
          };
          const z = {kept: at(0, 0, 0.75), written: at(0, 4, 0.75)};
          return {...z, before: at(3, 3, 0.75), after: at(3, 20, 0.75)};
        }"""
    )
    assert colours["kept"] != colours["written"]
    assert colours["before"] != colours["after"]
    assert sum(colours["kept"]) < sum(colours["written"]), "an open gate is dark on paper"


def test_the_page_refers_to_nothing_outside_its_origin(page: Page) -> None:
    urls = page.browser_page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    assert urls and all(url.startswith(page.url) for url in urls)
