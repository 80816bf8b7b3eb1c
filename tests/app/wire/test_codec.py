import json
import math
from typing import Any

import numpy as np
import pytest

from gruscope.session.protocol import SERVER, decode
from gruscope.settings import Settings
from gruscope.wire.codec import check_parts, encode, frame, identity
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import Pong
from gruscope.wire.meta import StepsMeta
from gruscope.wire.schema import Edit
from tests.app.support import LATCH, random_document, read_frame

OPEN = {"type": "open", "run": 1, "document": LATCH}
SET = {"op": "set", "array": "W_z", "row": 3, "column": 5, "value": 0.4}


def edit(**change: Any) -> dict[str, Any]:
    return {"type": "edit", "run": 2, "keep": 7, "change": change}


def edits(*insert: dict[str, Any]) -> dict[str, Any]:
    return edit(kind="edits", start=0, remove=1, insert=list(insert))


def document(**parts: Any) -> dict[str, Any]:
    return OPEN | {"document": LATCH | parts}


def network(**parts: Any) -> dict[str, Any]:
    return document(network={"kind": "random", "hidden_size": 4, "seed": 1, **parts})


VALID = {
    "open": OPEN,
    "open with arrays": OPEN | {"arrays": ["z", "a_z", "u"]},
    "open with edits": document(edits=[SET]),
    "numbers": OPEN | {"document": random_document()},
    "integers as numbers": document(input={"kind": "numbers", "values": [[1, 0]]}),
    "an alphabet": network(alphabet=" ab"),
    "an input size": network(input_size=2, bias=False),
    "a gain": network(input_size=2, gain=2.5),
    "float32": document(options={"dtype": "float32"}),
    "insert text": edit(kind="input", start=7, remove=1, insert="a"),
    "insert rows": edit(kind="input", start=7, remove=1, insert=[[0.5, 1]]),
    "a whole document": edit(kind="document", document=LATCH),
    "no keep": {k: v for k, v in edits(SET).items() if k != "keep"},
    "set a bias": edits({"op": "set", "array": "b_hn", "row": 0, "value": 1}),
    "column null": edits({"op": "set", "array": "b_z", "row": 0, "column": None, "value": 1}),
    "zero": edits({"op": "zero", "array": "U_n"}),
    "fill": edits({"op": "fill", "array": "b_n", "value": -1.5}),
    "random": edits({"op": "random", "array": "U_n", "seed": 7, "gain": 2.0}),
    "scale": edits({"op": "scale", "array": "U_n", "factor": -0.5}),
    "restore": edits({"op": "restore", "array": "U_n"}),
    "restore a cell": edits({"op": "restore", "array": "U_n", "row": 1, "column": 0}),
    "inspect": {"type": "inspect", "id": 5, "quantity": "z", "t": 6, "unit": 3},
    "ping": {"type": "ping", "id": 9},
}


@pytest.mark.parametrize("message", VALID.values(), ids=VALID)
def test_a_valid_message_is_read_completely(message):
    decoded = decode(json.dumps(message)).model_dump(exclude_unset=True)
    assert decoded == message


INVALID = {
    "no type": ({"run": 1}, "message", "type"),
    "unknown type": ({"type": "train"}, "message", "type"),
    "type of a number": ({"type": 3}, "message", "type"),
    "not an object": ([1, 2], "message", None),
    "null": (None, "message", None),
    "missing field": ({"type": "ping"}, "message", "id"),
    "unknown field": ({"type": "ping", "id": 1, "x": 2}, "message", "x"),
    "text for a number": ({"type": "ping", "id": "1"}, "message", "id"),
    "a float for an integer": ({"type": "ping", "id": 1.0}, "message", "id"),
    "a boolean for an integer": ({"type": "ping", "id": True}, "message", "id"),
    "negative": ({"type": "ping", "id": -1}, "range", "id"),
    "beyond what a page can count": ({"type": "ping", "id": 2**53}, "range", "id"),
    "beyond any integer": ({"type": "ping", "id": 10**40}, "range", "id"),
    "no document": ({"type": "open", "run": 1}, "message", "document"),
    "unknown network": (document(network={"kind": "url"}), "message", "document.network.kind"),
    "no seed": (document(network={"kind": "random", "hidden_size": 4}), "message", None),
    "no gain at all": (network(input_size=2, gain=0.0), "range", "document.network.gain"),
    "too much gain": (network(input_size=2, gain=101.0), "range", "document.network.gain"),
    "two inputs": (network(alphabet="ab", input_size=2), "message", "document.network"),
    "no input": (network(), "message", "document.network"),
    "unknown dtype": (document(options={"dtype": "float16"}), "message", "document.options.dtype"),
    "unknown array": (OPEN | {"arrays": ["q"]}, "message", "arrays.0"),
    "no arrays": (OPEN | {"arrays": []}, "message", "arrays"),
    "text as numbers": (
        document(input={"kind": "numbers", "values": [[1.0], ["x"]]}),
        "message",
        "document.input.values.1.0",
    ),
    "text of numbers": (
        document(input={"kind": "text", "text": [1]}),
        "message",
        "document.input.text",
    ),
    "unknown change": (edit(kind="swap"), "message", "change.kind"),
    "unknown op": (edits(SET, {"op": "add", "array": "W_z"}), "message", "change.insert.1.op"),
    "unknown weight": (edits(SET | {"array": "W_q"}), "message", "change.insert.0.array"),
    "row missing": (
        edits({k: v for k, v in SET.items() if k != "row"}),
        "message",
        "change.insert.0.row",
    ),
    "value as text": (edits(SET | {"value": "1"}), "message", "change.insert.0.value"),
    "value as boolean": (edits(SET | {"value": True}), "message", "change.insert.0.value"),
    "negative row": (edits(SET | {"row": -1}), "range", "change.insert.0.row"),
    "NaN": (edits(SET | {"value": math.nan}), "range", "change.insert.0.value"),
    "infinity": (edits(SET | {"value": math.inf}), "range", "change.insert.0.value"),
    "NaN input": (
        edit(kind="input", start=0, remove=0, insert=[[0.0], [math.nan]]),
        "range",
        "change.insert.1.0",
    ),
    "nothing to insert": (edit(kind="input", start=0, remove=0), "message", "change.insert"),
}


@pytest.mark.parametrize(("message", "code", "field"), INVALID.values(), ids=INVALID)
def test_an_invalid_message_names_its_field(message, code, field):
    with pytest.raises(Refused) as refused:
        decode(json.dumps(message))
    assert refused.value.code == code
    if field is not None:
        assert refused.value.field == field
    assert len(refused.value.message) < 300


GARBAGE = {
    "empty": "",
    "cut off": '{"type":"ping","id":',
    "two values": '{"type":"ping","id":1} {}',
    "single quotes": "{'type':'ping'}",
    "bytes": "\x00\x01\x02",
    "deep": "[" * 100_000,
    "a lone surrogate": '{"type":"ping","id":1,"x":"\\ud800"}',
    "a number too large": '{"type":"edit","run":1e999}',
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused(text):
    with pytest.raises(Refused) as refused:
        decode(text)
    assert refused.value.code in ("json", "message", "range")
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    "message",
    [
        {"type": "x" * 10**6},
        {"type": "ping", "id": 1, "x" * 10**6: 1},
        {"type": "ping", "id": "x" * 10**6},
        document(network={"kind": "\0" * 10**6}),
    ],
)
def test_a_refusal_does_not_send_a_megabyte_back(message):
    with pytest.raises(Refused) as refused:
        decode(json.dumps(message))
    assert len(encode(wire_error(refused.value))) < 5000


def test_thousands_of_mistakes_are_not_listed():
    wrong = {"type": "ping", "id": 1} | {str(i): i for i in range(50_000)}
    with pytest.raises(Refused, match="expected a message, got 50000 mistakes") as refused:
        decode(json.dumps(wrong))
    assert refused.value.code == "message"


@pytest.mark.parametrize("kind", [str, str.encode])
def test_the_brackets_of_a_message_are_limited(kind):
    check_parts(kind("[{]}" * 50), 100)
    with pytest.raises(Refused, match="expected at most 100 brackets, got 101"):
        check_parts(kind("[{]}" * 50 + "["), 100)


def test_the_largest_document_has_brackets_to_spare():
    limits = Settings()
    largest = random_document(T=limits.steps, I=1, edits=[SET] * limits.edits)
    check_parts(json.dumps(OPEN | {"document": largest}), limits.message_parts)


def test_a_million_wrong_numbers_are_refused_at_the_first():
    rows = [["x"] * 10] * 10_000
    with pytest.raises(Refused) as refused:
        decode(json.dumps(edit(kind="input", start=0, remove=0, insert=rows)))
    assert refused.value.field == "change.insert.0.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"run": 4, "id": 7}', (4, 7)),
        ('{"run": "4", "id": true}', (None, None)),
        ('{"run": -1, "id": 1.5}', (None, None)),
        ("[4]", (None, None)),
        ("{", (None, None)),
        ("[" * 100_000, (None, None)),
    ],
)
def test_the_identity_of_a_refused_message(text, expected):
    assert identity(text) == expected


def test_messages_are_written_as_they_are_read():
    assert SERVER.validate_json(encode(Pong(id=9))) == Pong(id=9)


def test_a_frame_is_a_safetensors_file_of_float32():
    meta = StepsMeta(run="2", start="7", stop="9", total="48")
    rows = np.arange(12.0).reshape(2, 6)
    read = read_frame(frame(meta, {"z": rows[:, ::2]}))
    assert read.meta == meta.model_dump()
    assert read.arrays["z"].dtype == np.float32
    np.testing.assert_array_equal(read.arrays["z"], rows[:, ::2])


def test_edits_are_immutable():
    (edit_,) = decode(json.dumps(edits(SET))).change.insert  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="frozen"):
        _change(edit_)


def _change(edit_: Edit) -> None:
    edit_.array = "U_z"  # type: ignore[misc]
