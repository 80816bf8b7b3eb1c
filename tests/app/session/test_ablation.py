"""Scores without each unit, in a session, against those of the core."""

from typing import Any

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.learn.ablation import ablations
from gru_core.learn.tasks.parity import Parity
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.jobs.ablation import SEED
from gruscope.session.budget import Budget
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.wire.ablation import Ablated, Ended, Scored
from gruscope.wire.messages import ErrorMessage
from tests.app.session.test_session import say
from tests.app.talk import editing, message, opening, session

TASK = Parity(length=12)
COUNT = 60
ASK: dict[str, Any] = {"type": "ablate_all", "task": "parity", "settings": {"length": 12}}
EDIT = {"op": "fill", "array": "U_n", "value": 0.5, "layer": 1}
ABLATE = {"op": "ablate", "unit": 2}


def network(**shape: Any) -> Network:
    layers = Network.random("gru", 2, 5, seed=3, layers=2, gain=2.0, **shape).layers
    W = np.random.default_rng(0).normal(size=(2, layers[-1].output_size))
    return Network(layers, readout=Readout(W, head="softmax"))


def opened(found: Network, *edits: dict[str, Any], **limits: Any) -> Session:
    """Return a session that has run a document of a network."""
    limits = {"ablation_sequences": COUNT, **limits}
    entry = Entry.of(found, "parity.safetensors", Settings(**limits))
    page = session(Library(entry), **limits)
    document = {
        "network": {"kind": "file", "digest": entry.digest},
        "input": {"kind": "numbers", "values": [[1, 0], [0, 1], [0, 1]]},
        "edits": list(edits),
    }
    assert say(page, opening(document))[-1].type == "done"
    return page


def measured(page: Session, **asked: Any) -> list[Any]:
    """Ask for the scores and return all that is said about them."""
    said = list(page.receive(message(**{"id": 7, **ASK, **asked})))
    while page.aside.goes_on:
        said.append(page.aside.piece())
    return [one for one in said if one != b""]


def scores(said: list[Any]) -> dict[tuple[int, str, int], float]:
    return {
        (one.layer, one.direction, one.unit): one.score
        for piece in said
        if isinstance(piece, Ablated)
        for one in piece.scores
    }


def expected(found: Network) -> dict[tuple[int, str, int], float]:
    batch = TASK.held_out(np.random.default_rng(SEED), COUNT)
    return {one[:3]: one.score for one in ablations(TASK, found, batch)}


@pytest.mark.parametrize("directions", [1, 2])
def test_the_scores_are_those_of_the_core(directions: int) -> None:
    found = network(directions=directions)
    if directions == 2:  # parity must not be read in reverse
        error = measured(opened(found))[0]
        assert isinstance(error, ErrorMessage)
        assert (error.id, error.code) == (7, "range")
        return
    said = measured(opened(found))
    batch = TASK.held_out(np.random.default_rng(SEED), COUNT)
    whole = Scored(
        id=7,
        metric="accuracy",
        score=TASK.score(found, batch),
        chance=0.5,
        sequences=COUNT,
        units=10,
    )
    assert said[0] == whole
    assert said[-1] == Ended(id=7, complete=True)
    assert scores(said) == expected(found)
    assert len(set(scores(said).values())) > 3


def test_the_document_s_edits_are_in_force() -> None:
    found = network()
    layers = list(found.layers)
    params = layers[1].first
    edited = params.replace(U_n=np.full_like(params.arrays()["U_n"], 0.5))
    layers[1] = type(layers[1])(edited)
    said = measured(opened(found, EDIT))
    assert scores(said) == expected(found.with_layers(layers))
    assert scores(said) != expected(found)


def test_a_unit_that_is_already_ablated_makes_no_difference() -> None:
    said = measured(opened(network(), ABLATE))
    assert scores(said)[0, "forward", 2] == said[0].score
    assert scores(measured(opened(network())))[0, "forward", 2] == said[0].score


def test_the_start_states_of_an_ablated_unit_are_0_too() -> None:
    start = {"op": "start", "quantity": "h", "unit": 2, "value": 0.9}
    with_start = scores(measured(opened(network(), start)))
    without = scores(measured(opened(network())))
    assert with_start[0, "forward", 2] == without[0, "forward", 2]
    assert with_start != without


def test_pieces_of_few_sequences_give_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    found = network()
    monkeypatch.setattr("gruscope.jobs.ablation.TRACE", 1 << 15)
    assert scores(measured(opened(found))) == expected(found)


def test_the_units_on_show_are_measured_first() -> None:
    said = measured(opened(network()), layer=1)
    assert list(scores(said)) == [(k, "forward", unit) for k in (1, 0) for unit in range(5)]


def test_an_edit_ends_it_and_another_input_does_not() -> None:
    page = opened(network())
    list(page.receive(message(id=7, **ASK)))
    page.aside.piece()
    values = {"kind": "input", "start": 0, "remove": 1, "insert": [[0.0, 1.0]]}
    assert Ended(id=7, complete=False) not in say(page, editing(2, values))
    view = {"kind": "view", "layer": 1, "direction": "forward"}
    assert Ended(id=7, complete=False) not in say(page, editing(3, view))
    assert page.aside.goes_on
    edits = {"kind": "edits", "start": 0, "remove": 0, "insert": [EDIT]}
    assert say(page, editing(4, edits))[0] == Ended(id=7, complete=False)
    assert not page.aside.goes_on


def test_it_can_be_stopped_and_a_newer_one_replaces_it() -> None:
    page = opened(network())
    list(page.receive(message(id=7, **ASK)))
    assert list(page.receive(message(type="stop_ablation", id=6))) == []
    assert list(page.receive(message(id=8, **ASK))) == [Ended(id=7, complete=False)]
    assert list(page.receive(message(type="stop_ablation", id=8))) == [Ended(id=8, complete=False)]
    assert not page.aside.goes_on


def test_memory_and_place_are_given_back() -> None:
    memory, places = Budget(1 << 30, "bytes"), Budget(1, "measurements")
    settings = Settings()
    library = Library(Entry.of(network(), "parity.safetensors", settings))
    document = {"network": {"kind": "file"}, "input": {"kind": "numbers", "values": [[1, 0]]}}
    with (
        Session(settings, memory, library, places) as first,
        Session(settings, memory, library, places) as second,
    ):
        for page in (first, second):
            say(page, opening(document))
        used = memory.used
        list(first.receive(message(id=1, **ASK)))
        assert memory.used > used
        (refused,) = second.receive(message(id=2, **ASK))
        assert isinstance(refused, ErrorMessage)
        assert (refused.code, refused.id) == ("busy", 2)
        list(first.receive(message(type="stop_ablation", id=1)))
        assert (memory.used, places.used) == (used, 0)
        list(second.receive(message(id=3, **ASK)))
    assert (memory.used, places.used) == (0, 0)


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        ({"task": "chess"}, "range", "task must be one of temporal_order, "),
        ({"task": "text", "settings": {}}, "range", "task must be one that draws its own data"),
        ({"settings": {"depth": 3}}, "range", "settings must have only length for parity"),
        ({"settings": {"length": 1}}, "range", "length must be at least 2, got 1"),
        ({"task": "latch", "settings": {}}, "shape", "network must "),
        ({"layer": 2}, "range", "layer must be less than 2"),
    ],
)
def test_what_cannot_be_measured_is_refused(asked: dict[str, Any], code: str, text: str) -> None:
    page = opened(network())
    (error,) = measured(page, **asked)
    assert isinstance(error, ErrorMessage)
    assert (error.code, error.id) == (code, 7)
    assert error.message.startswith(text)
    assert not page.aside.goes_on


def test_what_would_take_too_long_is_refused_and_units_are_bounded() -> None:
    (error,) = measured(opened(network(), ablation_work=1000))
    assert error.code == "too_large"
    said = measured(opened(network(), ablation_units=3))
    assert said[0].units == len(scores(said)) == 3
    few = measured(opened(network(), ablation_work=12 * 300 * 10 * 20))
    assert 8 <= few[0].sequences < COUNT


def test_it_needs_a_document() -> None:
    (error,) = session().receive(message(id=7, **ASK))
    assert isinstance(error, ErrorMessage)
    assert error.code == "no_document"
