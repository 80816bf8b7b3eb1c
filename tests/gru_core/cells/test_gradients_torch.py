"""Gradients and Jacobians against torch's autograd, by arrays that scripts/references made."""

import importlib

import numpy as np
import pytest
from safetensors.numpy import load_file

from gru_core import cell
from tests.gru_core.cases import Arrays
from tests.gru_core.torch_cases import (
    GRADIENT_CASES,
    GRADIENTS,
    JACOBIAN_CASES,
    JACOBIANS,
    GradientCase,
    GradientDrawn,
    TorchCase,
    draw,
    draw_gradient,
)
from tests.gru_core.torch_weights import gradients, network, params

TOLERANCE = 1e-10

STORED = load_file(GRADIENTS)
STORED_JACOBIANS = load_file(JACOBIANS)


def found_gradients(case: GradientCase, given: GradientDrawn) -> Arrays:
    """Return our gradients under torch's names."""
    net = network(case.network, given.drawn.weights, "float64", given.outer)
    x = given.drawn.x if given.ids is None else given.ids
    trace = net.run(x, **given.drawn.states, lengths=given.drawn.lengths)
    found = net.gradients(trace, **given.loss)
    arrays: Arrays = {}
    suffixes = ("", "_reverse")[: case.network.directions]
    for k, layer in enumerate(found.layers):
        for suffix, one in zip(suffixes, layer, strict=True):
            arrays |= gradients(case.network, f"l{k}{suffix}", one)
    arrays |= {name: np.stack(getattr(found, name)) for name in given.drawn.states}
    if given.ids is None:
        arrays["x"] = found.x
    for name, value in (
        ("embedding", found.embedding),
        ("readout_weight", found.readout_W),
        ("readout_bias", found.readout_b),
    ):
        if value is not None:
            arrays[name] = value
    return arrays


@pytest.mark.parametrize("cached", [None, 1, 24], ids=["whole", "by 1", "by 2"])
@pytest.mark.parametrize("case", GRADIENT_CASES, ids=lambda case: case.key)
def test_gradients_equal_autograd(
    case: GradientCase, cached: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cached is not None:  # so few numbers that a few steps take several chunks
        for module in ("gru_core.run.buffers", "gru_core.cells.derivatives"):
            monkeypatch.setattr(importlib.import_module(module), "CACHED", cached)
    arrays = found_gradients(case, draw_gradient(case))
    stored = {
        name.rpartition("/")[2]: value
        for name, value in STORED.items()
        if name.startswith(f"{case.key}/")
    }
    assert set(arrays) == set(stored) - {"loss"}
    for name, value in arrays.items():
        np.testing.assert_allclose(value, stored[name], rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("case", JACOBIAN_CASES, ids=lambda case: case.cell)
@pytest.mark.parametrize("name", ["step", "memory"])
def test_jacobians_equal_autograd(case: TorchCase, name: str) -> None:
    drawn = draw(case)
    layer = cell(params(case, drawn.weights, "l0"))
    states = {state: value[0] for state, value in drawn.states.items()}
    trace = layer.run(drawn.x, **states)
    found = layer.jacobian(trace) if name == "step" else layer.memory(trace)
    expected = STORED_JACOBIANS[f"{case.cell}/{name}"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)
