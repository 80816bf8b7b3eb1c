"""Networks against torch.nn.GRU, LSTM and RNN, by arrays that scripts/references made."""

from itertools import product

import numpy as np
import pytest
from safetensors.numpy import load_file

from gru_core import GRUParams, Layer, Network
from tests.gru_core.torch_cases import (
    CASES,
    CELLS,
    KEPT,
    MODES,
    NETWORKS,
    TorchCase,
    draw,
)
from tests.gru_core.torch_weights import network

TOLERANCE = {"float64": 1e-12, "float32": 1e-6}

STORED = load_file(NETWORKS)
GRUS = [case for case in CASES if case.cell == "gru"]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_outputs_and_final_states_equal_torch(case: TorchCase, dtype: str) -> None:
    drawn = draw(case)
    net = network(case, drawn.weights, dtype)
    states = {name: value.astype(dtype) for name, value in drawn.states.items()}
    trace = net.run(drawn.x.astype(dtype), **states, lengths=drawn.lengths)
    found = {"output": trace.output[-KEPT:], "h_n": trace.final}
    if case.cell == "lstm":
        found["c_n"] = trace.final_c
    assert trace.output is trace.states or np.array_equal(trace.output, trace.states)
    for name, value in found.items():
        expected = STORED[f"{case.key}/{dtype}/{name}"]
        assert value.dtype == expected.dtype == dtype
        np.testing.assert_allclose(value, expected, rtol=0, atol=TOLERANCE[dtype], err_msg=name)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", GRUS, ids=lambda case: case.key)
def test_a_z_that_writes_is_torchs_with_opposite_weights(case: TorchCase, dtype: str) -> None:
    drawn = draw(case)
    for weight in drawn.weights.values():  # σ(−a) = 1 − σ(a); rows r, z, n
        weight[case.H : 2 * case.H] *= -1
    net = network(case, drawn.weights, dtype)
    layers = [
        Layer(*(GRUParams(p.W, p.U, p.b, p.b_hn, z_keeps=False) for p in layer.params()))
        for layer in net.layers
    ]
    states = {name: value.astype(dtype) for name, value in drawn.states.items()}
    trace = Network(tuple(layers)).run(drawn.x.astype(dtype), **states, lengths=drawn.lengths)
    for name, value in {"output": trace.output[-KEPT:], "h_n": trace.final}.items():
        expected = STORED[f"{case.key}/{dtype}/{name}"]
        np.testing.assert_allclose(value, expected, rtol=0, atol=TOLERANCE[dtype], err_msg=name)


def test_the_cases_meet_every_switch_with_every_cell() -> None:
    met = {(case.cell, case.layers, case.bidirectional, case.bias) for case in CASES}
    assert met >= set(product(CELLS, (1, 2, 3), (False, True), (False, True)))
    met_modes = {(case.cell, case.mode, case.states) for case in CASES}
    assert met_modes >= set(product(CELLS, MODES, (False, True)))
    met_lengths = {(case.cell, case.bidirectional, case.mode) for case in CASES}
    assert met_lengths >= set(product(CELLS, (False, True), MODES))


def test_every_stored_array_is_used() -> None:
    keys = {f"{case.key}/{dtype}" for case in CASES for dtype in TOLERANCE}
    assert {name.rpartition("/")[0] for name in STORED} == keys


def test_lengths_fall_short_of_T_and_differ() -> None:
    lengths = [draw(case).lengths for case in CASES if case.mode == "lengths"]
    assert all(found is not None and found.min() == 1 for found in lengths)
    assert any(found is not None and found.max() < 5 for found in lengths)
    assert any(found is not None and found.max() == 5 for found in lengths)
