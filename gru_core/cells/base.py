"""The common part of all cells: check the inputs, run over a sequence, span by span.

A kind of cell is one file. It has a `Params` (stacks, switches, equations) and a `Cell`, which says
how rows are laid out (`_layout`), computes steps (`_stepper`), goes back through them (`_back`) and
differentiates one (`jacobian`). Checking, running, spans and resuming are the same for every kind
and written here; gradients are in `derivatives` and in `gru_core.run.backward`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from time import thread_time

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray
from gru_core.cells.derivatives import Derivatives, P
from gru_core.parameters.initial import check_size
from gru_core.run.buffers import Block, Buffers, by_columns
from gru_core.run.clamps import Clamp
from gru_core.run.inputs import RunInputs
from gru_core.run.pace import Pace
from gru_core.run.trace import Trace

WHOLE = 1 << 30
"""A span longer than any sequence."""

Steps = Callable[[int, int], None]
"""Computes the steps from its first argument up to its second."""

Squash = Callable[[FloatArray, FloatArray], object]
"""Writes the activation of its first argument into its second."""


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
    >>> from gru_core import GRU, GRUParams
    >>> span = next(GRU(GRUParams.random(1, 2, seed=0)).spans(np.zeros((100, 1))))
    >>> span.start, span.stop, len(span.trace)
    (0, 16, 100)
    """

    start: int
    stop: int
    trace: Trace


class Cell(Derivatives[P]):
    """One layer in one direction; `GRU`, `LSTM` and `RNN` are its kinds.

    Parameters
    ----------
    params : Params
        Its weights and form. Inputs and states are computed in their dtype.

    Examples
    --------
    >>> from gru_core import LSTM, LSTMParams
    >>> LSTM(LSTMParams.random(3, 2, seed=0)).run(np.ones((5, 4, 3))).h.shape  # a batch of 4
    (5, 4, 2)
    """

    def __init__(self, params: P) -> None:
        self.params = params
        self._U = by_columns(params.U)

    @cached_property
    def _beside(self) -> FloatArray:
        """U, W and b side by side, for the columns of a batch."""
        params = self.params
        b = np.zeros(len(params.W), params.dtype) if params.b is None else params.b
        return by_columns(np.column_stack([params.U, params.W, b]))

    def run(
        self,
        x: ArrayLike,
        h0: ArrayLike | None = None,
        c0: ArrayLike | None = None,
        *,
        projection: FloatArray | None = None,
        clamps: Sequence[Clamp] = (),
    ) -> Trace:
        """Run over a whole sequence, or over a batch of sequences of one length.

        Parameters
        ----------
        x : array_like, shape (T, I) or (T, B, I)
            The input, T ≥ 1.
        h0 : array_like, shape ([B,] H), optional
            The state before the first step, 0 if not given.
        c0 : array_like, shape ([B,] H), optional
            The LSTM's inner state before the first step, 0 if not given.
        projection : ndarray, shape (T, G·H), optional
            x·Wᵀ from an earlier trace of the same single x and W, to skip that product when only U
            or a bias changed. It is not checked against them.
        clamps : sequence of Clamp
            Values to hold; in a batch, in every sequence. Everything downstream of a held value
            follows it. Of two clamps on the same value, unit and step, the later one wins.

        Returns
        -------
        Trace

        Raises
        ------
        DTypeError
            If something does not hold real numbers.
        ShapeError
            If a shape does not fit the params, T = 0, or a c0 is given to a cell without c.
        RangeError
            If something is NaN or infinite, or becomes so on the way, or a clamp is of a unit or
            a step that is not there.
        FieldError
            If a clamp names a value that the equations do not have.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> gru = GRU(GRUParams.random(input_size=3, hidden_size=2, seed=0))
        >>> trace = gru.run(np.ones((5, 3)))
        >>> bool((abs(trace.h) <= 1).all())
        True
        """
        (span,) = self.spans(
            x, h0, c0, projection=projection, clamps=clamps, first=WHOLE, largest=WHOLE
        )
        return span.trace

    def resume(
        self,
        trace: Trace,
        x: ArrayLike,
        t: int,
        *,
        projection: FloatArray | None = None,
        clamps: Sequence[Clamp] = (),
    ) -> Trace:
        """Run over a sequence that begins like an earlier one, computing from step t only.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params.
        x : array_like, shape (T, [B,] I)
            The new input; longer or shorter than before, but the same before t.
        t : int
            The first step to compute, 0 ≤ t ≤ min(len(trace), T).
        projection : ndarray, shape (T, G·H), optional
            As for `run`.
        clamps : sequence of Clamp
            As for `run`; before t they must hold what those of the trace do.

        Returns
        -------
        Trace
            Equal to ``run(x, trace.h_0, trace.c_0, clamps=clamps)``, bit for bit.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `run`; RangeError also if t is out of range, or x or what is held differs
            before t.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> gru = GRU(GRUParams.random(input_size=1, hidden_size=2, seed=0))
        >>> before = gru.run([[1.0], [2.0], [3.0]])
        >>> after = gru.resume(before, [[1.0], [2.0], [9.0], [9.0]], t=2)
        >>> len(after), bool((after.h[:2] == before.h[:2]).all())
        (4, True)
        """
        (span,) = self.spans(
            x,
            projection=projection,
            clamps=clamps,
            keep=trace,
            start=t,
            first=WHOLE,
            largest=WHOLE,
        )
        return span.trace

    def spans(
        self,
        x: ArrayLike,
        h0: ArrayLike | None = None,
        c0: ArrayLike | None = None,
        *,
        projection: FloatArray | None = None,
        clamps: Sequence[Clamp] = (),
        keep: Trace | None = None,
        start: int = 0,
        first: int = 16,
        largest: int = 512,
        seconds: float | None = None,
    ) -> Iterator[Span]:
        """Check the arguments, then yield finished spans of steps, the first one short.

        Nothing is computed ahead, so a dropped iterator costs nothing more.

        Parameters
        ----------
        x, h0, c0, projection, clamps
            As for `run`. With `keep`, its start states replace missing ones.
        keep : Trace, optional
            An earlier trace of these params whose rows before `start` are taken over.
        start : int
            The first step to compute, 0 ≤ start ≤ T, and 0 without `keep`.
        first, largest : int
            Steps in the first span, at least 1, and at most in later ones, each twice as long
            as the one before.
        seconds : float, optional
            Compute time a span is to take. Where doubling would exceed it, by what the span
            before took, the next one is as long as fits, and has at least one step.

        Returns
        -------
        iterator of Span
            From `start` to T without gaps; one empty span if `start` is T.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `resume`, at the call; a RangeError for overflow at the span it happens in.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> gru = GRU(GRUParams.random(input_size=1, hidden_size=2, seed=0))
        >>> [(span.start, span.stop) for span in gru.spans(np.zeros((100, 1)))]
        [(0, 16), (16, 48), (48, 100)]
        """
        check_size("first", first)
        check_size("largest", largest)
        inputs = RunInputs.of(self.params, x, {"h": h0, "c": c0}, projection, keep, start, clamps)
        is_blank = start + first < len(inputs.x)  # callers see rows before they are computed
        buffers = Buffers(self.params, self._layout(), inputs, is_blank)
        if keep is not None:
            buffers.take(keep, start)
        steps = self._stepper(buffers)
        return self._spans(buffers, steps, start, min(first, largest), Pace(largest, seconds))

    @abstractmethod
    def _layout(self) -> tuple[Block, ...]:
        """Return the blocks of a run."""

    @abstractmethod
    def _stepper(self, buffers: Buffers) -> Steps:
        """Return the function that computes the steps start ≤ t < stop: the cell's equations."""

    def _sum(
        self, buffers: Buffers, start: int, stop: int
    ) -> tuple[FloatArray, Iterable[FloatArray | None]]:
        """Return the matrix for the columns, and the vector to add per step, None for a batch."""
        if buffers.x.ndim == 3:
            return self._beside, repeat(None, stop - start)
        return self._U, buffers.drive(start, stop)

    def _squash(self, index: int, like: FloatArray) -> Squash:
        """Return an activation as a function of (a, out) for arrays shaped like `like`."""
        apply = self.params.activations[index].bind(like)
        clip = self.params.clip
        if clip is None:
            return apply
        low, high = like.dtype.type(-clip), like.dtype.type(clip)

        def clipped(a: FloatArray, out: FloatArray) -> None:
            apply(np.clip(a, low, high, out=out), out)

        return clipped

    def _spans(
        self, buffers: Buffers, steps: Steps, start: int, size: int, pace: Pace
    ) -> Iterator[Span]:
        """Yield the spans of checked arguments."""
        T = len(buffers.trace)
        while True:
            stop, began = min(T, start + size), thread_time()
            for chunk in range(start, stop, buffers.size):  # a chunk stays in the cache
                end = min(stop, chunk + buffers.size)
                with np.errstate(all="ignore"):  # `finish` refuses overflow
                    steps(chunk, end)
                buffers.finish(chunk, end)
            size = pace.after(stop - start, thread_time() - began)
            yield Span(start, stop, buffers.trace)
            if stop == T:
                return
            start = stop
