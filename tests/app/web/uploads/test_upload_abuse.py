"""Uploads that break off, come together, repeat or lie about their size, against a real server."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import pack
from typing import Any

import pytest

from gru_core import Network
from gru_core.files import save
from tests.browser.server import Server

MIB = 1 << 20
GIB = 1 << 30


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory is read from /proc, which only Linux has"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def content(folder: Path, seed: int, hidden_size: int = 8) -> bytes:
    file = folder / f"model-{seed}.npz"
    save(Network.random("gru", 3, hidden_size, seed=seed), file)
    return file.read_bytes()


def send(server: Server, body: bytes, name: str = "model.npz") -> Any:
    """Return the answer, that of a refusal as well."""
    url = f"{server.url}api/networks?file={name}"
    request = urllib.request.Request(url, body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def zeros(size: int) -> bytes:
    """Return a zip file with one array that claims to be, and is, `size` bytes of zeros.

    After a full flush, a piece of a deflate stream does not refer to what came before, so one
    piece is compressed and repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(16 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = piece * (size // (16 * MIB)) + packer.flush()
    name = b"W_z.npy"
    extra = pack("<HHQQ", 1, 16, size, len(data))
    fields = (45, 0, 8, 0, 0x21, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra))
    local = b"PK\x03\x04" + pack("<HHHHHIIIHH", *fields) + name + extra + data
    place = (0, 0, 0, 0, 0)  # no comment, first disk, no attributes, at the beginning
    central = b"PK\x01\x02" + pack("<HHHHHHIIIHHHHHII", 45, *fields, *place) + name + extra
    end = pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def resident(server: Server) -> int:
    """Return the bytes of memory that the server's process uses, which Linux tells."""
    assert server.process is not None
    pages = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def test_ten_gigabytes_of_zeros_are_refused_in_words(server: Server) -> None:
    bomb = zeros(10 * GIB)
    assert len(bomb) < 16 * MIB
    before = resident(server)
    answer = send(server, bomb)
    assert answer["opened"] is None
    assert "model.npz" in answer["message"] and "W_z" in answer["message"]
    assert resident(server) - before < 64 * MIB


def test_an_upload_that_breaks_off_leaves_the_server_as_it_was(
    server: Server, tmp_path: Path
) -> None:
    whole = content(tmp_path, 1)
    for _ in range(20):  # more than may be under way at once
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            head = f"POST /api/networks?file=half.npz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            connection.sendall(f"{head}Content-Length: {len(whole)}\r\n\r\n".encode())
            connection.sendall(whole[: len(whole) // 2])
    wait_until(lambda: send(server, whole).get("opened") is not None)


def test_two_uploads_at_once_are_both_read(server: Server, tmp_path: Path) -> None:
    files = [content(tmp_path, seed, hidden_size=64) for seed in (2, 3)]
    answers: list[Any] = [None, None]

    def upload(i: int) -> None:
        answers[i] = send(server, files[i], f"model-{i}.npz")

    threads = [threading.Thread(target=upload, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer["opened"]["title"] for answer in answers] == ["model-0.npz", "model-1.npz"]
    digests = {answer["opened"]["document"]["network"]["digest"] for answer in answers}
    assert len(digests) == 2


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory from /proc")
def test_the_memory_of_uploads_in_a_row_returns(server: Server, tmp_path: Path) -> None:
    """Of a file of 2 MiB whose network is kept once."""
    file = content(tmp_path, 5, hidden_size=300)
    sizes = []
    for _ in range(12):
        assert send(server, file)["opened"] is not None
        sizes.append(resident(server))
    assert sizes[-1] - sizes[2] < 10 * MIB


def test_a_name_with_markup_is_text(server: Server, tmp_path: Path) -> None:
    answer = send(server, content(tmp_path, 4), "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E.npz")
    assert answer["opened"]["title"] == "<img src=x onerror=alert(1)>.npz"


def wait_until(condition: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "expected the server to recover"
        time.sleep(0.2)
