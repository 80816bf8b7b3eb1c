"""Tabs that are used again, since a new window takes a third of the time of loading a page."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

REMOUNT = Path(__file__).with_name("remount.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1440, "height": 900}


class Tabs:
    """Lends tabs, each to one page of a test at a time.

    Between two tests a tab keeps the modules and style sheets of the page, which starts again for
    the next test in a third of the time of loading it.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[Page]] = defaultdict(list)
        self._options: dict[Page, str] = {}

    def open(self, **options: object) -> Page:
        """Return an empty tab in its own context, with reduced motion unless a test asks for it.

        Movements that nothing looks at take a sixth of the tests' time.

        ``own=True`` is for a test that does to its tab what cannot be undone.
        """
        media = {
            "reduced_motion": options.pop("reduced_motion", "reduce"),
            "color_scheme": options.pop("color_scheme", "light"),
        }
        tab = self._of_size(options.pop("viewport", DESKTOP), options)
        tab.emulate_media(**media)  # type: ignore[arg-type]
        return tab

    def _of_size(self, size: object, options: dict[str, object]) -> Page:
        reusable = not options.pop("own", False)
        key = repr(sorted(options.items()))
        if reusable and self._idle[key]:
            tab = self._idle[key].pop()
            tab.set_viewport_size(size)  # type: ignore[arg-type]
            return tab
        tab = self._browser.new_context(viewport=size, **options).new_page()  # type: ignore[arg-type]
        if reusable:
            self._options[tab] = key
        return tab

    def close(self, tab: Page) -> None:
        """Take a tab back: empty it for the next test, or close it where that cannot be done."""
        if tab in self._options and not tab.is_closed() and tab.context.pages == [tab]:
            try:
                self._empty(tab)
            except Error:  # its server is gone, or another page is open
                pass
            else:
                self._idle[self._options[tab]].append(tab)
                return
        self._options.pop(tab, None)
        tab.context.close()

    def _empty(self, tab: Page) -> None:
        tab.unroute_all()
        tab.mouse.move(0, 0)
        if not tab.evaluate("Boolean(window.remount)"):  # the test has loaded the page again
            tab.evaluate(REMOUNT)
        tab.evaluate("remount.end(), remount.forget()")
        tab.context.clear_cookies()
        tab.context.clear_permissions()
        session = tab.context.new_cdp_session(tab)
        session.send("Page.resetNavigationHistory")
        session.detach()
