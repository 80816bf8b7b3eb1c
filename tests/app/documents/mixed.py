"""Networks of several layers for tests, and what the core computes of them."""

from typing import Any

import numpy as np

from gru_core import GRUParams, LSTMParams, Network, Params, Readout, RNNParams
from gru_core.network.directions import directions_of
from gru_core.network.layer import Layer
from gru_core.network.trace import NetworkTrace
from gru_core.run.trace import Trace
from gruscope.documents.layers import Place, params_at, places

MIXED = Network(
    (
        Layer(None, LSTMParams.random(3, 4, seed=0)),
        Layer(GRUParams.random(4, 2, seed=1), GRUParams.random(4, 2, seed=2), merge="sum"),
        Layer(RNNParams.random(2, 3, seed=3)),
    )
)
"""Layers of every kind, in reverse, in both directions and forward."""


def whole(kind: str = "gru", directions: int = 1, head: Any = "softmax", **form: Any) -> Network:
    """Return a network of two layers with an embedding, start states and a readout."""
    drawn = Network.random(kind, 3, 4, seed=1, layers=2, directions=directions, gain=2.0, **form)
    rng = np.random.default_rng(2)
    layers = [
        Layer(layer.forward, layer.reverse, h0=rng.uniform(-0.9, 0.9, (directions, 4)))
        for layer in drawn.layers
    ]
    readout = Readout(rng.normal(size=(5, 4 * directions)), rng.normal(size=5), head)
    return Network(tuple(layers), rng.normal(size=(6, 3)), readout)


def each_trace(trace: NetworkTrace) -> dict[Place, Trace]:
    """Return the trace of every layer and direction."""
    return {
        (one.layer, one.direction): one for layer in trace.layers for one in directions_of(layer)
    }


def each_params(network: Network) -> dict[Place, Params]:
    return {place: params_at(network, place) for place in places(network)}
