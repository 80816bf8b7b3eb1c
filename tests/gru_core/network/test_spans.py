"""Whole networks span by span, resumed, with held values: all against runs of the whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from gru_core import (
    Activation,
    Clamp,
    CoreError,
    GRUParams,
    Layer,
    LSTMParams,
    Network,
    NetworkTrace,
    RangeError,
    Readout,
    RNNParams,
    ShapeError,
    cell,
)
from gru_core.network.directions import directions_of
from gru_core.network.readout import HEADS
from gru_core.run.trace import Trace
from tests.gru_core.network.drawn import (
    MEANINGS,
    changed_inputs,
    holds,
    inputs,
    mapped,
    networks,
)


def assert_same(one: NetworkTrace, other: NetworkTrace) -> None:
    for name in ("x", "states", "output", "answer"):
        assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for a, b in zip(one.layers, other.layers, strict=True):
        for left, right in zip(directions_of(a), directions_of(b), strict=True):
            assert_same_direction(left, right)


def assert_same_direction(left: Trace, right: Trace) -> None:
    assert (left.layer, left.direction) == (right.layer, right.direction)
    assert left.clamps == right.clamps
    for name, value in right.values.items():
        assert_array_equal(left.values[name], value, err_msg=name)


@given(st.data())
def test_spans_are_a_run(data: st.DataObject) -> None:
    network = data.draw(networks())
    x = data.draw(inputs(network))
    clamps = data.draw(holds(network, len(x)))
    first, largest = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 40))
    found = list(network.spans(x, clamps=clamps, first=first, largest=largest))
    whole = network.run(x, clamps=clamps)
    finished = [span for span in found if span.trace is not None]
    assert [span.start for span in finished] == [0, *(span.stop for span in finished[:-1])]
    assert finished[-1].stop == len(x)
    for span in finished:
        assert span.trace is finished[-1].trace
    assert finished[-1].trace is not None
    assert_same(finished[-1].trace, whole)


@given(st.data())
def test_a_layer_in_reverse_and_those_below_it_are_there_as_soon_as_they_are_finished(
    data: st.DataObject,
) -> None:
    network = data.draw(networks())
    x = data.draw(inputs(network))
    clamps = data.draw(holds(network, len(x)))
    spans = network.spans(x, clamps=clamps, first=data.draw(st.integers(1, 20)), largest=40)
    found = [one for span in spans for one in span.finished]
    whole = [one for layer in network.run(x, clamps=clamps).layers for one in directions_of(layer)]
    reverse = [k for k, layer in enumerate(network.layers) if "reverse" in layer.reads]
    assert len(found) == sum(one.layer <= max(reverse, default=-1) for one in whole)
    for one, other in zip(found, whole, strict=False):
        assert_same_direction(one, other)


@given(st.data())
def test_rows_of_a_span_are_final(data: st.DataObject) -> None:
    network = data.draw(networks(("forward",)))
    x = data.draw(inputs(network))
    whole = network.run(x)
    for span in network.spans(x, first=3, largest=7):
        assert span.trace is not None and span.start < span.stop
        rows = slice(span.start, span.stop)
        assert_array_equal(span.trace.answer[rows], whole.answer[rows])
        for one, other in zip(span.trace.layers, whole.layers, strict=True):
            assert_array_equal(one.h[rows], other.h[rows])
            assert not one.h[span.stop :].any(), "the steps to come are 0"


@given(st.data())
def test_a_resumed_run_is_a_run(data: st.DataObject) -> None:
    network = data.draw(networks())
    before, after, start = data.draw(changed_inputs(network))
    clamps = data.draw(holds(network, len(after)))
    clamps = [c for c in clamps if c.t is not None]
    early = [c for c in clamps if c.t < len(before)]
    if start and early != clamps:
        clamps = early
    trace = network.run(before, clamps=early)
    found = network.resume(trace, after, start, clamps=clamps)
    assert_same(found, network.run(after, clamps=clamps))


@given(st.data())
def test_layers_below_a_change_are_kept(data: st.DataObject) -> None:
    """An edit in one layer: those below keep all their steps, the others none."""
    network = data.draw(networks())
    x = data.draw(inputs(network))
    k = data.draw(st.integers(0, len(network.layers) - 1))
    layer = network.layers[k]
    edited = replace(
        layer,
        **{name: getattr(layer, name).replace(**halved(layer.first)) for name in layer.reads},
    )
    other = replace(network, layers=(*network.layers[:k], edited, *network.layers[k + 1 :]))
    trace, T = network.run(x), len(x)
    found = other.resume(trace, x, [T] * k + [0] * (len(network.layers) - k))
    assert_same(found, other.run(x))
    for one, kept in zip(found.layers[:k], trace.layers, strict=False):
        assert_array_equal(one.h, kept.h)


def halved(params: Any) -> dict[str, Any]:
    name = next(iter(params.arrays()))
    return {name: params.arrays()[name] / 2}


@given(st.data())
def test_a_clamp_is_one_of_its_cell(data: st.DataObject) -> None:
    """Each direction is the run of its cell over what the layer below gave, with its clamps."""
    network = data.draw(networks())
    x = data.draw(inputs(network))
    T, clamps = len(x), data.draw(holds(network, len(x)))
    trace = network.run(x, clamps=clamps)
    below = trace.x
    for k, layer in enumerate(network.layers):
        expected, below = mapped(layer.before, below), directions_of(trace.layers[k])[0].x
        assert_allclose(below, expected, rtol=1e-12, atol=1e-12)
        for i, (name, params) in enumerate(zip(layer.reads, layer.params(), strict=True)):
            order = slice(None, None, -1 if name == "reverse" else 1)
            own = [
                Clamp(c.value, c.unit, c.number, None if c.t is None else range(T)[order][c.t])
                for c in clamps
                if (c.layer, c.direction) == (k, name)
            ]
            shape = (*below.shape[1:-1], params.hidden_size)
            h0 = np.broadcast_to(0 if layer.h0 is None else layer.h0[i], shape)
            alone = cell(params).run(below[order], h0, clamps=own)
            assert_array_equal(directions_of(trace.layers[k])[i].h, alone.h[order])
        below = MEANINGS[layer.merge](*(one.h for one in directions_of(trace.layers[k])))
    assert_array_equal(trace.states, below)
    if network.readout is not None:
        assert trace.answer.shape == trace.output.shape


def test_a_clamp_reaches_the_layers_above_and_the_answer() -> None:
    rng = np.random.default_rng(0)
    stack = Network.random("gru", 2, 3, layers=2, directions=2, seed=0)
    network = replace(stack, readout=Readout(rng.normal(size=(2, 6))))
    x = rng.normal(size=(6, 2))
    free, held = network.run(x), network.run(x, clamps=[Clamp("h", 1, 0.9, t=4)])
    assert (held.layers[0].h[4:, 1] != free.layers[0].h[4:, 1]).all()
    assert_array_equal(held.layers[0].reverse.h, free.layers[0].reverse.h)
    assert_array_equal(held.layers[1].h[:4], free.layers[1].h[:4])
    assert (held.layers[1].h[4:] != free.layers[1].h[4:]).all()
    assert (held.layers[1].reverse.h[:5] != free.layers[1].reverse.h[:5]).all()
    assert (held.answer != free.answer).all()


@pytest.mark.parametrize("head", HEADS)
def test_heads(head: Any) -> None:
    outputs = np.array([[800.0, 799.0], [-800.0, 0.5]])
    found = Readout(np.ones((2, 1)), head=head).answer(outputs)
    if head == "softmax":
        e = np.exp([0.0, -1.0])
        np.testing.assert_allclose(found, [e / e.sum(), [0, 1]], atol=1e-15)
        np.testing.assert_allclose(found.sum(-1), 1, atol=1e-15)
    elif head == "sigmoid":
        np.testing.assert_allclose(found, [[1, 1], [0, 1 / (1 + np.exp(-0.5))]], atol=1e-15)
    else:
        assert_array_equal(found, outputs)


def test_stored_states_are_the_start_unless_others_are_given() -> None:
    params, x = LSTMParams.random(2, 3, seed=0), np.ones((4, 2))
    h0, c0 = np.array([[0.1, 0.2, 0.3]]), np.array([[1.0, -1.0, 0.5]])
    network = Network((Layer(params, h0=h0, c0=c0),))
    assert_array_equal(network.run(x).states, cell(params).run(x, h0[0], c0[0]).h)
    assert_array_equal(network.run(x, np.zeros((1, 3)), c0).states, cell(params).run(x, c0=c0[0]).h)
    batch = network.run(np.ones((4, 2, 2)), lengths=[4, 2])
    np.testing.assert_allclose(batch.states[:, 0], network.run(x).states, atol=1e-15)
    assert network.astype("float32").layers[0].h0.dtype == np.float32


PARAMS = GRUParams.random(2, 3, seed=0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Layer(PARAMS, h0=[[0.0] * 4]), "h0 must have shape (D, H) = (1, 3), got (1, 4)"),
        (lambda: Layer(PARAMS, c0=[[0.0] * 3]), "c0 must not be given to a layer without c, got g"),
        (lambda: Readout([[1.0]], head="relu"), "readout.head must be one of identity, sigmoid, "),
    ],
)
def test_ends_that_do_not_fit_are_refused(make: Any, message: str) -> None:
    with pytest.raises(CoreError) as caught:
        make()
    assert message in str(caught.value)


STACK = Network.random("gru", 2, 3, layers=2, seed=0)
X = np.ones((5, 2))


@pytest.mark.parametrize(
    ("clamp", "message"),
    [
        (Clamp("z", 0, 1.0, layer=2), "clamps[0].layer must be from 0 to 1, got 2"),
        (
            Clamp("z", 0, 1.0, direction="reverse"),
            "clamps[0].direction must be forward, as layer 0 reads, got 'reverse'",
        ),
        (Clamp("i", 0, 1.0, layer=1), "clamps[0].value must be one of z, r, n, h, got 'i'"),
        (Clamp("z", 3, 1.0, layer=1), "clamps[0].unit must be from 0 to 2, got 3"),
        (Clamp("z", 0, 1.0, t=5), "clamps[0].t must be from 0 to 4, got 5"),
        ("z", "clamps[0] must be a Clamp, got str"),
    ],
)
def test_clamps_that_do_not_fit_are_refused(clamp: Any, message: str) -> None:
    with pytest.raises(CoreError) as caught:
        STACK.run(X, clamps=[clamp])
    assert str(caught.value) == message


def test_what_cannot_be_resumed_is_refused() -> None:
    trace = STACK.run(X)
    for start, error, message in (
        (6, RangeError, "start must be from 0 to 5, the steps to keep, got 6"),
        ([1, 2, 3], ShapeError, "start must be one number or 2, got 3 of them"),
    ):
        with pytest.raises(error) as caught:
            STACK.resume(trace, X, start)
        assert str(caught.value) == message
    with pytest.raises(RangeError, match=r"x must equal keep\.x before t = 3"):
        STACK.resume(trace, 2 * X, 3)
    with pytest.raises(RangeError, match=r"clamps must be the same as keep\.clamps before t = 3"):
        STACK.resume(trace, X, 3, clamps=[Clamp("z", 0, 1.0, t=1, layer=1)])
    with pytest.raises(RangeError, match="clamps must not be given with lengths"):
        STACK.run(X, lengths=4, clamps=[Clamp("z", 0, 1.0)])


def test_an_overflow_comes_at_its_span() -> None:
    leaky = (Activation.of("leaky_relu"),)
    growing = RNNParams(np.ones((1, 3)), [[1e200]], activations=leaky)
    found = Network((Layer(PARAMS), Layer(growing))).spans(-np.ones((10, 2)), first=1, largest=1)
    next(found)
    with pytest.raises(RangeError, match="overflow at t = "):
        list(found)


def test_spans_have_no_gaps() -> None:
    found = list(STACK.spans(np.ones((100, 2)), first=4, largest=16))
    assert all(a.stop == b.start for a, b in pairwise(found))
