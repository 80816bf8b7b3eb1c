"""An example's story shows over its own network and over no other."""

from __future__ import annotations

import pytest

from gru_core.gallery.examples import EXAMPLES
from tests.browser.conftest import Open
from tests.browser.page import Page
from tests.browser.server import Server

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


def test_a_text_that_is_cut_off_can_be_unfolded(open_page: Open, server: Server) -> None:
    page = open_page(server.url, viewport={"width": 1366, "height": 650})
    page.choose("first")
    more, text = page.find("#story-more"), page.find("#story-text")
    assert more.inner_text() == "More"
    cut = "e => e.scrollHeight > e.clientHeight + 1"
    assert text.evaluate(cut)
    more.click()
    page.frame()
    assert not text.evaluate(cut) and more.get_attribute("aria-expanded") == "true"
    assert more.inner_text() == "Less"
    page.choose("parity")
    assert more.get_attribute("aria-expanded") == "false"
    tall = open_page(server.url, viewport={"width": 1440, "height": 900})
    tall.choose("first")
    assert tall.find("#story-more").is_hidden()
