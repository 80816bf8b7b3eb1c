"""Tabs that are used again, since a new window takes a third of the time of loading a page."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page

DESKTOP = {"width": 1440, "height": 900}

# What a tab may keep for the next page of the same origin.
FORGET = """async () => {
  sessionStorage.clear();
  localStorage.clear();
  for (const { name } of await indexedDB.databases()) {
    await new Promise((then) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = then;
    });
  }
}"""


class Tabs:
    """Lends tabs, each to one page of a test at a time."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: list[Page] = []
        self._plain: set[Page] = set()

    def open(self, **options: object) -> Page:
        """Return a blank tab in a context of its own; one with any option but the size is new.

        ``own=True`` is for a test that does to its tab what cannot be undone.
        """
        size = options.pop("viewport", DESKTOP)
        is_plain = not options
        options.pop("own", None)
        if not (is_plain and self._idle):
            tab = self._browser.new_context(viewport=size, **options).new_page()  # type: ignore[arg-type]
            if is_plain:
                self._plain.add(tab)
            return tab
        tab = self._idle.pop()
        tab.set_viewport_size(size)  # type: ignore[arg-type]
        return tab

    def close(self, tab: Page) -> None:
        """Take a tab back: empty it for the next test, or close it where that cannot be done."""
        if tab in self._plain and not tab.is_closed() and tab.context.pages == [tab]:
            try:
                self._empty(tab)
            except Error:  # its server is gone
                pass
            else:
                self._idle.append(tab)
                return
        self._plain.discard(tab)
        tab.context.close()

    def _empty(self, tab: Page) -> None:
        url = urlsplit(tab.url)
        tab.unroute_all()
        tab.mouse.move(0, 0)
        # A page of the same origin that saves nothing when it is left.
        tab.goto(f"{url.scheme}://{url.netloc}/healthz")
        tab.evaluate(FORGET)
        tab.context.clear_cookies()
        tab.context.clear_permissions()
        tab.goto("about:blank")
        session = tab.context.new_cdp_session(tab)
        session.send("Page.resetNavigationHistory")
        session.detach()
