"""A session with a whole network: views, answers, the map and empty pieces."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import Activation, LSTMParams, Network, Readout
from gru_core.network.layer import Layer
from gruscope.documents.library import Library
from gruscope.documents.runs import started
from gruscope.wire.frames import MAP_STEPS, MAP_UNITS, OUTPUTS, TOP, thinned
from tests.app.documents.mixed import MIXED, each_trace, whole
from tests.app.documents.test_library import library, only, x_of
from tests.app.session.test_session import frames, joined, say, values
from tests.app.support import LATCH, random_document, read
from tests.app.talk import editing, message, opening, session

BOTH = whole("lstm", 2)
HALVED = {"op": "scale", "layer": 0, "direction": "forward", "array": "U_f", "factor": 0.5}


def document(one: Library, **parts: Any) -> dict[str, Any]:
    return only(one).document.model_dump() | parts


def tokens(*given: int) -> dict[str, Any]:
    return {"kind": "tokens", "tokens": list(given)}


def look(run: int, layer: int, direction: str = "forward", keep: int = 0) -> Any:
    change = {"kind": "view", "layer": layer, "direction": direction}
    return editing(run, change, keep=keep)


def splice(kind: str, start: int, remove: int, *insert: Any) -> dict[str, Any]:
    return {"kind": kind, "start": start, "remove": remove, "insert": list(insert)}


def answers(said: list[Any]) -> Any:
    return np.concatenate([frame.arrays["answer"] for frame in frames(said, "output")])


def kinds(said: list[Any]) -> list[str]:
    return [one.meta["type"] if hasattr(one, "meta") else one.type for one in said]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every run that is started."""
    runs: list[int] = []

    def watched(state: Any, *rest: Any) -> Any:
        runs.append(len(state.x))
        return started(state, *rest)

    monkeypatch.setattr("gruscope.jobs.run.started", watched)
    return runs


def test_a_change_of_view_computes_nothing_and_loses_no_edit(monkeypatch):
    one = library(BOTH)
    page = session(one)
    say(page, opening(document(one)))
    say(page, editing(2, splice("edits", 0, 0, HALVED)))
    params = BOTH.layers[0].forward
    edited = BOTH.with_layers(
        [replace(BOTH.layers[0], forward=params.replace(U_f=params.U_f * 0.5)), BOTH.layers[1]]
    )
    trace = edited.run(x_of(only(one)))
    runs = counted(monkeypatch)
    for run, (place, expected) in enumerate([*each_trace(trace).items()] * 2, 3):
        said = say(page, look(run, *place, keep=48))
        weights = ["weights", "weights"] if place == (0, "forward") else ["weights"]
        assert kinds(said) == ["opened", *weights, "steps", "output", "map", "done"]
        assert (said[0].view.layer, said[0].view.direction) == place
        assert (said[-1].start, said[-1].steps) == (0, 48)
        np.testing.assert_array_equal(joined(said, "h"), expected.h.astype("f4"))
        np.testing.assert_array_equal(answers(said), trace.answer.astype("f4"))
    assert runs == []
    said = say(page, editing(20, splice("edits", 0, 1)))
    plain = each_trace(BOTH.run(x_of(only(one))))[1, "reverse"]
    np.testing.assert_array_equal(joined(said, "h"), plain.h.astype("f4"))
    assert runs == [48]


def test_a_change_of_view_in_the_middle_of_a_run_goes_on_from_there():
    one = library(whole())
    page = session(one, first_span=4, largest_span=8)
    list(page.receive(opening(document(one))))
    work = page.work()
    while (piece := next(work)) == b"" or read(piece).meta.get("start") != "4":
        pass
    list(page.receive(look(2, 1)))
    work.close()
    said = [read(s) if isinstance(s, bytes) else s for s in page.work()]
    trace = whole().run(x_of(only(one)))
    np.testing.assert_array_equal(joined(said, "h"), trace.layers[1].h.astype("f4"))
    np.testing.assert_array_equal(answers(said), trace.answer.astype("f4"))


@pytest.mark.parametrize(
    ("place", "field"), [((2, "forward"), "layer"), ((1, "reverse"), "direction")]
)
def test_a_view_that_is_not_there_is_refused_and_the_present_one_stays(place, field):
    one = library(whole())
    page = session(one)
    say(page, opening(document(one)))
    (error,) = say(page, look(2, *place))
    assert (error.code, error.field, error.run) == ("range", f"change.{field}", 2)
    assert say(page, look(2, 1))[-1].type == "done"
    (error,) = say(session(), look(1, 0))
    assert error.code == "no_document"


def test_a_view_of_another_cell_sends_the_values_that_it_shows():
    one = library(MIXED)
    page = session(one)
    shown = {"layer": 0, "direction": "reverse"}
    said = say(page, opening(document(one, view=shown), arrays=["c", "h"]))
    assert values(frames(said)[0]) == {"c", "h"} and said[0].cell == "lstm"
    said = say(page, look(2, 1, "reverse"))
    assert values(frames(said)[0]) == set("zrnh") and said[0].cell == "gru"
    assert (said[0].input_size, said[0].hidden_size) == (4, 2)
    assert values(frames(say(page, look(3, 2)))[0]) == {"h"}


def test_an_edit_above_the_view_sends_its_answer_but_no_steps_and_no_weights(monkeypatch):
    one = library(whole())
    page = session(one)
    say(page, opening(document(one)))
    zero = {"op": "zero", "layer": 1, "array": "U_n"}
    said = say(page, editing(2, splice("edits", 0, 0, zero), keep=48))
    assert kinds(said) == ["output", "output", "map", "done"] and said[-1].start == 48
    params = whole().layers[1].first
    upper = replace(whole().layers[1], forward=params.replace(U_n=params.U_n * 0))
    trace = whole().with_layers([whole().layers[0], upper]).run(x_of(only(one)))
    np.testing.assert_array_equal(answers(said), trace.answer.astype("f4"))


@pytest.mark.parametrize("view", [(0, "reverse"), (1, "forward"), (1, "reverse")])
@pytest.mark.parametrize(
    "change",
    [
        splice("input", 48, 0, 1, 2),
        splice("input", 40, 1, 5),
        splice("input", 47, 1),
        splice(
            "edits",
            0,
            0,
            HALVED
            | {"op": "clamp", "direction": "reverse", "quantity": "h", "unit": 0}
            | {"t": 30, "value": 0.5, "array": None, "factor": None},
        ),
    ],
    ids=["longer", "other", "shorter", "held"],
)
def test_what_a_layer_in_reverse_changes_is_sent_though_the_page_claims_to_have_it(view, change):
    if change["kind"] == "edits":
        change["insert"] = [{k: v for k, v in change["insert"][0].items() if v is not None}]
    one = library(BOTH)
    page = session(one)
    say(page, opening(document(one, view={"layer": view[0], "direction": view[1]})))
    said = say(page, editing(2, change, keep=48))
    assert said[-1].start == 0
    edited = document(one)
    edited["input"]["tokens"] = list(x_of(only(one)))
    if change["kind"] == "input":
        start, stop = change["start"], change["start"] + change["remove"]
        x = edited["input"]["tokens"]
        edited["input"]["tokens"] = [*x[:start], *change["insert"], *x[stop:]]
    else:
        edited["edits"] = change["insert"]
    edited["input"]["tokens"] = [int(t) for t in edited["input"]["tokens"]]
    edited["view"] = {"layer": view[0], "direction": view[1]}
    fresh = say(session(one), opening(edited))
    np.testing.assert_array_equal(joined(said, "h"), joined(fresh, "h"))
    np.testing.assert_array_equal(answers(said), answers(fresh))


def test_a_question_about_a_step_that_a_reverse_layer_has_yet_to_compute_waits():
    one = library(BOTH)
    page = session(one)
    say(page, opening(document(one)))
    list(page.receive(editing(2, splice("input", 48, 0, 1, 2), keep=48)))
    ask = message(type="inspect", id=5, layer=0, direction="reverse", quantity="h", t=0, unit=0)
    assert list(page.receive(ask)) == []
    said = [s for s in page.work() if not isinstance(s, bytes)]
    x = [*map(int, x_of(only(one))), 1, 2]
    expected = each_trace(BOTH.run(np.array(x)))[0, "reverse"]
    assert (said[0].id, said[0].result) == (5, expected.h[0, 0])


def large(outputs: int) -> Network:
    rng = np.random.default_rng(4)
    W = rng.normal(size=(outputs, 4))
    return Network(whole().layers, whole().embedding, Readout(W, None, "softmax"))


@pytest.mark.parametrize("outputs", [OUTPUTS, OUTPUTS + 1])
def test_of_many_outputs_the_largest_are_sent_with_their_places(outputs):
    one = library(large(outputs))
    said = say(session(one), opening(document(one)))
    answer = large(outputs).run(x_of(only(one))).answer
    found = answers(said)
    spans = [(f.meta["start"], f.meta["stop"], f.meta["total"]) for f in frames(said, "output")]
    assert spans == [("0", "16", "48"), ("16", "48", "48")]
    if outputs <= OUTPUTS:
        np.testing.assert_array_equal(found, answer.astype("f4"))
        assert all("index" not in frame.arrays for frame in frames(said, "output"))
        return
    index = np.concatenate([frame.arrays["index"] for frame in frames(said, "output")]).astype(int)
    assert found.shape == index.shape == (48, TOP)
    np.testing.assert_array_equal(found, np.take_along_axis(answer, index, 1).astype("f4"))
    np.testing.assert_array_equal(found, np.sort(answer, 1)[:, : -TOP - 1 : -1].astype("f4"))


def test_a_bare_cell_has_neither_answer_nor_map():
    for given in (LATCH, random_document()):
        assert not {"output", "map"} & set(kinds(say(session(), opening(given))))
    for network in (
        Network(whole().layers[:1], whole().embedding),
        Network(whole().layers[:1], None, whole().readout),
        Network.random("rnn", 3, 4, seed=0, layers=2),
        Network.random("rnn", 3, 4, seed=0, directions=2),
    ):
        one = library(network)
        said = say(session(one), opening(document(one)))
        assert kinds(said)[-2:] == ["map", "done"]
        assert ("output" in kinds(said)) == (network.readout is not None)


def test_the_map_has_the_largest_state_of_every_group():
    network = Network.random("gru", 3, 40, seed=0, layers=2, directions=2, gain=3.0)
    one = library(network)
    values = np.random.default_rng(0).normal(size=(200, 3)).tolist()
    given = document(one, input={"kind": "numbers", "values": values})
    (frame,) = frames(say(session(one), opening(given)), "map")
    assert frame.meta == {"type": "map", "run": "1"}
    found = each_trace(network.run(values))
    assert frame.arrays.keys() == {f"{k}.{name}" for k, name in found}
    for (k, name), trace in found.items():
        picture = frame.arrays[f"{k}.{name}"]
        assert picture.shape == (MAP_STEPS, MAP_UNITS)
        rows, columns = (np.arange(m) * n // m for m, n in ((MAP_STEPS, 200), (MAP_UNITS, 40)))
        for i, j in ((0, 0), (13, 7), (63, 15)):
            part = trace.h[slice(*[*rows, 200][i : i + 2]), slice(*[*columns, 40][j : j + 2])]
            assert picture[i, j] == np.float32(part.flat[np.abs(part).argmax()])
    small = np.array([[1.0, -2.0], [0.5, 0.0]])
    np.testing.assert_array_equal(thinned(small), small)


def test_values_beyond_float32_are_refused_when_a_view_first_sends_them():
    """The LSTM's c has no bound, but its h has, so another layer's view can be sent."""
    own = (Activation.of("relu"), Activation.of("relu"), Activation.of("tanh"))
    params = LSTMParams.random(1, 2, seed=0, activations=own)
    huge = params.replace(**{name: np.full((2, 1), 1e4) for name in ("W_i", "W_g", "W_f")})
    calm = LSTMParams.random(2, 2, seed=1)
    quiet = huge.replace(W_o=np.zeros((2, 1)), U_o=np.zeros((2, 2)), b_o=np.zeros(2))
    one = library(Network((Layer(quiet), Layer(calm))))
    values = [[1e6]] * 8
    given = document(one, input={"kind": "numbers", "values": values})
    page = session(one)
    said = say(page, opening(given | {"view": {"layer": 1}}))
    assert said[-1].type == "done"
    said = say(page, look(2, 0))
    assert (said[-1].type, said[-1].code, said[-1].field) == ("error", "overflow", "c")
    assert say(page, look(3, 1))[-1].type == "done"


@pytest.mark.parametrize(
    ("place", "before"), [((0, "forward"), 0), ((0, "reverse"), 1), ((1, "forward"), 2)]
)
def test_the_steps_of_the_view_are_sent_before_the_layers_above_it_are_computed(place, before):
    one = library(BOTH)
    page = session(one, first_span=48)
    view = {"layer": place[0], "direction": place[1]}
    list(page.receive(opening(document(one, view=view))))
    pieces = [piece for piece in page.work() if piece == b"" or isinstance(piece, bytes)]
    said = [read(piece).meta["type"] if piece else "" for piece in pieces]
    after = ["", "", ""][before:]  # each direction of a layer takes one span
    assert said == ["weights", *[""] * before, "steps", *after, "output", "map"]
    steps = read(pieces[1 + before])
    trace = BOTH.run(x_of(only(one)))
    assert (steps.meta["start"], steps.meta["stop"], steps.meta["total"]) == ("0", "48", "48")
    expected = each_trace(trace)[place]
    np.testing.assert_array_equal(steps.arrays["h"], expected.h.astype("f4"))
    np.testing.assert_array_equal(steps.arrays["h_0"], expected.h_0.astype("f4"))


def test_an_edit_that_overtakes_a_run_whose_steps_were_sent_sends_them_all_again():
    one = library(BOTH)
    page = session(one, first_span=48)
    say(page, opening(document(one)))
    list(page.receive(editing(2, splice("edits", 0, 0, HALVED))))
    work = page.work()
    assert [read(next(work)).meta["type"] for _ in range(2)] == ["weights", "steps"]
    list(page.receive(editing(3, splice("input", 40, 1, 5), keep=40)))
    work.close()
    said = [read(s) if isinstance(s, bytes) else s for s in page.work() if s != b""]
    assert said[-1].start == 0
    params = BOTH.layers[0].forward
    halved = replace(BOTH.layers[0], forward=params.replace(U_f=params.U_f * 0.5))
    x = x_of(only(one)).copy()
    x[40] = 5
    trace = BOTH.with_layers([halved, BOTH.layers[1]]).run(x)
    np.testing.assert_array_equal(joined(said, "h"), each_trace(trace)[0, "forward"].h.astype("f4"))
    np.testing.assert_array_equal(answers(said), trace.answer.astype("f4"))


def test_while_layers_are_computed_whole_pieces_are_empty_and_an_edit_overtakes_them():
    one = library(BOTH)
    page = session(one, first_span=4, largest_span=8)
    list(page.receive(opening(document(one))))
    pieces = list(page.work())
    empty = [k for k, piece in enumerate(pieces) if piece == b""]
    assert len(empty) >= 4 * 48 / 8  # two layers of two directions
    assert read(pieces[0]).meta["type"] == "weights" and empty[0] == 1
    list(page.receive(editing(2, splice("input", 0, 1, 3))))
    work = page.work()
    assert [next(work) for _ in range(3)] == [b""] * 3
    list(page.receive(editing(3, splice("input", 0, 1, 5))))
    work.close()
    said = [read(s) if isinstance(s, bytes) else s for s in page.work() if s != b""]
    assert {frame.run for frame in frames(said)} == {3}
    x = x_of(only(one)).copy()
    x[0] = 5
    np.testing.assert_array_equal(answers(said), BOTH.run(x).answer.astype("f4"))
