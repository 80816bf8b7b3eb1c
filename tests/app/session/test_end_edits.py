"""Edits of the readout and the embedding: what is computed, what is sent, what is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import Layer, Network, Readout
from gru_core.network.end_arrays import random_end_array
from gruscope.documents.library import Library
from gruscope.session.budget import Budget
from gruscope.session.session import Session
from gruscope.settings import Settings
from tests.app.documents.mixed import whole
from tests.app.documents.test_library import library, only, x_of
from tests.app.session.test_networks import answers, counted, document, splice, tokens
from tests.app.session.test_session import frames, joined, say
from tests.app.talk import editing, message, opening, session

OWN = whole("lstm", 2)
BARE = Network(OWN.layers)
W, B, E = OWN.readout.W, OWN.readout.b, OWN.embedding  # type: ignore[union-attr]
HERE = {"part": "readout", "array": "W_y"}


def ended(E: Any = E, W: Any = W, b: Any = B) -> Network:
    return Network(OWN.layers, E, Readout(W, b, "softmax"))


def put(array: Any, index: Any, value: Any) -> Any:
    changed = array.copy()
    changed[index] = value
    return changed


def asking(id: int = 1, **fields: Any) -> Any:
    wanted = {"part": "readout", "array": "W_y", "row": 0, "rows": 160, "columns": 160}
    return message(type="block", id=id, **wanted | fields)


def edit(run: int, *edits: dict[str, Any], start: int = 0, remove: int = 0, keep: int = 0) -> Any:
    return editing(run, splice("edits", start, remove, *edits), keep=keep)


READOUT = [
    ({"op": "set", "row": 1, "column": 2, "value": 3.0}, put(W, (1, 2), 3.0)),
    ({"op": "zero"}, W * 0),
    ({"op": "fill", "value": 0.5}, W * 0 + 0.5),
    ({"op": "scale", "factor": -2.0}, W * -2.0),
    ({"op": "random", "seed": 7, "gain": 2.0}, random_end_array("W_y", W, seed=7, gain=2.0)),
]


@pytest.mark.parametrize(("given", "expected"), READOUT, ids=lambda e: getattr(e, "op", ""))
def test_every_operation_on_the_readout_changes_the_answer_alone(given, expected, monkeypatch):
    one = library(OWN)
    page = session(one)
    say(page, opening(document(one)))
    with monkeypatch.context() as patch:
        patch.setattr("gru_core.network.spans._begun", lambda *_: pytest.fail("computes a layer"))
        said = say(page, edit(2, given | HERE, keep=48))
    wanted = ended(W=expected).run(x_of(only(one)))
    np.testing.assert_array_equal(answers(said), wanted.answer.astype("f4"))
    assert not frames(said, "steps") and not frames(said, "weights")
    block = say(page, asking())[0]
    np.testing.assert_array_equal(block.arrays["edits"], expected.astype("f4"))
    np.testing.assert_array_equal(block.arrays["network"], W.astype("f4"))
    assert int(block.meta["edited"]) == (expected != W).sum()
    assert float(block.meta["most"]) == np.abs(W).max()
    restored = say(page, edit(3, {"op": "restore"} | HERE, start=1))
    undone = say(page, edit(4, remove=2))
    np.testing.assert_array_equal(answers(restored), answers(undone))
    np.testing.assert_array_equal(answers(undone), OWN.run(x_of(only(one))).answer.astype("f4"))
    assert "network" not in say(page, asking())[0].arrays


def test_one_cell_of_the_readout_can_be_restored():
    one = library(OWN)
    given = [{"op": "zero"} | HERE, {"op": "restore", "row": 3, "column": 1} | HERE]
    said = say(session(one), opening(document(one, edits=given)))
    expected = ended(W=put(W * 0, (3, 1), W[3, 1])).run(x_of(only(one)))
    np.testing.assert_array_equal(answers(said), expected.answer.astype("f4"))


def test_an_edit_of_the_bias_and_a_question_about_the_output():
    one = library(OWN)
    page = session(one)
    say(page, opening(document(one)))
    bias = {"op": "set", "part": "readout", "array": "b_y", "row": 2, "value": 0.75}
    say(page, edit(2, bias))
    (found,) = say(page, message(type="inspect_output", id=1, t=5, unit=2))
    (b,) = [term.product for term in found.terms if term.kind == "bias"]
    assert b == 0.75
    trace = ended(b=put(B, 2, 0.75)).run(x_of(only(one)))
    assert found.result == trace.answer[5, 2]
    assert sum(term.product for term in found.terms) == pytest.approx(trace.output[5, 2])


@pytest.mark.parametrize("directions", [1, 2])
def test_an_edit_of_the_embedding_is_computed_from_the_first_step_that_reads_it(directions):
    own = whole("gru", directions)
    one = library(own)
    page = session(one)
    given = tokens(*[0, 1, 2] * 6, 4, *[3, 4] * 8)
    say(page, opening(document(one, input=given)))
    row = {"op": "set", "part": "embedding", "array": "E", "row": 4, "column": 1, "value": 2.5}
    said = say(page, edit(2, row, keep=35))
    wanted = Network(own.layers, put(own.embedding, (4, 1), 2.5), own.readout).run(given["tokens"])
    np.testing.assert_array_equal(answers(said), wanted.answer.astype("f4"))
    start = 18 if directions == 1 else 0
    assert said[-1].start == start
    rows = np.concatenate([frame.arrays["h"] for frame in frames(said, "steps")])
    np.testing.assert_array_equal(rows, wanted.layers[0].h[start:].astype("f4"))


def test_an_edit_of_a_row_that_is_not_read_computes_nothing(monkeypatch):
    one = library(OWN)
    page = session(one)
    say(page, opening(document(one, input=tokens(0, 1, 2))))
    runs = counted(monkeypatch)
    row = {"op": "set", "part": "embedding", "array": "E", "row": 5, "column": 1, "value": 2.5}
    said = say(page, edit(2, row, keep=3))
    assert runs == [] and said[-1].type == "done"
    said = say(page, editing(3, splice("input", 3, 0, 5), keep=3))
    wanted = ended(E=put(E, (5, 1), 2.5)).run(np.array([0, 1, 2, 5]))
    np.testing.assert_array_equal(answers(said), wanted.answer.astype("f4"))


def test_edits_of_all_parts_go_together_and_survive_another_view():
    one = library(OWN)
    page = session(one)
    gate = {"op": "scale", "layer": 1, "direction": "reverse", "array": "U_f", "factor": 0.5}
    table = {"op": "fill", "part": "embedding", "array": "E", "value": 0.25}
    say(page, opening(document(one, edits=[gate, table, {"op": "scale", "factor": 2.0} | HERE])))
    change = {"kind": "view", "layer": 1, "direction": "reverse"}
    said = say(page, editing(2, change))
    layer = OWN.layers[1]
    reverse = layer.reverse.replace(U_f=layer.reverse.U_f * 0.5)  # type: ignore[union-attr]
    plain = Network(
        (OWN.layers[0], replace(layer, reverse=reverse)),
        np.full_like(E, 0.25),
        Readout(W * 2.0, B, "softmax"),
    )
    trace = plain.run(x_of(only(one)))
    np.testing.assert_array_equal(answers(said), trace.answer.astype("f4"))
    np.testing.assert_array_equal(joined(said, "h"), trace.layers[1].reverse.h.astype("f4"))


def test_a_block_is_cut_at_the_end_of_its_array():
    one = library(OWN)
    page = session(one)
    say(page, opening(document(one)))
    (block,) = say(page, asking(id=4, part="embedding", array="E", row=4, column=1))
    np.testing.assert_array_equal(block.arrays["edits"], E[4:, 1:].astype("f4"))
    assert {k: block.meta[k] for k in ("type", "id", "run", "part", "array", "row", "column")} == {
        "type": "block", "id": "4", "run": "1", "part": "embedding",
        "array": "E", "row": "4", "column": "1",
    }  # fmt: skip
    (block,) = say(page, asking(array="b_y", row=1, rows=2))
    np.testing.assert_array_equal(block.arrays["edits"], B[1:3, None].astype("f4"))


REFUSED_BLOCKS: list[tuple[Network, dict[str, Any], str, str]] = [
    (OWN, {"row": 5}, "range", "row"),
    (OWN, {"column": 8}, "range", "column"),
    (OWN, {"array": "E"}, "range", "array"),
    (OWN, {"rows": 66, "columns": 1000}, "length", "rows"),
    (BARE, {}, "range", "array"),
]


@pytest.mark.parametrize(("network", "fields", "code", "field"), REFUSED_BLOCKS)
def test_blocks_that_are_refused(network, fields, code, field):
    one = library(network)
    page = session(one)
    say(page, opening(document(one)))
    (error,) = say(page, asking(id=9, **fields))
    assert (error.code, error.field, error.id, error.run) == (code, field, 9, None)
    (error,) = say(session(), asking())
    assert error.code == "no_document"


REFUSED_EDITS: list[tuple[Network, dict[str, Any], str, str]] = [
    (OWN, {"array": "E"}, "array", "W_y, b_y"),
    (OWN, {"array": "W"}, "array", "W_y, b_y"),
    (OWN, {"part": "layer"}, "array", "W_i"),
    (OWN, {"row": 5}, "row", "less than 5"),
    (OWN, {"column": 8}, "column", "less than 8"),
    (OWN, {"column": None}, "column", "given for a matrix"),
    (OWN, {"value": 1001.0}, "value", "within ±1000"),
    (OWN, {"op": "scale", "factor": 1e6}, "factor", "within ±1000"),
    (BARE, {}, "part", "be layer, the parts"),
    (BARE, {"part": "embedding", "array": "E"}, "part", "be layer, the parts"),
    (Network(OWN.layers, E), {}, "part", "be layer or embedding, the parts"),
]


@pytest.mark.parametrize(("network", "fields", "field", "words"), REFUSED_EDITS)
def test_edits_that_are_refused_change_nothing(network, fields, field, words):
    one = library(network)
    page = session(one)
    before = say(page, opening(document(one)))
    given = {"op": "set", "row": 0, "column": 0, "value": 1.0} | HERE | fields
    kept = {"set": {"row", "column", "value"}, "scale": {"factor"}}[given["op"]]
    given = {k: v for k, v in given.items() if k in {*kept, "op", "part", "array"}}
    (error,) = say(page, edit(2, given))
    assert (error.code == "range" or field == "column") and words in error.message
    assert error.field == f"change.insert.0.{field}"
    after = say(page, editing(3, {"kind": "view", "layer": 0, "direction": "forward"}))
    np.testing.assert_array_equal(joined(after, "h"), joined(before, "h"))


def test_a_network_that_reads_only_in_reverse_can_have_its_readout_edited():
    layer = Network.random("gru", 3, 4, seed=0).layers[0].forward
    own = Network((Layer(None, layer),), readout=Readout(np.ones((2, 4))))
    one = library(own)
    said = say(session(one), opening(document(one, edits=[{"op": "zero"} | HERE])))
    assert not answers(said).any()


def test_an_edited_array_counts_until_no_edit_changes_it():
    one = library(OWN)
    memory = Budget(1 << 40, "bytes")
    page = Session(Settings(), memory, one)
    say(page, opening(document(one)))
    before = memory.used
    say(page, edit(2, {"op": "fill", "value": 0.5} | HERE))
    assert memory.used == before + 2 * W.nbytes + 500
    say(page, edit(3, {"op": "zero", "part": "embedding", "array": "E"}, start=1))
    assert memory.used == before + 2 * W.nbytes + 2 * E.nbytes + 1000
    say(page, edit(4, remove=2))
    assert memory.used == before
    with page:
        pass
    assert memory.used == 0


def test_an_edit_for_which_there_is_no_room_is_refused_and_changes_nothing():
    one: Library = library(OWN)
    page = session(one)
    say(page, opening(document(one)))
    page._account._budget.total = page._account._budget.used + W.nbytes
    (error,) = say(page, edit(2, {"op": "zero"} | HERE))
    assert error.code == "busy"
    assert "network" not in say(page, asking())[0].arrays
    said = say(page, edit(2))
    np.testing.assert_array_equal(answers(said), OWN.run(x_of(only(one))).answer.astype("f4"))
