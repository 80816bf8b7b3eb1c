"""Dates as people write them to dates as ISO 8601 does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.errors import RangeError
from gru_core.learn.translation.translation import Translation

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
HELD_OUT = 10
"""One date in so many is kept for scores."""


def _written(day: date) -> tuple[str, ...]:
    """Return a date in every form, of which no other date has one."""
    d, m, year = day.day, day.month, day.year
    month = MONTHS[m - 1]
    return (
        f"{d} {month} {year}",
        f"{month} {d}, {year}",
        f"{d} {month[:3]} {year}",
        f"{month[:3]} {d}, {year}",
        f"{d}.{m}.{year}",
        f"{m}/{d}/{year}",
    )


FORMS = len(_written(FIRST))


@dataclass(frozen=True, kw_only=True)
class Dates(Translation):
    """Write a date in the form 2026-11-27, from 1950 to 2049.

    It comes as 27 November 2026, November 27, 2026, the same with Nov, 27.11.2026 or 11/27/2026.
    One date in ten is kept for scores: the network never sees it in training, in any form.

    Examples
    --------
    >>> task = Dates()
    >>> [task.answer(text) for text in ("27 November 2026", "Nov 27, 2026", "11/27/2026")]
    ['2026-11-27', '2026-11-27', '2026-11-27']
    >>> task.texts(np.random.default_rng(0), 3, held_out=False)
    ['June 1, 1999', 'September 10, 2039', '17 December 2012']
    """

    name: ClassVar = "dates"
    title: ClassVar = "Dates"
    about: ClassVar = "Write a date in the form 2026-11-27, whatever form it comes in."

    @property
    def alphabet(self) -> str:
        used = {*"0123456789 ,./", *"".join(MONTHS)}
        return "".join(sorted(used))

    @property
    def letters(self) -> str:
        return "-0123456789"

    @property
    def shape(self) -> tuple[int, int]:
        longest = max(
            max(map(len, _written(date(2000, month, 30)))) for month in (1, *range(3, 13))
        )
        return longest, len(FIRST.isoformat()) + 1

    @property
    def chance(self) -> float:
        return 1 / len(_split()[1])

    def answer(self, text: str) -> str:
        day = _known().get(text)
        if day is None:
            wanted = f"be a date from {FIRST.year} to {LAST.year} such as {_written(LAST)[0]}"
            raise RangeError("text", wanted, repr(text))
        return day.isoformat()

    def is_answer(self, text: str) -> bool:
        return text in _answers()

    def texts(self, rng: Generator, size: int, *, held_out: bool) -> list[str]:
        days = rng.choice(_split()[int(held_out)], size)
        forms = rng.integers(0, FORMS, size)
        return [
            _written(FIRST + timedelta(int(day)))[form]
            for day, form in zip(days, forms, strict=True)
        ]


@cache
def _known() -> dict[str, date]:
    """Return every date by each of its forms."""
    days = (FIRST + timedelta(k) for k in range((LAST - FIRST).days + 1))
    return {text: day for day in days for text in _written(day)}


@cache
def _answers() -> frozenset[str]:
    return frozenset(day.isoformat() for day in _known().values())


@cache
def _split() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the days from the first to train on and the others, the same ones every time."""
    shuffled = np.random.default_rng(0).permutation((LAST - FIRST).days + 1)
    tenth = len(shuffled) // HELD_OUT
    return shuffled[tenth:], shuffled[:tenth]
