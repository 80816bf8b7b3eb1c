"""The picture of the cell, read back and held against gru_core, and its sub-steps."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from gru_core import explain
from gru_core.cells.gru import GRUParams
from gru_core.cells.registry import cell
from gru_core.gallery.examples import EXAMPLES
from gru_core.parameters.equations import Equation
from gru_core.parameters.params import Params
from gru_core.parameters.references import Reference
from gru_core.run.trace import Trace
from gruscope.documents.forms import stages
from tests.browser.forms import OFFERED, params_of
from tests.browser.page import Page
from tests.browser.server import Server

READER = EXAMPLES["reader"]
READ = """() => Object.fromEntries([...document.querySelectorAll(".diagram .label[data-part]")]
  .map((label) => [label.dataset.part, label.querySelector(".number")])
  .filter(([part, number]) => number)
  .map(([part, number]) => [part, [Number(number.dataset.value), number.textContent]]))"""

DRAWN = """([t, unit]) => {
  const {dataset} = document.getElementById("diagram");
  const {synced} = document.getElementById("plots").dataset;
  return synced && [dataset.t, dataset.unit, dataset.run].join() === [t, unit, synced].join();
}"""


def look(page: Page, t: int, unit: int) -> None:
    """Go to a step and a unit, and wait until all of it is drawn."""
    page.find("#scrub").fill(str(t + 1))
    page.find("#unit").fill(str(unit))
    page.browser_page.evaluate("document.activeElement.blur()")
    page.wait_for(DRAWN, [t, unit])


def numbers(page: Page) -> dict[str, float]:
    """Every part's number of the selected unit; what is written is what is meant, rounded."""
    found = page.browser_page.evaluate(READ)
    for part, (value, text) in found.items():
        if part != "x":
            assert float(text.replace("\u2212", "-")) == pytest.approx(value, 0.005, 0.0051), part
    return {part: value for part, (value, _) in found.items() if part != "x"}


def opening(trace: Trace, gate: Reference, t: int, unit: int) -> float:
    value = float(trace.values[gate.name][t, unit])
    return 1 - value if gate.kind == "complement" else value


def before(trace: Trace, state: str, t: int, unit: int) -> float:
    return float(trace.values[state][t - 1, unit]) if t > 0 else 0.0


def expected(params: Params, trace: Trace, t: int, unit: int) -> dict[str, float]:
    """What the picture must show, from gru_core's table and its run."""
    parts = {f"{state}_prev": before(trace, state, t, unit) for state in params.STATES}
    for equation in params.equations():
        parts[equation.value] = float(trace.values[equation.value][t, unit])
        if equation.pre is not None:
            parts[equation.pre] = float(trace.values[equation.pre][t, unit])
        parts |= products(params, trace, equation, t, unit)
    return parts


def products(
    params: Params, trace: Trace, equation: Equation, t: int, unit: int
) -> dict[str, float]:
    """Summands by kind, those that a gate multiplies together as one, and the gates."""
    value, parts = equation.value, {}
    terms = explain(trace, params, value, t, unit).terms
    gated = [product for product in equation.products if product.inner is not None]
    for product in equation.products:
        kind, factors = product.kind, product.factors
        key = f"{value}/{kind}"
        if kind in ("couple", "state"):
            continue
        parts[key] = sum(term.product for term in terms if term.kind == kind)
        if kind in ("keep", "write", "show"):
            parts[f"{key}/times"] = opening(trace, factors[0], t, unit)
        if kind == "show":
            del parts[key]
        if product.matrix == 0 and len(factors) > 2:
            h = before(trace, "h", t, unit)
            parts[f"{key}/times"] = opening(trace, factors[1], t, unit)
            parts[f"{key}/side"] = parts[f"{key}/times"] * h
    if gated:
        first, *others = (f"{value}/{product.kind}" for product in gated)
        parts[first] += sum(parts.pop(other) for other in others)
        parts[f"{first}/times"] = opening(trace, gated[0].factors[0], t, unit)
        parts[f"{first}/side"] = float(trace.values["u"][t, unit])
    return parts


@pytest.fixture(scope="module", params=OFFERED, ids=" ".join)
def chosen(request: pytest.FixtureRequest, shared_page: Page) -> tuple[Page, Params]:
    page, (kind, form) = shared_page, request.param
    if kind != page.find("#cell").input_value():
        page.choose_cell(kind)
    if form != page.find("#form").input_value():
        page.choose_form(form)
    return page, params_of(READER, kind, form)


def test_every_number_in_the_picture_is_gru_cores(chosen: tuple[Page, Params]) -> None:
    page, params = chosen
    trace = cell(params).run(READER.inputs())
    rng = random.Random(f"{params.kind} {params.equations()}")
    for t, unit in [(0, 3), *((rng.randrange(48), rng.randrange(16)) for _ in range(2))]:
        look(page, t, unit)
        shown, wanted = numbers(page), expected(params, trace, t, unit)
        assert set(shown) == set(wanted)
        for part, value in wanted.items():
            assert shown[part] == pytest.approx(value, rel=1e-4, abs=2e-5), (part, t, unit)
        for equation in params.equations():
            rows = [
                number
                for part, number in shown.items()
                if part.startswith(f"{equation.value}/") and part.count("/") == 1
            ]
            if rows:
                total = equation.value if equation.pre is None else equation.pre
                assert sum(rows) == pytest.approx(shown[total], 1e-5, 1e-4), (equation.value, t)


def test_every_name_and_function_of_the_equations_is_in_the_picture(
    chosen: tuple[Page, Params],
) -> None:
    page, params = chosen
    names = page.browser_page.evaluate(
        """() => [...document.querySelectorAll(".diagram-labels [data-name]")]
          .map((e) => e.dataset.name)"""
    )
    used = {str(factor) for e in params.equations() for p in e.products for factor in p.factors} - {
        str(product.factors[0])
        for e in params.equations()
        for product in e.products
        if product.kind == "couple"
    }
    assert used <= set(names)
    words = page.browser_page.evaluate(
        "[...document.querySelectorAll('.operator.apply .word')].map((e) => e.textContent)"
    )
    assert sorted(words) == sorted(e.function for e in params.equations() if e.function)


def test_sub_steps_show_the_values_computed_so_far(chosen: tuple[Page, Params]) -> None:
    page, params = chosen
    page.find("#stages button").first.click()
    look(page, 20, 5)
    trace = cell(params).run(READER.inputs())
    order = stages(params)
    done: set[str] = set()
    for stage, values in enumerate(order):
        page.browser_page.keyboard.press("]")
        page.frame()
        done |= set(values)
        assert page.find("#stages [aria-pressed=true]").get_attribute("aria-label") == ", ".join(
            e.title for value in values for e in params.equations() if e.value == value
        )
        clear = page.browser_page.evaluate(
            """() => [...document.querySelectorAll(".diagram [data-of]:not(.later)")]
              .map((e) => e.dataset.of).filter((of) => of)"""
        )
        assert set(clear) == done, stage
        said = page.find("#cell-sentence").inner_text().replace("\u2212", "-")
        for value in values:
            number = float(trace.values[value][20, 5])
            assert abs(number) > 1e5 or f"{number:.2f}" in said, said
    page.browser_page.keyboard.press("]")
    assert page.t == 22, "on to the next timestep"
    for _ in order:
        page.browser_page.keyboard.press("Shift+ArrowLeft")
    assert page.t == 21
    page.find("#stages button").first.click()
    page.frame()
    assert page.find(".diagram .later").count() == 0


@pytest.mark.parametrize("t", [5, 30])
def test_streams_are_as_wide_as_their_gates_let_through(page: Page, t: int) -> None:
    look(page, t, 2)
    z = numbers(page)["z"]
    widths = page.browser_page.evaluate(
        """() => [...document.querySelectorAll(".pipe[data-of=h]")]
          .map((e) => [e.dataset.carries, Number(e.getAttribute("stroke-width"))])"""
    )
    kept = [width for carries, width in widths if carries == "h_prev" and width < 18]
    taken = [width for carries, width in widths if carries == "n" and width < 18]
    assert kept == pytest.approx([18 * z] * 3, abs=0.01)
    assert taken == pytest.approx([18 * (1 - z)] * 2, abs=0.01)


def test_a_part_shows_its_place_when_pointed_at_and_keeps_it_when_clicked(page: Page) -> None:
    look(page, 24, 15)
    box = page.find('.hit[data-part="r"]').bounding_box()
    assert box is not None
    page.browser_page.mouse.move(box["x"] + box["width"] * 4.5 / 16, box["y"] + 7)
    page.wait_for(DRAWN, [24, 4])
    assert page.find('.wire.lit[data-of="n"][data-carries="r"]').count() == 1
    page.browser_page.mouse.move(5, 5)
    page.wait_for(DRAWN, [24, 15])
    page.browser_page.mouse.click(box["x"] + box["width"] * 4.5 / 16, box["y"] + 7)
    page.browser_page.mouse.move(5, 5)
    page.wait_for(DRAWN, [24, 4])
    assert page.find("#unit").input_value() == "4"
    assert "Unit 4 " in page.find("#cell-sentence").inner_text()


def test_play_advances_by_sub_steps_while_one_is_selected(page: Page) -> None:
    page.find("#scrub").fill("47")
    page.browser_page.select_option("#speed", "20")
    page.find("#stages button").nth(1).click()
    page.find("#play").click()
    page.frame()
    page.wait_for("() => document.getElementById('play').getAttribute('aria-label') === 'Play'")
    assert page.t == 48
    assert page.find("#stages [aria-pressed=true]").get_attribute("aria-label") == "hidden state"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_words_come_before_motion_and_motion_only_for_those_who_like_it(
    open_page: Callable[..., Page], server: Server, motion: str
) -> None:
    page = open_page(server.url, reduced_motion=motion, viewport={"width": 390, "height": 844})
    page.find("#stages button").nth(3).click()
    page.frame()
    name, delay = page.browser_page.evaluate(
        """() => {
          const {animationName, animationDelay} =
            getComputedStyle(document.querySelector(".flow.now"));
          return [animationName, animationDelay];
        }"""
    )
    moves = motion != "reduce"
    assert name.startswith("flow") == moves
    assert delay == ("0.5s" if moves else "0s")
    assert page.find("#cell-sentence").get_attribute("aria-live") == "polite"
    width, scrolled = page.browser_page.evaluate(
        "[document.documentElement.scrollWidth, document.getElementById('diagram').scrollLeft]"
    )
    assert width == 390
    assert scrolled > 300, "the candidate is brought into its own box's view"


@pytest.mark.parametrize("hidden", [1, 2, 64, 80])
def test_every_size_can_be_read(shared_page: Page, hidden: int) -> None:
    page = shared_page
    if page.find("#cell").input_value() != "gru":
        page.choose_cell("gru")
    page.set_network("hidden-size", str(hidden))
    page.settle()
    look(page, 9, hidden - 1)
    shown = numbers(page)
    assert shown["h/keep"] + shown["h/write"] == pytest.approx(shown["h"], abs=1e-5)
    note = page.find(".diagram-note").inner_text().split("; ")[0]
    assert note == (
        "in each strip: above all 80 units, below units 48 to 79" if hidden > 64 else ""
    )


SUMMARY = re.compile(r"(.+) of all 80 units: (\S+) least, (\S+) mean, (\S+) most")


def summary(page: Page) -> tuple[str, list[float]]:
    """What the note says all units of the marked quantity come to."""
    page.frame()
    note = page.find(".diagram-note").inner_text().split("; ")[1]
    found = SUMMARY.fullmatch(note.replace("\u2212", "-"))
    assert found, note
    name, *values = found.groups()
    return name, [float(value) for value in values]


def test_many_units_are_summed_up_as_gru_core_has_them(page: Page) -> None:
    page.set_network("hidden-size", "80")
    page.settle()
    recipe = READER.recipe
    assert recipe is not None
    params = GRUParams.random(recipe.input_size, 80, seed=recipe.seed, gain=recipe.gain)
    trace = cell(params).run(READER.inputs())
    for t, quantity in [(0, "z"), (9, "r"), (20, "n"), (47, "h")]:
        look(page, t, 5)
        page.find(f'#quantities [data-quantity="{quantity}"]').click()
        values = trace.values[quantity][t]
        name, said = summary(page)
        assert name == {"n": "h\u0303"}.get(quantity, quantity)
        wanted = [values.min(), values.mean(), values.max()]
        assert said == pytest.approx(wanted, abs=0.0051), (t, quantity)
    page.browser_page.keyboard.press("Escape")
    page.frame()
    note = page.find(".diagram-note").inner_text()
    assert note == "in each strip: above all 80 units, below units 0 to 31", "nothing is marked"


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_the_note_lies_under_the_picture(page: Page, kind: str) -> None:
    if kind != "gru":
        page.choose_cell(kind)
    page.set_network("hidden-size", "80")
    page.settle()
    note, picture = page.browser_page.evaluate(
        """() => [
          document.querySelector(".diagram-note").getBoundingClientRect().top,
          Math.max(...[...document.querySelectorAll(".wire, .hit")]
            .map((part) => part.getBoundingClientRect().bottom)),
        ]"""
    )
    assert note >= picture - 1
