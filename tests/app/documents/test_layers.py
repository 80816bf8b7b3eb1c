"""Layers and directions by name, and the version of documents; unknown ones are refused."""

import pytest

from gru_core import GRU, Clamp, GRUParams, Network, RangeError
from tests.app.session.test_session import say, session
from tests.app.support import LATCH
from tests.app.talk import editing, message, opening

SET = {"op": "set", "array": "W_z", "row": 0, "column": 0, "value": 1.0}
HOLD = {"op": "clamp", "quantity": "z", "unit": 0, "value": 0.5}
ELSEWHERE = [
    ({"layer": 1}, "layer", "expected to be 0"),
    ({"direction": "reverse"}, "direction", "expected to be forward"),
]


def splice(edit):
    return {"kind": "edits", "start": 0, "remove": 0, "insert": [edit]}


@pytest.mark.parametrize("edit", [SET, HOLD, {"op": "ablate", "unit": 0}], ids=lambda e: e["op"])
@pytest.mark.parametrize(("place", "field", "why"), ELSEWHERE)
def test_an_edit_of_another_layer_is_refused(edit, place, field, why):
    page = session()
    say(page, opening())
    (refused,) = say(page, editing(2, splice(edit | place)))
    assert (refused.code, refused.field) == ("range", f"change.insert.0.{field}")
    assert field in refused.message and str(*place.values()) in refused.message


def test_an_edit_names_the_layer_that_is_there():
    page = session()
    say(page, opening())
    named, unnamed = HOLD | {"layer": 0, "direction": "forward"}, HOLD
    first = say(page, editing(2, splice(named)))
    second = say(page, editing(3, splice(unnamed)))
    assert [said.type for said in (first[-1], second[-1])] == ["done", "done"]


QUESTIONS = [{"type": "step"}, {"type": "inspect", "quantity": "z", "unit": 0}]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["type"])
@pytest.mark.parametrize(("place", "field", "why"), ELSEWHERE)
def test_a_question_about_another_layer_is_refused(question, place, field, why):
    page = session()
    say(page, opening())
    (refused,) = say(page, message(id=7, t=0, **question, **place))
    assert (refused.code, refused.field, refused.id) == ("range", field, 7)


def test_an_answer_names_its_layer():
    page = session()
    say(page, opening())
    (said,) = say(page, message(type="inspect", id=7, quantity="z", t=0, unit=0))
    assert (said.layer, said.direction) == (0, "forward")


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_document_of_an_unknown_version_is_refused_with_advice(version):
    with pytest.raises(Exception, match="install a newer one") as caught:
        opening(LATCH | {"version": version})
    assert "expected 1" in str(caught.value)


def test_a_document_says_its_version_or_means_the_first():
    assert say(session(), opening(LATCH | {"version": 1}))[-1].type == "done"
    assert say(session(), opening(LATCH))[-1].type == "done"


def test_traces_of_a_network_name_their_layer_and_direction():
    trace = Network.random("gru", 3, 2, layers=2, directions=2, seed=0).run([[1.0, 0, 0]] * 4)
    named = [(t.layer, t.direction) for one in trace.layers for t in (one, one.reverse)]
    assert named == [(0, "forward"), (0, "reverse"), (1, "forward"), (1, "reverse")]


@pytest.mark.parametrize(
    ("clamp", "field"),
    [
        (Clamp("z", 0, 0.5, layer=1), "layer"),
        (Clamp("z", 0, 0.5, direction="reverse"), "direction"),
    ],
)
def test_a_cell_refuses_a_clamp_of_another_layer(clamp, field):
    with pytest.raises(RangeError, match=rf"clamps\[0\].{field} must be"):
        GRU(GRUParams.random(1, 2, seed=0)).run([[1.0]], clamps=[clamp])
