"""Questions about any layer, any direction and any output of a whole network, against the core."""

import math
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, Network, explain
from gru_core.explanation.output import explain_output
from gru_core.explanation.terms import Explanation
from gru_core.explanation.vectors import vectors
from gruscope.documents.layers import params_at
from tests.app.documents.mixed import MIXED, each_trace, whole
from tests.app.documents.test_library import library, only, x_of
from tests.app.session.test_session import frames, say
from tests.app.talk import editing, message, opening, session

NETWORKS = {"mixed": MIXED, "lstm": whole("lstm", 2), "gru": whole("gru", 2, "sigmoid")}
every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
HELD = {"op": "clamp", "quantity": "h", "unit": 1, "t": 6, "value": 0.25}


def opened(network: Network, *edits: dict[str, Any]) -> Any:
    one = library(network)
    page = session(one)
    say(page, opening(only(one).document.model_dump() | {"edits": list(edits)}))
    return page


def held(network: Network) -> tuple[dict[str, Any], Any]:
    """Return a clamp in the last layer's last direction, and the run with it."""
    layer, direction = len(network.layers) - 1, network.layers[-1].reads[-1]
    edit = HELD | {"layer": layer, "direction": direction}
    clamp = Clamp("h", 1, 0.25, 6, layer, direction)
    return edit, network.run(x_of(only(library(network))), clamps=[clamp])


def assert_explains(said: Any, expected: Explanation) -> None:
    assert said.type == "explained"
    for name in ("t", "unit", "result", "computed", "clamped", "pre_activation", "activation"):
        assert getattr(said, name) == getattr(expected, name)
    assert said.quantity == expected.value
    assert len(said.terms) == len(expected.terms)
    for term, wanted in zip(said.terms, expected.terms, strict=True):
        assert (term.kind, term.product) == (wanted.kind, wanted.product)
        for factor, one in zip(term.factors, wanted.factors, strict=True):
            reference = one.reference
            assert (factor.kind, factor.name) == (reference.kind, reference.name)
            assert (factor.of, factor.index, factor.value) == (
                reference.of,
                list(one.index),
                one.value,
            )


@every_network
def test_inspect_equals_explain_in_every_layer_and_direction(network):
    edit, trace = held(network)
    page = opened(network, edit)
    for (layer, direction), one in each_trace(trace).items():
        params = params_at(network, (layer, direction))
        place = {"layer": layer, "direction": direction}
        for equation in params.equations():
            for t in (0, 6, 47):
                ask = {"quantity": equation.value, "t": t, "unit": 1}
                (said,) = say(page, message(type="inspect", id=7, **place, **ask))
                assert (said.layer, said.direction, said.id) == (layer, direction, 7)
                assert_explains(said, explain(one, params, equation.value, t, 1))


@every_network
def test_step_equals_vectors_in_every_layer_and_direction(network):
    edit, trace = held(network)
    page = opened(network, edit)
    for (layer, direction), one in each_trace(trace).items():
        params = params_at(network, (layer, direction))
        for t in (0, 6, 47):
            ask = message(type="step", id=8, t=t, layer=layer, direction=direction)
            (frame,) = frames(say(page, ask), "step")
            assert (frame.meta["layer"], frame.meta["direction"]) == (str(layer), direction)
            expected = vectors(one, params, t)
            assert frame.arrays.keys() == expected.keys()
            for name, array in expected.items():
                np.testing.assert_array_equal(frame.arrays[name], array.astype("f4"))


@pytest.mark.parametrize("head", ["identity", "sigmoid", "softmax"])
def test_the_terms_of_an_output_add_up_to_its_logit(head):
    network = whole("lstm", 2, head)
    edit, trace = held(network)
    page = opened(network, edit)
    assert network.readout is not None
    for t in (0, 6, 47):
        for unit in range(network.readout.output_size):
            (said,) = say(page, message(type="inspect_output", id=9, t=t, unit=unit))
            assert_explains(said, explain_output(trace, network.readout, t, unit))
            assert (said.quantity, said.id, said.run) == ("y", 9, 1)
            assert said.result == trace.answer[t, unit]
            total = math.fsum(term.product for term in said.terms)
            assert total == pytest.approx(trace.output[t, unit], abs=1e-12)


def test_an_output_is_asked_for_before_it_is_computed_and_after_an_edit():
    network = whole()
    one = library(network)
    page = session(one)
    ask = message(type="inspect_output", id=9, t=30, unit=2)
    said = say(page, opening(only(one).document.model_dump()), ask)
    kinds = [s.meta["type"] if hasattr(s, "meta") else s.type for s in said]
    assert kinds == [
        *("opened", "weights", "steps", "output", "steps", "explained", "output", "map", "done")
    ]
    trace = network.run(x_of(only(one)))
    assert said[5].result == trace.answer[30, 2]
    ablate = {"op": "ablate", "layer": 1, "unit": 0}
    say(page, editing(2, {"kind": "edits", "start": 0, "remove": 0, "insert": [ablate]}))
    (said,) = say(page, ask)
    assert said.run == 2 and said.terms[0].product == 0 and said.result != trace.answer[30, 2]


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        ({"type": "inspect_output", "t": 0, "unit": 5}, "range", "unit"),
        ({"type": "inspect_output", "t": 48, "unit": 0}, "range", "t"),
        ({"type": "inspect_output", "t": 0, "unit": 0, "layer": 2}, "range", "layer"),
        ({"type": "inspect", "t": 0, "unit": 0, "quantity": "y"}, "range", "quantity"),
        ({"type": "inspect", "t": 0, "unit": 0, "quantity": "h", "layer": 2}, "range", "layer"),
        ({"type": "inspect", "t": 0, "unit": 4, "quantity": "h", "layer": 1}, "range", "unit"),
        ({"type": "step", "t": 0, "direction": "reverse"}, "range", "direction"),
    ],
)
def test_a_question_that_the_network_does_not_fit_is_refused(ask, code, field):
    page = opened(whole())
    (error,) = say(page, message(id=4, **ask))
    assert (error.code, error.field, error.id) == (code, field, 4)


def test_a_network_without_a_readout_has_no_outputs_to_ask_about():
    (error,) = say(
        opened(MIXED), message(type="inspect_output", id=4, t=0, unit=0, direction="reverse")
    )
    assert (error.code, error.field, error.id) == ("message", "type", 4)
    assert "readout" in error.message
    page = session()
    (error,) = say(page, message(type="inspect_output", id=4, t=0, unit=0))
    assert error.code == "no_document"
