"""Zeros, denormal numbers, large ones, infinity and NaN: as NumPy computes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gru_core import (
    ACTIVATIONS,
    RNN,
    Activation,
    GRUParams,
    LSTMParams,
    Params,
    RangeError,
    RNNParams,
    cell,
)
from gru_core.arrays import FloatArray
from gru_core.compiled.kernels import Kernels
from gru_core.run.inputs import RunInputs
from tests.gru_core.compiled.comparing import TOLERANCE
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using

pytestmark = needs_numba

DTYPES = ("float64", "float32")
PLAIN_OR_GENERAL = pytest.mark.parametrize("clip", [None, 1e30], ids=["plain", "general"])


def specials(dtype: str) -> FloatArray:
    """Return numbers at which exp, sigmoid and tanh do something special."""
    kind = np.finfo(dtype)
    tiny, least = float(kind.tiny), float(kind.smallest_subnormal)
    edge = float(np.log(np.float64(kind.max)))
    sizes = [0.0, least, 3 * least, tiny / 2, tiny, 1e-30, 1e-8, 1e-4, 0.1, 0.624, 0.625, 0.626]
    sizes += [1.0, 5.0, 9.0, 17.0, 20.0, 37.0, edge - 2, edge, edge + 2, 800.0, 1e10, 1e29]
    found = np.array([sign * size for size in sizes for sign in (1, -1)], dtype)
    return np.concatenate([found, np.linspace(-9, 9, 500).astype(dtype)])


def identity(params: type[Params], activation: Activation, clip: float | None, dtype: str) -> Any:
    """Return an RNN whose state is the activation of its input."""
    one = np.ones((1, 1), dtype)
    return params(one, 0 * one, activations=(activation,), clip=clip)


def raw_states(params: Params, x: FloatArray, kernels: Kernels) -> FloatArray:
    """Compute the steps of a run whose numbers need not be finite."""
    one = RNN(params)
    inputs = RunInputs(x[:, None], {"h": np.zeros(1, x.dtype)}, None)
    with using(kernels):
        loaded = one.kernel(is_batch=False, is_held=False)
    assert (loaded is not None) == (kernels is COMPILED)
    progress = one.begun(inputs, loaded)
    with np.errstate(all="ignore"):
        progress._steps(0, len(x))
    return progress.trace.h[:, 0]


@PLAIN_OR_GENERAL
@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_tanh_and_sigmoid(dtype: str, name: str, clip: float | None) -> None:
    """NumPy's sigmoid is 0 below −709, that of kernels about 1e-308."""
    x = specials(dtype)
    params = identity(RNNParams, Activation.of(name), clip, dtype)
    expected, found = (raw_states(params, x, kernels) for kernels in (NUMPY, COMPILED))
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(found, expected, rtol=8 * eps, atol=np.finfo(dtype).tiny)
    if name == "tanh":
        np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
        small = abs(x) < 1e-30
        np.testing.assert_array_equal(found[small], x[small], "denormal numbers are kept")


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_other_activations(dtype: str, name: str) -> None:
    x = specials(dtype)
    params = identity(RNNParams, Activation.of(name), 1e30, dtype)
    expected, found = (raw_states(params, x, kernels) for kernels in (NUMPY, COMPILED))
    tolerance = TOLERANCE[dtype]
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_finite(dtype: str, name: str) -> None:
    x = np.array([np.nan, np.inf, -np.inf, 0.5], dtype)
    for clip in (None, 1e30):
        params = identity(RNNParams, Activation.of(name), clip, dtype)
        expected, found = (raw_states(params, x, kernels) for kernels in (NUMPY, COMPILED))
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


LEAKY = Activation.of("leaky_relu")


def growing(kind: type[Params], dtype: str) -> tuple[Params, FloatArray]:
    """Return a cell whose states overflow after some steps, one unit before the others."""
    G, H, rng = len(kind.GATES), 3, np.random.RandomState(0)
    large = 30.0 if dtype == "float64" else 8.0
    made: Any = kind
    params = made(
        rng.uniform(0.5, 1, (G * H, 2)).astype(dtype),
        (large * rng.uniform(0.5, 1, (G * H, H))).astype(dtype),
        rng.uniform(-1, 1, G * H).astype(dtype),
        activations=(LEAKY,) * len(kind.ACTIVATIONS),
    )
    return params, np.abs(rng.normal(size=(300, 2))).astype(dtype)


@pytest.mark.parametrize(("dtype", "is_batch"), [("float64", False), ("float32", True)])
@pytest.mark.parametrize("kind", [GRUParams, LSTMParams, RNNParams])
def test_an_overflow_has_the_same_message(kind: type[Params], dtype: str, is_batch: bool) -> None:
    params, x = growing(kind, dtype)
    if is_batch:
        x = np.stack([x, x[::-1]], axis=1)
    messages = []
    for kernels in (NUMPY, COMPILED):
        with using(kernels), pytest.raises(RangeError) as caught:
            cell(params).run(x)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert f"must stay within {dtype}, got overflow at t = " in messages[0]


def test_an_overflow_comes_at_its_span() -> None:
    params, x = growing(RNNParams, "float64")
    with using(COMPILED):
        spans = cell(params).spans(x, first=1, largest=1)
        next(spans)
        with pytest.raises(RangeError, match=r"overflow at t = [1-9]"):
            list(spans)
