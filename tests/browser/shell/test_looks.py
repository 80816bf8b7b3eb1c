"""What can be measured of how the page looks: contrast, room, alignment, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from gruscope.documents.forms import SHOWN
from tests.browser.forms import OFFERED
from tests.browser.page import Page
from tests.browser.server import Server

TOKENS = (Path(__file__).parents[3] / "static/css/tokens.css").read_text()
TEXT = ["ink", "quiet", "accent", "warn", *"xzrnhifogc"]


def tokens(theme: str) -> dict[str, str]:
    light, dark = re.split(r"(?m)^\[data-theme=\"dark\"\]", TOKENS)
    pairs = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light)
    if theme == "dark":
        pairs += re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)
    return dict(pairs)


def channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = map(linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised", "wash"])
@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read_on_every_ground(theme: str, ground: str, name: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[name], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_active_parts_stand_out(theme: str) -> None:
    colours = tokens(theme)
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["warn"], colours["warn-wash"]) >= 4.5
    for name in ("line-strong", "positive", "negative"):
        assert contrast(colours[name], colours["paper"]) >= 3


VIENOT = {
    # Viénot, Brettel & Mollon 1999, in linear RGB
    "protanopia": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    "deuteranopia": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("deficiency", VIENOT)
def test_the_ends_of_diverging_maps_differ_with_any_colour_vision(
    shared_page: Page, theme: str, deficiency: str
) -> None:
    """Blue and red ends stay apart in the blue–yellow direction such eyes keep."""
    scale = shared_page.browser_page.evaluate(
        """async (theme) => {
          const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
          const {colourScale} = await import(`${base}lib/colour.js`);
          return ["states", "weights", "differences"].map((name) => colourScale(name, theme));
        }""",
        theme,
    )
    for stops in scale:
        seen = []
        for _, colour in (stops[0], stops[-1]):
            rgb = [linear(value) for value in channels(colour)]
            mixed = [
                sum(weight * value for weight, value in zip(row, rgb, strict=True))
                for row in VIENOT[deficiency]
            ]
            seen.append(mixed[2] - (mixed[0] + mixed[1]) / 2)
        assert abs(seen[0] - seen[1]) > 0.15


# Machado, Oliveira & Fernandes 2009, in linear RGB, severity 1.
MACHADO = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def oklab(colour: str, deficiency: str) -> np.ndarray:
    """A colour as an eye sees it, in Ottosson's Oklab, where distance is difference."""
    seen = np.clip(MACHADO[deficiency] @ np.array([linear(v) for v in channels(colour)]), 0, 1)
    to_lms = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.array(to_lab) @ np.cbrt(np.array(to_lms) @ seen)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("deficiency", MACHADO)
def test_the_values_of_an_lstm_differ_with_any_colour_vision(theme: str, deficiency: str) -> None:
    colours = tokens(theme)
    seen = {name: oklab(colours[name], deficiency) for name in "ifgoch"}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.06, (one, other)


# What is cut off where nothing scrolls on purpose.
CUT = """() => [...document.querySelectorAll(
    ".bar, .panel-head, .story, .equation, .equation-row, .plot-title, .legend, .form-line, " +
    ".array-label, .gate-row, .terms, .segmented, .cell-body")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.className || e.id}: ${e.textContent.trim().slice(0, 60)}`)"""

OVERLAP = """() => {
  const order = [".story", ".input", ".plots-panel", ".transport", ".cell > .panel-head"];
  const boxes = order.map((name) => document.querySelector(name).getBoundingClientRect());
  const plots = document.getElementById("plots").getBoundingClientRect();
  const over = order.filter((_, i) => i > 0 && boxes[i].top < boxes[i - 1].bottom - 1);
  const below = boxes[order.indexOf(".plots-panel") + 1];
  return plots.bottom > below.top + 1 ? [...over, "plots"] : over;
}"""


FITTING = [("reader", cell, form) for cell, form in OFFERED] + [
    (example, cell, SHOWN[cell].forms[0].name)
    for example in ("latch", "sunspots")
    for cell in SHOWN
]


@pytest.mark.parametrize(("example", "cell", "form"), FITTING)
def test_every_cell_and_form_fits_the_screen(
    shared_page: Page, example: str, cell: str, form: str
) -> None:
    page = shared_page
    if page.network != example:
        page.choose(example)
    for name, wanted in (("cell", cell), ("form", form)):
        if page.find(f"#{name}").input_value() != wanted:
            page.browser_page.select_option(f"#{name}", wanted)
            page.settle()
    for view in ("heatmap", "lines"):
        page.find(f"#view-{view}").click()
        page.settle()
        size = page.browser_page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert size == [900, 1440]
        assert page.browser_page.evaluate(CUT) == []
        assert page.browser_page.evaluate(OVERLAP) == []
        inside = page.browser_page.evaluate(OUTSIDE)
        assert inside == []
        heights = page.browser_page.evaluate(PLOT_HEIGHTS)
        assert min(heights) > 30 and max(heights) < 450


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
def test_every_form_stacks_on_a_phone(
    open_page: Callable[..., Page], server: Server, theme: str, cell: str
) -> None:
    viewport = {"width": 390, "height": 844}
    page = open_page(
        server.url, viewport=viewport, color_scheme=theme, has_touch=True, is_mobile=True
    )
    if cell != "gru":
        page.choose_cell(cell)
    for form in [form for kind, form in OFFERED if kind == cell]:
        if form != page.find("#form").input_value():
            page.choose_form(form)
        assert page.browser_page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.browser_page.evaluate(CUT) == []
        assert page.browser_page.evaluate(OVERLAP.replace('".transport", ', "")) == []


OUTSIDE = """() => [...document.querySelectorAll("button, input, select, h2")]
  .filter((e) => e.checkVisibility() && !e.closest(".strip, .terms"))
  .filter((e) => e.getBoundingClientRect().right > 1440
    || e.getBoundingClientRect().bottom > 900).map((e) => e.id || e.textContent)"""


def test_the_main_job_needs_no_scrolling(page: Page) -> None:
    for example in ("reader", "latch", "toggle", "sunspots"):
        page.choose(example)
        height, width = page.browser_page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert (height, width) == (900, 1440), example
        assert page.browser_page.evaluate(OUTSIDE) == [], example


PLOT_HEIGHTS = """() => Object.entries(document.getElementById("plotly")._fullLayout)
  .filter(([name]) => /^yaxis/.test(name)).map(([, axis]) => axis._length)"""

PAST_THE_COLUMN = """() => [...document.querySelectorAll(".left :is(button, input, select)")]
  .filter((e) => e.checkVisibility() && !e.closest(".diagram"))
  .filter((e) => e.getBoundingClientRect().right
    > document.querySelector(".left").getBoundingClientRect().right).map((e) => e.id)"""


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720)])
def test_two_narrow_columns_keep_plots_to_look_at(
    open_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(server.url, viewport={"width": width, "height": height})
    for cell in ("gru", "lstm"):
        page.choose_cell(cell)
        assert min(page.browser_page.evaluate(PLOT_HEIGHTS)) >= 25, cell
        assert page.browser_page.evaluate("document.documentElement.scrollWidth") == width
        assert page.browser_page.evaluate(OVERLAP) == []
        assert page.browser_page.evaluate(PAST_THE_COLUMN) == []
        page.find("#quantities button").first.click()
        page.settle()
        # Three terms and the sum of the rest, once the number's answer has come.
        page.browser_page.wait_for_function(
            "document.getElementById('terms').getBoundingClientRect().height >= 120"
        )


@pytest.mark.parametrize("size", [(360, 225), (844, 390), (600, 450)])
def test_the_tour_can_be_read_in_a_short_window(
    open_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(server.url, viewport={"width": width, "height": height}, has_touch=True)
    page.find("#tour-open").click()
    page.frame()
    sheet = page.find("#tour").bounding_box()
    assert sheet is not None
    assert sheet["height"] >= 0.4 * height, "room to read"
    assert sheet["y"] + sheet["height"] == height
    for name in ("#tour-title", "#tour-text", "#tour-next"):
        page.find(name).scroll_into_view_if_needed()
        box = page.find(name).bounding_box()
        assert box is not None
        assert box["y"] < height and box["y"] + box["height"] > sheet["y"], name
    stuck = page.browser_page.evaluate(
        "getComputedStyle(document.querySelector('.transport')).position"
    )
    assert stuck == "static"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_scrolls_down_only(
    open_page: Callable[..., Page], server: Server, theme: str
) -> None:
    page = open_page(
        server.url,
        viewport={"width": 390, "height": 844},
        color_scheme=theme,
        has_touch=True,
        is_mobile=True,
    )
    assert page.browser_page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.browser_page.evaluate("document.documentElement.scrollWidth") == 390
    page.find("#next").tap()
    page.frame()
    assert page.find("#cell-sentence").is_visible()
    columns = page.browser_page.evaluate(
        "() => document.getElementById('plotly')._fullLayout.xaxis.range"
    )
    assert columns[1] - columns[0] == 20, "as many columns as a finger can hit"


def test_the_theme_can_be_switched(page: Page) -> None:
    page.find("#theme").click()
    page.settle()
    assert page.browser_page.evaluate("document.documentElement.dataset.theme") == "dark"
    ground = page.browser_page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 23, 28)"
    page.browser_page.reload(wait_until="commit")
    page.wait_for("() => document.documentElement.dataset.theme === 'dark'")


def test_editor_and_plots_share_their_columns(page: Page) -> None:
    for example in ("reader", "sunspots"):
        page.choose(example)
        cursors = page.browser_page.evaluate(
            """() => [...document.querySelectorAll("section:not([hidden]) .cursor")].map((e) => {
              const {left, width} = e.getBoundingClientRect();
              return [left, width];
            })"""
        )
        plot = page.browser_page.evaluate(
            """() => {
              const host = document.getElementById("plotly");
              const {xaxis} = host._fullLayout;
              const t = Number(document.getElementById("scrub").value);
              return host.getBoundingClientRect().left + xaxis._offset + xaxis.l2p(t);
            }"""
        )
        for left, width in cursors:
            assert left + width / 2 == pytest.approx(plot, abs=2)


def test_every_control_has_a_name(shared_page: Page) -> None:
    nameless = shared_page.browser_page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, [tabindex]")]
          .filter((e) => e.checkVisibility() && !e.getAttribute("aria-label"))
          .filter((e) => !e.textContent.trim()
            && !(e.labels && e.labels.length) && !e.title).map((e) => e.outerHTML)"""
    )
    assert nameless == []
