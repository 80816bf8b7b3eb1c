"""Writing on: the core's free run from any step, with the document's edits and holds."""

from itertools import islice
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, Network
from gru_core.learn import Architecture, initial_network
from gru_core.learn.sampling import free_run, write_on
from gruscope.documents.entry import Entry
from gruscope.documents.library import EMPTY, Library
from gruscope.session.session import Session
from gruscope.settings import Settings
from tests.app.session.test_session import say
from tests.app.support import LATCH
from tests.app.talk import editing, message, opening, session

START = [3, 1, 4, 0, 2]
LETTERS = "abcde"
KINDS = ["gru", "lstm", "rnn"]


def letters(kind: str = "gru", embedding: int | None = None) -> Network:
    architecture = Architecture(kind, 7, layers=2, embedding=embedding)
    return initial_network(architecture, 5, 5, "softmax", seed=1, dtype="float64")


def series() -> Network:
    return initial_network(Architecture("gru", 6), 2, 2, "identity", seed=1, dtype="float64")


def opened(network: Network, input: dict[str, Any], *edits: Any, **limits: Any) -> Session:
    entry = Entry.of(network, "model.npz", Settings())
    page = session(Library(entry), **limits)
    read = {"kind": "file", "digest": entry.digest}
    if input["kind"] == "text":
        read["alphabet"] = LETTERS
    document = {"network": read, "input": input, "edits": list(edits)}
    assert say(page, opening(document))[-1].type == "done"
    return page


def text(symbols: Any = START) -> dict[str, Any]:
    return {"kind": "text", "text": "".join(LETTERS[s] for s in symbols)}


def write(id: int = 1, t: int = 4, steps: int = 30, **options: Any) -> Any:
    return message(type="write", id=id, t=t, steps=steps, **options)


def joined(said: list[Any], field: str) -> list[Any]:
    return [value for part in said for value in getattr(part, field)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("embedding", [None, 4])
def test_symbols_are_those_of_the_core_s_free_run(kind: str, embedding: int | None) -> None:
    network = letters(kind, embedding)
    said = say(opened(network, text()), write(temperature=0.8, top_k=4, seed=9))
    wanted = list(islice(free_run(network, START, seed=9, temperature=0.8, top_k=4), 30))
    assert joined(said, "symbols") == [one.symbol for one in wanted]
    found = [one.answer[one.symbol] for one in wanted]
    np.testing.assert_allclose(joined(said, "probabilities"), found, atol=1e-9)
    assert [part.done for part in said] == [False] * (len(said) - 1) + [True]
    starts = np.cumsum([5, *(len(part.symbols) for part in said)])[:-1]
    assert [part.start for part in said] == starts.tolist()


def test_it_goes_on_from_any_step() -> None:
    said = say(opened(letters(), text()), write(t=1, temperature=0))
    wanted = islice(free_run(letters(), START[:2], seed=0, temperature=0), 30)
    assert joined(said, "symbols") == [one.symbol for one in wanted]
    assert said[0].start == 2


def test_a_network_of_one_hot_rows_writes_after_numbers_that_are_no_symbol() -> None:
    rows = np.random.default_rng(0).normal(size=(3, 5))
    input = {"kind": "numbers", "values": rows.tolist()}
    said = say(opened(letters(), input), write(t=2, seed=4))
    wanted = islice(write_on(letters(), letters().run(rows), 2, seed=4), 30)
    assert joined(said, "symbols") == [one.symbol for one in wanted]


def test_a_series_goes_on_from_its_own_answers() -> None:
    rows = [[0.5, -1.0], [0.2, 0.3]]
    said = say(opened(series(), {"kind": "numbers", "values": rows}), write(t=1, steps=40))
    wanted = [one.answer for one in islice(free_run(series(), rows, seed=0), 40)]
    np.testing.assert_allclose(joined(said, "rows"), wanted, atol=1e-12)


def test_edits_and_holds_are_in_force() -> None:
    edits = [
        {"op": "scale", "array": "U_n", "factor": -1.5},
        {"op": "clamp", "quantity": "h", "unit": 2, "value": 0.9, "layer": 1},
        {"op": "clamp", "quantity": "z", "unit": 0, "t": 9, "value": 1.0},
    ]
    said = say(opened(letters(), text(), *edits), write(temperature=0))
    symbols = [*START, *joined(said, "symbols")]
    # What was written as input, with the same edits: its answers are what was written.
    page = opened(letters(), text(symbols), *edits)
    trace = page._workspace.trace
    assert trace is not None
    assert trace.answer[4:-1].argmax(axis=1).tolist() == symbols[5:]
    plain = say(opened(letters(), text()), write(temperature=0))
    assert joined(plain, "symbols") != symbols[5:]


def test_holds_at_steps_beyond_the_input_hold_what_is_written() -> None:
    hold = {"op": "clamp", "quantity": "h", "unit": 1, "t": 7, "value": -0.9, "layer": 1}
    said = say(opened(letters(), text(), hold), write(seed=2))
    clamps = [Clamp("h", 1, -0.9, t=7, layer=1)]
    trace = letters().run(np.eye(5)[START])
    wanted = islice(write_on(letters(), trace, 4, seed=2, clamps=clamps), 30)
    assert joined(said, "symbols") == [one.symbol for one in wanted]


def test_an_edit_stops_it_and_the_run_goes_first() -> None:
    page = opened(letters(), text(), steps=4096)
    list(page.receive(write(steps=4000)))
    work = page.work()
    assert next(work).type == "written"  # type: ignore[union-attr]
    change = {"kind": "input", "start": 0, "remove": 1, "insert": "b"}
    assert list(page.receive(editing(2, change))) == []
    work.close()
    assert {type(one).__name__ for one in say(page)} == {"Frame", "Done"}
    said = say(page, editing(3, change), write(id=2, steps=3))
    assert [getattr(one, "type", "frame") for one in said[-2:]] == ["done", "written"]
    assert said[-1].run == 3


def test_a_newer_one_and_stop_end_it() -> None:
    page = opened(letters(), text(), span_milliseconds=0.0)
    list(page.receive(write(id=1)))
    work = page.work()
    assert next(work).id == 1  # type: ignore[union-attr]
    list(page.receive(write(id=2)))
    assert next(work).id == 2  # type: ignore[union-attr]
    list(page.receive(message(type="stop_writing", id=1)))  # an older one, which has already ended
    assert next(work).id == 2  # type: ignore[union-attr]
    list(page.receive(message(type="stop_writing", id=2)))
    assert list(work) == []
    assert [one.id for one in say(page, write(id=3, steps=2))] == [3, 3]


def test_the_document_and_its_trace_stay_as_they_are() -> None:
    page = opened(letters(), text())
    workspace = page._workspace
    state, trace = workspace.state, workspace.trace
    assert trace is not None
    before = trace.answer.copy()
    say(page, write())
    assert workspace.state is state and workspace.trace is trace
    np.testing.assert_array_equal(trace.answer, before)


@pytest.mark.parametrize(
    ("options", "code", "field", "words"),
    [
        ({"t": 5}, "range", "t", "less than 5"),
        ({"steps": 16}, "length", "steps", "at most 15 after t = 4, as an input has up to 20"),
    ],
)
def test_what_does_not_fit_is_refused(options: Any, code: str, field: str, words: str) -> None:
    (error,) = say(opened(letters(), text(), steps=20), write(**options))
    assert (error.code, error.field, error.id, error.run) == (code, field, 1, None)
    assert words in error.message


def test_a_network_that_cannot_is_refused() -> None:
    page = session(EMPTY)
    say(page, opening(LATCH))
    (error,) = say(page, write(t=0))
    assert (error.code, error.field) == ("range", "network")
    assert "have a readout to go on by itself" in error.message


def test_a_series_that_grows_beyond_an_input_ends_with_an_error() -> None:
    fill = {"op": "scale", "part": "readout", "array": "W_y", "factor": 900.0}
    page = opened(series(), {"kind": "numbers", "values": [[1.0, 1.0]]}, fill, input_value=500)
    *_, error = say(page, write(t=0, steps=50))
    assert (error.type, error.code, error.id) == ("error", "overflow", 1)
    assert "within ±500" in error.message
