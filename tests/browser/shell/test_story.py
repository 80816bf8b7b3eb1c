"""An example's story shows over its own network and over no other."""

from __future__ import annotations

import pytest

from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page

STORIES = {name: example.story for name, example in EXAMPLES.items()}


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        ("cell", "LSTM, weights drawn at random"),
        ("form", "A latch, wired by hand (in another form)"),
        ("weight", "A latch, wired by hand (edited)"),
    ],
)
def test_a_story_never_shows_over_another_network(page: Page, edit: str, title: str) -> None:
    page.choose("latch")
    assert page.find("#story-text").inner_text() == STORIES["latch"]
    if edit == "cell":
        page.choose_cell("lstm")
    elif edit == "form":
        page.choose_form("cho2014")
    else:
        page.click_cell("W_z", 0, 0)
        page.browser_page.keyboard.type("3")
    page.settle()
    assert page.find("#story-title").inner_text() == title
    assert page.find("#story-text").inner_text() not in STORIES.values()
    assert page.find("#story-look").is_hidden()
    while page.find("#story-text").inner_text() != STORIES["latch"]:
        page.find("#undo").click()
        page.settle()
    assert page.find("#story-title").inner_text() == EXAMPLES["latch"].title
