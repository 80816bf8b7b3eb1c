import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import Network, RangeError, Readout, ShapeError
from gru_core.explanation.output import explain_output
from gru_core.explanation.terms import Explanation
from gru_core.network.readout import HEADS
from gru_core.network.trace import NetworkTrace

I, H, O, T = 3, 4, 5, 6


def made(
    head: Any = "identity",
    bias: bool = True,
    directions: int = 1,
    dtype: str = "float64",
    seed: int = 0,
) -> tuple[Network, Readout, NetworkTrace]:
    rng = np.random.default_rng(seed)
    layers = Network.random(
        "lstm", I, H, seed=seed, layers=2, directions=directions, dtype=dtype
    ).layers
    W = rng.normal(size=(O, H * directions)).astype(dtype)
    readout = Readout(W, rng.normal(size=O).astype(dtype) if bias else None, head)
    network = Network(layers, None, readout)
    return network, readout, network.run(rng.normal(size=(T, I)).astype(dtype))


def total(found: Explanation) -> float:
    return math.fsum(term.product for term in found.terms)


def plain_head(head: str, logits: Any) -> Any:
    if head == "sigmoid":
        return 1 / (1 + np.exp(-logits))
    if head == "softmax":
        return np.exp(logits) / np.exp(logits).sum()
    return logits


@given(
    st.sampled_from(HEADS),
    st.booleans(),
    st.sampled_from([1, 2]),
    st.sampled_from(["float64", "float32"]),
    st.integers(0, 99),
    st.integers(0, T - 1),
    st.integers(0, O - 1),
)
def test_the_terms_sum_to_the_output_and_the_head_gives_the_answer(
    head, bias, directions, dtype, seed, t, unit
):
    _, readout, trace = made(head, bias, directions, dtype, seed)
    found = explain_output(trace, readout, t, unit)
    logits = readout.W.astype("f8") @ trace.states[t]
    if readout.b is not None:
        logits = logits + readout.b
    tolerance = 64 * float(np.finfo(dtype).eps) * (1 + sum(abs(x.product) for x in found.terms))
    assert total(found) == pytest.approx(logits[unit], abs=1e-13, rel=1e-13)
    assert total(found) == pytest.approx(trace.output[t, unit], abs=tolerance)
    assert found.result == found.computed == trace.answer[t, unit]
    expected = plain_head(head, logits)[unit]
    assert found.result == pytest.approx(expected, abs=tolerance)
    if head == "identity":
        assert (found.pre_activation, found.activation) == (None, "identity")
    else:
        assert (found.pre_activation, found.activation) == (trace.output[t, unit], head)
    assert (found.value, found.t, found.unit, found.clamped) == ("y", t, unit, False)


@pytest.mark.parametrize("bias", [True, False])
def test_a_term_is_the_product_of_its_factors_at_their_places(bias):
    _, readout, trace = made("softmax", bias, directions=2)
    found = explain_output(trace, readout, 3, 1)
    assert [term.kind for term in found.terms] == ["readout"] * 2 * H + ["bias"] * bias
    for column, term in enumerate(found.terms[: 2 * H]):
        weight, state = term.factors
        assert (str(weight.reference), weight.reference.kind) == ("W_y", "readout_weights")
        assert (weight.index, weight.value) == ((1, column), readout.W[1, column])
        assert (str(state.reference), state.reference.kind) == ("h", "value")
        assert (state.index, state.value) == ((3, column), trace.states[3, column])
        assert term.product == weight.value * state.value
    if bias:
        assert readout.b is not None
        (factor,) = found.terms[-1].factors
        assert (str(factor.reference), factor.reference.kind) == ("b_y", "readout_bias")
        assert (factor.index, factor.value) == ((1,), readout.b[1])
        assert found.terms[-1].product == readout.b[1]


def test_columns_are_the_states_of_the_last_layer_forward_then_reverse():
    _, readout, trace = made(directions=2)
    last = trace.layers[-1]
    assert last.reverse is not None
    terms = explain_output(trace, readout, 2, 0).terms
    values = [term.factors[1].value for term in terms[: 2 * H]]
    assert values == [*last.h[2].tolist(), *last.reverse.h[2].tolist()]


def test_a_turned_state_is_found_at_the_step_that_computed_it():
    network, readout, _ = made(directions=2)
    last = replace(network.layers[-1], turned=("reverse",))
    trace = Network((*network.layers[:-1], last), None, readout).run(np.ones((T, I)))
    terms = explain_output(trace, readout, 1, 0, last).terms[: 2 * H]
    assert [x.factors[1].index[0] for x in terms] == [1] * H + [T - 2] * H
    ways = (trace.layers[-1].h, trace.layers[-1].reverse.h)
    for column, term in enumerate(terms):
        assert term.factors[1].value == ways[column // H][term.factors[1].index[0], column % H]


def test_probabilities_of_a_softmax_sum_to_one():
    _, readout, trace = made("softmax")
    found = [explain_output(trace, readout, 1, unit) for unit in range(O)]
    assert math.fsum(one.result for one in found) == pytest.approx(1)
    best = max(found, key=lambda one: one.result)
    assert best is max(found, key=total)


@pytest.mark.parametrize(("t", "unit", "field"), [(T, 0, "t"), (-1, 0, "t"), (0, O, "unit")])
def test_a_step_or_an_output_that_is_not_there_is_refused(t, unit, field):
    _, readout, trace = made()
    with pytest.raises(RangeError) as refused:
        explain_output(trace, readout, t, unit)
    assert refused.value.field == field


def test_a_batch_and_another_readout_are_refused():
    network, readout, trace = made("sigmoid")
    batch = network.run(np.zeros((T, 2, I)))
    with pytest.raises(ShapeError, match="one sequence"):
        explain_output(batch, readout, 0, 0)
    for other in (Readout(np.ones((O + 1, H))), Readout(np.ones((O, H + 1)))):
        with pytest.raises(ShapeError, match="like the readout"):
            explain_output(trace, other, 0, 0)
    bare = Network(network.layers).run(np.zeros((T, I)))
    with pytest.raises(ShapeError, match="like the readout"):
        explain_output(bare, readout, 0, 0)
