"""Labelling short texts."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.errors import RangeError, ShapeError
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.text import alphabet_of, encoded

CLASSES = 100
"""The most different labels."""
LONGEST = 500
"""The most characters of a text."""


@dataclass(frozen=True, kw_only=True)
class Labels(Task):
    """Say after the last character of a text which label it has.

    Parameters
    ----------
    length : int
        The most characters of a text; shorter ones are followed by empty steps.
    pairs : tuple of (str, str)
        Texts and their labels. One in five is kept for scores.

    Raises
    ------
    ShapeError, RangeError
        If there are too few texts or labels, too many labels, or a text is empty or too long.

    Examples
    --------
    >>> task = Labels.of([("ab", "low"), ("abab", "low"), ("AB", "high"), ("ABBA", "high")] * 5)
    >>> task.classes, task.alphabet, task.draw(np.random.default_rng(0), 3).x.shape
    (('high', 'low'), 'ABab', (4, 3))
    """

    name: ClassVar = "labels"
    title: ClassVar = "Label texts"
    about: ClassVar = "Say at the end of a short text of your own which label it has."
    needs: ClassVar = "labels"
    shortest: ClassVar = 1

    length: int = 1
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata={"data": True})

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> Self:
        """Return the task of some texts and labels, as long as the longest text."""
        return cls(
            length=max((len(text) for text, _ in pairs if text), default=1), pairs=tuple(pairs)
        )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.pairs:
            raise ShapeError("labels", "have at least one line of text, tab, label", "none")
        for number, (text, label) in enumerate(self.pairs, 1):
            if not text or not label:
                missing = "text" if not text else "label"
                raise ShapeError(f"labels, line {number}", f"have a {missing}", "none")
            if len(text) > LONGEST:
                wanted = f"have at most {LONGEST} characters"
                raise ShapeError(f"labels, line {number}", wanted, str(len(text)))
        counts = Counter(label for _, label in self.pairs)
        if not 2 <= len(counts) <= CLASSES:
            wanted = f"have from 2 to {CLASSES} different labels"
            raise RangeError("labels", wanted, str(len(counts)))
        rare = [label for label, count in counts.items() if count < 2]
        if rare:
            raise RangeError(
                "labels", "have at least two texts of each label", f"one of {rare[0]!r}"
            )
        alphabet_of("".join(text for text, _ in self.pairs))

    @cached_property
    def alphabet(self) -> str:
        return alphabet_of("".join(text for text, _ in self.pairs))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({label for _, label in self.pairs}))

    @property
    def chance(self) -> float:
        """The part of the held-out texts that has their most frequent label."""
        labels = self._labels[self._split[1]]
        return float(np.bincount(labels).max() / len(labels))

    def draw(self, rng: Generator, size: int) -> Batch:
        return self._batch(rng.choice(self._split[0], size))

    def held_out(self, rng: Generator, size: int) -> Batch:
        """Return the held-out texts, at most `size` of them."""
        return self._batch(rng.permutation(self._split[1])[:size])

    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self.pairs).encode()).hexdigest()

    @cached_property
    def _split(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which texts to train on and which to keep, at least one of each label in both."""
        order, kept, trained = np.random.default_rng(0).permutation(len(self.pairs)), [], []
        for label in range(len(self.classes)):
            own = order[self._labels[order] == label]
            border = max(1, len(own) // 5)
            kept.append(own[:border])
            trained.append(own[border:])
        return np.concatenate(trained), np.concatenate(kept)

    @cached_property
    def _labels(self) -> NDArray[np.int64]:
        place = {label: k for k, label in enumerate(self.classes)}
        return np.array([place[label] for _, label in self.pairs])

    @cached_property
    def _symbols(self) -> NDArray[np.int64]:
        """All texts, shape (N, T), −1 after the end."""
        found = np.full((len(self.pairs), self.length), -1)
        for row, (text, _) in zip(found, self.pairs, strict=True):
            row[: len(text)] = encoded(text, self.alphabet)[: self.length]
        return found

    def _batch(self, which: NDArray[np.int64]) -> Batch:
        x = self._symbols[which].T
        last = np.maximum((x >= 0).sum(axis=0) - 1, 0)
        mask = np.arange(len(x))[:, None] == last
        return Batch(x, np.where(mask, self._labels[which], 0), mask)
