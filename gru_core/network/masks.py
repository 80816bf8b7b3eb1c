"""Masked steps: they are left out of the run, and the state stays as it is.

A masked run is the run of the steps that count, moved together, with their results put back in
their places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gru_core.arrays import FloatArray, check_shape
from gru_core.errors import DTypeError, RangeError
from gru_core.network.directions import (
    Cells,
    direction_gradients,
    directions_of,
    joined,
    shares_of,
)
from gru_core.network.layer import Layer
from gru_core.parameters.references import previous
from gru_core.run.backward import Gradients
from gru_core.run.layers import FORWARD, REVERSE, Direction
from gru_core.run.lengths import Lengths, masked
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class Mask:
    """Which steps count.

    Attributes
    ----------
    steps : ndarray of bool, shape (T, [B])
        True where a step counts.
    """

    steps: NDArray[np.bool_]

    @classmethod
    def of(cls, mask: ArrayLike, shape: tuple[int, ...], layers: tuple[Layer, ...] = ()) -> Mask:
        """Check a mask against the shape (T, [B]) of an input, and the layers that it is for.

        Raises
        ------
        DTypeError, ShapeError
            If it is not of that shape, or not of bool.
        RangeError
            If a sequence has no step that counts, or a layer reads states that another has turned.

        Examples
        --------
        >>> Mask.of([True, False, True], (3,)).lengths
        array(2)
        """
        steps = np.asarray(mask)
        if steps.dtype != np.bool_:
            raise DTypeError("mask", "be of bool, True where a step counts", f"{steps.dtype}")
        check_shape("mask", steps, "(T, B)" if len(shape) == 2 else "(T,)", shape)
        if not steps.any(axis=0).all():
            raise RangeError("mask", "leave at least one step of each sequence", "none")
        if any(layer.turned for layer in layers[:-1]):
            wanted = "not be given to a network in which a layer reads what another has turned"
            raise RangeError("mask", wanted, "a mask")
        return cls(steps)

    @property
    def lengths(self) -> Lengths:
        """The number of steps of each sequence that count, shape ([B])."""
        return np.asarray(self.steps.sum(axis=0), np.int64)

    def together(self, x: NDArray[Any]) -> NDArray[Any]:
        """Return an input (T, [B,] …) with the steps that count moved to the front.

        Examples
        --------
        >>> Mask.of([False, True, True], (3,)).together(np.array([7, 8, 9]))
        array([8, 9, 7])
        """
        order = np.argsort(~self.steps, axis=0, kind="stable")
        return _taken(x, order)

    def apart(self, trace: Trace) -> Trace:
        """Return a layer's trace with its rows put back, and held states at masked steps."""
        return replace(joined([self._apart(one) for one in directions_of(trace)]), lengths=None)

    def _apart(self, trace: Trace) -> Trace:
        """Put back one direction.

        At a masked step the states are those of the step before in the direction of reading, and
        every other value is 0.
        """
        index, inside = self._held_from(trace.direction)
        starts = {"h": trace.h_0} | ({} if trace.c_0 is None else {"c": trace.c_0})
        held = {
            name: np.where(inside[..., None], _taken(trace.values[name], index), start)
            for name, start in starts.items()
        }
        held |= {str(previous(name)): state for name, state in held.items()}
        values: dict[str, FloatArray] = {}
        for name, value in trace.values.items():
            other = held.get(name, value.dtype.type(0))
            values[name] = np.where(self.steps[..., None], _taken(value, index), other)
        x = np.where(self.steps[..., None], _taken(trace.x, index), trace.x.dtype.type(0))
        return replace(trace, x=x, values=values, projection=None, lengths=None, reverse=None)

    def _held_from(self, direction: Direction) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the step, of those that count, whose state each step has; False for the start."""
        # The number of steps that count before each step.
        before: NDArray[np.intp] = np.cumsum(self.steps, axis=0, dtype=np.intp) - self.steps
        at = before if direction == REVERSE else before + self.steps - 1
        return np.clip(at, 0, len(self.steps) - 1), (at >= 0) & (at < self.lengths)

    def gradients(
        self,
        layer: Layer,
        cells: Cells,
        trace: Trace,
        received: FloatArray,
        ends: dict[str, list[Any]],
    ) -> list[Gradients]:
        """Propagate a gradient back through one layer of a masked run.

        Parameters and result are those of `gru_core.network.directions.layer_gradients`. A masked
        step has the state of an earlier one, which receives its gradient; x there receives 0.
        """
        traces = directions_of(trace)
        shares = shares_of(layer, trace, received)
        moved, together, starts = [], [], []
        for one, dh in zip(traces, shares, strict=True):
            index, inside = self._held_from(one.direction)
            moved.append(self._moved(one))
            place = (index, np.arange(dh.shape[1])) if dh.ndim == 3 else index
            total = np.zeros_like(dh)
            np.add.at(total, place, np.where(inside[..., None], dh, dh.dtype.type(0)))
            together.append(total)
            starts.append(np.where(inside[..., None], dh.dtype.type(0), dh).sum(axis=0))
        found = direction_gradients(cells, moved, together, ends)
        return [
            replace(g, x=self._spread(g.x), h0=g.h0 + start)
            for g, start in zip(found, starts, strict=True)
        ]

    def _moved(self, trace: Trace) -> Trace:
        """Return a trace of one direction with the steps that count moved to the front."""
        values = {name: self.together(value) for name, value in trace.values.items()}
        x = masked(self.together(trace.x), self.lengths)
        return replace(trace, x=x, values=values, reverse=None).masked(self.lengths)

    def _spread(self, dx: FloatArray) -> FloatArray:
        """Return gradients of the steps that count in their places, 0 elsewhere."""
        index, _ = self._held_from(FORWARD)
        return np.where(self.steps[..., None], _taken(dx, index), dx.dtype.type(0))


def _taken(array: NDArray[Any], index: NDArray[np.intp]) -> NDArray[Any]:
    """Return rows of an array (T, [B,] …) by their step, for each sequence."""
    deeper = index.reshape(*index.shape, *(1,) * (array.ndim - index.ndim))
    return np.take_along_axis(array, deeper, axis=0)
