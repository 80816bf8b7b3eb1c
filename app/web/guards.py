"""Who may talk to the server, as pure ASGI: decided before anything else runs or is accepted.

Headers     the headers every response carries
Hosts       an exact list of Host names, so that no rebound name reaches a loopback server
Origins     no page of another origin, on HTTP and WebSocket alike
Tokens      no one without the token, where there is one
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gruscope.settings import Settings
from gruscope.web.asgi import SAFE_METHODS, only, refuse, scheme, split_host, values
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
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def guarded(
    app: ASGIApp, settings: Settings, token_page: TokenPage, is_open: Callable[[str], bool]
) -> ASGIApp:
    """Return the application behind all guards."""
    if settings.token is not None:
        app = Tokens(app, settings.token, token_page, is_open)
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
        self._own = LOOPBACK | {settings.host.lower(), f"[{settings.host.lower()}]"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for this server."""
        if scope["type"] in ("http", "websocket"):
            host = only(scope, b"host")
            if host is None or not self._is_allowed(host.lower(), scheme(scope)):
                await refuse(scope, receive, send, "host", f"this server is not {host or 'that'}")
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
        sites = values(scope, b"sec-fetch-site")
        if changes and not {"same-origin", "none"}.issuperset(sites):
            return False
        origins = values(scope, b"origin")
        return not origins or (len(origins) == 1 and same_origin(origins[0], scope))


def is_address(name: str) -> bool:
    """Return whether a Host's name is an IP literal."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def same_origin(origin: str, scope: Scope) -> bool:
    """Return whether an Origin is that of the request: scheme, host and port."""
    given, separator, host = origin.lower().partition("://")
    own = scheme(scope)
    expected = (only(scope, b"host") or "").lower()
    if not separator or given != own or not host or "/" in host or "@" in host:
        return False
    return split_host(host, own) == split_host(expected, own)
