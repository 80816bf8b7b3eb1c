"""Back and Forward lead from example to example, and agree with undo and redo."""

from __future__ import annotations

from gru_core.gallery.examples import EXAMPLES
from tests.browser.page import Page

READER = EXAMPLES["reader"].text or ""
LATCH = EXAMPLES["latch"].text or ""


def entries(page: Page) -> int:
    length: int = page.browser_page.evaluate("() => history.length")
    return length


def shows(page: Page, example: str, text: str) -> None:
    """Wait until the page shows an example with an input."""
    page.wait_for(
        """([example, text]) => document.getElementById("picker-open").dataset.network === example
          && document.getElementById("text").value === text""",
        arg=[example, text],
    )
    page.settle()


def test_back_returns_to_the_former_example_as_it_was_left(page: Page) -> None:
    before = entries(page)
    page.type_at(0, "my ")
    page.settle()
    assert entries(page) == before, "an edit is no entry"
    page.choose("latch")
    assert entries(page) == before + 1
    page.type_at(0, "a")
    page.settle()
    page.browser_page.go_back()
    shows(page, "reader", f"my {READER}")
    page.browser_page.go_forward()
    shows(page, "latch", f"a{LATCH}")
    page.choose("toggle")
    page.browser_page.go_back()
    shows(page, "latch", f"a{LATCH}")
    page.browser_page.go_back()
    shows(page, "reader", f"my {READER}")


def test_undo_and_redo_take_the_browsers_history_along(page: Page) -> None:
    page.choose("latch")
    page.type_at(0, "a")
    page.settle()
    for _ in range(2):
        page.find("#undo").click()
    shows(page, "reader", READER)
    page.wait_for("() => history.state.gruscope.position === 0")
    for _ in range(2):
        page.find("#redo").click()
    shows(page, "latch", f"a{LATCH}")
    page.wait_for("() => history.state.gruscope.position === 1")
    page.browser_page.go_back()
    shows(page, "reader", READER)
    page.find("#redo").click()
    shows(page, "latch", LATCH)
    page.browser_page.go_back()
    shows(page, "reader", READER)


def test_a_reload_changes_neither_the_page_nor_its_history(page: Page) -> None:
    page.type_at(0, "my ")
    page.choose("latch")
    page.type_at(0, "a")
    page.settle()
    page.browser_page.reload()
    shows(page, "latch", f"a{LATCH}")
    page.browser_page.go_back()
    shows(page, "reader", f"my {READER}")
    page.browser_page.reload()
    shows(page, "reader", f"my {READER}")
    page.browser_page.go_forward()
    shows(page, "latch", f"a{LATCH}")


def test_arriving_from_elsewhere_at_an_older_entry_shows_its_document(
    page: Page,
) -> None:
    page.choose("latch")
    page.browser_page.goto("about:blank")
    page.browser_page.evaluate("() => history.go(-2)")
    page.wait_for("() => document.getElementById('text')?.value")
    shows(page, "reader", READER)


def test_back_leaves_the_tour_first(page: Page) -> None:
    page.type_at(0, "my ")
    page.choose("latch")
    page.find("#tour-open").click()
    page.settle()
    before = entries(page)
    page.find("#tour-next").click()
    page.settle()
    assert entries(page) == before, "pages of the tour are no entries"
    page.browser_page.go_back()
    shows(page, "reader", f"my {READER}")
    assert page.find("#tour").is_hidden()
    page.browser_page.go_forward()
    shows(page, "latch", LATCH)


def test_an_entry_that_is_damaged_is_passed_over(page: Page) -> None:
    page.browser_page.evaluate(
        """() => {
          const document = {version: 1, network: {kind: "random"}, edits: [{}], input: {}};
          history.pushState({gruscope: {position: 1, document}}, "");
          history.pushState(null, "");
        }"""
    )
    page.browser_page.go_back()
    page.browser_page.reload()
    shows(page, "reader", READER)
    assert page.notice == ""
