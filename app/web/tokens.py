"""The token that the server requires unless it listens only on loopback."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gruscope.web.asgi import SAFE_METHODS, only, refuse, respond, scheme, split_host

TokenPage = Callable[[str | None], str]


class Tokens:
    """Rejects unauthenticated requests.

    The token is accepted as ``Authorization: Bearer``, as a cookie, or once as ``?token=``, which
    is exchanged for the cookie.
    """

    def __init__(
        self, app: ASGIApp, token: str, page: TokenPage, is_open: Callable[[str], bool]
    ) -> None:
        self._app = app
        self._token = token
        self._page = page
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, exchange the token for a cookie, or respond with 401."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope["path"]):
            await self._app(scope, receive, send)
        elif (in_query := self._query_token(scope)) is not None and self._is_right(in_query):
            await respond(self._exchange(scope, in_query), scope, receive, send)
        elif self._is_right(_bearer(scope)) or self._is_right(_cookie(scope)):
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send, wrong=in_query is not None)

    def _is_right(self, token: str | None) -> bool:
        return token is not None and secrets.compare_digest(token.encode(), self._token.encode())

    @staticmethod
    def _query_token(scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["method"] not in SAFE_METHODS:
            return None
        return HTTPConnection(scope).query_params.get("token") or None

    def _exchange(self, scope: Scope, token: str) -> Response:
        """Return a response that sets the cookie and redirects to the address without the token."""
        rest = [(k, v) for k, v in HTTPConnection(scope).query_params.multi_items() if k != "token"]
        query = f"?{urlencode(rest)}" if rest else ""
        path = "/" + quote(scope["path"].lstrip("/\\"))  # two slashes would lead to another host
        response = Response(
            status_code=303, headers={"location": path + query, "cache-control": "no-store"}
        )
        response.set_cookie(
            _cookie_name(scope),
            token,
            httponly=True,
            samesite="strict",
            secure=scheme(scope) == "https",
        )
        return response

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, wrong: bool) -> None:
        accept = HTTPConnection(scope).headers.get("accept", "")
        if scope["type"] == "http" and "text/html" in accept:
            page = self._page("That token is wrong." if wrong else None)
            headers = {"cache-control": "no-store"}
            await respond(HTMLResponse(page, 401, headers), scope, receive, send)
            return
        expected = "expected the token this server was started with"
        await refuse(scope, receive, send, "token", expected)


def _bearer(scope: Scope) -> str | None:
    kind, _, token = (only(scope, "authorization") or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _cookie_name(scope: Scope) -> str:
    """Return the cookie's name, which contains the port because cookies ignore ports."""
    return f"gruscope_{split_host(only(scope, 'host') or '', scheme(scope))[1]}"


def _cookie(scope: Scope) -> str | None:
    return HTTPConnection(scope).cookies.get(_cookie_name(scope))
