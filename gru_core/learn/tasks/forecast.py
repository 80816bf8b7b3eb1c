"""Forecasting a series of numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from gru_core.arrays import FloatArray, as_floats
from gru_core.errors import RangeError, ShapeError
from gru_core.learn.batch import Batch
from gru_core.learn.data.sunspots import sunspots
from gru_core.learn.tasks.task import Task
from gru_core.network.readout import Head

HELD_OUT = 0.2
"""The part of a series, its end, that is kept for scores."""


@dataclass(frozen=True, kw_only=True)
class Forecast(Task):
    """Say at every step what the series will be some steps later, by default the sunspots.

    Each channel is brought to mean 0 and standard deviation 1, measured on the part to train on.

    Parameters
    ----------
    length : int
        The steps of each piece of the series.
    horizon : int
        How many steps ahead, at least 1.
    rows : ndarray, shape (N, C), optional
        A series of the user's own. Its last fifth is kept for scores.
    names : tuple of str, optional
        Of its channels.

    Raises
    ------
    ShapeError, RangeError
        If the series is too short, a channel is constant, or a number is not finite.

    Examples
    --------
    >>> task = Forecast(length=30)
    >>> task.channels, task.draw(np.random.default_rng(0), 2).x.shape, round(task.chance, 2)
    (('sunspots',), (30, 2, 1), 0.9)
    """

    name: ClassVar = "forecast"
    title: ClassVar = "Forecast"
    about: ClassVar = "Say at every step what the series will be some steps later."
    head: ClassVar[Head] = "identity"
    metric: ClassVar = "error"
    solved: ClassVar = 0.0

    length: int = 50
    horizon: int = 1
    rows: FloatArray | None = field(default=None, repr=False, metadata={"data": True})
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = self.series
        if rows.ndim != 2 or 0 in rows.shape:
            raise ShapeError("rows", "have shape (N, C) with N and C at least 1", str(rows.shape))
        if self.horizon < 1:
            raise RangeError("horizon", "be at least 1", str(self.horizon))
        enough = 2 * (self.length + self.horizon)
        if len(rows) < enough:
            wanted = f"have at least {enough} steps for pieces of {self.length}"
            raise ShapeError("rows", wanted, str(len(rows)))
        if self.names is not None and len(self.names) != rows.shape[1]:
            raise ShapeError("names", f"be {rows.shape[1]}, one a channel", str(len(self.names)))
        for name, scale in zip(self.channels, self.scale, strict=True):
            if scale == 0:
                wanted = "change over time in the part to train on"
                raise RangeError(f"channel {name}", wanted, "a constant")

    @property
    def channels(self) -> tuple[str, ...]:
        if self.names is not None:
            return self.names
        if self.rows is None:
            return ("sunspots",)
        return tuple(f"channel {k + 1}" for k in range(self.series.shape[1]))

    @cached_property
    def series(self) -> FloatArray:
        """The numbers as they are, shape (N, C)."""
        rows = sunspots()[:, None] if self.rows is None else self.rows
        return as_floats("rows", rows, np.dtype(np.float64))

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(f"{name} in {self.horizon}" for name in self.channels)

    @property
    def chance(self) -> float:
        """The error of saying that nothing will change."""
        kept = self._scaled[self._border :]
        return float(np.mean((kept[self.horizon :] - kept[: -self.horizon]) ** 2))

    @property
    def mean(self) -> FloatArray:
        """Of each channel, in the part to train on, shape (C,)."""
        found: FloatArray = self.series[: self._border].mean(axis=0)
        return found

    @property
    def scale(self) -> FloatArray:
        """The standard deviation of each channel there, shape (C,)."""
        found: FloatArray = self.series[: self._border].std(axis=0)
        return found

    @property
    def remembered(self) -> int:
        return max(3, min(self.length, 30))

    @cached_property
    def _scaled(self) -> FloatArray:
        scaled: FloatArray = (self.series - self.mean) / self.scale
        return scaled

    @property
    def _border(self) -> int:
        """Where the held-out part begins."""
        return len(self.series) - max(self.length + self.horizon, int(HELD_OUT * len(self.series)))

    def draw(self, rng: Generator, size: int) -> Batch:
        return self._pieces(rng, size, self._scaled[: self._border])

    def held_out(self, rng: Generator, size: int) -> Batch:
        return self._pieces(rng, size, self._scaled[self._border :])

    def fingerprint(self) -> str:
        return hashlib.sha256(self.series.tobytes()).hexdigest()

    def _pieces(self, rng: Generator, size: int, rows: FloatArray) -> Batch:
        starts = rng.integers(0, len(rows) - self.length - self.horizon + 1, size)
        at = starts + np.arange(self.length)[:, None]
        return Batch(rows[at], rows[at + self.horizon], np.ones(at.shape, bool))
