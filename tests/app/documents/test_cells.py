"""Every cell and form through a session: its numbers, its refusals, changes of cell midway."""

from typing import Any

import numpy as np
import pytest

from gru_core import CELLS, LSTMParams, Params, cell, explain
from tests.app.session.test_session import frames, joined, say, values
from tests.app.support import Frame, random_document
from tests.app.talk import editing, message, opening, session

FORMS: list[tuple[str, dict[str, Any]]] = [
    ("gru", {}),
    ("gru", {"reset_after": False}),
    ("gru", {"z_keeps": False, "clip": 0.5}),
    ("lstm", {}),
    ("lstm", {"peepholes": True}),
    ("lstm", {"input_forget": True, "clip": 0.5}),
    ("rnn", {}),
    ("rnn", {"clip": 0.5}),
]
every_form = pytest.mark.parametrize(("name", "form"), FORMS)


def document(name: str = "lstm", T: int = 100, dtype: str = "float32", **form: Any) -> Any:
    given = random_document(T=T, H=8, I=3, options={"dtype": dtype, "form": form})
    given["network"]["cell"] = name
    return given


def core(name: str, dtype: str = "float32", **form: Any) -> Params:
    """Return a document's weights, computed independently."""
    params = CELLS[name].params.random(3, 8, seed=3, dtype=dtype)
    if form.pop("peepholes", False):
        rng = np.random.default_rng(3)
        p = [
            LSTMParams.random_array(n, 3, 8, seed=rng, dtype=dtype) for n in LSTMParams.STACKS["p"]
        ]
        params = LSTMParams(params.W, params.U, params.b, np.concatenate(p))
    return params.with_form(**form)


def rows(given: Any) -> Any:
    return np.array(given["input"]["values"], given["options"]["dtype"])


def replacing(given: Any) -> dict[str, Any]:
    return {"kind": "document", "document": given}


def errors(said: list[Any]) -> list[Any]:
    return [s for s in said if not isinstance(s, Frame) and s.type == "error"]


@every_form
def test_steps_are_the_core_s_numbers_bit_for_bit(name, form):
    given = document(name, **form)
    names = list(CELLS[name].params.VALUES)
    trace = cell(core(name, **form)).run(rows(given))
    page = session(first_span=5, largest_span=30)
    said = say(page, opening(given, arrays=names))
    assert len(frames(said)) > 3
    for value in names:
        np.testing.assert_array_equal(joined(said, value), trace.values[value])


@every_form
def test_an_edit_midway_resumes_bit_for_bit(name, form):
    given = document(name, **form)
    page = session()
    say(page, opening(given))
    change = {"kind": "input", "start": 60, "remove": 1, "insert": [[1.0, -1.0, 0.5]] * 3}
    said = say(page, editing(2, change, keep=60))
    x = rows(given)
    x = np.concatenate([x[:60], np.float32([[1.0, -1.0, 0.5]] * 3), x[61:]])
    trace = cell(core(name, **form)).run(x)
    assert frames(said)[0].meta["start"] == "60" and said[-1].steps == 102
    for value in values(frames(said)[0]):
        np.testing.assert_array_equal(joined(said, value), trace.values[value][60:])


@every_form
def test_a_weight_edit_runs_from_the_start_bit_for_bit(name, form):
    given, params = document(name, **form), core(name, **form)
    page = session()
    say(page, opening(given))
    for run, array in enumerate(params.arrays(), 2):
        insert = [{"op": "scale", "array": array, "factor": 0.25}, {"op": "random", "array": array}]
        insert[1] |= {"seed": run}
        said = say(page, editing(run, {"kind": "edits", "start": 0, "remove": 0, "insert": insert}))
        fresh = params.random_array(array, 3, 8, seed=run, dtype="float32")
        trace = cell(params.replace(**{array: fresh})).run(rows(given))
        np.testing.assert_array_equal(joined(said, "h"), trace.h)
        (weights,) = frames(said, "weights")
        assert list(weights.arrays) == [array]
        np.testing.assert_array_equal(weights.arrays[array], fresh)
        say(page, editing(99 + run, {"kind": "edits", "start": 0, "remove": 2, "insert": []}))
        page = session()
        say(page, opening(given))


@every_form
def test_every_equation_s_value_is_explained_and_its_terms_add_up(name, form):
    given, params = document(name, dtype="float64", T=20, **form), core(name, "float64", **form)
    page = session()
    say(page, opening(given))
    trace = cell(params).run(rows(given))
    for equation in params.equations():
        ask = message(type="inspect", id=5, quantity=equation.value, t=7, unit=2)
        (said,) = say(page, ask)
        expected = explain(trace, params, equation.value, 7, 2)
        assert (said.type, said.activation) == ("explained", expected.activation)
        assert said.result == expected.result == trace.values[equation.value][7, 2]
        total = said.result if said.pre_activation is None else said.pre_activation
        assert sum(term.product for term in said.terms) == pytest.approx(total, abs=1e-12)
        assert [t.kind for t in said.terms] == [t.kind for t in expected.terms]


@pytest.mark.parametrize(
    ("name", "quantity"), [("gru", "c"), ("lstm", "z"), ("lstm", "n"), ("rnn", "r"), ("rnn", "i")]
)
def test_a_value_that_the_cell_does_not_have_is_refused(name, quantity):
    page = session()
    ask = message(type="inspect", id=5, quantity=quantity, t=0, unit=0)
    for said in (say(page, opening(document(name)), ask), say(page, ask)):
        (error,) = errors(said)
        assert (error.code, error.field, error.id) == ("range", "quantity", 5)


@pytest.mark.parametrize(("name", "array"), [("gru", "c"), ("lstm", "a_z"), ("rnn", "z")])
def test_values_that_the_cell_does_not_have_are_refused_at_open_without_an_effect(name, array):
    page = session()
    say(page, opening(document("gru"), arrays=["u"]))
    (error,) = say(page, opening(document(name), run=2, arrays=["h", array]))
    assert (error.code, error.field, error.run) == ("range", "arrays", 2)
    said = say(page, editing(2, {"kind": "input", "start": 0, "remove": 1, "insert": []}))
    assert values(frames(said)[0]) == {"u"}


@pytest.mark.parametrize("array", ["W_i", "p_o", "W", "b"])
def test_an_array_of_another_cell_cannot_be_edited(array):
    given = document("gru") | {"edits": [{"op": "zero", "array": array}]}
    (error,) = errors(say(session(), opening(given)))
    assert (error.code, error.field) == ("range", "document.edits.0.array")


def test_peepholes_can_be_edited_only_if_the_form_has_them():
    edit = {"op": "set", "array": "p_f", "row": 1, "value": 0.5}
    said = say(session(), opening(document(peepholes=True) | {"edits": [edit]}))
    assert frames(said, "weights")[1].arrays["p_f"][1] == 0.5
    (error,) = errors(say(session(), opening(document() | {"edits": [edit]})))
    assert error.field == "document.edits.0.array"


def test_shown_values_are_sent_by_default():
    for name, shown in (("gru", "zrnh"), ("lstm", "ifgcohm"), ("rnn", "h")):
        assert values(frames(say(session(), opening(document(name))))[0]) == set(shown)


def test_a_change_of_cell_sends_the_default_arrays_and_a_change_of_form_the_requested_ones():
    page = session()
    say(page, opening(document("gru"), arrays=["u", "h"]))
    said = say(page, editing(2, replacing(document("gru", reset_after=False))))
    assert values(frames(said)[0]) == {"u", "h"}
    said = say(page, editing(3, replacing(document("lstm"))))
    assert values(frames(said)[0]) == set("ifgcohm")
    said = say(page, editing(4, replacing(document("gru"))))
    assert values(frames(said)[0]) == set("zrnh")


def test_a_form_keeps_the_weights_and_the_edits():
    page, edit = session(), {"op": "set", "array": "U_n", "row": 0, "column": 1, "value": 2.0}
    given = document("gru") | {"edits": [edit]}
    before = say(page, opening(given))
    other = document("gru", reset_after=False, z_keeps=False) | {"edits": [edit]}
    after = say(page, editing(2, replacing(other)))
    for one, same in zip(frames(before, "weights"), frames(after, "weights"), strict=True):
        assert one.meta["of"] == same.meta["of"]
        for name, array in one.arrays.items():
            np.testing.assert_array_equal(array, same.arrays[name])
    assert not np.array_equal(joined(before, "h"), joined(after, "h"))


def test_the_cell_changes_in_the_middle_of_a_run_and_back():
    page = session()
    before = say(page, opening(document("gru")))
    list(page.receive(editing(2, replacing(document("gru", z_keeps=False)))))
    run = page.work()
    next(run), next(run)  # its weights and first steps are out when another cell is chosen
    (told,) = page.receive(editing(3, replacing(document("lstm"))))
    run.close()
    assert (told.run, told.cell) == (3, "lstm")
    run = page.work()
    next(run), next(run)
    said = say(page, editing(4, replacing(document("rnn"))))  # nor does this one get to its end
    run.close()
    assert {f.meta["run"] for f in frames(said)} == {"4"}
    trace = cell(core("rnn")).run(rows(document("rnn")))
    np.testing.assert_array_equal(joined(said, "h"), trace.h)
    after = say(page, editing(5, replacing(document("gru"))))  # undo
    for value in ("z", "r", "n", "h"):
        np.testing.assert_array_equal(joined(before, value), joined(after, value))
    assert after[0] == before[0].model_copy(update={"run": 5})


def test_a_waiting_question_is_refused_when_its_cell_is_replaced():
    page = session()
    list(page.receive(opening(document("gru"))))
    for id, quantity in ((7, "z"), (8, "h")):
        list(page.receive(message(type="inspect", id=id, quantity=quantity, t=90, unit=0)))
    said = say(page, editing(2, replacing(document("lstm"))))
    (error,) = errors(said)
    assert (error.code, error.field, error.id) == ("range", "quantity", 7)
    answer = next(s for s in said if not isinstance(s, Frame) and s.type == "explained")
    assert (answer.id, answer.run) == (8, 2)


def test_one_edit_sets_a_whole_array_to_a_value():
    own = core("lstm", "float64")
    given = document(dtype="float64")
    filled = [{"op": "fill", "array": "b_f", "value": 1.0}]
    expected = cell(own.replace(b_f=np.ones(8))).run(rows(given))
    assert not np.allclose(expected.h, cell(own).run(rows(given)).h, atol=1e-3)
    page = session()
    say(page, opening(given))
    insert = {"kind": "edits", "start": 0, "remove": 0, "insert": filled}
    said = say(page, editing(2, insert))
    np.testing.assert_array_equal(joined(said, "h"), expected.h.astype("float32"))
    said = say(page, editing(3, insert | {"remove": 1, "insert": []}))
    np.testing.assert_array_equal(joined(said, "h"), cell(own).run(rows(given)).h.astype("float32"))


def test_edits_are_spliced_into_the_cell_that_is_there():
    page = session()
    say(page, opening(document("gru")))
    say(page, editing(2, replacing(document("rnn"))))
    insert = [{"op": "zero", "array": "W_z"}]
    (error,) = say(page, editing(3, {"kind": "edits", "start": 0, "remove": 0, "insert": insert}))
    assert (error.code, error.field) == ("range", "change.insert.0.array")
    insert = [{"op": "zero", "array": "W"}, {"op": "zero", "array": "U"}]
    said = say(page, editing(4, {"kind": "edits", "start": 0, "remove": 0, "insert": insert}))
    assert not joined(said, "h").any()
