"""The holds of a session, compared with the core, and the frames that it sends."""

from typing import Any

import numpy as np
import pytest

from gru_core import GRU, LSTM, Clamp, LSTMParams
from gru_core.gallery.examples import EXAMPLES
from gru_core.run.text import one_hot
from gruscope.wire.messages import ClientMessage
from tests.app.session.test_session import WEIGHT, frames, joined, say
from tests.app.support import LATCH, random_document
from tests.app.talk import editing, message, opening, session

HELD = {"op": "clamp", "quantity": "z", "unit": 1, "t": 4, "value": 0.25}


def holding(run: int, *insert: dict[str, Any], remove: int = 0, keep: int = 7) -> ClientMessage:
    change = {"kind": "edits", "start": 0, "remove": remove, "insert": list(insert)}
    return editing(run, change, keep=keep)


def test_a_held_value_agrees_with_the_core_and_later_steps_are_sent():
    page, example = session(), EXAMPLES["latch"]
    say(page, opening(arrays=["z", "h"]))
    steps, done = say(page, holding(2, HELD))
    gru, x = GRU(example.network()), one_hot("..a.b.a", example.alphabet)
    trace = gru.run(x, clamps=[Clamp("z", 1, 0.25, 4)])
    assert (steps.meta["start"], set(steps.arrays), done.start) == ("4", {"z", "h"}, 4)
    np.testing.assert_array_equal(steps.arrays["h"], trace.h[4:].astype("f4"))
    again = say(page, holding(3, HELD | {"off": True}, remove=1))
    np.testing.assert_array_equal(joined(again, "h"), gru.run(x).h[4:].astype("f4"))


def test_the_states_before_the_first_step_come_with_it():
    page = session()
    start = {"op": "start", "quantity": "c", "unit": 1, "value": 40.0}
    given = random_document(T=3, H=2) | {"edits": [start]}
    given["network"]["cell"] = "lstm"
    (frame,) = frames(say(page, opening(given)))
    assert [frame.arrays[name].tolist() for name in ("h_0", "c_0")] == [[0, 0], [0, 40]]
    (frame,) = frames(say(page, holding(2, start | {"quantity": "h", "value": 0.5}, keep=3)))
    assert (frame.meta["start"], frame.arrays["h_0"].tolist()) == ("0", [0, 0.5])
    own = LSTM(LSTMParams.random(3, 2, seed=3))
    expected = own.run(given["input"]["values"], [0, 0.5], [0, 40])
    np.testing.assert_array_equal(frame.arrays["c"], expected.c.astype("f4"))


def test_edits_without_an_effect_send_no_frames():
    page = session()
    say(page, opening())
    off = [HELD | {"off": True}, WEIGHT["insert"][0] | {"off": True}]
    (done,) = say(page, holding(2, *off, HELD | {"t": 50}))
    assert (done.type, done.start) == ("done", 7)
    opened = say(session(), opening(LATCH | {"edits": off, "panels": ["cell"]}))
    assert [frame.meta["of"] for frame in frames(opened, "weights")] == ["network"]


def test_a_document_of_another_cell_with_edits_of_this_one_is_refused():
    page = session()
    say(page, opening(LATCH | {"edits": [HELD]}))
    other = LATCH | {"edits": [HELD], "network": LATCH["network"] | {"cell": "lstm"}}
    (said,) = say(page, editing(2, {"kind": "document", "document": other}))
    assert (said.code, said.field) == ("range", "change.document.edits.0.quantity")


def test_the_explanation_of_a_held_value_has_the_computed_value():
    page = session()
    say(page, opening(LATCH | {"edits": [HELD, {"op": "ablate", "unit": 0}]}))

    def asked(quantity: str, t: int, unit: int) -> Any:
        return say(page, message(type="inspect", id=5, quantity=quantity, t=t, unit=unit))[0]

    held, free = asked("z", 4, 1), asked("z", 3, 1)
    assert (held.result, held.clamped) == (0.25, True)
    assert held.computed == pytest.approx(1 / (1 + np.exp(-held.pre_activation)), abs=1e-15)
    assert (free.clamped, free.computed) == (False, free.result)
    ablated = asked("h", 2, 0)
    assert (ablated.result, ablated.clamped) == (0, True)
    assert sum(term.product for term in ablated.terms) == pytest.approx(ablated.computed) != 0
