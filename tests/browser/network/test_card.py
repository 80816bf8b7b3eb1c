"""A network's card on the page: names, units and the target, and that it survives a reload."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.files import save
from tests.browser.network.test_whole_network import VOCABULARY, WORDS, kept
from tests.browser.page import Page

LOAD = {"name": "load", "unit": "MW", "mean": 350, "scale": 80}
CARD = {
    "channels": [LOAD, {"name": "heat", "unit": "°C", "min": -10, "max": 30}],
    "outputs": [{**LOAD, "name": "forecast"}],
    "author": "me",
}
FORECAST = Network(
    Network.random("lstm", 2, 6, seed=2, layers=2).layers,
    None,
    Readout(np.array([[0.5, -1, 1, 0.2, 0, 1]])),
)
ROWS = [(round(12 + t % 5, 1), 350 + 40 * (t % 3)) for t in range(12)]
CSV = "heat,load\n" + "".join(f"{heat},{load}\n" for heat, load in ROWS)
X = np.array([[(load - 350) / 80, (heat + 10) / 40] for heat, load in ROWS])


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    save(FORECAST, folder / "load.safetensors")
    save(WORDS, folder / "words.safetensors")
    return folder


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    page.browser_page.evaluate(
        """(files) => {
          const dataTransfer = new DataTransfer();
          for (const [name, content] of files) {
            const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
            dataTransfer.items.add(new File([bytes], name));
          }
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true}));
        }""",
        [[name, base64.b64encode(content).decode()] for name, content in files],
    )


def drop_card(page: Page, models: Path, card: dict[str, Any]) -> None:
    """Drop the card and its model together, the card first."""
    content = (models / "load.safetensors").read_bytes()
    drop(page, ("load.json", json.dumps(card).encode()), ("load.safetensors", content))
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('load.json')")
    page.settle()


def numbers(text: str) -> list[float]:
    return [float(n.replace("−", "-")) for n in re.findall(r"[−\d][\d.]*(?=\sMW)", text)]


def test_a_card_dropped_with_its_model_names_everything(page: Page, models: Path) -> None:
    drop_card(page, models, {**CARD, "target": {"ahead": 1, "columns": ["load"]}})
    assert page.notice == (
        "load.json describes the network: 2 inputs, 1 output, the target. "
        "load.json: author left out, as a card has no such key."
    )
    assert page.find("#channel option").all_inner_texts() == ["load", "heat"]
    drop(page, ("day.csv", CSV.encode()))
    page.wait_for("() => document.getElementById('steps').value === '12'")
    page.settle()
    np.testing.assert_allclose(kept(page)["input"]["values"], X, atol=1e-12)
    page.find("#scrub").fill("4")
    page.frame()
    assert float(page.find("#value").input_value()) == ROWS[3][1]
    y = 350 + 80 * FORECAST.run(X).output[:, 0]
    load = X[:, 0] * 80 + 350
    right = [y[3], load[4], y[3] - load[4], np.abs(y[:-1] - load[1:]).mean()]
    told = page.find("#output-now").inner_text()
    assert told.startswith("t = 4: forecast ") and numbers(told) == pytest.approx(right, rel=6e-3)
    page.find("#value").fill("410")  # typed in MW
    page.settle()
    assert kept(page)["input"]["values"][3][0] == pytest.approx(0.75)
    page.browser_page.reload()
    page.wait_for("() => document.querySelector('#channel option')?.innerText === 'load'")
    page.settle()
    assert page.find("#channel option").all_inner_texts() == ["load", "heat"]
    assert "target" in page.find("#output-now").inner_text()


def test_a_column_is_the_target(page: Page, models: Path) -> None:
    drop_card(page, models, CARD)
    lines = [f"{heat},{load},{load + 8}" for heat, load in ROWS]
    drop(page, ("day.csv", "\n".join(["heat,load,tomorrow", *lines]).encode()))
    page.wait_for("() => document.getElementById('csv-dialog').open")
    assert page.find("#csv-scale").input_value() == "card"
    page.find("#csv-channels select").nth(2).select_option(label="target")
    page.wait_for("() => document.getElementById('csv-status').innerText.includes('3 columns')")
    page.find("#csv-take").click()
    page.wait_for("() => document.getElementById('steps').value === '12'")
    page.settle()
    np.testing.assert_allclose(kept(page)["target"]["values"], X[:, :1] + 0.1, atol=1e-12)
    page.find("#remove-step").click()
    page.settle()
    assert len(kept(page)["target"]["values"]) == 11


def test_a_card_of_another_network_is_refused(page: Page, models: Path) -> None:
    drop_card(page, models, {"channels": ["load"]})
    assert page.notice == (
        "load.json: channels must have 2 entries, as the network has 2 inputs, got 1"
    )
    page.choose("latch")
    drop(page, ("load.json", b"{}"))
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('Open that')")


def test_a_vocabulary_is_there_after_a_reload_and_prose_is_input(page: Page, models: Path) -> None:
    drop(page, ("words.safetensors", (models / "words.safetensors").read_bytes()))
    page.wait_for("() => document.getElementById('story-title').innerText.includes('words')")
    drop(page, ("vocab.txt", "\n".join(VOCABULARY).encode()))
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('9 tokens')")
    page.settle()
    page.browser_page.reload()
    page.wait_for("() => document.getElementById('tokens').value.startsWith('the cat')")
    drop(page, ("prose.txt", b"the dog on\nthe mat"))
    page.wait_for("() => document.getElementById('steps').value === '5'")
    page.settle()
    assert kept(page)["input"]["tokens"] == [0, 8, 3, 0, 4]
    drop(page, ("prose.txt", b"the dog sleeps"))
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('sleeps')")
    page.find("#notice-actions button").click()
    page.wait_for("() => document.getElementById('steps').value === '2'")
