"""One layer of a network, run and differentiated in the directions that it reads in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.errors import ShapeError
from gru_core.network.layer import Layer
from gru_core.network.merge import merged, unmerged
from gru_core.run.backward import Gradients
from gru_core.run.layers import REVERSE
from gru_core.run.lengths import Lengths, turned
from gru_core.run.trace import Trace

Cells = tuple[Cell[Any], ...]
"""The cell of each direction that a layer reads in, forward first."""


def padded_layer(
    index: int,
    layer: Layer,
    cells: Cells,
    x: FloatArray,
    lengths: Lengths,
    starts: dict[str, list[Any]],
) -> Trace:
    """Run one layer over sequences of different lengths.

    Parameters
    ----------
    index : int
        Its place in the network, from 0, for the trace.
    layer : Layer
    cells : tuple of Cell
        Those of the layer's params.
    x : ndarray, shape (T, [B,] I)
    lengths : ndarray of int, shape ([B])
    starts : dict
        Per state, "h" and "c", the start of each direction.

    Returns
    -------
    Trace
        In the order of the input. If the layer reads in both directions, the forward one with the
        other as ``.reverse``.

    Examples
    --------
    See `gru_core.network.network.Network.run`.
    """
    found = []
    for i, (direction, one) in enumerate(zip(layer.reads, cells, strict=True)):
        back = direction == REVERSE
        trace = one.run(turned(x, lengths) if back else x, starts["h"][i], starts["c"][i])
        trace = replace(trace.masked(lengths), layer=index, direction=direction)
        found.append(trace.turned() if back else trace)
    return joined(found)


def joined(traces: list[Trace]) -> Trace:
    """Return the traces of a layer's directions, forward first, as the layer's trace.

    Examples
    --------
    See `gru_core.network.network.Network.run`.
    """
    return traces[0] if len(traces) == 1 else traces[0].with_reverse(traces[1])


def directions_of(trace: Trace) -> list[Trace]:
    """Return the traces of a layer's directions, forward first, in the order of the input.

    Examples
    --------
    >>> from gru_core import Network
    >>> trace = Network.random("gru", 3, 2, directions=2, seed=0).run([[1.0, 2.0, 3.0]])
    >>> [one.direction for one in directions_of(trace.layers[0])]
    ['forward', 'reverse']
    """
    return [trace] if trace.reverse is None else [trace, trace.reverse]


def layer_states(layer: Layer, trace: Trace) -> FloatArray:
    """Return what the next layer reads: the states of the directions, merged.

    Examples
    --------
    See `gru_core.network.network.Network.run`.
    """
    return merged(_handed_on(layer, trace, [one.h for one in directions_of(trace)]), layer.merge)


def shares_of(layer: Layer, trace: Trace, received: FloatArray) -> list[FloatArray]:
    """Return ∂L/∂h of each direction, in the order of the input, from ∂L/∂states of the layer.

    Examples
    --------
    See `gru_core.network.network.Network.gradients`.
    """
    states = _handed_on(layer, trace, [one.h for one in directions_of(trace)])
    return _handed_on(layer, trace, unmerged(received, states, layer.merge))


def _handed_on(layer: Layer, trace: Trace, each: list[FloatArray]) -> list[FloatArray]:
    """Return an array of each direction, turned if the layer turns it."""
    return [
        turned(one, trace.lengths) if name in layer.turned else one
        for name, one in zip(layer.reads, each, strict=True)
    ]


def check_traces(layers: tuple[Layer, ...], traces: tuple[Trace, ...]) -> None:
    """Refuse traces of another network's layers.

    Raises
    ------
    ShapeError
        If they do not fit the layers in directions, sizes or kind.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 3, 2, seed=0)
    >>> check_traces(network.layers, network.run([[1.0, 2.0, 3.0]]).layers)
    """
    found = [
        [(one.direction, one.x.shape[-1], one.hidden_size) for one in directions_of(trace)]
        for trace in traces
    ]
    sizes = [
        [(name, layer.first.input_size, layer.first.hidden_size) for name in layer.reads]
        for layer in layers
    ]
    if found != sizes:
        raise ShapeError("trace", f"have layers of (direction, I, H) = {sizes}", str(found))
    for k, (layer, trace) in enumerate(zip(layers, traces, strict=True)):
        if not trace.values.keys() >= set(layer.first.VALUES):
            expected = f"be of a {layer.first.kind} in layers[{k}]"
            raise ShapeError("trace", expected, "another cell's")


def layer_gradients(
    layer: Layer,
    cells: Cells,
    trace: Trace,
    received: FloatArray,
    ends: dict[str, list[Any]],
) -> list[Gradients]:
    """Propagate a gradient back through one layer.

    Parameters
    ----------
    layer : Layer
    cells : tuple of Cell
    trace : Trace
        The result of `run_layer`.
    received : ndarray, shape of ``layer_states(layer, trace)``
        ∂L/∂states of the layer.
    ends : dict
        Per state, "h" and "c", the gradient at the end of each direction.

    Returns
    -------
    list of Gradients
        One per direction; x in the order of the input.

    Examples
    --------
    See `gru_core.network.network.Network.gradients`.
    """
    shares = shares_of(layer, trace, received)
    return direction_gradients(cells, directions_of(trace), shares, ends)


def direction_gradients(
    cells: Cells, traces: list[Trace], shares: list[FloatArray], ends: dict[str, list[Any]]
) -> list[Gradients]:
    """Propagate the gradient of each direction's states back through it.

    Parameters
    ----------
    cells : tuple of Cell
    traces : list of Trace
        Of each direction, in the order of the input.
    shares : list of ndarray, shape (T, [B,] H)
        ∂L/∂h of each direction.
    ends : dict
        As for `layer_gradients`.

    Examples
    --------
    See `gru_core.network.network.Network.gradients`.
    """
    lengths, found = traces[0].lengths, []
    for i, (one, dh) in enumerate(zip(traces, shares, strict=True)):
        at_end = (ends["h"][i], ends["c"][i])
        if one.direction == REVERSE:
            there = cells[i].gradients(one.turned(), turned(dh, lengths), *at_end)
            found.append(Gradients(there.params, turned(there.x, lengths), there.h0, there.c0))
        else:
            found.append(cells[i].gradients(replace(one, reverse=None), dh, *at_end))
    return found
