import ast
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gruscope
from gru_core import GRU, Network, explain
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from gruscope.session.budget import Budget
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.wire.messages import ClientMessage, ServerMessage
from tests.app.support import LATCH, Frame, random_document, read_frame
from tests.app.talk import LAYER, editing, message, opening, session


def say(to: Session, *messages: ClientMessage) -> list[Any]:
    """Give messages, finish the run, and return everything said, empty pieces left out."""
    said: list[ServerMessage | bytes] = []
    for one in messages:
        said += to.receive(one)
    said += to.work()
    return [read_frame(s) if isinstance(s, bytes) else s for s in said if s != b""]


def frames(said: list[Any], type: str = "steps") -> list[Frame]:
    return [s for s in said if isinstance(s, Frame) and s.meta["type"] == type]


def values(frame: Frame) -> set[str]:
    """Return the values over time that a frame carries, the states before the first left out."""
    return {name for name in frame.arrays if not name.endswith("_0")}


def joined(said: list[Any], name: str) -> Any:
    return np.concatenate([frame.arrays[name] for frame in frames(said)])


TEXT = {"kind": "input", "start": 2, "remove": 1, "insert": "b"}
WEIGHT = {
    "kind": "edits",
    "start": 0,
    "remove": 0,
    "insert": [{"op": "set", "array": "U_n", "row": 0, "column": 1, "value": 2.0}],
}


@pytest.mark.parametrize("room", ["documents", "questions", "jobs", "session"])
def test_only_the_web_room_awaits(room):
    for path in (Path(gruscope.__file__).parent / room).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        packages = {name.partition(".")[0] for name in imported}
        assert not packages & {"asyncio", "anyio", "starlette"}, path.name
        assert not any(isinstance(n, ast.Await | ast.AsyncFunctionDef) for n in ast.walk(tree))


def test_open_answers_sizes_weights_steps_and_done():
    said = say(session(), opening(random_document(T=40, H=8, I=3)))
    opened, weights, *steps, done = said
    assert (opened.steps, opened.input_size, opened.hidden_size) == (40, 3, 8)
    assert opened.arrays["W_z"].shape == [8, 3]
    assert weights.meta == {"type": "weights", "run": "1", "of": "network", **LAYER}
    shapes = {name: list(array.shape) for name, array in weights.arrays.items()}
    assert shapes == {name: array.shape for name, array in opened.arrays.items()}
    assert [(s.meta["start"], s.meta["stop"], s.meta["total"]) for s in steps] == [
        ("0", "16", "40"),
        ("16", "40", "40"),
    ]
    assert (done.run, done.steps, done.start) == (1, 40, 0)


def test_steps_are_the_core_s_numbers():
    example = EXAMPLES["latch"]
    trace = GRU(example.network()).run(one_hot("..a.b.a", example.alphabet))
    said = say(session(), opening(arrays=["z", "a_n", "u"]))
    assert values(frames(said)[0]) == {"z", "a_n", "u"}
    for name in ("z", "a_n", "u"):
        np.testing.assert_array_equal(joined(said, name), getattr(trace, name).astype("f4"))


def test_an_edited_document_sends_its_edited_arrays_too():
    edits = [{"op": "zero", "array": "W_z"}, {"op": "scale", "array": "b_n", "factor": 2.0}]
    weights = frames(say(session(), opening(LATCH | {"edits": edits})), "weights")
    assert [w.meta["of"] for w in weights] == ["network", "edits"]
    assert set(weights[1].arrays) == {"W_z", "b_n"}
    assert not weights[1].arrays["W_z"].any() and weights[0].arrays["W_z"].any()


def test_an_input_edit_sends_only_later_steps():
    page = session()
    say(page, opening())
    said = say(page, editing(2, TEXT, keep=7))
    assert [(f.meta["start"], f.meta["stop"]) for f in frames(said)] == [("2", "7")]
    assert said[-1].start == 2


def test_a_page_that_kept_fewer_steps_gets_the_missing_ones():
    page = session()
    say(page, opening())
    assert frames(say(page, editing(2, TEXT, keep=1)))[0].meta["start"] == "1"


def test_removing_the_end_sends_no_steps():
    page = session()
    say(page, opening())
    said = say(page, editing(2, {"kind": "input", "start": 4, "remove": 3, "insert": ""}, keep=4))
    assert len(said) == 1 and (said[0].type, said[0].steps, said[0].start) == ("done", 4, 4)


def test_a_weight_edit_sends_its_array_then_every_step():
    page = session()
    say(page, opening())
    weights, steps, done = say(page, editing(2, WEIGHT, keep=7))
    assert weights.meta == {"type": "weights", "run": "2", "of": "edits", **LAYER}
    assert list(weights.arrays) == ["U_n"] and weights.arrays["U_n"][0, 1] == 2
    assert (steps.meta["start"], done.start) == ("0", 0)


def test_weights_of_an_overtaken_run_come_with_the_next():
    page = session()
    say(page, opening())
    said = say(page, editing(2, WEIGHT), editing(3, TEXT))
    assert [f.meta["run"] for f in frames(said, "weights")] == ["3"]
    assert {f.meta["run"] for f in frames(said)} == {"3"}


def test_undo_brings_back_the_former_numbers_exactly():
    page = session()
    before = say(page, opening())
    say(page, editing(2, WEIGHT))
    after = say(page, editing(3, {"kind": "edits", "start": 0, "remove": 1, "insert": []}))
    np.testing.assert_array_equal(joined(before, "h"), joined(after, "h"))
    own = frames(before, "weights")[0].arrays["U_n"]
    np.testing.assert_array_equal(frames(after, "weights")[0].arrays["U_n"], own)


def test_inspect_explains_with_the_core_s_terms():
    page = session()
    say(page, opening())
    example = EXAMPLES["latch"]
    trace = GRU(example.network()).run(one_hot("..a.b.a", example.alphabet))
    for quantity in ("z", "r", "n", "h"):
        (said,) = say(page, message(type="inspect", id=5, quantity=quantity, t=2, unit=1))
        expected = explain(trace, example.network(), quantity, 2, 1)
        assert (said.id, said.run, said.quantity, said.t, said.unit) == (5, 1, quantity, 2, 1)
        assert (said.result, said.pre_activation) == (expected.result, expected.pre_activation)
        got = [(t.kind, [f.model_dump() for f in t.factors]) for t in said.terms]
        assert got == [
            (
                t.kind,
                [
                    asdict(f.reference) | {"index": list(f.index), "value": f.value}
                    for f in t.factors
                ],
            )
            for t in expected.terms
        ]


def test_inspecting_a_step_not_computed_yet_is_answered_when_it_is():
    page = session()
    inspect = message(type="inspect", id=9, quantity="h", t=90, unit=0)
    said = say(page, opening(random_document(T=100)), inspect)
    kinds = [s.meta["stop"] if isinstance(s, Frame) else s.type for s in said[2:]]
    assert kinds == ["16", "100", "explained", "done"]


def test_inspecting_a_step_that_an_edit_removes_is_refused():
    page = session()
    inspect = message(type="inspect", id=9, quantity="h", t=90, unit=0)
    cut = {"kind": "input", "start": 50, "remove": 50, "insert": []}
    said = say(page, opening(random_document(T=100)), inspect, editing(2, cut))
    refused = next(s for s in said if not isinstance(s, Frame) and s.type == "error")
    assert (refused.code, refused.field, refused.id) == ("range", "t", 9)


def test_inspections_left_by_an_abandoned_run_are_answered_by_the_next():
    page = session()
    asked = [message(type="inspect", id=id, quantity="h", t=4, unit=0) for id in (1, 2, 3)]
    for one in (opening(random_document(T=100)), *asked):
        list(page.receive(one))
    run = page.work()
    first = next(s for s in run if getattr(s, "type", "") == "explained")
    run.close()
    rest = [s.id for s in say(page, editing(2, WEIGHT)) if getattr(s, "type", "") == "explained"]
    assert (first.id, rest) == (1, [2, 3])


def test_too_many_inspections_waiting_are_refused():
    page = session(waiting_inspections=2)
    inspect = message(type="inspect", id=9, quantity="h", t=4, unit=0)
    said = say(page, opening(), inspect, inspect, inspect)
    assert [s.code for s in said if getattr(s, "type", "") == "error"] == ["busy"]


def test_nothing_is_served_before_open():
    inspect = message(type="inspect", id=9, quantity="h", t=4, unit=0)
    for asked, run, id in ((editing(1, TEXT), 1, None), (inspect, None, 9)):
        (said,) = say(session(), asked)
        assert (said.code, said.run, said.id) == ("no_document", run, id)


@pytest.mark.parametrize("run", [0, 1, 5])
def test_a_run_that_does_not_grow_is_refused(run):
    page = session()
    say(page, opening(run=5))
    for asked in (opening(run=run), editing(run, TEXT)):
        (said,) = say(page, asked)
        assert (said.code, said.field, said.run) == ("stale_run", "run", run)


def test_memory_is_bounded_over_all_sessions():
    memory = Budget(100_000, "bytes")
    first, second = Session(Settings(), memory), Session(Settings(), memory)
    say(first, opening(random_document(T=20)))
    (said,) = say(second, opening(random_document(T=100)))
    assert said.code == "busy"
    with first:
        pass
    assert memory.used == 0
    assert say(second, opening(random_document(T=20)))[-1].type == "done"


def test_an_unexpected_error_is_logged_in_full_and_reported_without_detail(monkeypatch, caplog):
    page = session()
    say(page, opening())

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(Network, "spans", broken)
    inspect = message(type="inspect", id=9, quantity="h", t=3, unit=0)
    said = say(page, editing(2, TEXT), inspect)
    assert [(s.code, s.run, s.id) for s in said] == [("internal", 2, None), ("internal", None, 9)]
    assert "secret" not in said[0].message and "a secret detail" in caplog.text
    monkeypatch.undo()
    assert say(page, editing(3, TEXT))[-1].type == "done"
