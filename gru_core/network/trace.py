"""Everything that a network computed, and its derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.errors import ShapeError
from gru_core.run.lengths import Lengths
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class NetworkTrace:
    """Everything that a network computed.

    Attributes
    ----------
    x : ndarray, shape (T, [B,] I)
        The input, after the embedding and before the maps of the first layer.
    tokens : ndarray of int, shape (T, [B]), or None
        The integers that went through the embedding.
    layers : tuple of Trace
        One for each layer, with every gate and state by name as in `Trace`. If a layer reads in
        both directions, it is the forward trace, with the other as ``.reverse``. Padding is 0.
        The x of a layer is what its cells read, after the layer's maps.
    states : ndarray, shape (T, [B,] D·H)
        The last layer's states, directions side by side; (T, [B,] H) if they are merged otherwise.
    output : ndarray, shape (T, [B,] O)
        The output of the readout, W·states + b, or `states` without a readout.
    answer : ndarray, shape of `output`
        The readout's head of the output, such as the softmax; the output itself without a head.
    lengths : ndarray of int, shape ([B]), or None
    mask : ndarray of bool, shape (T, [B]), or None
        True where a step counts, if some do not.
    final, final_c : ndarray, shape (L·D, [B,] H)
        The last state, and the LSTM's last inner state, of each layer and direction: PyTorch's h_n
        and c_n.

    Notes
    -----
    For the methods of a single cell, use the cell of a layer::

        one = cell(network.layers[0].first)
        one.jacobian(trace.layers[0]), one.memory(trace.layers[0])
        explain(trace.layers[0], one.params, "z", t=0, unit=0)

    A reverse trace is in the order of the input; ``trace.layers[0].reverse.turned()`` is in the
    order of processing, which `memory` and `gradients` need.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 3, 2, layers=2, directions=2, seed=0)
    >>> trace = network.run(np.ones((5, 3)))
    >>> trace.states.shape, trace.final.shape, trace.layers[1].reverse.z.shape
    ((5, 4), (4, 2), (5, 2))
    """

    x: FloatArray
    tokens: NDArray[np.int64] | None
    layers: tuple[Trace, ...]
    states: FloatArray
    output: FloatArray
    answer: FloatArray
    lengths: Lengths | None = None
    mask: NDArray[np.bool_] | None = None

    @property
    def final(self) -> FloatArray:
        """The state each layer and direction ended in, shape (L·D, [B,] H), as PyTorch's h_n.

        Raises
        ------
        ShapeError
            If layers differ in H; ask each trace for its ``h_T`` then.
        """
        return _stacked([trace.h_T for trace in _each(self.layers)])

    @property
    def final_c(self) -> FloatArray | None:
        """The LSTM's inner states there, shape (L·D, [B,] H), or None."""
        found = [c for trace in _each(self.layers) if (c := trace.c_T) is not None]
        return _stacked(found) if found else None

    @property
    def is_compiled(self) -> tuple[bool, ...]:
        """Whether a compiled kernel computed it, of each layer and direction."""
        return tuple(trace.is_compiled for trace in _each(self.layers))

    def states_after(self, t: int) -> tuple[list[FloatArray], Any]:
        """Return h and c of each layer after a step, from which a run can go on.

        Parameters
        ----------
        t : int
            A step of a run whose layers read forward; −1 is the last one.

        Returns
        -------
        h, c : list of ndarray, shape ([B,] H)
            Copies. c is None if no cell has it, and in the list for a layer without it.

        Examples
        --------
        >>> from gru_core import Network
        >>> network = Network.random("gru", 3, 2, seed=0)
        >>> trace = network.run(np.ones((5, 3)))
        >>> later = network.run(np.ones((3, 3)), *trace.states_after(1))
        >>> np.allclose(later.states, trace.states[2:])
        True
        """
        found = [layer.values for layer in self.layers]
        h = [values["h"][t].copy() for values in found]
        if not any("c" in values for values in found):
            return h, None
        return h, [values["c"][t].copy() if "c" in values else None for values in found]


@dataclass(frozen=True, eq=False)
class NetworkGradients:
    """Derivatives of a loss by everything a network's run depends on.

    Attributes
    ----------
    layers : tuple of tuple of dict
        For each layer and direction the derivatives by its named arrays.
    x : ndarray, shape (T, [B,] I)
        By the input. (Maps between layers are fixed: there is no gradient by their arrays.)
    h0, c0 : tuple of ndarray, each of shape ([B,] H)
        By the states before the first step, layer by layer, forward then reverse.
    embedding : ndarray, shape (V, I), or None
    readout_W : ndarray, shape (O, D·H), or None
    readout_b : ndarray, shape (O,), or None

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("lstm", 3, 2, layers=2, seed=0)
    >>> found = network.gradients(network.run(np.ones((5, 3))), d_states=np.ones((5, 2)))
    >>> len(found.layers), found.c0[1].shape
    (2, (2,))
    """

    layers: tuple[tuple[dict[str, FloatArray], ...], ...]
    x: FloatArray
    h0: tuple[FloatArray, ...]
    c0: tuple[FloatArray, ...]
    embedding: FloatArray | None = None
    readout_W: FloatArray | None = None
    readout_b: FloatArray | None = None


def _each(layers: tuple[Trace, ...]) -> Iterator[Trace]:
    """Yield traces layer by layer, forward then reverse."""
    for trace in layers:
        yield trace
        if trace.reverse is not None:
            yield trace.reverse


def _stacked(states: list[FloatArray]) -> FloatArray:
    sizes = [state.shape[-1] for state in states]
    if len(set(sizes)) > 1:
        raise ShapeError("layers", "have one H for their states to be stacked", str(sizes))
    return np.stack(states)
