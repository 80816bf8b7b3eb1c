"""The length of a span follows from the time that the one before it took."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from gru_core.run import pace
from gru_core.run.pace import GROWTH, Pace


class Clocks:
    """Both clocks, in hundredths of a second; other programs use the wall clock only."""

    def __init__(self) -> None:
        self.wall, self.cpu, self.asked = 0.0, 0.0, 0

    def span(self, cpu: float, others: float = 0.0) -> None:
        self.cpu += cpu
        self.wall += cpu + others

    def thread_time(self) -> float:
        self.asked += 1
        return self.cpu


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clocks]:
    found = Clocks()
    monkeypatch.setattr(pace, "perf_counter", lambda: found.wall)
    monkeypatch.setattr(pace, "thread_time", found.thread_time)
    yield found


def after(own: Pace, clocks: Clocks, steps: int, cpu: float, others: float = 0.0) -> int:
    own.start()
    clocks.span(cpu, others)
    return own.after(steps)


def test_spans_take_the_time_that_is_wanted(clocks: Clocks) -> None:
    own = Pace(512, 10.0)
    assert after(own, clocks, 16, 4.0) == 40
    assert after(own, clocks, 40, 10.0) == 40
    assert after(own, clocks, 40, 40.0) == 10
    assert after(own, clocks, 10, 1000.0) == 1


def test_a_quick_span_says_little_about_a_long_one(clocks: Clocks) -> None:
    own = Pace(512, 10.0)
    assert after(own, clocks, 16, 0.001) == 16 * GROWTH
    assert after(own, clocks, 128, 0.0) == 512
    assert clocks.asked == 0  # a system call


def test_other_programs_do_not_shorten_spans_for_long(clocks: Clocks) -> None:
    own = Pace(512, 10.0)
    assert after(own, clocks, 16, 1.0, others=39.0) == 4  # not known to be others' time yet
    assert after(own, clocks, 4, 0.25, others=39.0) == 32
    assert after(own, clocks, 32, 2.0, others=39.0) == 160
    assert after(own, clocks, 160, 10.0, others=90.0) == 160


def test_without_a_time_each_span_is_twice_as_long(clocks: Clocks) -> None:
    own = Pace(100, None)
    assert [after(own, clocks, steps, 1e9) for steps in (1, 32, 64)] == [2, 64, 100]


def test_the_clocks_are_those_of_the_thread() -> None:
    own = Pace(1 << 20, 0.002)
    for _ in range(2):  # the first sleep is not known to be one
        own.start()
        time.sleep(0.01)
        size = own.after(64)
    assert size > 64
