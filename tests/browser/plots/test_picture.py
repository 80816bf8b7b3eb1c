"""Saved pictures explain themselves, in both themes and all views; CSV holds every number."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.cells.gru import GRU
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from tests.browser.conftest import Open
from tests.browser.page import QUANTITIES, Page
from tests.browser.server import Server
from tests.browser.shell.test_looks import contrast, tokens

READER = EXAMPLES["reader"]
TEXT = "a gate?"
HOLDS: list[dict[str, Any]] = [
    {"op": "clamp", "quantity": "z", "unit": 3, "value": 0.9},
    {"op": "clamp", "quantity": "h", "unit": 2, "t": 4, "value": 0.5},
]
NAMES = ["update gate", "reset gate", "candidate", "hidden state"]
TITLE = f"{READER.title} \u2013 GRU, Article, PyTorch, cuDNN, Keras"

DECODE = """async (base64) => {
  const image = Object.assign(new Image(), {src: `data:image/png;base64,${base64}`});
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, image.width, image.height);
  let clear = 0;
  for (let i = 3; i < data.length; i += 4) clear += data[i] < 255;
  const corner = [...data.slice(0, 3)].map((c) => c.toString(16).padStart(2, "0")).join("");
  return {clear, corner: `#${corner}`};
}"""


def saved(page: Page, label: str) -> bytes:
    """The file that an entry of the menu gives."""
    page.find("#save").click()
    with page.browser_page.expect_download() as download:
        page.find("#save-menu").get_by_role("menuitem", name=label).click()
    return Path(download.value.path()).read_bytes()


def texts(svg: bytes) -> list[str]:
    """What is written in an SVG, a string for each text."""
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()) for text in found]


def opened(page: Page, edits: list[dict[str, Any]]) -> None:
    network = page.browser_page.evaluate(
        """() => JSON.parse(document.getElementById("config").textContent).examples
          .find(({name}) => name === "reader").document.network"""
    )
    page.reopen({"network": network, "edits": edits, "input": {"kind": "text", "text": TEXT}})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_opaque_and_explains_itself(
    open_page: Open, server: Server, theme: str
) -> None:
    page = open_page(server.url, color_scheme=theme)
    opened(page, HOLDS)
    paper = tokens(theme)["paper"]
    for view in ("heatmap", "lines", "numbers"):
        page.find(f"#view-{view}").click()
        svg = saved(page, "SVG")
        written = texts(svg)
        assert TITLE in written
        assert any("2 edits: z of unit 3 held at 0.9 throughout" in text for text in written)
        assert any("h of unit 2 at t = 5 set to 0.5" in text for text in written)
        for quantity, name in zip(("z", "r", "h\u0303", "h"), NAMES, strict=True):
            low = "0" if "gate" in name else "\u22121"
            start, end = f"{quantity}  {name}", f", from {low} to 1"
            assert any(text.startswith(start) and text.endswith(end) for text in written), name
        characters = [text for text in written if len(text) == 1 and text in " \u2423abegt?"]
        assert "".join(characters).replace("\u2423", " ").startswith(TEXT)
        assert {"unit" if view == "heatmap" else "value", "timestep t"} <= set(written)
        (meaning,) = [text for text in written if "frame: t = " in text]
        assert "held at one step" in meaning and "held throughout" in meaning
        assert rgb(paper).encode() in svg
    png = page.browser_page.evaluate(DECODE, b64encode(saved(page, "PNG")).decode())
    assert png["clear"] == 0, "every pixel is opaque"
    assert png["corner"] == paper
    for name in ("ink", "quiet"):
        assert contrast(tokens(theme)[name], paper) >= 4.5


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_a_comparison_says_so_in_its_picture(page: Page) -> None:
    opened(page, HOLDS)
    page.find("#pin").click()
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    page.type_at(0, "be")
    page.settle()
    page.find("#compare-before").click()
    page.settle()
    before = texts(saved(page, "SVG"))
    assert "Before: the pinned run" in before
    assert any(f"{len(TEXT)} timesteps" in text for text in before)
    page.find("#compare-difference").click()
    page.settle()
    difference = texts(saved(page, "SVG"))
    assert any(text.startswith("Difference: this run") for text in difference)
    assert any(text.startswith("Pinned run: 2 edits") for text in difference)
    assert any("hidden state, now \u2212 before, from" in text for text in difference)


def test_a_range_with_an_outlier_is_said_in_the_picture(page: Page) -> None:
    network = {"kind": "example", "name": "reader", "cell": "lstm"}
    holds = [{"op": "clamp", "quantity": name, "unit": 3, "value": 1.0} for name in "ifg"]
    page.reopen(
        {"network": network, "edits": holds, "input": {"kind": "text", "text": READER.text}}
    )
    written = texts(saved(page, "SVG"))
    (title,) = [text for text in written if text.startswith("c  cell state")]
    assert "from \u221250 to 50, logarithmic beyond \u00b11" in title
    assert {"\u221250", "50", "\u22121", "1"} <= set(written)


def test_numbers_are_saved_as_csv(page: Page) -> None:
    opened(page, HOLDS)
    page.find("#view-numbers").click()
    assert "CSV" in (page.find("#save").get_attribute("title") or "")
    head, *rows = csv.reader(io.StringIO(saved(page, "CSV").decode()))
    H = READER.network().hidden_size
    assert head == ["t", "x", *(f"{name}[{unit}]" for name in QUANTITIES for unit in range(H))]
    assert [row[:2] for row in rows] == [[str(t + 1), symbol] for t, symbol in enumerate(TEXT)]
    clamps = [Clamp("z", 3, 0.9), Clamp("h", 2, 0.5, 4)]
    trace = GRU(READER.network()).run(one_hot(TEXT, READER.alphabet or ""), clamps=clamps)
    expected = np.concatenate([getattr(trace, name) for name in QUANTITIES], axis=1)
    np.testing.assert_allclose(np.array([row[2:] for row in rows], float), expected, atol=1e-6)


def test_what_users_typed_is_not_read_as_markup(page: Page) -> None:
    """A network's name is written as it is, tags and all."""
    page.browser_page.evaluate(
        """async () => {
          const base = document.querySelector("script[type=module]").src.replace("main.js", "");
          const {escaped} = await import(`${base}views/plots/picture/markup.js`);
          window.written = escaped("<b>a</b> & b");
        }"""
    )
    assert page.browser_page.evaluate("window.written") == "&lt;b&gt;a&lt;/b&gt; &amp; b"


@pytest.mark.parametrize("width", [390, 768, 1024, 1366])
def test_the_menu_opens_inside_the_window(open_page: Open, server: Server, width: int) -> None:
    page = open_page(server.url, viewport={"width": width, "height": 800})
    page.find("#save").click()
    box = page.find("#save-menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
