"""Runs by kernels that must be equal to the last bit: in spans, resumed, with later clamps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gru_core import Clamp, GRUParams, RangeError, cell
from tests.gru_core.cells.test_cell import assert_same
from tests.gru_core.compiled.comparing import multiplied, run
from tests.gru_core.compiled.drawn import HELD, SHAPES, Shape, cases
from tests.gru_core.compiled.engines import COMPILED, needs_numba, using
from tests.gru_core.network.drawn import changed_inputs, holds, networks
from tests.gru_core.network.test_spans import assert_same as assert_same_network

pytestmark = needs_numba

LONG = 80
"""More than the block of steps whose W·x is one product."""

few = settings(
    derandomize=True, max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_spans_and_resumed_runs(shape: Shape, data: st.DataObject) -> None:
    case = data.draw(cases(*shape, steps=LONG))
    one, T = cell(case.params), len(case.x)
    first, largest = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 60))
    t = data.draw(st.integers(0, T))
    more = data.draw(st.integers(0 if t else 1, 40))
    x = np.concatenate([case.x[:t], np.full((more, *case.x.shape[1:]), 0.25)])
    with using(COMPILED), multiplied(case):
        try:
            before, after = run(case), one.run(x, *case.states)
        except RangeError:
            assume(False)
        *_, last = one.spans(case.x, *case.states, first=first, largest=largest)
        resumed = one.resume(before, x, t)
    assert before.is_compiled and resumed.is_compiled
    assert_same(last.trace, before)
    assert_same(resumed, after)


@pytest.mark.parametrize("shape", HELD, ids=str)
@given(data=st.data())
@few
def test_steps_before_a_clamp(shape: Shape, data: st.DataObject) -> None:
    """A run without clamps has another kernel, which gives the same bits."""
    case = data.draw(cases(*shape, steps=LONG))
    one, T = cell(case.params), len(case.x)
    t = data.draw(st.integers(0, T - 1))
    clamps = [Clamp("h", 0, 0.125, t)]
    with using(COMPILED), multiplied(case):
        try:
            free, held = run(case), one.run(case.x, *case.states, clamps=clamps)
        except RangeError:
            assume(False)
        resumed = one.resume(free, case.x, t, clamps=clamps)
        *_, last = one.spans(case.x, *case.states, clamps=clamps, first=3, largest=9)
    for name, value in free.values.items():
        stop = t + name.endswith("_prev")
        assert held.values[name][:stop].tobytes() == value[:stop].tobytes(), name
    assert_same(resumed, held)
    assert_same(last.trace, held)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@given(data=st.data())
@few
def test_a_run_again(shape: Shape, data: st.DataObject) -> None:
    """Its arrays are elsewhere in memory, and gradients are the same as well."""
    case = data.draw(cases(*shape))
    rng = np.random.RandomState(0)
    with using(COMPILED), multiplied(case):
        try:
            first = run(case)
        except RangeError:
            assume(False)
        dh = rng.normal(size=first.h.shape)
        second = run(case)
        one, other = (cell(case.params).gradients(trace, dh) for trace in (first, second))
    assert_same(second, first)
    for name, value in one.params.items():
        assert other.params[name].tobytes() == value.tobytes(), name
    assert one.x.tobytes() == other.x.tobytes()


def test_runs_in_several_threads() -> None:
    """A kernel runs in all of them at once, since it does not hold the interpreter's lock."""
    one = cell(GRUParams.random(3, 9, seed=0))
    inputs = [np.random.RandomState(k).normal(size=(400, 3)) for k in range(8)]
    with using(COMPILED), ThreadPoolExecutor(4) as pool:
        expected = [one.run(x) for x in inputs]
        for _ in range(5):
            for found, trace in zip(pool.map(one.run, inputs), expected, strict=True):
                assert found.is_compiled
                assert_same(found, trace)


@given(st.data())
@settings(few, max_examples=40)
def test_networks(data: st.DataObject) -> None:
    network = data.draw(networks())
    before, after, start = data.draw(changed_inputs(network))
    clamps = [c for c in data.draw(holds(network, len(after))) if c.t is None or c.t >= start]
    if start:
        clamps = [c for c in clamps if c.t is not None]
    with using(COMPILED):
        kept, whole = network.run(before), network.run(after, clamps=clamps)
        resumed = network.resume(kept, after, start, clamps=clamps)
        *_, last = network.spans(after, clamps=clamps, first=3, largest=7)
    assert all(whole.is_compiled)
    assert last.trace is not None
    assert_same_network(resumed, whole)
    assert_same_network(last.trace, whole)
