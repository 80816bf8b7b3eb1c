"""Copying after a delay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.errors import RangeError
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task


@dataclass(frozen=True, kw_only=True)
class Copy(Task):
    """Repeat some symbols after a pause.

    Parameters
    ----------
    length : int
        The pause, in steps. A sequence has the symbols, the pause, and a > for each answer.
    symbols : int
        How many there are to remember, at least 1.
    kinds : int
        How many different ones there are, 2 to 26.

    Notes
    -----
    Hochreiter & Schmidhuber 1997; in this form Arjovsky, Shah & Bengio 2016, arXiv:1511.06464.

    Examples
    --------
    >>> task = Copy(length=5)
    >>> batch = task.draw(np.random.default_rng(1), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0])
    'bcd.....>>>'
    >>> [task.classes[i] for i in batch.target[batch.mask]]
    ['b', 'c', 'd']
    """

    name: ClassVar = "copy"
    title: ClassVar = "Copy after a pause"
    about: ClassVar = "Remember some letters through a pause, then repeat them in order."
    shortest: ClassVar = 1

    length: int = 40
    symbols: int = 3
    kinds: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.symbols < 1:
            raise RangeError("symbols", "be at least 1", str(self.symbols))
        if not 2 <= self.kinds <= 26:
            raise RangeError("kinds", "be from 2 to 26", str(self.kinds))

    @property
    def _letters(self) -> str:
        return "abcdefghijklmnopqrstuvwxyz"[: self.kinds]

    @property
    def alphabet(self) -> str:
        return ".>" + self._letters

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self._letters)

    @property
    def chance(self) -> float:
        return 1 / self.kinds

    @property
    def remembered(self) -> int:
        return max(3, self.length + 2 * self.symbols)

    def draw(self, rng: Generator, size: int) -> Batch:
        S = self.symbols
        letters = rng.integers(0, self.kinds, (S, size))
        x = np.zeros((self.length + 2 * S, size), np.int64)
        x[:S], x[-S:] = 2 + letters, 1
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask at the k-th > for the k-th letter, if it has come by then."""
        is_letter, asks = x >= 2, x == 1
        place = np.argsort(~is_letter, axis=0, kind="stable")  # the letters first, in order
        letters = np.take_along_axis(x, place, axis=0) - 2
        k = np.maximum(np.cumsum(asks, axis=0) - 1, 0)
        mask = asks & (k < np.cumsum(is_letter, axis=0))
        return Batch(x, np.where(mask, np.take_along_axis(letters, k, axis=0), 0), mask)
