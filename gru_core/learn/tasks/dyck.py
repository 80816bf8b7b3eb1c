"""Brackets of two kinds, properly nested (Dyck-2)."""

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
class Dyck(Task):
    """Say at every step which bracket would close the innermost open one, or "." if none is open.

    Parameters
    ----------
    length : int
    depth : int
        The most brackets that are open at once, at least 1. At any depth between, one opens or
        closes with equal probability.

    Notes
    -----
    Hewitt et al. 2020, arXiv:2010.07515, on nesting of bounded depth.

    Examples
    --------
    >>> task = Dyck(length=12)
    >>> batch = task.draw(np.random.default_rng(0), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0])
    '[[]][][[()]]'
    >>> "".join(task.classes[i] for i in batch.target[:, 0])
    ']]].].]])]].'
    """

    name: ClassVar = "dyck"
    title: ClassVar = "Brackets"
    about: ClassVar = "Say at every step which bracket would close the innermost open one."

    length: int = 40
    depth: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.depth < 1:
            raise RangeError("depth", "be at least 1", str(self.depth))

    @property
    def alphabet(self) -> str:
        return "()[]"

    @property
    def classes(self) -> tuple[str, ...]:
        return ".", ")", "]"

    @property
    def chance(self) -> float:
        """That of the best fixed answer, by the probability that some bracket is open."""
        at = np.zeros(self.depth + 1)
        at[0], empty = 1, 0.0
        for _ in range(self.length):
            after = np.zeros_like(at)
            up = np.where(np.arange(self.depth + 1) < self.depth, 0.5, 0.0)
            up[0] = 1
            after[1:] += (at * up)[:-1]
            after[:-1] += (at * (1 - up))[1:]
            at = after
            empty += at[0] / self.length
        return float(max(empty, (1 - empty) / 2))

    def draw(self, rng: Generator, size: int) -> Batch:
        sequences = np.arange(size)
        stack = np.zeros((self.depth + 1, size), np.int64)  # 0 below the first bracket
        height = np.zeros(size, np.int64)
        x = np.zeros((self.length, size), np.int64)
        for t in range(self.length):
            kind = rng.integers(1, 3, size)
            coin = rng.random(size) < 0.5
            opens = (height == 0) | ((height < self.depth) & coin)
            top = stack[height, sequences]
            height += np.where(opens, 1, -1)
            stack[height, sequences] = np.where(opens, kind, stack[height, sequences])
            x[t] = np.where(opens, 2 * (kind - 1), 2 * (top - 1) + 1)
        return self.answered(x)

    def answered(self, x: NDArray[Any]) -> Batch:
        """Ask at every step before the first bracket that closes no open one of its kind."""
        answers = [_answers(column) for column in x.T.tolist()]
        mask = np.arange(len(x))[:, None] < [len(one) for one in answers]
        target = np.zeros_like(x)
        target.T[mask.T] = [answer for one in answers for answer in one]
        return Batch(x, target, mask)


def _answers(symbols: list[int]) -> list[int]:
    """Return the kind of the innermost open bracket after each symbol, 0 if none is open."""
    open_ones, answers = [0], []
    for symbol in symbols:
        kind, closes = symbol // 2 + 1, symbol % 2
        if not closes:
            open_ones.append(kind)
        elif open_ones[-1] == kind:
            open_ones.pop()
        else:
            break
        answers.append(open_ones[-1])
    return answers
