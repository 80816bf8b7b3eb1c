"""A wave of the frequency that the input asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.network.readout import Head

SLOWEST, FASTEST = 2 * np.pi / 40, 2 * np.pi / 10
"""Radians per step: periods of 40 and of 10 steps."""


@dataclass(frozen=True, kw_only=True)
class Sine(Task):
    """The input is one number throughout, 0 to 1: the frequency. Make a sine of it, from phase 0.

    0 is a period of 40 steps and 1 one of 10.

    Notes
    -----
    Sussillo & Barak 2013, "Opening the black box".

    Examples
    --------
    >>> batch = Sine(length=40).draw(np.random.default_rng(0), 1)
    >>> round(float(batch.x[0, 0, 0]), 2), batch.target[:3, 0, 0].round(2).tolist()
    (0.64, [0.44, 0.79, 0.98])
    """

    name: ClassVar = "sine"
    title: ClassVar = "Sine generator"
    about: ClassVar = "Make a wave of the frequency that the input names."
    head: ClassVar[Head] = "identity"
    metric: ClassVar = "error"
    solved: ClassVar = 0.01

    length: int = 60

    @property
    def channels(self) -> tuple[str, ...]:
        return ("frequency",)

    @property
    def classes(self) -> tuple[str, ...]:
        return ("wave",)

    @property
    def chance(self) -> float:
        """The error of always saying 0, the mean of sin²."""
        rates = np.linspace(SLOWEST, FASTEST, 1001)
        return float(np.mean(np.sin(rates * np.arange(1, self.length + 1)[:, None]) ** 2))

    def draw(self, rng: Generator, size: int) -> Batch:
        asked = rng.uniform(0, 1, size)
        x = np.broadcast_to(asked[None, :, None], (self.length, size, 1)).copy()
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask for the wave of the first number, as long as the input does not change."""
        rates = SLOWEST + (FASTEST - SLOWEST) * x[:1]
        wave = np.sin(rates * np.arange(1, len(x) + 1)[:, None, None])
        return Batch(x, wave, np.logical_and.accumulate((x == x[:1])[..., 0], axis=0))
