"""Kernels against the NumPy steppers, which are the reference."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gru_core import RangeError, cell
from gru_core.run.trace import Trace
from tests.gru_core.compiled.comparing import (
    assert_near,
    assume_comparable,
    losses,
    named,
    run,
)
from tests.gru_core.compiled.drawn import HELD, SHAPES, Case, Shape, cases
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using

pytestmark = needs_numba

few = settings(
    derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The same cases every time, since each shape has its own."""


def by_numpy(case: Case, *, is_slope: bool = False) -> Trace:
    with using(NUMPY):
        try:
            trace = run(case)
        except RangeError:
            assume(False)
    assume_comparable(case.params, trace, is_slope=is_slope)
    assert not trace.is_compiled
    return trace


def by_kernel(case: Case) -> Trace:
    with using(COMPILED):
        trace = run(case)
    assert trace.is_compiled
    return trace


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_values(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape))
    expected = by_numpy(case)
    assert_near(by_kernel(case).values, expected.values)


@pytest.mark.parametrize("shape", HELD, ids=str)
@given(data=st.data())
@few
def test_held_values(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape, is_held=True))
    expected = by_numpy(case)
    found = by_kernel(case)
    assert_near(found.values, expected.values)
    last = case.clamps[-1]
    held = found.values[last.value][..., last.unit]
    assert ((held if last.t is None else held[last.t]) == last.number).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_gradients(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape))
    trace = by_numpy(case, is_slope=True)
    with using(NUMPY):
        expected = cell(case.params).gradients(trace, *losses(trace))
    with using(COMPILED):
        found = cell(case.params).gradients(trace, *losses(trace))
    assert_near(named(found), named(expected))
