"""Documents and changes of small sizes, as a page would send them."""

from typing import Any

from gruscope.documents.document import build, change
from gruscope.session.protocol import CLIENT
from gruscope.settings import Settings
from gruscope.wire.messages import DocumentChange, EditMessage, Open
from tests.app.support import LATCH, random_document

SMALL = Settings(steps=10, hidden_size=8, input_size=6, weight=100, input_value=50, edits=4)


def state(document: dict[str, Any], settings: Settings = SMALL) -> Any:
    opened = CLIENT.validate_python({"type": "open", "run": 1, "document": document})
    assert isinstance(opened, Open)
    return build(opened.document, settings)


def changed(before: Any, settings: Settings = SMALL, **wanted: Any) -> Any:
    edit = CLIENT.validate_python({"type": "edit", "run": 1, "change": wanted})
    assert isinstance(edit, EditMessage) and not isinstance(edit.change, DocumentChange)
    return change(before, edit.change, settings)


def numbers(values: Any) -> dict[str, Any]:
    return random_document(H=4, I=2) | {"input": {"kind": "numbers", "values": values}}


def network(**parts: Any) -> dict[str, Any]:
    return numbers([[0, 0]]) | {"network": {"kind": "random", "hidden_size": 4, "seed": 1} | parts}


def text(given: str) -> dict[str, Any]:
    return LATCH | {"input": {"kind": "text", "text": given}}


def edited(*edits: dict[str, Any]) -> dict[str, Any]:
    return numbers([[0, 0]]) | {"edits": list(edits)}


def put(**parts: Any) -> dict[str, Any]:
    return {"op": "set", "array": "W_z", "row": 0, "column": 0, "value": 1} | parts


def clamp(**parts: Any) -> dict[str, Any]:
    return {"op": "clamp", "quantity": "z", "unit": 0, "value": 0.5} | parts


def start(**parts: Any) -> dict[str, Any]:
    return {"op": "start", "quantity": "h", "unit": 0, "value": 0.5} | parts
