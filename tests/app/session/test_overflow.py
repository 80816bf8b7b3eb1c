"""Numbers that outgrow float32: the run ends, the session and its document go on."""

import json
from typing import Any

import numpy as np
import pytest

from gruscope.session.protocol import SERVER
from gruscope.settings import Settings
from gruscope.web.trace_api import NDJSON
from tests.app.session.test_session import frames, joined, say
from tests.app.support import Frame, client
from tests.app.talk import editing, message, opening, session


def growing(T: int, dtype: str = "float64", U: float = 100.0) -> dict[str, Any]:
    """Return a network of one ReLU, h = Σ U^k: its state gains the factor U with every step."""
    cells = {"op": "set", "row": 0, "column": 0}
    edits = [cells | {"array": "W", "value": 1.0}, cells | {"array": "U", "value": U}]
    network = {"kind": "random", "cell": "rnn", "hidden_size": 1, "seed": 0, "input_size": 1}
    options = {"dtype": dtype, "form": {"activations": ["relu"]}}
    given = {"kind": "numbers", "values": [[1.0]] * T}
    return {"network": network, "edits": edits, "input": given, "options": options}


def setting(U: float) -> dict[str, Any]:
    edit = {"op": "set", "array": "U", "row": 0, "column": 0, "value": U}
    return {"kind": "edits", "start": 1, "remove": 1, "insert": [edit]}


def inspecting(id: int, t: int) -> Any:
    return message(type="inspect", id=id, quantity="h", t=t, unit=0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_ends_at_the_limit_of_float32(dtype):
    """100^19 = 1e38 fits and 100^20 does not, in either dtype, as frames are of float32."""
    page = session(first_span=4, largest_span=8)
    said = say(page, opening(growing(40, dtype)))
    error = said[-1]
    assert (error.type, error.code, error.run) == ("error", "overflow", 1)
    assert error.field == {"float32": "a", "float64": "h"}[dtype]
    assert "float32" in error.message and "t = 20" in error.message and "unit 0" in error.message
    assert [f.meta["stop"] for f in frames(said)] == ["4", "12", "20"]
    assert np.isfinite(joined(said, "h")).all()
    assert say(session(), opening(growing(20, dtype)))[-1].type == "done"


def test_a_value_that_is_not_sent_is_watched_too():
    """c and h of this LSTM grow by about 125 a step, and its gates stay within 0 and 1."""
    still = [{"op": "zero", "array": f"{matrix}_{gate}"} for matrix in "WU" for gate in "ifo"]
    cells = {"op": "set", "row": 0, "column": 0, "value": 500.0}
    given = growing(40) | {"edits": [*still, cells | {"array": "W_g"}, cells | {"array": "U_g"}]}
    given["network"]["cell"] = "lstm"
    given["options"]["form"]["activations"] = ["sigmoid", "relu", "relu"]
    said = say(session(), opening(given, arrays=["i"]))
    assert (said[-1].code, said[-1].field in "ch") == ("overflow", True)
    assert joined(said, "i").max() <= 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_document_and_its_computed_steps_remain(dtype):
    page = session(first_span=4, largest_span=8)
    say(page, opening(growing(40, dtype)))
    (told,) = say(page, inspecting(5, t=19))
    assert told.type == "explained"
    (error,) = say(page, inspecting(6, t=20))
    assert (error.code, error.run, error.id) == ("overflow", None, 6)
    cut = {"kind": "input", "start": 17, "remove": 23, "insert": [[2.0]]}
    steps, answer, done = say(page, editing(2, cut, keep=17), inspecting(7, t=17))
    assert (steps.meta["start"], done.type) == ("17", "done")
    assert (answer.type, answer.id) == ("explained", 7)  # it waited for the new run


def test_questions_that_wait_for_a_run_are_answered_when_it_ends_so():
    page = session()
    said = say(page, opening(growing(40)), inspecting(5, t=30), inspecting(6, t=20))
    ends = [(s.code, s.run, s.id) for s in said if not isinstance(s, Frame) and s.type == "error"]
    assert ends == [("overflow", 1, None), ("overflow", None, 5), ("overflow", None, 6)]


def test_a_new_run_follows_an_overflow():
    """Nothing of a run that failed, or of the one before it, gets into the next."""
    page = session(first_span=64)
    first = say(page, opening(growing(30, U=0.5)))
    assert say(page, editing(2, setting(100.0)))[-1].code == "overflow"
    other = {"kind": "input", "start": 0, "remove": 1, "insert": [[3.0]]}
    assert say(page, editing(3, other))[-1].code == "overflow"
    said = say(page, editing(4, setting(0.5)))
    expected = joined(first, "h").astype(float)[:, 0] + 2 * 0.5 ** np.arange(30)
    np.testing.assert_allclose(joined(said, "h")[:, 0], expected, rtol=1e-6)
    back = {"kind": "input", "start": 0, "remove": 1, "insert": [[1.0]]}
    np.testing.assert_array_equal(joined(say(page, editing(5, back)), "h"), joined(first, "h"))


def post(document: Any, accept: str, **settings: Any) -> Any:
    http = client(Settings(**settings))
    return http.post("/api/trace", json=document, headers={"accept": accept})


@pytest.mark.parametrize("accept", ["application/json", NDJSON])
def test_an_answer_has_its_document_s_dtype(accept):
    assert post(growing(40), accept).status_code == 200
    for document in (growing(40, "float32"), growing(200)):
        answer = post(document, accept)
        assert (answer.status_code, answer.json()["code"]) == (422, "overflow")
        assert answer.json()["field"] in ("a", "h")


def test_lines_that_are_out_are_followed_by_the_error():
    lines = post(growing(300), NDJSON, largest_span=16).text.splitlines()
    *steps, last = map(json.loads, lines)
    assert [step["t"] for step in steps] == list(range(len(steps))) and len(steps) in (128, 144)
    error = SERVER.validate_python(last)
    assert error.type == "error" and error.code == "overflow"


def test_a_step_that_exceeds_float32_is_refused_and_the_run_continues():
    """At t = 20 the state would be 1e40, but it is held at 0."""
    given, page = growing(40), session()
    given["edits"].append({"op": "clamp", "quantity": "h", "unit": 0, "t": 20, "value": 0.0})
    asked = [message(type="step", id=t, t=t) for t in (20, 21)]
    said = say(page, opening(given), *asked)
    refused = next(s for s in said if getattr(s, "type", "") == "error")
    assert (refused.code, refused.field, refused.id, refused.run) == ("overflow", "a", 20, None)
    assert said[-1].type == "done"
    assert [f.meta["id"] for f in frames(said, "step")] == ["21"]
    assert say(page, asked[0])[0].code == "overflow"
    held = say(page, message(type="inspect", id=1, quantity="h", t=20, unit=0))[0]
    assert (held.result, held.clamped) == (0, True)
    assert held.computed == pytest.approx(1e40, rel=0.02)
