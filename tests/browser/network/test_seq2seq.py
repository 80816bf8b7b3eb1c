"""An encoder and a decoder on the page: one clock, and holds in one that change the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from gru_core import Clamp, Seq2Seq, explain, save
from gru_core.gallery.trained import trained
from gru_core.seq2seq.trace import Seq2SeqTrace, Stage
from tests.browser.page import Page
from tests.browser.server import Server

CARD = trained()["numbers"].card
CLASSES = CARD.card.classes or ()


@pytest.fixture(scope="module")
def model() -> Seq2Seq:
    found = trained()["numbers"].network(np.float64)
    assert isinstance(found, Seq2Seq)
    return found


@pytest.fixture
def opened(page: Page) -> Page:
    page.choose("numbers")
    return page


def spoken(trace: Seq2SeqTrace) -> str:
    return "".join(CLASSES[symbol] for symbol in trace.tokens)


def run(model: Seq2Seq, text: str, *clamps: Clamp) -> Seq2SeqTrace:
    return model.run([int(character) for character in text], clamps=clamps)


def both(trace: Seq2SeqTrace, name: str) -> np.ndarray:
    return np.concatenate([each.layers[0].values[name] for each in (trace.encoder, trace.decoder)])


def says(page: Page, words: str) -> None:
    expect(page.find("#output-now")).to_contain_text(f"Says “{words}”")


def test_values_of_both_stages_are_those_of_the_core(opened: Page, model: Seq2Seq) -> None:
    trace = run(model, "417")
    says(opened, "four hundred seventeen")
    assert spoken(trace) == "four hundred seventeen"
    expect(opened.find("#output-score")).to_have_text("23 of 23 steps right")
    for name, rows in opened.plots().items():
        np.testing.assert_allclose(rows[: sum(trace.steps)], both(trace, name), atol=1e-5)
        assert np.isnan(rows[sum(trace.steps) :]).all()
    opened.type_at(3, "8")
    trace = run(model, "4178")
    says(opened, spoken(trace))
    shown = opened.plots()["h"]
    np.testing.assert_allclose(shown[: sum(trace.steps)], both(trace, "h"), atol=1e-5)


def test_a_gate_held_in_the_encoder_changes_what_the_decoder_says(
    opened: Page, model: Seq2Seq
) -> None:
    story = next(story for story in CARD.story if story.hold is not None)
    assert story.hold is not None and opened.t == story.hold.t + 1
    opened.find("#pin").click()
    opened.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    opened.find("#hold-value").fill(f"{story.hold.at:g}")
    opened.find("#hold-value").press("Enter")
    held = Clamp(story.hold.value, story.unit, story.hold.at, story.hold.t)
    now = spoken(run(model, "417", held))
    assert now != "four hundred seventeen" and f"“{now}”" in story.says
    says(opened, now)
    changed = f"it says “{now}” instead of “four hundred seventeen”"
    expect(opened.find("#change-line")).to_contain_text(changed)
    opened.browser_page.keyboard.press("Control+z")
    says(opened, "four hundred seventeen")


@pytest.mark.parametrize(("stage", "t"), [("encoder", 2), ("decoder", 6)])
def test_a_step_shows_the_layer_that_acts_at_it(
    opened: Page, model: Seq2Seq, stage: Stage, t: int
) -> None:
    trace = run(model, "417")
    place = f'#network-map [data-place="{int(stage == "decoder")}.forward"]'
    if stage == "encoder":
        opened.find("#last").click()
    for _ in range(abs(opened.t - 1 - t)):
        opened.find("#next" if stage == "decoder" else "#previous").click()
    expect(opened.find(place)).to_have_attribute("aria-pressed", "true")
    assert opened.t == t + 1
    opened.settle()
    network, step = model.of(stage), t if stage == "encoder" else t - 3
    assert opened.shape("W_z") == network.layers[0].first.arrays()["W_z"].shape
    opened.find("#quantities button").first.click()
    unit = int(opened.find("#unit").input_value())
    found = explain(trace.of(stage).layers[0], network.layers[0].first, "z", step, unit)
    expect(opened.find("#equation-numbers")).to_contain_text(f"{found.result:.4f}")


def test_the_map_leads_to_the_steps_of_a_stage_and_back(opened: Page) -> None:
    assert opened.t == 1
    opened.choose_layer(1)
    assert opened.t == 4, "the first step of the decoder"
    opened.choose_layer(0)
    assert opened.t == 3, "the last one of the encoder"
    opened.find("#last").click()
    opened.settle()
    assert opened.t == 26, "where the answer ends"
    assert opened.find("#next").get_attribute("aria-disabled") == "true"


def test_weights_of_the_decoder_can_be_edited(opened: Page, model: Seq2Seq) -> None:
    opened.choose_layer(1)
    expect(opened.find('[data-array="W_z"] .array-view')).to_have_attribute(
        "aria-label", re.compile("64 by 23")
    )
    opened.click_cell("b_z", 5)
    row = int(opened.find("#weight-name").inner_text().split("[")[1].rstrip("]"))
    opened.find("#weight-value").fill("9")
    opened.find("#weight-value").press("Enter")
    layer = model.decoder.layers[0]
    b_z = layer.first.arrays()["b_z"].copy()
    b_z[row] = 9
    edited = model.with_networks(
        decoder=model.decoder.with_layers([type(layer)(layer.first.replace(b_z=b_z))])
    )
    trace = run(edited, "417")
    says(opened, spoken(trace))
    shown = opened.plots()["h"]
    np.testing.assert_allclose(shown[: sum(trace.steps)], both(trace, "h"), atol=1e-5)


def test_a_file_with_both_is_opened(
    open_page: Callable[..., Page], server: Server, model: Seq2Seq, tmp_path: Path
) -> None:
    page = open_page(server.url)
    file = tmp_path / "mine.safetensors"
    save(model, file)
    page.find("#open-file").set_input_files(file)
    expect(page.find("#picker-open")).to_contain_text("encoder and decoder, GRU, 64 units")
    page.settle()
    expect(page.find("#network-map")).to_contain_text("decoder GRU 64")
    assert np.isfinite(page.plots()["h"][:1]).all()
