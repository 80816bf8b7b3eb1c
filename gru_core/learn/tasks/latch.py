"""Latch: remember which letter came first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task


@dataclass(frozen=True, kw_only=True)
class Latch(Task):
    """Say at every step whether a or b came first, or – for neither yet.

    Letters are rare, one step in five, so that there is something to wait for.

    Notes
    -----
    Bengio, Simard & Frasconi 1994 ask for a latch to show what is hard about long dependencies.

    Examples
    --------
    >>> task = Latch(length=12)
    >>> batch = task.draw(np.random.default_rng(6), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0])
    '...ab.b...a.'
    >>> "".join(task.classes[i] for i in batch.target[:, 0])
    '–––aaaaaaaaa'
    """

    name: ClassVar = "latch"
    title: ClassVar = "Which came first"
    about: ClassVar = "Remember for the rest of the sequence which letter came first."

    length: int = 50

    @property
    def alphabet(self) -> str:
        return ".ab"

    @property
    def classes(self) -> tuple[str, ...]:
        return "–", "a", "b"

    @property
    def chance(self) -> float:
        """That of the best fixed answer: a at every step, or "–" in short sequences."""
        waiting = 0.8 ** np.arange(1, self.length + 1)
        return float(max(waiting.mean(), (1 - waiting).mean() / 2))

    def draw(self, rng: Generator, size: int) -> Batch:
        x = rng.integers(1, 3, (self.length, size)) * (rng.random((self.length, size)) < 0.2)
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        came = np.logical_or.accumulate(x > 0, axis=0)
        first = np.take_along_axis(x, (x > 0).argmax(axis=0)[None], axis=0)
        return Batch(x, np.where(came, first, 0), np.ones(x.shape, bool))
