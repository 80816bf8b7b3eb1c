"""Bounds of uvicorn's that the server sets; tests/app/web/test_proxy.py has those of a proxy."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.app.support import Running, eventually, running_script

CONNECTIONS = 8
SCRIPT = f"""
import sys
from functools import partial
import gruscope.cli.serve
from gruscope.settings import Settings

gruscope.cli.serve.Settings = partial(Settings, connections={CONNECTIONS}, keep_alive_seconds=1)
sys.exit(gruscope.cli.main(["--no-browser", "--port", "0"]))
"""
PING = '{"type":"ping","id":3}'
PONG = {"type": "pong", "id": 3}
HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running_script(SCRIPT) as server:
        yield server


@contextmanager
def upgraded(server: Running) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        raw.sendall(HANDSHAKE.format(port=server.port).encode())
        assert raw.recv(4096).startswith(b"HTTP/1.1 101")
        yield raw


def frame(opcode: int, data: bytes = b"", fin: bool = True) -> bytes:
    """Return a frame as a client sends it, masked with zeros."""
    size = struct.pack(">B", 128 | len(data)) if len(data) < 126 else b""
    size = size or struct.pack(">BQ", 255, len(data))
    return bytes([opcode | (128 if fin else 0)]) + size + bytes(4) + data


def rest(raw: socket.socket) -> bytes:
    """Return everything received until the other side closes or resets."""
    got = b""
    try:
        while data := raw.recv(65536):
            got += data
    except ConnectionResetError:
        pass
    return got


def answers(server: Running) -> bool:
    """Return whether another page is served."""
    try:
        with server.talk() as talk:
            return bool(talk.ask(json.loads(PING)) == PONG)
    except InvalidStatus:
        return False


def test_requests_over_the_limit_of_connections_are_answered_with_503(server):
    def status() -> int:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=20)) as one:
            one.request("GET", "/healthz")
            return one.getresponse().status

    with ExitStack() as pages:
        for _ in range(CONNECTIONS):
            pages.enter_context(server.talk())
        assert status() == 503
    eventually(lambda: status() == 200, 20)


def test_an_idle_connection_is_closed(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=20)) as used:
        used.request("GET", "/healthz")
        assert json.load(used.getresponse())["status"] == "ok"
        assert rest(used.sock) == b""


def test_a_session_outlasts_idle_connections(server):
    with server.talk() as talk:
        with pytest.raises(TimeoutError):
            talk.socket.recv(timeout=1.5)
        assert talk.ask(json.loads(PING)) == PONG


@pytest.mark.parametrize(
    "sent",
    [
        frame(1, b"\xff"),
        frame(1, b"\xff") * 3,
        frame(1, b"\xc3", fin=False) + frame(0, b"("),
        frame(3),
        frame(1, b"{", fin=False) + frame(1, b"}"),
    ],
    ids=["not UTF-8", "three times", "in two frames", "no such opcode", "begun twice"],
)
def test_frames_that_break_the_rules_end_the_connection_and_no_other(server, sent):
    with upgraded(server) as raw:
        raw.sendall(sent)
        rest(raw)
    assert answers(server)


def test_a_message_over_the_hard_limit_ends_the_connection(server):
    with server.talk() as talk:
        with pytest.raises(ConnectionClosed) as closed:
            talk.ask("x" * (4 * 2**20 + 1))
        # A client that is still sending may be reset before it reads the reason.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    assert answers(server)


def test_a_message_in_many_frames_is_one_message(server):
    pieces = [frame(0, PING[i : i + 1].encode(), fin=False) for i in range(1, len(PING))]
    with upgraded(server) as raw:
        raw.sendall(frame(1, b"{", fin=False) + b"".join(pieces))
        raw.sendall(frame(9, b"!") + frame(0))
        got = b""
        while b'"pong"' not in got:
            got += raw.recv(4096)
        assert got.startswith(b"\x8a\x01!")
