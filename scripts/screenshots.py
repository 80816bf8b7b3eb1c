"""Take the README's pictures from the real page: ``make screenshots``."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.browser import launch
from tests.browser.server import Server

IMAGES = Path(__file__).parents[1] / "docs" / "images"
# Pages of the tour before the one about the update gate.
UPDATE = 2
SETTLED = """() => {
  const plots = document.getElementById("plots");
  const { synced, settled } = plots.dataset;
  return synced && synced === settled && !plots.classList.contains("live");
}"""


def settle(page: Page) -> None:
    page.wait_for_timeout(300)
    page.wait_for_function(SETTLED)


def choose_network(page: Page, name: str) -> None:
    """Choose a network in the list of networks."""
    page.click("#picker-open")
    page.click(f'.network-card[data-network="{name}"]')


def open_page(browser: Browser, url: str, theme: str, width: int, height: int) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page.goto(url)
    settle(page)
    return page


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page = open_page(browser, server.url, "light", 1440, 900)
        choose_network(page, "first")
        settle(page)
        page.screenshot(path=IMAGES / "first-light.png")
        page = open_page(browser, server.url, "dark", 1440, 900)
        choose_network(page, "sunspots")
        page.click("#view-lines")
        settle(page)
        page.screenshot(path=IMAGES / "sunspots-dark.png")
        choose_network(page, "reader")
        page.click("#view-heatmap")
        page.click("#tour-open")
        for _ in range(UPDATE):
            page.click("#tour-next")
        page.click("#tour-options input >> nth=1")
        page.click("#tour-show")
        settle(page)
        page.screenshot(path=IMAGES / "tour-dark.png")
        page = open_page(browser, server.url, "light", 1440, 1000)
        page.select_option("#cell", "lstm")
        settle(page)
        page.mouse.move(1, 1)
        page.locator(".cell").screenshot(path=IMAGES / "lstm-cell.png")
        page = open_page(browser, server.url, "light", 390, 844)
        choose_network(page, "latch")
        settle(page)
        page.screenshot(path=IMAGES / "latch-phone.png")
        browser.close()


if __name__ == "__main__":
    main()
