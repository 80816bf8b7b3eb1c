"""A real server over real sockets."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from gru_core import GRU, GRUParams
from gruscope.settings import Settings
from tests.app.support import (
    LATCH,
    SOCKET,
    Frame,
    Running,
    Talk,
    client,
    command,
    eventually,
    random_document,
    running,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


def opening(document: object = LATCH, run: int = 1) -> dict[str, object]:
    return {"type": "open", "run": run, "document": document}


def put(run: int, value: float, remove: int = 1) -> dict[str, object]:
    edit = {"op": "set", "array": "U_n", "row": 0, "column": 1, "value": value}
    change = {"kind": "edits", "start": 0, "remove": remove, "insert": [edit]}
    return {"type": "edit", "run": run, "keep": 0, "change": change}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
def test_a_foreign_page_is_refused_before_accept(server, origin):
    with (
        pytest.raises(InvalidStatus) as refused,
        server.talk(additional_headers={"Origin": origin}),
    ):
        pass
    assert refused.value.response.status_code == 403
    assert b'"origin"' in (refused.value.response.body or b"")


def test_a_rebound_host_is_refused_before_accept(server):
    raw = socket.create_connection(("127.0.0.1", server.port))
    with raw, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://rebound.example:{server.port}/ws", sock=raw)
    assert refused.value.response.status_code == 403


def test_our_own_page_is_accepted_without_compression(server):
    origin = {"Origin": f"http://127.0.0.1:{server.port}"}
    address = f"ws://127.0.0.1:{server.port}/ws"
    with connect(address, compression="deflate", additional_headers=origin) as page:
        assert page.response is not None
        assert "sec-websocket-extensions" not in page.response.headers
        assert "server" not in page.response.headers


def test_cookies_of_others_do_not_lock_the_page_out(server):
    cookies = {"Cookie": "; ".join(f"other{i}={'x' * 1000}" for i in range(30))}
    assert httpx2.get(f"{server.url}healthz", headers=cookies).status_code == 200
    with server.talk(additional_headers=cookies) as talk:
        assert talk.ask({"type": "ping", "id": 1}) == {"type": "pong", "id": 1}


BAD = {
    "garbage": (b"\x00\xff" * 50, "binary"),
    "not JSON": ("{", "json"),
    "unknown": ({"type": "nope"}, "message"),
    "over the limit": ("x" * (2**20 + 1), "too_large"),
    "far over the limit": (b"x" * (3 * 2**20), "too_large"),
    "NaN": ('{"type":"ping","id":NaN}', "message"),
    "a weight out of range": (put(2, 1001.0, remove=0), "range"),
    "an old run": (put(0, 1.0, remove=0), "stale_run"),
}


@pytest.mark.parametrize(("message", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_reported_and_the_previous_state_remains(server, message, code):
    with server.talk() as talk:
        talk.send(opening())
        before = [m for m in talk.until("done") if isinstance(m, Frame)]
        assert talk.ask(message)["code"] == code
        talk.send(
            {
                "type": "edit",
                "run": 2,
                "change": {"kind": "input", "start": 7, "remove": 0, "insert": "b"},
            }
        )
        after = [m for m in talk.until("done") if isinstance(m, Frame)]
        rows = [f.arrays["h"] for f in (before[1], after[0])]
        np.testing.assert_array_equal(rows[0], rows[1][:7])


def test_two_hundred_edits_end_with_the_trace_of_the_last(server):
    document = random_document(T=100, H=32)
    with server.talk() as talk:
        talk.send(opening(document))
        talk.until("done")
        for run in range(2, 202):
            talk.send(put(run, run / 100, remove=min(1, run - 2)))
        got = talk.until("done", run=201)
    params = GRUParams.random(3, 32, seed=3)
    U_n = params.U_n.copy()
    U_n[0, 1] = 2.01
    trace = GRU(params.replace(U_n=U_n)).run(document["input"]["values"])
    last = [m for m in got if isinstance(m, Frame) and m.run == 201]
    for name in ("z", "r", "n", "h"):
        rows = np.concatenate([f.arrays[name] for f in last if f.meta["type"] == "steps"])
        np.testing.assert_array_equal(rows, getattr(trace, name).astype("f4"))
    assert {
        k: v for f in last if f.meta["type"] == "weights" for k, v in f.arrays.items()
    }.keys() == {"U_n"}


def test_killed_and_started_again_the_page_opens_its_document_as_it_is():
    edited = LATCH | {"edits": [{"op": "zero", "array": "U_z"}]}
    with running() as first:
        with first.talk() as talk:
            talk.send(opening(edited))
            before = talk.until("done")
            first.process.kill()
            with pytest.raises(ConnectionClosed):
                talk.receive()
        first.process.wait()
        with running("--port", str(first.port)) as second, second.talk() as talk:
            talk.send(opening(edited, run=8))
            after = talk.until("done")
    for old, new in zip(before, after, strict=True):
        if isinstance(old, Frame):
            assert old.arrays.keys() == new.arrays.keys()
            assert all((old.arrays[k] == new.arrays[k]).all() for k in old.arrays)


def test_a_busy_session_does_not_hold_up_another(server):
    heavy = random_document(T=1000, H=256)
    with server.talk() as busy, server.talk() as quick:
        busy.send(opening(heavy))
        quick.send(opening())
        quick.until("done")
        times = []
        for i in range(30):
            start = time.perf_counter()
            quick.ask({"type": "ping", "id": i})
            times.append(time.perf_counter() - start)
        assert sorted(times)[15] < 0.05


def test_unmounted_pages_leave_nothing_behind(server):
    for _ in range(20):
        with server.talk() as talk:
            talk.send(opening(random_document(T=2000, H=64)))
            talk.receive()
    with server.talk() as talk:
        assert talk.ask({"type": "ping", "id": 1})["type"] == "pong"
    descriptors = Path(f"/proc/{server.process.pid}/fd")
    if descriptors.exists():
        eventually(lambda: len(list(descriptors.iterdir())) < 30)


def test_a_reader_that_never_reads_is_bounded_and_others_are_served(server):
    inspect = {"type": "inspect", "id": 1, "quantity": "n", "t": 0, "unit": 0}
    question = _text_frame(json.dumps(inspect) + " " * 30_000)
    with server.talk(close_timeout=0.1) as deaf, server.talk() as other:
        deaf.send(opening(random_document(T=10, H=128)))
        deaf.socket.socket.settimeout(0.5)
        # The server stops reading as well: a timeout. A slow one may have hung up by then,
        # and our own side of the socket may be closed.
        with pytest.raises(OSError):
            for _ in range(4000):
                deaf.socket.socket.sendall(question)
        assert other.ask({"type": "ping", "id": 1})["type"] == "pong"
        status = Path(f"/proc/{server.process.pid}/status")
        if status.exists():
            resident = next(s for s in status.read_text().splitlines() if s.startswith("VmRSS"))
            assert int(resident.split()[1]) < 500 * 1024


def _text_frame(text: str) -> bytes:
    """Return a masked WebSocket frame; the library's own send would wait for its reader."""
    data = text.encode()
    return b"\x81\xff" + len(data).to_bytes(8, "big") + bytes(4) + data


def test_the_number_of_sessions_is_limited():
    http = client(Settings(sessions=2))
    with http.websocket_connect(SOCKET), http.websocket_connect(SOCKET) as second:
        with http.websocket_connect(SOCKET) as third:
            assert third.receive_json()["code"] == "busy"
            assert third.receive()["code"] == 1013
        second.send_json({"type": "ping", "id": 1})
        assert second.receive_json()["type"] == "pong"
    with http.websocket_connect(SOCKET) as fourth:
        fourth.send_json({"type": "ping", "id": 1})
        assert fourth.receive_json()["type"] == "pong"


def test_a_request_cut_off_is_forgotten(server):
    for _ in range(12):  # more than may run at a time
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            body = json.dumps(random_document(T=3000, H=128, I=1)).encode()
            head = (
                f"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                "Content-Type: application/json\r\nAccept: application/x-ndjson\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            raw.sendall(head.encode() + body)
            raw.recv(1000)

    def served() -> bool:
        return httpx2.post(f"{server.url}api/trace", json=LATCH).status_code == 200

    eventually(served, 10)


def test_none_of_this_is_logged():
    process = command("--port", "0")
    assert process.stdout is not None
    port = int(process.stdout.readline().split(":")[2].split("/")[0])
    with Running(process, "", port).talk() as talk:
        assert isinstance(talk, Talk)
        talk.send(opening())
        talk.until("done")
        talk.ask("{")
    with socket.create_connection(("127.0.0.1", port)) as raw:
        head = f"POST /api/trace HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n"
        raw.sendall(f"{head}Content-Type: application/json\r\n\r\ncut".encode())
    for path, origin in (("/ws", "http://evil.example"), ("/nothing", None)):
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{port}{path}", origin=origin)  # type: ignore[arg-type]
    httpx2.get(f"http://127.0.0.1:{port}/nothing")
    httpx2.get(f"http://127.0.0.1:{port}/", headers={"host": "evil.example"})
    process.terminate()
    out, err = process.communicate(timeout=10)
    assert (out, err, process.returncode) == ("", "", 0)
