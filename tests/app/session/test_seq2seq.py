"""A session with an encoder and a decoder: one clock, each layer at its steps, holds in either."""

from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, Seq2Seq, explain
from gru_core.gallery.trained import trained
from gru_core.learn.translation.numbers import Numbers
from gru_core.network.card import Card
from gru_core.seq2seq.joint import Joint
from gru_core.seq2seq.trace import Stage
from gruscope.documents.entry import Entry
from gruscope.documents.files.beginning import Given
from gruscope.documents.library import Library
from gruscope.jobs.ablation import SEED
from gruscope.settings import Settings
from gruscope.wire.schema import TextInput
from tests.app.session.test_networks import answers, document, kinds, look, splice
from tests.app.session.test_session import joined, say
from tests.app.support import client
from tests.app.talk import editing, message, opening, session

TEXT = "31415"
T, LIMIT = len(TEXT), 9
CARD = Card(alphabet="0123456789")


def ended() -> Seq2Seq:
    """Return a model that ends its answer before the limit, but not at once."""
    drawn = (
        Seq2Seq.random("gru", 10, 5, hidden_size=7, seed=seed, layers=2, limit=LIMIT)
        for seed in range(50)
    )
    return next(one for one in drawn if 1 < len(one.run(symbols(TEXT)).said) < LIMIT)


def symbols(text: str) -> list[int]:
    return [int(character) for character in text]


MODEL = ended()
TRACE = MODEL.run(symbols(TEXT))
STOP = T + len(TRACE.said)


def library() -> Library:
    given = Given(TextInput(kind="text", text=TEXT), None, TEXT)
    return Library(Entry.of(Joint.of(MODEL), "both.safetensors", Settings(), CARD, given))


def test_values_of_the_encoder_come_first_and_those_of_the_decoder_after_them() -> None:
    one = library()
    page = session(one)
    said = say(page, opening(document(one)))
    assert said[0].steps == T + LIMIT
    assert said[0].network.decoder.model_dump() == {"first": 2, "limit": 9, "start": 0, "end": 1}
    for run, layer in enumerate((0, 2, 1, 3), 2):
        said = say(page, look(run, layer))
        k = layer % 2
        expected = [TRACE.encoder.layers[k].z, TRACE.decoder.layers[k].z]
        found = joined(said, "z")
        np.testing.assert_array_equal(found[:STOP], np.concatenate(expected).astype("f4"))
        assert np.isnan(found[STOP:]).all()
        weights = MODEL.encoder if layer < 2 else MODEL.decoder
        assert said[0].input_size == weights.layers[k].input_size
        assert kinds(said)[:2] == ["opened", "weights"] and kinds(said)[-2:] == ["map", "done"]
    answer = answers(said)
    np.testing.assert_array_equal(answer[T:STOP], TRACE.decoder.answer.astype("f4"))
    assert np.isnan(answer[:T]).all() and np.isnan(answer[STOP:]).all()


def test_a_hold_in_the_encoder_changes_what_the_decoder_says() -> None:
    one = library()
    page = session(one)
    say(page, opening(document(one)))
    hold = {"op": "clamp", "quantity": "h", "unit": 2, "value": 0.9, "t": 4, "layer": 1}
    answer = answers(say(page, editing(2, splice("edits", 0, 0, hold))))
    expected = MODEL.run(symbols(TEXT), clamps=[Clamp("h", 2, 0.9, 4, 1)]).decoder.answer
    np.testing.assert_array_equal(answer[T : T + len(expected)], expected.astype("f4"))
    assert not np.array_equal(expected[0], TRACE.decoder.answer[0])
    undone = answers(say(page, editing(3, splice("edits", 0, 1))))
    np.testing.assert_array_equal(undone[T:STOP], TRACE.decoder.answer.astype("f4"))


def test_edits_of_weights_and_of_the_input() -> None:
    one = library()
    page = session(one)
    say(page, opening(document(one)))
    zero = {"op": "zero", "layer": 3, "array": "U_n"}
    edited = answers(say(page, editing(2, splice("edits", 0, 0, zero))))
    layers = list(MODEL.decoder.layers)
    params = layers[1].first
    layers[1] = type(layers[1])(params.replace(U_n=params.U_n * 0))
    other = MODEL.with_networks(decoder=MODEL.decoder.with_layers(layers))
    expected = other.run(symbols(TEXT)).decoder.answer.astype("f4")
    np.testing.assert_array_equal(edited[T : T + len(expected)], expected)
    change = {"kind": "input", "start": T, "remove": 0, "insert": "92"}
    longer = answers(say(page, editing(3, change)))
    expected = other.run(symbols(TEXT + "92")).decoder.answer.astype("f4")
    assert len(longer) == T + 2 + LIMIT
    np.testing.assert_array_equal(longer[T + 2 : T + 2 + len(expected)], expected)


def test_questions_are_about_layers_that_act() -> None:
    one = library()
    page = session(one)
    say(page, opening(document(one)))

    def ask(layer: int, t: int, type: str = "inspect", **more: Any) -> Any:
        (found,) = say(page, message(type=type, id=7, layer=layer, t=t, **more))
        return found

    place = {"quantity": "z", "unit": 3}
    for layer, t, stage in ((1, 2, "encoder"), (3, T + 1, "decoder")):
        trace, network = TRACE.of(stage), MODEL.of(stage)  # type: ignore[arg-type]
        step = t if stage == "encoder" else t - T
        expected = explain(trace.layers[1], network.layers[1].first, "z", step, 3)
        assert ask(layer, t, **place).result == expected.result
    error = ask(1, T, **place)
    assert (error.field, error.code) == ("t", "range")
    assert error.message == (
        "t must be less than 5, as layer 1 is one of the encoder, got 5, a step of the decoder"
    )
    assert "from 5" in ask(3, T - 1, **place).message
    assert f"less than {STOP}, where the answer ends" in ask(3, STOP, **place).message
    assert ask(3, T, "inspect_output", unit=2).result == TRACE.decoder.answer[0, 2]
    assert ask(2, STOP + 90, **place).field == "t"


@pytest.mark.parametrize("layer", [2, 3])
def test_the_decoder_has_no_start_state_of_its_own(layer: int) -> None:
    one = library()
    page = session(one)
    say(page, opening(document(one)))
    start = {"op": "start", "quantity": "h", "unit": 0, "value": 0.5}
    (error,) = say(page, editing(2, splice("edits", 0, 0, start | {"layer": layer})))
    assert error.field == "change.insert.0.layer"
    assert "the decoder starts from the encoder's last state" in error.message
    said = say(page, editing(3, splice("edits", 0, 0, start | {"layer": 1})))
    assert said[-1].type == "done"


def test_it_does_not_write_on_and_its_input_leaves_room_for_the_answer() -> None:
    one = library()
    page = session(one)
    said = say(page, opening(document(one)))
    assert said[0].network.writes is None
    (error,) = say(page, message(type="write", id=3, t=0, steps=2, seed=0))
    assert "reads first and answers then" in error.message
    short = session(one, steps=T + LIMIT)
    assert say(short, opening(document(one)))[-1].type == "done"
    change = {"kind": "input", "start": T, "remove": 0, "insert": "9"}
    (error,) = say(short, editing(2, change))
    assert f"1 to {T} steps" in error.message


def test_the_api_has_null_where_nothing_is_computed() -> None:
    one = library()
    body = client(library=one).post("/api/trace", json=document(one)).json()
    rows, answer = body["arrays"]["h"], body["arrays"]["answer"]
    assert body["steps"] == T + LIMIT == len(rows) == len(answer)
    assert rows[STOP:] == [None] * (T + LIMIT - STOP)
    np.testing.assert_array_equal(rows[T:STOP], TRACE.decoder.layers[0].h)
    assert answer[:T] == [None] * T
    accept = {"accept": "application/x-ndjson"}
    lines = client(library=one).post("/api/trace", json=document(one), headers=accept).text
    assert lines.count("\n") == T + LIMIT and "NaN" not in lines


NUMBERS = trained()["numbers"]
TASK = Numbers(digits=4)


def numbers(text: str) -> dict[str, Any]:
    spec = {"kind": "example", "name": "numbers"}
    return {"network": spec, "input": {"kind": "text", "text": text}}


@pytest.mark.parametrize("text", ["417", "0", "2026"])
def test_the_right_answer_to_any_number(text: str) -> None:
    page = session()
    say(page, opening(numbers(text)))
    question = {"task": "numbers", "settings": {"digits": 4}}
    (found,) = say(page, message(type="target", id=4, **question))
    right = TASK.answer(text)
    asked = np.flatnonzero(found.arrays["asked"])
    assert asked.tolist() == list(range(len(text), len(text) + len(right) + 1))
    said = [TASK.answers[int(symbol)] for symbol in found.arrays["target"][asked]]
    assert "".join(said) == f"{right}$"


def test_a_text_that_is_no_number_and_a_task_of_another_kind_have_no_right_answer() -> None:
    page = session()
    say(page, opening(numbers("007")))
    (error,) = say(page, message(type="target", id=4, task="numbers", settings={"digits": 4}))
    assert error.type == "error" and "be a number" in error.message
    (error,) = say(page, message(type="target", id=5, task="parity", settings={}))
    assert "an encoder and a decoder" in error.message


@pytest.mark.parametrize(("stage", "layer", "unit"), [("encoder", 0, 18), ("decoder", 1, 5)])
def test_the_score_without_each_unit_of_both(stage: Stage, layer: int, unit: int) -> None:
    page = session(ablation_sequences=40, ablation_units=20)
    say(page, opening(numbers("417")))
    ask = {"layer": layer, "task": "numbers", "settings": {"digits": 4}}
    assert say(page, message(type="ablate_all", id=6, direction="forward", **ask)) == []
    said = []
    while page.aside.goes_on:
        said.append(page.aside.piece())
    parts = [part for part in said if part != b""]
    scores = {
        (one.layer, one.unit): one.score
        for part in parts
        if part.type == "ablated"
        for one in part.scores
    }
    assert scores.keys() == {(layer, unit) for unit in range(20)}
    batch = TASK.held_out(np.random.default_rng(SEED), 40)
    model = NUMBERS.network()
    assert isinstance(model, Seq2Seq)
    assert parts[0].score == TASK.score(model, batch)
    assert scores[layer, unit] == TASK.score(model, batch, [(stage, Clamp("h", unit, 0.0))])
    if stage == "encoder":
        assert min(scores, key=lambda place: scores[place]) == (0, 18), "as the story says"
