"""Helpers of the guards: reading a scope, and responding before the application runs.

Host headers are split here, because Starlette's `URL` raises `ValueError` for malformed ones.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gruscope.wire.errors import STATUS, Refused, wire_error
from gruscope.wire.messages import ErrorCode

SAFE_METHODS = frozenset({"GET", "HEAD"})
PORT = re.compile(r"[0-9]{1,5}")


def scheme(scope: Scope) -> str:
    """Return the scheme of a request; for a WebSocket, the scheme of its page."""
    return "https" if scope["scheme"] in ("https", "wss") else "http"


def only(scope: Scope, name: str) -> str | None:
    """Return the value of a header that was sent exactly once, else None."""
    found = Headers(scope=scope).getlist(name)
    return found[0] if len(found) == 1 else None


def split_host(host: str, scheme: str) -> tuple[str, int | None]:
    """Return the name and port of a Host header; the port is the scheme's own if not given.

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
    """Respond with an error; a WebSocket is refused before it is accepted."""
    headers = {"cache-control": "no-store"}
    if STATUS[code] == 401:
        headers["www-authenticate"] = "Bearer"
    body = wire_error(Refused(code, None, message)).model_dump()
    await respond(JSONResponse(body, STATUS[code], headers), scope, receive, send)


async def respond(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a response to a request, or to a WebSocket that is not accepted."""
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
    await response(scope, receive, send)
