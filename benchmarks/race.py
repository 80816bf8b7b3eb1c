"""Contestants that take turns, so that noise meets them alike; their ratio is what counts."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any


def race(runs: list[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """Return seconds per call of each contestant in each round, in which they take turns."""
    seconds: list[list[float]] = [[] for _ in runs]
    calls = [max(1, int(0.03 / clock(run, 2))) for run in runs]
    for round_ in range(rounds):
        for turn in range(len(runs)):
            who = (turn + round_) % len(runs)
            seconds[who].append(clock(runs[who], calls[who]))
    return seconds


def clock(run: Callable[[], Any], calls: int) -> float:
    """Return seconds per call."""
    begun = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - begun) / calls


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median over rounds of our time to theirs."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def shown(found: float, claim: float | None) -> str:
    """Return a ratio beside what is claimed of it."""
    if claim is None:
        return f"{found:.2f}"
    return f"{found:.2f} {'<=' if found <= claim else 'NOT <='} {claim:.2f}"
