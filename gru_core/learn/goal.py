"""What a training needs of a task, whatever kind of network learns it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np
from numpy.random import Generator

Metric = Literal["accuracy", "error"]
Model = TypeVar("Model")
Data = TypeVar("Data")


@dataclass(frozen=True, kw_only=True)
class Goal(ABC, Generic[Model, Data]):
    """A seeded generator of batches, and a score.

    Attributes
    ----------
    name : str
        Its name on the command line.
    title, about : str
        For people: a few words, and a sentence.
    metric : {"accuracy", "error"}
        The part of the answers that are right, or the mean squared error.
    solved : float
        The score at which training may stop.
    needs : {"text", "labels"} or None
        The data of the user's own that the task cannot do without.

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> [isinstance(task, Goal) for task in (Parity(length=20), Numbers())]
    [True, True]
    """

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    metric: ClassVar[Metric] = "accuracy"
    solved: ClassVar[float] = 0.995
    needs: ClassVar[str | None] = None

    @property
    @abstractmethod
    def chance(self) -> float:
        """The score of an answer that does not look at the input."""

    @abstractmethod
    def draw(self, rng: Generator, size: int) -> Data:
        """Draw a batch of `size` sequences to train on."""

    @abstractmethod
    def held_out(self, rng: Generator, size: int) -> Data:
        """Draw a batch to be scored on, which shares no data with those to train on."""

    @abstractmethod
    def score(self, network: Model, batch: Data) -> float:
        """Return a network's accuracy or error on a batch."""

    def fresh(self, seed: int, size: int) -> Data:
        """Draw data that a network of this seed was neither trained on nor chosen by.

        Examples
        --------
        >>> from gru_core.learn.tasks.parity import Parity
        >>> Parity(length=8).fresh(seed=0, size=5).mask.shape
        (8, 5)
        """
        return self.held_out(np.random.default_rng([seed, 3]), size)

    def is_better(self, score: float, other: float) -> bool:
        """Return whether a score is better than another.

        Examples
        --------
        >>> from gru_core.learn.tasks.parity import Parity
        >>> Parity(length=8).is_better(0.9, 0.8)
        True
        """
        return score > other if self.metric == "accuracy" else score < other

    def is_solved(self, score: float) -> bool:
        """Return whether a score is as good as the task asks for."""
        return score == self.solved or self.is_better(score, self.solved)

    def settings(self) -> dict[str, Any]:
        """Return the settings, by name; data that was read from a file is left out."""
        return {
            f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("data") is None
        }

    def fingerprint(self) -> str:
        """Return a digest of the data that was read from a file, "" if there is none."""
        return ""
