"""A kernel that becomes ready between two runs: a resumed run is still a run, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gru_core import Clamp, GRUParams, Layer, LSTMParams, Network, Seq2Seq, cell
from gru_core.compiled.forms import Kernel
from gru_core.compiled.kernels import Kernels, Loaded
from tests.gru_core.cells.test_cell import assert_same
from tests.gru_core.compiled.drawn import GRU as PLAIN
from tests.gru_core.compiled.drawn import Case, cases
from tests.gru_core.compiled.engines import COMPILED, NUMPY, needs_numba, using
from tests.gru_core.network.drawn import inputs, networks
from tests.gru_core.network.test_spans import assert_same as assert_same_network

pytestmark = needs_numba

few = settings(derandomize=True, max_examples=30, deadline=None)
ways = st.sampled_from([(NUMPY, COMPILED), (COMPILED, NUMPY), (COMPILED, COMPILED)])
"""What computes a run, and what the run that resumes it."""


@given(cases(PLAIN, "float64", False, steps=90), st.data(), ways)
@few
def test_resumed_cells(case: Case, data: st.DataObject, pair: tuple[Kernels, Kernels]) -> None:
    one, (before, after) = cell(case.params), pair
    t = data.draw(st.integers(0, len(case.x)))
    x = np.concatenate([case.x[:t], np.full((3, case.x.shape[1]), 0.25)])
    with using(before):
        kept = one.run(case.x, *case.states)
    with using(after):
        found, expected = one.resume(kept, x, t), one.run(x, *case.states)
        *_, last = one.spans(x, *case.states, keep=kept, start=t, first=2, largest=7)
    assert found.is_compiled == expected.is_compiled == (after is COMPILED)
    assert_same(found, expected)
    assert_same(last.trace, expected)


@given(st.data(), ways)
@few
def test_resumed_networks(data: st.DataObject, pair: tuple[Kernels, Kernels]) -> None:
    network, (before, after) = data.draw(networks()), pair
    x = data.draw(inputs(network))
    T, L = len(x), len(network.layers)
    start = data.draw(st.integers(0, T) | st.lists(st.integers(0, T), min_size=L, max_size=L))
    with using(before):
        kept = network.run(x)
    with using(after):
        found, expected = network.resume(kept, x, start), network.run(x)
        *_, last = network.spans(x, keep=kept, start=start, first=2, largest=5)
    assert last.trace is not None
    assert_same_network(found, expected)
    assert_same_network(last.trace, expected)
    assert found.is_compiled == expected.is_compiled


def test_a_layer_that_is_computed_otherwise_takes_those_above_with_it() -> None:
    """The kernel of the layer below is ready, that of the layer above is not."""
    gru, lstm = GRUParams.random(2, 3, seed=0), LSTMParams.random(3, 2, seed=1)
    network = Network((Layer(gru), Layer(lstm)))
    x = np.random.RandomState(0).normal(size=(30, 2))
    with using(NUMPY):
        kept = network.run(x)

    class Some(Kernels):
        def find(self, kernel: Kernel) -> Loaded | None:
            return COMPILED.find(kernel) if kernel.form.gates == ("z", "r", "n") else None

    with using(Some("0")):
        found = network.resume(kept, x, 20)
        assert found.is_compiled == (True, False)
        assert_same_network(found, network.run(x))
        again = network.resume(found, x, 20)
    assert_same_network(again, found)


def test_a_kernel_that_becomes_ready_during_a_run_waits_for_the_next() -> None:
    network = Network.random("gru", 2, 3, layers=2, seed=0)
    x = np.random.RandomState(0).normal(size=(60, 2))
    with using(NUMPY):
        expected = network.run(x)
        spans = network.spans(x, first=10, largest=10)
        next(spans)
    with using(COMPILED):
        *_, last = spans
    assert last.trace is not None
    assert_same_network(last.trace, expected)


@pytest.mark.parametrize("t", [2, 3, 5])
def test_resumed_answers(t: int) -> None:
    model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=4)
    held = [Clamp("h", 0, 0.5, t=5)] if t == 5 else []
    for before, after in ((NUMPY, COMPILED), (COMPILED, NUMPY)):
        with using(before):
            kept = model.run([4, 1, 7])
        with using(after):
            found, expected = (
                model.resume(kept, [4, 1, 7], t, clamps=held),
                model.run([4, 1, 7], clamps=held),
            )
        assert found.tokens == expected.tokens
        assert_same_network(found.encoder, expected.encoder)
        assert_same_network(found.decoder, expected.decoder)


def test_a_finished_answer_whose_decoder_is_computed_otherwise() -> None:
    model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=4)
    with using(COMPILED):
        expected = model.run([4, 1, 7])
    with using(NUMPY):
        read = model.decoder.symbols_in(expected.read)
        decoder = model.decoder.run(read, *expected.encoder.states_after(-1))
    mixed = replace(expected, decoder=decoder)
    with using(COMPILED):
        found = model.resume(mixed, [4, 1, 7], sum(expected.steps))
    assert found.said == expected.said
    assert_same_network(found.decoder, expected.decoder)
