"""Writing on from the page: what the core writes, taken over as input, and taken back."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import expect

from gru_core import Clamp, Readout
from gru_core.files import save
from gru_core.learn import Architecture, initial_network
from gru_core.learn.sampling import free_run, write_on
from tests.app.support import LATCH
from tests.browser.network.test_card import drop
from tests.browser.network.test_whole_network import kept
from tests.browser.page import Page

DRAWN = initial_network(Architecture("gru", 9), 5, 5, "softmax", seed=4, dtype="float64")
assert DRAWN.readout is not None
LETTERS = DRAWN.with_ends(readout=Readout(10 * DRAWN.readout.W, head="softmax"))
"""Every unit matters to its answers."""
SERIES = initial_network(Architecture("gru", 6), 2, 2, "identity", seed=1, dtype="float64")
ALPHABET = "abcde"
TEXT = "dbeacab"


def opened(page: Page, folder: Path, network: Any, card: dict[str, Any]) -> None:
    """Open a network with its card from files."""
    save(network, folder / "net.safetensors")
    drop(
        page,
        ("net.json", json.dumps(card).encode()),
        ("net.safetensors", (folder / "net.safetensors").read_bytes()),
    )
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('net.json')")
    page.settle()
    page.find("#notice-close").click()


def options(page: Page, **fields: Any) -> None:
    page.find("#write-summary").click()
    for name, value in fields.items():
        page.find(f"#write-{name}").fill(str(value))
        page.find(f"#write-{name}").blur()
    page.find("#write-summary").click()


def letters(page: Page, folder: Path) -> None:
    opened(page, folder, LETTERS, {"alphabet": ALPHABET})
    page.find("#mode-text").click()
    page.find("#text").fill(TEXT)
    page.settle()
    page.find("#scrub").fill("4")
    options(page, temperature=0, steps=20)


def spelt(written: Any, steps: int = 20) -> str:
    return "".join(ALPHABET[one.symbol] for one in islice(written, steps))


def expect_text(page: Page, text: str) -> None:
    expect(page.find("#written-text")).to_have_text(TEXT[:4] + text)


def symbols(text: str) -> list[int]:
    return [ALPHABET.index(letter) for letter in text]


def test_it_writes_what_the_core_writes_which_becomes_the_input(page: Page, tmp_path: Path) -> None:
    letters(page, tmp_path)
    page.find("#write").click()
    wanted = spelt(free_run(LETTERS, symbols(TEXT[:4]), seed=0, temperature=0))
    expect_text(page, wanted)
    assert kept(page)["input"] == {"kind": "text", "text": TEXT}
    page.find("#written-use").click()
    expect(page.find("#written")).to_be_hidden()
    page.settle()
    assert kept(page)["input"] == {"kind": "text", "text": TEXT[:4] + wanted}
    page.find("#undo").click()
    page.settle()
    assert kept(page)["input"] == {"kind": "text", "text": TEXT}


def test_temperature_top_and_seed_are_the_core_s(page: Page, tmp_path: Path) -> None:
    letters(page, tmp_path)
    options(page, temperature=1.5, top=3, seed=11)
    page.find("#write").click()
    start = symbols(TEXT[:4])
    expect_text(page, spelt(free_run(LETTERS, start, seed=11, temperature=1.5, top_k=3)))
    expect(page.find("#written-now")).to_contain_text("temperature 1.5, top 3, seed 11")
    page.find("#written-discard").click()
    expect(page.find("#written")).to_be_hidden()
    assert kept(page)["input"] == {"kind": "text", "text": TEXT}


def test_a_hold_changes_what_is_written(page: Page, tmp_path: Path) -> None:
    letters(page, tmp_path)
    options(page, temperature=1)
    page.find("#write").click()
    start = symbols(TEXT)
    trace = LETTERS.run(np.eye(5)[start])
    plain = spelt(write_on(LETTERS, trace, 3, seed=1))
    expect_text(page, plain)
    page.find("#unit").fill("5")
    page.find("#ablate").click()
    unit = kept(page)["edits"][0]["unit"]
    clamps = [Clamp("h", unit, 0.0)]
    held = LETTERS.run(np.eye(5)[start], clamps=clamps)
    changed = spelt(write_on(LETTERS, held, 3, seed=1, clamps=clamps))
    assert changed != plain
    expect_text(page, changed)


def test_a_series_goes_on_and_its_rows_become_the_input(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, SERIES, {"channels": [{"name": "a", "mean": 3, "scale": 2}] * 2})
    rows = kept(page)["input"]["values"]
    page.find("#last").click()
    options(page, steps=15)
    page.find("#write").click()
    expect(page.find("#written-now")).to_have_text(f"after t = {len(rows)}: 15 steps")
    page.find("#written-use").click()
    page.settle()
    found = kept(page)["input"]["values"]
    wanted = [one.answer for one in islice(free_run(SERIES, rows, seed=0), 15)]
    assert found[: len(rows)] == rows
    np.testing.assert_allclose(found[len(rows) :], wanted, atol=1e-9)


def test_it_can_be_stopped(page: Page, tmp_path: Path) -> None:
    letters(page, tmp_path)
    options(page, steps=4000)
    page.find("#write").click()
    expect(page.find("#write")).to_have_text("Stop")
    page.wait_for("() => document.getElementById('written-text').innerText.length > 10")
    page.find("#write").click()
    expect(page.find("#write")).to_have_text("Write on")
    expect(page.find("#written-now")).to_contain_text("stopped after")
    count = len(page.find("#written-text").inner_text())
    assert 10 < count < 4000
    page.frame()
    assert len(page.find("#written-text").inner_text()) == count


def test_a_wrong_option_is_named_and_changes_nothing(page: Page, tmp_path: Path) -> None:
    letters(page, tmp_path)
    options(page, temperature=7)
    assert page.notice == "Temperature: expected a number from 0 to 5, got “7”."
    page.find("#write").click()
    expect(page.find("#written-now")).to_contain_text("the likeliest each time")


def test_a_network_that_cannot_write_on_has_no_button(page: Page) -> None:
    page.reopen(LATCH | {"version": 1, "edits": [], "options": {}})
    expect(page.find("#write-on")).to_be_hidden()
