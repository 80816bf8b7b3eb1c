"""The table of equations, compared with the cells."""

import numpy as np
import pytest
from hypothesis import given

from gru_core import CELLS, GRUParams, LSTMParams, Params, RNNParams, Trace, cell
from gru_core.arrays import FloatArray
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.references import Reference, complement, value
from tests.gru_core.strategies import Case, cases

TOLERANCE = {"float64": 1e-12, "float32": 2e-5}


def evaluate(product: Product, params: Params, trace: Trace) -> FloatArray:
    """Return a product for all steps, read from right to left, in float64."""
    result = np.ones(1)
    for factor in reversed(product.factors):
        if factor.is_matrix:
            result = result @ getattr(params, factor.name).astype(float).T
        elif factor.is_array:
            result = result * getattr(params, factor.name).astype(float)
        elif factor.kind == "complement":
            result = result * (1 - trace.values[factor.name].astype(float))
        else:
            found = trace.x if factor.kind == "input" else trace.values[str(factor)]
            result = result * found.astype(float)
    return result


@given(cases())
def test_a_trace_obeys_the_table(case: Case) -> None:
    trace = cell(case.params).run(case.x, *case.states)
    for equation in case.params.equations():
        total = sum(evaluate(product, case.params, trace) for product in equation.products)
        found = trace.values[equation.pre or equation.value]
        tolerance = TOLERANCE[str(trace.dtype)] * (1 + np.abs(found).max())
        np.testing.assert_allclose(found, total, rtol=0, atol=tolerance)
        if equation.activation is not None:
            inside = np.asarray(total, float)
            if equation.clip is not None:
                inside = inside.clip(-equation.clip, equation.clip)
            result = equation.activation(inside)
            np.testing.assert_allclose(trace.values[equation.value], result, atol=tolerance)


@given(cases(steps=2))
def test_the_table_names_every_array_and_only_existing_values(case: Case) -> None:
    trace = cell(case.params).run(case.x, *case.states)
    named = {factor for e in case.params.equations() for p in e.products for factor in p.factors}
    weights = set(case.params.arrays())
    if case.params.form().get("input_forget"):
        weights -= {"W_f", "U_f", "b_f", "p_f"}  # there, and not used
    assert {factor.name for factor in named if factor.is_array} == weights
    others = {factor for factor in named if not factor.is_array}
    assert {str(factor) for factor in others if factor.kind != "complement"} <= {"x", *trace.values}
    assert {factor.name for factor in others if factor.kind == "complement"} <= set(trace.values)


@given(cases(steps=2))
def test_a_factor_belongs_to_the_value_that_it_helps_to_compute(case: Case) -> None:
    for equation in case.params.equations():
        for product in equation.products:
            for factor in product.factors:
                if factor.is_array:
                    assert factor.of == equation.value
                    assert case.params.described()[factor.name].reference == factor
                else:
                    assert factor.of == ("" if factor.kind == "input" else factor.name)


@given(cases(steps=2))
def test_an_array_has_the_shape_of_its_role(case: Case) -> None:
    I, H = case.params.input_size, case.params.hidden_size
    for name, array in case.params.arrays().items():
        assert case.params.described()[name].shape(I, H) == array.shape


@given(cases(steps=3))
def test_the_gate_multiplies_the_inner_sum(case: Case) -> None:
    trace = cell(case.params).run(case.x, *case.states)
    for equation in case.params.equations():
        inner = [product for product in equation.products if product.inner is not None]
        if not inner:
            continue
        assert {(product.factors[0], product.inner) for product in inner} == {(value("r"), "u")}
        parts = [Product(product.kind, product.factors[1:]) for product in inner]
        total = sum(evaluate(part, case.params, trace) for part in parts)
        tolerance = TOLERANCE[str(trace.dtype)] * (1 + np.abs(trace.u).max())
        np.testing.assert_allclose(trace.u, total, rtol=0, atol=tolerance)


WRITTEN = [
    (GRUParams, {}, [
        "z = σ(W_z x + U_z h_prev + b_z)",
        "r = σ(W_r x + U_r h_prev + b_r)",
        "n = tanh(W_n x + b_n + r ⊙ (U_n h_prev + b_hn))",
        "h = z ⊙ h_prev + (1 − z) ⊙ n",
    ]),
    (GRUParams, {"bias": False, "reset_after": False, "z_keeps": False}, [
        "z = σ(W_z x + U_z h_prev)",
        "r = σ(W_r x + U_r h_prev)",
        "n = tanh(W_n x + U_n (r ⊙ h_prev))",
        "h = (1 − z) ⊙ h_prev + z ⊙ n",
    ]),
    (LSTMParams, {}, [
        "i = σ(W_i x + U_i h_prev + b_i)",
        "f = σ(W_f x + U_f h_prev + b_f)",
        "g = tanh(W_g x + U_g h_prev + b_g)",
        "c = f ⊙ c_prev + i ⊙ g",
        "o = σ(W_o x + U_o h_prev + b_o)",
        "m = tanh(c)",
        "h = o ⊙ m",
    ]),
    (LSTMParams, {"bias": False, "input_forget": True, "p": np.ones(6)}, [
        "i = σ(W_i x + U_i h_prev + p_i ⊙ c_prev)",
        "f = 1 − i",
        "g = tanh(W_g x + U_g h_prev)",
        "c = f ⊙ c_prev + i ⊙ g",
        "o = σ(W_o x + U_o h_prev + p_o ⊙ c)",
        "m = tanh(c)",
        "h = o ⊙ m",
    ]),
    (RNNParams, {"clip": 3.0}, ["h = tanh(clip(W x + U h_prev + b, ±3))"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "form", "expected"), WRITTEN)
def test_equations_as_they_are_written(
    kind: type[Params], form: dict[str, object], expected: list[str]
) -> None:
    params = kind.random(1, 2, seed=0, **form)  # type: ignore[arg-type]
    assert [str(equation) for equation in params.equations()] == expected
    for equation in params.equations():
        words = [word for word in equation.words() if isinstance(word, Reference)]
        factors = {factor for product in equation.products for factor in product.factors}
        plain = {value(f.name) if f.kind == "complement" else f for f in factors}
        assert set(words) == {value(equation.value), *plain}


def test_every_cell_shows_the_results_of_its_equations() -> None:
    for kind in CELLS.values():
        params = kind.params.random(1, 2, seed=0)
        assert {e.value for e in params.equations()} <= set(params.VALUES)
        assert {e.pre for e in params.equations() if e.pre} <= set(params.VALUES)


def test_a_sum_without_products_is_written_as_it_is() -> None:
    assert (
        str(Equation("f", "forget gate", (Product("couple", (complement("i"),)),))) == "f = 1 − i"
    )
