"""The layer and direction that a message or an edit names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gru_core.run.layers import Direction
from gruscope.wire.errors import refuse
from gruscope.wire.schema import InLayer

Place = tuple[int, Direction]
"""A layer, from 0, and a direction that it reads in."""


def place_of(message: InLayer) -> Place:
    """Return the place that a message names."""
    return message.layer, message.direction


def places(network: Network) -> list[Place]:
    """Return every layer and direction, layer by layer, forward first."""
    return [(k, name) for k, layer in enumerate(network.layers) for name in layer.reads]


def check_layer(message: InLayer, network: Network, under: str = "") -> None:
    """Refuse a layer or direction that the network does not have."""
    layers = network.layers
    if message.layer >= len(layers):
        expected = f"be less than {len(layers)}, the number of layers"
        raise refuse("range", f"{under}layer", expected, message.layer)
    reads = layers[message.layer].reads
    if message.direction not in reads:
        expected = f"be {' or '.join(reads)}, as layer {message.layer} reads"
        raise refuse("range", f"{under}direction", expected, message.direction)


def params_at(network: Network, place: Place) -> Params:
    """Return the weights of a layer and direction."""
    layer, direction = place
    params: Params | None = getattr(network.layers[layer], direction)
    assert params is not None
    return params


def with_params(network: Network, changed: dict[Place, Params]) -> Network:
    """Return the network with other weights in some places."""
    layers = list(network.layers)
    for (k, direction), params in changed.items():
        found: dict[str, Any] = {direction: params}
        layers[k] = replace(layers[k], **found)
    return network.with_layers(layers)
