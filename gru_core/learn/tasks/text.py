"""The next character of a text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.errors import RangeError, ShapeError
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task

SYMBOLS = 200
"""The most different characters of a text."""

HELD_OUT = 0.1
"""The part of a text, its end, that is kept for scores."""


def alphabet_of(text: str) -> str:
    """Return the characters of a text, each once, in order.

    Raises
    ------
    ShapeError
        If the text is empty.
    RangeError
        If there is only one, or there are too many.

    Examples
    --------
    >>> alphabet_of("banana")
    'abn'
    """
    if not text:
        raise ShapeError("text", "have at least one character", "none")
    found = "".join(sorted(set(text)))
    if len(found) < 2:
        raise RangeError("text", "have at least two different characters", f"only {found!r}")
    if len(found) > SYMBOLS:
        wanted = f"have at most {SYMBOLS} different characters: replace the rare ones"
        raise RangeError("text", wanted, str(len(found)))
    return found


def encoded(text: str, alphabet: str) -> NDArray[np.int64]:
    """Return the index in a sorted alphabet of each character.

    Examples
    --------
    >>> encoded("nab", "abn").tolist()
    [2, 0, 1]
    """
    codes, known = (np.frombuffer(t.encode("utf-32-le"), np.uint32) for t in (text, alphabet))
    return np.searchsorted(known, codes).astype(np.int64)


def next_symbols(x: NDArray[Any]) -> Batch:
    """Return sequences of symbols that ask at every step for the next one, except at the last.

    Parameters
    ----------
    x : ndarray of int, shape (T, B)

    Examples
    --------
    >>> batch = next_symbols(np.array([[3], [1], [2]]))
    >>> batch.target[batch.mask].tolist()
    [1, 2]
    """
    mask = np.ones(x.shape, bool)
    mask[-1] = False
    return Batch(x, np.roll(x, -1, axis=0), mask)


@dataclass(frozen=True, kw_only=True)
class Text(Task):
    """Say at every step which character comes next in a text of the user's own.

    Parameters
    ----------
    length : int
        The steps of each piece of the text.
    text : str
        Its last tenth is kept for scores.

    Raises
    ------
    ShapeError, RangeError
        If the text is too short, has a single character, or too many different ones.

    Examples
    --------
    >>> task = Text(text="to be or not to be " * 20, length=16)
    >>> task.alphabet, task.draw(np.random.default_rng(0), 3).x.shape
    (' benort', (16, 3))
    """

    name: ClassVar = "text"
    title: ClassVar = "Next character"
    about: ClassVar = "Say at every step which character comes next in a text of your own."
    needs: ClassVar = "text"
    solved: ClassVar = 1.0
    shortest: ClassVar = 1

    length: int = 64
    text: str = field(default="", repr=False, metadata={"data": True})

    def __post_init__(self) -> None:
        super().__post_init__()
        alphabet_of(self.text)
        enough = 2 * (self.length + 1)
        if len(self.text) < enough:
            wanted = f"have at least {enough} characters for pieces of {self.length}"
            raise ShapeError("text", wanted, str(len(self.text)))

    @cached_property
    def alphabet(self) -> str:
        return alphabet_of(self.text)

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.alphabet)

    @property
    def chance(self) -> float:
        """The part of the held-out text that is its most frequent character."""
        kept = self._codes[self._border :]
        return float(np.bincount(kept).max() / len(kept))

    @property
    def remembered(self) -> int:
        return max(3, min(self.length, 30))

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        return encoded(self.text, self.alphabet)

    @property
    def _border(self) -> int:
        """Where the held-out text begins."""
        return len(self.text) - max(self.length + 1, int(HELD_OUT * len(self.text)))

    def draw(self, rng: Generator, size: int) -> Batch:
        return self._pieces(rng, size, self._codes[: self._border])

    def held_out(self, rng: Generator, size: int) -> Batch:
        return self._pieces(rng, size, self._codes[self._border :])

    def answered(self, x: NDArray[Any]) -> Batch:
        return next_symbols(x)

    def fingerprint(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _pieces(self, rng: Generator, size: int, codes: NDArray[np.int64]) -> Batch:
        starts = rng.integers(0, len(codes) - self.length, size)
        found = codes[starts + np.arange(self.length + 1)[:, None]]
        return Batch(found[:-1], found[1:], np.ones((self.length, size), bool))
