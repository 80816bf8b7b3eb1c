"""Properties of any clamps in any cell and form."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gru_core import Clamp, cell, explain
from gru_core.arrays import FloatArray
from tests.gru_core.plain import VALUES, Held, Plain, assert_plain, tolerance
from tests.gru_core.strategies import Case, cases


@st.composite
def clamped(draw: st.DrawFn, batches: bool = True) -> Held:
    """Draw a case and some clamps, often of one place."""
    case = draw(cases(steps=25, batches=batches))
    one = st.builds(
        Clamp,
        st.sampled_from(VALUES[case.params.kind]),
        st.integers(0, min(2, case.params.hidden_size - 1)),
        st.sampled_from([0.0, 1.0, -0.5, 0.375]),
        st.one_of(st.none(), st.integers(0, len(case.x) - 1)),
    )
    return Held(case, draw(st.lists(one, max_size=8)))


@given(clamped())
def test_a_clamped_run_equals_a_plain_loop(drawn: Held) -> None:
    assert_plain(drawn.case, drawn.clamps)


@given(clamped(), st.data())
def test_steps_before_the_first_clamp_are_bit_identical(drawn: Held, data: st.DataObject) -> None:
    case, one = drawn.case, cell(drawn.case.params)
    T = len(case.x)
    first = data.draw(st.integers(0, T - 1))
    late = [Clamp(c.value, c.unit, c.number, max(first, c.t or 0)) for c in drawn.clamps]
    free, found = one.run(case.x, *case.states), one.run(case.x, *case.states, clamps=late)
    for name, value in free.values.items():
        stop = first + name.endswith("_prev")
        assert found.values[name][:stop].tobytes() == value[:stop].tobytes(), name


@given(clamped(), st.data())
def test_resumed_and_spanned_runs_are_the_same(drawn: Held, data: st.DataObject) -> None:
    case, clamps, one = drawn.case, drawn.clamps, cell(drawn.case.params)
    t = data.draw(st.integers(0, len(case.x)))
    later = data.draw(st.integers(t, len(case.x)))
    extra = [Clamp("h", 0, 0.125, later)] if later < len(case.x) else []
    whole = one.run(case.x, *case.states, clamps=[*clamps, *extra])
    before = one.run(case.x, *case.states, clamps=clamps)
    resumed = one.resume(before, case.x, t, clamps=[*clamps, *extra])
    *_, last = one.spans(case.x, *case.states, clamps=[*clamps, *extra], first=2, largest=5)
    for name, value in whole.values.items():
        assert resumed.values[name].tobytes() == value.tobytes(), name
        assert last.trace.values[name].tobytes() == value.tobytes(), name


@given(cases(), st.data())
@settings(max_examples=60)
def test_an_ablated_unit_contributes_nothing(case: Case, data: st.DataObject) -> None:
    """As if no weight read it: its column of U is 0, and the others can't tell the difference."""
    H = case.params.hidden_size
    unit = data.draw(st.integers(0, H - 1))
    states = [state.copy() for state in case.states]
    states[0][unit] = 0
    U: FloatArray = case.params.U.copy()
    U[:, unit] = 0
    deaf = case.params.replace(
        **{name: U[k * H : (k + 1) * H] for k, name in enumerate(case.params.STACKS["U"])}
    )
    ablated = cell(case.params).run(case.x, *states, clamps=[Clamp("h", unit, 0.0)])
    unread = cell(deaf).run(case.x, *states)
    others = [k for k in range(H) if k != unit]
    assert not ablated.h[:, unit].any()
    atol = tolerance(case.params.dtype, ablated.h)
    np.testing.assert_allclose(ablated.h[:, others], unread.h[:, others], rtol=0, atol=atol)


@given(clamped(batches=False), st.data())
def test_the_explanation_of_a_held_value_has_the_result_of_its_equation(
    drawn: Held, data: st.DataObject
) -> None:
    case, clamps = drawn.case, drawn.clamps
    trace = cell(case.params).run(case.x, *case.states, clamps=clamps)
    plain = Plain(case.params, clamps)
    plain.run(case.x, case.states)
    value = data.draw(st.sampled_from(VALUES[case.params.kind]))
    t = data.draw(st.integers(0, len(case.x) - 1))
    unit = data.draw(st.integers(0, trace.hidden_size - 1))
    found = explain(trace, case.params, value, t, unit)
    held_here = [c for c in clamps if (c.value, c.unit) == (value, unit) and c.t in (None, t)]
    products = np.array([term.product for term in found.terms])
    atol = tolerance(trace.dtype, *trace.values.values(), products)
    assert (found.clamped, found.result) == (bool(held_here), trace.values[value][t, unit])
    assert found.clamped or found.computed == found.result
    assert found.computed == pytest.approx(plain.computed[value][t][unit], abs=atol)
    total = found.computed if found.pre_activation is None else found.pre_activation
    assert math.fsum(term.product for term in found.terms) == pytest.approx(total, abs=atol)
