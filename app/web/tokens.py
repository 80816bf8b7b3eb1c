"""The token that every bind but loopback asks for."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from gruscope.web.asgi import SAFE_METHODS, only, raw, refuse, respond, scheme, split_host, values

TokenPage = Callable[[str | None], str]


class Tokens:
    """Refuses who does not have the token.

    It may come as ``Authorization: Bearer``, as a cookie, or once as ``?token=``, which is
    exchanged for the cookie.
    """

    def __init__(
        self, app: ASGIApp, token: str, page: TokenPage, is_open: Callable[[str], bool]
    ) -> None:
        self._app = app
        self._token = token
        self._page = page
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who has the token, exchange it, or ask for it."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope["path"]):
            await self._app(scope, receive, send)
        elif (given := self._query_token(scope)) is not None and self._is_right(given):
            await respond(scope, send, 303, b"", self._exchange(scope, given))
        elif self._is_right(_bearer(scope)) or self._is_right(_cookie(scope)):
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send, wrong=given is not None)

    def _is_right(self, given: str | None) -> bool:
        return given is not None and secrets.compare_digest(given.encode(), self._token.encode())

    @staticmethod
    def _query_token(scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["method"] not in SAFE_METHODS:
            return None
        return next(iter(_query(scope).get("token", ())), None)

    def _exchange(self, scope: Scope, token: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that set the cookie and lead to the same address without token."""
        rest = {k: v for k, v in _query(scope).items() if k != "token"}
        query = f"?{urlencode(rest, doseq=True)}" if rest else ""
        path = "/" + quote(scope["path"].lstrip("/\\"))  # two slashes would lead to another host
        secure = "; Secure" if scheme(scope) == "https" else ""
        cookie = f"{_cookie_name(scope)}={token}; Path=/; HttpOnly; SameSite=Strict{secure}"
        return [
            (b"location", (path + query).encode("ascii")),
            (b"set-cookie", cookie.encode("latin-1")),
            (b"cache-control", b"no-store"),
        ]

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, wrong: bool) -> None:
        if scope["type"] == "http" and b"text/html" in b",".join(raw(scope, b"accept")):
            page = self._page("That token is not the right one." if wrong else None)
            headers = [
                (b"content-type", b"text/html; charset=utf-8"),
                (b"cache-control", b"no-store"),
            ]
            await respond(scope, send, 401, page.encode(), headers)
            return
        await refuse(
            scope, receive, send, "token", "expected the token this server was started with"
        )


def _query(scope: Scope) -> dict[str, list[str]]:
    try:
        return parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=64)
    except ValueError:
        return {}


def _bearer(scope: Scope) -> str | None:
    kind, _, token = (only(scope, b"authorization") or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _cookie_name(scope: Scope) -> str:
    """Return the cookie's name; cookies ignore ports, so the name has it."""
    return f"gruscope_{split_host(only(scope, b'host') or '', scheme(scope))[1]}"


def _cookie(scope: Scope) -> str | None:
    """Return our cookie's value, whatever others of this host look like."""
    wanted = _cookie_name(scope)
    for part in ";".join(values(scope, b"cookie")).split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return None
