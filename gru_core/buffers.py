"""The memory of one run, laid out so that a step takes few calls.

At small sizes a step costs what its NumPy calls cost, not its arithmetic. A cell's layout puts
neighbouring operands side by side in blocks, so that one call serves two or three equations.
Rows run over time, and within a row features come before the batch: (T, k·H) for one sequence,
(T, k·H, B) for a batch. A step's code is the same for both, and every part of a row is contiguous.

All blocks are cut from one allocation: measured, fresh pages for separate ones cost as much as a
third of the run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.params import Params
from gru_core.trace import Trace

BLOCK = 64
"""Timesteps per product with W, always counted from 0 and always that many: a row's value then
depends on nothing but its x, so that `resume` and `spans` equal `run` bit for bit."""

CACHED = 1 << 16
"""Numbers of W·x that stay in a core's cache: what a chunk of a batch may have, if not one step."""

LINE = 64
"""Bytes per cache line."""


class Block(NamedTuple):
    """Values that lie side by side in every row.

    A block of states holds one row more than there are steps: "h_prev" names its rows 0 … T − 1,
    "h" its rows 1 … T, and any other name stands for rows 0 … T − 1 too.
    """

    names: tuple[str, ...]
    is_state: bool = False


class Buffers:
    """The arrays of one run over T steps, filled chunk by chunk."""

    def __init__(
        self,
        params: Params,
        layout: Sequence[Block],
        x: FloatArray,
        states: Mapping[str, FloatArray],
        projection: FloatArray | None,
    ) -> None:
        self.params, self.x = params, x
        T, B, H = len(x), x.shape[1:-1], params.hidden_size
        shapes = [(T + block.is_state, len(block.names) * H, *B) for block in layout]
        shapes.append((0 if B or projection is not None else T, len(params.W), *B))
        *blocks, empty = _cut(shapes, params.dtype)
        self.projection = empty if projection is None else projection
        self._projected = 0 if projection is None else T
        self.size = BLOCK if not B else max(1, CACHED // (len(params.W) * B[0]))
        self._drive = np.empty((min(self.size, T), len(params.W), *B), params.dtype)
        self._b = None if params.b is None else self.column(params.b)
        self._written: dict[str, FloatArray] = {}
        self._blocks: list[FloatArray] = blocks
        self._checked = [
            array
            for block, array in zip(layout, blocks, strict=True)
            if block.is_state or block.names[0][0] == "a"
        ]
        for block, array in zip(layout, blocks, strict=True):
            for i, name in enumerate(block.names):
                self._name(name, array[:, i * H : (i + 1) * H], states)
        named = (*params.VALUES, *(f"{state}_prev" for state in params.STATES))
        values = {name: self.rows_first(self._written[name]) for name in named}
        kept = None if B else self.projection
        self.trace = Trace(x, kept, states["h"], states.get("c"), values)

    def _name(self, name: str, part: FloatArray, states: Mapping[str, FloatArray]) -> None:
        """Enter a part of a block under its name, and a state's under the next step's too."""
        self._written[name] = part[: len(self.x)]
        if name.endswith("_prev"):
            state = name.removesuffix("_prev")
            self._written[state] = part[1:]
            part[0] = states[state].T

    def rows_first(self, array: FloatArray) -> FloatArray:
        """Swap features and batch, (T, F, B) for (T, B, F) and back; one sequence has no batch."""
        return array.swapaxes(1, 2) if array.ndim == 3 else array

    def block(self, index: int, first: int, last: int, start: int, stop: int) -> FloatArray:
        """Return the parts first … last − 1 of a block's rows, start ≤ t < stop."""
        H = self.params.hidden_size
        return self._blocks[index][start:stop, first * H : last * H]

    def value(self, name: str, start: int, stop: int) -> FloatArray:
        """Return the rows of a named value, start ≤ t < stop."""
        return self._written[name][start:stop]

    def take(self, keep: Trace, start: int) -> None:
        """Copy the steps before `start` from an earlier trace."""
        if self._projected < start and keep.projection is not None:
            self.projection[:start] = keep.projection[:start]
            self._projected = start
        for name in self.params.VALUES:
            self._written[name][:start] = self.rows_first(keep.values[name][:start])

    def drive(self, start: int, stop: int) -> FloatArray:
        """Return what the state does not change, W·x + b, one row a step, until the next call."""
        drive = self._drive[: stop - start]
        if self.x.ndim == 3:
            np.matmul(self.params.W, self.rows_first(self.x[start:stop]), out=drive)
        else:
            self._project(stop)
            drive[...] = self.projection[start:stop]
        if self._b is not None:
            np.add(drive, self._b, out=drive)
        return drive

    def _project(self, stop: int) -> None:
        """Compute x·Wᵀ of one sequence up to step `stop` and on to the end of its block."""
        while self._projected < stop:
            start = self._projected
            first = start - start % BLOCK
            given = self.x[first : first + BLOCK]
            block = np.zeros((BLOCK, self.x.shape[1]), self.x.dtype)
            block[: len(given)] = given
            self._projected = first + len(given)
            product = (block @ self.params.W.T)[start - first : len(given)]
            self.projection[start : self._projected] = product

    def column(self, vector: FloatArray) -> FloatArray:
        """Return a vector over features in the shape in which it meets a row."""
        return vector if self.x.ndim == 2 else vector[:, None]

    def finish(self, start: int, stop: int) -> None:
        """Refuse overflow."""
        if all(np.isfinite(block[start : stop + 1]).all() for block in self._checked):
            return
        places = []
        for order, name in enumerate(sorted(self.params.VALUES, key=lambda name: name[0] != "a")):
            finite = np.isfinite(self._written[name][start:stop])
            if not finite.all():
                t, unit = (int(i) for i in np.argwhere(~finite)[0][:2])
                places.append((start + t, order, name, unit))
        if places:
            t, _, name, unit = min(places)
            expected = f"stay within {self.trace.dtype}"
            raise RangeError(name, expected, f"overflow at t = {t}, unit {unit}")


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> FloatArray:
    """Return zeros that begin on a cache line.

    NumPy aligns to 16 bytes only; at H = 256 the product with a U that straddles cache lines takes
    half as long again.
    """
    size = math.prod(shape) * dtype.itemsize
    store = np.zeros(size + LINE, np.uint8)
    start = -store.ctypes.data % LINE
    array: FloatArray = store[start : start + size].view(dtype).reshape(shape)
    return array


def _cut(shapes: list[tuple[int, ...]], dtype: np.dtype[Any]) -> Iterator[FloatArray]:
    """Yield zeroed arrays of some shapes, cut from one allocation."""
    store = aligned((sum(map(math.prod, shapes)),), dtype)
    start = 0
    for shape in shapes:
        stop = start + math.prod(shape)
        yield store[start:stop].reshape(shape)
        start = stop
