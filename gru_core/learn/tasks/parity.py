"""Parity of the ones so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task


@dataclass(frozen=True, kw_only=True)
class Parity(Task):
    """Say at every step whether the number of ones so far is even or odd.

    Examples
    --------
    >>> task = Parity(length=8)
    >>> batch = task.draw(np.random.default_rng(0), 1)
    >>> batch.x[:, 0].tolist(), batch.target[:, 0].tolist()
    ([1, 1, 1, 0, 0, 0, 0, 0], [1, 0, 1, 1, 1, 1, 1, 1])
    """

    name: ClassVar = "parity"
    title: ClassVar = "Parity"
    about: ClassVar = "Say at every step whether there were an even or odd number of ones."

    length: int = 32

    @property
    def alphabet(self) -> str:
        return "01"

    @property
    def classes(self) -> tuple[str, ...]:
        return "even", "odd"

    @property
    def chance(self) -> float:
        return 1 / 2

    def draw(self, rng: Generator, size: int) -> Batch:
        x = rng.integers(0, 2, (self.length, size))
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        return Batch(x, np.cumsum(x, axis=0) % 2, np.ones(x.shape, bool))
