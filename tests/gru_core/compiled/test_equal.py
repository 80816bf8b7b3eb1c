"""Kernels against the NumPy steppers, which are the reference.

Values are of order 1. Where gates without a bound make them larger, the tolerance is relative to
the largest value of the run, and that of gradients to the largest gradient.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gru_core import RangeError, cell
from gru_core.arrays import FloatArray
from gru_core.run.trace import Trace
from tests.gru_core.compiled.drawn import (
    HELD,
    LARGEST,
    SHAPES,
    Case,
    Shape,
    assume_smooth,
    cases,
)
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using

pytestmark = needs_numba

TOLERANCE = {"float64": 1e-12, "float32": 2e-6}
AWAY = {"float64": 1e-9, "float32": 1e-4}

few = settings(derandomize=True, max_examples=25, deadline=None)
"""The same cases every time, since each shape has its own."""


def run(case: Case) -> Trace:
    return cell(case.params).run(case.x, *case.states, clamps=case.clamps)


def both_runs(case: Case, *, is_slope: bool = False) -> tuple[Trace, Trace]:
    """Return NumPy's trace and a kernel's."""
    with using(NUMPY):
        try:
            expected = run(case)
        except RangeError:
            assume(False)
    assume(max(abs(value).max() for value in expected.values.values()) < LARGEST)
    assume_smooth(case.params, expected, AWAY[str(expected.dtype)], is_slope=is_slope)
    with using(COMPILED):
        found = run(case)
    assert (found.is_compiled, expected.is_compiled) == (True, False)
    return expected, found


def assert_near(found: Mapping[str, FloatArray], expected: Mapping[str, FloatArray]) -> None:
    assert found.keys() == expected.keys()
    largest = max(float(abs(array).max()) for array in expected.values())
    for name, array in expected.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        atol = TOLERANCE[str(array.dtype)] * max(1, largest)
        np.testing.assert_allclose(found[name], array, rtol=0, atol=atol, err_msg=name)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_values(shape: Shape, data: st.DataObject) -> None:
    expected, found = both_runs(data.draw(cases(*shape)))
    assert_near(found.values, expected.values)


@pytest.mark.parametrize("shape", HELD, ids=str)
@given(data=st.data())
@few
def test_held_values(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape, is_held=True))
    expected, found = both_runs(case)
    assert_near(found.values, expected.values)
    for clamp in case.clamps:
        if clamp is case.clamps[-1] and clamp.t is not None:
            assert (found.values[clamp.value][clamp.t, ..., clamp.unit] == clamp.number).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_gradients(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape))
    trace, _ = both_runs(case, is_slope=True)
    rng = np.random.RandomState(0)
    losses = [rng.normal(size=trace.h.shape), rng.normal(size=trace.h_0.shape)]
    if trace.c_0 is not None:
        losses.append(rng.normal(size=trace.h_0.shape))
    arrays: list[dict[str, Any]] = []
    for kernels in (NUMPY, COMPILED):
        with using(kernels):
            one = cell(case.params).gradients(trace, *losses)
        found = {**one.params, "x": one.x, "h0": one.h0}
        arrays.append(found if one.c0 is None else {**found, "c0": one.c0})
    assert_near(arrays[1], arrays[0])
