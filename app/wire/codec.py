"""Converts text to messages and back, and arrays to frames. Only this module does either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from safetensors.numpy import save

from gruscope.wire.errors import Refused
from gruscope.wire.messages import (
    ClientMessage,
    ErrorCode,
    ServerMessage,
)
from gruscope.wire.schema import Document, Model

T = TypeVar("T")

DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)

# Pydantic's types of error for a value of the right type that is out of range.
_RANGE = {
    "finite_number",
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "int_parsing_size",
}
_SHOWN = 60
_MISTAKES = 100  # only a hostile message has more, and listing them takes long


def decode(text: str | bytes, adapter: TypeAdapter[ClientMessage]) -> ClientMessage:
    """Return the message in a text frame, or raise `Refused`."""
    return validate(adapter, text)


def decode_document(text: str | bytes) -> Document:
    """Return the document in a request's body, or raise `Refused`."""
    return validate(DOCUMENT, text)


def check_parts(text: str | bytes, limit: int) -> None:
    """Raise `Refused` for more lists and objects than any message needs.

    Parsing a megabyte of empty lists would block every thread, including the event loop.
    """
    if isinstance(text, str):
        parts = text.count("[") + text.count("{")
    else:
        parts = text.count(b"[") + text.count(b"{")
    if parts > limit:
        raise Refused("too_large", None, f"expected at most {limit} brackets, got {parts}")


def encode(message: ServerMessage) -> str:
    """Return a message as JSON."""
    return message.model_dump_json()


def frame(meta: Model, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return a binary frame: a safetensors file of float32 arrays."""
    return save(
        {name: np.ascontiguousarray(a, np.float32) for name, a in arrays.items()},
        metadata=meta.model_dump(),
    )


def identity(text: str | bytes) -> tuple[int | None, int | None]:
    """Return ``run`` and ``id`` of a refused message, None where they cannot be read."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(raw, dict):
        return None, None
    run, id = (
        v if type(v := raw.get(k)) is int and 0 <= v < 2**53 else None for k in ("run", "id")
    )
    return run, id


def validate(adapter: TypeAdapter[T], text: str | bytes) -> T:
    """Return what a text says, or raise `Refused`."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        if (count := error.error_count()) > _MISTAKES:
            raise Refused("message", None, f"expected a message, got {count} mistakes") from None
        deepest = max(error.errors(include_url=False), key=lambda detail: len(detail["loc"]))
        raise _refused(deepest, text) from None


def _refused(detail: ErrorDetails, text: str | bytes) -> Refused:
    """Return a validation error as `Refused`."""
    if detail["type"] == "json_invalid":
        return Refused("json", None, f"expected JSON, got {_shown(text)}: {detail['msg']}")
    field = ".".join(str(part) for part in _path(detail, json.loads(text))) or None
    code: ErrorCode = "range" if detail["type"] in _RANGE else "message"
    where = f"{field}: " if field else ""
    named = detail["type"] == "missing" or detail["type"].startswith("union_tag")
    got = "" if named else f", got {_shown(detail['input'])}"
    return Refused(code, field, f"{where}{detail['msg'].removeprefix('Value error, ')}{got}")


def _path(detail: ErrorDetails, raw: Any) -> list[str | int]:
    """Return the path of the error in the message; pydantic's own path also has union tags."""
    path: list[str | int] = []
    last = len(detail["loc"]) - 1
    for i, part in enumerate(detail["loc"]):
        is_key = isinstance(raw, dict) and part in raw
        is_index = isinstance(raw, list) and isinstance(part, int) and part < len(raw)
        if is_key or is_index:
            path.append(part)
            raw = raw[part]
        elif i == last and detail["type"] == "missing":
            path.append(part)
    if detail["type"].startswith("union_tag"):
        path.append(detail["ctx"]["discriminator"].strip("'"))
    return path


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
