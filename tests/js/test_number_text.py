"""The modules of one number: text to copy, sums, and the origin of a factor."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from latex2mathml.converter import convert
from latex2mathml.exceptions import (
    DoubleSubscriptsError,
    MissingEndError,
    MissingSuperScriptOrSubscriptError,
)

from gru_core import GRUParams, LSTMParams, RNNParams, cell, explain
from gru_core.cells.registry import CELLS
from gru_core.explanation.terms import Explanation
from gru_core.parameters.activations import ACTIVATIONS, Activation
from gru_core.parameters.params import Params
from gru_core.parameters.references import (
    INPUT,
    Reference,
    complement,
    previous,
    start,
    value,
)
from gru_core.run.trace import Trace
from gruscope.documents.opened import equation_parts
from gruscope.questions.explain import explained
from tests.browser.number.test_number import total_of
from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture


def wire(params: Params, found: Explanation) -> dict[str, Any]:
    """A number as the page has it."""
    parts = {part.value: part for part in equation_parts(params)}
    return {
        "equation": parts[found.value].model_dump(),
        "explained": explained(found, id=1, run=1).model_dump(),
        "network": None,
    }


def drawn(name: str) -> list[tuple[Params, Trace]]:
    """A cell in every form that is offered, and with every activation under a clip."""
    kind = CELLS[name].params
    x = np.random.default_rng(1).normal(size=(4, 3))
    forms: list[dict[str, Any]] = [{}, {"clip": 0.4}]
    if name == "gru":
        forms += [{"reset_after": False}, {"z_keeps": False}, {"bias": False}]
    if name == "lstm":
        forms += [{"input_forget": True}, {"p": np.linspace(-1, 1, 12)}]
    for activation in ACTIVATIONS:
        forms.append({"activations": tuple(Activation.of(activation) for _ in kind.ACTIVATIONS)})
    made = [kind.random(3, 4, seed=2, **form) for form in forms]
    return [(params, cell(params).run(x)) for params in made]


@pytest.mark.parametrize("name", sorted(CELLS))
def test_numpy_text_computes_the_number(js: Modules, name: str) -> None:
    given, wanted = [], []
    for params, trace in drawn(name):
        for equation in params.equations():
            given.append((params, trace, explain(trace, params, equation.value, 2, 1)))
            wanted.append(wire(params, given[-1][2]))
    texts = js.run("views/number/copy", "return argument.map(m.numpy);", wanted)
    for (params, trace, found), text in zip(given, texts, strict=True):
        names = {**params.arrays(), **trace.values, "x": trace.x}
        exec(text, names)
        assert names["result"] == pytest.approx(found.result, rel=1e-12, abs=1e-13)
        if found.pre_activation is not None:
            pre = params.equations()[[e.value for e in params.equations()].index(found.value)].pre
            assert names[pre or ""] == pytest.approx(found.pre_activation, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("name", sorted(CELLS))
def test_plain_text_has_every_term_and_adds_up(js: Modules, name: str) -> None:
    for params, trace in drawn(name)[:4]:
        for equation in params.equations():
            found = explain(trace, params, equation.value, 2, 1)
            text = js.call("views/number/copy", "plainText", wire(params, found))
            lines = text.splitlines()
            assert lines[1] == str(equation)
            terms = [line for line in lines if line.startswith("  + ") and " = " in line]
            wanted = [term for term in found.terms if term.product != 0]
            products = [float(line.rsplit("= ", 1)[1]) for line in terms]
            assert sum(products) == pytest.approx(total_of(found), abs=1e-5)
            for line, term in zip(terms, wanted, strict=True):
                if len(term.factors) > 1:
                    numbers = [float(n) for n in line.split(" = ")[1].split(" · ")]
                    assert np.prod(numbers) == pytest.approx(term.product, rel=1e-5, abs=1e-9)
            assert f"= {found.result:.7g}" in lines[-1]


COMMANDS = {
    *("begin", "end", "sigma", "tanh", "odot", "tilde", "cdot", "quad", "operatorname", "pm"),
    *("underbrace", "text"),
}


def assert_reads_as(text: str, result: float) -> None:
    """A parser of LaTeX takes it, one row a line, and finds the result as the last number.

    It knows amsmath's `split`, which is written as `aligned` is.
    """
    read = ElementTree.fromstring(convert(text.replace("{aligned}", "{split}")))
    rows = read.findall(".//{*}mtable/{*}mtr")
    assert len(rows) == text.count("\\\\\n") + 1
    numbers = "".join("".join(cell.itertext()) for cell in rows[-1]).split("=")[-1]
    assert float(numbers.replace("−", "-").replace("(held)", "")) == pytest.approx(result, rel=1e-6)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (r"\begin{aligned} z_1_2 &= 1 \end{aligned}", DoubleSubscriptsError),
        (r"\begin{aligned} z_{1 &= 1 \end{aligned}", MissingEndError),
        ("z_", MissingSuperScriptOrSubscriptError),
    ],
)
def test_the_parser_refuses_malformed_expressions(broken: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        convert(broken)


@pytest.mark.parametrize("name", sorted(CELLS))
def test_latex_is_well_formed(js: Modules, name: str) -> None:
    for params, trace in drawn(name):
        for equation in params.equations():
            found = explain(trace, params, equation.value, 2, 1)
            text = js.call("views/number/copy", "latex", wire(params, found))
            assert text.isascii()
            body = re.sub(r"\\operatorname\{[a-z\\_]+\}", r"\\operatorname{}", text)
            assert set(re.findall(r"\\([a-z]+)", body)) <= COMMANDS
            for opened, closed in ("{}", "()", "[]"):
                assert text.count(opened) == text.count(closed)
            assert not re.search(r"_[A-Za-z]*_|[_^]\s|[_^]$", body.replace("\\_", ""))
            assert_reads_as(text, found.result)
            lines = text.split("\n")[1:-1]
            assert all(line.count("&") == 1 for line in lines)
            assert all(line.endswith(r" \\") for line in lines[:-1]) and not lines[-1].endswith(
                "\\"
            )


def test_long_sums_show_the_largest_terms_and_the_rest_together(js: Modules) -> None:
    params = CELLS["gru"].params.random(100, 100, seed=3)
    x = np.random.default_rng(3).normal(size=(2, 100))
    found = explain(cell(params).run(x), params, "z", 1, 5)
    given = wire(params, found)["explained"]
    for order in ("size", "order"):
        told = js.call("views/number/sum", "sumOf", given, order, False)
        products = [term["product"] for term in told["terms"]]
        smallest = sorted((abs(term.product) for term in found.terms), reverse=True)[23]
        assert len(products) == 24 and min(map(abs, products)) == smallest
        assert told["smaller"] + told["zeros"] + 24 == len(found.terms)
        printed = sum(round(product, 4) for product in products) + told["rest"]
        assert printed == pytest.approx(round(found.pre_activation or 0.0, 4), abs=1e-9)
        whole = js.call("views/number/sum", "sumOf", given, order, True)
        assert len(whole["terms"]) == len(found.terms) and whole["smaller"] == 0
    assert [t["kind"] for t in whole["terms"]] == [term.kind for term in found.terms]


@pytest.mark.parametrize(
    ("reference", "index", "source"),
    [
        (value("z"), [5, 2], {"t": 5, "unit": 2, "quantity": "z"}),
        (complement("z"), [5, 2], {"t": 5, "unit": 2, "quantity": "z"}),
        (previous("h"), [5, 2], {"t": 4, "unit": 2, "quantity": "h"}),
        (previous("c"), [1, 0], {"t": 0, "unit": 0, "quantity": "c"}),
        (previous("c"), [0, 0], None),
        (INPUT, [5, 2], None),
        (GRUParams.array("U_n"), [5, 2], None),
        (LSTMParams.array("p_o"), [5], None),
        (RNNParams.array("b"), [5], None),
    ],
    ids=str,
)
def test_where_a_factor_comes_from(
    js: Modules, reference: Reference, index: list[int], source: dict[str, Any] | None
) -> None:
    assert source_of(js, reference, index, 0, "forward") == source


# In a layer that reads in reverse, the step before t is t+1; the last of the 9 steps begins from
# the start state.
@pytest.mark.parametrize(("index", "t"), [([5, 2], 6), ([8, 2], None)])
def test_where_a_previous_state_of_a_reverse_layer_comes_from(
    js: Modules, index: list[int], t: int | None
) -> None:
    wanted = None if t is None else {"t": t, "unit": 2, "quantity": "h"}
    assert source_of(js, previous("h"), index, 2, "reverse") == wanted


# The layer below has 4 units in each of two directions, concatenated.
@pytest.mark.parametrize(("column", "direction", "unit"), [(2, "forward", 2), (5, "reverse", 1)])
def test_an_input_of_an_upper_layer_is_a_state_of_the_layer_below(
    js: Modules, column: int, direction: str, unit: int
) -> None:
    wanted = {"layer": 1, "direction": direction, "t": 5, "unit": unit, "quantity": "h"}
    factor = {**asdict(INPUT), "index": [5, column]}
    assert js.call("views/number/factor", "sourceOf", factor, PLACE, NINE_STEPS, PARTS) == wanted


@pytest.mark.parametrize(
    ("change", "layer", "words"),
    [
        ({}, 0, "the input: change it in the strip above the plots"),
        ({"before": ["relu(W·x)"]}, 0, "made from the network’s input by relu(W·x)"),
        ({"before": ["W·x", "tanh(x)"]}, 2, "made from the states of layer 2 by W·x, then tanh(x)"),
        ({"merge": "sum"}, 2, "the states of layer 2, merged by sum"),
    ],
)
def test_an_input_that_a_map_made_is_named_and_leads_nowhere(
    js: Modules, change: dict[str, Any], layer: int, words: str
) -> None:
    layers = [TWO_WAYS | change] * 3
    parts = {"layers": layers, "vocabulary": None}
    factor = {**asdict(INPUT), "index": [5, 2]}
    place = {"layer": layer, "direction": "forward"}
    assert js.call("views/number/factor", "sourceOf", factor, place, NINE_STEPS, parts) is None
    network = {"alphabet": None, "tokens": None, "parts": parts}
    assert words in js.call("views/number/factor", "leafWords", factor, network, layer)["text"]


PLACE = {"layer": 2, "direction": "forward"}
NINE_STEPS = {"steps": 9}
TWO_WAYS = {"directions": ["forward", "reverse"], "merge": "concat", "hidden_size": 4, "before": []}
PARTS = {"layers": [TWO_WAYS] * 3}


def source_of(
    js: Modules, reference: Reference, index: list[int], layer: int, direction: str
) -> Any:
    """Where the page leads from a factor; its layer and direction, which stay, are left out."""
    place = {"layer": layer, "direction": direction}
    factor = {**asdict(reference), "index": index}
    found = js.call("views/number/factor", "sourceOf", factor, place, NINE_STEPS, PARTS)
    if found is None:
        return None
    assert {name: found.pop(name) for name in place} == place
    return found


@pytest.mark.parametrize("name", sorted(CELLS))
def test_the_page_writes_references_as_the_core_does(js: Modules, name: str) -> None:
    params = CELLS[name].params.random(3, 2, seed=0)
    references = [INPUT, *(array.reference for array in params.described().values())]
    for state in params.STATES:
        references += [value(state), previous(state), start(state), complement(state)]
    given = [asdict(reference) for reference in references]
    written = js.run("model/cell/references", "return argument.map(m.nameOf);", given)
    assert written == list(map(str, references))
    arrays = js.run("model/cell/references", "return argument.map(m.isArray);", given)
    assert arrays == [reference.is_array for reference in references]
    matrices = js.run("model/cell/references", "return argument.map(m.isMatrix);", given)
    assert matrices == [reference.is_matrix for reference in references]
