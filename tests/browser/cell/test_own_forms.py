"""What documents and files may ask of a form, in the picture: a bound on the sums, activations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gru_core.cells.registry import CELLS
from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page

READER = EXAMPLES["reader"]
CLIPS = """() => Object.fromEntries([...document.querySelectorAll(".operator.clip")].map(
  (clip) => [clip.dataset.of, clip.querySelector(".word").textContent]))"""
ORDER = """(value) => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const parts = [`[data-part="${value}"].hit`, `[data-part="${value}/apply"]`,
    `[data-part="${value}/clip"]`, `.hit[data-of="${value}"][data-part^="a"]`];
  return parts.map(box).flatMap(({top, bottom}) => [top, bottom]);
}"""
# The operators with words that overlap a label.
HIDDEN = """() => {
  const labels = [...document.querySelectorAll(".diagram .label")];
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  return [...document.querySelectorAll(".operator .word")].flatMap((word) => labels
    .filter((label) => label.textContent
      && meet(label.getBoundingClientRect(), word.previousSibling.getBoundingClientRect()))
    .map((label) => `${word.textContent} over ${label.textContent}`));
}"""


@pytest.fixture
def page(shared_page: Page) -> Iterator[Page]:
    yield shared_page
    shared_page.choose("latch")
    shared_page.choose("reader")


def opened(page: Page, cell: str, form: dict[str, Any]) -> None:
    page.reopen(
        {
            "network": {"kind": "example", "name": "reader", "cell": cell},
            "edits": [],
            "input": {"kind": "text", "text": READER.text},
            "options": {"form": form},
        }
    )


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("gru", {"clip": 3}),
        ("gru", {"clip": 0.25, "reset_after": False}),
        ("lstm", {"clip": 1.5}),
        ("lstm", {"clip": 2, "input_forget": True}),
        ("rnn", {"clip": 1}),
    ],
)
def test_a_clip_is_drawn_between_a_sum_and_its_activation(
    page: Page, cell: str, form: dict[str, Any]
) -> None:
    opened(page, cell, form)
    params = replace(CELLS[cell].params.random(2, 3, seed=0), **form)
    equations = [e for e in params.equations() if e.clip is not None]
    clips = page.browser_page.evaluate(CLIPS)
    assert clips == {e.value: f"clip \u00b1{e.clip:g}" for e in equations}
    for value in clips:
        edges = page.browser_page.evaluate(ORDER, value)
        assert edges == sorted(edges), (value, "top to bottom, apart from one another")


def test_without_a_bound_there_is_none(page: Page) -> None:
    assert page.find(".operator.clip").count() == 0
    high = page.browser_page.evaluate("document.getElementById('diagram').offsetHeight")
    opened(page, "gru", {"clip": 3})
    assert (
        page.browser_page.evaluate("document.getElementById('diagram').offsetHeight") == high + 22
    )


@pytest.mark.parametrize(
    ("cell", "activations"),
    [
        ("gru", ["hard_sigmoid", "leaky_relu"]),
        ("gru", ["sigmoid", "scaled_tanh"]),
        ("lstm", ["hard_sigmoid", "tanh", "tanh"]),
        ("lstm", ["sigmoid", "scaled_tanh", "hard_sigmoid"]),
        ("rnn", ["scaled_tanh"]),
    ],
)
def test_the_activation_is_labelled_without_hiding_a_number(
    page: Page, cell: str, activations: list[str]
) -> None:
    opened(page, cell, {"activations": activations})
    words = page.find(".operator.apply .word").all_text_contents()
    assert set(words) == {"σ" if name == "sigmoid" else name for name in activations}
    assert page.browser_page.evaluate(HIDDEN) == []
