"""The tour, done as its pages ask: by keyboard alone, by touch, left and taken up again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from gruscope.content.tour.pages import PAGES
from tests.app.content.tour_runs import BY_NAME, finished, layer_of, text_of
from tests.browser.page import Page
from tests.browser.server import Server
from tests.browser.tour.hands import Hands, Thumb, do, go_to

FIRST = text_of(PAGES[0])
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def take(hands: Hands) -> None:
    """The whole tour, from the first page to the last."""
    page = hands.page
    mine = page.text
    hands.begin()
    for number, told in enumerate(PAGES, 1):
        expect(page.find("#tour-title")).to_have_text(told.title)
        expect(page.find("#tour-title")).to_be_focused()
        assert page.find("#tour-place").inner_text() == f"{number} / {len(PAGES)}"
        expect(page.find("#tour-mark")).to_have_text("○")
        page.settle()
        do(hands, told)
        expect(page.find("#tour-mark")).to_have_text("✓", timeout=60_000)
        if told.question:
            expect(page.find("#tour-say")).to_contain_text("As you predicted")
        hands.next()
    expect(page.find("#tour")).to_be_hidden()
    page.settle()
    assert page.text == mine
    assert page.find("#undo").is_disabled()


def test_the_tour_by_keyboard_alone(page: Page) -> None:
    take(Hands(page))


def test_the_tour_by_touch_on_a_phone(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(server.url, **PHONE, reduced_motion="no-preference")
    take(Thumb(page))


def covered(page: Page, selector: str) -> tuple[float, float, float]:
    """Top and bottom of an element, and where the sheet begins."""
    box = page.find(selector).bounding_box()
    sheet = page.find("#tour").bounding_box()
    assert box and sheet
    return box["y"], box["y"] + box["height"], sheet["y"]


def test_on_a_phone_text_and_picture_are_seen_together(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url, **PHONE)
    page.find("#tour-open").tap()
    panels = {"plots": ".plots", "cell": ".cell", "number": ".number-panel", "output": ".output"}
    for told in PAGES:
        panel = ".output-number" if told.output is not None else panels[told.panel]
        # The answers are seen whole, below the input; other panels begin at the top.
        page.wait_for(
            """selector => {
              const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
              const foot = document.querySelector(".transport").getBoundingClientRect().top;
              return top >= -2 && (selector.startsWith(".output") ? bottom <= foot + 2 : top < 300);
            }""",
            panel,
        )
        _, _, sheet = covered(page, panel)
        assert sheet >= 844 * 0.55 - 1
        if told is not PAGES[-1]:
            page.find("#tour-next").tap()
    page.find("#tour-fold").tap()
    assert covered(page, ".cell")[2] > 760


def test_what_was_done_on_a_page_stays_and_the_own_document_too(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url)
    page.type_at(0, "my own ")
    mine = page.text
    assert mine.startswith("my own ")
    page.find("#tour-invited").click()
    assert page.text == FIRST
    assert page.find("#undo").is_disabled()
    page.type_at(0, "why ")
    page.find("#tour-next").click()
    page.find("#tour-leave").click()
    assert page.text == mine and page.find("#tour").is_hidden()
    expect(page.find("#tour-open")).to_be_focused()
    page.find("#undo").click()
    assert page.text == mine.removeprefix("my own ")
    page.find("#redo").click()

    page.find("#tour-open").click()
    expect(page.find("#tour-title")).to_have_text(PAGES[1].title)
    page.find("#tour-previous").click()
    assert page.text == "why " + FIRST
    page.find("#undo").click()
    assert page.text == FIRST
    page.find("#redo").click()
    page.find("#tour-again").click()
    assert page.text == FIRST and page.find("#tour-again").is_hidden()
    page.find("#undo").click()

    page.open()
    expect(page.find("#tour-title")).to_have_text(PAGES[0].title)
    assert page.text == "why " + FIRST
    page.find("#tour-leave").click()
    assert page.text == mine

    # What a tab keeps reaches others by way of the browser, a little later.
    page.kept_document()
    progress = page.browser_page.evaluate("localStorage.getItem('gruscope tour')")
    tab = page.browser_page.context.new_page()
    tab.goto(f"{server.url}healthz")
    same = "kept => kept && kept === localStorage.getItem('gruscope tour')"
    tab.wait_for_function(same, arg=progress)
    other = Page(tab, server.url)
    other.open()
    assert other.find("#tour").is_hidden() and other.find("#tour-invitation").is_hidden()
    other.find("#tour-open").click()
    assert other.text == "why " + FIRST
    assert other.complaints == []


def test_a_pinned_run_and_the_lines_view_stay_out_of_the_tour(page: Page) -> None:
    page.find("#view-lines").click()
    page.find("#pin").click()
    page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
    page.type_at(0, "my ")
    page.settle()
    page.find("#compare-before").click()
    page.settle()
    mine = page.text
    page.find("#tour-open").click()
    for i in range(2):
        page.settle()
        expect(page.find("#tour-title")).to_have_text(PAGES[i].title)
        # The line of the pinned run answers whenever another place is looked at.
        page.find("#unit").fill(str(i + 1))
        page.settle()
        assert page.find("#comparing").is_hidden() and page.find("#pin").is_visible()
        assert page.find("#view-heatmap").get_attribute("aria-pressed") == "true"
        page.find("#view-numbers").click()
        page.find("#pin").click()
        page.wait_for("() => document.getElementById('comparing').dataset.ready === 'true'")
        page.find("#tour-next").click()
    page.find("#tour-leave").click()
    page.settle()
    assert page.text == mine
    assert page.find("#view-lines").get_attribute("aria-pressed") == "true"
    assert page.find("#compare-before").get_attribute("aria-pressed") == "true"
    page.find("#compare-now").click()
    page.settle()
    assert "input from t = 1" in page.find("#change-line").inner_text()


def test_an_invitation_that_is_declined_stays_away(
    open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(server.url)
    page.find("#tour-declined").click()
    expect(page.find("#tour-invitation")).to_be_hidden()
    page.open()
    expect(page.find("#tour-invitation")).to_be_hidden()


@pytest.fixture
def touring(page: Page) -> Page:
    page.find("#tour-open").click()
    return page


def test_words_light_up_the_picture(touring: Page) -> None:
    go_to(touring, "update")
    touring.settle()
    word = touring.find('#tour-text [data-name="h_prev"]')
    title = touring.find('#equations [data-name="h_prev"]').first
    plain = title.evaluate("e => getComputedStyle(e).backgroundColor")
    word.hover()
    touring.frame()
    assert title.evaluate("e => getComputedStyle(e).backgroundColor") != plain
    touring.find("#tour-text button[data-name='z']").focus()
    touring.find("#scrub").fill("6")
    word.click()
    touring.frame()
    assert touring.t == 5
    assert touring.find('#quantities [data-quantity="h"]').get_attribute("aria-pressed") == "true"


def test_the_equation_is_the_one_that_computes(touring: Page) -> None:
    go_to(touring, "blend")
    touring.settle()
    shown = touring.find("#tour-equation")
    assert shown.inner_text() == "h = z ⊙ ht−1 + (1 − z) ⊙ h̃"
    touring.choose_form("cho2014")
    touring.settle()
    assert "not the equations that this page describes" in touring.find("#tour-say").inner_text()


def test_a_wrong_prediction_is_corrected_with_the_number(touring: Page) -> None:
    go_to(touring, "curves")
    touring.settle()
    expect(touring.find("#tour-say")).to_contain_text("What do you think?")
    touring.find("#tour-options label").nth(2).click()
    touring.find("#tour-show").click()
    said = touring.find("#tour-say")
    expect(said).to_contain_text("the state follows the b, and not what you predicted")
    value = layer_of(finished(BY_NAME["curves"])).z[8, 3]
    assert re.search(r"is now (\S+):", said.inner_text())[1] == f"{value:.2f}"  # type: ignore[index]


def test_the_page_on_outputs_opens_one_and_shows_what_a_hold_makes_of_it(touring: Page) -> None:
    go_to(touring, "outputs")
    touring.settle()
    expect(touring.find("#output-number")).to_be_visible()
    expect(touring.find("#output-result")).to_contain_text("softmax(7.1841)")
    touring.find("#tour-show").click()
    expect(touring.find("#output-result")).to_contain_text("softmax(2.6194)")
    touring.find("#tour-next").click()
    expect(touring.find("#output-number")).to_be_hidden()


def test_the_page_on_units_measures_them(touring: Page) -> None:
    go_to(touring, "units")
    touring.settle()
    touring.find("#units-measure").click()
    bar = touring.find('#units-bars [data-unit="7"]')
    expect(bar).to_have_class(re.compile("measured"), timeout=60_000)
    expect(touring.find("#units-progress")).to_be_hidden(timeout=60_000)
    touring.find("#units-by-effect").click()
    expect(touring.find("#units-bars button").first).to_have_attribute("data-unit", "7")
    touring.find("#tour-leave").click()
    expect(touring.find("#cell-units")).to_have_attribute("aria-pressed", "false")


def test_a_training_of_the_tour_does_not_replace_the_reader_s_own_document(page: Page) -> None:
    mine = page.text
    page.find("#tour-open").click()
    go_to(page, "training")
    page.settle()
    expect(page.find("#train-panel")).to_be_visible()
    expect(page.find("#train-live")).to_be_hidden()
    page.find("#tour-show").click()
    expect(page.find("#tour-say")).to_contain_text("The training runs.")
    expect(page.find("#train-live")).to_be_visible(timeout=30_000)
    page.find("#tour-leave").click()
    page.find("#tab-train").click()
    expect(page.find("#train-metric-now")).to_contain_text("%", timeout=60_000)
    page.settle()
    assert page.text == mine
    page.find("#train-follow").click()
    page.settle()
    assert page.text != mine, "the training can still be looked at"


def test_the_glossary_from_a_word_and_from_the_help(touring: Page) -> None:
    go_to(touring, "fading")
    touring.find("#tour-text .term-link").filter(has_text="vanish").click()
    heading = touring.find('[data-term="term-vanishing-gradient"]')
    expect(heading).to_be_focused()
    touring.browser_page.keyboard.press("Escape")
    touring.find("#tour-leave").click()
    touring.find("#help").click()
    touring.find("#help-glossary").click()
    expect(touring.find("#glossary")).to_be_visible()
    touring.find('[data-term="term-candidate"] [data-name="n"]').click()
    expect(touring.find("#glossary")).to_be_hidden()
    assert touring.find('#quantities [data-quantity="n"]').get_attribute("aria-pressed") == "true"
