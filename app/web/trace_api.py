"""``POST /api/trace``: takes a document and returns its trace, for curl and notebooks."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from gru_core.errors import RangeError
from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import State, build
from gruscope.documents.forms import check_names
from gruscope.documents.layers import seen_at
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.runs import started
from gruscope.session.budget import Budget
from gruscope.settings import Settings
from gruscope.wire.codec import check_parts, decode_document, encode
from gruscope.wire.errors import Refused, outgrown, refuse, wire_error
from gruscope.wire.schema import Document, Sequence

JSON = "application/json"
NDJSON = "application/x-ndjson"

JSON_ROWS = 32

OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Document"}}},
    },
    "parameters": [
        {
            "name": "arrays",
            "in": "query",
            "description": "The values to return, separated by commas. Default: "
            "z,r,n,h for a GRU, i,f,g,c,o,h,m for an LSTM, h for a simple RNN.",
            "schema": {"type": "string"},
        }
    ],
}


def pieces(
    body: bytes,
    kind: str,
    asked: tuple[Sequence, ...] | None,
    settings: Settings,
    memory: Budget,
    library: Library = EMPTY,
) -> Generator[bytes]:
    """Yield the response to a request in pieces; an empty piece allows a pause.

    Raises
    ------
    Refused, CoreError
        Before the first non-empty piece.
    """
    check_parts(body, settings.message_parts)
    state = build(decode_document(body), settings, library)
    names = check_names(asked, state.own.kind, "arrays")
    with memory.account() as account:
        account.reserve(state.own_bytes + state.trace_bytes)
        if kind == NDJSON:
            yield from _lines(state, names, settings)
            return
        trace = None
        for span in _spans(state, settings):
            trace = span.trace
            yield b""
        assert trace is not None
        yield from whole_json(trace, state, names)


def _lines(state: State, names: tuple[Sequence, ...], settings: Settings) -> Iterator[bytes]:
    """Yield every span as NDJSON.

    The first lines wait until `largest_span` steps are computed, so that an early overflow can
    still set the response's status. A later overflow becomes the last line.
    """
    sent, held = False, list[NetworkSpan]()
    try:
        for span in _spans(state, settings):
            if span.trace is None:
                yield b""
                continue
            held.append(span)
            if sent or span.stop >= min(settings.largest_span, state.steps):
                for finished in held:
                    yield ndjson(finished, state, names)
                sent, held = True, []
            else:
                yield b""
    except Refused as refused:
        if not sent:
            raise
        yield f"{encode(wire_error(refused))}\n".encode()


def _spans(state: State, settings: Settings) -> Iterator[NetworkSpan]:
    try:
        yield from started(state, settings)
    except RangeError as error:
        raise outgrown(error) from None


def whole_json(trace: NetworkTrace, state: State, names: tuple[Sequence, ...]) -> Iterator[bytes]:
    """Yield the view of a trace and the answer as one JSON object, some rows at a time.

    A single call for the whole trace would hold the interpreter lock and block other threads.
    """
    own = state.own
    sizes = {"input_size": own.input_size, "hidden_size": own.hidden_size}
    about = {"steps": len(trace.x), **_place(state), **sizes, "dtype": str(own.dtype)}
    head = json.dumps(about)
    yield f'{head[:-1]}, "arrays": {{'.encode()
    for i, (name, rows) in enumerate(_columns(trace, state, names).items()):
        yield f'{", " if i else ""}"{name}": ['.encode()
        for t in range(0, len(rows), JSON_ROWS):
            part = json.dumps(_numbers(rows[t : t + JSON_ROWS]))
            yield f"{', ' if t else ''}{part[1:-1]}".encode()
        yield b"]"
    yield b"}}"


def ndjson(span: NetworkSpan, state: State, names: tuple[Sequence, ...]) -> bytes:
    """Return a span as one line of JSON per timestep."""
    assert span.trace is not None
    found = _columns(span.trace, state, names)
    columns = [_numbers(rows[span.start : span.stop]) for rows in found.values()]
    lines = []
    for t, rows in enumerate(zip(*columns, strict=True), span.start):
        values = dict(zip(found, rows, strict=True))
        lines.append(json.dumps({"t": t, **_place(state), **values}))
    return "".join(f"{line}\n" for line in lines).encode()


def _numbers(rows: NDArray[np.floating[Any]]) -> list[Any]:
    """Return rows as lists, with null for a row of a step in which nothing is computed."""
    return [row if row[0] == row[0] else None for row in rows.tolist()]


def _place(state: State) -> dict[str, Any]:
    layer, direction = state.view
    return {"layer": layer, "direction": direction}


def _columns(
    trace: NetworkTrace, state: State, names: tuple[Sequence, ...]
) -> dict[str, NDArray[np.floating[Any]]]:
    """Return the values of the view by name, and the answer if there is a readout."""
    seen = seen_at(trace, state.view)
    found = {str(name): seen.values[name] for name in names}
    return found if state.network.readout is None else found | {"answer": trace.answer}


def array_names(query: str | None) -> tuple[Sequence, ...] | None:
    """Return the names in ``?arrays=``, None if it is absent; raises `Refused`."""
    if query is None:
        return None
    offered: tuple[Sequence, ...] = get_args(Sequence)
    names = tuple(name for name in offered if name in query.split(","))
    if len(names) != len(query.split(",")):
        raise refuse("range", "arrays", f"be some of {','.join(offered)}, each once", repr(query))
    return names


def media_type(accept: str) -> str:
    """Return NDJSON if an Accept header names it, else JSON.

    Examples
    --------
    >>> media_type("application/x-ndjson"), media_type("*/*")
    ('application/x-ndjson', 'application/json')
    """
    return NDJSON if NDJSON in accept.lower() else JSON


def document_schemas() -> dict[str, Any]:
    """Return the schemas of a document and its parts, for the OpenAPI description."""
    schema = Document.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = schema.pop("$defs")
    return {**parts, "Document": schema}
