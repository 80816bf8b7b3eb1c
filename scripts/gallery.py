"""Take a picture of every main state and every tour page: ``make gallery``.

In both themes and at every size that the layout is made for, to be looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from gruscope.content.tour.pages import PAGES
from scripts.browser import launch
from scripts.screenshots import choose_network, open_page, settle
from tests.browser.server import Server

# A page of the tour leaves time to read before it goes to what it tells of.
READ_MS = 2500
SIZES = ((1366, 650), (1280, 720), (1440, 900), (1920, 1080), (1024, 768), (390, 844))
PHONE = 600


def lines(page: Page) -> None:
    page.click("#view-lines")


def numbers(page: Page) -> None:
    page.click("#view-numbers")


def lstm(page: Page) -> None:
    page.click("#view-heatmap")
    page.select_option("#cell", "lstm")


def rnn(page: Page) -> None:
    page.select_option("#cell", "rnn")


def sunspots(page: Page) -> None:
    choose_network(page, "sunspots")


def edits(page: Page) -> None:
    """A run pinned, a letter put in, a value held, a unit ablated: the list and the difference."""
    choose_network(page, "reader")
    settle(page)
    page.click("#pin")
    page.focus("#text")
    page.evaluate("document.getElementById('text').setSelectionRange(3, 3)")
    page.keyboard.type("q")
    page.keyboard.press("Tab")
    page.click("#hold-always")
    page.click("#ablate")
    page.click("#tab-edits")


def difference(page: Page) -> None:
    page.click("#compare-difference")


def vectors(page: Page) -> None:
    page.click("#unpin")
    page.click("#tab-weights")
    if page.is_visible("#lens-toggle"):
        page.click("#lens-toggle")
    page.click("#cell-vectors")


def presented(page: Page) -> None:
    page.click("#cell-diagram")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")


def helped(page: Page) -> None:
    page.keyboard.press("Escape")
    page.click("#help")


STATES: tuple[Callable[[Page], None], ...] = (
    lines,
    numbers,
    lstm,
    rnn,
    sunspots,
    edits,
    difference,
    vectors,
    presented,
    helped,
)


def take(page: Page, path: Path, whole: bool) -> None:
    settle(page)
    page.mouse.move(1, 1)
    page.screenshot(path=path, full_page=whole)
    print(path)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "dist/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for theme in ("light", "dark"):
            for width, height in SIZES:
                name, whole = f"{theme}-{width}x{height}", width < PHONE
                page = open_page(browser, server.url, theme, width, height)
                take(page, folder / f"{name}-00-first.png", whole)
                for number, state in enumerate(STATES, 1):
                    state(page)
                    take(page, folder / f"{name}-{number:02}-{state.__name__}.png", whole)
                page.close()
                page = open_page(browser, server.url, theme, width, height)
                page.click("#tour-open")
                for number, told in enumerate(PAGES, 1):
                    page.wait_for_timeout(READ_MS)
                    take(page, folder / f"{name}-tour-{number:02}-{told.name}.png", False)
                    page.click("#tour-show")
                    take(page, folder / f"{name}-tour-{number:02}-{told.name}-done.png", False)
                    page.click("#tour-next")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
