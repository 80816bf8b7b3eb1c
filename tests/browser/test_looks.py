"""What can be measured of how the page looks: contrast, room, alignment, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.page import Page
from tests.browser.server import Server

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
TEXT = ["ink", "quiet", "accent", "warn", "x", "z", "r", "n", "h"]


def tokens(theme: str) -> dict[str, str]:
    light, dark = re.split(r":root\[data-theme=\"dark\"\]", TOKENS)
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
def test_what_acts_stands_out(theme: str) -> None:
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
def test_the_ends_of_the_states_map_differ_for_every_eye(
    page: Page, theme: str, deficiency: str
) -> None:
    """Blue and red ends stay apart in the blue–yellow direction such eyes keep."""
    scale = page.browser_page.evaluate(
        """async (theme) => {
          const base = document.querySelector('script[type="module"]').src.replace("main.js", "");
          const {colourScale} = await import(`${base}colour.js`);
          return ["states", "weights"].map((name) => colourScale(name, theme));
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


def test_the_main_job_needs_no_scrolling(page: Page) -> None:
    for example in ("reader", "latch", "toggle", "sunspots"):
        page.choose(example)
        height, width = page.browser_page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert (height, width) == (900, 1440), example
        inside = page.browser_page.evaluate(
            """() => [...document.querySelectorAll("button, input, select, h2")]
              .filter((e) => e.checkVisibility() && !e.closest(".strip"))
              .filter((e) => e.getBoundingClientRect().right > 1440
                || e.getBoundingClientRect().bottom > 900).map((e) => e.id || e.textContent)"""
        )
        assert inside == [], example


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
            """() => [...document.querySelectorAll(".cursor")].map((e) => {
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


def test_every_control_has_a_name(page: Page) -> None:
    nameless = page.browser_page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, [tabindex]")]
          .filter((e) => e.checkVisibility() && !e.getAttribute("aria-label"))
          .filter((e) => !e.textContent.trim()
            && !(e.labels && e.labels.length) && !e.title).map((e) => e.outerHTML)"""
    )
    assert nameless == []


def test_help_opens_and_closes_by_keyboard(page: Page) -> None:
    page.browser_page.evaluate("document.activeElement.blur()")
    page.browser_page.keyboard.press("?")
    assert page.find("#help-dialog").is_visible()
    page.browser_page.keyboard.press("Escape")
    assert not page.find("#help-dialog").is_visible()
