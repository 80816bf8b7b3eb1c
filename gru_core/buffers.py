"""The memory of one run, laid out so that a step takes few calls.

At small sizes a step costs what its NumPy calls cost, not its arithmetic. Three blocks hold
neighbouring operands side by side, so that one call serves two or three equations:

    block    row t                shape
    a        a_z     a_r    u     (T, 3H)
    gates    1 − z   z      r     (T, 3H)
    states   n       h_prev       (T + 1, 2H)

The arrays of the trace are views of them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.params import GRUParams
from gru_core.trace import VALUES, Trace

BLOCK = 64
"""Timesteps per product with W, always counted from 0 and always that many: a row's value then
depends on nothing but its x, so that `resume` and `spans` equal `run` bit for bit."""


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
    """The arrays of one run over T steps, filled span by span."""

    def __init__(
        self, x: FloatArray, h0: FloatArray, params: GRUParams, projection: FloatArray | None
    ) -> None:
        T, H = len(x), len(h0)
        self._params = params
        self._given = projection is not None
        self._projection = np.zeros((T, 3 * H), h0.dtype) if projection is None else projection
        self._a = np.zeros((T, 3 * H), h0.dtype)
        self._a_n = np.zeros((T, H), h0.dtype)
        self._gates = np.zeros((T, 3 * H), h0.dtype)
        self._states = np.zeros((T + 1, 2 * H), h0.dtype)
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
        if not self._given:
            self._projection[:start] = keep.projection[:start]
        for name in VALUES:
            self._written[name][:start] = getattr(keep, name)[:start]

    def project(self, start: int, stop: int) -> None:
        """Compute x·Wᵀ of some steps, unless it was given."""
        if self._given:
            return
        x, W = self.trace.x, self._params.W
        block = np.zeros((BLOCK, x.shape[1]), x.dtype)
        for first in range(start - start % BLOCK, stop, BLOCK):
            rows = x[first : first + BLOCK]
            block[: len(rows)] = rows
            low, high = max(start, first), min(stop, first + BLOCK)
            self._projection[low:high] = (block @ W.T)[low - first : high - first]

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
        for name in ("a_z", "a_r", "a_n"):
            finite = np.isfinite(getattr(self.trace, name)[start:stop])
            if not finite.all():
                t, unit = (int(i) for i in np.argwhere(~finite)[0])
                got = f"overflow at t = {start + t}, unit {unit}"
                raise RangeError(name, f"stay within {self.trace.dtype}", got)
