"""The list of networks: opened, filtered, chosen from by mouse, keyboard and touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gru_core import GRUParams, Network, Trace
from gru_core.network.directions import directions_of
from gru_core.network.layer import Layer
from tests.browser.network.test_whole_network import assert_plotted
from tests.browser.page import Page
from tests.browser.server import UNTRAINED, Server
from tests.gallery_folder import ALPHABET, words, write_gallery

Open = Callable[..., Page]
TEXT = "a bad cab fed a head"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def gallery_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = write_gallery(tmp_path_factory.mktemp("gallery"))
    with Server(str(folder), *UNTRAINED, module="tests.browser.gallery_server") as running:
        yield running


@pytest.fixture
def page(open_page: Open, gallery_server: Server) -> Page:
    return open_page(gallery_server.url)


def trace(text: str = TEXT, network: Network | None = None) -> Trace:
    """What the core computes for the second layer in reverse."""
    found = (network or words()).run([ALPHABET.index(letter) for letter in text])
    return next(one for one in directions_of(found.layers[1]) if one.direction == "reverse")


def shown(page: Page) -> list[str]:
    cards = page.find("#picker-cards li:visible button").all()
    return [card.get_attribute("data-network") or "" for card in cards]


def focused(page: Page) -> str:
    said: str = page.browser_page.evaluate(
        "document.activeElement.dataset.network ?? document.activeElement.id"
    )
    return said


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.browser_page.keyboard.press(key)


def is_open(page: Page) -> bool:
    return page.find("#picker").is_visible()


def name_and_kind(page: Page) -> list[str]:
    page.frame()
    return [page.find(f"#network-{part}").inner_text() for part in ("name", "kind")]


def test_the_button_says_which_network_is_on_the_page(page: Page) -> None:
    assert name_and_kind(page) == [
        "A line, read by an untrained network",
        "untrained · GRU, 16 units",
    ]
    page.choose("words")
    assert name_and_kind(page) == [
        "Words, letter by letter",
        "trained · 2 × GRU, 5 units · 61 % right",
    ]
    page.choose("latch")
    assert name_and_kind(page)[1] == "wired by hand · GRU, 2 units"
    page.choose_cell("lstm")
    assert name_and_kind(page)[1] == "untrained · LSTM, 2 units"
    page.set_network("seed", "5")
    page.settle()
    assert name_and_kind(page) == ["Untrained network", "seed 5 · LSTM, 2 units"]


def test_a_trained_network_runs_whole_and_opens_where_its_card_says(page: Page) -> None:
    page.choose("words")
    assert_plotted(page, trace())
    assert page.text == TEXT and page.t == 4
    assert page.find("#unit").input_value() == "2"
    story = page.find("#story-text").inner_text()
    assert story == "Guesses the next letter. Unit 2 has seen a b."
    assert not page.find("#cell").is_visible()


def test_edits_and_undo_act_on_a_trained_network_and_return_to_the_one_before(page: Page) -> None:
    before = page.plots()["h"]
    page.choose("words")
    page.click_cell("U_n", 1, 2)
    page.find("#weight-value").fill("1.5")
    press(page, "Enter")
    page.settle()
    own = words()
    reverse = own.layers[1].reverse
    assert isinstance(reverse, GRUParams)
    U = np.array(reverse.U_n)
    U[1, 2] = 1.5
    edited = own.with_layers([own.layers[0], Layer(own.layers[1].forward, reverse.replace(U_n=U))])
    assert_plotted(page, trace(network=edited))
    assert name_and_kind(page)[1] == "trained · 2 × GRU, 5 units · edited"
    page.find("#undo").click()
    assert_plotted(page, trace())
    page.find("#undo").click()
    page.settle()
    assert page.network == "reader"
    np.testing.assert_array_equal(page.plots()["h"], before)


def test_the_inputs_of_a_card_follow_one_another(page: Page) -> None:
    assert not page.find("#story-input").is_visible()
    page.choose("words")
    page.find("#story-input").click()
    page.settle()
    assert page.text == "abc abc"
    page.find("#story-input").click()
    page.settle()
    assert page.text == TEXT
    page.find("#undo").click()
    page.settle()
    assert page.text == "abc abc"


def test_a_reload_keeps_a_trained_network(page: Page) -> None:
    page.choose("words")
    page.type_at(0, "c")
    page.settle()
    page.browser_page.reload()
    page.settle()
    assert page.network == "words"
    assert_plotted(page, trace("c" + TEXT))


def test_the_list_is_used_by_keyboard_and_the_focus_returns(page: Page) -> None:
    page.find("#picker-open").focus()
    press(page, "Enter")
    assert is_open(page) and focused(page) == "reader"
    press(page, "Home")
    assert focused(page) == "words"
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    assert focused(page) == "latch"
    press(page, "ArrowDown")
    below = focused(page)
    press(page, "ArrowUp")
    assert below in {"latch", "sunspots", "toggle"} and focused(page) in {"latch", "toggle"}
    press(page, "Escape")
    assert not is_open(page) and focused(page) == "reader"  # the button, which names it
    assert page.find("#picker-open").evaluate("e => e === document.activeElement")
    press(page, "Enter", "End", "Enter")
    page.settle()
    assert not is_open(page) and page.network == "sunspots"
    assert page.find("#picker-open").evaluate("e => e === document.activeElement")


def test_keys_of_the_page_do_nothing_behind_the_list(page: Page) -> None:
    before = page.t
    page.open_network()
    press(page, "ArrowRight", "p", "Escape")
    assert page.t == before and page.find("#picker-open").is_visible()


def test_the_list_is_filtered_by_task_and_cell(page: Page) -> None:
    page.open_network()
    everything = ["words", "adding", "reader", "latch", "toggle", "sunspots"]
    assert shown(page) == everything and page.find("#untrained").is_visible()
    page.find('#picker-families [data-family="text"]').click()
    assert shown(page) == ["words", "reader"] and not page.find("#untrained").is_visible()
    page.find('#picker-families [data-family="memory"]').click()
    assert shown(page) == ["adding", "latch", "toggle"]
    page.find('#picker-cells [data-cell="lstm"]').click()
    assert shown(page) == ["adding"]
    page.find('#picker-families [data-family="numbers"]').click()
    assert shown(page) == []
    assert page.find("#picker-none").inner_text() == "No network fits both choices."
    page.find('#picker-cells [data-cell="lstm"]').click()
    assert shown(page) == ["sunspots"]
    page.find('#picker-families [data-family="yours"]').click()
    assert "Open a file" in page.find("#picker-none").inner_text()
    page.find('#picker-families [data-family="all"]').click()
    assert shown(page) == everything


def test_the_present_network_is_marked_and_choosing_it_keeps_its_edits(page: Page) -> None:
    page.type_at(0, "zz")
    page.settle()
    text = page.text
    page.open_network()
    current = page.find("#picker-cards [aria-current]")
    assert current.get_attribute("data-network") == "reader"
    current.click()
    assert page.text == text and not is_open(page)


def test_an_untrained_network_of_any_size_reads_the_present_input(page: Page) -> None:
    page.choose("words")
    page.set_network("hidden-size", "7")
    page.settle()
    assert page.text == TEXT and page.plots()["h"].shape == (len(TEXT), 7)
    page.find("#undo").click()
    page.settle()
    assert page.network == "words"
    page.choose("adding")
    page.set_network("hidden-size", "3")
    page.settle()
    assert page.plots()["c"].shape == (4, 3)


def test_a_wrong_size_is_said_in_the_list(page: Page) -> None:
    page.set_network("hidden-size", "0")
    assert is_open(page)
    assert "Hidden units: expected a whole number from 1 to 1024, got “0”" in page.notice
    assert page.find("#hidden-size").get_attribute("aria-invalid") == "true"
    page.find("#hidden-size").fill("4")
    page.find("#untrained-open").click()
    page.settle()
    assert not is_open(page) and page.plots()["h"].shape[1] == 4


def test_a_press_outside_closes_the_list(page: Page) -> None:
    page.open_network()
    page.browser_page.mouse.click(5, 300)
    assert not is_open(page)


def test_every_picture_has_more_than_one_colour(page: Page) -> None:
    page.open_network()
    colours = page.browser_page.evaluate(
        """() => [...document.querySelectorAll("#picker-cards canvas")].map((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        })"""
    )
    assert len(colours) == 6 and min(colours) > 1


def test_on_a_phone_the_list_fills_the_screen_and_is_touched(
    open_page: Open, gallery_server: Server
) -> None:
    page = open_page(gallery_server.url, **PHONE)
    page.find("#picker-open").tap()
    box = page.find("#picker").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.browser_page.evaluate("document.querySelector('#picker').scrollWidth") <= 390
    page.find('#picker-families [data-family="text"]').tap()
    page.find('.network-card[data-network="words"]').tap()
    page.settle()
    assert page.network == "words" and not is_open(page)
    page.find("#picker-open").tap()
    page.find("#picker-close").tap()
    assert not is_open(page)


def test_the_file_s_button_opens_the_page_s_file_chooser(page: Page, tmp_path: Path) -> None:
    page.open_network()
    with page.browser_page.expect_file_chooser() as chooser:
        page.find("#picker-file").click()
    assert not is_open(page)
    assert not chooser.value.is_multiple()
