"""Adding two marked numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.network.readout import Head


@dataclass(frozen=True, kw_only=True)
class Adding(Task):
    """Say at the end the sum of the two numbers that were marked, one in each half.

    The numbers are uniform between 0 and 1. Always to say 1 has an error of 1/6.

    Notes
    -----
    Hochreiter & Schmidhuber 1997, experiment 4; in this form Le, Jaitly & Hinton 2015,
    arXiv:1504.00941.

    Examples
    --------
    >>> batch = Adding(length=50).draw(np.random.default_rng(0), 2)
    >>> value, marked = batch.x[..., 0], batch.x[..., 1]
    >>> bool(np.allclose((value * marked).sum(0), batch.target[-1, :, 0]))
    True
    """

    name: ClassVar = "adding"
    title: ClassVar = "Adding"
    about: ClassVar = "Of many numbers two are marked: say their sum at the end."
    head: ClassVar[Head] = "identity"
    metric: ClassVar = "error"
    solved: ClassVar = 0.01
    reads_back: ClassVar = True

    length: int = 50

    @property
    def channels(self) -> tuple[str, ...]:
        return "number", "marked"

    @property
    def classes(self) -> tuple[str, ...]:
        return ("sum",)

    @property
    def chance(self) -> float:
        return 1 / 6

    def draw(self, rng: Generator, size: int) -> Batch:
        T, half, sequences = self.length, self.length // 2, np.arange(size)
        x = np.zeros((T, size, 2))
        x[..., 0] = rng.uniform(0, 1, (T, size))
        first, second = rng.integers(0, half, size), rng.integers(half, T, size)
        x[first, sequences, 1] = x[second, sequences, 1] = 1
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask at the end for the sum of the marked numbers, however many; a mark is 0 or 1."""
        target, mask = np.zeros((*x.shape[:2], 1)), np.zeros(x.shape[:2], bool)
        target[-1:, :, 0] = (x[..., 0] * x[..., 1]).sum(axis=0)
        mask[-1:] = np.isin(x[..., 1], (0, 1)).all(axis=0)
        return Batch(x, target, mask)
