"""The three-bit flip-flop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.network.readout import Head

BITS = 3
PULSES = 0.1
"""The part of the steps in which a channel has a pulse."""


@dataclass(frozen=True, kw_only=True)
class FlipFlop(Task):
    """Three channels with rare pulses of 1 and −1: show the last pulse of each, 0 before the first.

    Notes
    -----
    Sussillo & Barak 2013, "Opening the black box".

    Examples
    --------
    >>> batch = FlipFlop(length=6).draw(np.random.default_rng(6), 1)
    >>> batch.x[:, 0, 1].tolist(), batch.target[:, 0, 1].tolist()
    ([0.0, 0.0, 0.0, 1.0, 0.0, -1.0], [0.0, 0.0, 0.0, 1.0, 1.0, -1.0])
    """

    name: ClassVar = "flipflop"
    title: ClassVar = "Three-bit flip-flop"
    about: ClassVar = "Hold the last pulse of each of three channels."
    head: ClassVar[Head] = "identity"
    metric: ClassVar = "error"
    solved: ClassVar = 0.02

    length: int = 50

    @property
    def channels(self) -> tuple[str, ...]:
        return "pulse 1", "pulse 2", "pulse 3"

    @property
    def classes(self) -> tuple[str, ...]:
        return "bit 1", "bit 2", "bit 3"

    @property
    def chance(self) -> float:
        """The error of always saying 0: the probability that a pulse has come."""
        return float(1 - np.mean((1 - PULSES) ** np.arange(1, self.length + 1)))

    def draw(self, rng: Generator, size: int) -> Batch:
        shape = (self.length, size, BITS)
        x = np.where(rng.random(shape) < PULSES, rng.choice([-1.0, 1.0], shape), 0.0)
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask for the last pulses until there is one that is neither 1 nor −1."""
        steps = np.arange(len(x))[:, None, None]
        last = np.maximum.accumulate(np.where(x != 0, steps, -1), axis=0)
        held = np.take_along_axis(x, np.maximum(last, 0), axis=0)
        known = np.logical_and.accumulate(np.isin(x, (-1, 0, 1)).all(axis=2), axis=0)
        return Batch(x, np.where(last >= 0, held, 0.0), known)
