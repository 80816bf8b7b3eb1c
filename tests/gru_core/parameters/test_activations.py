"""Activations at points computed by hand; onnxruntime checks the rest."""

import math

import numpy as np
import pytest

from gru_core import ACTIVATIONS, RELU, SIGMOID, TANH, Activation, FieldError, RangeError

BY_HAND = [
    (SIGMOID, math.log(3), 0.75),
    (SIGMOID, -1000.0, 0.0),
    (TANH, math.log(2), 0.6),
    (RELU, -2.0, 0.0),
    (RELU, 2.0, 2.0),
    (Activation.of("Affine", 2, 0.5), 3.0, 6.5),
    (Activation.of("Affine"), 3.0, 3.0),
    (Activation.of("LeakyRelu"), -2.0, -0.02),
    (Activation.of("ThresholdedRelu"), 1.0, 0.0),
    (Activation.of("ThresholdedRelu"), 1.5, 1.5),
    (Activation.of("ScaledTanh", 2, 0.5), 2 * math.log(2), 1.2),
    (Activation.of("HardSigmoid"), 1.0, 0.7),
    (Activation.of("HardSigmoid"), 9.0, 1.0),
    (Activation.of("Elu"), -math.log(2), -0.5),
    (Activation.of("Elu", 3), -math.log(2), -1.5),
    (Activation.of("Softsign"), -3.0, -0.75),
    (Activation.of("Softplus"), 0.0, math.log(2)),
    (Activation.of("Softplus"), 1000.0, 1000.0),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("function", "a", "expected"), BY_HAND)
def test_values_worked_by_hand(function: Activation, a: float, expected: float, dtype: str) -> None:
    given = np.array([a, a], dtype)
    found = function(given)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=1e-6 if dtype == "float32" else 1e-14)
    with np.errstate(over="ignore"):
        function.bind(given)(given, given)
    np.testing.assert_array_equal(given, found)
    assert function.slope(np.array([a], dtype), found[:1]).dtype == dtype


def test_every_activation_is_worked_by_hand() -> None:
    assert {function.name for function, _, _ in BY_HAND} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_names_of_onnx_are_understood_in_any_case(name: str) -> None:
    found = Activation.of(name)
    assert Activation.of(found.onnx) == Activation.of(found.onnx.upper()) == found
    assert isinstance(found.alpha, float) and isinstance(found.beta, float)


def test_constants_that_an_activation_does_not_have_are_dropped() -> None:
    assert Activation.of("Tanh", alpha=3, beta=4) == TANH
    assert Activation.of("Elu", alpha=3, beta=4) == Activation("elu", 3.0, 0.0)


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(FieldError, match=r"activation must be one of sigmoid, .*, got 'Swish'"):
        Activation.of("Swish")
    with pytest.raises(FieldError, match="got 'Sigmoid'"):
        Activation("Sigmoid")
    with pytest.raises(RangeError, match=r"elu\.alpha must be finite, got nan"):
        Activation.of("Elu", alpha=math.nan)


@pytest.mark.parametrize(("function", "a", "expected"), BY_HAND)
def test_the_expression_is_the_function(function: Activation, a: float, expected: float) -> None:
    with np.errstate(over="ignore"):
        found = eval(function.numpy("a"), {"np": np, "a": np.float64(a)})
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)
