"""The vectors of a step, asked for before and after they are there."""

import numpy as np
import pytest

from gru_core import CELLS, Clamp, cell
from gru_core.explanation.vectors import vectors
from gruscope.wire.messages import ClientMessage
from tests.app.session.test_session import WEIGHT, frames, joined, say
from tests.app.support import Frame, random_document
from tests.app.talk import LAYER, editing, message, opening, session


def stepping(id: int, t: int) -> ClientMessage:
    return message(type="step", id=id, t=t)


@pytest.mark.parametrize("cell_name", CELLS)
def test_a_step_is_the_core_s_vectors(cell_name):
    given = random_document(T=5, H=3, I=2, edits=[{"op": "ablate", "unit": 1}])
    given["network"]["cell"] = cell_name
    page = session()
    say(page, opening(given))
    (said,) = say(page, stepping(7, 3))
    assert said.meta == {"type": "step", "id": "7", "run": "1", "t": "3", **LAYER}
    params = CELLS[cell_name].params.random(2, 3, seed=3)
    trace = cell(params).run(given["input"]["values"], clamps=[Clamp("h", 1, 0.0)])
    expected = vectors(trace, params, 3)
    assert said.arrays.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(said.arrays[name], array.astype("f4"))


def test_a_question_about_a_later_step_is_answered_when_it_is_computed():
    page = session(largest_span=50)
    asked = [stepping(8, 90), message(type="inspect", id=9, quantity="h", t=20, unit=0)]
    said = say(page, opening(random_document(T=100)), *asked)
    got = [s.meta.get("id", s.meta["type"]) if isinstance(s, Frame) else s.type for s in said]
    assert got == ["opened", "weights", "steps", "steps", "explained", "steps", "8", "done"]


def test_a_step_of_an_overtaken_run_is_that_of_the_next():
    page = session()
    list(page.receive(opening(random_document(T=100))))
    assert list(page.receive(stepping(8, 90))) == []
    said = say(page, editing(2, WEIGHT))
    (step,) = frames(said, "step")
    assert (step.meta["run"], step.meta["id"]) == ("2", "8")
    np.testing.assert_array_equal(step.arrays["h"], joined(said, "h")[90])
    cut = {"kind": "input", "start": 50, "remove": 50, "insert": []}
    list(page.receive(editing(3, {"kind": "input", "start": 0, "remove": 1, "insert": []})))
    list(page.receive(stepping(9, 90)))
    refused = next(s for s in page.receive(editing(4, cut | {"remove": 49})))
    assert (refused.code, refused.field, refused.id) == ("range", "t", 9)


def test_a_step_that_is_not_there_is_refused():
    page = session()
    assert say(page, stepping(1, 0))[0].code == "no_document"
    say(page, opening())
    (said,) = say(page, stepping(2, 7))
    assert (said.code, said.field, said.id) == ("range", "t", 2)
