"""Bounds on what a connection may do before, beside and between its messages."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from gruscope.settings import Settings
from gruscope.web.server import create_app
from gruscope.web.transport import Http, Socket
from tests.app.support import eventually

SHORT = Settings(receive_seconds=0.4, connections=8)
PING = '{"type":"ping","id":3}'
PONG = {"type": "pong", "id": 3}
UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@dataclass
class Server:
    """A server on a thread of its own, and the protocol objects of its WebSockets."""

    port: int
    uvicorn: uvicorn.Server
    sockets: list[Socket]

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def handshake(self, path: str = "/ws", extra: str = "") -> str:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{UPGRADE}{KEY}{extra}\r\n"

    @contextmanager
    def upgraded(self) -> Iterator[socket.socket]:
        with self.raw() as raw:
            raw.sendall(self.handshake().encode())
            assert raw.recv(4096).startswith(b"HTTP/1.1 101")
            yield raw

    def page(self) -> Any:
        return connect(f"ws://127.0.0.1:{self.port}/ws", compression=None)

    def connections(self) -> int:
        return len(self.uvicorn.server_state.connections)


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        sockets: list[Socket] = []

        class ShortHttp(Http):
            settings = SHORT

        class KnownSocket(Socket):
            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__(*arguments, **options)
                sockets.append(self)

        config = uvicorn.Config(
            create_app(Settings(port=port)),
            log_config=None,  # so that pytest sees the log
            log_level="warning",
            loop="asyncio",
            http=ShortHttp,
            ws=KnownSocket,
            ws_max_size=Settings().socket_bytes,
            timeout_graceful_shutdown=1,
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listener],))
        thread.start()
        eventually(lambda: running.started)
        yield Server(port, running, sockets)
        running.should_exit = True
        thread.join()


def frame(opcode: int, data: bytes = b"", fin: bool = True) -> bytes:
    """Return a frame as a client sends it, masked with zeros."""
    size = struct.pack(">B", 128 | len(data)) if len(data) < 126 else b""
    size = size or struct.pack(">BQ", 255, len(data))
    return bytes([opcode | (128 if fin else 0)]) + size + bytes(4) + data


def rest(raw: socket.socket) -> bytes:
    """Return all that still comes before the other side closes or resets."""
    got = b""
    try:
        while data := raw.recv(65536):
            got += data
    except ConnectionResetError:
        pass
    return got


BODY = "POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
UNFINISHED = {
    "nothing": "",
    "half a line": "GET / HT",
    "half a head": "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n",
    "half a body": BODY + "Content-Length: 100\r\n\r\n{{",
    "half of the chunks": BODY + "Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n",
    "half of another request": "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\nGET /",
    "half of a body in the line": "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    + BODY
    + "Content-Length: 100\r\n\r\n{{",
}


@pytest.mark.parametrize("begun", UNFINISHED.values(), ids=UNFINISHED)
def test_a_request_that_does_not_come_is_not_waited_for(server, begun):
    with server.raw() as raw:
        raw.sendall(begun.format(port=server.port).encode())
        start = time.monotonic()
        rest(raw)
        assert 0.2 < time.monotonic() - start < 3
    eventually(lambda: server.connections() == 0)


def test_a_request_that_comes_bit_by_bit_is_not_waited_for_either(server):
    with server.raw() as raw, pytest.raises(OSError):
        for _ in range(60):
            raw.sendall(b"x")
            time.sleep(0.05)


def test_sessions_and_connections_in_use_outlast_the_deadline(server):
    used = HTTPConnection("127.0.0.1", server.port)
    with server.page() as page, closing(used):
        used.connect()
        first = used.sock
        for _ in range(4):
            used.request("GET", "/healthz")
            assert json.load(used.getresponse())["status"] == "ok"
            time.sleep(0.25)
        assert used.sock is first
        page.send(PING)
        assert json.loads(page.recv(timeout=5)) == PONG


def test_far_too_many_connections_are_dropped(server):
    held = [server.raw() for _ in range(3 * SHORT.connections)]
    assert server.connections() <= 2 * SHORT.connections
    for raw in held:
        raw.close()

    def answers() -> bool:
        try:
            with server.page() as page:
                page.send(PING)
                return json.loads(page.recv(timeout=5)) == PONG
        except (OSError, WebSocketException):
            return False  # some of the closed ones may only now be accepted

    eventually(answers)


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/" + "a" * 9000, ""),
        ("/ws", "a: b\r\n" * 200),
        ("/ws", f"Cookie: {'a' * 9000}\r\n"),
        ("/ws", "Content-Length: 5\r\n"),
    ],
    ids=["address", "headers", "header", "body"],
)
def test_a_handshake_that_cannot_be_read_is_answered(server, path, extra):
    with server.raw() as raw:
        raw.sendall(server.handshake(path, extra).encode())
        assert rest(raw).startswith(b"HTTP/1.1 4")
    eventually(lambda: server.connections() == 0)


@pytest.mark.parametrize(
    "sent",
    [
        frame(1, b"\xff"),
        frame(1, b"\xff") * 3,
        frame(1, b"\xc3", fin=False) + frame(0, b"("),
        frame(1, b"\xff") + frame(8, b""),
    ],
    ids=["one", "three", "in two frames", "and a close"],
)
def test_text_that_is_none_ends_the_connection_quietly(server, sent, caplog):
    with server.upgraded() as raw:
        raw.sendall(sent)
        assert rest(raw)[:1] == b"\x88"
    eventually(lambda: server.connections() == 0)
    assert caplog.text == ""


def test_why_a_connection_ended_can_be_read_while_more_is_sent(server):
    for _ in range(3):
        with server.page() as page:
            with pytest.raises(ConnectionClosed) as closed:
                page.send("x" * (4 * 2**20 + 1))
                page.recv(timeout=5)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


def test_a_message_in_many_frames_is_one_message(server):
    pieces = [frame(0, PING[i : i + 1].encode(), fin=False) for i in range(1, len(PING))]
    empty = frame(0, fin=False) * 5000
    with server.upgraded() as raw:
        for _ in range(2):
            raw.sendall(frame(1, b"{", fin=False) + b"".join(pieces) + empty)
            assert len(server.sockets[0].frames) <= 1
            raw.sendall(frame(9, b"!") + frame(0))
            raw.settimeout(5)
            got = b""
            while b"pong" not in got:
                got += raw.recv(4096)
            assert got.startswith(b"\x8a\x01!")


def test_who_reads_no_pongs_gets_none(server):
    with server.upgraded() as raw:
        raw.settimeout(0.5)
        pings, sent = frame(9, bytes(125)) * 2000, 0
        while sent < 60 * 2**20:
            try:
                sent += raw.send(pings)
            except TimeoutError:  # the server is slow on a slow machine, not stuck
                continue
        transport = server.sockets[0].transport
        assert not server.sockets[0].writable.is_set()
        assert transport.get_write_buffer_size() < 2**20


def test_crumbs_do_not_keep_the_others_waiting(server):
    stop = threading.Event()

    def flood() -> None:
        with server.upgraded() as raw:
            while not stop.is_set():
                raw.sendall(frame(10) * 5000)

    flooding = threading.Thread(target=flood)
    with server.page() as page:
        flooding.start()
        time.sleep(0.3)
        taken = []
        for _ in range(8):
            start = time.monotonic()
            page.send(PING)
            assert json.loads(page.recv(timeout=20)) == PONG
            taken.append(time.monotonic() - start)
        stop.set()
        flooding.join()
    assert sorted(taken)[4] < 0.3  # and not one or two seconds
