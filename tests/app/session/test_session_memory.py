"""What a session has reserved is what it keeps, and it keeps nothing once it has ended."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gruscope.documents.memory import COPIES
from gruscope.session.budget import Budget
from gruscope.session.session import Session
from gruscope.settings import Settings
from tests.app.support import random_document, read
from tests.app.talk import editing, opening

T, H, I = 600, 32, 3
TRACE = T * (11 * H + I) * 8
DOCUMENT = random_document(T, H, I)
SCALE = {"op": "scale", "array": "U_n", "factor": 0.5}


@pytest.fixture
def without_collections() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def replace_last_row(run: int) -> Any:
    insert = [[0.5] * I]
    change = {"kind": "input", "start": T - 1, "remove": 1, "insert": insert}
    return editing(run, change, keep=T - 1)


def scale(run: int) -> Any:
    return editing(run, {"kind": "edits", "start": 0, "remove": 0, "insert": [SCALE]})


def finish(session: Session, message: Any) -> list[Any]:
    return [
        read(s) if isinstance(s, bytes) else s for s in (*session.receive(message), *session.work())
    ]


def rows(said: list[Any]) -> Any:
    frames = [s for s in said if not hasattr(s, "type") and s.meta["type"] == "steps"]
    return np.concatenate([frame.arrays["h"] for frame in frames])


def test_one_trace_is_reserved_and_two_while_one_replaces_the_other():
    budget = Budget(1 << 30, "bytes")
    session = Session(Settings(), budget)
    finish(session, opening(DOCUMENT))
    alone = budget.used
    weights = 3 * H * (I + H) * 8
    assert TRACE < alone < TRACE + 2 * COPIES * weights
    list(session.receive(replace_last_row(2)))
    assert budget.used == alone
    run = session.work()
    next(run)
    assert budget.used == alone  # the old one is gone with the first frame


def test_a_run_without_room_for_two_traces_begins_at_the_first_step():
    roomy, tight = Budget(1 << 30, "bytes"), Budget(1 << 30, "bytes")
    said = []
    for budget in (roomy, tight):
        session = Session(Settings(), budget)
        finish(session, opening(DOCUMENT))
        if budget is tight:
            budget.total = budget.used + TRACE // 2
        list(session.receive(replace_last_row(2)))
        said.append([read(s) if isinstance(s, bytes) else s for s in session.work()])
    frame = said[1][0]
    assert (frame.meta["start"], frame.meta["stop"]) == (str(T - 1), str(T))
    np.testing.assert_array_equal(rows(said[0]), rows(said[1]))
    assert said[1][-1].type == "done"


def test_a_document_there_is_no_room_for_leaves_the_present_one():
    budget = Budget(int(1.5 * TRACE), "bytes")
    session = Session(Settings(), budget)
    before = finish(session, opening(DOCUMENT))
    used = budget.used
    refused, *_ = session.receive(opening(random_document(2 * T, H, I), run=2))
    assert (refused.type, refused.code, budget.used) == ("error", "busy", used)
    again = finish(session, editing(3, {"kind": "input", "start": 0, "remove": 0, "insert": []}))
    np.testing.assert_array_equal(rows(before), rows(again))


def test_a_shorter_input_reserves_less_once_its_trace_is_there():
    budget = Budget(1 << 30, "bytes")
    session = Session(Settings(), budget)
    finish(session, opening(DOCUMENT))
    before = budget.used
    cut = editing(2, {"kind": "input", "start": T // 2, "remove": T // 2, "insert": []})
    list(session.receive(cut))
    assert before - budget.used < TRACE // 100  # the long trace is still kept
    list(session.work())
    assert before - budget.used > TRACE // 3


def test_a_run_that_fails_has_one_trace_reserved():
    budget = Budget(1 << 30, "bytes")
    session = Session(Settings(), budget)
    document = random_document(T, H, I, options={"form": {"activations": ["relu"]}})
    document["network"] |= {"cell": "rnn"}
    finish(session, opening(document))
    before = budget.used
    grow = {"op": "scale", "array": "U", "factor": 1000.0}
    last = {"kind": "input", "start": T - 1, "remove": 1, "insert": [[1e6] * I]}
    for message in (
        editing(2, {"kind": "edits", "start": 0, "remove": 0, "insert": [grow]}),
        editing(3, last),
    ):
        said = finish(session, message)
        assert [s.code for s in said if hasattr(s, "code")] == ["overflow"]
        assert 0 <= budget.used - before < 1000


@pytest.mark.usefixtures("without_collections")
def test_a_session_that_ends_during_a_run_leaves_no_memory_behind():
    budget = Budget(1 << 30, "bytes")
    with Session(Settings(), budget) as session:
        finish(session, opening(DOCUMENT))
        old = weakref.ref(session._workspace.trace)  # type: ignore[arg-type]
        list(session.receive(scale(2)))
        run = session.work()
        next(run), next(run)
        assert old() is None
        trace, state = weakref.ref(session._workspace.trace), weakref.ref(session._workspace.state)  # type: ignore[arg-type]
        assert trace() is not None and state() is not None
        run.close()
    assert (trace(), state(), budget.used) == (None, None, 0)


def test_a_session_that_has_ended_refuses_and_reserves_nothing():
    budget = Budget(1 << 30, "bytes")
    with Session(Settings(), budget) as session:
        pass
    (refused,) = session.receive(opening(DOCUMENT))
    assert (refused.type, refused.code) == ("error", "busy")
    assert (session.due, budget.used) == (None, 0)
