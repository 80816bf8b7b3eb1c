"""The engine's gradients against those of the network, and against finite differences."""

import numpy as np
import pytest

from gru_core import CELLS, GRU_FORMS, Network
from gru_core.learn import TASKS, Architecture, Batch, Task, initial_network
from gru_core.learn.engine import Engine
from gru_core.learn.tasks.task import input_of
from gru_core.learn.weights import Weights

B = 5
PLAIN = [Architecture(kind, 4) for kind in CELLS]
DEEP = [Architecture(kind, 3, layers=2, directions=2) for kind in CELLS]
FORMS = [Architecture("gru", 4, form=form) for form in GRU_FORMS.values()]
LSTMS = [
    Architecture("lstm", 4, form={"peepholes": True}),
    Architecture("lstm", 4, form={"input_forget": True}),
]


def drawn(task: Task, architecture: Architecture) -> tuple[Network, Batch]:
    network = initial_network(
        architecture, task.input_size, task.output_size, task.head, seed=1, dtype="float64"
    )
    return network, task.draw(np.random.default_rng(2), B)


def through_the_core(network: Network, batch: Batch) -> Weights:
    """Return the gradient by `Network.gradients` of the loss, differentiated here."""
    assert network.readout is not None
    trace = network.run(input_of(network, batch))
    counted = batch.mask / batch.mask.sum()
    if network.readout.head == "softmax":
        apart = trace.answer - np.eye(trace.answer.shape[2])[batch.target]
    elif network.readout.head == "sigmoid":
        apart = (trace.answer - batch.target) / batch.target.shape[2]
    else:
        apart = 2 * (trace.answer - batch.target) / batch.target.shape[2]
    found = network.gradients(trace, apart * counted[..., None])
    weights = Weights(network)
    for k, layer in enumerate(network.layers):
        for d, params in enumerate(layer.params()):
            slopes = params.replace(**found.layers[k][d])
            for name, slope in weights.slope((k, d)).items():
                slope[...] = getattr(slopes, name)
    ends = {"W": found.readout_W, "b": found.readout_b}
    for name, slope in weights.slope("readout").items():
        slope[...] = ends[name]
    for slope in weights.slope("embedding").values():
        slope[...] = found.embedding
    return weights


@pytest.mark.parametrize("architecture", [*PLAIN, *DEEP, *FORMS, *LSTMS], ids=str)
@pytest.mark.parametrize("name", ["temporal_order", "adding"])
def test_gradients_equal_those_of_the_network(name: str, architecture: Architecture) -> None:
    network, batch = drawn(TASKS[name](length=12), architecture)
    weights = Weights(network)
    Engine(network, len(batch.x), B).gradient(weights, batch)
    expected = through_the_core(network, batch).gradient
    np.testing.assert_allclose(weights.gradient, expected, rtol=0, atol=1e-12)
    assert np.abs(expected).max() > 1e-3


@pytest.mark.parametrize("kind", CELLS)
def test_gradients_go_through_an_embedding(kind: str) -> None:
    network, batch = drawn(TASKS["parity"](length=6), Architecture(kind, 3, embedding=2))
    weights = Weights(network)
    Engine(network, 6, B).gradient(weights, batch)
    expected = through_the_core(network, batch).gradient
    np.testing.assert_allclose(weights.gradient, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in TASKS if not TASKS[name].needs])
def test_gradients_are_the_slope_of_the_loss(name: str) -> None:
    network, batch = drawn(TASKS[name](length=10), Architecture("gru", 4))
    weights, engine = Weights(network), Engine(network, len(batch.x), B)
    engine.gradient(weights, batch)
    slope, start = weights.gradient.copy(), weights.values.copy()
    along, h = np.random.default_rng(3).normal(size=slope.size), 1e-6
    losses = []
    for sign in (1, -1):
        weights.values[...] = start + sign * h * along
        losses.append(engine.gradient(weights, batch))
    assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(slope @ along, abs=1e-7)


def test_a_pass_leaves_nothing_behind_for_the_next() -> None:
    task = TASKS["temporal_order"](length=12)
    network, batch = drawn(task, Architecture("lstm", 3, layers=2, directions=2))
    other = task.draw(np.random.default_rng(9), B)
    engine, weights = Engine(network, 12, B), Weights(network)
    first = engine.gradient(weights, batch), weights.gradient.copy()
    engine.gradient(weights, other)
    again = engine.gradient(weights, batch), weights.gradient
    assert first[0] == again[0]
    np.testing.assert_array_equal(first[1], again[1])


def test_other_steps_may_count_in_the_next_batch() -> None:
    network, batch = drawn(TASKS["parity"](length=8), Architecture("gru", 4))
    engine, weights = Engine(network, 8, B), Weights(network)
    for step in (5, 2):
        mask = np.zeros_like(batch.mask)
        mask[step] = True
        one = Batch(batch.x, batch.target, mask)
        engine.gradient(weights, one)
        expected = through_the_core(network, one).gradient
        np.testing.assert_allclose(weights.gradient, expected, rtol=0, atol=1e-12)
