"""One layer of a network, run and differentiated in its one or two directions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.run.backward import Gradients
from gru_core.run.layers import DIRECTIONS
from gru_core.run.lengths import Lengths, turned
from gru_core.run.trace import Trace

Cells = tuple[Cell[Any], ...]
"""The cell of each direction, forward first."""


def run_layer(
    layer: int,
    cells: Cells,
    x: FloatArray,
    lengths: Lengths | None,
    starts: dict[str, list[Any]],
) -> Trace:
    """Run one layer.

    Parameters
    ----------
    layer : int
        Its place in the network, from 0, for the trace.
    cells : tuple of Cell
    x : ndarray, shape (T, [B,] I)
    lengths : ndarray of int, shape ([B]), or None
    starts : dict
        Per state, "h" and "c", the start of each direction.

    Returns
    -------
    Trace
        The forward one, in the order of the input, with the other direction as ``.reverse``.

    Examples
    --------
    See `gru_core.network.network.Network.run`.
    """
    found = []
    for i, one in enumerate(cells):
        states = (starts["h"][i], starts["c"][i])
        trace = one.run(x if i == 0 else turned(x, lengths), *states)
        if lengths is not None:
            trace = trace.masked(lengths)
        trace = replace(trace, layer=layer, direction=DIRECTIONS[i])
        found.append(trace if i == 0 else trace.turned())
    return found[0] if len(found) == 1 else found[0].with_reverse(found[1])


def layer_gradients(
    cells: Cells, trace: Trace, received: FloatArray, ends: dict[str, list[Any]]
) -> list[Gradients]:
    """Propagate a gradient back through one layer.

    Parameters
    ----------
    cells : tuple of Cell
    trace : Trace
        The result of `run_layer`.
    received : ndarray, shape (T, [B,] D·H)
        ∂L/∂states of the layer, directions side by side.
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
    H, lengths = trace.hidden_size, trace.lengths
    found = [cells[0].gradients(trace, received[..., :H], ends["h"][0], ends["c"][0])]
    if trace.reverse is not None:
        back, dh = trace.reverse.turned(), turned(received[..., H:], lengths)
        other = cells[1].gradients(back, dh, ends["h"][1], ends["c"][1])
        found.append(Gradients(other.params, turned(other.x, lengths), other.h0, other.c0))
    return found
