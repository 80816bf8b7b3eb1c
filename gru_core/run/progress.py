"""A run as far as it has been computed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gru_core.run.buffers import Buffers
from gru_core.run.trace import Trace

Steps = Callable[[int, int], None]
"""Computes the steps from its first argument up to its second."""


class Progress:
    """A run that its caller advances.

    Parameters
    ----------
    buffers : Buffers
    steps : callable of (int, int)
        Computes steps into the buffers.
    done : int
        The number of leading steps that the buffers already have.

    Attributes
    ----------
    done : int
        The number of leading steps that are computed.

    Examples
    --------
    See `gru_core.cells.base.Cell.begun`.
    """

    def __init__(self, buffers: Buffers, steps: Steps, done: int) -> None:
        self._buffers, self._steps, self.done = buffers, steps, done

    @property
    def trace(self) -> Trace:
        """The trace of all T steps; its rows from `done` on are not computed yet."""
        return self._buffers.trace

    def advance(self, stop: int) -> None:
        """Compute the steps before `stop`.

        Raises
        ------
        RangeError
            If a value overflows.
        """
        buffers = self._buffers
        for start in range(self.done, stop, buffers.size):  # a chunk stays in the cache
            end = min(stop, start + buffers.size)
            with np.errstate(all="ignore"):  # `finish` refuses overflow
                self._steps(start, end)
            buffers.finish(start, end)
        self.done = max(self.done, stop)
