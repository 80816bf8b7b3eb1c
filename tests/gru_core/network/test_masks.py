"""Masked steps: against Keras, and against runs without those steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from safetensors.numpy import load_file

from gru_core import Clamp, CoreError, Layer, Network, NetworkTrace
from gru_core.network.directions import directions_of
from tests.gru_core.cells.test_conformance_keras import params
from tests.gru_core.keras_cases import KerasCase
from tests.gru_core.keras_masks import LAYERS, MASK, MASKS, drawn
from tests.gru_core.network.drawn import networks, slopes

STORED = load_file(MASKS)
NAMES = ("kernel", "recurrent_kernel", "bias")


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", LAYERS)
def test_outputs_equal_keras(kind: str, both: bool) -> None:
    x, weights = drawn(kind, both)
    case = KerasCase(kind, H=4)
    made = [
        params(case, dict(zip(NAMES, weights[i : i + 3], strict=True)))
        for i in range(0, len(weights), 3)
    ]
    trace = Network((Layer(*made),)).run(x.swapaxes(0, 1), mask=MASK.T)
    states = trace.states.swapaxes(0, 1)
    if both:  # Keras shows 0 at the masked steps of a Bidirectional
        states = np.where(MASK[..., None], states, 0)
    assert_allclose(states, STORED[f"{kind}/{'both' if both else 'forward'}"], atol=1e-6)


@st.composite
def masks(draw: st.DrawFn, T: int) -> Any:
    mask = np.array(draw(st.lists(st.booleans(), min_size=T, max_size=T)))
    mask[draw(st.integers(0, T - 1))] = True
    return mask


@given(st.data())
def test_a_masked_run_is_that_of_the_other_steps(data: st.DataObject) -> None:
    network = data.draw(networks())
    T, rng = data.draw(st.integers(1, 12)), np.random.default_rng(0)
    x = rng.normal(size=(T, network.input_size))
    if network.embedding is not None:
        x = rng.integers(0, 5, T)
    mask = data.draw(masks(T))
    found, rest = network.run(x, mask=mask), network.run(x[mask])
    assert_allclose(found.answer[mask], rest.answer, atol=1e-12)
    for one, other in zip(all_of(found), all_of(rest), strict=True):
        for name, value in other.values.items():
            assert_allclose(one.values[name][mask], value, atol=1e-12, err_msg=name)
        order = slice(None, None, -1 if one.direction == "reverse" else 1)
        state = one.h_0
        for t in np.arange(T)[order]:
            if mask[t]:
                state = one.h[t]
            else:
                assert_array_equal(one.h[t], state)
                assert_array_equal(one.h_prev[t], state)
        for name, value in one.values.items():
            if name.removesuffix("_prev") not in ("h", "c"):
                assert not value[~mask].any(), name


def all_of(trace: NetworkTrace) -> list[Any]:
    return [one for layer in trace.layers for one in directions_of(layer)]


STACK = Network.random("lstm", 2, 3, layers=2, directions=2, seed=0)
X = np.ones((4, 2, 2))


def test_sequences_of_a_batch_have_masks_of_their_own() -> None:
    mask = np.array([[1, 0], [0, 1], [1, 1], [1, 0]], bool)
    batch = STACK.run(X, mask=mask)
    for b in (0, 1):
        assert_allclose(batch.states[:, b], STACK.run(X[:, b], mask=mask[:, b]).states, atol=1e-14)
    assert_array_equal(batch.mask, mask)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mask": [[True] * 2] * 3}, "mask must have shape (T, B) = (4, 2), got (3, 2)"),
        ({"mask": np.ones((4, 2))}, "mask must be of bool, True where a step counts, got float64"),
        ({"mask": [[True, False]] * 4}, "mask must leave at least one step of each sequence"),
        ({"mask": [[True] * 2] * 4, "lengths": [1, 2]}, "mask must not be given with lengths"),
        (
            {"mask": [[True] * 2] * 4, "clamps": [Clamp("h", 0, 0.0)]},
            "clamps must not be given with lengths",
        ),
    ],
)
def test_masks_that_do_not_fit_are_refused(options: Any, message: str) -> None:
    with pytest.raises(CoreError) as caught:
        STACK.run(X, **options)
    assert message in str(caught.value)


@given(st.data())
def test_gradients_through_a_mask_are_those_of_finite_differences(data: st.DataObject) -> None:
    network = data.draw(networks(smooth=True))
    rng, T = np.random.default_rng(data.draw(st.integers(0, 99))), data.draw(st.integers(1, 6))
    batch = data.draw(st.sampled_from([(), (2,)]))
    mask = rng.integers(0, 2, (T, *batch)).astype(bool)
    mask[rng.integers(T)] = True
    x = rng.normal(size=(T, *batch, network.input_size))
    starts = [rng.normal(size=(*batch, p.hidden_size)) for k in network.layers for p in k.params()]
    shown = network.run(x, starts, mask=mask)
    weights = rng.normal(size=shown.output.shape)

    def loss(x: Any, starts: Any, of: Network = network) -> float:
        return float((of.run(x, starts, mask=mask).output * weights).sum())

    found = network.gradients(shown, weights)
    assert_allclose(found.x, slopes(lambda x: loss(x, starts), x), atol=1e-7)
    for i, start in enumerate(starts):
        others = (starts[:i], starts[i + 1 :])
        expected = slopes(lambda h, o=others: loss(x, [*o[0], h, *o[1]]), start)
        assert_allclose(found.h0[i], expected, atol=1e-7)
    name, array = next(iter(network.layers[0].first.arrays().items()))
    where = network.layers[0].reads[0]

    def changed(array: Any) -> float:
        first = network.layers[0]
        params = first.first.replace(**{name: array})
        layers = (replace(first, **{where: params}), *network.layers[1:])
        return loss(x, starts, replace(network, layers=layers))

    assert_allclose(found.layers[0][0][name], slopes(changed, array), atol=1e-7)
