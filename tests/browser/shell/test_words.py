"""The modules that write equations, names, ranges and forms, called in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core.cells.gru import GRUParams
from gru_core.cells.registry import CELLS
from gru_core.parameters.activations import ACTIVATIONS, Activation
from gru_core.parameters.params import Params
from tests.browser.cell.test_equations import WALK
from tests.browser.modules.test_modules import Modules, document, js, quick

__all__ = ["js"]  # a fixture


@st.composite
def forms(draw: st.DrawFn) -> Params:
    """Params of any cell with any activations, clip, biases and switches."""
    kind = CELLS[draw(st.sampled_from(sorted(CELLS)))].params
    names = st.sampled_from(list(ACTIVATIONS))
    given: dict[str, Any] = {
        "activations": tuple(Activation.of(draw(names)) for _ in kind.ACTIVATIONS),
        "clip": draw(st.one_of(st.none(), st.floats(1e-6, 1e6))),
    }
    if kind is GRUParams:
        given |= {name: draw(st.booleans()) for name in ("reset_after", "z_keeps")}
    return kind.random(2, 3, seed=0, bias=draw(st.booleans()), **given)


@quick
@given(forms())
def test_any_equation_is_read_back_as_it_was(js: Modules, params: Params) -> None:
    texts = [str(equation) for equation in params.equations()]
    body = f"""const root = document.createElement("div");
      root.id = "written";
      root.append(...argument.map((text) => m.equationElement({{value: "z", text}})));
      document.body.append(root);
      const read = ({WALK})("#written p");
      const names = [...root.querySelectorAll("[data-name]")].map((e) => e.dataset.name);
      root.remove();
      return {{read, names}};"""
    found = js.run("model/equations", body, texts)
    assert found["read"] == texts
    states = {f"{state}_prev" for state in params.STATES}
    assert set(found["names"]) <= {*params.arrays(), *params.VALUES, "x"} | states


@quick
@given(forms(), st.sampled_from(["0.5000", "−1.2500"]))
def test_a_number_in_the_place_of_the_sum(js: Modules, params: Params, number: str) -> None:
    for equation in params.equations():
        part = {"text": str(equation), "pre": equation.pre, "clip": equation.clip}
        written = js.call("model/equations", "applied", part, number)
        if equation.pre is None:
            assert written == ""
        elif equation.clip is None:
            assert written == f"{equation.function}({number})"
        else:
            start, _, end = written.partition(f"(clip({number}, ±")
            assert start == equation.function
            assert float(end.removesuffix("))")) == equation.clip


@pytest.mark.parametrize(
    ("name", "written", "colour"),
    [
        ("n", "h̃", "n"),
        ("1-z", "(1−z)", "z"),
        ("1-n", "(1−h̃)", "n"),
        ("h_prev", "hₜ₋₁", "h"),
        ("c_prev", "cₜ₋₁", "c"),
        ("b_hn", "b_hn", "n"),
        ("p_o", "p_o", "o"),
        ("W", "W", "h"),
        ("m", "m", "c"),
        ("x", "x", "x"),
        ("q", "q", ""),
    ],
)
def test_names_as_text(js: Modules, name: str, written: str, colour: str) -> None:
    assert js.call("model/symbols", "symbol", name) == written
    assert js.call("model/symbols", "hue", name) == colour


@pytest.mark.parametrize(
    ("values", "high"),
    [
        ([0.5, -0.9], 1),
        ([1.01], 2),
        ([-2.5, 1], 5),
        ([7, -3], 10),
        ([2e9], 2e9),
        ([1, float("nan"), float("inf"), -3], 5),
    ],
)
def test_a_range_grows_to_a_round_number(js: Modules, values: list[float], high: float) -> None:
    scale = {"map": "states", "low": -1, "high": 1, "grows": True}
    wider = js.call("model/scale", "widened", scale, values)
    assert (wider["low"], wider["high"]) == (-high, high)
    assert js.call("model/scale", "widened", wider, [0.1]) == wider
    fixed = {"map": "gates", "low": 0, "high": 1, "grows": False}
    assert js.call("model/scale", "widened", fixed, values) == fixed


PEEPHOLE = {"op": "zero", "array": "p_i"}
MATRIX = {"op": "zero", "array": "U_i"}


def test_a_form_takes_along_the_edits_it_has_arrays_for(js: Modules) -> None:
    before = document("ab", [PEEPHOLE, MATRIX])
    other = js.call("model/document", "withForm", before, {"input_forget": True})
    assert other["edits"] == [MATRIX]
    assert other["options"] == {"form": {"input_forget": True}}
    assert (
        js.call("model/document", "withForm", before, {"peepholes": True})["edits"]
        == before["edits"]
    )
    cell = js.call("model/document", "withCell", other, "rnn")
    assert (cell["edits"], cell["options"], cell["network"]["cell"]) == ([], {}, "rnn")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {"reset_after": True, "clip": None}, True),
        ({"z_keeps": False}, {"z_keeps": False, "reset_after": True}, True),
        ({"z_keeps": False}, {}, False),
        ({"activations": ["relu"]}, {"activations": ["relu"]}, True),
        ({"activations": ["relu"]}, {"activations": ["tanh"]}, False),
    ],
)
def test_forms_are_the_same_where_their_switches_are(
    js: Modules, one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert js.call("model/document", "sameForm", one, other) is same
    a, b = ({**document("ab", []), "options": {"form": form}} for form in (one, other))
    assert (js.call("model/document", "diff", a, b) == []) is same


@pytest.mark.parametrize(
    ("value", "text"), [(2_100_000, "2.10e6"), (-1e23, "−1.00e23"), (99999.5, "99999.5000")]
)
def test_large_numbers_keep_their_room(js: Modules, value: float, text: str) -> None:
    assert js.call("lib/format", "fixed", value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1e10, "1e10"), (-2e6, "−2000000"), (0.1234567, "0.1235")]
)
def test_round_numbers_are_short(js: Modules, value: float, text: str) -> None:
    assert js.call("lib/format", "short", value) == text
