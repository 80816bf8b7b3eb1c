"""A range of the steps of a run."""

from __future__ import annotations

from dataclasses import dataclass

from gru_core.run.trace import Trace


@dataclass(frozen=True)
class Span:
    """A range of finished steps.

    Attributes
    ----------
    start, stop : int
        The steps that this span added, start ≤ t < stop.
    trace : Trace
        The trace of all T steps, the same object in every span of a run. Its rows before `stop` are
        final; the others are not computed yet.

    Examples
    --------
    >>> import numpy as np
    >>> from gru_core import GRU, GRUParams
    >>> span = next(GRU(GRUParams.random(1, 2, seed=0)).spans(np.zeros((100, 1))))
    >>> span.start, span.stop, len(span.trace)
    (0, 16, 100)
    """

    start: int
    stop: int
    trace: Trace
