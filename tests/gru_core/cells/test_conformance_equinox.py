"""Cells against equinox.nn.GRUCell and LSTMCell, by arrays that scripts/references made."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from gru_core import GRU, LSTM, GRUParams, LSTMParams
from tests.gru_core.equinox_cases import CASES, EQUINOX, EquinoxCase, draw

TOLERANCE = {"float64": 1e-12, "float32": 1e-6}

STORED = load_file(EQUINOX)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_states_equal_equinox(case: EquinoxCase, dtype: str) -> None:
    given = {name: value.astype(dtype) for name, value in draw(case).items()}
    W, U, b, H = given["weight_ih"], given["weight_hh"], given["bias"], case.H
    if case.cell == "GRUCell":  # rows r, z, n; the inner bias of n apart
        order = np.r_[H : 2 * H, :H, 2 * H : 3 * H]
        biases = (b[order], given["bias_n"]) if case.bias else (None, None)
        trace = GRU(GRUParams(W[order], U[order], *biases)).run(given["x"], given["h0"])
        found = {"h": trace.h}
    else:  # rows i, f, g, o
        order = np.r_[: 2 * H, 3 * H : 4 * H, 2 * H : 3 * H]
        params = LSTMParams(W[order], U[order], b[order] if case.bias else None)
        trace = LSTM(params).run(given["x"], given["h0"], given["c0"])
        found = {"h": trace.h, "c": trace.c}
    for name, value in found.items():
        expected = STORED[f"{case.key}/{dtype}/{name}"]
        assert value.dtype == expected.dtype == dtype
        np.testing.assert_allclose(value, expected, rtol=0, atol=TOLERANCE[dtype], err_msg=name)


def test_every_stored_array_is_used() -> None:
    keys = {f"{case.key}/{dtype}" for case in CASES for dtype in TOLERANCE}
    assert {name.rpartition("/")[0] for name in STORED} == keys
