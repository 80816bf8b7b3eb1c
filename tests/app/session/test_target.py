"""The right answers to an input, in a session."""

from typing import Any

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.gallery.trained import trained
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.wire.messages import ErrorMessage
from tests.app.session.test_session import frames, say
from tests.app.talk import editing, message, opening, session


def opened(name: str, input: dict[str, Any], edits: list[dict[str, Any]] | None = None) -> Session:
    """Return a session with a document of a network of the gallery."""
    entry = Entry.trained(trained()[name], Settings())
    document = {
        "network": {"kind": "example", "name": name, "digest": entry.digest},
        "input": input,
        "edits": edits or [],
    }
    page = session(Library(gallery={name: entry}))
    assert say(page, opening(document))[-1].type == "done"
    return page


def asked(page: Session, task: str | None, **settings: int) -> Any:
    (said,) = say(page, message(type="target", id=4, task=task, settings=settings))
    return said


def text(one: str) -> dict[str, Any]:
    return {"kind": "text", "text": one}


def numbers(*rows: list[float]) -> dict[str, Any]:
    return {"kind": "numbers", "values": list(rows)}


@pytest.mark.parametrize(
    ("name", "task", "input", "answers"),
    [
        ("parity", "parity", text("01101"), [0, 1, 0, 0, 1]),
        ("parity", "parity", numbers([0, 1], [0, 1], [1, 0]), [1, 0, 0]),
        ("first", "latch", text(".ba"), [0, 2, 2]),
        ("brackets", "dyck", text("[(]"), [2, 1, None]),
        ("order-gru", "temporal_order", text("BXaYE"), [None, None, None, None, 1]),
        ("names", None, text("ab "), [2, 0, None]),
        ("names", "names", text("ab "), [2, 0, None]),
        ("adding", "adding", numbers([0.5, 1], [0.25, 0], [0.75, 1]), [None, None, [1.25]]),
        ("flipflop", "flipflop", numbers([0, 1, 0], [-1, 0, 0]), [[0, 1, 0], [-1, 1, 0]]),
    ],
)
def test_the_task_s_rule_answers_the_present_input(
    name: str, task: str | None, input: dict[str, Any], answers: list[Any]
) -> None:
    page = opened(name, input)
    found = asked(page, task)
    assert found.meta == {"type": "target", "id": "4", "run": "1"}
    assert found.arrays["asked"].tolist() == [answer is not None for answer in answers]
    for target, answer in zip(found.arrays["target"], answers, strict=True):
        assert answer is None or target.tolist() == answer


def test_an_edit_of_the_input_changes_the_answers_before_its_run_and_one_of_weights_does_not() -> (
    None
):
    page = opened("parity", text("0110"))
    change = {"kind": "input", "start": 0, "remove": 1, "insert": "1"}
    list(page.receive(editing(2, change)))
    said = say(page, message(type="target", id=4, task="parity", settings={}))
    assert said[0].meta["run"] == "2" and frames(said[1:])  # the run comes after it
    np.testing.assert_array_equal(said[0].arrays["target"], [1, 0, 1, 1])
    edit = {"op": "fill", "array": "W_z", "value": 0.5}
    say(page, editing(3, {"kind": "edits", "start": 0, "remove": 0, "insert": [edit]}))
    np.testing.assert_array_equal(asked(page, "parity").arrays["target"], [1, 0, 1, 1])


@pytest.mark.parametrize(
    ("name", "input", "task", "settings", "code", "said"),
    [
        ("parity", text("01"), "latch", {}, "shape", "network must have a readout of 3 outputs"),
        ("parity", text("01"), "chess", {}, "range", "task must be one of "),
        ("parity", text("01"), "text", {}, "range", "task must be one that draws its own data"),
        ("parity", text("01"), "parity", {"depth": 2}, "message", "settings must have only length"),
        ("first", text(".a"), "words", {}, "shape", "network must have a readout of 27"),
        (
            "sunspots-next",
            numbers([0.5]),
            "forecast",
            {},
            "range",
            "task must be one whose answers",
        ),
        ("sunspots-next", numbers([0.5]), None, {}, "range", "task must be named, as the network"),
        ("adding", numbers([0.5, 1]), None, {}, "range", "network must answer with what it reads"),
        ("parity", numbers([0.5, 0.5]), "parity", {}, "range", "input must have one symbol a step"),
    ],
)
def test_what_has_no_answer_is_refused(
    name: str,
    input: dict[str, Any],
    task: str | None,
    settings: dict[str, int],
    code: str,
    said: str,
) -> None:
    error = asked(opened(name, input), task, **settings)
    assert isinstance(error, ErrorMessage)
    assert (error.code, error.id, error.run) == (code, 4, None)
    assert error.message.startswith(said)


def test_another_alphabet_than_the_task_s_is_refused() -> None:
    layers = Network.random("gru", 2, 3, seed=0).layers
    found = Network(layers, readout=Readout(np.ones((2, 3)), head="softmax"))
    entry = Entry.of(found, "own.safetensors", Settings())
    page = session(Library(entry))
    network = {"kind": "file", "digest": entry.digest, "alphabet": "10"}
    say(page, opening({"network": network, "input": text("10")}))
    error = asked(page, "parity")
    assert error.message == "network must have the alphabet '01' for parity, got '10'"


def test_it_needs_a_document() -> None:
    assert asked(session(), "parity").code == "no_document"
