"""The bound on work is one that too much work exceeds."""

import pytest

from tests.gru_core.files.hostile import work


def test_more_work_than_the_bound_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST", 2)
    with pytest.raises(AssertionError), work.little_work():
        for _ in range(40):
            work.peer()


def test_an_error_within_the_bound_stays_that_error() -> None:
    with pytest.raises(KeyError), work.little_work():
        raise KeyError("gates")
