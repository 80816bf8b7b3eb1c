"""What a document or a change cannot hold is refused, and the field is named."""

import pytest

from gruscope.wire.errors import wire_error
from tests.app.documents.small import (
    changed,
    clamp,
    edited,
    network,
    numbers,
    put,
    start,
    state,
    text,
)
from tests.app.support import LATCH

UNBIASED = network(input_size=2, bias=False)

REFUSED = {
    "no such example": (
        LATCH | {"network": {"kind": "example", "name": "nope"}},
        "range",
        "network.name",
    ),
    "too many units": (network(hidden_size=9, input_size=2), "range", "network.hidden_size"),
    "too many inputs": (network(input_size=7), "range", "network.input_size"),
    "too many symbols": (network(alphabet="abcdefg"), "range", "network.alphabet"),
    "no symbols": (network(alphabet=""), "range", "network.alphabet"),
    "a symbol twice": (network(alphabet="aba"), "alphabet", "network.alphabet"),
    "a megabyte of alphabet": (network(alphabet="a" * 2**20), "range", "network.alphabet"),
    "outside the alphabet": (text("..x."), "alphabet", "input.text.2"),
    "upper case": (text("A"), "alphabet", "input.text.0"),
    "no characters": (text(""), "length", "input"),
    "too many characters": (text("." * 11), "length", "input.text"),
    "text for a network of numbers": (
        network(input_size=2) | {"input": {"kind": "text", "text": "a"}},
        "alphabet",
        "input.text",
    ),
    "no rows": (numbers([]), "length", "input"),
    "too many rows": (numbers([[0, 0]] * 11), "length", "input.values"),
    "ragged": (numbers([[0, 0], [0]]), "shape", "input.values.1"),
    "empty rows": (numbers([[], []]), "shape", "input.values.0"),
    "an input too large": (numbers([[0, 0], [0, -51]]), "range", "input.values.1.1"),
    "tokens for a network without an embedding": (
        numbers([]) | {"input": {"kind": "tokens", "tokens": [0]}},
        "message",
        "input.tokens",
    ),
    "a view of a layer that is not there": (
        numbers([[0, 0]]) | {"view": {"layer": 1}},
        "range",
        "view.layer",
    ),
    "a view of a direction that is not there": (
        numbers([[0, 0]]) | {"view": {"direction": "reverse"}},
        "range",
        "view.direction",
    ),
    "no such row": (edited(put(row=4)), "range", "edits.0.row"),
    "no such column": (edited(put(), put(column=2)), "range", "edits.1.column"),
    "a matrix without a column": (edited(put(column=None)), "shape", "edits.0.column"),
    "a bias with a column": (edited(put(array="b_z")), "shape", "edits.0.column"),
    "a weight too large": (edited(put(value=-101)), "range", "edits.0.value"),
    "an array filled with a value too large": (
        edited({"op": "fill", "array": "b_z", "value": 101}),
        "range",
        "edits.0.value",
    ),
    "scaled beyond": (
        edited(put(value=60), {"op": "scale", "array": "W_z", "factor": 2}),
        "range",
        "edits.1.factor",
    ),
    "scaled beyond any number": (
        edited(put(value=60), {"op": "scale", "array": "W_z", "factor": 1e308}),
        "range",
        "edits.1.factor",
    ),
    "zeros scaled beyond any number of their dtype": (
        edited({"op": "zero", "array": "W_z"}, {"op": "scale", "array": "W_z", "factor": 1e300})
        | {"options": {"dtype": "float32"}},
        "range",
        "edits.1.factor",
    ),
    "a cell to restore without a row": (
        edited({"op": "restore", "array": "W_z", "column": 1}),
        "shape",
        "edits.0.row",
    ),
    "too many edits": (edited(*[put()] * 5), "length", "edits"),
    "a quantity of another cell": (edited(clamp(quantity="c")), "range", "edits.0.quantity"),
    "a unit that is not there": (edited(put(), clamp(unit=4)), "range", "edits.1.unit"),
    "a step that never is": (edited(clamp(t=10)), "range", "edits.0.t"),
    "a gate out of its bounds": (edited(clamp(value=1.5)), "range", "edits.0.value"),
    "a gate below its bounds": (edited(clamp(value=-0.1)), "range", "edits.0.value"),
    "a cell state that is too large": (
        network(input_size=2, cell="lstm") | {"edits": [clamp(quantity="c", value=101)]},
        "range",
        "edits.0.value",
    ),
    "a start out of bounds": (edited(start(value=1.5)), "range", "edits.0.value"),
    "a start of what is no state": (edited(start(quantity="c")), "range", "edits.0.quantity"),
    "a start of no unit": (edited(start(unit=9)), "range", "edits.0.unit"),
    "an ablated unit that is not there": (
        edited({"op": "ablate", "unit": 4}),
        "range",
        "edits.0.unit",
    ),
    "an edit that is off and fits no cell": (edited(put(row=4, off=True)), "range", "edits.0.row"),
    "a clamp that is off and fits no unit": (
        edited(clamp(unit=4, off=True)),
        "range",
        "edits.0.unit",
    ),
    "a bias that is not there": (
        UNBIASED | {"edits": [{"op": "zero", "array": "b_n"}]},
        "range",
        "edits.0.array",
    ),
}


@pytest.mark.parametrize(("document", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_a_document_is_refused_with_its_field(document, code, field):
    with pytest.raises(Exception) as refused:
        state(document)
    error = wire_error(refused.value)  # type: ignore[arg-type]
    assert (error.code, error.field) == (code, field)
    assert error.message.startswith(f"{field} must ") and ", got " in error.message


TEXTS = state(text("..a.b"))
ROWS = state(numbers([[0, 0], [1, 1], [2, 2]]))
EDITED = state(edited(put(value=60), {"op": "zero", "array": "U_z"}))

REFUSED_CHANGES = {
    "start beyond": (TEXTS, ("input", 6, 0, ""), "range", "start"),
    "remove beyond": (TEXTS, ("input", 3, 3, ""), "range", "remove"),
    "everything removed": (TEXTS, ("input", 0, 5, ""), "length", "input"),
    "too long": (TEXTS, ("input", 0, 0, "......"), "length", "input"),
    "outside the alphabet": (TEXTS, ("input", 0, 0, ".c"), "alphabet", "insert.1"),
    "rows into a text": (TEXTS, ("input", 0, 0, [[1, 2, 3]]), "message", "insert"),
    "text into rows": (ROWS, ("input", 0, 0, "a"), "message", "insert"),
    "a row of another size": (ROWS, ("input", 0, 0, [[0, 0], [1]]), "shape", "insert.1"),
    "a value too large": (ROWS, ("input", 0, 0, [[0, 99]]), "range", "insert.0.1"),
    "edits beyond": (EDITED, ("edits", 3, 0, []), "range", "start"),
    "more edits removed": (EDITED, ("edits", 1, 2, []), "range", "remove"),
    "too many edits": (EDITED, ("edits", 2, 0, [put()] * 3), "length", "edits"),
    "an appended edit": (EDITED, ("edits", 2, 0, [put(), put(row=9)]), "range", "insert.1.row"),
    "an inserted edit": (EDITED, ("edits", 1, 0, [put(), put(row=9)]), "range", "insert.1.row"),
}


@pytest.mark.parametrize(
    ("before", "splice", "code", "field"), REFUSED_CHANGES.values(), ids=REFUSED_CHANGES
)
def test_a_change_is_refused_with_its_field(before, splice, code, field):
    wanted = dict(zip(("kind", "start", "remove", "insert"), splice, strict=True))
    with pytest.raises(Exception) as refused:
        changed(before, **wanted)
    error = wire_error(refused.value)  # type: ignore[arg-type]
    assert (error.code, error.field) == (code, field)


def test_a_later_edit_that_no_longer_fits_is_named_by_its_place_in_the_list():
    scaled = state(edited(put(value=10), {"op": "scale", "array": "W_z", "factor": 5}))
    with pytest.raises(Exception, match="leave weights within") as refused:
        changed(scaled, kind="edits", start=0, remove=1, insert=[put(value=50)])
    assert wire_error(refused.value).field == "edits.1.factor"  # type: ignore[arg-type]
