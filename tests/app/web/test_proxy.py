"""The proxy of docs/hosting.md in front of a real server."""

import json
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from gru_core import Network, save
from tests.app.support import LATCH, ROOT, TOKEN, eventually, running
from tests.app.training.specs import spec

NAME = "gruscope.example.org"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SILENCE = 10
"""Seconds after which the proxy gives up a silent server, except where sockets are passed on."""
PING, PONG = '{"type":"ping","id":3}', {"type": "pong", "id": 3}
BEARER = {"Authorization": f"Bearer {TOKEN}"}

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="needs nginx (Debian: apt install nginx-light)"),
    pytest.mark.skipif(
        shutil.which("openssl") is None, reason="needs openssl (Debian: apt install openssl)"
    ),
]


@dataclass
class Proxy:
    """The proxy's port and the certificate it shows."""

    port: int
    trust: ssl.SSLContext

    @property
    def host(self) -> str:
        return f"{NAME}:{self.port}"

    def raw(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.trust.wrap_socket(plain, server_hostname=NAME)

    @contextmanager
    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> Iterator[HTTPResponse]:
        with closing(HTTPSConnection(NAME, self.port, context=self.trust)) as connection:
            connection.sock = self.raw()
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Host": self.host} | names)
            yield connection.getresponse()

    def page(self, path: str = "/ws", /, **headers: str) -> ClientConnection:
        names = {"Origin": f"https://{self.host}", **BEARER, **headers}
        origin = names.pop("Origin")
        return connect(
            f"wss://{self.host}{path}",
            sock=socket.create_connection(("127.0.0.1", self.port), timeout=20),
            ssl=self.trust,
            server_hostname=NAME,
            origin=origin,  # type: ignore[arg-type]
            additional_headers=names,
            compression=None,
            max_size=None,
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def certificate(folder: Path) -> None:
    words = (
        f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} "
        f"-addext subjectAltName=DNS:{NAME} -keyout gruscope.key -out gruscope.pem"
    )
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)


def configuration(folder: Path, port: int, upstream: int) -> str:
    """Return the file of the documentation, with this test's ports, paths and shorter times."""
    text = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
    (server,) = re.findall(r"^```nginx\n(.*?)^```$", text, re.M | re.S)
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "127.0.0.1:8017": f"127.0.0.1:{upstream}",
        "/etc/ssl": str(folder),
        " 20s;": " 1s;",
        "location / {": f"location / {{\nproxy_read_timeout {SILENCE}s;",
    }.items():
        assert old in server
        server = server.replace(old, new)
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{path}_temp_path {folder}/{path};\n" for path in paths)
    return (
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{server}}}\n"
    )


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    certificate(folder)
    port = free_port()
    with running("--port", "0", "--allowed-host", NAME, GRUSCOPE_TOKEN=TOKEN) as server:
        path = folder / "nginx.conf"
        path.write_text(configuration(folder, port, server.port), encoding="utf-8")
        assert NGINX is not None
        command = [NGINX, "-p", str(folder), "-c", str(path), "-g", "daemon off;"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            trust = ssl.create_default_context(cafile=str(folder / "gruscope.pem"))
            found = Proxy(port, trust)
            eventually(lambda: _listens(port) or process.poll() is not None, 20)
            assert process.poll() is None, (folder / "error.log").read_text()
            yield found
        finally:
            process.terminate()
            process.wait(10)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def ends(raw: socket.socket) -> bytes:
    """Return everything received until the other side closes or resets."""
    got = b""
    try:
        while data := raw.recv(65536):
            got += data
    except (ConnectionResetError, ssl.SSLError):
        pass
    return got


def test_the_token_is_exchanged_for_a_secure_cookie(proxy):
    with proxy.request("GET", "/", Accept="text/html") as answer:
        assert answer.status == 401
    with proxy.request("GET", f"/?token={TOKEN}") as answer:
        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
    assert {"secure", "samesite=strict", "httponly"} <= {*cookie.lower().split("; ")}
    with proxy.request("GET", "/", Cookie=cookie.partition(";")[0]) as answer:
        assert answer.status == 200 and b"<html" in answer.read()


def test_a_page_of_the_public_name_opens_its_socket(proxy):
    with proxy.page() as page:
        page.send(PING)
        assert json.loads(page.recv(timeout=20)) == PONG
        page.send(json.dumps({"type": "open", "run": 1, "document": LATCH}))
        assert json.loads(page.recv(timeout=20))["type"] == "opened"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"http://{NAME}"}, 403),
        ({"Authorization": "Bearer a-wrong-token-0123456"}, 401),
    ],
)
def test_another_origin_scheme_or_token_is_refused(proxy, headers, status):
    with pytest.raises(InvalidStatus) as refused, proxy.page(**headers):
        pass
    assert refused.value.response.status_code == status


def test_a_training_is_passed_on_and_outlasts_the_timeouts(proxy):
    with proxy.page("/ws/train") as page:
        said = ended_training(page, spec(steps=30).model_dump())
        assert said[0]["type"] == "status" and {"ready", "snapshot", "progress"} <= types(said)
        with pytest.raises(TimeoutError):
            page.recv(timeout=SILENCE + 1)
        page.send(PING)
        assert json.loads(page.recv(timeout=20)) == PONG
        assert types(ended_training(page, spec(steps=30).model_dump())) == types(said)


def ended_training(page: ClientConnection, training: dict[str, Any]) -> list[dict[str, Any]]:
    """Train to the end, and return all that is said."""
    page.send(json.dumps({"type": "start", "training": training}))
    said: list[dict[str, Any]] = []
    while not said or said[-1].get("status") != "finished":
        said.append(json.loads(page.recv(timeout=60)))
    return said


def types(said: list[dict[str, Any]]) -> set[str]:
    return {message["type"] for message in said}


@pytest.mark.parametrize("path", ["/ws/train", "/ws/other"])
def test_a_foreign_page_trains_nothing_and_other_sockets_do_not_exist(proxy, path):
    origin = "https://evil.example" if path == "/ws/train" else f"https://{proxy.host}"
    with pytest.raises(InvalidStatus) as refused, proxy.page(path, Origin=origin):
        pass
    assert refused.value.response.status_code in (403, 404)


def test_another_host_is_refused(proxy):
    with proxy.request("GET", "/healthz", Host="rebound.example") as answer:
        assert (answer.status, json.load(answer)["code"]) == (403, "host")


def test_a_session_outlasts_the_timeouts(proxy):
    with proxy.page() as page:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                page.recv(timeout=1.2)
            page.send(PING)
            assert json.loads(page.recv(timeout=20)) == PONG


def test_a_trace_is_sent_line_by_line(proxy):
    headers = {"Content_Type": "application/json", "Accept": "application/x-ndjson"} | BEARER
    body = json.dumps(LATCH).encode()
    with proxy.request("POST", "/api/trace", body, **headers) as answer:
        lines = [json.loads(line) for line in answer]
    assert [line["t"] for line in lines] == list(range(7))


def test_a_body_that_is_too_large_is_refused(proxy):
    headers = {"Content_Type": "application/json"} | BEARER
    with proxy.request("POST", "/api/trace", b" " * (2**20 + 1), **headers) as answer:
        assert answer.status == 413


def test_a_csv_may_be_larger(proxy):
    content = b"0.5\n" * (1 << 19)
    with proxy.request("POST", "/api/table?columns=0&count=2", content, **BEARER) as answer:
        assert json.load(answer)["taken"]["rows"] == [[0.5], [0.5]]


def test_a_model_may_be_larger_still(proxy, tmp_path):
    save(Network.random("gru", 400, 400, seed=0), tmp_path / "large.npz")
    content = (tmp_path / "large.npz").read_bytes()
    assert len(content) > 2**22
    with proxy.request("POST", "/api/networks?file=large.npz", content, **BEARER) as answer:
        assert json.load(answer)["opened"]["hidden_size"] == 400


UNFINISHED = {
    "nothing": "",
    "half a line": "GET / HT",
    "half a head": "GET / HTTP/1.1\r\nHost: {host}\r\n",
    "half a body": "POST /api/trace HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n{{",
    "half of another request": "GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\nGET /",
}


@pytest.mark.parametrize("begun", UNFINISHED.values(), ids=UNFINISHED)
def test_a_request_that_does_not_arrive_is_not_waited_for(proxy, begun):
    with proxy.raw() as raw:
        raw.sendall(begun.format(host=proxy.host).encode())
        ends(raw)  # and not a timeout


def test_a_tls_handshake_that_does_not_arrive_is_not_waited_for(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as raw:
        ends(raw)


def test_a_head_that_arrives_byte_by_byte_is_not_waited_for(proxy):
    with proxy.raw() as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: {proxy.host}\r\nSlow: ".encode())
        raw.settimeout(0.05)
        for _ in range(400):
            try:
                raw.sendall(b"x")
                if raw.recv(100) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    raise AssertionError("the proxy went on reading")


@pytest.mark.parametrize(
    ("line", "extra"),
    [
        ("/" + "a" * 20_000, ""),
        ("/ws", f"Cookie: {'a' * 20_000}\r\n"),
        ("/ws", "Content-Length: x\r\n"),
    ],
    ids=["address", "header", "length"],
)
def test_a_request_that_cannot_be_read_is_answered(proxy, line, extra):
    with proxy.raw() as raw:
        raw.sendall(f"GET {line} HTTP/1.1\r\nHost: {proxy.host}\r\n{extra}\r\n".encode())
        assert ends(raw).startswith(b"HTTP/1.1 4")


def test_the_connections_of_one_address_are_limited(proxy):
    opened = 0
    with ExitStack() as pages, pytest.raises(InvalidStatus) as refused:
        for _ in range(80):
            pages.enter_context(proxy.page())
            opened += 1
    assert refused.value.response.status_code == 503
    assert opened >= 40
