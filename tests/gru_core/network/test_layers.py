"""Layers that read in reverse or in both directions, their merges, and stacks of mixed kinds."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gru_core import GRUParams, Layer, LSTMParams, Network, RangeError, Readout, RNNParams, cell
from gru_core.errors import ShapeError
from gru_core.network.merge import MERGES, Merge
from tests.gru_core.network.drawn import slopes

RNG = np.random.RandomState(3)
THERE, BACK = GRUParams.random(2, 3, seed=0), GRUParams.random(2, 3, seed=1)
X = RNG.normal(size=(6, 2))
BATCH = RNG.normal(size=(6, 2, 2))
LENGTHS = [6, 4]

# What each merge means, in NumPy.
MEANINGS: dict[Merge, Any] = {
    "concat": lambda a, b: np.concatenate([a, b], -1),
    "sum": lambda a, b: a + b,
    "mean": lambda a, b: (a + b) / 2,
    "product": lambda a, b: a * b,
}


def test_a_layer_in_reverse_is_its_cell_over_reversed_time() -> None:
    network, h0 = Network((Layer(None, BACK),)), np.array([0.1, -0.2, 0.3])
    trace, alone = network.run(X, h0=[h0]), cell(BACK).run(X[::-1], h0)
    for name, value in alone.values.items():
        assert_array_equal(trace.layers[0].values[name], value[::-1])
    assert_array_equal(trace.output, alone.h[::-1])
    assert_array_equal(trace.final[0], alone.h[-1])
    assert (trace.layers[0].direction, trace.layers[0].reverse) == ("reverse", None)


def test_a_layer_in_reverse_begins_before_the_padding() -> None:
    trace = Network((Layer(None, BACK),)).run(BATCH, lengths=LENGTHS)
    for b, length in enumerate(LENGTHS):
        alone = cell(BACK).run(BATCH[:length, b][::-1])
        assert_allclose(trace.states[:length, b], alone.h[::-1], atol=1e-15)
        assert not trace.states[length:, b].any()
        assert_allclose(trace.final[0, b], alone.h[-1], atol=1e-15)


@pytest.mark.parametrize("merge", MERGES)
def test_the_next_layer_reads_the_merged_states(merge: Merge) -> None:
    both = Layer(THERE, BACK, merge=merge)
    above = LSTMParams.random(both.output_size, 4, seed=2)
    trace = Network((both, Layer(above))).run(X)
    merged = MEANINGS[merge](cell(THERE).run(X).h, cell(BACK).run(X[::-1]).h[::-1])
    assert_array_equal(trace.layers[1].x, merged)
    assert_array_equal(trace.states, cell(above).run(merged).h)
    assert both.output_size == merged.shape[-1]


@pytest.mark.parametrize("merge", [None, *MERGES])
@pytest.mark.parametrize("lengths", [None, LENGTHS])
def test_turned_states_are_handed_on_as_they_were_computed(
    merge: Merge | None, lengths: list[int] | None
) -> None:
    first = replace(stack(merge).layers[0], turned=("reverse",))
    for network in (Network((first,)), stack(merge, ("reverse",))):
        trace = network.run(BATCH, lengths=lengths)
        for b, length in enumerate(lengths or [6, 6]):
            own = BATCH[:length, b]
            there, back = cell(THERE).run(own).h, cell(BACK).run(own[::-1]).h
            expected = back if merge is None else MEANINGS[merge](there, back)
            found = trace.states if len(trace.layers) == 1 else trace.layers[1].x
            assert_allclose(found[:length, b], expected, atol=1e-15)
            assert not found[length:, b].any()


def test_masked_steps_are_turned_with_the_others() -> None:
    mask = np.array([True, True, False, True, False, False])
    plain, network = (
        Network((Layer(None, BACK),)),
        Network((Layer(None, BACK, turned=("reverse",)),)),
    )
    trace = network.run(X, mask=mask)
    assert_array_equal(trace.states, plain.run(X, mask=mask).states[::-1])
    found = network.gradients(trace, d_states=X[:, :1] * np.ones(3))
    other = plain.gradients(plain.run(X, mask=mask), d_states=X[::-1, :1] * np.ones(3))
    assert_array_equal(found.x, other.x)
    with pytest.raises(RangeError, match="mask must not be given to a network in which a layer"):
        stack(None, ("reverse",)).run(X, mask=mask)


def test_a_layer_that_reads_forward_has_nothing_to_turn() -> None:
    with pytest.raises(RangeError, match="turned must name directions of a layer that reads in"):
        Layer(THERE, turned=("forward",))
    with pytest.raises(RangeError, match="turned must name directions"):
        Layer(None, BACK, turned=("forward",))


def test_a_resumed_run_keeps_turned_states() -> None:
    network = Network(
        (Layer(THERE, BACK, turned=("forward", "reverse")),), readout=Readout(np.ones((1, 6)))
    )
    trace = network.run(X)
    *_, last = network.spans(X, keep=trace, start=6, first=2)
    assert_array_equal(last.trace.output, trace.output)
    changed = np.concatenate([X[:4], -X[4:]])
    assert_array_equal(network.resume(trace, changed, 4).states, network.run(changed).states)
    assert "layer 0 hands on forward and reverse states last step first" in repr(network)
    assert "The forward and reverse states of layer 1 are handed on last step first" in network.note


def test_a_stack_mixes_kinds_widths_and_directions() -> None:
    network = Network(
        (
            Layer(RNNParams.random(2, 5, seed=0)),
            Layer(None, LSTMParams.random(5, 4, seed=1)),
            Layer(GRUParams.random(4, 3, seed=2), GRUParams.random(4, 3, seed=3), merge="mean"),
        ),
        readout=Readout(RNG.normal(size=(2, 3))),
    )
    trace = network.run(X)
    assert trace.output.shape == (6, 2)
    assert trace.final_c is not None and trace.final_c.shape == (1, 4)
    assert "rnn, lstm, gru" in repr(network)


def stack(merge: Merge | None, turned: tuple[Any, ...] = ()) -> Network:
    """A network whose first layer reads in both directions, or in reverse only."""
    first = Layer(None, BACK) if merge is None else Layer(THERE, BACK, merge=merge)
    first = replace(first, turned=turned)
    above = LSTMParams.random(first.output_size, 2, seed=5)
    return Network((first, Layer(above)), readout=Readout(RNG.normal(size=(1, 2))))


@pytest.mark.parametrize("turned", [(), ("reverse",)])
@pytest.mark.parametrize("lengths", [None, LENGTHS])
@pytest.mark.parametrize("merge", [None, *MERGES])
def test_gradients_are_those_of_finite_differences(
    merge: Merge | None, lengths: list[int] | None, turned: tuple[Any, ...]
) -> None:
    network, weights = stack(merge, turned), RNG.normal(size=(6, 2, 1))
    start = RNG.normal(size=(2, 3))

    def loss(x: Any, h: Any) -> float:
        directions = network.layers[0].directions
        starts = [h] * directions + [np.zeros((2, 2))]
        return float((network.run(x, starts, lengths=lengths).output * weights).sum())

    directions = network.layers[0].directions
    trace = network.run(BATCH, [start] * directions + [np.zeros((2, 2))], lengths=lengths)
    found = network.gradients(trace, weights)
    assert_allclose(found.x, slopes(lambda x: loss(x, start), BATCH), atol=1e-8)
    by_start = sum(found.h0[:directions])
    assert_allclose(by_start, slopes(lambda h: loss(BATCH, h), start), atol=1e-8)


def test_a_layer_without_a_direction_and_an_unknown_merge_are_refused() -> None:
    with pytest.raises(ShapeError, match="forward must be params unless reverse is, got neither"):
        Layer(None)
    with pytest.raises(
        RangeError, match="merge must be one of concat, sum, mean, product, got 'add'"
    ):
        Layer(THERE, BACK, merge="add")  # type: ignore[arg-type]


def test_a_cast_keeps_directions_and_merge() -> None:
    for layer in (Layer(None, BACK), Layer(THERE, BACK, merge="product")):
        single = Network((layer,)).astype("float32").layers[0]
        assert (single.reads, single.merge) == (layer.reads, layer.merge)
        assert single.first.dtype == np.float32
