"""The page as it opens: a trained network, whose answer one held gate breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gru_core.gallery.trained import trained
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.browser.shell.test_layout import SIZES, TERMS, lost


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server as a newcomer starts it."""
    with Server("--host", "127.0.0.1") as running:
        yield running


def test_a_held_gate_changes_the_answer_and_the_page_says_how(
    plain: Server, open_page: Open
) -> None:
    page = open_page(plain.url)
    card = trained()["first"].card
    assert "Which came first?" in page.find("#picker-open").inner_text()
    assert page.find("#story-text").inner_text().startswith(card.card.text)
    story = next(story for story in card.story if story.hold is not None)
    assert story.hold is not None and page.t == story.hold.t + 1
    page.find("#pin").click()
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    page.find("#hold-value").fill(f"{story.hold.at:g}")
    page.find("#hold-value").press("Enter")
    page.settle()
    steps = len(card.inputs[0])
    said = f"the answer changes at {story.changed} of {steps} steps"
    page.wait_for("said => document.getElementById('change-line').textContent.includes(said)", said)
    page.browser_page.keyboard.press("Control+z")
    page.wait_for("() => document.getElementById('change-line').textContent.includes('Nothing')")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_gate_that_the_story_speaks_of_can_be_held_without_scrolling(
    plain: Server, open_page: Open, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(plain.url, viewport={"width": width, "height": height})
    hold = ["#hold-name", "#hold-value", "#hold-slider", "#hold-step", "#ablate"]
    assert lost(page, [*hold, "#output-score", "#output-now"]) == []
    there, seen = page.browser_page.evaluate(TERMS)
    assert seen >= min(there, 2)


def test_what_holds_values_stays_beside_the_cell(plain: Server, open_page: Open) -> None:
    page = open_page(plain.url, viewport={"width": 1440, "height": 900})
    page.browser_page.mouse.move(300, 500)
    page.browser_page.mouse.wheel(0, 2000)
    page.frame()
    assert page.browser_page.evaluate("scrollY") > 0
    assert lost(page, ["#hold-value", "#ablate", "#scrub"]) == []
    for tab in ("train", "edits", "weights"):
        page.find(f"#tab-{tab}").click()
        page.frame()
        assert lost(page, ["#hold-value", "#ablate"]) == [], tab
