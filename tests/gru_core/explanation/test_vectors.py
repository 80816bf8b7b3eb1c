"""One step as vectors, against the terms of its numbers and the run itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import (
    GRU,
    RNN,
    Clamp,
    GRUParams,
    LSTMParams,
    RangeError,
    RNNParams,
    ShapeError,
    cell,
    explain,
    vectors,
)
from tests.gru_core.strategies import Case, cases

TOLERANCE = {"float64": 1e-12, "float32": 2e-5}


@given(cases(steps=12), st.data())
def test_every_summand_is_the_sum_of_its_terms(case: Case, data: st.DataObject) -> None:
    params = case.params
    trace = cell(params).run(case.x, *case.states, clamps=[Clamp("h", 0, 0.5, 0)])
    t = data.draw(st.integers(0, len(trace) - 1))
    step = vectors(trace, params, t)
    tolerance = TOLERANCE[str(trace.dtype)]
    for equation in params.equations():
        for unit in range(trace.hidden_size):
            found = explain(trace, params, equation.value, t, unit)
            for product in equation.products:
                own = [term.product for term in found.terms if term.kind == product.kind]
                summand = step[f"{equation.value}/{product.kind}"]
                assert summand[unit] == pytest.approx(math.fsum(own), abs=tolerance)
            for term in found.terms:
                for factor in term.factors:
                    if not factor.reference.is_array and factor.reference.kind != "input":
                        assert step[factor.name][factor.index[1]] == factor.value


@given(cases(steps=12), st.data())
def test_the_vectors_of_a_step_agree_with_the_run(case: Case, data: st.DataObject) -> None:
    trace = cell(case.params).run(case.x, *case.states)
    t = data.draw(st.integers(0, len(trace) - 1))
    step = vectors(trace, case.params, t)
    np.testing.assert_array_equal(step["x"], case.x[t])
    for name, value in trace.values.items():
        np.testing.assert_array_equal(step[name], value[t])
    assert {array.dtype for array in step.values()} == {trace.dtype}


def names(params: GRUParams | LSTMParams | RNNParams) -> set[str]:
    step = vectors(cell(params).run(np.ones((2, 3))), params, 1)
    return {name for name in step if name not in ("x", "h_prev", "c_prev", *params.VALUES)}


GATE = {"input", "recurrent", "bias"}


def test_a_gru_s_summands() -> None:
    gates = {f"{gate}/{kind}" for gate in "zr" for kind in GATE}
    rest = {"n/input", "n/bias", "n/recurrent", "n/recurrent_bias", "h/keep", "h/write", "1-z"}
    after = GRUParams.random(3, 2, seed=0)
    assert names(after) == gates | rest
    assert names(after.with_form(reset_after=False)) == gates | rest | {"n/recurrent/vector"}
    assert names(after.with_form(z_keeps=False)) == gates | rest
    bare = GRUParams.random(3, 2, seed=0, bias=False)
    assert names(bare) == {n for n in gates | rest if "bias" not in n}


def test_an_lstm_s_and_an_rnn_s_summands() -> None:
    gates = {f"{gate}/{kind}" for gate in "ifog" for kind in GATE}
    rest = {"c/keep", "c/write", "m/state", "h/show"}
    lstm = LSTMParams.random(3, 2, seed=0)
    assert names(lstm) == gates | rest
    coupled = {n for n in gates if n[0] != "f"} | rest | {"f/couple", "1-i"}
    assert names(lstm.with_form(input_forget=True)) == coupled
    assert names(RNNParams.random(3, 2, seed=0)) == {f"h/{kind}" for kind in GATE}


def test_a_reset_before_the_product_shows_the_multiplied_vector() -> None:
    params = GRUParams.random(3, 2, seed=0, reset_after=False)
    trace = GRU(params).run(np.ones((4, 3)))
    step = vectors(trace, params, 3)
    np.testing.assert_array_equal(step["n/recurrent/vector"], trace.r[3] * trace.h_prev[3])
    np.testing.assert_allclose(step["n/recurrent"], params.U_n @ (trace.r[3] * trace.h[2]))


def test_what_is_not_there_is_refused() -> None:
    params = RNNParams.random(2, 3, seed=0)
    trace = RNN(params).run(np.ones((4, 2)))
    with pytest.raises(RangeError, match="t must be from 0 to 3, got 4"):
        vectors(trace, params, 4)
    with pytest.raises(ShapeError, match="trace must be of one sequence"):
        vectors(RNN(params).run(np.ones((4, 2, 2))), params, 0)
    with pytest.raises(ShapeError, match="trace must be of a gru, as params are"):
        vectors(trace, GRUParams.random(2, 3, seed=0), 0)
