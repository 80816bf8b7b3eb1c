"""Work outlives its tab: each tab keeps its own, and a new one offers the latest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as PlaywrightPage

from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page
from tests.browser.server import Server

READER = EXAMPLES["reader"].text or ""
OFFER = "Continue where you left off"

RECORDS = """() => new Promise((then, fail) => {
  const opening = indexedDB.open("gruscope", 1);
  opening.onerror = () => fail(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const all = database.transaction("documents").objectStore("documents").getAll();
    all.onsuccess = () => { database.close(); then(all.result); };
  };
})"""
DAMAGE = """(change) => new Promise((then) => {
  const opening = indexedDB.open("gruscope", 1);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("documents", "readwrite");
    const store = transaction.objectStore("documents");
    store.getAll().onsuccess = ({target}) => {
      for (const record of target.result) {
        store.put({...record, document: {...record.document, ...change}});
      }
    };
    transaction.oncomplete = () => { opening.result.close(); then(); };
  };
})"""
DENIED = """for (const name of ["indexedDB", "sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("Access is denied for this document", "SecurityError"); },
  });
}"""


class Tabs:
    """The tabs of one person's browser."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.pages: list[Page] = []

    def open(self) -> Page:
        page = Page(self.context.new_page(), self.url)
        self.pages.append(page)
        page.open()
        return page

    def close(self, page: Page) -> None:
        """Close a tab whose work has been written."""
        kept(page)
        page.browser_page.close(run_before_unload=False)


@pytest.fixture
def tabs(browser: Browser, server: Server) -> Iterator[Tabs]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = Tabs(context, server.url)
    yield opened
    context.close()
    assert [line for page in opened.pages for line in page.complaints] == []


def kept(page: Page) -> list[dict[str, Any]]:
    """The records in the database, once the tab's own document is among them."""
    wanted = {"text": page.text, "edits": page.find("#tab-edits").inner_text()}
    page.browser_page.evaluate(
        f"""async ({{text, edits}}) => {{
          const same = ({{document}}) =>
            document.input.text === text && edits === `Edits (${{document.edits.length}})`;
          while (!(await ({RECORDS})()).some(same)) await new Promise(requestAnimationFrame);
        }}""",
        wanted,
    )
    found: list[dict[str, Any]] = page.browser_page.evaluate(RECORDS)
    return found


def offer(page: Page) -> str:
    """Wait for the notice with the offer."""
    page.browser_page.get_by_role("button", name=OFFER).wait_for()
    return page.notice


def test_a_new_tab_offers_the_work_of_a_closed_one(tabs: Tabs) -> None:
    first = tabs.open()
    first.type_at(3, "q")
    first.click_cell("U_z", 1, 1)
    first.browser_page.keyboard.type("2")
    edited = first.plots()
    tabs.close(first)
    again = tabs.open()
    assert again.text == READER, "it is offered, not forced"
    assert offer(again) == (
        "Your work from an earlier visit is kept: \u201c"
        f"{(READER[:3] + 'q' + READER[3:])[:24]}\u2026\u201d, {len(READER) + 1} timesteps, 1 edit."
    )
    again.browser_page.get_by_role("button", name=OFFER).click()
    shown = again.plots()
    for quantity, values in edited.items():
        assert (shown[quantity] == values).all()
    again.find("#undo").click()
    assert again.text == READER


def test_a_first_visit_and_an_unchanged_one_offer_nothing(tabs: Tabs) -> None:
    first = tabs.open()
    assert first.browser_page.evaluate(RECORDS) == []
    assert first.notice == ""
    first.browser_page.close()
    assert tabs.open().notice == ""


def test_two_tabs_do_not_touch_each_other(tabs: Tabs) -> None:
    one = tabs.open()
    one.type_at(0, "a")
    kept(one)
    two = tabs.open()
    two.type_at(0, "b")
    assert two.text == f"b{READER}"
    assert {record["document"]["input"]["text"] for record in kept(two)} == {
        f"a{READER}",
        f"b{READER}",
    }
    for page, letter in ((one, "a"), (two, "b")):
        page.browser_page.reload()
        page.settle()
        assert page.text == letter + READER
        assert page.notice == ""


def test_a_duplicated_tab_has_its_own_record(tabs: Tabs) -> None:
    one = tabs.open()
    one.type_at(0, "a")
    kept(one)
    with tabs.context.expect_page() as opening:
        one.browser_page.evaluate("() => { open(location.href); }")
    two = Page(opening.value, tabs.url)
    two.settle()
    assert two.text == f"a{READER}", "it starts as a copy"
    two.type_at(0, "b")
    assert len(kept(two)) == 2
    one.browser_page.reload()
    one.settle()
    assert one.text == f"a{READER}"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 99}, "version: expected one of 1, got 99"),
        ({"edits": [{"op": "explode"}]}, "edits.0.op: expected one of set"),
        ({"input": {"kind": "text", "text": 3}}, "input.text: expected text, got 3"),
    ],
)
def test_a_damaged_record_is_said_once_and_ignored(
    tabs: Tabs, change: dict[str, Any], reason: str
) -> None:
    first = tabs.open()
    first.type_at(0, "a")
    kept(first)
    tabs.close(first)  # the page would write its work again
    elsewhere = tabs.context.new_page()
    elsewhere.goto(f"{tabs.url}healthz")
    elsewhere.evaluate(DAMAGE, change)
    again = tabs.open()
    again.find("#notice").wait_for()
    assert reason in again.notice
    assert not again.browser_page.get_by_role("button", name=OFFER).is_visible()
    again.type_at(0, "b")
    again.settle()
    assert again.notice == ""
    assert again.text == f"b{READER}"


def test_denied_storage_is_said_once_when_there_is_work_to_lose(tabs: Tabs) -> None:
    tabs.context.add_init_script(DENIED)
    page = tabs.open()
    assert page.notice == ""
    page.type_at(0, "a")
    page.find("#notice").wait_for()
    assert page.notice.startswith("This browser does not let the page store anything (")
    assert page.notice.endswith("Your work lasts only as long as this tab.")
    page.type_at(0, "b")
    written(page.browser_page)
    assert page.notice == ""
    assert page.plots()["h"].shape[0] == len(READER) + 2


def written(page: PlaywrightPage) -> None:
    """Let the page write what is pending, and wait for its answer."""
    page.evaluate(
        """async () => {
          dispatchEvent(new Event("pagehide"));
          for (let i = 0; i < 10; i += 1) await new Promise((then) => setTimeout(then));
        }"""
    )


def test_full_storage_is_said_once(tabs: Tabs) -> None:
    page = tabs.open()
    session = tabs.context.new_cdp_session(page.browser_page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": tabs.url.rstrip("/"), "quotaSize": 1})
    page.type_at(0, "a")
    page.find("#notice").wait_for()
    assert page.notice.startswith("This browser's storage is full (")
    page.type_at(0, "b")
    written(page.browser_page)
    assert page.notice == ""
    page.browser_page.reload()
    page.settle()
    assert page.text == f"ba{READER}", "a reload needs the tab's copy only"


def test_the_first_paint_does_not_wait_for_the_database(tabs: Tabs) -> None:
    first = tabs.open()
    first.type_at(0, "a")
    kept(first)
    first.browser_page.add_init_script(
        "IDBFactory.prototype.open = () => new EventTarget();  // never answers"
    )
    first.browser_page.reload()
    first.settle()
    assert first.text == f"a{READER}"
    assert json.loads(first.browser_page.evaluate("sessionStorage.getItem('gruscope document')"))[
        "input"
    ] == {"kind": "text", "text": f"a{READER}"}
