"""Random nodes compared with onnxruntime, and its deviations from the ONNX specification."""

from itertools import product

import numpy as np
import pytest

from gru_core import Activation
from tests.gru_core.onnx_weights import DEFAULTS, Form, run
from tests.gru_core.onnxruntime_cases import (
    CLIPS,
    DIRECTIONS,
    TAKES,
    RuntimeCase,
    attributes,
    draw_cases,
    draw_inputs,
    run_onnxruntime,
    slots,
)

TOLERANCE = {"rtol": 1e-4, "atol": 2e-6}

CASES = draw_cases({"GRU": 72, "LSTM": 72, "RNN": 48})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_node_equals_onnxruntime(case: RuntimeCase) -> None:
    arrays, lengths = draw_inputs(case)
    H = arrays["R"].shape[2]
    expected = run_onnxruntime(case.form.op, arrays, lengths, **attributes(case, H))
    found = run(case.form, arrays, lengths)
    assert found.keys() == expected.keys()
    for name, value in found.items():
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, expected[name], **TOLERANCE, err_msg=name)


@pytest.mark.parametrize("op", DEFAULTS)
def test_the_cases_meet_every_pair_of_switches(op: str) -> None:
    switches = {
        "direction": DIRECTIONS,
        "clip": CLIPS,
        "own": (False, True),
        "bias": (False, True),
        "h0": (False, True),
        "lengths": (False, True),
    }
    switches |= {"linear_before_reset": (0, 1)} if op == "GRU" else {}
    if op == "LSTM":
        switches |= dict.fromkeys(("c0", "peepholes", "input_forget"), (False, True))
    cases = [case for case in CASES if case.form.op == op]
    values = [
        case.form._asdict() | case._asdict() | {"own": bool(case.form.activations)}
        for case in cases
    ]
    for first, second in product(switches, switches):
        if first < second:
            met = {(case[first], case[second]) for case in values}
            assert met == set(product(switches[first], switches[second])), (first, second)


@pytest.mark.parametrize("op", DEFAULTS)
def test_the_cases_meet_every_activation_in_every_place(op: str) -> None:
    met = {slot for case in CASES if case.constants for slot in slots(case)}
    assert met >= set(product([op], range(len(DEFAULTS[op])), TAKES))
    assert {case.constants for case in CASES if case.form.op == op} == {False, True}


# What follows holds for onnxruntime 1.32 and not for ONNX's text; where it does not hold any
# longer, the cases above can do without their precautions.

ONE = {
    "X": np.ones((1, 1, 1), np.float32),
    "W": np.full((1, 1, 1), 0.5, np.float32),
    "R": np.zeros((1, 1, 1), np.float32),
}


@pytest.mark.parametrize("name", ["ThresholdedRelu", "Affine", "ScaledTanh"])
def test_onnxruntime_takes_missing_constants_for_zero(name: str) -> None:
    """ONNX says: "default values are the same as of corresponding ONNX operators"."""
    found = run_onnxruntime("RNN", ONE, None, hidden_size=1, activations=[name])["Y_h"].item()
    zero = run(Form("RNN", activations=(Activation.of(name, 0.0, 0.0),)), ONE)["Y_h"].item()
    default = run(Form("RNN", activations=(Activation.of(name),)), ONE)["Y_h"].item()
    assert found == zero != default


def test_clip_leaves_the_lstms_c_alone() -> None:
    """ONNX says: clip "is applied to the input of activations"; for tanh(c) onnxruntime does not.

    Nor do we: c is a state, not the sum before a gate.
    """
    ones = {
        "X": np.ones((4, 1, 1), np.float32),
        "W": np.ones((1, 4, 1), np.float32),
        "R": np.zeros((1, 4, 1), np.float32),
    }
    expected = run_onnxruntime("LSTM", ones, None, hidden_size=1, clip=0.5)
    found = run(Form("LSTM", clip=0.5), ones)
    gate = 1 / (1 + np.exp(-0.5))
    c = gate * np.tanh(0.5) * (1 + gate + gate**2 + gate**3)
    assert c > 0.5
    for Y in (expected, found):
        assert Y["Y_c"].item() == pytest.approx(c, abs=1e-6)
        assert Y["Y_h"].item() == pytest.approx(gate * np.tanh(c), abs=1e-6)


def test_onnxruntime_refuses_batch_first() -> None:
    with pytest.raises(Exception, match="layout"):
        run_onnxruntime("GRU", gru_ones(), None, hidden_size=1, layout=1)


def gru_ones() -> dict[str, np.ndarray]:
    """Return the inputs of the smallest GRU."""
    W = np.ones((1, 3, 1), np.float32)
    return {"X": np.ones((1, 1, 1), np.float32), "W": W, "R": W}
