"""Free running: equal to reading what was written, and drawn by the probabilities."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, Clamp, CoreError, Network, Readout
from gru_core.learn import Architecture, initial_network
from gru_core.learn.sampling import free_run, probabilities, write_on


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("embedding", [None, 4])
def test_what_is_written_is_what_the_network_answers_when_it_reads_it(
    kind: str, embedding: int | None
) -> None:
    architecture = Architecture(kind, 7, layers=2, embedding=embedding)
    network = initial_network(architecture, 5, 5, "softmax", seed=1, dtype="float64")
    start = [3, 1, 4]
    written = list(islice(free_run(network, start, seed=2), 20))
    symbols = [*start, *(one.symbol for one in written)]
    x: Any = np.array(symbols) if embedding else np.eye(5)[symbols]
    read = network.run(x).answer
    np.testing.assert_allclose([one.answer for one in written], read[2:-1], atol=1e-12)


@pytest.mark.parametrize("kind", CELLS)
def test_a_series_goes_on_from_its_own_answers(kind: str) -> None:
    network = initial_network(Architecture(kind, 6), 2, 2, "identity", seed=1, dtype="float64")
    start = np.array([[0.5, -1.0], [0.2, 0.3]])
    written = [one.answer for one in islice(free_run(network, start, seed=0), 9)]
    read = network.run(np.concatenate([start, written])).output
    np.testing.assert_allclose(written, read[1:-1], atol=1e-12)


@pytest.mark.parametrize("kind", CELLS)
def test_holds_act_on_the_steps_that_are_written(kind: str) -> None:
    architecture = Architecture(kind, 6, layers=2)
    network = initial_network(architecture, 4, 4, "softmax", seed=1, dtype="float64")
    clamps = [Clamp("h", 2, 0.9), Clamp("h", 0, -0.7, t=6, layer=1), Clamp("h", 1, 0.4, t=1)]
    start = [0, 3, 1, 2, 2]
    trace = network.run(np.eye(4)[start], clamps=clamps[:1] + clamps[2:])
    found = write_on(network, trace, 2, seed=5, clamps=clamps)
    written = list(islice(found, 12))
    symbols = [*start[:3], *(one.symbol for one in written)]
    read = network.run(np.eye(4)[symbols], clamps=clamps).answer
    np.testing.assert_allclose([one.answer for one in written], read[2:-1], atol=1e-12)


def test_symbols_are_drawn_by_their_probabilities() -> None:
    output = np.log([0.5, 0.3, 0.2])
    plain = Network.random("rnn", 3, 2, seed=0)
    network = Network(plain.layers, readout=Readout(np.zeros((3, 2)), output, "softmax"))
    drawn = [one.symbol for one in islice(free_run(network, [0], seed=3), 3000)]
    np.testing.assert_allclose(np.bincount(drawn) / 3000, [0.5, 0.3, 0.2], atol=0.03)
    assert {one.symbol for one in islice(free_run(network, [0], seed=3, top_k=2), 200)} == {0, 1}
    assert {one.symbol for one in islice(free_run(network, [0], seed=3, temperature=0), 9)} == {0}


@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_temperature_raises_the_probabilities_to_a_power(temperature: float) -> None:
    p = np.array([0.6, 0.3, 0.1])
    expected = p ** (1 / temperature) / np.sum(p ** (1 / temperature))
    np.testing.assert_allclose(probabilities(np.log(p), temperature, None), expected)


@pytest.mark.parametrize(
    ("network", "x", "options", "message"),
    [
        (Network.random("gru", 2, 3, seed=0), [0], {}, "have a readout to go on by itself"),
        (
            Network.random("gru", 2, 3, directions=2, seed=0),
            [0],
            {},
            "read forward to go on",
        ),
        (
            initial_network(Architecture("gru", 3), 2, 4, "softmax", seed=0),
            [0],
            {},
            "got 2 inputs and 4 softmax outputs",
        ),
        (
            initial_network(Architecture("gru", 3), 2, 2, "softmax", seed=0),
            [5],
            {},
            "x must be symbols from 0 to 1",
        ),
        (
            initial_network(Architecture("gru", 3), 2, 2, "softmax", seed=0),
            [],
            {},
            "T ≥ 1",
        ),
        (
            initial_network(Architecture("gru", 3), 2, 2, "softmax", seed=0),
            [0],
            {"temperature": np.nan},
            "temperature must be a finite number from 0",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_at_the_call(
    network: Network, x: Any, options: Any, message: str
) -> None:
    with pytest.raises(CoreError, match=message):
        free_run(network, x, seed=0, **options)
