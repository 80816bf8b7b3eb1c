"""The next letter of English words, and of names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.data.lists import listed
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.text import encoded, next_symbols


@dataclass(frozen=True, kw_only=True)
class Words(Task):
    """Say at every step which letter comes next in a row of words in random order.

    A space comes before the first word and between words. One word in ten is kept for scores: the
    network never sees it in training.

    Examples
    --------
    >>> task = Words(length=24)
    >>> batch = task.draw(np.random.default_rng(0), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0])
    ' outweigh ditch shine pr'
    """

    name: ClassVar = "words"
    title: ClassVar = "English words"
    about: ClassVar = "Say which letter comes next in a row of English words."
    solved: ClassVar = 1.0

    length: int = 40

    @property
    def alphabet(self) -> str:
        return " abcdefghijklmnopqrstuvwxyz"

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.alphabet)

    @property
    def chance(self) -> float:
        """The part of all characters that is the space, the most frequent one."""
        words = self._split()[1]
        return len(words) / sum(len(word) + 1 for word in words)

    @property
    def remembered(self) -> int:
        return 10

    def draw(self, rng: Generator, size: int) -> Batch:
        return self._rows(rng, size, self._split()[0])

    def held_out(self, rng: Generator, size: int) -> Batch:
        return self._rows(rng, size, self._split()[1])

    def answered(self, x: NDArray[Any]) -> Batch:
        return next_symbols(x)

    def _split(self) -> tuple[list[str], list[str]]:
        """Return the words to train on and the others, the same ones every time."""
        return _split(self.name)

    def _rows(self, rng: Generator, size: int, words: list[str]) -> Batch:
        count = (self.length + 1) // (1 + min(map(len, words))) + 1
        drawn = rng.integers(0, len(words), (size, count))
        rows = [" " + " ".join([words[k] for k in row]) for row in drawn]
        text = "".join(row[: self.length + 1] for row in rows)
        found = encoded(text, self.alphabet).reshape(size, -1).T
        return Batch(found[:-1], found[1:], np.ones((self.length, size), bool))


@dataclass(frozen=True, kw_only=True)
class Names(Words):
    """Say at every step which letter comes next in a row of first names in random order.

    Examples
    --------
    >>> task = Names(length=24)
    >>> batch = task.draw(np.random.default_rng(0), 1)
    >>> "".join(task.alphabet[i] for i in batch.x[:, 0])
    ' kevin himawan ima dion '
    """

    name: ClassVar = "names"
    title: ClassVar = "First names"
    about: ClassVar = "Say which letter comes next in a row of first names."


@cache
def _split(name: str) -> tuple[list[str], list[str]]:
    words = list(listed(name))
    np.random.default_rng(0).shuffle(words)
    tenth = len(words) // 10
    return words[tenth:], words[:tenth]
