"""Pages mounted side by side in one document, and what is left of one that is unmounted."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from playwright.sync_api import Page as Tab

from tests.browser.page import Page
from tests.browser.server import Server

MOUNTING = Path(__file__).with_name("mounting.js").read_text(encoding="utf-8")
SETTLED = """(name) => {
  const plots = document.querySelector(`[data-test="${name}"] [id^="plots"][data-synced]`);
  return Boolean(plots?.dataset.synced);
}"""


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Tab]:
    """A tab with the page's markup and modules, in which no page runs yet."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    def nothing(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    tab.route("**/js/main.js", nothing)
    tab.goto(server.url)
    found = re.search(r"/static/[0-9a-f]+/", tab.content())
    assert found
    tab.evaluate(MOUNTING, f"{found[0]}js/")
    yield tab
    context.close()
    assert complaints == []


def mounted(tab: Tab, name: str, example: str) -> Locator:
    tab.evaluate(
        "([name, example]) => { window[name] = open_page(name, example); }", [name, example]
    )
    tab.wait_for_function(SETTLED, arg=name)
    return tab.locator(f'[data-test="{name}"]')


def part(page: Locator, name: str) -> Locator:
    """An element by the id it has in the markup, whatever became of that."""
    return page.locator(f'[id="{name}"], [id^="{name}-"][id$="2"]').first


OUTLIVES = ("window", "document", "document.documentElement", "document.body", "root_of_first")


def listeners(tab: Tab) -> Counter[str]:
    """Count the listeners on what outlives every page, with the elements they are mounted in."""
    session = tab.context.new_cdp_session(tab)
    count: Counter[str] = Counter()
    for target in OUTLIVES:
        found: Any = session.send("Runtime.evaluate", {"expression": target})
        what = session.send(
            "DOMDebugger.getEventListeners", {"objectId": found["result"]["objectId"]}
        )
        count.update(f"{target} {listener['type']}" for listener in what["listeners"])
    session.detach()
    return count


def test_two_pages_on_two_documents_do_not_disturb_each_other(tab: Tab) -> None:
    first, second = mounted(tab, "first", "reader"), mounted(tab, "second", "latch")
    before = part(second, "text").input_value()
    assert part(first, "text").input_value() != before
    part(first, "text").fill("hello")
    expect(part(first, "clock")).to_have_text("t = 5 / 5")
    assert part(second, "text").input_value() == before
    part(second, "first").click()
    expect(part(second, "clock")).to_have_text(f"t = 1 / {len(before)}")
    expect(part(first, "clock")).to_have_text("t = 5 / 5")
    part(second, "theme").click()
    expect(second).to_have_attribute("data-theme", "dark")
    expect(first).to_have_attribute("data-theme", "light")


def test_no_two_elements_share_an_id(tab: Tab) -> None:
    mounted(tab, "first", "reader")
    mounted(tab, "second", "latch")
    ids = Counter(
        tab.evaluate("[...document.querySelectorAll('[id]:not(symbol)')].map((e) => e.id)")
    )
    assert [name for name, n in ids.items() if n > 1] == []
    labels = tab.evaluate(
        """() => [...document.querySelectorAll('label[for]')]
          .filter((label) => label.control?.closest('[data-test]') !== label.closest('[data-test]'))
          .map((label) => label.htmlFor)"""
    )
    assert labels == []


def test_an_unmounted_page_leaves_no_listener_timer_or_socket(tab: Tab) -> None:
    page = mounted(tab, "first", "reader")
    part(page, "play").click()  # Playwright adds listeners of its own
    tab.evaluate("root_of_first = document.querySelector('[data-test]')")
    tab.evaluate("first.unmount()")
    before = listeners(tab)
    assert not any(name.startswith("root") for name in before)
    assert not any(name.endswith(("keydown", "resize", "popstate")) for name in before)
    page = mounted(tab, "again", "reader")
    part(page, "play").click()
    part(page, "pin").click()
    assert listeners(tab) != before
    assert tab.evaluate("open_sockets()") == 2
    tab.evaluate("again.unmount()")
    assert listeners(tab) == before
    assert tab.evaluate("open_sockets()") == 0
    assert tab.evaluate("waiting_timers.size") == 0
    expect(page).to_be_empty()


def test_an_unmounted_page_is_freed(page: Page) -> None:
    tab = page.browser_page
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable")
    nodes = []
    for _ in range(4):
        tab.evaluate("remount.end(), remount.start()")
        page.settle()
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Performance.getMetrics")["metrics"]
        nodes += [metric["value"] for metric in metrics if metric["name"] == "Nodes"]
    session.detach()
    assert nodes[3] - nodes[1] < nodes[1] / 10


def test_a_page_keeps_running_when_another_one_is_unmounted(tab: Tab) -> None:
    mounted(tab, "first", "reader")
    second = mounted(tab, "second", "latch")
    tab.evaluate("first.unmount()")
    part(second, "text").fill("ab.b")
    expect(part(second, "clock")).to_have_text("t = 4 / 4")
    tab.wait_for_function(SETTLED, arg="second")
