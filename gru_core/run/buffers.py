"""The memory of one run, laid out so that a step needs few NumPy calls.

At small sizes the cost of a step is its NumPy calls, not its arithmetic. A cell's layout puts
neighbouring operands side by side in blocks, so that one call serves two or three equations.
Rows run over time, and within a row features come before the batch: (T, k·H) for one sequence,
(T, k·H, B) for a batch. Every part of a row is contiguous.

A single sequence is fastest with W·x of all steps in one product. A batch is fastest with x and 1
below h_prev, so that one product gives U·h_prev + W·x + b.

All blocks are cut from one allocation, because new pages for separate ones cost up to a third of
the run. Only the projection has its own allocation, because it may outlive the run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from gru_core.arrays import FloatArray, address
from gru_core.errors import RangeError
from gru_core.parameters.params import Params
from gru_core.parameters.references import previous
from gru_core.run.clamps import Hold
from gru_core.run.inputs import RunInputs
from gru_core.run.trace import Trace

BLOCK = 64
"""Timesteps per product with W. Blocks start at multiples of this size and all have it, so a row's
value depends only on its x, and `resume` and `spans` equal `run` bit for bit."""

CACHED = 1 << 16
"""Numbers of W·x that fit a core's cache; a batch is computed in chunks of this size."""

LINE = 64
"""Bytes per cache line."""


class Block(NamedTuple):
    """Values that are adjacent in every row.

    A block with a state, such as "h", has T + 1 rows: "h" is rows 1 … T, and "h_prev" and any other
    name are rows 0 … T − 1. A block of sums has the inputs of activations, where overflow appears
    first.
    """

    names: tuple[str, ...]
    state: str | None = None
    is_sums: bool = False


HIDDEN = Block(("h_prev",), state="h")
"""The block that every cell has."""


class Buffers:
    """The arrays of one run over T steps, filled chunk by chunk."""

    def __init__(
        self,
        params: Params,
        layout: tuple[Block, ...],
        inputs: RunInputs,
        is_blank: bool,
        is_compiled: bool = False,
    ) -> None:
        self.params, self.x, self.held = params, inputs.x, inputs.held
        x, states, projection = inputs.x, inputs.states, inputs.projection
        T, batch, H = len(x), x.shape[1:-1], params.hidden_size
        beside = params.input_size + 1 if batch else 0
        shapes: list[tuple[int, ...]] = []
        for block in layout:
            rows = T if block.state is None else T + 1
            columns = len(block.names) * H + (beside if block == HIDDEN else 0)
            shapes.append((rows, columns, *batch))
        self._blocks = list(_cut(shapes, params.dtype, is_blank))
        if projection is None:
            # Allocated separately, so that a later run that reuses it does not keep blocks alive.
            (projection,) = _cut([(0 if batch else T, len(params.W))], params.dtype, is_blank)
        self.projection = projection
        self._projected = 0 if inputs.projection is None else T
        self.size = chunk(len(params.W), batch, is_compiled)
        self._columns = self._blocks[layout.index(HIDDEN)]
        self._is_growing = inputs.is_growing
        if batch:
            if not self._is_growing:
                self._columns[:T, H:-1] = x.swapaxes(1, 2)
            self._columns[T, H:-1] = 0
            self._columns[:, -1] = 1
        self._written: dict[str, FloatArray] = {}
        self._checked: list[FloatArray] = []
        for block, array in zip(layout, self._blocks, strict=True):
            if block.state is not None or block.is_sums:
                self._checked.append(array[block.state is not None :])
            for i, name in enumerate(block.names):
                part = array[:, i * H : (i + 1) * H]
                self._written[name] = part[:T]
                if block.state is not None and name == str(previous(block.state)):
                    self._written[block.state] = part[1:]
                    part[0] = states[block.state].T
        named = (*params.VALUES, *map(str, map(previous, params.STATES)))
        values = {name: self.rows_first(self._written[name]) for name in named}
        kept = None if batch else self.projection
        clamps = () if inputs.held is None else inputs.held.clamps
        self.trace = Trace(
            x,
            kept,
            states["h"],
            states.get("c"),
            values,
            clamps=clamps,
            is_compiled=is_compiled,
        )

    def rows_first(self, array: FloatArray) -> FloatArray:
        """Swap features and batch, (T, F, B) for (T, B, F) and back; one sequence has no batch."""
        return array.swapaxes(1, 2) if array.ndim == 3 else array

    def block(self, index: int, first: int, last: int, start: int, stop: int) -> FloatArray:
        """Return parts first … last − 1 of a block's rows, start ≤ t < stop."""
        H = self.params.hidden_size
        return self._blocks[index][start:stop, first * H : last * H]

    def value(self, name: str, start: int, stop: int) -> FloatArray:
        """Return the rows of a named value, start ≤ t < stop."""
        return self._written[name][start:stop]

    def holds(self, start: int, stop: int) -> Iterable[Hold | None]:
        """Return the clamps of each step, None where there are none."""
        return repeat(None, stop - start) if self.held is None else self.held.steps(start, stop)

    def features_first(self) -> dict[str, FloatArray]:
        """Return every value of the run, and the state before each step, as (T, H[, B])."""
        return self._written

    def take(self, keep: Trace, start: int) -> None:
        """Copy the steps before `start` from an earlier trace."""
        if self._projected < start and keep.projection is not None:
            self.projection[:start] = keep.projection[:start]
            self._projected = start
        for name in self.params.VALUES:
            self._written[name][:start] = self.rows_first(keep.values[name][:start])

    def columns(self, start: int, stop: int) -> FloatArray:
        """Return the columns to multiply: h_prev of each step; in a batch h_prev, x and 1."""
        columns = self._columns[start:stop]
        if self._is_growing and self.x.ndim == 3:
            columns[:, self.params.hidden_size : -1] = self.x[start:stop].swapaxes(1, 2)
        return columns

    def drive(self, start: int, stop: int) -> FloatArray:
        """Return W·x + b of one sequence, in a new array (steps, G·H)."""
        self._project(stop)
        part = self.projection[start:stop]
        return part.copy() if self.params.b is None else part + self.params.b

    def _project(self, stop: int) -> None:
        """Compute x·Wᵀ of one sequence to the end of the block that contains step `stop` − 1."""
        while self._projected < stop:
            start = self._projected
            first = start - start % BLOCK
            last = min(first + BLOCK, stop) if self._is_growing else first + BLOCK
            rows = self.x[first:last]
            block = np.zeros((BLOCK, self.x.shape[1]), self.x.dtype)
            block[: len(rows)] = rows
            self._projected = first + len(rows)
            product = (block @ self.params.W.T)[start - first : len(rows)]
            self.projection[start : self._projected] = product

    def column(self, vector: FloatArray) -> FloatArray:
        """Return a vector over features in a shape that broadcasts with a row."""
        return vector if self.x.ndim == 2 else vector[:, None]

    def finish(self, start: int, stop: int) -> None:
        """Raise `RangeError` if a value of these steps has overflowed."""
        with np.errstate(all="ignore"):
            if all(_is_finite(block[start:stop]) for block in self._checked):
                return
        equations = self.params.equations()
        sums = {e.pre for e in equations} - {e.value for e in equations}
        places = []
        for order, name in enumerate(sorted(self.params.VALUES, key=lambda name: name not in sums)):
            finite = np.isfinite(self._written[name][start:stop])
            if not finite.all():
                t, unit = (int(i) for i in np.argwhere(~finite)[0][:2])
                places.append((start + t, order, name, unit))
        if places:
            t, _, name, unit = min(places)
            expected = f"stay within {self.trace.dtype}"
            raise RangeError(name, expected, f"overflow at t = {t}, unit {unit}")


def _is_finite(array: FloatArray) -> bool:
    """Return whether all values are finite; a finite sum of squares proves it in one pass."""
    flat = array.reshape(-1)
    return bool(np.isfinite(np.dot(flat, flat)) or np.isfinite(array).all())


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> FloatArray:
    """Return an uninitialised array that begins on a cache line.

    NumPy aligns only to 16 bytes. At H = 256 the product with a U that straddles cache lines takes
    1.5 times as long.
    """
    size = math.prod(shape) * dtype.itemsize
    store = np.empty(size + LINE, np.uint8)
    start = -address(store) % LINE
    array: FloatArray = store[start : start + size].view(dtype).reshape(shape)
    return array


def chunk(rows: int, batch: tuple[int, ...], is_compiled: bool) -> int:
    """Return how many steps are computed at a time.

    For NumPy and one sequence they are a block. A kernel computes as many as fit the cache.
    """
    if batch:
        return max(1, CACHED // (rows * batch[0]))
    return max(1, CACHED // rows // BLOCK) * BLOCK if is_compiled else BLOCK


def by_columns(matrix: FloatArray) -> FloatArray:
    """Return a copy in column order, which is fastest for BLAS's product with a vector."""
    copy = aligned(matrix.shape[::-1], matrix.dtype).T
    copy[...] = matrix
    return copy


def _cut(
    shapes: list[tuple[int, ...]], dtype: np.dtype[Any], is_blank: bool
) -> Iterator[FloatArray]:
    """Yield arrays of some shapes, cut from one allocation, zeros if `is_blank`."""
    store = aligned((sum(map(math.prod, shapes)),), dtype)
    if is_blank:
        store.fill(0)
    start = 0
    for shape in shapes:
        stop = start + math.prod(shape)
        yield store[start:stop].reshape(shape)
        start = stop
