"""Shared by the server's tests: documents, clients, and servers in separate processes."""

import json
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load
from starlette.testclient import TestClient
from websockets.sync.client import ClientConnection, connect

from gruscope.documents.library import Library
from gruscope.settings import Settings
from gruscope.web.server import create_app

ROOT = Path(__file__).parents[2]
PORT = Settings().port
HOME = f"http://127.0.0.1:{PORT}"
SOCKET = f"ws://127.0.0.1:{PORT}/ws"
TOKEN = "a-token-for-the-tests-0123"

LATCH = {
    "network": {"kind": "example", "name": "latch"},
    "input": {"kind": "text", "text": "..a.b.a"},
}


def random_document(T: int = 48, H: int = 8, I: int = 3, **extra: Any) -> dict[str, Any]:
    values = np.random.default_rng(5).normal(size=(T, I)).tolist()
    network = {"kind": "random", "hidden_size": H, "seed": 3, "input_size": I}
    return {"network": network, "input": {"kind": "numbers", "values": values}, **extra}


def client(
    settings: Settings | None = None, library: Library | None = None, **options: Any
) -> TestClient:
    return TestClient(create_app(settings, library), base_url=HOME, **options)


@dataclass
class Frame:
    """A binary frame, read."""

    meta: dict[str, str]
    arrays: dict[str, Any]

    @property
    def run(self) -> int:
        return int(self.meta["run"])


def read_frame(data: bytes) -> Frame:
    (length,) = struct.unpack("<Q", data[:8])
    return Frame(json.loads(data[8 : 8 + length])["__metadata__"], load(data))


def read(piece: str | bytes) -> Any:
    return read_frame(piece) if isinstance(piece, bytes) else json.loads(piece)


class Talk:
    """A client of a real server."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, message: Any) -> None:
        self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def receive(self) -> Any:
        return read(self.socket.recv(timeout=60))

    def until(self, type: str, run: int | None = None) -> list[Any]:
        """Receive up to and including a message of a type (and run)."""
        got = []
        while True:
            got.append(self.receive())
            last = got[-1]
            if isinstance(last, dict) and last["type"] == type and run in (None, last["run"]):
                return got

    def ask(self, message: Any) -> Any:
        self.send(message)
        return self.receive()


@dataclass
class Running:
    """A server in a separate process."""

    process: "subprocess.Popen[str]"
    url: str
    port: int

    @contextmanager
    def talk(self, **options: Any) -> Iterator[Talk]:
        address = f"ws://127.0.0.1:{self.port}/ws"
        options = {"open_timeout": 60, **options}
        with connect(address, compression=None, max_size=None, **options) as socket:
            yield Talk(socket)


def command(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return _python("-m", "gruscope", "--no-browser", *arguments, **environment)


def _python(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "GRUSCOPE_TOKEN"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Running]:
    """Start the command and wait for its address; kill it afterwards if it still runs."""
    with _served(command(*(arguments or ("--port", "0")), **environment)) as server:
        yield server


@contextmanager
def running_script(script: str, *arguments: str) -> Iterator[Running]:
    """Start a server by a script, for settings that the command has no option for."""
    with _served(_python("-c", script, *arguments)) as server:
        yield server


@contextmanager
def _served(process: "subprocess.Popen[str]") -> Iterator[Running]:
    try:
        yield _wait(process)
    finally:
        process.kill()
        process.communicate()


def _wait(process: "subprocess.Popen[str]") -> Running:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"(http://\S+?:(\d+)/\S*)", line):
            return Running(process, found[1], int(found[2]))
    raise AssertionError(f"the server did not start: {process.communicate()[1]}")


def eventually(condition: Any, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
