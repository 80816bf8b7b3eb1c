"""A real server, a real browser, and pages that must stay clean: no errors, no strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from scripts.browser import NoBrowser, launch, may_skip
from tests.browser.page import Page
from tests.browser.server import Server


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
            chromium = launch(playwright)
        except NoBrowser as missing:
            if not may_skip():
                raise
            pytest.skip(str(missing))
        yield chromium
        chromium.close()


Open = Callable[..., Page]


@contextmanager
def clean_pages(browser: Browser) -> Iterator[Open]:
    """Open pages that must end without console errors, CSP violations or foreign requests."""
    opened: list[tuple[BrowserContext, Page]] = []

    def make(url: str, **options: object) -> Page:
        size = options.pop("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        page = Page(context.new_page(), url)
        opened.append((context, page))
        page.open()
        return page

    yield make
    complaints = [complaint for _, page in opened for complaint in page.complaints]
    for context, _ in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    with clean_pages(browser) as make:
        yield make


@pytest.fixture
def page(open_page: Open, server: Server) -> Page:
    """The page as a newcomer gets it."""
    return open_page(server.url)


@pytest.fixture(scope="module")
def shared_page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page for tests that leave it as it was."""
    with clean_pages(browser) as make:
        yield make(server.url)
