"""The common part of all cells: checks the inputs and runs over a sequence, span by span.

A kind of cell is one file. It has a `Params` (stacks, switches, equations) and a `Cell`, which lays
out rows (`_layout`), computes steps (`_stepper`), propagates gradients back through them (`_back`)
and differentiates one step (`jacobian`). Checks, running, spans and resuming are the same for every
kind and are written here; gradients are in `derivatives` and `gru_core.run.backward`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray
from gru_core.cells.derivatives import Derivatives, P
from gru_core.compiled.forms import Kernel
from gru_core.compiled.kernels import Loaded, kernels
from gru_core.compiled.steps import CompiledSteps, forward_kernel
from gru_core.parameters.initial import check_size
from gru_core.run.buffers import Block, Buffers, by_columns
from gru_core.run.clamps import Clamp
from gru_core.run.inputs import RunInputs
from gru_core.run.pace import Pace
from gru_core.run.progress import Progress, Steps
from gru_core.run.span import Span
from gru_core.run.trace import Trace

WHOLE = 1 << 30
"""A span longer than any sequence."""

Squash = Callable[[FloatArray, FloatArray], object]
"""Writes the activation of its first argument into its second."""


class Cell(Derivatives[P]):
    """One layer in one direction; `GRU`, `LSTM` and `RNN` derive from it.

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
        self._wanted: dict[tuple[bool, bool], Kernel] = {}

    @cached_property
    def _beside(self) -> FloatArray:
        """U, W and b side by side, to multiply the columns of a batch."""
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
        """Run over a sequence, or over a batch of sequences of equal length.

        Parameters
        ----------
        x : array_like, shape (T, I) or (T, B, I)
            The input, T ≥ 1.
        h0 : array_like, shape ([B,] H), optional
            The state before the first step, by default 0.
        c0 : array_like, shape ([B,] H), optional
            The LSTM's inner state before the first step, by default 0.
        projection : ndarray, shape (T, G·H), optional
            x·Wᵀ from an earlier trace of the same x and W, to skip that product if only U or a bias
            changed. It is not checked against x and W. Not for a batch.
        clamps : sequence of Clamp
            Values to hold; in a batch, in every sequence. Everything downstream of a held value
            follows it. Of two clamps on the same value, unit and step, the later one wins.

        Returns
        -------
        Trace

        Raises
        ------
        DTypeError
            If an argument does not contain real numbers.
        ShapeError
            If a shape does not fit the params, T = 0, or a c0 is given to a cell without c.
        RangeError
            If a number is NaN or infinite, or becomes so during the run, or a clamp names a unit or
            a step that does not exist.
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
        """Run over a sequence that begins like an earlier one; only steps from t are computed.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params.
        x : array_like, shape (T, [B,] I)
            The new input. It may be longer or shorter, but must be the same before t.
        t : int
            The first step to compute, 0 ≤ t ≤ min(len(trace), T).
        projection : ndarray, shape (T, G·H), optional
            As for `run`.
        clamps : sequence of Clamp
            As for `run`; before t they must be the same as in the trace.

        Returns
        -------
        Trace
            Equal to ``run(x, trace.h_0, trace.c_0, clamps=clamps)``, bit for bit.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `run`. RangeError also if t is out of range, or x or the clamps differ before t.

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
        """Check the arguments, then yield spans of finished steps, the first one short.

        Steps are computed only when the iterator is advanced, so a dropped iterator costs nothing.

        Parameters
        ----------
        x, h0, c0, projection, clamps
            As for `run`. With `keep`, its start states replace missing ones.
        keep : Trace, optional
            An earlier trace of these params; its rows before `start` are copied.
        start : int
            The first step to compute, 0 ≤ start ≤ T, and 0 without `keep`.
        first, largest : int
            Steps in the first span, at least 1, and the most steps in a later one. Each span is
            twice as long as the one before.
        seconds : float, optional
            Target compute time of a span. If doubling would exceed it, judging by the span before,
            the next span is only as long as fits, but at least one step.

        Returns
        -------
        iterator of Span
            From `start` to T without gaps; one empty span if `start` is T.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `resume`, at the call. A RangeError for overflow comes at the span in which it
            happens.

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
        loaded = self.kernel(inputs.x.ndim == 3, inputs.held is not None)
        progress = self.begun(inputs, loaded, keep, start, is_blank=is_blank)
        return self._spans(progress, start, min(first, largest), Pace(largest, seconds))

    def kernel(self, is_batch: bool, is_held: bool) -> Loaded | None:
        """Return what computes a run if it is ready; without it, NumPy does.

        A run is one of several sequences if it `is_batch`, and has clamps if it `is_held`.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> found = GRU(GRUParams.random(1, 2, seed=0)).kernel(is_batch=False, is_held=False)
        >>> found is None or "h" in found.source.pointers
        True
        """
        place = is_batch, is_held
        if place not in self._wanted:
            self._wanted[place] = forward_kernel(self.params, is_batch, is_held)
        return kernels().find(self._wanted[place])

    def begun(
        self,
        inputs: RunInputs,
        loaded: Loaded | None,
        keep: Trace | None = None,
        start: int = 0,
        *,
        is_blank: bool = True,
    ) -> Progress:
        """Return a run of checked inputs that its caller advances.

        Parameters
        ----------
        inputs : RunInputs
        loaded : Loaded or None
            The run's `kernel`.
        keep : Trace, optional
            A trace to copy the steps before `start` from. If it was computed in the other way, by
            NumPy or a kernel, the run begins at its first step.
        start : int
        is_blank : bool
            Whether rows that are not computed yet must be 0.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> gru = GRU(GRUParams.random(1, 2, seed=0))
        >>> states = {"h": None, "c": None}
        >>> inputs = RunInputs.of(gru.params, np.ones((5, 1)), states, None, None, 0)
        >>> progress = gru.begun(inputs, gru.kernel(is_batch=False, is_held=False))
        >>> progress.advance(2)
        >>> progress.done, bool(progress.trace.h[2:].any())
        (2, False)
        """
        is_compiled = loaded is not None
        buffers = Buffers(self.params, self._layout(), inputs, is_blank, is_compiled)
        steps = self.steps(buffers, loaded)
        if keep is None or keep.is_compiled != is_compiled:
            return Progress(buffers, steps, 0)
        buffers.take(keep, start)
        return Progress(buffers, steps, start)

    def steps(self, buffers: Buffers, loaded: Loaded | None) -> Steps:
        """Return what computes the steps: a kernel, or NumPy without one.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> callable(GRU(GRUParams.random(1, 2, seed=0)).steps)
        True
        """
        if loaded is None:
            return self._stepper(buffers)
        return CompiledSteps(self.params, self._U, buffers, loaded)

    @abstractmethod
    def _layout(self) -> tuple[Block, ...]:
        """Return the blocks of a run."""

    @abstractmethod
    def _stepper(self, buffers: Buffers) -> Steps:
        """Return the function that computes the steps start ≤ t < stop."""

    def _sum(
        self, buffers: Buffers, start: int, stop: int
    ) -> tuple[FloatArray, Iterable[FloatArray | None]]:
        """Return the matrix that multiplies the columns, and each step's vector to add, if any."""
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

    def _spans(self, progress: Progress, start: int, size: int, pace: Pace) -> Iterator[Span]:
        """Yield the spans of checked arguments."""
        T = len(progress.trace)
        progress.advance(start)
        while True:
            start = progress.done
            pace.start()
            stop = min(T, start + size)
            progress.advance(stop)
            size = pace.after(stop - start)
            yield Span(start, stop, progress.trace)
            if stop == T:
                return
