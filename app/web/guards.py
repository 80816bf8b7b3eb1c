"""The checks that every request and WebSocket passes before the application sees it.

SecurityHeaders   adds the security headers to every response
Hosts             rejects Host names that are not on an exact list (DNS rebinding)
Origins           rejects requests from pages of another origin, on HTTP and WebSocket
Tokens            rejects unauthenticated requests, if the server has a token

They are plain ASGI, because Starlette's `BaseHTTPMiddleware` does not see WebSockets, and its
`TrustedHostMiddleware` does not compare ports or recognise loopback.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gruscope.settings import Settings
from gruscope.web.asgi import SAFE_METHODS, only, refuse, scheme, split_host
from gruscope.web.tokens import TokenPage, Tokens

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
OTHER_ORIGIN = "expected a page of this server, got a page of another origin"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def guarded(
    app: ASGIApp, settings: Settings, token_page: TokenPage, is_open: Callable[[str], bool]
) -> ASGIApp:
    """Return the application behind all guards."""
    if settings.token is not None:
        app = Tokens(app, settings.token, token_page, is_open)
    return SecurityHeaders(Hosts(Origins(app), settings))


class SecurityHeaders:
    """Adds the security headers to every response, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application and add the headers to its response."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Hosts:
    """Rejects a Host that is not on the list.

    On a loopback bind, the list has the loopback names with the server's own port. On any other
    bind the port is not compared, because it may be mapped, and IP addresses are allowed, because
    they cannot be rebound.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._allowed = frozenset(h.lower() for h in settings.allowed_hosts)
        self._own = LOOPBACK | {settings.host.lower(), f"[{settings.host.lower()}]"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application if the Host is this server's."""
        if scope["type"] in ("http", "websocket"):
            host = only(scope, "host")
            if host is None or not self._is_allowed(host.lower(), scheme(scope)):
                await refuse(scope, receive, send, "host", _unknown(host))
                return
        await self._app(scope, receive, send)

    def _is_allowed(self, host: str, scheme: str) -> bool:
        name, port = split_host(host, scheme)
        if name in self._allowed or host in self._allowed:
            return True
        if not self._settings.loopback:
            return name in self._own or is_address(name)
        return name in self._own and port == self._settings.port


class Origins:
    """Rejects requests from pages of another origin.

    A request without an Origin is allowed. Browsers send an Origin with every WebSocket and POST,
    so the request comes from a program, or it is a GET, and no other page can read the response.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application if the request comes from our own page or from no page."""
        if scope["type"] in ("http", "websocket") and not self._is_own(scope):
            await refuse(
                scope,
                receive,
                send,
                "origin",
                OTHER_ORIGIN,
            )
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_own(scope: Scope) -> bool:
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        headers = Headers(scope=scope)
        sites = headers.getlist("sec-fetch-site")
        if changes and not {"same-origin", "none"}.issuperset(sites):
            return False
        origins = headers.getlist("origin")
        return not origins or (len(origins) == 1 and same_origin(origins[0], scope))


def _unknown(host: str | None) -> str:
    got = "no single Host header" if host is None else repr(host[:80])
    return f"expected a Host name of this server, got {got}; see --allowed-host"


def is_address(name: str) -> bool:
    """Return whether a Host's name is an IP literal."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def same_origin(origin: str, scope: Scope) -> bool:
    """Return whether an Origin has the scheme, host and port of the request."""
    origin_scheme, separator, host = origin.lower().partition("://")
    own = scheme(scope)
    expected = (only(scope, "host") or "").lower()
    if not separator or origin_scheme != own or not host or "/" in host or "@" in host:
        return False
    return split_host(host, own) == split_host(expected, own)
