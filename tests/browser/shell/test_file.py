"""A network of one's own: the server started with a model file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gru_core
from gru_core.files import save
from tests.browser.page import Page
from tests.browser.server import Server

FILE = "mine.safetensors"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bidirectional GRU of two layers whose form is not PyTorch's."""
    path = tmp_path_factory.mktemp("models") / FILE
    drawn = gru_core.Network.random(
        "gru", 3, 5, seed=4, layers=2, directions=2, gain=2.0, dtype="float32", reset_after=False
    )
    save(drawn, path)
    return path


@pytest.fixture
def file_server(path: Path) -> Iterator[Server]:
    with Server(str(path)) as server:
        yield server


@pytest.fixture
def page(file_server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(file_server.url)


def entry(page: Page) -> Any:
    found = page.browser_page.evaluate(
        "() => JSON.parse(document.getElementById('config').textContent).examples"
    )
    return next(example for example in found if example["document"]["network"]["kind"] == "file")


def input_of(page: Page) -> Any:
    return np.array(entry(page)["document"]["input"]["values"])


def assert_plotted(page: Page, trace: Any) -> None:
    for name, rows in page.plots().items():
        np.testing.assert_array_equal(rows.astype("f4"), getattr(trace, name))


def test_the_page_shows_every_layer_of_the_file_as_the_core_computes_it(page: Page, path: Path):
    assert page.find("#story-title").inner_text() == FILE
    assert "2 layers in both directions, 3 inputs, 5 hidden units" in story(page)
    assert page.find("#form").input_value() == "cho2014"
    layers = gru_core.load(path).run(input_of(page)).layers
    assert_plotted(page, layers[0])
    for k in (1, 0):
        page.choose_layer(k, "reverse")
        assert_plotted(page, layers[k].reverse)
        page.choose_layer(k, "forward")
        assert_plotted(page, layers[k])


def story(page: Page) -> str:
    return page.find("#story-text").text_content() or ""


def test_a_weight_of_the_file_is_edited_and_restored(page: Page, path: Path):
    network, x = gru_core.load(path), input_of(page)
    forward = network.layers[0].forward
    page.click_cell("U_n", 1, 2)
    assert page.weight == pytest.approx(forward.U_n[1, 2], abs=1e-3)
    page.find("#weight-value").fill("1.5")
    page.browser_page.keyboard.press("Enter")
    U = np.array(forward.U_n)
    U[1, 2] = 1.5
    assert_plotted(page, gru_core.GRU(forward.replace(U_n=U)).run(x))
    page.find("#story-again").click()
    assert_plotted(page, gru_core.GRU(forward).run(x))
    page.choose_form("pytorch")
    assert_plotted(page, gru_core.GRU(forward.with_form(reset_after=True)).run(x))


def test_the_cell_of_a_whole_network_cannot_be_changed(page: Page):
    assert not page.find("#cell").is_visible() and page.find("#form").is_visible()


def test_another_cell_for_a_single_layer_is_a_random_network_of_the_same_sizes(
    open_page: Callable[..., Page], tmp_path: Path
):
    single = tmp_path / FILE
    save(gru_core.Network.random("gru", 3, 5, seed=4, dtype="float32"), single)
    with Server(str(single)) as server:
        page = open_page(server.url)
        x = input_of(page)
        assert not page.find("#network-map").is_visible()
        page.choose_cell("lstm")
        lstm = gru_core.LSTM(gru_core.LSTMParams.random(3, 5, seed=0, dtype="float32"))
        assert_plotted(page, lstm.run(x))
        assert page.find("#story-title").inner_text() == "Your network"
        page.find("#undo").click()
        page.frame()
        assert page.find("#cell").input_value() == "gru"
        assert page.find("#story-title").inner_text().startswith(FILE)


def test_a_server_without_the_file_is_reported_plainly(page: Page, file_server: Server, path: Path):
    page.click_cell("U_n", 1, 2)
    page.find("#weight-value").fill("1.5")
    page.browser_page.keyboard.press("Enter")
    edited = page.plots()["h"]
    file_server.kill()
    file_server.arguments = ()
    file_server.start()
    page.wait_for("() => !document.getElementById('notice').hidden")
    assert "no longer has this network’s file" in page.notice
    assert "started without a model file" in page.notice
    page.settle()
    assert page.network == "reader"
    page.choose(entry(page)["name"])  # the page still lists it
    assert "no longer has this network’s file" in page.notice
    assert page.network == "reader"
    page.choose("latch")
    assert page.notice == ""
    file_server.kill()
    file_server.arguments = (str(path),)
    file_server.start()
    page.wait_for("() => document.getElementById('connection').dataset.connection === 'open'")
    for _ in range(2):
        page.find("#undo").click()
        page.settle()
    assert page.find("#story-title").inner_text().startswith(FILE)
    np.testing.assert_array_equal(page.plots()["h"], edited)


def test_a_tab_that_is_reloaded_says_so_too(page: Page, file_server: Server):
    page.click_cell("U_n", 1, 2)
    page.find("#weight-value").fill("1.5")
    page.browser_page.keyboard.press("Enter")
    page.settle()
    page.browser_page.goto("about:blank")  # or it might be told before it is reloaded
    file_server.kill()
    file_server.arguments = ()
    file_server.start()
    page.browser_page.goto(page.url)
    page.wait_for("() => !document.getElementById('notice').hidden")
    assert "no longer has this network’s file" in page.notice
    page.settle()
    assert page.network == "reader"


def test_a_long_name_fits_a_phone(path: Path, open_page: Callable[..., Page], tmp_path: Path):
    long = tmp_path / f"{'my-trained-language-model' * 4}.safetensors"
    long.write_bytes(path.read_bytes())
    with Server(str(long)) as server:
        page = open_page(server.url, viewport={"width": 390, "height": 844})
        box = page.find("#story-title").bounding_box()
        assert box is not None and box["x"] + box["width"] <= 390
