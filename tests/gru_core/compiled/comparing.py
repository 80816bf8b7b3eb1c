"""What is compared with NumPy's numbers, and how closely.

Values are of order 1. Where gates without a bound make them larger, the tolerance is relative to
the largest value of the run, and that of gradients to the largest gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

import numpy as np
from hypothesis import assume

from gru_core import Params, cell
from gru_core.arrays import FloatArray
from gru_core.run.trace import Trace
from tests.gru_core.cells.gradient_points import PRE, SLOTS, kinks
from tests.gru_core.compiled.drawn import Case

TOLERANCE = {"float64": 1e-12, "float32": 2e-6}

AWAY = {"float64": 1e-9, "float32": 1e-4}
"""Nearer to a kink than this, rounding may choose another branch."""

LARGEST = 100.0
"""Gates without a bound make values grow; beyond this, rounding is amplified too much."""


def run(case: Case) -> Trace:
    """Run a case."""
    with multiplied(case):
        return cell(case.params).run(case.x, *case.states, clamps=case.clamps)


def gradients(case: Case, trace: Trace) -> dict[str, FloatArray]:
    """Return all gradients of a case by name."""
    with multiplied(case):
        found = cell(case.params).gradients(trace, *losses(trace))
    arrays = {**found.params, "x": found.x, "h0": found.h0}
    return arrays if found.c0 is None else {**arrays, "c0": found.c0}


@contextmanager
def multiplied(case: Case) -> Iterator[None]:
    """Let kernels or BLAS multiply, as the case says."""
    with mock.patch("gru_core.compiled.steps.LARGE", case.large):
        yield


def losses(trace: Trace) -> list[FloatArray]:
    """Return the gradient of a loss by every state, and by the last ones."""
    rng = np.random.RandomState(0)
    count = 1 if trace.c_0 is None else 2
    return [
        rng.normal(size=trace.h.shape),
        *(rng.normal(size=trace.h_0.shape) for _ in range(count)),
    ]


def assert_near(found: Mapping[str, FloatArray], expected: Mapping[str, FloatArray]) -> None:
    """Compare arrays by name."""
    assert found.keys() == expected.keys()
    largest = max(float(abs(array).max()) for array in expected.values())
    for name, array in expected.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        atol = TOLERANCE[str(array.dtype)] * max(1, largest)
        np.testing.assert_allclose(found[name], array, rtol=0, atol=atol, err_msg=name)


def assume_comparable(params: Params, trace: Trace, *, is_slope: bool = False) -> None:
    """Drop a case whose values are large, or in which rounding may choose another branch.

    Only `thresholded_relu` jumps itself; the slopes of others jump at their kinks and at the clip.
    """
    assume(max(abs(value).max() for value in trace.values.values()) < LARGEST)
    functions = dict(zip("fgh", params.activations, strict=False))
    sums = zip(PRE[params.kind], SLOTS[params.kind], strict=True)
    found = [(functions[slot], trace.values[name], params.clip) for name, slot in sums]
    if params.kind == "lstm":
        found.append((functions["h"], trace.values["c"], None))
    for function, a, clip in found:
        if not is_slope and function.name != "thresholded_relu":
            continue
        ends = (-clip, clip) if clip is not None and is_slope else ()
        for kink in (*kinks(function), *ends):
            apart = abs(a - a.dtype.type(kink))
            assume(not ((apart > 0) & (apart < AWAY[str(a.dtype)])).any())
