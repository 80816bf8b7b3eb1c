"""Reading scopes and answering in plain ASGI, for what runs before the application."""

from __future__ import annotations

import json
import re

from starlette.types import Receive, Scope, Send

from gruscope.wire.errors import STATUS, Refused, wire_error
from gruscope.wire.messages import ErrorCode

SAFE_METHODS = frozenset({"GET", "HEAD"})
PORT = re.compile(r"[0-9]{1,5}")


def scheme(scope: Scope) -> str:
    """Return the scheme of a request, that of a WebSocket being its page's."""
    return "https" if scope["scheme"] in ("https", "wss") else "http"


def raw(scope: Scope, name: bytes) -> list[bytes]:
    """Return every value of a header."""
    return [value for key, value in scope["headers"] if key.lower() == name]


def values(scope: Scope, name: bytes) -> list[str]:
    """Return every value of a header as text."""
    return [value.decode("latin-1") for value in raw(scope, name)]


def only(scope: Scope, name: bytes) -> str | None:
    """Return the value of a header that stands exactly once."""
    found = values(scope, name)
    return found[0] if len(found) == 1 else None


def split_host(host: str, scheme: str) -> tuple[str, int | None]:
    """Return name and port of a Host header, the port being the scheme's own if not given.

    Examples
    --------
    >>> split_host("[::1]:8017", "http"), split_host("example.org", "https")
    (('[::1]', 8017), ('example.org', 443))
    """
    name, colon, port = host.rpartition(":")
    if not colon or name.count("[") != name.count("]") or (":" in name and name[0] != "["):
        return host, {"http": 80, "https": 443}[scheme]
    return name, int(port) if PORT.fullmatch(port) else None


async def refuse(scope: Scope, receive: Receive, send: Send, code: ErrorCode, message: str) -> None:
    """Answer with the wire's error; a WebSocket is refused before it is accepted."""
    body = json.dumps(wire_error(Refused(code, None, message)).model_dump()).encode()
    status = STATUS[code]
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
    await respond(scope, send, status, body, headers)


async def respond(
    scope: Scope, send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    """Answer a request, or a WebSocket's before it is accepted."""
    kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    head = scope.get("method") == "HEAD"
    await send({"type": f"{kind}.body", "body": b"" if head else body})
