"""The score without each unit, on the page: bars, the selection, the keyboard and edits."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gru_core import Network, Readout, save
from gru_core.files.card import save_card
from gru_core.learn.ablation import ablations
from gru_core.learn.tasks.parity import Parity
from gru_core.network.card import Card, Training
from gruscope.jobs.ablation import SEED
from tests.browser.conftest import Open
from tests.browser.page import Page
from tests.browser.server import Server

TASK = Parity(length=16)
NETWORK = Network(
    Network.random("gru", 2, 5, seed=3, layers=2, gain=2.0).layers,
    readout=Readout(np.random.default_rng(0).normal(size=(2, 5)), head="softmax"),
)
DONE = "() => document.getElementById('units-measure').textContent === 'Measure again'"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "parity.safetensors"
    save(NETWORK, path)
    save_card(
        Card(alphabet="01", training=Training("parity", {"length": 16})), path.with_suffix(".json")
    )
    return path


@pytest.fixture(scope="module")
def parity_server(model: Path) -> Iterator[Server]:
    with Server(str(model)) as running:
        yield running


def said(page: Page) -> str:
    return page.find("#units-said").inner_text().replace("\u00a0", " ")


def shown(page: Page) -> list[tuple[int, float]]:
    """Return the units and the scores in the words of their bars."""
    bars = page.find("#units-bars button").evaluate_all("all => all.map((one) => one.ariaLabel)")
    found = [re.match(r"Unit (\d+): ([\d.]+)\s% right without it", bar) for bar in bars]
    return [(int(one[1]), float(one[2])) for one in found if one]


def test_bars_are_the_core_s_scores_and_select_their_unit(
    open_page: Open, parity_server: Server
) -> None:
    page = open_page(parity_server.url, viewport={"width": 1440, "height": 1000})
    page.find("#cell-units").click()
    page.wait_for(DONE)
    batch = TASK.held_out(np.random.default_rng(SEED), 256)
    scores = [one for one in ablations(TASK, NETWORK, batch) if one.layer == 0]
    expected = [(one.unit, round(100 * one.score, 1)) for one in scores]
    assert dict(shown(page)) == pytest.approx(dict(expected), abs=0.051)
    whole = 100 * TASK.score(NETWORK, batch)
    assert f"Parity, score on 256 fresh sequences: {whole:.1f} % right" in said(page)
    assert page.find("#units-whole").inner_text().startswith("every unit")
    assert page.find("#units-chance").inner_text() == "chance 50.0\u00a0%"

    page.find("#units-by-effect").click()
    page.frame()
    losses = [score for _, score in shown(page)]
    assert losses == sorted(losses)
    first = shown(page)[0][0]
    page.find("#units-bars button").first.click()
    page.settle()
    assert page.find("#unit").input_value() == str(first)
    page.browser_page.keyboard.press("ArrowRight")
    page.browser_page.keyboard.press("Enter")
    page.settle()
    assert page.find("#unit").input_value() == str(shown(page)[1][0])
    assert page.find("#units-bars [aria-current]").get_attribute("data-unit") == str(
        shown(page)[1][0]
    )


def test_after_an_edit_the_bars_are_stale_until_they_are_measured_again(
    open_page: Open, parity_server: Server
) -> None:
    page = open_page(parity_server.url, viewport={"width": 1440, "height": 1000})
    page.find("#cell-units").click()
    page.wait_for(DONE)
    before = shown(page)
    page.find("#ablate").click()
    page.settle()
    assert "The network has changed since then." in said(page)
    page.find("#units-measure").click()
    page.wait_for(DONE)
    assert "changed" not in said(page)
    assert shown(page) != before
    page.find("#undo").click()
    page.settle()
    assert "The network has changed since then." in said(page)


def test_a_network_without_a_known_task_has_no_such_bars(page: Page) -> None:
    page.choose("latch")
    assert page.find("#cell-units").is_hidden()
