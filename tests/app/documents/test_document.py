"""Documents become arrays, and a change keeps what it does not touch."""

import itertools
from typing import Any

import numpy as np
import pytest

from gru_core import Clamp, GRUParams
from gruscope.settings import Settings
from tests.app.documents.small import changed, clamp, edited, network, numbers, put, start, state

HERE = (0, "forward")
ROWS = state(numbers([[0, 0], [1, 1], [2, 2]]))


def test_edits_apply_in_order():
    own = GRUParams.random(2, 4, seed=3)
    given = edited(
        put(value=2),
        {"op": "scale", "array": "W_z", "factor": 3},
        put(row=1, column=1, value=7),
        {"op": "restore", "array": "W_z", "row": 0, "column": 1},
    )
    expected = own.W_z * 3
    expected[0, 0], expected[1, 1], expected[0, 1] = 6, 7, own.W_z[0, 1]
    np.testing.assert_array_equal(state(given).params.W_z, expected)
    np.testing.assert_array_equal(state(given).own.W_z, own.W_z)


def test_edits_before_an_array_is_replaced_are_checked_but_not_applied(monkeypatch):
    drawn = []

    random_array = GRUParams.random_array

    def watched(cls: Any, name: str, *sizes: int, seed: int, **options: Any) -> Any:
        drawn.append(seed)
        return random_array(name, *sizes, seed=seed, **options)

    monkeypatch.setattr(GRUParams, "random_array", classmethod(watched))
    fresh = [{"op": "random", "array": "U_n", "seed": seed} for seed in range(500)]
    many = {"op": "scale", "array": "U_n", "factor": 2}
    built = state(edited(*fresh, many), Settings())
    assert drawn == [499]
    np.testing.assert_array_equal(built.params.U_n, 2 * random_array("U_n", 2, 4, seed=499))
    with pytest.raises(Exception, match="row must be less than 4"):
        state(edited(put(array="U_n", row=4), *fresh), Settings())


@pytest.mark.parametrize(
    "op",
    [{"op": "zero"}, {"op": "fill", "value": 2.5}, {"op": "restore"}, {"op": "random", "seed": 1}],
)
def test_a_replaced_array_keeps_no_earlier_edit(op):
    op |= {"array": "W_z"}
    after = state(edited(put(), op, put(row=1))).params
    np.testing.assert_array_equal(after.W_z, state(edited(op, put(row=1))).params.W_z)


def test_edits_that_touch_too_many_values_are_refused_before_they_are_done():
    scale = {"op": "scale", "array": "U_n", "factor": 1.0}
    large = network(hidden_size=512, input_size=2)
    built = state(large | {"edits": [scale] * 100}, Settings())
    with pytest.raises(
        Exception, match="edits must touch at most 536870912 values, got 2621440000"
    ):
        state(large | {"edits": [scale] * 10_000}, Settings())
    with pytest.raises(Exception, match="edits must touch at most 536870912 values"):
        changed(built, Settings(), kind="edits", start=0, remove=1, insert=[scale] * 9_000)


@pytest.mark.parametrize(
    ("edits", "values"),
    [
        ([put()], 1),
        ([{"op": "restore", "array": "U_n", "row": 1, "column": 1}], 1),
        ([{"op": "scale", "array": "U_n", "factor": 2.0}] * 3, 48),
        ([{"op": "zero", "array": "W_n"}], 8),
        ([{"op": "scale", "array": "U_n", "factor": 2.0}, {"op": "restore", "array": "U_n"}], 16),
        ([{"op": "scale", "array": "U_n", "factor": 2.0, "off": True}], 0),
    ],
)
def test_edits_are_charged_by_the_values_they_touch(edits, values):
    document = network(hidden_size=4, input_size=2) | {"edits": edits}
    state(document, Settings(edit_values=values))
    if values:
        with pytest.raises(Exception, match=f"at most {values - 1} values, got {values}"):
            state(document, Settings(edit_values=values - 1))


def test_random_networks_and_arrays_have_a_gain():
    fresh = {"op": "random", "array": "U_r", "seed": 9, "gain": 3.0}
    built = state(network(input_size=2, gain=2.0) | {"edits": [fresh]})
    own = GRUParams.random(2, 4, seed=1, gain=2.0)
    np.testing.assert_array_equal(built.own.W, own.W)
    np.testing.assert_array_equal(built.own.U, own.U)
    expected = GRUParams.random_array("U_r", 2, 4, seed=9, gain=3.0)
    np.testing.assert_array_equal(built.params.U_r, expected)


@pytest.mark.parametrize("array", ["W_r", "U_r", "b_hn"])
def test_no_step_remains_valid_after_a_weight_edit(array):
    zero = {"op": "zero", "array": array}
    got = changed(ROWS, kind="edits", start=0, remove=0, insert=[zero])
    assert (got.stands, got.touched) == ((0,), {(HERE, array)})


def test_steps_that_remain_valid_after_an_input_edit():
    got = changed(ROWS, kind="input", start=2, remove=1, insert=[[5, 6], [7, 8]])
    assert (got.stands, got.touched) == ((2,), set())
    np.testing.assert_array_equal(got.state.x, [[0, 0], [1, 1], [5, 6], [7, 8]])
    assert len(ROWS.x) == 3


def test_an_empty_splice_leaves_everything_standing():
    for kind in ("edits", "input"):
        got = changed(ROWS, kind=kind, start=3 if kind == "input" else 0, remove=0, insert=[])
        assert (got.stands, got.touched) == ((3,), set())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_options_choose_the_dtype(dtype):
    built = state(numbers([[0.1, 0.2]]) | {"options": {"dtype": dtype}})
    assert built.params.dtype == built.x.dtype == dtype


def test_text_counts_characters_not_bytes_or_utf16_units():
    given = network(alphabet="a🙂é") | {"input": {"kind": "text", "text": "🙂a"}}
    got = changed(state(given), kind="input", start=1, remove=0, insert="é🙂")
    np.testing.assert_array_equal(got.state.x.argmax(axis=1), [1, 2, 1, 0])


def spliced(before: Any, start: int, remove: int, *insert: dict[str, Any]) -> Any:
    return changed(before, kind="edits", start=start, remove=remove, insert=list(insert))


@pytest.mark.parametrize(
    ("edit", "stands"),
    [
        (clamp(t=2), 2),
        (clamp(t=0), 0),
        (clamp(), 0),
        (clamp(t=9), 3),
        (start(), 0),
        (start(value=0.0), 3),
        ({"op": "ablate", "unit": 1}, 0),
        (clamp(t=1, off=True), 3),
        (start(off=True), 3),
        (put(off=True), 3),
    ],
)
def test_steps_that_remain_valid_after_a_hold(edit, stands):
    got = spliced(ROWS, 0, 0, edit)
    assert (got.stands, got.touched) == ((stands,), set())
    back = spliced(got.state, 0, 1)
    assert (back.stands, back.touched) == ((stands,), set())


def test_a_hold_together_with_a_weight_invalidates_every_step():
    got = spliced(ROWS, 0, 0, clamp(t=2), put(array="b_z", column=None))
    assert (got.stands, got.touched) == ((0,), {(HERE, "b_z")})


def test_an_edit_that_later_ones_hide_changes_nothing():
    before = spliced(ROWS, 0, 0, clamp(t=1), start()).state
    assert spliced(before, 0, 0, clamp(t=1, value=0.25)).stands == (3,)
    assert spliced(before, 0, 0, start(value=0.25)).stands == (3,)
    assert spliced(before, 1, 0, clamp(t=1, value=0.25)).stands == (1,)


def test_holds_apply_in_order():
    ablate = {"op": "ablate", "unit": 0}
    built = state(edited(start(), ablate, start(unit=2, value=-1.0), clamp(quantity="h", t=7)))
    assert built.holds.starts[HERE]["h"].tolist() == [0, 0, -1, 0]
    assert built.clamps == (Clamp("h", 0, 0.0),)
    assert state(edited(ablate, start())).holds.starts[HERE]["h"].tolist() == [0.5, 0, 0, 0]


def test_a_clamp_waits_for_its_step():
    short = spliced(ROWS, 0, 0, clamp(t=4), clamp(t=1)).state
    assert [c.t for c in short.clamps] == [1]
    longer = changed(short, kind="input", start=3, remove=0, insert=[[0, 0]] * 2)
    assert (longer.stands, [c.t for c in longer.state.clamps]) == ((3,), [4, 1])
    cut = changed(longer.state, kind="input", start=0, remove=4, insert=[])
    assert (cut.stands, cut.state.clamps) == ((0,), ())


def test_switching_edits_off_and_on_composes_in_any_order():
    every = [put(value=2), {"op": "scale", "array": "W_z", "factor": 3}, clamp(t=0), start()]
    before = state(edited(*every))
    for order in itertools.permutations(range(4)):
        now = before
        for k in order:
            now = spliced(now, k, 1, every[k] | {"off": True}).state
        assert (now.clamps, now.holds.starts[HERE]["h"].any()) == ((), False)
        np.testing.assert_array_equal(now.params.W, before.own.W)
        for k in reversed(order):
            now = spliced(now, k, 1, every[k]).state
        assert now.clamps == before.clamps
        np.testing.assert_array_equal(now.holds.starts[HERE]["h"], before.holds.starts[HERE]["h"])
        np.testing.assert_array_equal(now.params.W, before.params.W)
