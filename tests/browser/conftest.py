"""A real server, a real browser, and pages that must stay clean: no errors, no strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.browser import SHELL, NoBrowser, launch, may_skip
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.tabs import Tabs


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for the tests that leave it alone."""
    with Server() as running:
        yield running


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server a test may kill."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright, SHELL)
        except NoBrowser as missing:
            if not may_skip():
                raise
            pytest.skip(str(missing))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def idle_tabs(browser: Browser) -> Tabs:
    return Tabs(browser)


Open = Callable[..., Page]


@contextmanager
def clean_pages(tabs: Tabs) -> Iterator[Open]:
    """Open pages that must end without console errors, CSP violations or foreign requests."""
    opened: list[Page] = []

    def make(url: str, **options: object) -> Page:
        page = Page(tabs.open(**options), url)
        opened.append(page)
        page.open()
        return page

    yield make
    complaints = [complaint for page in opened for complaint in page.complaints]
    for page in opened:
        page.release()
        tabs.close(page.browser_page)
    assert complaints == []


@pytest.fixture
def open_page(idle_tabs: Tabs) -> Iterator[Open]:
    with clean_pages(idle_tabs) as make:
        yield make


@pytest.fixture
def page(open_page: Open, server: Server) -> Page:
    """The page as a newcomer gets it."""
    return open_page(server.url)


@pytest.fixture(scope="module")
def shared_page(idle_tabs: Tabs, server: Server) -> Iterator[Page]:
    """A page for tests that leave it as it was."""
    with clean_pages(idle_tabs) as make:
        yield make(server.url)
