"""Kernels against the NumPy steppers, which are the reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gru_core import GRUParams, LSTMParams, Params, RangeError, cell
from gru_core.compiled.steps import LARGE
from gru_core.run.trace import Trace
from tests.gru_core.compiled.comparing import (
    assert_near,
    assume_comparable,
    gradients,
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
        expected = gradients(case, trace)
    with using(COMPILED):
        found = gradients(case, trace)
    assert_near(found, expected)


@pytest.mark.parametrize("kind", [GRUParams, LSTMParams])
def test_matrices_that_blas_multiplies(kind: type[Params]) -> None:
    """At the size from which it does; W and U are as a network starts with."""
    rng, one = np.random.RandomState(0), cell(kind.random(3, 64, seed=0, dtype="float64"))
    assert one.params.U.size > LARGE
    x, dh = rng.normal(size=(20, 5, 3)), rng.normal(size=(20, 5, 64))
    traces, found = [], []
    for kernels in (NUMPY, COMPILED):
        with using(kernels):
            traces.append(one.run(x))
            found.append(one.gradients(traces[0], dh))
    assert_near(traces[1].values, traces[0].values)
    assert_near(found[1].params | {"x": found[1].x}, found[0].params | {"x": found[0].x})
