"""The node cases of the onnx package for GRU, LSTM and RNN, all of them."""

import importlib
from typing import Any

import numpy as np
import onnx
import pytest

from tests.gru_core.onnx_weights import DEFAULTS, Form, run

MODULE = "onnx.backend.test.case.node"


def node_cases() -> list[Any]:
    """Return the cases; their modules register them with the package when they are imported."""
    package = importlib.import_module(MODULE)
    with np.errstate(invalid="ignore"):  # BLAS now and then leaves the flag raised in its products
        for name in ("gru", "lstm", "rnn"):
            importlib.import_module(f"{MODULE}.{name}")
    return [case for case in package._NodeTestCases if op(case) in DEFAULTS]


def op(case: Any) -> str:
    """Return the operator of a case."""
    return str(case.model.graph.node[0].op_type)


CASES = node_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_node_case(case: Any) -> None:
    node = case.model.graph.node[0]
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    ((inputs, outputs),) = case.data_sets
    slots = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    names = [slot for slot, name in zip(slots, node.input, strict=False) if name]
    arrays = dict(zip(names, inputs, strict=True))
    lengths = arrays.pop("sequence_lens", None)
    layout = attributes.pop("layout", 0)
    assert attributes.pop("hidden_size") == arrays["R"].shape[2]
    direction = attributes.pop("direction", b"forward").decode()
    assert attributes == {}
    if layout:
        for name in {"X", "initial_h", "initial_c"} & set(arrays):
            arrays[name] = arrays[name].swapaxes(0, 1)
    found = run(Form(node.op_type, direction), arrays, lengths)
    if layout:  # Y (B, T, D, H), Y_h (B, D, H)
        found = {name: np.moveaxis(value, -2, 0) for name, value in found.items()}
    wanted = [name for slot, name in zip(("Y", "Y_h", "Y_c"), node.output, strict=False) if name]
    assert len(outputs) == len(wanted) > 0
    for name, expected in zip(wanted, outputs, strict=True):
        assert found[name].dtype == expected.dtype == np.float32
        assert found[name].shape == expected.shape
        np.testing.assert_allclose(found[name], expected, rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("kind", DEFAULTS)
def test_the_package_still_brings_its_six_cases(kind: str) -> None:
    names = {case.name.rpartition("_")[2] for case in CASES if op(case) == kind}
    assert names >= {"defaults", "bias", "batchwise", "reverse", "bidirectional"}
    assert names >= ({"peepholes"} if kind == "LSTM" else {"length"})
