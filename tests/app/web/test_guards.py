"""Attacks are refused before anything runs; for WebSockets, before accept."""

import re

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.types import Receive, Scope, Send

from gruscope.settings import Settings
from gruscope.web.asgi import split_host
from gruscope.web.guards import HEADERS, POLICY, guarded
from tests.app.support import LATCH, PORT, SOCKET, TOKEN, client

OWN = f"http://127.0.0.1:{PORT}"

HOSTS = {
    f"127.0.0.1:{PORT}": True,
    f"localhost:{PORT}": True,
    f"LOCALHOST:{PORT}": True,
    f"[::1]:{PORT}": True,
    "127.0.0.1": False,
    "127.0.0.1:80": False,
    f"127.0.0.1:{PORT + 1}": False,
    f"rebound.example:{PORT}": False,
    f"127.0.0.1.nip.io:{PORT}": False,
    f"localhost.:{PORT}": False,
    f"127.0.0.2:{PORT}": False,
    f"localhost:{PORT}@evil.example": False,
    f"evil.example#localhost:{PORT}": False,
    f"localhost:{PORT}:{PORT}": False,
    f"::1:{PORT}": False,
    f"localhost:{'9' * 5000}": False,  # more digits than Python reads
    "localhost:": False,
    "": False,
}
ORIGINS = {
    OWN: True,
    f"HTTP://127.0.0.1:{PORT}": True,
    "null": False,
    "": False,
    f"http://127.0.0.1:{PORT + 1}": False,
    "http://127.0.0.1": False,
    f"https://127.0.0.1:{PORT}": False,
    f"http://localhost:{PORT}": False,
    "https://evil.example": False,
    f"http://127.0.0.1:{PORT}.evil.example": False,
    f"http://evil.example/127.0.0.1:{PORT}": False,
    f"http://user@127.0.0.1:{PORT}": False,
    f"127.0.0.1:{PORT}": False,
    f"http://127.0.0.1:{'9' * 5000}": False,
    f"ws://127.0.0.1:{PORT}": False,
    f"{OWN}, https://evil.example": False,
}
SITES = {"same-origin": True, "none": True, "same-site": False, "cross-site": False}


def trace(headers: dict[str, str]) -> int:
    return client().post("/api/trace", json=LATCH, headers=headers).status_code


def socket(headers: dict[str, str]) -> int:
    """Return 101, or the status that a WebSocket is refused with before it is accepted."""
    try:
        with client().websocket_connect(SOCKET, headers=headers) as accepted:
            accepted.send_json({"type": "ping", "id": 1})
            assert accepted.receive_json() == {"type": "pong", "id": 1}
            return 101
    except WebSocketDenialResponse as refused:
        assert refused.json()["type"] == "error"
        return refused.status_code


@pytest.mark.parametrize(("host", "allowed"), HOSTS.items())
def test_hosts(host, allowed):
    answer = client().get("/healthz", headers={"host": host})
    assert answer.status_code == (200 if allowed else 403)
    assert allowed or answer.json()["code"] == "host"
    assert socket({"host": host}) == (101 if allowed else 403)


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS.items())
def test_origins(origin, allowed):
    assert trace({"origin": origin}) == (200 if allowed else 403)
    assert socket({"origin": origin}) == (101 if allowed else 403)
    answer = client().get("/healthz", headers={"origin": origin})
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(("site", "allowed"), SITES.items())
def test_fetch_sites(site, allowed):
    assert trace({"sec-fetch-site": site}) == (200 if allowed else 403)
    assert socket({"sec-fetch-site": site}) == (101 if allowed else 403)
    assert client().get("/healthz", headers={"sec-fetch-site": site}).status_code == 200


def test_programs_send_no_origin_and_are_served():
    assert trace({}) == 200
    assert socket({}) == 101


@pytest.mark.parametrize("name", ["host", "origin"])
def test_a_header_given_twice_is_refused(name):
    first = OWN if name == "origin" else f"127.0.0.1:{PORT}"
    given = [("host", f"127.0.0.1:{PORT}"), ("origin", OWN), (name, first)]
    assert client().get("/healthz", headers=given).status_code == 403


def test_a_site_given_twice_does_not_slip_through():
    given = [("sec-fetch-site", "cross-site")] * 2
    assert client().post("/api/trace", json=LATCH, headers=given).status_code == 403


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("gru.example", True),
        ("gru.example:443", True),
        ("lab.example:9000", True),
        ("lab.example:9001", False),
        ("sub.gru.example", False),
        (f"localhost:{PORT}", True),
    ],
)
def test_hosts_that_are_allowed_by_name(host, allowed):
    settings = Settings(allowed_hosts=("GRU.example", "lab.example:9000"))
    answer = client(settings).get("/healthz", headers={"host": host})
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("192.168.1.7:9000", True),
        ("[fe80::1]:80", True),
        ("localhost:9000", True),
        ("box.lan", True),
        ("rebound.example", False),
        ("192.168.1.7.nip.io", False),
    ],
)
def test_a_server_of_the_network_takes_addresses_which_cannot_be_rebound(host, allowed):
    settings = Settings(host="box.lan", loopback=False, token=TOKEN)
    answer = client(settings).get("/healthz", headers={"host": host})
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nothing", 404),
        ("POST", "/", 405),
        ("POST", "/api/trace", 415),
    ],
)
def test_every_answer_carries_the_policy(method, path, status):
    answer = client().request(method, path)
    assert answer.status_code == status
    for name, value in HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()]


def test_the_policy_is_the_one_of_the_design():
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert not re.search(r"unsafe-eval|https?:|\*", POLICY)


def test_a_refusal_carries_the_policy_and_a_defect_does_too():
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the guards let it pass")

    app = guarded(broken, Settings(), lambda _: "", lambda _: False)
    from starlette.testclient import TestClient

    answer = TestClient(app, base_url="http://evil.example").get("/")
    assert answer.status_code == 403
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", ("localhost", 80)),
        ("localhost:1", ("localhost", 1)),
        ("[::1]", ("[::1]", 80)),
        ("[::1]:1", ("[::1]", 1)),
        ("::1", ("::1", 80)),
        ("a:b:1", ("a:b:1", 80)),
        ("a:x", ("a", None)),
        ("a:٣", ("a", None)),
        ("a:-1", ("a", None)),
        ("a:000080", ("a", None)),
    ],
)
def test_splitting_hosts(host, expected):
    assert split_host(host, "http") == expected
