"""The part of a network, or the layer and direction, that a message or an edit names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gru_core.arrays import FloatArray
from gru_core.network.directions import directions_of
from gru_core.network.end_arrays import ENDS, End, end_arrays, with_end_arrays
from gru_core.network.network import Network
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.params import Params
from gru_core.run.layers import Direction
from gru_core.run.trace import Trace
from gru_core.seq2seq.joint import Joint
from gru_core.seq2seq.joint_trace import JointTrace
from gruscope.documents.checks import check_index
from gruscope.wire.errors import refuse
from gruscope.wire.schema import InLayer, WeightEdit

Place = tuple[int, Direction]
"""A layer, from 0, and a direction that it reads in."""

Where = Place | End
"""A place whose arrays can be edited: one in a layer, or an end of the network."""


def place_of(message: InLayer) -> Place:
    """Return the place that a message names."""
    return message.layer, message.direction


def where_of(edit: WeightEdit) -> Where:
    """Return the part whose weights an edit changes."""
    return place_of(edit) if edit.part == "layer" else edit.part


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


def check_part(edit: WeightEdit, network: Network) -> None:
    """Refuse a part, layer or direction that the network does not have."""
    if edit.part == "layer":
        check_layer(edit, network)
    elif not end_arrays(network, edit.part):
        has = ["layer", *(end for end in ENDS if end_arrays(network, end))]
        expected = f"be {' or '.join(has)}, the parts that the network has"
        raise refuse("range", "part", expected, edit.part)


def params_at(network: Network, place: Place) -> Params:
    """Return the weights of a layer and direction."""
    layer, direction = place
    params: Params | None = getattr(network.layers[layer], direction)
    assert params is not None
    return params


def arrays_at(network: Network, part: Where) -> Mapping[str, FloatArray]:
    """Return the weights of a part by name."""
    return (
        params_at(network, part).arrays() if isinstance(part, tuple) else end_arrays(network, part)
    )


def with_params(network: Network, changed: dict[Place, Params]) -> Network:
    """Return the network with other weights in some places."""
    layers = list(network.layers)
    for (k, direction), params in changed.items():
        found: dict[str, Any] = {direction: params}
        layers[k] = replace(layers[k], **found)
    return network.with_layers(layers)


def with_arrays(network: Network, changed: Mapping[Where, Mapping[str, FloatArray]]) -> Network:
    """Return the network with other arrays in some parts."""
    ends: dict[str, FloatArray] = {}
    layers: dict[Place, Params] = {}
    for part, arrays in changed.items():
        if isinstance(part, tuple):
            layers[part] = params_at(network, part).replace(**arrays)
        else:
            ends.update(arrays)
    edited = with_params(network, layers) if layers else network
    return with_end_arrays(edited, ends) if ends else edited


def check_step(message: InLayer, t: int, state_steps: int, network: Network) -> None:
    """Refuse a step that a run does not have, or in which the layer named does not act."""
    check_index("t", t, state_steps)
    if isinstance(network, Joint):
        first = state_steps - network.extra_steps
        decodes = message.layer >= network.half
        if decodes != (t >= first):
            stage, other = ("decoder", "encoder") if decodes else ("encoder", "decoder")
            acts = f"from {first}" if decodes else f"less than {first}"
            expected = f"be {acts}, as layer {message.layer} is one of the {stage}"
            raise refuse("range", "t", expected, f"{t}, a step of the {other}")


def check_reached(trace: NetworkTrace, t: int) -> None:
    """Refuse a step after the end of a decoder's answer."""
    if isinstance(trace, JointTrace) and t >= trace.stop:
        expected = f"be less than {trace.stop}, where the answer ends"
        raise refuse("range", "t", expected, t)


def seen_at(trace: NetworkTrace, place: Place) -> Trace:
    """Return what a page sees of a layer: of an encoder and a decoder, both at their steps."""
    return trace.through(place[0]) if isinstance(trace, JointTrace) else trace_at(trace, place)


def trace_at(trace: NetworkTrace, place: Place) -> Trace:
    """Return the trace of a layer and direction."""
    layer, direction = place
    return next(one for one in directions_of(trace.layers[layer]) if one.direction == direction)
