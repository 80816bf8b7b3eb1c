"""Whole networks equal torch's, with interventions in any layer and direction."""

import pytest
from numpy.testing import assert_allclose
from safetensors.numpy import load_file

from gru_core import Clamp, NetworkTrace
from gru_core.network.directions import layer_states
from tests.gru_core.torch_cases import draw_gradient
from tests.gru_core.torch_weights import network
from tests.gru_core.torch_whole import WHOLE, WHOLE_CASES, T, WholeCase

STORED = load_file(WHOLE)
TOLERANCE = {"float64": 1e-12, "float32": 2e-6}


def run(case: WholeCase, dtype: str) -> NetworkTrace:
    drawn = draw_gradient(case.of)
    assert drawn.ids is not None
    made = network(case.of.network, drawn.drawn.weights, dtype, drawn.outer)
    return made.run(drawn.ids, clamps=clamps(case))


def clamps(case: WholeCase) -> list[Clamp]:
    """One clamp for each step, or one throughout."""
    found = []
    for value, unit, number, start, stop, layer, direction in case.holds:
        steps = [None] if (start, stop) == (0, T) else range(start, stop)
        found += [Clamp(value, unit, number, t, layer, direction) for t in steps]
    return found


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", WHOLE_CASES, ids=lambda case: case.key)
def test_states_of_every_layer_and_outputs_equal_torch(case: WholeCase, dtype: str) -> None:
    drawn, close = draw_gradient(case.of), {"rtol": 0, "atol": TOLERANCE[dtype]}
    layers = network(case.of.network, drawn.drawn.weights, dtype).layers
    trace = run(case, dtype)
    for k, (layer, one) in enumerate(zip(layers, trace.layers, strict=True)):
        stored = STORED[f"{case.key}/{dtype}/states_{k}"]
        assert_allclose(layer_states(layer, one), stored, **close)
    assert_allclose(trace.output, STORED[f"{case.key}/{dtype}/output"], **close)


def test_an_intervention_changes_the_output() -> None:
    """Otherwise the references would show nothing."""
    for case in WHOLE_CASES:
        if case.holds:
            plain = STORED[f"{case.of.key}-plain/float64/output"]
            assert abs(STORED[f"{case.key}/float64/output"] - plain).max() > 1e-3, case.key


def test_every_stored_array_is_used() -> None:
    names = [f"states_{k}" for k in range(3)] + ["output"]
    wanted = {f"{c.key}/{d}/{name}" for c in WHOLE_CASES for d in TOLERANCE for name in names}
    assert set(STORED) <= wanted
