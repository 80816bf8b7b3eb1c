"""Places are bounded, fair, and not blocked by trainings that are paused."""

import pytest

from gruscope.training.places import Places
from gruscope.wire.errors import Refused


def test_those_who_asked_first_come_first_and_are_told_their_place() -> None:
    told: list[str] = []
    places: Places[str] = Places(2, 5, told.append)
    assert [places.ask(name) for name in "abcde"] == [0, 0, 1, 2, 3]
    told.clear()
    places.leave("a")
    assert [places.ahead(name) for name in "cde"] == [0, 1, 2]
    assert told == ["c", "d", "e"]
    places.leave("d")  # it gave up waiting
    places.leave("b")
    assert places.ahead("e") == 0


def test_asking_twice_takes_one_place() -> None:
    places: Places[str] = Places(1, 5)
    assert places.ask("a") == places.ask("a") == 0
    assert places.ask("b") == places.ask("b") == 1
    places.leave("a")
    assert places.ask("b") == 0


def test_too_many_may_not_wait() -> None:
    places: Places[str] = Places(1, 1)
    places.ask("a"), places.ask("b")
    with pytest.raises(Refused, match="1 trainings that wait") as refused:
        places.ask("c")
    assert refused.value.code == "busy"
    places.leave("b")
    assert places.ask("c") == 1


def test_a_paused_training_gives_its_place_up_only_when_another_waits() -> None:
    evicted: list[str] = []
    places: Places[str] = Places(2, 5, evicted=evicted.append)
    places.ask("a"), places.ask("b")
    places.pause("a")
    assert evicted == []
    assert places.ask("a") == 0  # it goes on
    places.pause("a")
    assert places.ask("c") == 0
    assert evicted == ["a"]
    assert places.ask("a") == 1  # now it waits like any other
    places.pause("b")
    assert (evicted, places.ahead("a")) == (["a", "b"], 0)
