"""A keystroke's way, as docs/architecture.md describes it: recorded, and held to its length."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.browser.server import Server

ROOT = Path(__file__).parents[3]
RECORDER = Path(__file__).with_name("keystroke.js").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SECTION = ARCHITECTURE[
    ARCHITECTURE.index("## A keystroke") : ARCHITECTURE.index("## A weight edit")
]

MOST_UPDATES = 3
TRIES = 8
MOST_OUT = 10
MOST_BACK = 8


@pytest.fixture(scope="module")
def recorded(browser: Browser, server: Server) -> Iterator[dict[str, Any]]:
    """What one keystroke in the text field set in motion."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab: Tab = context.new_page()
    tab.route("**/js/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    tab.goto(server.url)
    found = re.search(r"/static/[0-9a-f]+/", tab.content())
    assert found
    tab.evaluate(RECORDER, f"{found[0]}js/")
    tab.wait_for_function("() => document.getElementById('plots').dataset.settled")
    tab.focus("#text")
    tab.keyboard.press("End")
    quiet(tab)
    # On a busy machine an answer may take so long that the page marks the steps to come, which is
    # one update more. The way of a keystroke is that of one whose answer is in time.
    for _ in range(TRIES):
        tab.evaluate("Object.assign(keystroke, {out: null, back: null, updates: 0, pressed: true})")
        tab.keyboard.press("a")
        tab.wait_for_function("() => keystroke.back !== null")
        quiet(tab)
        if tab.evaluate("keystroke.updates") <= MOST_UPDATES:
            break
    yield tab.evaluate("keystroke")
    context.close()


def quiet(tab: Tab) -> None:
    """Wait until the answers about the newest run are in."""
    tab.wait_for_function(
        """() => {
          const number = document.querySelector(".number-panel");
          const { synced } = document.getElementById("plots").dataset;
          return synced && number.dataset.run === synced && !number.classList.contains("outdated");
        }"""
    )


def test_a_keystroke_updates_the_store_three_times(recorded: dict[str, Any]) -> None:
    assert recorded["updates"] <= MOST_UPDATES


@pytest.mark.parametrize(("way", "most"), [("out", MOST_OUT), ("back", MOST_BACK)])
def test_its_way_is_short_and_visits_no_module_twice(
    recorded: dict[str, Any], way: str, most: int
) -> None:
    modules = recorded[way]
    assert len(modules) <= most, modules
    assert len(set(modules)) == len(modules), modules


def test_the_way_is_the_one_that_is_documented(recorded: dict[str, Any]) -> None:
    missing = [m for way in ("out", "back") for m in recorded[way] if f"`{m}`" not in SECTION]
    assert missing == []
