"""Temporal order: which two symbols came, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task


@dataclass(frozen=True, kw_only=True)
class TemporalOrder(Task):
    """Say at the end which of X and Y came first and second, among letters that do not matter.

    A sequence starts with B and ends with E. One X or Y is at a random place in the second tenth,
    another in the fifth; everything else is a, b, c or d.

    Notes
    -----
    Hochreiter & Schmidhuber 1997, experiment 6a.

    Examples
    --------
    >>> task = TemporalOrder(length=30)
    >>> batch = task.draw(np.random.default_rng(0), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0]), task.classes[batch.target[-1, 0]]
    ('BccbbXaaadcdYcdccccdbdcabdcadE', 'XY')
    """

    name: ClassVar = "temporal_order"
    title: ClassVar = "Temporal order"
    about: ClassVar = "Two of many letters matter: say at the end which they were, in order."
    reads_back: ClassVar = True
    shortest: ClassVar = 10

    length: int = 100

    @property
    def alphabet(self) -> str:
        return "abcdXYBE"

    @property
    def classes(self) -> tuple[str, ...]:
        return "XX", "XY", "YX", "YY"

    @property
    def chance(self) -> float:
        return 1 / 4

    def draw(self, rng: Generator, size: int) -> Batch:
        T, sequences = self.length, np.arange(size)
        x = rng.integers(0, 4, (T, size))
        x[0], x[-1] = 6, 7
        first = rng.integers(T // 10, T // 5, size)
        second = rng.integers(2 * T // 5, T // 2, size)
        which = rng.integers(0, 2, (2, size))
        x[first, sequences], x[second, sequences] = 4 + which
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask at each E before which exactly two of X and Y came."""
        is_Y, marks = x == 5, np.cumsum((x == 4) | (x == 5), axis=0)
        mask = (x == 7) & (marks == 2)
        starts_with_Y = (is_Y & (marks == 1)).any(axis=0)
        return Batch(x, np.where(mask, starts_with_Y + np.cumsum(is_Y, axis=0), 0), mask)
