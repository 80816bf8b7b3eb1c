"""A bound on work for any machine: a multiple of the time of a known loop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

MOST = 25
"""Times the peer's work; the heaviest hostile file takes about 10."""
_STEPS = 500_000


@contextmanager
def little_work() -> Iterator[None]:
    """Fail if the block takes more than `MOST` times the processor time of the peer.

    Other processes may slow either of the two down, so the peer is measured again before the block
    is blamed.
    """
    start = time.process_time()
    try:
        yield
    finally:
        taken = time.process_time() - start
        if taken >= MOST * _usual_peer():
            assert taken < MOST * max(peer() for _ in range(3))


def peer() -> float:
    """Return the processor time of a loop that fills and empties containers."""
    start = time.process_time()
    stack: list[int] = []
    known: dict[int, int] = {}
    for step in range(_STEPS):
        stack.append(step)
        known[step & 1023] = len(stack)
        if step & 3 == 3:
            stack.pop()
    return time.process_time() - start


@cache
def _usual_peer() -> float:
    return min(peer() for _ in range(3))
