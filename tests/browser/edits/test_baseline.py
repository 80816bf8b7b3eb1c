"""A pinned run: now, before and their difference, in every view and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from gru_core.cells.gru import GRU
from gru_core.cells.registry import cell
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import QUANTITIES, Page
from tests.browser.server import Server
from tests.browser.shell.test_reconnect import wait_for_connection

READER = EXAMPLES["reader"]
LSTM = next(form for kind, form in OFFERED if kind == "lstm")
ALPHABET = READER.alphabet or ""


@pytest.fixture
def fresh(shared_page: Page) -> Iterator[Page]:
    """The reader as it comes, nothing pinned before or after."""
    yield shared_page
    if shared_page.find("#unpin").is_visible():
        shared_page.find("#unpin").click()
    shared_page.choose("latch")
    shared_page.choose("reader")


def pin(page: Page) -> None:
    page.find("#pin").click()
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")


def shown(page: Page, way: str) -> dict[str, np.ndarray]:
    """What the plots show of the run now, the one before, or their difference."""
    page.find(f"#compare-{way}").click()
    return page.plots()


def run(text: str) -> dict[str, np.ndarray]:
    trace = GRU(READER.network()).run(one_hot(text, ALPHABET))
    return {quantity: getattr(trace, quantity) for quantity in QUANTITIES}


def line(page: Page) -> str:
    page.frame()
    return page.find("#change-line").inner_text()


def test_now_before_and_their_difference_are_those_of_two_runs(fresh: Page) -> None:
    pin(fresh)
    assert line(fresh) == "Pinned. Nothing has changed since."
    fresh.type_at(9, "qq")
    text = fresh.text
    fresh.settle()
    now, before = run(text), run(READER.text or "")
    common = len(before["h"])
    for quantity in QUANTITIES:
        np.testing.assert_allclose(shown(fresh, "now")[quantity], now[quantity], atol=1e-6)
        old = shown(fresh, "before")[quantity]
        np.testing.assert_allclose(old[:common], before[quantity], atol=1e-6)
        assert np.isnan(old[common:]).all(), "the pinned run is shorter"
        difference = shown(fresh, "difference")[quantity]
        expected = now[quantity][:common] - before[quantity]
        np.testing.assert_allclose(difference[:common], expected, atol=2e-6)
        assert np.isnan(difference[common:]).all()


def test_the_line_describes_the_changes_and_the_first_step(fresh: Page) -> None:
    pin(fresh)
    fresh.type_at(6, "x")
    fresh.click_cell("W_z", 3, 5)
    fresh.browser_page.keyboard.type("2.5")
    fresh.settle()
    params = READER.network()
    changed = params.W_z.copy()
    changed[3, 5] = 2.5
    now = GRU(params.replace(W_z=changed)).run(one_hot(fresh.text, ALPHABET)).h
    before = GRU(params).run(READER.inputs()).h
    difference = now[: len(before)] - before
    first = int(np.flatnonzero((np.abs(difference) > 1e-6).any(axis=1))[0])
    t, unit = np.unravel_index(np.abs(difference).argmax(), difference.shape)
    most = f"{difference[t, unit]:+.2f}".replace("-", "\u2212")
    assert line(fresh) == (
        f"input from t = 7; 1 weight → h differs from t = {first + 1} on, "
        f"most at t = {t + 1}, unit {unit}: {most}"
    )


def test_one_number_shows_both_values_and_their_difference(fresh: Page) -> None:
    pin(fresh)
    fresh.type_at(2, "z")
    fresh.find("#scrub").fill("9")
    fresh.find("#unit").fill("4")
    fresh.settle()
    now, before = run(fresh.text)["h"][8, 4], run(READER.text or "")["h"][8, 4]
    fresh.find('#quantities [data-quantity="h"]').click()
    fresh.frame()
    numbers = fresh.find("#number-compare").inner_text().replace("\u2212", "-").split()
    assert float(numbers[1]) == pytest.approx(before, abs=6e-5)
    assert float(numbers[4]) == pytest.approx(now, abs=6e-5)
    assert float(numbers[-1]) == pytest.approx(now - before, abs=1e-4)


def test_the_cell_tells_the_difference_and_not_of_keeping(fresh: Page) -> None:
    pin(fresh)
    fresh.type_at(2, "z")
    fresh.find("#scrub").fill("9")
    fresh.find("#unit").fill("4")
    shown(fresh, "difference")
    now, before = run(fresh.text), run(READER.text or "")
    parts = []
    for quantity, name in zip(QUANTITIES, ("z", "r", "h\u0303", "h"), strict=True):
        parts.append(f"{name} {now[quantity][8, 4] - before[quantity][8, 4]:+.2f}")
    told = fresh.find("#cell-sentence").inner_text().replace("\u2212", "-")
    assert told.replace("now - before", "now \u2212 before") == (
        "Unit 4, now \u2212 before: " + ", ".join(parts)
    )


def test_the_pinned_run_outlives_undo_and_further_edits(fresh: Page) -> None:
    fresh.type_at(0, "w")
    fresh.settle()
    pin(fresh)
    pinned = fresh.text
    fresh.type_at(3, "abc")
    while fresh.text != READER.text:
        fresh.browser_page.keyboard.press("Control+z")
    before = run(pinned)["h"]
    np.testing.assert_allclose(
        shown(fresh, "before")["h"], before[: len(READER.text or "")], atol=1e-6
    )


def test_weights_show_their_difference_too(fresh: Page) -> None:
    pin(fresh)
    fresh.click_cell("U_n", 2, 3)
    own = fresh.weight
    fresh.browser_page.keyboard.type("1.5")
    fresh.settle()
    fresh.find("#compare-difference").click()
    fresh.frame()
    label = fresh.find('[data-array="U_n"] .array-view').get_attribute("aria-label") or ""
    assert float(label.split(": ")[1].replace("\u2212", "-")) == pytest.approx(1.5 - own, abs=1e-3)
    fresh.find("#compare-before").click()
    fresh.frame()
    label = fresh.find('[data-array="U_n"] .array-view').get_attribute("aria-label") or ""
    assert float(label.split(": ")[1].replace("\u2212", "-")) == pytest.approx(own, abs=1e-3)
    assert fresh.weight == 1.5, "what is edited is now"


def test_another_size_has_no_difference_but_a_before(fresh: Page) -> None:
    pin(fresh)
    fresh.find("#compare-difference").click()
    fresh.set_network("hidden-size", "5")
    fresh.settle()
    assert fresh.find("#compare-difference").is_disabled()
    assert "the pinned run has 16 hidden units, this one 5" in line(fresh)
    assert fresh.plots()["h"].shape[1] == 5
    np.testing.assert_allclose(shown(fresh, "before")["h"], run(READER.text or "")["h"], atol=1e-6)


def test_a_run_of_another_cell_is_labelled_as_such(fresh: Page) -> None:
    pin(fresh)
    fresh.choose_cell("lstm")
    assert "of another cell" in line(fresh)
    np.testing.assert_allclose(shown(fresh, "before")["z"], run(READER.text or "")["z"], atol=1e-6)
    params = params_of(READER, "lstm", LSTM)
    lstm = cell(params).run(READER.inputs())
    np.testing.assert_allclose(shown(fresh, "now")["c"], lstm.values["c"], atol=1e-6)


def test_unpinning_ends_the_second_line(fresh: Page) -> None:
    sockets: list[bool] = []
    fresh.browser_page.on(
        "websocket", lambda socket: socket.on("close", lambda _: sockets.append(True))
    )
    pin(fresh)
    fresh.find("#compare-difference").click()
    fresh.find("#unpin").click()
    fresh.wait_for("() => !document.getElementById('pin').hidden")
    for _ in range(500):
        if sockets:
            break
        fresh.frame()
    assert sockets == [True]
    np.testing.assert_allclose(fresh.plots()["h"], run(READER.text or "")["h"], atol=1e-6)


def test_a_pinned_run_comes_back_with_the_server(
    open_page: Callable[..., Page], own_server: Server
) -> None:
    page = open_page(own_server.url)
    pin(page)
    page.type_at(4, "kk")
    page.settle()
    own_server.kill()
    wait_for_connection(page, "lost")
    own_server.start()
    wait_for_connection(page, "open")
    page.settle()
    before = run(READER.text or "")["h"]
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    np.testing.assert_allclose(shown(page, "before")["h"][: len(before)], before, atol=1e-6)
    difference = run(page.text)["h"][: len(before)] - before
    np.testing.assert_allclose(shown(page, "difference")["h"][: len(before)], difference, atol=2e-6)
