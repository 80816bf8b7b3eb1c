"""The dialog of a CSV: what it takes reaches the document exactly, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route

from gru_core.gallery.examples import EXAMPLES
from tests.browser.axe import violations
from tests.browser.page import Page

SUNSPOTS = EXAMPLES["sunspots"].inputs().tolist()
LONG = "x\n" + "".join(f"{i / 16}\n" for i in range(5000))


@pytest.fixture
def sunspots(page: Page) -> Page:
    page.choose("sunspots")
    return page


def offered(page: Page, text: str, name: str = "data.csv") -> None:
    """Drop a file and wait for the dialog's answer."""
    dropped(page, text, name)
    page.wait_for("() => document.getElementById('csv-dialog').open")
    answered(page)


def dropped(page: Page, text: str, name: str = "data.csv") -> None:
    page.browser_page.evaluate(
        """([text, name]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], name));
          const event = new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true});
          document.querySelector(".brand").dispatchEvent(event);
        }""",
        [text, name],
    )


def answered(page: Page, condition: str = "true") -> None:
    page.wait_for(
        f"""() => {{
          const take = document.getElementById("csv-take");
          const status = document.getElementById("csv-status").innerText;
          return take.getAttribute("aria-disabled") === "false" && ({condition});
        }}"""
    )


def take(page: Page) -> list[list[float]]:
    page.find("#csv-take").click()
    page.wait_for("() => !document.getElementById('csv-dialog').open")
    page.settle()
    return values(page)


def values(page: Page) -> list[list[float]]:
    kept = page.kept_document()
    assert kept is not None
    found: list[list[float]] = json.loads(kept)["input"]["values"]
    return found


def test_an_index_dates_and_text_are_left_out(sunspots: Page) -> None:
    offered(sunspots, "n,day,note,x\n0,2020-01-01,ok,0.1\n1,2020-01-02,ok,-2.5e-9\n")
    kinds = sunspots.find("#csv-names th .quiet").all_inner_texts()
    assert kinds == ["counts the rows", "dates", "text", "numbers"]
    assert sunspots.find("#csv-channels select").first.input_value() == ""
    assert take(sunspots) == [[0.1], [-2.5e-9]]
    sunspots.find("#undo").click()
    sunspots.settle()
    assert values(sunspots) == SUNSPOTS


def test_an_index_can_be_taken_instead(sunspots: Page) -> None:
    offered(sunspots, "year,x\n1997,0.25\n1998,0.5\n")
    sunspots.find("#csv-channels select").first.select_option("0")
    assert sunspots.find("#csv-channels select").last.input_value() == ""
    answered(sunspots)
    assert take(sunspots) == [[1997], [1998]]


def test_a_column_of_decimal_commas_is_taken_at_once(sunspots: Page) -> None:
    dropped(sunspots, "x\n0,25\n0,5\n0,75\n")
    sunspots.wait_for("() => document.getElementById('scrub').max === '3'")
    assert values(sunspots) == [[0.25], [0.5], [0.75]]


def test_the_reader_says_how_to_read_it(sunspots: Page) -> None:
    offered(sunspots, "0,5\n1,5\n")
    assert sunspots.find("#csv-size").inner_text() == "2 rows, 2 columns."
    sunspots.find("#csv-decimal").select_option("comma")
    sunspots.wait_for("() => document.getElementById('csv-delimiter').value === 'semicolon'")
    answered(sunspots)
    sunspots.find("#csv-header").check()
    answered(sunspots, "status.startsWith('1 row ')")
    sunspots.find("#csv-header").uncheck()
    answered(sunspots, "status.startsWith('2 rows ')")
    assert take(sunspots) == [[0.5], [1.5]]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("skip", [1, 4]),
        ("hold", [1, 1, 4]),
        ("interpolate", [1, 2.5, 4]),
        ("zero", [1, 0, 4]),
    ],
)
def test_missing_values(sunspots: Page, missing: str, expected: list[float]) -> None:
    offered(sunspots, "x\n1\nNA\n4\n")
    sunspots.find("#csv-missing").select_option(missing)
    answered(sunspots, f"status.startsWith('{len(expected)} rows')")
    assert take(sunspots) == [[value] for value in expected]


def test_scaling(sunspots: Page) -> None:
    offered(sunspots, "t,x\n1,2e6\n2,4e6\n3,9e6\n".replace("e6", "e5"))
    sunspots.find("#csv-scale").select_option("divide")
    sunspots.find("#csv-by").fill("0")
    sunspots.wait_for("() => document.querySelector('#csv-status.fault') !== null")
    assert sunspots.find("#csv-take").is_disabled()
    sunspots.find("#csv-by").fill("100000")
    answered(sunspots, "status.includes('Divided by 100000')")
    assert take(sunspots) == [[2], [4], [9]]
    offered(sunspots, "t,x\n1,2\n2,4\n3,9\n")
    sunspots.find("#csv-scale").select_option("standardise")
    answered(sunspots, "status.includes('mean 5')")
    x = np.array([2.0, 4, 9])
    assert take(sunspots) == [[value] for value in (x - x.mean()) / x.std()]


def test_of_a_long_file_the_part_that_fits_is_offered(sunspots: Page) -> None:
    offered(sunspots, LONG)
    assert "Rows 1 to 4096 of 5000 are taken." in sunspots.find("#csv-status").inner_text()
    sunspots.find("#csv-start").fill("1001")
    answered(sunspots, "status.includes('Rows 1001 to 5000 of 5000')")
    assert take(sunspots) == [[i / 16] for i in range(1000, 5000)]
    offered(sunspots, LONG)
    sunspots.find("#csv-count").fill("2")
    answered(sunspots, "status.includes('Rows 1 to 2 of 5000')")
    assert take(sunspots) == [[0], [0.0625]]


def test_an_answer_to_an_older_choice_is_not_taken(sunspots: Page) -> None:
    offered(sunspots, "t,x\n1,2\n2,4\n")
    held: list[Route] = []
    sunspots.browser_page.route("**/api/table*", lambda route: held.append(route))
    with sunspots.browser_page.expect_request("**/api/table*"):
        sunspots.find("#csv-start").fill("2")
    sunspots.find("#csv-count").fill("0")
    sunspots.wait_for("() => document.getElementById('csv-count').value === '0'")
    assert len(held) == 1
    held[0].continue_()
    sunspots.wait_for("() => document.querySelector('#csv-status.fault') !== null")
    assert sunspots.find("#csv-take").get_attribute("aria-disabled") == "true"


def test_columns_go_to_the_channels_that_are_chosen(sunspots: Page) -> None:
    sunspots.set_network("input-size", "3")
    sunspots.settle()
    offered(sunspots, "a,b\n7,8\n5,6\n")
    choices = sunspots.find("#csv-channels select")
    assert [choices.nth(i).input_value() for i in (0, 1)] == ["0", "1"]
    choices.first.select_option("2")
    answered(sunspots)
    expected = [[SUNSPOTS[t][0], b, a] for t, (a, b) in enumerate([(7, 8), (5, 6)])]
    assert take(sunspots) == expected


def test_a_text_network_says_what_to_do_and_does_it(page: Page) -> None:
    page.choose("latch")
    text = page.text
    dropped(page, "x\n0.5\n0.25\n")
    assert "data.csv goes into number input" in page.notice
    page.find("#notice-actions button").first.click()
    page.wait_for("() => document.getElementById('scrub').max === '2'")
    one_hot = [[float(symbol == other) for other in ".ab"] for symbol in text]
    changed = [row[0] for row in values(page)]
    assert changed == [0.5, 0.25]
    assert [row[1:] for row in values(page)] == [row[1:] for row in one_hot[:2]]
    page.find("#undo").click()
    page.settle()
    assert page.text == text


def test_by_keyboard_alone(sunspots: Page) -> None:
    page, keyboard = sunspots, sunspots.browser_page.keyboard
    page.find("#steps").focus()
    page.paste("year,x\n1997,0.25\n1998,0.5\n")
    page.wait_for("() => document.getElementById('csv-dialog').open")
    answered(page)
    keyboard.press("Control+z")  # does nothing behind the dialog
    keyboard.press("Escape")
    page.wait_for("() => document.activeElement.id === 'steps'")
    assert values(page) == SUNSPOTS
    page.paste("year,x\n1997,0.25\n1998,0.5\n")
    page.wait_for("() => document.getElementById('csv-dialog').open")
    answered(page)
    assert page.browser_page.evaluate("document.activeElement.id") == "csv-take"
    keyboard.press("Enter")
    page.wait_for("() => document.activeElement.id === 'steps'")
    page.settle()
    assert values(page) == [[0.25], [0.5]]


def test_a_late_end_of_an_earlier_showing_does_not_end_the_next(sunspots: Page) -> None:
    offered(sunspots, "year,x\n1997,0.25\n1998,0.5\n")
    sunspots.browser_page.evaluate(
        """() => {
          const dialog = document.getElementById("csv-dialog");
          dialog.dispatchEvent(new Event("close"));
          document.getElementById("csv-start").dispatchEvent(new Event("input"));
        }"""
    )
    answered(sunspots)
    assert take(sunspots) == [[0.25], [0.5]]


@pytest.mark.parametrize("size", [(1366, 650), (390, 844)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_fits_and_is_accessible(
    open_page: Any, server: Any, size: Any, theme: str
) -> None:
    page = open_page(server.url, viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page.choose("sunspots")
    names = ",".join(f"<img src=x onerror=alert({i})>" for i in range(50))
    row = ",".join("0.5" for _ in range(50))
    offered(page, f"{names}\n{row}\n{row}\n", "<b>x</b>.csv")
    assert page.find("#csv-title").inner_text() == "Numbers from <b>x</b>.csv"
    assert page.find("#csv-dialog img").count() == 0
    assert "The last 10 columns are not shown." in page.find("#csv-size").inner_text()
    box, take_box = (page.find(id).bounding_box() for id in ("#csv-dialog", "#csv-take"))
    assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    assert box["y"] >= 0 and take_box["y"] + take_box["height"] <= size[1]
    assert violations(page) == []


def test_a_server_that_is_gone_is_named(open_page: Any, own_server: Any) -> None:
    page = open_page(own_server.url)
    page.choose("sunspots")
    own_server.kill()
    page.paste("1\n2\n")
    page.wait_for(
        "() => document.getElementById('notice-text').innerText.includes('did not answer')"
    )


def test_a_file_over_the_limit_is_not_sent(sunspots: Page) -> None:
    dropped(sunspots, "1\n" * (5 << 20))
    assert "data.csv has more than 8 MiB" in sunspots.notice
