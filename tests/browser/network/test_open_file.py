"""Model files opened on the page: chosen, dropped, refused, cancelled, and found again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route

from gru_core.files import save
from tests.browser.network.test_whole_network import (
    FORECAST,
    TOKENS,
    WORDS,
    answer,
    assert_plotted,
    expected,
)
from tests.browser.page import Page
from tests.browser.server import UNTRAINED, Server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    save(WORDS, folder / "words.safetensors")
    save(FORECAST, folder / "forecast.npz")
    return folder


def opened(page: Page, path: Path) -> None:
    page.find("#open-file").set_input_files(path)
    page.wait_for(
        "(title) => document.getElementById('story-title').innerText.includes(title)", path.name
    )
    page.settle()


def dropped(page: Page, name: str, content: str) -> None:
    """Drop a file on the page's header, where it has no field for it."""
    page.browser_page.evaluate(
        """([name, content]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content], name));
          const target = document.querySelector(".brand");
          target.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true}));
        }""",
        [name, content],
    )


def test_a_file_is_chosen_and_is_one_of_the_examples(page: Page, folder: Path) -> None:
    opened(page, folder / "words.safetensors")
    assert page.notice == ""
    assert_plotted(page, WORDS.run(TOKENS).layers[0])
    assert answer(page, 20) == expected(WORDS, TOKENS, 20)
    page.choose("latch")
    opened(page, folder / "forecast.npz")
    page.open_network()
    page.find('#picker-families [data-family="yours"]').click()
    titles = page.find("#picker-cards li:visible .card-title").all_inner_texts()
    assert titles == ["forecast.npz", "words.safetensors"]
    page.find("#picker-close").click()
    page.find("#undo").click()
    page.settle()
    assert page.network == "latch"


def test_a_reloaded_page_finds_its_network_again(page: Page, folder: Path) -> None:
    opened(page, folder / "words.safetensors")
    page.choose_layer(1, "reverse")
    page.browser_page.reload()
    page.settle()
    assert_plotted(page, WORDS.run(TOKENS).layers[1].reverse)
    assert page.find("#network-map .map-block").count() == 4


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.md", "# Notes", "notes.md: is none of the formats known here"),
        ("empty.pt", "", "empty.pt: is empty"),
        ("<img src=x onerror=alert(1)>.pt", "x", "<img src=x onerror=alert(1)>.pt: is none of"),
    ],
)
def test_what_is_no_network_is_refused_in_words(
    page: Page, name: str, content: str, words: str
) -> None:
    before = page.plots()
    dropped(page, name, content)
    page.wait_for("() => document.getElementById('notice').dataset.kind === 'error'")
    assert words in page.notice
    assert page.find("#notice img").count() == 0
    assert np.array_equal(page.plots()["h"], before["h"])


def test_a_file_over_the_limit_is_not_sent(page: Page) -> None:
    page.browser_page.evaluate(
        """() => {
          const file = new File([new Uint8Array(65 * 2 ** 20)], "large.safetensors");
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(file);
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true}));
        }"""
    )
    assert "large.safetensors has 65 MiB; at most 64 MiB can be opened here" in page.notice


def test_an_upload_is_cancelled(page: Page, folder: Path) -> None:
    held: list[Route] = []
    page.browser_page.route("**/api/networks*", lambda route: held.append(route))
    page.find("#open-file").set_input_files(folder / "words.safetensors")
    page.wait_for("() => !document.getElementById('notice').hidden")
    page.find("#notice-actions button").click()
    page.wait_for("() => document.getElementById('notice').hidden")
    page.browser_page.unroute("**/api/networks*")
    assert page.find("#network-map").is_hidden()


def test_a_lost_file_is_opened_again_and_the_edits_are_there(
    own_server: Server, open_page: Callable[..., Page], folder: Path
) -> None:
    page = open_page(own_server.url)
    opened(page, folder / "words.safetensors")
    page.click_cell("U_z", 1, 2)
    page.find("#weight-value").fill("-3")
    page.browser_page.keyboard.press("Enter")
    page.find('#network-map [data-part="readout"]').click()
    page.wait_for("() => document.querySelector('[data-array=W_y]')")
    page.find("#array-zero").click()
    edited, said = page.plots()["h"], page.find("#output-now").inner_text()
    own_server.kill()
    own_server.start()
    page.wait_for("() => document.getElementById('notice').dataset.kind === 'error'")
    page.wait_for("() => !document.getElementById('notice').hidden")
    assert "Open the file again to go on where you were" in page.notice
    opened(page, folder / "words.safetensors")
    assert np.array_equal(page.plots()["h"], edited)
    assert page.find("#output-now").inner_text() == said
    assert page.find("#tab-edits").inner_text() == "Edits (2)"


@pytest.fixture
def closed_server() -> Iterator[Server]:
    with Server("--no-uploads", *UNTRAINED) as server:
        yield server


def test_a_server_that_takes_no_files_says_so(
    closed_server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(closed_server.url)
    assert page.find("#open-button").is_hidden()
    dropped(page, "model.pt", "x")
    assert "does not open model files from the page" in page.notice


def test_a_file_with_several_networks_offers_them(page: Page, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path = tmp_path / "two.safetensors"
    save_file(two_networks(), path)
    page.find("#open-file").set_input_files(path)
    page.wait_for("() => document.querySelectorAll('#notice-actions button').length > 1")
    labels = page.find("#notice-actions button").all_inner_texts()
    assert labels[:2] == ["encoder", "other"]
    page.find("#notice-actions button").nth(1).click()
    page.wait_for("() => document.getElementById('story-text').innerText.includes('5 hidden')")


def two_networks() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    found = {}
    for name, units in (("encoder", 4), ("other", 5)):
        for part, size in (("ih", 3), ("hh", units)):
            found[f"{name}.weight_{part}_l0"] = rng.normal(size=(3 * units, size)).astype("f4")
            found[f"{name}.bias_{part}_l0"] = rng.normal(size=3 * units).astype("f4")
    return found
