"""Delayed match to sample."""

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
class DelayedMatch(Task):
    """A letter, a pause with now and then a capital that does not matter, a second letter: equal?

    Notes
    -----
    The delayed match-to-sample task of animal studies; for networks Yang et al. 2019, Nature
    Neuroscience 22.

    Examples
    --------
    >>> task = DelayedMatch(length=8)
    >>> batch = task.draw(np.random.default_rng(1), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0]), batch.target[-1, 0].tolist()
    ('d....A.a', [0.0])
    """

    name: ClassVar = "delayed_match"
    title: ClassVar = "Same or different"
    about: ClassVar = "Compare the last letter with the first, after a pause with distractions."
    head: ClassVar[Head] = "sigmoid"
    shortest: ClassVar = 3

    length: int = 30

    @property
    def alphabet(self) -> str:
        return ".abcdABCD"

    @property
    def classes(self) -> tuple[str, ...]:
        return ("same",)

    @property
    def chance(self) -> float:
        return 1 / 2

    def draw(self, rng: Generator, size: int) -> Batch:
        shape = (self.length, size)
        x = rng.integers(5, 9, shape) * (rng.random(shape) < 0.2)
        x[0] = rng.integers(1, 5, size)
        is_same = rng.random(size) < 0.5
        other = 1 + (x[0] - 1 + rng.integers(1, 4, size)) % 4
        x[-1] = np.where(is_same, x[0], other)
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask at the end, if there is a small letter at both ends."""
        target, mask = np.zeros((*x.shape, 1)), np.zeros(x.shape, bool)
        if len(x) > 1:
            first, last = x[0], x[-1]
            target[-1, :, 0] = first == last
            mask[-1] = (first >= 1) & (first <= 4) & (last >= 1) & (last <= 4)
        return Batch(x, target, mask)
