"""Edits, holds and views in any layer and direction of a network, against the core."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, Network
from gruscope.documents.document import State, build, change
from gruscope.documents.holds import nothing
from gruscope.documents.layers import Place, params_at, places, with_params
from gruscope.documents.runs import started
from gruscope.settings import Settings
from gruscope.wire.schema import Document
from tests.app.documents.mixed import MIXED, each_params, each_trace, whole
from tests.app.documents.test_library import library, only
from tests.app.session.test_session import frames, joined, say
from tests.app.talk import editing, opening, session

NETWORKS = {
    "mixed": MIXED,
    "gru": whole(),
    "lstm in both directions": whole("lstm", 2, "sigmoid"),
    "rnn": whole("rnn", head="identity"),
}
every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def document(network: Network, *edits: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return only(library(network)).document.model_dump() | {"edits": list(edits)} | parts


def state(network: Network, *edits: dict[str, Any]) -> State:
    made = Document.model_validate(document(network, *edits))
    return build(made, Settings(), library(network))


def at(place: Place, **edit: Any) -> dict[str, Any]:
    return {"layer": place[0], "direction": place[1], **edit}


def splice(start: int, remove: int, *insert: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "edits", "start": start, "remove": remove, "insert": list(insert)}


def assert_run_equals(built: State, expected: Any) -> None:
    """Compare every value of every layer and direction, and the answer, bit for bit."""
    *_, last = started(built, Settings())
    assert last.trace is not None
    found, wanted = each_trace(last.trace), each_trace(expected)
    assert found.keys() == wanted.keys()
    for place, trace in wanted.items():
        for name, rows in trace.values.items():
            np.testing.assert_array_equal(found[place].values[name], rows)
    np.testing.assert_array_equal(last.trace.answer, expected.answer)


@every_network
def test_a_weight_edit_in_any_place_is_the_network_with_those_weights(network):
    before = state(network)
    plain = network.run(before.x)
    for place, params in each_params(network).items():
        name = next(iter(params.arrays()))
        changed = {place: params.replace(**{name: params.arrays()[name] * 0.5})}
        expected = with_params(network, changed).run(before.x)
        scale = at(place, op="scale", array=name, factor=0.5)
        built = state(network, scale)
        assert_run_equals(built, expected)
        assert not np.array_equal(expected.answer, plain.answer)
        assert_same_but(network, built.edited, place)
        later = change(before, editing(1, splice(0, 0, scale)).change, Settings())  # type: ignore
        assert later.touched == {(place, name)}
        assert_run_equals(later.state, expected)
        stands = [len(before.x) if k != place[0] else 0 for k in range(len(network.layers))]
        assert later.stands == tuple(stands)


def assert_same_but(own: Network, edited: Network, place: Place) -> None:
    for other in places(own):
        assert (params_at(edited, other) is params_at(own, other)) == (other != place)
    assert edited.readout is own.readout and edited.embedding is own.embedding


@every_network
def test_a_clamp_in_any_place_is_the_core_s(network):
    before = state(network)
    plain = network.run(before.x)
    for place in places(network):
        clamp = Clamp("h", 1, 0.25, 7, *place)
        expected = network.run(before.x, clamps=[clamp])
        built = state(network, at(place, op="clamp", quantity="h", unit=1, t=7, value=0.25))
        assert built.clamps == (clamp,)
        assert_run_equals(built, expected)
        assert not np.array_equal(expected.answer, plain.answer)
        throughout = state(network, at(place, op="ablate", unit=0))
        h0, c0 = starts(network)
        h0[places(network).index(place)][0] = 0
        ablated = network.run(before.x, h0, c0, clamps=[Clamp("h", 0, 0.0, None, *place)])
        assert_run_equals(throughout, ablated)


def starts(network: Network) -> tuple[list[Any], list[Any] | None]:
    """Return h and c before the first step of every place, as copies."""
    found = nothing(network).starts.values()
    c0 = [None if (c := one.get("c")) is None else c.copy() for one in found]
    return [one["h"].copy() for one in found], c0 if any(c is not None for c in c0) else None


@every_network
def test_a_start_in_any_place_is_the_core_s_and_others_start_from_their_own(network):
    before = state(network)
    for k, place in enumerate(places(network)):
        h0, c0 = starts(network)
        h0[k][1] = -0.75
        edits = [at(place, op="start", quantity="h", unit=1, value=-0.75)]
        if "c" in params_at(network, place).STATES:
            assert c0 is not None
            c0[k][0] = 3.0
            edits.append(at(place, op="start", quantity="c", unit=0, value=3.0))
        assert_run_equals(state(network, *edits), network.run(before.x, h0, c0))
    assert_run_equals(before, network.run(before.x))


def test_what_stands_counts_each_layer_by_its_own_edits():
    network = whole("gru", 2)
    before = state(network)
    T = len(before.x)

    def stands(*edits: dict[str, Any]) -> tuple[int, ...]:
        got = change(before, editing(1, splice(0, 0, *edits)).change, Settings())  # type: ignore
        return got.stands

    hold = {"op": "clamp", "quantity": "z", "unit": 0, "value": 0.5}
    assert stands(at((1, "reverse"), t=9, **hold)) == (T, 9)
    assert stands(at((0, "forward"), t=9, **hold), at((1, "forward"), t=4, **hold)) == (9, 4)
    assert stands(at((0, "forward"), t=9, **hold), at((0, "reverse"), t=4, **hold)) == (4, T)
    assert stands(at((0, "forward"), t=9, off=True, **hold)) == (T, T)
    start = {"op": "start", "quantity": "h", "unit": 0}
    own = float(network.layers[1].h0[0, 0])
    assert stands(at((1, "forward"), value=own, **start)) == (T, T)
    assert stands(at((1, "forward"), value=0.5, **start)) == (T, 0)


@every_network
def test_the_own_weights_and_the_edited_ones_of_a_view_are_sent(network):
    """Opening a view sends the edited arrays of its own place, and no others."""
    edits = [
        at(place, op="scale", array=next(iter(params.arrays())), factor=0.5)
        for place, params in each_params(network).items()
    ]
    for place, params in each_params(network).items():
        layer, direction = place
        shown = document(network, *edits, view={"layer": layer, "direction": direction})
        said = say(session(library(network)), opening(shown))
        own, edited = frames(said, "weights")
        assert (own.meta["of"], edited.meta["of"]) == ("network", "edits")
        for frame in (own, edited):
            assert (frame.meta["layer"], frame.meta["direction"]) == (str(layer), direction)
        name = next(iter(params.arrays()))
        assert set(own.arrays) == set(params.arrays()) and list(edited.arrays) == [name]
        expected = (params.arrays()[name] * 0.5).astype("f4")
        np.testing.assert_array_equal(edited.arrays[name], expected)
        own_h = each_trace(network.run(state(network).x))[place].h
        assert joined(said, "h").shape == own_h.shape


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (at((3, "forward"), op="ablate", unit=0), "layer"),
        (at((0, "forward"), op="ablate", unit=0), "direction"),
        (at((2, "reverse"), op="zero", array="W"), "direction"),
        (at((2, "forward"), op="zero", array="W_z"), "array"),
        (at((1, "forward"), op="clamp", quantity="c", unit=0, value=0.0), "quantity"),
        (at((1, "forward"), op="start", quantity="c", unit=0, value=0.0), "quantity"),
        (at((1, "reverse"), op="ablate", unit=2), "unit"),
        (at((0, "reverse"), op="clamp", quantity="y", unit=0, value=0.0), "quantity"),
        (at((1, "forward"), op="set", array="W_z", row=0, column=4, value=0.0), "column"),
    ],
)
def test_an_edit_must_fit_the_layer_that_it_names(edit, field):
    """MIXED has an LSTM in reverse, a GRU of two directions and a simple RNN."""
    with pytest.raises(Exception) as refused:
        state(MIXED, edit)
    assert getattr(refused.value, "field", "") == f"edits.0.{field}"
    page = session(library(MIXED))
    say(page, opening(document(MIXED)))
    (error,) = say(page, editing(2, splice(0, 0, edit)))
    assert (error.code, error.field) == ("range", f"change.insert.0.{field}")


def test_a_state_is_replaced_not_changed():
    before = state(whole())
    copy = replace(before)
    edit = at((1, "forward"), op="zero", array="U_z")
    change(before, editing(1, splice(0, 0, edit)).change, Settings())  # type: ignore
    assert before == copy and params_at(before.edited, (1, "forward")).arrays()["U_z"].any()
