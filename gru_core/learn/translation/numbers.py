"""Numbers in digits to numbers in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.errors import RangeError
from gru_core.learn.translation.translation import Translation

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
HELD_OUT = 10
"""One number in so many is kept for scores."""
MOST = 4


@dataclass(frozen=True, kw_only=True)
class Numbers(Translation):
    """Write a number in English words.

    One number in ten from 10 on is kept for scores: the network never sees it in training.

    Parameters
    ----------
    digits : int
        The most digits, 2 to 4.

    Examples
    --------
    >>> task = Numbers(digits=4)
    >>> [task.answer(text) for text in ("0", "42", "2026")]
    ['zero', 'forty-two', 'two thousand twenty-six']
    """

    name: ClassVar = "numbers"
    title: ClassVar = "Numbers in words"
    about: ClassVar = "Write a number in English words."

    digits: int = 4

    def __post_init__(self) -> None:
        if not 2 <= self.digits <= MOST:
            raise RangeError("digits", f"be from 2 to {MOST}", str(self.digits))

    @property
    def alphabet(self) -> str:
        return "0123456789"

    @property
    def letters(self) -> str:
        return "".join(sorted(set().union(*_every(10**self.digits))))

    @property
    def shape(self) -> tuple[int, int]:
        return self.digits, 1 + max(map(len, _every(10**self.digits)))

    @property
    def chance(self) -> float:
        return 1 / len(_split(10**self.digits)[1])

    def answer(self, text: str) -> str:
        if not text.isdecimal() or len(text) > self.digits or str(int(text)) != text:
            raise RangeError("text", f"be a number of at most {self.digits} digits", repr(text))
        return _spoken(int(text))

    def is_answer(self, text: str) -> bool:
        return text in _every(10**self.digits)

    def texts(self, rng: Generator, size: int, *, held_out: bool) -> list[str]:
        if held_out:
            return [str(n) for n in rng.choice(_split(10**self.digits)[1], size)]
        # Short numbers are few, so they are drawn more often than their share.
        digits = np.arange(1, self.digits + 1)
        lengths = rng.choice(digits, size, p=digits / digits.sum())
        parts = _by_length(10**self.digits)
        return [str(rng.choice(parts[length - 1])) for length in lengths]


@cache
def _spoken(n: int) -> str:
    if n < len(SMALL):
        return SMALL[n]
    if n < 100:
        ten = TENS[n // 10 - 2]
        return f"{ten}-{SMALL[n % 10]}" if n % 10 else ten
    unit, word = (100, "hundred") if n < 1000 else (1000, "thousand")
    front = f"{_spoken(n // unit)} {word}"
    return f"{front} {_spoken(n % unit)}" if n % unit else front


@cache
def _every(count: int) -> frozenset[str]:
    return frozenset(map(_spoken, range(count)))


@cache
def _split(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers to train on and the others, the same ones every time."""
    shuffled = np.random.default_rng(0).permutation(np.arange(10, count))
    tenth = len(shuffled) // HELD_OUT
    return np.concatenate([np.arange(10), shuffled[tenth:]]), shuffled[:tenth]


@cache
def _by_length(count: int) -> tuple[NDArray[np.int64], ...]:
    """Return the numbers to train on, first those of one digit."""
    numbers = _split(count)[0]
    digits = np.array([len(str(n)) for n in numbers])
    return tuple(numbers[digits == length] for length in range(1, digits.max() + 1))
