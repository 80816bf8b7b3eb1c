"""Whole networks by kernels against NumPy: directions, lengths, masks, clamps and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from gru_core import Network
from gru_core.network.directions import directions_of
from gru_core.network.trace import NetworkTrace
from gru_core.run.trace import Trace
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using
from tests.gru_core.network.drawn import holds, inputs, networks

pytestmark = needs_numba

TOLERANCE = 1e-12

some = settings(
    derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def each(trace: NetworkTrace) -> list[Trace]:
    return [one for layer in trace.layers for one in directions_of(layer)]


def assert_near(found: NetworkTrace, expected: NetworkTrace) -> None:
    """Compare everything; numbers grow with the maps between layers."""
    assert all(found.is_compiled) and not any(expected.is_compiled)
    for one, other in zip(each(found), each(expected), strict=True):
        for name, value in other.values.items():
            atol = TOLERANCE * max(1, abs(value).max())
            assert_allclose(one.values[name], value, rtol=0, atol=atol, err_msg=name)
    for name in ("states", "output", "answer"):
        value = getattr(expected, name)
        atol = TOLERANCE * max(1, abs(value).max())
        assert_allclose(getattr(found, name), value, rtol=0, atol=atol, err_msg=name)


def both(network: Network, x: Any, **options: Any) -> tuple[NetworkTrace, NetworkTrace]:
    with using(COMPILED):
        found = network.run(x, **options)
    with using(NUMPY):
        return found, network.run(x, **options)


@given(st.data())
@some
def test_runs_with_clamps(data: st.DataObject) -> None:
    network = data.draw(networks())
    x = data.draw(inputs(network))
    found, expected = both(network, x, clamps=data.draw(holds(network, len(x))))
    assert_near(found, expected)


@given(st.data())
@some
def test_lengths(data: st.DataObject) -> None:
    network = data.draw(networks())
    x = data.draw(inputs(network))
    one = st.integers(1, len(x))
    batched = x.ndim == (2 if network.embedding is not None else 3)
    lengths = data.draw(st.tuples(one, one) if batched else one)
    found, expected = both(network, x, lengths=lengths)
    assert_near(found, expected)
    assert not found.states[max(lengths) if batched else lengths :].any()


@given(st.data())
@some
def test_masks(data: st.DataObject) -> None:
    network = data.draw(networks())
    x = data.draw(inputs(network))
    batched = x.ndim == (2 if network.embedding is not None else 3)
    mask = np.random.RandomState(data.draw(st.integers(0, 99))).uniform(
        size=x.shape[: 1 + batched]
    ) < data.draw(st.sampled_from([0.2, 0.7, 1.0]))
    mask[0] = True
    assert_near(*both(network, x, mask=mask))


@given(st.data())
@some
def test_gradients(data: st.DataObject) -> None:
    network = data.draw(networks(smooth=True))
    x = data.draw(inputs(network))
    batched = x.ndim == (2 if network.embedding is not None else 3)
    lengths = (
        data.draw(st.integers(1, len(x))) if not batched and data.draw(st.booleans()) else None
    )
    found = []
    for kernels in (COMPILED, NUMPY):
        with using(kernels):
            trace = network.run(x, lengths=lengths)
            rng = np.random.RandomState(0)
            d_states, d_output = (
                rng.normal(size=array.shape) for array in (trace.states, trace.output)
            )
            only = {} if network.readout is None else {"d_output": d_output}
            found.append(network.gradients(trace, d_states=d_states, **only))
    compiled, expected = found
    named = [
        {
            **{f"{k}/{d}/{name}": array for k, layer in enumerate(one.layers)
               for d, arrays in enumerate(layer) for name, array in arrays.items()},
            **{f"h0/{k}": array for k, array in enumerate(one.h0)},
            **{name: getattr(one, name) for name in ("x", "embedding", "readout_W", "readout_b")
               if getattr(one, name) is not None},
        }
        for one in (compiled, expected)
    ]  # fmt: skip
    assert named[0].keys() == named[1].keys()
    largest = max(abs(array).max() for array in named[1].values())
    for name, array in named[1].items():
        atol = TOLERANCE * max(1, largest)
        assert_allclose(named[0][name], array, rtol=0, atol=atol, err_msg=name)
