"""The right answer under each step: for the card's input, an edited one, and a broken network."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from gru_core import Clamp
from gru_core.gallery.trained import trained
from gru_core.run.text import one_hot
from tests.browser.conftest import Open
from tests.browser.page import Page
from tests.browser.server import Server

WRONG = """() => {
  const shown = document.getElementById("output-canvas");
  const style = getComputedStyle(document.querySelector("[data-theme]"));
  const hex = style.getPropertyValue("--warn").match(/[0-9a-f]{2}/g);
  const warn = hex.map((part) => parseInt(part, 16));
  const gutter = (side) => parseFloat(style.getPropertyValue(`--gutter-${side}`));
  const steps = Number(document.getElementById("steps").value);
  const column = (shown.clientWidth - gutter("left") - gutter("right")) / steps;
  const size = {width: shown.width, height: shown.height};
  const copy = Object.assign(document.createElement("canvas"), size);
  const context = copy.getContext("2d", {willReadFrequently: true});
  context.drawImage(shown, 0, 0);
  const ratio = shown.width / shown.clientWidth;
  return Array.from({length: steps}, (_, t) => t).filter((t) => {
    const at = [gutter("left") + column * t + 3, shown.clientHeight - 3];
    const { data } = context.getImageData(...at.map((px) => Math.round(px * ratio)), 1, 1);
    return warn.every((part, i) => Math.abs(data[i] - part) < 4);
  });
}"""


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    with Server("--host", "127.0.0.1") as running:
        yield running


@pytest.fixture
def page(plain: Server, open_page: Open) -> Page:
    return open_page(plain.url)


def wrong_steps(text: str, *clamps: Clamp) -> list[int]:
    """Return where the network of the page that opens does not name the first letter."""
    network, card = trained()["first"].network(), trained()["first"].card.card
    assert card.alphabet is not None
    answer = network.run(one_hot(text, card.alphabet), clamps=clamps).answer.argmax(axis=1)
    rule = [(text[: t + 1].strip(".") + "–")[0] for t in range(len(text))]
    return [t for t, wanted in enumerate(rule) if card.classes[answer[t]] != wanted]


def has_score(page: Page, text: str) -> None:
    page.wait_for("said => document.getElementById('output-score').textContent === said", text)


def test_every_step_is_right_until_a_gate_is_held(page: Page) -> None:
    text = str(trained()["first"].card.inputs[0])
    assert wrong_steps(text) == []
    has_score(page, "32 of 32 steps right")
    assert page.find("#output-now").inner_text().endswith(" · right")
    assert page.browser_page.evaluate(WRONG) == []
    page.find("#hold-value").fill("0")
    page.find("#hold-value").press("Enter")
    page.settle()
    wrong = wrong_steps(text, Clamp("z", 3, 0.0, 8))
    assert 0 < len(wrong) < 32
    has_score(page, f"{32 - len(wrong)} of 32 steps right")
    assert page.find("#output-now").inner_text().endswith(" · wrong, “a” is right")
    assert page.browser_page.evaluate(WRONG) == wrong


def test_another_input_has_its_own_right_answers(page: Page) -> None:
    page.find("#text").fill("..b.a...")
    page.settle()
    has_score(page, "8 of 8 steps right")
    page.find("#scrub").fill("5")
    page.frame()
    assert page.find("#output-now").inner_text().startswith("t = 5: “b” ")
    page.choose("brackets")
    page.find("#text").fill("([)]")
    page.settle()
    has_score(page, "2 of 2 steps right")
    page.find("#scrub").fill("3")
    page.frame()
    assert page.find("#output-now").inner_text().endswith("nothing is asked here")


def test_the_right_letter_of_a_text_is_the_next_one(page: Page) -> None:
    page.choose("names")
    page.find("#text").fill(" anna")
    page.settle()
    network, card = trained()["names"].network(), trained()["names"].card.card
    assert card.alphabet is not None
    answer = network.run(one_hot(" anna", card.alphabet)).answer.argmax(axis=1)
    right = sum(card.classes[answer[t]] == " anna"[t + 1] for t in range(4))
    has_score(page, f"{right} of 4 steps right")


def test_numbers_have_the_target_of_their_task(page: Page) -> None:
    page.choose("adding")
    rows = np.array(trained()["adding"].card.inputs[0], float)
    answer = trained()["adding"].network().run(rows).answer[-1, 0]
    page.find("#scrub").fill(str(len(rows)))
    page.frame()
    total = (rows[:, 0] * rows[:, 1]).sum()
    found = re.search(
        r"sum ([\d.]+) · target ([\d.]+), error", page.find("#output-now").inner_text()
    )
    assert found is not None
    assert [float(one) for one in found.groups()] == pytest.approx([answer, total], rel=1e-3)
    page.choose("flipflop")
    assert "target bit 1" in page.find("#output-now").inner_text()
    assert page.find("#output-score").inner_text() == ""


def test_a_network_that_learnt_nothing_has_no_right_answers(page: Page) -> None:
    page.choose("latch")
    assert not page.find("#output-score").is_visible()
