"""The Train tab: a training from its start to a network of one's own."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import gru_core
from gru_core.network.network import Network
from tests.browser.axe import violations
from tests.browser.page import Page
from tests.browser.server import Server

LENGTH = 12


def start(page: Page, *, endless: bool = False, **fields: str) -> None:
    """Start to train parity at a short length, to 400 steps or without an end in sight."""
    page.find("#tab-train").click()
    page.browser_page.select_option("#train-task", "parity")
    page.find("#train-settings input").fill(str(LENGTH))
    wanted = {"hidden_size": "8", "rate": "0.03", "steps": "400", "batch": "32"}
    if endless:
        page.find("#train-until_solved").uncheck()
        wanted["steps"] = "100000"
    for name, value in (wanted | fields).items():
        page.find(f"#train-{name}").fill(value)
    page.find("#train-start").click()


def wait_for_state(page: Page, words: str) -> None:
    text = "words => document.getElementById('train-state').textContent.includes(words)"
    page.browser_page.wait_for_function(text, arg=words, timeout=90_000)


def wait_for_step(page: Page, step: int) -> None:
    made = """step => {
      const said = document.getElementById("train-steps-made").textContent;
      return Number(said.split(" ")[1]) >= step;
    }"""
    page.browser_page.wait_for_function(made, arg=step, timeout=90_000)


def steps_made(page: Page) -> int:
    return int(page.find("#train-steps-made").inner_text().split()[1])


def shown(page: Page) -> int:
    """The step of the snapshot on show."""
    page.frame()
    return int(page.find("#train-shown").inner_text().split()[1])


def download(page: Page, path: Path) -> Network:
    with page.browser_page.expect_download() as caught:
        page.find("#train-keep").click()
    caught.value.save_as(path)
    return gru_core.load(path)


def x_of(page: Page) -> list[list[float]]:
    return [[float(c == "0"), float(c == "1")] for c in page.find("#text").input_value()]


def test_train_pause_scrub_edit_resume_undo_and_keep(page: Page, tmp_path: Path) -> None:
    title = page.find("#story-title").inner_text()
    start(page)
    wait_for_state(page, "is finished")
    assert "Solved at step" in page.find("#train-note").inner_text()
    score = page.find("#train-metric-now").inner_text()
    assert float(score.removesuffix(" %")) >= 99
    assert page.find("#story-title").inner_text() == "Parity, GRU"
    assert page.find("#network-name").inner_text() == "Parity, GRU"
    assert page.find("#network-kind").inner_text().startswith("trained here")
    last = shown(page)
    assert page.find("#train-scrub").get_attribute("max") == str(last)

    # Back through the snapshots: the gates are those of the earlier network.
    newest = page.plots()
    assert page.find("#output-score").inner_text() == f"{LENGTH} of {LENGTH} steps right"
    scrub = page.find("#train-scrub")
    scrub.focus()
    for _ in range(20):
        scrub.press("ArrowLeft")
    back = shown(page)
    assert back < last
    earlier = page.plots()
    assert np.abs(earlier["z"] - newest["z"]).max() > 0.01
    own = download(page, tmp_path / "earlier.safetensors")
    trace = own.run(x_of(page)).layers[0]
    np.testing.assert_allclose(earlier["z"], trace.z, atol=1e-6)

    # An edit of a weight becomes part of the training.
    page.find("#tab-weights").click()
    page.click_cell("b_z", 0)
    page.find("#weight-value").fill("4")
    page.find("#weight-value").press("Enter")
    page.find("#tab-train").click()
    expect(page.find("#train-note")).to_contain_text("part of the training", timeout=10_000)
    page.find("#train-one").click()
    wait_for_state(page, "is paused")
    page.wait_for(f"() => document.getElementById('train-shown').textContent === 'step {back + 1}'")
    assert page.find("#tab-edits").inner_text() == "Edits (0)"
    after = download(page, tmp_path / "after.safetensors")
    assert after.layers[0].first.arrays()["b_z"][0] == pytest.approx(4, abs=0.05)

    # Undo returns to the edit, and then to the network before the training.
    page.find("#undo").click()
    page.frame()
    assert page.find("#tab-edits").inner_text() in ("Edits (0)", "Edits (1)")
    for _ in range(8):
        if page.find("#story-title").inner_text() == title:
            break
        page.find("#undo").click()
        page.settle()
    assert page.find("#story-title").inner_text() == title
    page.find("#train-follow").click()
    page.settle()
    assert shown(page) == back + 1


def test_what_is_kept_has_the_edits_and_is_among_the_networks(page: Page, tmp_path: Path) -> None:
    start(page, steps="20")
    wait_for_state(page, "is finished")
    page.find("#tab-weights").click()
    page.click_cell("b_z", 1)
    page.find("#weight-value").fill("-3")
    page.find("#weight-value").press("Enter")
    page.find("#tab-train").click()
    before = page.plots()
    kept = download(page, tmp_path / "kept.safetensors")
    assert "Your edit is part of its weights" in page.notice
    assert page.find("#tab-edits").inner_text() == "Edits (0)"
    for name, rows in page.plots().items():
        np.testing.assert_allclose(rows, before[name], atol=1e-6)
    assert kept.layers[0].first.arrays()["b_z"][1] == -3
    np.testing.assert_allclose(before["h"], kept.run(x_of(page)).layers[0].h, atol=1e-6)


def test_pause_survives_a_reload_and_goes_on(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, own=True)
    start(page, endless=True)
    wait_for_step(page, 30)
    page.browser_page.reload()
    page.wait_for("() => document.getElementById('plots').dataset.synced")
    page.find("#tab-train").click()
    wait_for_step(page, 30)
    reached = steps_made(page)
    page.wait_for(
        """reached => {
          const text = (id) => document.getElementById(id).textContent;
          return text("train-state").includes("is paused")
            || Number(text("train-steps-made").split(" ")[1]) > reached;
        }""",
        reached,
    )
    if "is paused" in page.find("#train-state").inner_text():  # the reload took over a second
        page.find("#train-pause").click()
    wait_for_step(page, reached + 1)
    wait_for_state(page, "is running")
    page.find("#train-pause").click()
    wait_for_state(page, "is paused")
    page.find("#train-stop").click()
    wait_for_state(page, "was stopped")
    page.browser_page.close()


def test_a_fault_is_shown_at_its_field(page: Page) -> None:
    start(page, hidden_size="0")
    fault = page.find("#train-fault")
    page.frame()
    assert fault.inner_text() == "Hidden units: expected a whole number from 1 to 1024."
    field = page.find("#train-hidden_size")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("field => field === document.activeElement")
    field.fill("600")
    page.frame()
    assert not fault.is_visible()
    page.find("#train-start").click()
    page.wait_for(
        "() => document.getElementById('train-fault').textContent.includes('250000 weights')"
    )
    assert field.get_attribute("aria-describedby") == fault.get_attribute("id")
    page.browser_page.select_option("#train-cell", "rnn")
    page.browser_page.select_option("#train-initial", "chrono")
    field.fill("8")
    page.find("#train-start").click()
    page.wait_for("() => document.getElementById('train-fault').textContent.includes('no gates')")
    assert page.find("#train-initial").get_attribute("aria-invalid") == "true"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_process_is_said_and_the_page_lives_on(
    own_server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(own_server.url)
    start(page, endless=True)
    wait_for_step(page, 10)
    assert own_server.process is not None
    tasks = Path(f"/proc/{own_server.process.pid}/task").iterdir()
    (child,) = [int(p) for t in tasks for p in (t / "children").read_text().split()]
    os.kill(child, signal.SIGKILL)
    wait_for_state(page, "has failed")
    assert "ended unexpectedly" in page.find("#train-note").inner_text()
    page.type_at(0, "1")
    page.settle()
    assert page.text.startswith("1")
    page.find("#train-pause").click()
    wait_for_state(page, "is running")
    page.find("#train-stop").click()
    wait_for_state(page, "was stopped")


def test_what_a_restarted_server_has_lost_is_trained_again(
    own_server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(own_server.url)
    start(page, endless=True, seed="3")
    wait_for_step(page, 10)
    own_server.kill()
    own_server.start()
    wait_for_state(page, "has been lost")
    assert "Train again makes the same steps" in page.find("#train-note").inner_text()
    again = page.find("#train-pause")
    assert again.inner_text() == "Train again"
    again.click()
    wait_for_state(page, "is running")
    assert again.inner_text() == "Pause"
    wait_for_step(page, 10)
    page.find("#train-stop").click()
    wait_for_state(page, "was stopped")
    page.find("#train-new").click()
    assert page.find("#train-seed").input_value() == "3"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tab_is_accessible_in_both_themes(page: Page, theme: str) -> None:
    if theme == "dark":
        page.find("#theme").click()
    page.find("#tab-train").click()
    page.frame()
    assert violations(page) == []
    start(page, steps="10")
    wait_for_state(page, "is finished")
    page.frame()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (1440, 900), (390, 844)])
def test_the_training_fits(
    open_page: Callable[..., Page], server: Server, width: int, height: int
) -> None:
    page = open_page(server.url, viewport={"width": width, "height": height})
    start(page, steps="10")
    wait_for_state(page, "is finished")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser_page.evaluate(overflow) == 0
    panel = page.find("#train-panel")
    assert panel.evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0
    if width > 1000:
        box, scrub = panel.bounding_box(), page.find("#train-scrub").bounding_box()
        assert box is not None and scrub is not None
        assert scrub["y"] + scrub["height"] <= box["y"] + box["height"]
