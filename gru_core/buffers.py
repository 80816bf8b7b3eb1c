"""The memory of one run, laid out so that a step takes few calls.

At small sizes a step costs what its NumPy calls cost, not its arithmetic. Blocks hold
neighbouring operands side by side, so that one call serves two or three equations:

    block        row t                shape
    a            a_z     a_r    u     (T, 3H)
    a_n          a_n                  (T, H)
    gates        1 − z   z      r     (T, 3H)
    states       n       h_prev       (T + 1, 2H)
    projection   W·x                  (T, 3H)

The arrays of the trace are views of them, and all are cut from one allocation: measured, fresh
pages for separate blocks cost as much as a third of the run.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.params import GRUParams
from gru_core.trace import VALUES, Trace

BLOCK = 64
"""Timesteps per product with W, always counted from 0 and always that many: a row's value then
depends on nothing but its x, so that `resume` and `spans` equal `run` bit for bit."""

LINE = 64
"""Bytes per cache line."""


class Rows(NamedTuple):
    """What one step reads and writes; names joined by _ stand for neighbours in one block."""

    drive: FloatArray
    drive_n: FloatArray
    az_ar_u: FloatArray
    az_ar: FloatArray
    u: FloatArray
    z_r: FloatArray
    r: FloatArray
    z: FloatArray
    w: FloatArray
    w_z: FloatArray
    h_prev: FloatArray
    n_h_prev: FloatArray
    a_n: FloatArray
    n: FloatArray
    h: FloatArray


class Buffers:
    """The arrays of one run over T steps, filled chunk by chunk."""

    def __init__(
        self, x: FloatArray, h0: FloatArray, params: GRUParams, projection: FloatArray | None
    ) -> None:
        T, H = len(x), len(h0)
        self._params = params
        shapes = [(T, 3 * H), (T, H), (T, 3 * H), (T + 1, 2 * H), (T, 3 * H)]
        wanted = shapes if projection is None else shapes[:-1]
        self._a, self._a_n, self._gates, self._states, *rest = _cut(wanted, h0.dtype)
        self._projection = rest[0] if projection is None else projection
        self._projected = 0 if projection is None else T
        self._states[0, H:] = h0
        self._written = {
            "z": self._gates[:, H : 2 * H],
            "r": self._gates[:, 2 * H :],
            "n": self._states[:T, :H],
            "h": self._states[1:, H:],
            "u": self._a[:, 2 * H :],
            "a_z": self._a[:, :H],
            "a_r": self._a[:, H : 2 * H],
            "a_n": self._a_n,
        }
        self.trace = Trace(x=x, projection=self._projection, h_0=h0, **self._written)

    def take(self, keep: Trace, start: int) -> None:
        """Copy the steps before `start` from an earlier trace."""
        if self._projected < start:
            self._projection[:start] = keep.projection[:start]
            self._projected = start
        for name in VALUES:
            self._written[name][:start] = getattr(keep, name)[:start]

    def project(self, stop: int) -> None:
        """Compute x·Wᵀ up to step `stop` and on to the end of its block."""
        x, W = self.trace.x, self._params.W
        while self._projected < stop:
            start = self._projected
            first = start - start % BLOCK
            rows = x[first : first + BLOCK]
            block = np.zeros((BLOCK, x.shape[1]), x.dtype)
            block[: len(rows)] = rows
            self._projected = first + len(rows)
            self._projection[start : self._projected] = (block @ W.T)[start - first : len(rows)]

    def drive(self, start: int, stop: int) -> FloatArray:
        """Return what the state does not change: −(W·x + b) for the gates, then b_hn."""
        H, params = self.trace.hidden_size, self._params
        drive = np.zeros((stop - start, 3 * H), self.trace.dtype)
        drive[:, : 2 * H] -= self._projection[start:stop, : 2 * H]
        if params.b is not None:
            drive[:, : 2 * H] -= params.b[: 2 * H]
        if params.b_hn is not None:
            drive[:, 2 * H :] = params.b_hn
        return drive

    def drive_n(self, start: int, stop: int) -> FloatArray:
        """Return the candidate's part of the same: W_n·x + b_n."""
        part = self._projection[start:stop, 2 * self.trace.hidden_size :]
        return part if self._params.b_n is None else part + self._params.b_n

    def rows(self, start: int, stop: int) -> Iterator[Rows]:
        """Return the rows of some steps, one `Rows` (as a plain tuple) a step."""
        H = self.trace.hidden_size
        a, gates = self._a[start:stop], self._gates[start:stop]
        states, after = self._states[start:stop], self._states[start + 1 : stop + 1]
        columns = Rows(
            drive=self.drive(start, stop),
            drive_n=self.drive_n(start, stop),
            az_ar_u=a,
            az_ar=a[:, : 2 * H],
            u=a[:, 2 * H :],
            z_r=gates[:, H:],
            r=gates[:, 2 * H :],
            z=gates[:, H : 2 * H],
            w=gates[:, :H],
            w_z=gates[:, : 2 * H],
            h_prev=states[:, H:],
            n_h_prev=states,
            a_n=self._a_n[start:stop],
            n=states[:, :H],
            h=after[:, H:],
        )
        return zip(*columns, strict=True)  # type: ignore[return-value]

    def finish(self, start: int, stop: int) -> None:
        """Turn the gates' negated pre-activations round, and refuse overflow."""
        gates = self._a[start:stop, : 2 * self.trace.hidden_size]
        np.subtract(0, gates, out=gates)
        places = []
        for name in ("a_z", "a_r", "a_n"):
            finite = np.isfinite(self._written[name][start:stop])
            if not finite.all():
                t, unit = (int(i) for i in np.argwhere(~finite)[0])
                places.append((start + t, name, unit))
        if places:
            t, name, unit = min(places)
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


def _cut(shapes: list[tuple[int, int]], dtype: np.dtype[Any]) -> Iterator[FloatArray]:
    """Yield zeroed arrays of some shapes, cut from one allocation."""
    store = aligned((sum(map(math.prod, shapes)),), dtype)
    start = 0
    for shape in shapes:
        stop = start + math.prod(shape)
        yield store[start:stop].reshape(shape)
        start = stop
