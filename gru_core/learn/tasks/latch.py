"""Latch: remember which letter came first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

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
        place = np.where((x > 0).any(axis=0), (x > 0).argmax(axis=0), self.length)
        came = np.arange(self.length)[:, None] >= place
        first = x[np.minimum(place, self.length - 1), np.arange(size)]
        return Batch(x, np.where(came, first, 0), np.ones(x.shape, bool))
