"""Who may talk to the server, as pure ASGI: decided before anything else runs or is accepted.

Headers     the headers every response carries
Hosts       an exact list of Host names, so that no rebound name reaches a loopback server
Origins     no page of another origin, on HTTP and WebSocket alike
Tokens      no one without the token, where there is one
"""

from __future__ import annotations

import ipaddress
import json
import secrets
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import STATUS, Refused, wire_error
from app.protocol import ErrorCode
from app.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD"})
TokenPage = Callable[[str | None], str]


def guarded(
    app: ASGIApp, settings: Settings, token_page: TokenPage, open_paths: frozenset[str]
) -> ASGIApp:
    """Return the application behind all guards."""
    if settings.token is not None:
        app = Tokens(app, settings.token, token_page, open_paths)
    return Headers(Hosts(Origins(app), settings))


class Headers:
    """Adds the security headers to every response, also to errors and refusals."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Hosts:
    """Refuses a Host that is not on the list.

    On a loopback bind these are the loopback names with the server's own port. On any other
    bind, the port may be mapped and IP literals are fine, which cannot be rebound.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._allowed = frozenset(h.lower() for h in settings.allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for this server."""
        if scope["type"] in ("http", "websocket"):
            host = _only(scope, b"host")
            if host is None or not self._is_allowed(host.lower(), _scheme(scope)):
                await refuse(scope, receive, send, "host", f"this server is not {host or 'that'}")
                return
        await self._app(scope, receive, send)

    def _is_allowed(self, host: str, scheme: str) -> bool:
        name, port = split_host(host, scheme)
        if name in self._allowed or host in self._allowed:
            return True
        if not self._settings.loopback:
            return name in LOOPBACK or name == self._settings.host or is_address(name)
        return name in LOOPBACK and port == self._settings.port


class Origins:
    """Refuses pages of another origin.

    A request without an Origin does not come from a page that could read or send anything a
    stranger's page should not: browsers state it on every WebSocket and every POST.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what our own page, or no page, sent."""
        if scope["type"] in ("http", "websocket") and not self._is_own(scope):
            await refuse(scope, receive, send, "origin", "this page is of another origin")
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_own(scope: Scope) -> bool:
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        site = _only(scope, b"sec-fetch-site")
        if changes and site not in (None, "same-origin", "none"):
            return False
        origins = _values(scope, b"origin")
        return not origins or (len(origins) == 1 and same_origin(origins[0], scope))


class Tokens:
    """Refuses who does not have the token.

    It may come as ``Authorization: Bearer``, as a cookie, or once as ``?token=``, which is
    exchanged for the cookie.
    """

    def __init__(
        self, app: ASGIApp, token: str, page: TokenPage, open_paths: frozenset[str]
    ) -> None:
        self._app = app
        self._token = token
        self._page = page
        self._open = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who has the token, exchange it, or ask for it."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in self._open:
            await self._app(scope, receive, send)
        elif (given := self._query_token(scope)) is not None and self._is_right(given):
            await _respond(scope, send, 303, b"", self._exchange(scope, given))
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
        path = "/" + scope["path"].lstrip("/")  # two slashes would lead to another host
        secure = "; Secure" if _scheme(scope) == "https" else ""
        cookie = f"{_cookie_name(scope)}={token}; Path=/; HttpOnly; SameSite=Strict{secure}"
        return [
            (b"location", (path + query).encode("ascii", "ignore")),
            (b"set-cookie", cookie.encode("latin-1")),
            (b"cache-control", b"no-store"),
        ]

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, wrong: bool) -> None:
        if scope["type"] == "http" and b"text/html" in b",".join(_raw(scope, b"accept")):
            page = self._page("That token is not the right one." if wrong else None)
            headers = [
                (b"content-type", b"text/html; charset=utf-8"),
                (b"cache-control", b"no-store"),
            ]
            await _respond(scope, send, 401, page.encode(), headers)
            return
        await refuse(
            scope, receive, send, "token", "expected the token this server was started with"
        )


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
    await _respond(scope, send, status, body, headers)


async def _respond(
    scope: Scope, send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    kind = "http.response" if scope["type"] == "http" else "websocket.http.response"
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    head = scope.get("method") == "HEAD"
    await send({"type": f"{kind}.body", "body": b"" if head else body})


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
    return name, int(port) if port.isascii() and port.isdigit() else None


def is_address(name: str) -> bool:
    """Return whether a Host's name is an IP literal."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def same_origin(origin: str, scope: Scope) -> bool:
    """Return whether an Origin is that of the request: scheme, host and port."""
    scheme, separator, host = origin.lower().partition("://")
    own = _scheme(scope)
    expected = (_only(scope, b"host") or "").lower()
    if not separator or scheme != own or not host or "/" in host or "@" in host:
        return False
    return split_host(host, own) == split_host(expected, own)


def _scheme(scope: Scope) -> str:
    return "https" if scope["scheme"] in ("https", "wss") else "http"


def _raw(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key.lower() == name]


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for value in _raw(scope, name)]


def _only(scope: Scope, name: bytes) -> str | None:
    """Return the value of a header that stands exactly once."""
    values = _values(scope, name)
    return values[0] if len(values) == 1 else None


def _query(scope: Scope) -> dict[str, list[str]]:
    try:
        return parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=64)
    except ValueError:
        return {}


def _bearer(scope: Scope) -> str | None:
    kind, _, token = (_only(scope, b"authorization") or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _cookie_name(scope: Scope) -> str:
    """Return the cookie's name; cookies ignore ports, so the name has it."""
    return f"gruscope_{split_host(_only(scope, b'host') or '', _scheme(scope))[1]}"


def _cookie(scope: Scope) -> str | None:
    jar: SimpleCookie = SimpleCookie()
    try:
        for value in _values(scope, b"cookie"):
            jar.load(value)
    except CookieError:
        return None
    found = jar.get(_cookie_name(scope))
    return None if found is None else str(found.value)
