"""Modules of static/js that need a document, called in the browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page as PlaywrightPage

from tests.browser.page import Page


class Modules:
    """Calls exported functions of static/js."""

    def __init__(self, page: PlaywrightPage) -> None:
        self.page = page
        found = re.search(r"/static/[0-9a-f]+/", page.content())
        assert found
        self.base = found[0] + "js/"

    def call(self, module: str, name: str, *arguments: Any) -> Any:
        return self.page.evaluate(
            "async ([url, name, args]) => (await import(url))[name](...args)",
            [f"{self.base}{module}.js", name, list(arguments)],
        )

    def run(self, module: str, body: str, argument: Any = None) -> Any:
        return self.page.evaluate(
            f"async ([url, argument]) => {{ const m = await import(url); {body} }}",
            [f"{self.base}{module}.js", argument],
        )


@pytest.fixture(scope="module")
def js(shared_page: Page) -> Modules:
    return Modules(shared_page.browser_page)
