"""Data of the reader's own in the Train tab: a CSV in the dialog, and what cannot be learnt."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import gru_core
from tests.browser.page import Page
from tests.browser.train.test_train import wait_for_state

WAVE = [round(300 + 80 * math.sin(k / 4), 2) for k in range(200)]


def offer(page: Page, task: str, name: str, content: str) -> None:
    """Choose a task, and give it a file."""
    page.find("#tab-train").click()
    page.browser_page.select_option("#train-task", task)
    file = {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    page.browser_page.set_input_files("#train-file", files=[file])  # type: ignore[list-item]


def in_dialog(page: Page, name: str, content: str) -> None:
    offer(page, "forecast", name, content)
    page.wait_for(
        """() => document.getElementById("csv-dialog").open
          && document.getElementById("csv-take").getAttribute("aria-disabled") === "false" """
    )


def note(page: Page) -> str:
    return page.find("#train-data-note").inner_text()


def has_fault(page: Page, words: str) -> None:
    said = "words => document.getElementById('train-fault').textContent.includes(words)"
    page.wait_for(said, words)
    assert not page.find("#train-live").is_visible()


def test_columns_are_chosen_and_the_forecast_is_of_them(page: Page, tmp_path: Path) -> None:
    rows = [f"2020-01-01;{load:.2f};{k % 7};7".replace(".", ",") for k, load in enumerate(WAVE)]
    rows[5] = "2020-01-01;;5;7"
    in_dialog(page, "load.csv", "\n".join(["day;load;week;always", *rows]))
    assert page.find("#csv-channels select").count() == 3
    assert not page.find("#csv-target-field").is_visible()
    page.find("#csv-take").click()
    assert "“always” is 7 in every row" in page.find("#csv-status").inner_text()
    page.find("#csv-channels select").nth(2).select_option("")
    page.wait_for("() => document.getElementById('csv-status').innerText.includes('2 columns')")
    page.find("#csv-take").click()
    page.wait_for("() => !document.getElementById('csv-dialog').open")
    assert note(page) == "load.csv: 200 steps of load, week. 1 missing value interpolated."
    for field, value in {"hidden_size": "6", "steps": "30"}.items():
        page.find(f"#train-{field}").fill(value)
    page.find("#train-start").click()
    wait_for_state(page, "is finished")
    with page.browser_page.expect_download() as caught:
        page.find("#train-keep").click()
    caught.value.save_as(tmp_path / "load.safetensors")
    network = gru_core.load(tmp_path / "load.safetensors")
    assert network.input_size == 2 and network.readout is not None
    assert page.find("#channel option").all_inner_texts() == ["load", "week"]
    assert "· target load " in page.find("#output-now").inner_text()
    high = page.find("#value").input_value()  # in the file's own units
    assert 200 < float(high) < 400


def test_a_constant_series_is_refused_in_the_dialog(page: Page) -> None:
    in_dialog(page, "flat.csv", "x\n" + "3\n" * 200)
    page.find("#csv-take").click()
    assert "“x” is 3 in every row" in page.find("#csv-status").inner_text()
    page.find("#csv-cancel").click()
    assert note(page).startswith("Without a file")


def test_a_short_series_is_refused_at_its_file(page: Page) -> None:
    in_dialog(page, "short.csv", "x\n" + "1\n2\n" * 10)
    page.find("#csv-take").click()
    page.wait_for("() => !document.getElementById('csv-dialog').open")
    page.find("#train-start").click()
    has_fault(page, "at least 102 steps for pieces of 50, got 20")
    assert page.find("#train-file").get_attribute("aria-invalid") == "true"


def test_a_file_without_numbers_can_be_read_differently(page: Page) -> None:
    offer(page, "forecast", "words.csv", "a,b\nx,y\nz,w\n")
    page.wait_for("() => document.getElementById('csv-dialog').open")
    assert page.find("#csv-status").inner_text() == "Take at least one column of numbers."


@pytest.mark.parametrize("task", ["forecast", "text", "labels"])
def test_an_empty_file_is_said(page: Page, task: str) -> None:
    offer(page, task, "empty.csv", "")
    page.wait_for("() => document.getElementById('train-data-note').innerText.includes('is empty')")


@pytest.mark.parametrize(
    ("task", "content", "words"),
    [
        ("text", "", "expected a text to learn, got none"),
        ("text", "a" * 500, "have at least two different characters, got only 'a'"),
        ("text", "".join(map(chr, range(0x400, 0x500))) * 2, "at most 200 different characters"),
        ("labels", "".join(f"ab\tlabel {k}\ncd\tlabel {k}\n" for k in range(101)), "from 2 to 100"),
        ("labels", "a text without a label", "line 1 must be a text, a tab and a label"),
    ],
)
def test_what_cannot_be_learnt_is_refused_before_the_training(
    page: Page, task: str, content: str, words: str
) -> None:
    page.find("#tab-train").click()
    page.browser_page.select_option("#train-task", task)
    page.find("#train-text").fill(content)
    page.find("#train-start").click()
    has_fault(page, words)
    assert page.find("#train-text").get_attribute("aria-invalid") == "true"
