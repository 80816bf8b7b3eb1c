"""Edits of the readout and the embedding on the page: every number against the core's."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.files import save
from tests.browser.network.test_whole_network import (
    TOKENS,
    WORDS,
    answer,
    assert_plotted,
    expected,
)
from tests.browser.page import Page
from tests.browser.server import Server

assert WORDS.readout is not None and WORDS.embedding is not None
W, B, E = WORDS.readout.W, WORDS.readout.b, WORDS.embedding


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("models") / "words.safetensors"
    save(WORDS, path)
    with Server(str(path)) as found:
        yield found


@pytest.fixture
def page(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(server.url)


def edited(W: Any = W, E: Any = E) -> Network:
    return Network(WORDS.layers, E, Readout(W, B, "softmax"))


def put(array: Any, row: int, column: int, value: float) -> Any:
    changed = np.array(array)
    changed[row, column] = value
    return changed


def end(page: Page, part: str) -> Any:
    return page.find(f'#network-map .map-end[data-part="{part}"]')


def show(page: Page, part: str) -> None:
    end(page, part).click()
    page.wait_for("array => document.querySelector(`[data-array=${array}]`)?.checkVisibility()",
                  {"readout": "W_y", "embedding": "E"}[part])  # fmt: skip
    page.frame()


def set_weight(page: Page, value: str) -> None:
    page.find("#weight-value").fill(value)
    page.browser_page.keyboard.press("Enter")
    page.settle()


def classes(page: Page, part: str) -> list[str]:
    return (end(page, part).get_attribute("class") or "").split()


def test_a_weight_of_the_readout_changes_the_answer_and_nothing_else(page: Page) -> None:
    trace = WORDS.run(TOKENS)
    page.choose_layer(1, "reverse")
    show(page, "readout")
    assert_plotted(page, trace.layers[1].reverse)
    assert end(page, "readout").get_attribute("aria-pressed") == "true"
    page.click_cell("W_y", 1, 2)
    assert page.find("#weight-name").inner_text() == "W_y[1, 2]"
    assert page.weight == pytest.approx(float(W[1, 2]), abs=1e-6)
    set_weight(page, "-3")
    after = edited(W=put(W, 1, 2, -3))
    assert answer(page, 30) == expected(after, TOKENS, 30) != expected(WORDS, TOKENS, 30)
    assert_plotted(page, trace.layers[1].reverse)
    assert "edited" in classes(page, "readout") and "edited" not in classes(page, "embedding")
    page.find("#array-factor").fill("0.5")
    page.find("#array-scale").click()
    page.settle()
    half = edited(W=put(W, 1, 2, -3) * np.float32(0.5))
    assert answer(page, 30) == expected(half, TOKENS, 30)
    assert page.weight == -1.5
    for _ in range(2):
        page.find("#undo").click()
        page.settle()
    assert answer(page, 30) == expected(WORDS, TOKENS, 30)
    assert page.weight == pytest.approx(float(W[1, 2]), abs=1e-6)


def test_a_number_of_the_embedding_reaches_every_layer(page: Page) -> None:
    page.find("#scrub").fill("5")
    show(page, "embedding")
    assert page.find("#weight-name").inner_text() == "E[4, 0]"
    page.click_cell("E", 4, 3)
    set_weight(page, "2.5")
    after = edited(E=put(E, 4, 3, 2.5))
    assert_plotted(page, after.run(TOKENS).layers[0])
    assert answer(page, 20) == expected(after, TOKENS, 20) != expected(WORDS, TOKENS, 20)
    page.choose_layer(1, "forward")
    assert_plotted(page, after.run(TOKENS).layers[1])
    assert page.find('[data-array="E"]').count() == 0, "the weights are those of the layer again"
    page.find("#tab-edits").click()
    row = page.find("#edits-list .edit-words")
    assert row.inner_text() == "embedding · E[4, 3] = 2.5"
    row.click()
    page.wait_for("() => document.querySelector('[data-array=E]')")
    page.frame()
    assert page.find("#weight-name").inner_text() == "E[4, 3]"
    page.find("#weight-restore").click()
    page.settle()
    assert answer(page, 20) == expected(WORDS, TOKENS, 20)


def test_an_output_taken_apart_leads_to_its_weights(page: Page) -> None:
    page.find("#output-open").click()
    page.settle()
    page.find("#output-unit").fill("2")
    page.find("#output-unit").press("Enter")
    page.settle()
    factor = page.find("#output-terms .factor").first
    factor.click()
    page.wait_for("() => document.querySelector('[data-array=W_y]')")
    page.settle()
    row, column = map(int, factor.inner_text().removeprefix("W_y[").removesuffix("]").split(","))
    assert row == 2 and page.find("#weight-name").inner_text() == f"W_y[2, {column}]"
    number = page.find("#equation-numbers")
    assert number.inner_text().endswith(f"= {W[2, column]:.4f}".replace("-", "\u2212"))
    assert "a weight, chosen in its grid" in page.find("#leaf-text").inner_text()
    set_weight(page, "0.25")
    page.wait_for(
        "() => document.getElementById('equation-numbers').textContent.endsWith('0.2500')"
    )
    t = page.t - 1
    after = edited(W=put(W, 2, column, 0.25)).run(TOKENS)
    assert page.find("#output-result b").inner_text() == f"{after.answer[t, 2]:.4f}"
    page.click_cell("W_y", 1, 0)
    page.settle()
    assert page.find("#output-unit").input_value() == "1", "it follows the chosen row"
    page.find("#back").click()
    assert page.find("#equation").is_visible()


def test_an_input_leads_to_its_row_of_the_embedding(page: Page) -> None:
    page.find("#scrub").fill("8")
    page.find('#quantities [data-quantity="z"]').click()
    page.settle()
    page.find("#terms .factor:has-text('x[')").first.click()
    page.wait_for("() => document.querySelector('[data-array=E]')")
    page.frame()
    assert page.find("#weight-name").inner_text().startswith("E[7, ")


def test_a_pinned_run_shows_its_own_readout_and_the_difference(page: Page) -> None:
    show(page, "readout")
    page.click_cell("W_y", 0, 1)
    page.find("#pin").click()
    page.settle()
    set_weight(page, "1.5")
    label = page.find('[data-array="W_y"] .array-view')
    assert "row 0, column 1: 1.5" in (label.get_attribute("aria-label") or "")
    assert "weights of the readout" in page.find("#change-line").inner_text()
    page.find("#compare-before").click()
    page.settle()
    was = f"row 0, column 1: {float(f'{W[0, 1]:.4g}')}".replace("-", "\u2212")
    assert was in (label.get_attribute("aria-label") or "")
    page.find("#compare-difference").click()
    page.settle()
    less = f"row 0, column 1: {float(f'{np.float32(1.5) - W[0, 1]:.4g}')}".replace("-", "\u2212")
    assert less in (label.get_attribute("aria-label") or "")


def test_edits_of_both_ends_are_there_after_a_reload(page: Page) -> None:
    show(page, "readout")
    page.find("#array-zero").click()
    show(page, "embedding")
    page.find("#array-value").fill("0.5")
    page.find("#array-fill").click()
    page.settle()
    after = edited(W * 0, np.full_like(E, 0.5))
    assert answer(page, 9) == expected(after, TOKENS, 9)
    page.browser_page.reload()
    page.settle()
    assert answer(page, 9) == expected(after, TOKENS, 9)
    show(page, "embedding")
    assert page.weight == 0.5


def test_the_ends_are_used_by_keyboard(page: Page) -> None:
    page.find('#network-map [data-place="1.reverse"]').focus()
    page.browser_page.keyboard.press("ArrowRight")
    page.browser_page.keyboard.press("Enter")
    page.wait_for("() => document.querySelector('[data-array=W_y]')")
    page.frame()
    page.find('[data-array="W_y"] .array-view').focus()
    page.browser_page.keyboard.press("ArrowDown")
    page.browser_page.keyboard.press("ArrowRight")
    page.frame()
    assert page.find("#weight-name").inner_text() == "W_y[1, 1]"
    before = page.weight
    page.browser_page.keyboard.press("Alt+ArrowUp")
    page.settle()
    assert page.weight > before
    page.browser_page.keyboard.press("Delete")
    page.settle()
    assert page.weight == pytest.approx(before, abs=1e-6)


LARGE = Network(
    Network.random("gru", 200, 16, seed=3, dtype="float32").layers,
    np.random.default_rng(1).normal(size=(20_000, 200)).astype("f4"),
)


def test_of_a_large_embedding_the_page_has_what_it_shows(
    open_page: Callable[..., Page], tmp_path: Any
) -> None:
    save(LARGE, tmp_path / "large.safetensors")
    assert LARGE.embedding is not None
    with Server(str(tmp_path / "large.safetensors")) as own:
        page = open_page(own.url)
        received: list[int] = []
        page.browser_page.on("websocket", lambda ws: ws.on(
            "framereceived", lambda data: received.append(len(data))))  # fmt: skip
        page.browser_page.reload()
        page.settle()
        received.clear()
        show(page, "embedding")
        view = page.find('[data-array="E"] .array-view')
        view.evaluate("element => { element.scrollTop = element.scrollHeight / 2; }")
        page.frame()
        view.click(position={"x": 20, "y": 20})
        page.wait_for("() => /\\d/.test(document.getElementById('weight-value').value)")
        row, column = map(int, page.find("#weight-name").inner_text()[2:-1].split(", "))
        assert 9_900 < row < 10_100
        assert page.weight == pytest.approx(float(LARGE.embedding[row, column]), abs=1e-6)
        assert 0 < sum(received) < 1_000_000 < LARGE.embedding.nbytes
