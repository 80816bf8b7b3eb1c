"""A whole network on the page: every layer, the map, tokens in and the answer out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, Layer, Network, Readout
from gru_core.files import save
from tests.browser.page import Page
from tests.browser.server import Server

RNG = np.random.default_rng(5)
STACK = Network.random("gru", 4, 6, layers=2, directions=2, seed=3, gain=2.0, dtype="float32")
WORDS = Network(
    STACK.layers,
    RNG.normal(size=(9, 4)).astype("f4"),
    Readout(RNG.normal(size=(3, 12)).astype("f4"), RNG.normal(size=3).astype("f4"), "softmax"),
)
DEEP = Network.random("lstm", 1, 5, layers=3, seed=3, gain=2.0, dtype="float32")
FORECAST = replace(DEEP, readout=Readout(RNG.normal(size=(1, 5)).astype("f4")))
TOKENS = np.arange(48) % 9


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    folder = tmp_path_factory.mktemp("models")
    found = {}
    for name, network in (("words", WORDS), ("forecast", FORECAST)):
        save(network, folder / f"{name}.safetensors")
        found[name] = Server(str(folder / f"{name}.safetensors"))
        found[name].start()
    yield found
    for server in found.values():
        server.kill()


@pytest.fixture
def words(servers: dict[str, Server], open_page: Callable[..., Page]) -> Page:
    return open_page(servers["words"].url)


@pytest.fixture
def forecast(servers: dict[str, Server], open_page: Callable[..., Page]) -> Page:
    return open_page(servers["forecast"].url)


def directions(trace: Any) -> list[tuple[str, Any]]:
    return [("forward", trace), ("reverse", trace.reverse)]


def assert_plotted(page: Page, trace: Any) -> None:
    for name, rows in page.plots().items():
        np.testing.assert_allclose(rows, getattr(trace, name), atol=2e-6)


def answer(page: Page, t: int) -> str:
    """The sentence about the answer at a step, from 0."""
    page.find("#scrub").fill(str(t + 1))
    page.frame()
    return page.find("#output-now").inner_text()


def percent(value: float) -> str:
    return f"{int(np.floor(100 * value + 0.5))} %"


def expected(network: Network, x: Any, t: int, **options: Any) -> str:
    row = network.run(x, **options).answer[t]
    if network.readout is not None and network.readout.head == "softmax":
        order = np.argsort(-row, kind="stable")[:3]
        return f"t = {t + 1}: " + ", ".join(f"class {i} {percent(row[i])}" for i in order)
    return f"t = {t + 1}: " + ", ".join(f"{v:.3f}".replace("-", "−") for v in row)


def test_every_layer_direction_and_answer_is_the_core_s(words: Page) -> None:
    trace = WORDS.run(TOKENS)
    for k in range(2):
        for name, one in directions(trace.layers[k]):
            words.choose_layer(k, name)
            assert_plotted(words, one)
    for t in (0, 20, 47):
        assert answer(words, t) == expected(WORDS, TOKENS, t)
    assert words.find("#network-map").inner_text().split() == [
        *("x", "tokens", "→", "embed", "9", "×", "4", "→", "GRU", "6", "→", "←"),
        *("→", "GRU", "6", "→", "←", "→", "readout", "softmax", "→", "ŷ", "3"),
    ]


def edited(network: Network, value: float) -> Network:
    """The network with one weight of its first layer changed."""
    first = network.layers[0]
    U = np.array(first.forward.U_z)  # type: ignore[union-attr]
    U[1, 2] = value
    layer = replace(first, forward=first.forward.replace(U_z=U))  # type: ignore[union-attr]
    return network.with_layers([layer, *network.layers[1:]])


def test_an_edit_in_layer_1_reaches_layer_2_and_the_answer(words: Page) -> None:
    words.click_cell("U_z", 1, 2)
    words.find("#weight-value").fill("-3")
    words.browser_page.keyboard.press("Enter")
    words.settle()
    after = edited(WORDS, -3)
    assert answer(words, 30) == expected(after, TOKENS, 30) != expected(WORDS, TOKENS, 30)
    words.choose_layer(1, "reverse")
    assert_plotted(words, after.run(TOKENS).layers[1].reverse)
    assert "edited" in (block(words, 0, "forward").get_attribute("class") or "")
    assert "edited" not in (block(words, 1, "reverse").get_attribute("class") or "")
    words.find("#undo").click()
    words.settle()
    assert answer(words, 30) == expected(WORDS, TOKENS, 30)


def block(page: Page, layer: int, direction: str) -> Any:
    return page.find(f'.map-block[data-place="{layer}.{direction}"]')


def test_layers_are_switched_without_losing_anything(forecast: Page) -> None:
    forecast.click_cell("U_i", 1, 2)
    forecast.find("#weight-value").fill("2.5")
    forecast.browser_page.keyboard.press("Enter")
    forecast.find("#scrub").fill("11")
    forecast.find("#value").fill("3")
    forecast.browser_page.keyboard.press("Enter")
    forecast.choose_layer(2)
    forecast.click_cell("U_o", 0, 1)
    forecast.find("#weight-value").fill("-1.5")
    forecast.browser_page.keyboard.press("Enter")
    x = np.array(kept(forecast)["input"]["values"])
    assert x[10, 0] == 3
    after = changed(FORECAST, {(0, "U_i"): (1, 2, 2.5), (2, "U_o"): (0, 1, -1.5)})
    trace = after.run(x)
    for k in (2, 0, 1):
        forecast.choose_layer(k)
        assert_plotted_lstm(forecast, trace.layers[k])
    assert answer(forecast, 40) == expected(after, x, 40)
    forecast.reopen(kept(forecast))
    assert_plotted_lstm(forecast, trace.layers[1])
    assert answer(forecast, 40) == expected(after, x, 40)


def kept(page: Page) -> Any:
    text = page.kept_document()
    assert text is not None
    return json.loads(text)


def given_input(page: Page) -> Any:
    """The input that the file opens with."""
    return np.array(
        page.browser_page.evaluate(
            "() => JSON.parse(document.getElementById('config').textContent).examples[0]"
            ".document.input.values"
        )
    )


def changed(network: Network, cells: dict[tuple[int, str], tuple[int, int, float]]) -> Network:
    layers = list(network.layers)
    for (k, name), (row, column, value) in cells.items():
        params = layers[k].first
        array = np.array(params.arrays()[name])
        array[row, column] = value
        layers[k] = Layer(params.replace(**{name: array}))
    return network.with_layers(layers)


def assert_plotted_lstm(page: Page, trace: Any) -> None:
    for name, rows in page.plots().items():
        np.testing.assert_allclose(rows, getattr(trace, name), atol=2e-6)


def test_a_hold_in_layer_2_changes_the_answer_at_once(forecast: Page) -> None:
    forecast.choose_layer(1)
    place = forecast.find("#hold-value")
    forecast.find("#hold-always").check()
    place.fill("0.75")
    place.press("Enter")
    forecast.settle()
    x = np.array(kept(forecast)["input"]["values"])
    edit = kept(forecast)["edits"][0]
    assert (edit["layer"], edit["op"]) == (1, "clamp")
    held = [Clamp(edit["quantity"], edit["unit"], 0.75, None, 1)]
    assert answer(forecast, 30) == expected(FORECAST, x, 30, clamps=held)


def test_tokens_are_typed_and_wrong_ones_refused(words: Page) -> None:
    field = words.find("#tokens")
    field.fill("3 1 4 1 5")
    words.settle()
    assert answer(words, 4) == expected(WORDS, [3, 1, 4, 1, 5], 4)
    for wrong in ("3 1 9", "3 <b>1</b>", "-1"):
        field.fill(wrong)
        assert "whole numbers from 0 to 8" in words.notice
    assert kept(words)["input"]["tokens"] == [3, 1, 4, 1, 5]
    words.find("#add-step").click()
    words.settle()
    assert kept(words)["input"]["tokens"] == [3, 1, 4, 1, 5, 5]


def test_the_map_is_used_by_keyboard(words: Page) -> None:
    block(words, 0, "forward").focus()
    for _ in range(3):
        words.browser_page.keyboard.press("ArrowRight")
    words.browser_page.keyboard.press("Enter")
    words.settle()
    assert block(words, 1, "reverse").get_attribute("aria-pressed") == "true"
    assert_plotted(words, WORDS.run(TOKENS).layers[1].reverse)


def test_one_number_of_a_reverse_layer_adds_up(words: Page) -> None:
    words.choose_layer(0, "reverse")
    words.find("#scrub").fill("13")
    words.frame()
    h = WORDS.run(TOKENS).layers[0].reverse.h  # type: ignore[union-attr]
    unit = int(words.find("#unit").input_value())
    shown = f"{h[12, unit]:.4f}".replace("-", "−")
    words.wait_for(
        "(wanted) => document.getElementById('equation-numbers').innerText.includes(wanted)", shown
    )
    assert shown in words.find("#terms").inner_text()


def test_a_pinned_run_follows_to_another_layer(forecast: Page) -> None:
    x = given_input(forecast)
    forecast.find("#pin").click()
    forecast.click_cell("U_i", 1, 2)
    forecast.find("#weight-value").fill("2.5")
    forecast.browser_page.keyboard.press("Enter")
    forecast.choose_layer(2)
    forecast.wait_for("() => document.getElementById('compare-difference') !== null")
    forecast.find("#compare-difference").click()
    after = changed(FORECAST, {(0, "U_i"): (1, 2, 2.5)})
    expected_h = after.run(x).layers[2].h - FORECAST.run(x).layers[2].h
    np.testing.assert_allclose(forecast.plots()["h"], expected_h, atol=4e-6)
    assert ", before " in answer(forecast, 40)


def test_an_output_is_taken_apart_and_adds_up(words: Page) -> None:
    words.find("#scrub").fill("21")
    words.find("#output-open").click()
    words.find("#output-unit").fill("1")
    words.browser_page.keyboard.press("Enter")
    trace, readout = WORDS.run(TOKENS), WORDS.readout
    assert readout is not None and readout.b is not None
    logit, answered = trace.output[20, 1], trace.answer[20, 1]
    shown = f"ŷ[1] at t = 21: softmax({logit:.4f}) = {answered:.4f}".replace("-", "−")
    words.wait_for(
        "(wanted) => document.getElementById('output-result').innerText === wanted", shown
    )
    products = words.find("#output-terms .product").all_inner_texts()
    terms = [*(readout.W[1] * trace.states[20]), readout.b[1]]
    largest = sorted(terms, key=abs, reverse=True)
    assert [float(p.replace("−", "-")) for p in products] == pytest.approx(largest, abs=6e-5)
    total = words.find("#output-terms .total .foot-product").inner_text()
    assert float(total.replace("−", "-")) == pytest.approx(logit, abs=6e-5)
    words.find("#output-terms .term button").filter(has_text="h[9]").click()
    words.settle()
    assert block(words, 1, "reverse").get_attribute("aria-pressed") == "true"
    assert words.find("#unit").input_value() == "3"


VOCABULARY = ["the", "cat", "<b>sat</b>", "on", "mat", "12", "two words", "?", "dog"]


def drop(page: Page, name: str, content: str) -> None:
    page.browser_page.evaluate(
        """([name, content]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content], name));
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true}));
        }""",
        [name, content],
    )


def test_a_dropped_vocabulary_gives_words(words: Page) -> None:
    drop(words, "vocab.json", json.dumps(VOCABULARY[:-1]))
    words.wait_for("() => !document.getElementById('notice').hidden")
    expected = "tokens must have 9 entries, as the network has 9 rows in its embedding, got 8"
    assert words.notice == f"vocab.json: {expected}"
    drop(words, "vocab.json", json.dumps(VOCABULARY))
    words.wait_for("() => document.getElementById('notice').dataset.kind === 'info'")
    field = words.find("#tokens")
    assert field.input_value().startswith("the cat <b>sat</b> on mat 12 #6 ? dog the")
    field.fill("the dog sat")
    assert "got “sat”" in words.notice
    field.fill("the dog 12")
    words.settle()
    assert kept(words)["input"]["tokens"] == [0, 8, 5]
    words.find("#token-add").fill("ca")
    assert words.find("#token-list option").count() == 1
    words.find("#token-add").fill("cat")
    words.browser_page.keyboard.press("Enter")
    words.settle()
    assert sorted(kept(words)["input"]["tokens"]) == [0, 1, 5, 8]


def test_in_a_reverse_layer_the_step_before_is_the_one_to_the_right(words: Page) -> None:
    words.choose_layer(0, "reverse")
    words.find("#scrub").fill("13")
    words.frame()
    trace = WORDS.run(TOKENS).layers[0].reverse
    unit = int(words.find("#unit").input_value())
    z, before = trace.z[12, unit], trace.h[13, unit]  # type: ignore[union-attr]
    told = f"Unit {unit} keeps {percent(z)} of {before:.2f}".replace("-", "−")
    words.wait_for(
        "(told) => document.getElementById('cell-sentence').innerText.startsWith(told)", told
    )
    words.find("#terms button").filter(has_text="hₜ₋₁").first.click()
    words.settle()
    assert words.t == 14
    words.find("#back").click()
    words.settle()
    assert words.t == 13


def test_an_input_of_layer_2_leads_to_the_state_of_layer_1_and_back(words: Page) -> None:
    words.choose_layer(1, "forward")
    words.find("#scrub").fill("9")
    words.find('#quantities [data-quantity="z"]').click()
    words.settle()
    words.find("#terms button").filter(has_text="x[8]").first.click()
    words.settle()
    assert block(words, 0, "reverse").get_attribute("aria-pressed") == "true"
    assert (words.t, words.find("#unit").input_value()) == (9, "2")
    h = WORDS.run(TOKENS).layers[0].reverse.h[8, 2]  # type: ignore[union-attr]
    shown = f"{h:.4f}".replace("-", "−")
    words.wait_for(
        "(wanted) => document.getElementById('equation-numbers').innerText.includes(wanted)", shown
    )
    words.find("#back").click()
    words.settle()
    assert block(words, 1, "forward").get_attribute("aria-pressed") == "true"
    assert words.find('#quantities [data-quantity="z"]').get_attribute("aria-pressed") == "true"
