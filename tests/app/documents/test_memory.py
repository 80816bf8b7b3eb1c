import gc
import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, GRUParams, LSTMParams, Network, Readout, RNNParams
from gru_core.network.layer import Layer
from gru_core.network.trace import NetworkTrace
from gru_core.run.trace import Trace
from gruscope.documents.memory import CLAMP_BYTES, COPIES, document_bytes, trace_bytes
from tests.app.documents.mixed import MIXED

T = 500
TABLE = np.ones((7, 3))
DEEP = Network.random("gru", 3, 40, seed=0, layers=3)
BOTH = Network.random("lstm", 3, 40, seed=0, layers=3, directions=2)
WIDE = Network(
    (
        Layer(GRUParams.random(3, 60, seed=1), GRUParams.random(3, 60, seed=2), merge="sum"),
        Layer(None, RNNParams.random(60, 10, seed=3)),
        Layer(LSTMParams.random(10, 30, seed=4)),
    ),
    TABLE,
    Readout(np.ones((90, 30)), None, "softmax"),
)
NETWORKS = {
    **{kind: Network.random(kind, 3, 40, seed=0) for kind in CELLS},
    "reset before": Network.random("gru", 3, 40, seed=0, reset_after=False),
    "float32": Network.random("gru", 3, 40, seed=0, dtype="float32"),
    "deep": DEEP,
    "reverse": Network((Layer(None, GRUParams.random(3, 40, seed=0)),)),
    "both": BOTH,
    "mixed": MIXED,
    "wide": WIDE,
    "logits": Network(DEEP.layers, TABLE, Readout(np.ones((200, 40)))),
    "probabilities": Network(DEEP.layers, None, Readout(np.ones((200, 40)), None, "sigmoid")),
    "answers of both": Network(BOTH.layers, TABLE, Readout(np.ones((50, 80)), head="softmax")),
}
every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def traces(trace: NetworkTrace) -> Iterator[Trace]:
    for one in trace.layers:
        yield from (each for each in (one, one.reverse) if each is not None)


def arrays(trace: NetworkTrace) -> Iterator[Any]:
    yield from (trace.x, trace.states, trace.output, trace.answer)
    yield from () if trace.tokens is None else (trace.tokens,)
    for one in traces(trace):
        yield from (one.x, one.h_0, *one.values.values())
        yield from (array for array in (one.projection, one.c_0) if array is not None)


def owner(array: Any) -> Any:
    """Return the allocation that an array is a view of."""
    while array.base is not None:
        array = array.base
    return array


def held(trace: NetworkTrace) -> int:
    """Return the bytes of all the allocations behind a trace, each once."""
    return sum({id(o): o.nbytes for o in map(owner, arrays(trace))}.values())


def reverse_projection(network: Network) -> int:
    """Return the bytes of the largest W·x of a layer in reverse."""
    back = [layer.reverse for layer in network.layers if layer.reverse is not None]
    return max((T * len(params.W) * network.dtype.itemsize for params in back), default=0)


def sequence(network: Network) -> Any:
    if network.embedding is None:
        return np.zeros((T, network.input_size), network.dtype)
    return np.arange(T) % len(network.embedding)


@every_network
def test_a_trace_uses_the_computed_number_of_bytes(network):
    used = held(network.run(sequence(network)))
    counted = trace_bytes(T, network) - reverse_projection(network)
    starts = sum(2 * layer.directions * layer.first.hidden_size for layer in network.layers) * 8
    each = sum(layer.directions for layer in network.layers)
    assert used - starts - 200 * each <= counted
    assert counted == pytest.approx(used, rel=0.01)


@every_network
def test_a_run_needs_no_more_than_the_computed_number_of_bytes(network):
    x = sequence(network)
    network.run(x)  # what is made once is there
    gc.collect()
    tracemalloc.start()
    try:
        for span in network.spans(x, largest=32):
            del span
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    widest = max(len(layer.first.W) for layer in network.layers)
    widest = max(widest, 0 if network.readout is None else 3 * network.readout.output_size)
    blocks = 64 * widest * 8  # what one span computes on its way
    assert most <= trace_bytes(T, network) * 1.02 + blocks + 100_000


@pytest.mark.parametrize("steps", [1, 2, 65])
def test_short_traces_are_not_counted_too_low(steps):
    for network in NETWORKS.values():
        used = held(network.run(sequence(network)[:steps]))
        each = sum(layer.directions for layer in network.layers)
        starts = 2 * sum(one.h_0.nbytes for one in traces(network.run(sequence(network)[:1])))
        assert used - starts - 200 * each <= trace_bytes(steps, network)


@pytest.mark.parametrize("kind", CELLS)
def test_a_projection_does_not_keep_its_trace_alive(kind):
    (trace,) = Network.random(kind, 3, 40, seed=0).run(np.zeros((T, 3))).layers
    assert trace.projection is not None
    assert owner(trace.projection).nbytes == pytest.approx(trace.projection.nbytes, abs=64)
    assert owner(trace.projection) is not owner(trace.h)


@every_network
def test_a_document_takes_the_weights_of_every_layer_its_edits_and_its_clamps(network):
    each = [params for layer in network.layers for params in layer.params()]
    weights = sum(array.nbytes for params in each for array in params.arrays().values())
    assert document_bytes(network, 0, 0) == COPIES * weights
    assert document_bytes(network, 0, 8) == document_bytes(network, 0, 0) + 8 * CLAMP_BYTES
