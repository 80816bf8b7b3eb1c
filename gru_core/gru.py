"""The cell, run over a sequence with everything kept.

The equations of one timestep (Cho et al. 2014, arXiv:1406.1078; reset after the product)::

    z = σ(W_z·x + U_z·h_prev + b_z)            update gate
    r = σ(W_r·x + U_r·h_prev + b_r)            reset gate
    u = U_n·h_prev + b_hn
    n = tanh(W_n·x + b_n + r ⊙ u)              candidate
    h = z ⊙ h_prev + (1 − z) ⊙ n               state

They stand once in code, in `_steps`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, as_floats, check_shape, owned
from gru_core.buffers import BLOCK, Buffers, aligned
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.initial import check_size
from gru_core.params import GRUParams
from gru_core.trace import Trace

WHOLE = 1 << 30
"""A span longer than any sequence."""


@dataclass(frozen=True)
class Span:
    """Steps that are finished.

    Attributes
    ----------
    start, stop : int
        The steps this span added, start ≤ t < stop.
    trace : Trace
        The one trace of all T steps, the same object in every span of a run; its rows are
        final before `stop` and not yet computed from there on.

    Examples
    --------
    >>> span = next(GRU(GRUParams.random(1, 2, seed=0)).spans(np.zeros((100, 1))))
    >>> span.start, span.stop, len(span.trace)
    (0, 16, 100)
    """

    start: int
    stop: int
    trace: Trace


class GRU:
    """One GRU layer.

    Parameters
    ----------
    params : GRUParams
        Its weights. Inputs and states are computed in their dtype.

    Examples
    --------
    >>> gru = GRU(GRUParams.random(input_size=3, hidden_size=2, seed=0))
    >>> gru.run(np.ones((5, 3))).z.shape
    (5, 2)
    """

    def __init__(self, params: GRUParams) -> None:
        self.params = params
        self._U = _negated(params)

    def run(
        self, x: ArrayLike, h0: ArrayLike | None = None, *, projection: FloatArray | None = None
    ) -> Trace:
        """Run over a whole sequence.

        Parameters
        ----------
        x : array_like, shape (T, I)
            The input, T ≥ 1.
        h0 : array_like, shape (H,), optional
            The state before the first step, 0 if not given.
        projection : ndarray, shape (T, 3H), optional
            x·Wᵀ from an earlier trace of the same x and W, to skip that product when only U or
            a bias changed. Taken on trust.

        Returns
        -------
        Trace

        Raises
        ------
        DTypeError
            If something does not hold real numbers.
        ShapeError
            If a shape does not fit the params, or T = 0.
        RangeError
            If something is NaN or infinite, or becomes so on the way.

        Examples
        --------
        >>> gru = GRU(GRUParams.random(input_size=3, hidden_size=2, seed=0))
        >>> trace = gru.run(np.ones((5, 3)))
        >>> bool((abs(trace.h) <= 1).all())
        True
        """
        (span,) = self.spans(x, h0, projection=projection, first=WHOLE, largest=WHOLE)
        return span.trace

    def resume(
        self, trace: Trace, x: ArrayLike, t: int, *, projection: FloatArray | None = None
    ) -> Trace:
        """Run over a sequence that begins like an earlier one, computing from step t only.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params.
        x : array_like, shape (T, I)
            The new input; longer or shorter than before, but the same before t.
        t : int
            The first step to compute, 0 ≤ t ≤ min(len(trace), T).
        projection : ndarray, shape (T, 3H), optional
            As for `run`.

        Returns
        -------
        Trace
            Equal to ``run(x, trace.h_0)``, bit for bit.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            As for `run`; RangeError also if t is out of range or x differs before t.

        Examples
        --------
        >>> gru = GRU(GRUParams.random(input_size=1, hidden_size=2, seed=0))
        >>> before = gru.run([[1.0], [2.0], [3.0]])
        >>> after = gru.resume(before, [[1.0], [2.0], [9.0], [9.0]], t=2)
        >>> len(after), bool((after.h[:2] == before.h[:2]).all())
        (4, True)
        """
        size = {"first": WHOLE, "largest": WHOLE}
        (span,) = self.spans(x, projection=projection, keep=trace, start=t, **size)
        return span.trace

    def spans(
        self,
        x: ArrayLike,
        h0: ArrayLike | None = None,
        *,
        projection: FloatArray | None = None,
        keep: Trace | None = None,
        start: int = 0,
        first: int = 16,
        largest: int = 512,
    ) -> Iterator[Span]:
        """Check the arguments, then yield finished spans of steps, the first one short.

        Nothing is computed ahead: an iterator that is dropped costs nothing more.

        Parameters
        ----------
        x, h0, projection
            As for `run`. With `keep`, its h_0 stands in for an h0 that is not given.
        keep : Trace, optional
            An earlier trace of these params whose rows before `start` are taken over.
        start : int
            The first step to compute, 0 ≤ start ≤ T, and 0 without `keep`.
        first, largest : int
            Steps in the first span, at least 1, and at most in later ones, each twice as long
            as the one before.

        Returns
        -------
        iterator of Span
            From `start` to T without gaps; one empty span if `start` is T.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            As for `resume`, at the call; a RangeError for overflow at the span it happens in.

        Examples
        --------
        >>> gru = GRU(GRUParams.random(input_size=1, hidden_size=2, seed=0))
        >>> [(span.start, span.stop) for span in gru.spans(np.zeros((100, 1)))]
        [(0, 16), (16, 48), (48, 100)]
        """
        sequence = self._input(x)
        T, H = len(sequence), self.params.hidden_size
        check_size("first", first)
        check_size("largest", largest)
        if projection is not None:
            projection = as_floats("projection", projection, self.params.dtype)
            check_shape("projection", projection, "(T, 3H)", (T, 3 * H))
        self._check_keep(keep, sequence, start)
        state = self._state(h0 if h0 is not None or keep is None else keep.h_0)
        if keep is not None and start > 0 and not np.array_equal(keep.h_0, state):
            raise RangeError("h0", "equal keep.h_0", "another state")
        buffers = Buffers(sequence, state, self.params, projection)
        if keep is not None:
            buffers.take(keep, start)
        return self._spans(buffers, start, first, largest)

    def _spans(self, buffers: Buffers, start: int, size: int, largest: int) -> Iterator[Span]:
        """Yield the spans of checked arguments."""
        T = len(buffers.trace)
        while True:
            stop = min(T, start + min(size, largest))
            for chunk in range(start, stop, BLOCK):  # what a chunk touches stays in the cache
                self._chunk(buffers, chunk, min(stop, chunk + BLOCK))
            yield Span(start, stop, buffers.trace)
            if stop == T:
                return
            start, size = stop, size * 2

    def _chunk(self, buffers: Buffers, start: int, stop: int) -> None:
        """Compute a few steps, from input to checked values."""
        with np.errstate(all="ignore"):  # `finish` refuses what must not be
            buffers.project(stop)
            _steps(self._U, buffers, start, stop)
        buffers.finish(start, stop)

    def _input(self, x: ArrayLike) -> FloatArray:
        """Return x checked, an array that nobody changes afterwards."""
        sequence = as_floats("x", x, self.params.dtype)
        wanted = f"have shape (T, I) = (T, {self.params.input_size}) with T ≥ 1"
        if sequence.shape[1:] != (self.params.input_size,) or len(sequence) == 0:
            raise ShapeError("x", wanted, str(sequence.shape))
        return owned(sequence)

    def _state(self, h0: ArrayLike | None) -> FloatArray:
        """Return h0 checked, zeros if it is not given."""
        if h0 is None:
            return np.zeros(self.params.hidden_size, self.params.dtype)
        state = as_floats("h0", h0, self.params.dtype)
        check_shape("h0", state, "(H,)", (self.params.hidden_size,))
        return owned(state)

    def _check_keep(self, keep: Trace | None, x: FloatArray, start: int) -> None:
        """Refuse to continue from what is not a run of the same x before `start`."""
        last = 0 if keep is None else min(len(keep), len(x))
        if not 0 <= start <= last:
            raise RangeError("start", f"be from 0 to {last}, the steps to keep", str(start))
        if keep is None:
            return
        if keep.dtype != self.params.dtype:
            raise DTypeError("keep", f"be of dtype {self.params.dtype}", str(keep.dtype))
        check_shape("keep.h_0", keep.h_0, "(H,)", (self.params.hidden_size,))
        check_shape("keep.x", keep.x, "(T, I)", (len(keep), self.params.input_size))
        differing = np.flatnonzero((keep.x[:start] != x[:start]).any(axis=1))
        if differing.size:
            raise RangeError("x", f"equal keep.x before t = {start}", f"another row {differing[0]}")


def _negated(params: GRUParams) -> FloatArray:
    """Return U with the gates' rows negated, by columns: the order in which BLAS is fastest."""
    H = params.hidden_size
    columns = aligned((H, 3 * H), params.dtype)
    columns[...] = params.U.T
    columns[:, : 2 * H] *= -1
    return columns.T


def _steps(U: FloatArray, buffers: Buffers, start: int, stop: int) -> None:
    """Compute the steps start ≤ t < stop: the equations of the cell.

    The gates' rows of U and of `drive` come negated: σ(a) = 1 / (1 + exp(−a)) without another
    call. Where exp overflows the gate is 0, which is right.
    """
    H = U.shape[1]
    ones, blend = np.ones(2 * H, U.dtype), np.empty(2 * H, U.dtype)
    one, write, kept = ones[:H], blend[:H], blend[H:]
    rows = buffers.rows(start, stop)
    for drive, drive_n, a, a_zr, u, zr, r, z, w, wz, h_prev, n_h_prev, a_n, n, h in rows:
        np.dot(U, h_prev, out=a)
        np.add(a, drive, out=a)  # −a_z, −a_r, u
        np.exp(a_zr, out=zr)
        np.add(zr, ones, out=zr)
        np.reciprocal(zr, out=zr)  # z, r
        np.multiply(r, u, out=a_n)
        np.add(a_n, drive_n, out=a_n)
        np.tanh(a_n, out=n)
        np.subtract(one, z, out=w)
        np.multiply(wz, n_h_prev, out=blend)  # (1 − z) ⊙ n, z ⊙ h_prev
        np.add(write, kept, out=h)
