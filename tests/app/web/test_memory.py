"""Memory of a real server whose clients leave at the wrong moment.

The server runs without the garbage collector: what it frees, it frees at once.
"""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.app.support import Running, eventually, running_script

MB = 1_000_000
ALLOWED = 60 * MB
SECONDS = 15
SCRIPT = """
import gc, sys
from functools import partial
import gruscope.cli.serve
from gruscope.settings import Settings


gc.disable()
gruscope.cli.serve.Settings = partial(Settings, send_seconds=float(sys.argv[1]))
sys.exit(gruscope.cli.main(["--no-browser", "--port", "0"]))
"""
T, H = 4096, 512
LARGE = {
    "network": {"kind": "random", "hidden_size": H, "seed": 1, "alphabet": " ab"},
    "input": {"kind": "text", "text": "ab " * (T // 3) + "a"},
}
OPEN = {"type": "open", "run": 1, "document": LARGE}

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads sizes from /proc"),
    pytest.mark.timeout(300),
]


class Watched:
    """A server and the memory it began with."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.start = 0
        with server.talk() as talk:  # what is loaded with the first document stays
            talk.send(OPEN | {"document": LARGE | {"input": {"kind": "text", "text": "ab"}}})
            talk.until("done")
        self.start = self.grown()

    def grown(self) -> int:
        """Return the bytes that are resident beyond those at the start."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 - self.start

    def holds(self, traces: int, raws: list[socket.socket]) -> None:
        """Read until as many traces are in memory.

        How much a server sends before it blocks depends on uvicorn's version.
        """

        def all_are_there() -> bool:
            if self.grown() > traces * 150 * MB:
                return True
            for raw in raws:
                with suppress(TimeoutError):
                    raw.recv(100_000)
            return False

        for raw in raws:
            raw.settimeout(0.2)
        eventually(all_are_there, 60)

    def is_as_before(self) -> None:
        """Wait until memory is back, and open the largest document there is."""
        with suppress(AssertionError):
            eventually(lambda: self.grown() < ALLOWED, SECONDS)
        assert self.grown() / MB < ALLOWED / MB
        with self.server.talk() as talk:
            talk.send(OPEN)
            opened, _, steps = talk.receive(), talk.receive(), talk.receive()
        assert (opened["type"], opened["steps"]) == ("opened", T)
        assert (steps.meta["start"], steps.meta["total"]) == ("0", str(T))

    @contextmanager
    def clients(self, number: int) -> Iterator[list[socket.socket]]:
        """Yield raw connections with a small window; they end with a reset, as a crash does."""
        with ExitStack() as stack:
            yield [stack.enter_context(self._client()) for _ in range(number)]

    @contextmanager
    def _client(self) -> Iterator[socket.socket]:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", self.server.port))
        raw.settimeout(30)
        with closing(raw):
            yield raw
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def open_and_read_nothing(self, raw: socket.socket) -> None:
        raw.sendall(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert raw.recv(400).startswith(b"HTTP/1.1 101")
        text = json.dumps(OPEN).encode()
        raw.sendall(b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text)

    def post_and_read_a_little(self, raw: socket.socket, accept: str) -> None:
        body = json.dumps(LARGE).encode()
        head = (
            f"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n"
            f"Content-Type: application/json\r\nAccept: {accept}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        raw.sendall(head.encode() + body)
        if accept.endswith("ndjson"):
            assert raw.recv(100).startswith(b"HTTP/1.1 200")


@pytest.fixture(params=["60"])
def watched(request: pytest.FixtureRequest) -> Iterator[Watched]:
    with running_script(SCRIPT, request.param) as server:
        yield Watched(server)


def test_clients_that_leave_while_their_document_is_built(watched):
    for _ in range(12):
        with watched.clients(1) as (raw,):
            watched.open_and_read_nothing(raw)
    watched.is_as_before()


def test_a_page_that_is_reloaded_again_and_again(watched):
    for _ in range(25):
        with watched.server.talk(close_timeout=0) as talk:
            talk.send(OPEN)
    watched.is_as_before()


def test_clients_that_vanish_while_a_send_to_them_is_blocked(watched):
    for _ in range(5):
        with watched.clients(4) as raws:
            for raw in raws:
                watched.open_and_read_nothing(raw)
            watched.holds(4, raws)
    watched.is_as_before()


@pytest.mark.parametrize("watched", ["5"], indirect=True)
def test_clients_that_never_read(watched):
    with watched.clients(4) as raws:
        for raw in raws:
            watched.open_and_read_nothing(raw)
        watched.holds(1, raws)
        watched.is_as_before()


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_requests_for_a_trace_that_are_cut_off(watched, accept):
    for _ in range(5):
        with watched.clients(4) as raws:
            for raw in raws:
                watched.post_and_read_a_little(raw, accept)
            watched.holds(1, raws)
    watched.is_as_before()
