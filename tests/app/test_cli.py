"""The command, run as a process."""

import json
import re
import signal
import socket
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest

from gru_core import Network, save
from gruscope import __version__
from gruscope.cli.serve import _opens_browser
from gruscope.settings import Settings
from tests.app.model_files import FITTING, TURNED_DOWN, name_of
from tests.app.support import LATCH, ROOT, TOKEN, command, running

DEFAULT = Settings().port


def finish(process: "subprocess.Popen[str]", seconds: float = 10) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def occupied(port: int) -> socket.socket:
    """Return a socket on a port, listening unless another program already uses the port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        return listener
    listener.listen()
    return listener


@pytest.mark.parametrize("mode", ["0", "1"])
def test_the_version_says_what_computes(mode):
    says = "NumPy; for more speed, pip install gruscope[fast]"
    if find_spec("numba") is not None:
        says = "NumPy; GRUSCOPE_COMPILED is 0" if mode == "0" else f"Numba {version('numba')}"
    found = finish(command("--version", GRUSCOPE_COMPILED=mode))
    assert found == (0, f"gruscope {__version__} ({says})\n", "")


def test_it_prints_its_address_once_it_answers_there():
    with running("--port", "0") as server:
        assert httpx2.get(server.url, timeout=60).status_code == 200
        assert server.port != DEFAULT


def test_the_default_port_busy_takes_the_next_free_one_and_says_so():
    with occupied(DEFAULT):
        process = command()
        try:
            assert process.stdout is not None
            first, second = process.stdout.readline(), process.stdout.readline()
        finally:
            process.kill()
            process.communicate()
    assert first.startswith(f"port {DEFAULT} is busy, using ")
    port = int(first.split()[-1])
    assert port > DEFAULT and f"http://127.0.0.1:{port}/" in second


def test_an_explicit_port_busy_is_one_line_and_a_failure():
    with occupied(0) as busy:
        port = busy.getsockname()[1]
        code, out, err = finish(command("--port", str(port)))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1 and f"port {port}" in err and "busy" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--port", "70000"), 2, "0 to 65535"),
        (("--port", "x"), 2, "0 to 65535"),
        (("--host", "no.such.host.invalid"), 1, "no.such.host.invalid"),
        (("--host", "192.0.2.1", "--port", "0"), 1, "192.0.2.1"),
        (("--token-file", "/no/such/file", "--port", "0"), 1, "/no/such/file"),
        (("--frobnicate",), 2, "unrecognized"),
    ],
)
def test_errors_of_the_command_are_one_line_without_a_traceback(arguments, code, words):
    got, out, err = finish(command(*arguments))
    assert (got, out) == (code, "")
    assert words in err and "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("open_sockets", [0, 3])
def test_signals_stop_it_with_success_while_sockets_are_open(number, open_sockets):
    with running() as server:
        talks = [server.talk() for _ in range(open_sockets)]
        for talk in talks:
            talk.__enter__().ask({"type": "open", "run": 1, "document": LATCH})
        server.process.send_signal(number)
        code, _, err = finish(server.process)
        assert (code, err) == (0, "")
        for talk in talks:
            talk.__exit__(None, None, None)


def test_a_background_job_of_a_shell_is_interrupted_from_the_start():
    """Such a job begins with the signal ignored, as what a process ignores its children do."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with running() as server:
            server.process.send_signal(signal.SIGINT)
            code, _, err = finish(server.process)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (code, err) == (0, "")


def test_an_open_bind_makes_and_prints_a_token():
    with running("--host", "0.0.0.0", "--port", "0") as server:
        assert "?token=" in server.url
        bare = f"http://127.0.0.1:{server.port}/"
        assert httpx2.get(bare, timeout=60).status_code == 401
        assert httpx2.get(f"{bare}healthz", timeout=60).status_code == 200
        with httpx2.Client(follow_redirects=True) as http:
            page = http.get(server.url)
            assert (page.status_code, str(page.url)) == (200, bare)


def test_two_open_binds_have_two_tokens():
    arguments = ("--host", "0.0.0.0", "--port", "0")
    with running(*arguments) as first, running(*arguments) as second:
        assert first.url.split("token=")[1] != second.url.split("token=")[1]


@pytest.mark.parametrize("source", ["file", "environment"])
def test_a_token_that_is_given_is_used_and_not_printed(source, tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    arguments = ["--host", "0.0.0.0", "--port", "0"]
    environment = {} if source == "file" else {"GRUSCOPE_TOKEN": TOKEN}
    with running(
        *arguments, *(["--token-file", str(path)] * (source == "file")), **environment
    ) as server:
        assert TOKEN not in server.url
        headers = {"authorization": f"Bearer {TOKEN}"}
        assert httpx2.get(server.url, headers=headers, timeout=60).status_code == 200
        assert httpx2.get(server.url, timeout=60).status_code == 401


@pytest.mark.parametrize("token", ["short", "with spaces in it, and more", "é" * 20])
def test_a_token_that_will_not_do(token):
    code, _, err = finish(command("--port", "0", GRUSCOPE_TOKEN=token))
    assert code == 1 and "GRUSCOPE_TOKEN" in err and token not in err


def test_another_name_is_served_if_allowed():
    with running("--port", "0", "--allowed-host", "gru.example") as server:
        for host, status in (("gru.example", 200), ("other.example", 403)):
            assert httpx2.get(server.url, headers={"host": host}, timeout=60).status_code == status
        proxied = {"host": "gru.example", "origin": "https://gru.example"}
        for scheme, status in (("https", 200), ("http", 403)):
            headers = proxied | {"x-forwarded-proto": scheme}
            assert httpx2.get(server.url, headers=headers, timeout=60).status_code == status


def test_a_low_limit_of_open_files_is_raised():
    pytest.importorskip("resource")
    code = "from gruscope.cli.serve import _allow_files as a; import resource as r; a(300); a(200)"
    code += "; print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    for hard, expected in ((400, 300), (250, 250)):
        shell = f'ulimit -S -n 100 && ulimit -H -n {hard} && exec "$0" -c "$1"'
        arguments = ["bash", "-c", shell, sys.executable, code]
        got = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
        assert int(got.stdout) == expected


def test_no_browser_is_opened_without_a_terminal(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    for is_terminal, refused, opens in (
        (True, False, True),
        (True, True, False),
        (False, False, False),
    ):
        monkeypatch.setattr("sys.stdout.isatty", lambda answer=is_terminal: answer, raising=False)
        assert _opens_browser(refused) == opens


def refused(*arguments: str) -> str:
    """Run the command, which must fail before it serves, and return its one line."""
    code, out, err = finish(command("--port", "0", *arguments), 30)
    assert (code, out) == (2, "")
    assert err.startswith("gruscope: ") and err.count("\n") == 1
    return err.removeprefix("gruscope: ").rstrip()


def page_config(url: str) -> Any:
    found = re.search(r'id="config">(.*?)</script>', httpx2.get(url, timeout=60).text, re.S)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(
    "suffix", [".safetensors", ".npz", ".pt", ".pth", ".onnx", ".keras", ".h5"]
)
def test_the_page_opens_with_the_model_file(suffix):
    path = next(p for p in FITTING if p.suffix == suffix and name_of(p) is None)
    with running("--port", "0", str(path)) as server:
        config = page_config(server.url)
        first = config["examples"][0]
        assert config["default"] == first["name"] and first["title"].startswith(path.name)
        with server.talk() as talk:
            opened = talk.ask({"type": "open", "run": 1, "document": first["document"]})
            assert opened["type"] == "opened" and talk.until("done")[-1]["steps"] == 48


def test_of_several_networks_one_is_asked_for():
    path = next(p for p in FITTING if p.name == "two.pt")
    line = refused(str(path))
    assert "--network NAME" in line and "name=" not in line
    assert "encoder.rnn" in line and "decoder.rnn" in line
    assert "encoder.rnn" in refused(str(path), "--network", "other")
    with running("--port", "0", str(path), "--network", "decoder.rnn") as server:
        first = page_config(server.url)["examples"][0]
        (layer,) = first["network"]["layers"]
        assert (first["title"], layer["directions"]) == ("two.pt", ["forward", "reverse"])


@pytest.mark.parametrize(
    "options",
    [("--vocab", "v.txt"), ("--alphabet", "ab"), ("--input", "a.csv")],
)
def test_what_is_said_of_a_file_needs_one(options):
    code, out, err = finish(command(*options))
    assert (code, out) == (2, "") and "FILE" in err and "Traceback" not in err


def test_the_page_opens_on_a_network_of_the_gallery():
    with running("--port", "0") as server:
        assert page_config(server.url)["default"] == "first"
    with running("--port", "0", "--network", "brackets") as server:
        config = page_config(server.url)
        assert config["default"] == "brackets"
        assert "brackets" in [one["name"] for one in config["examples"]]
    assert "--network: expected one of first, brackets," in refused("--network", "none")


@pytest.fixture
def words(tmp_path):
    """A network with an embedding of three tokens."""
    layers = Network.random("gru", 2, 3, seed=0).layers
    save(Network(layers, np.eye(3, 2)), tmp_path / "words.npz")
    return tmp_path / "words.npz"


def test_a_vocabulary_names_the_tokens(words, tmp_path):
    vocabulary = tmp_path / "v.txt"
    vocabulary.write_text("the\ncat\nsat\n", encoding="utf-8")
    with running("--port", "0", str(words), "--vocab", str(vocabulary)) as server:
        assert page_config(server.url)["examples"][0]["card"]["tokens"] == ["the", "cat", "sat"]
    vocabulary.write_text("the\n", encoding="utf-8")
    line = refused(str(words), "--vocab", str(vocabulary))
    assert "--vocab v.txt: tokens must have 3 entries, as the network has 3 rows" in line
    assert "No such file" in refused(str(words), "--vocab", str(tmp_path / "none.txt"))


def test_an_alphabet_makes_it_read_text(words):
    with running("--port", "0", str(words), "--alphabet", "abc") as server:
        first = page_config(server.url)["examples"][0]
        assert first["alphabet"] == "abc"
        assert first["document"]["input"] == {"kind": "text", "text": "abc" * 16}
        with server.talk() as talk:
            talk.ask({"type": "open", "run": 1, "document": first["document"]})
            assert talk.until("done")[-1]["steps"] == 48
    assert "have 3 characters, as the network has 3 tokens, got 2" in refused(
        str(words), "--alphabet", "ab"
    )


@pytest.mark.parametrize("path", TURNED_DOWN, ids=lambda path: path.name)
def test_a_file_that_cannot_be_read_is_one_line_and_a_failure(path):
    assert refused(str(path)).startswith(f"{path.name}: ")


def test_files_that_are_no_models_are_refused(tmp_path):
    (tmp_path / "empty.pt").touch()
    (tmp_path / "notes.txt").write_text("not a model")
    large = tmp_path / "large.npz"
    with large.open("wb") as file:
        file.truncate(Settings().file_bytes + 1)
    assert refused(str(tmp_path / "none.pt")).endswith(
        "cannot be opened: No such file or directory"
    )
    assert "is a directory" in refused(str(tmp_path))
    assert "is empty" in refused(str(tmp_path / "empty.pt"))
    assert "none of the formats" in refused(str(tmp_path / "notes.txt"))
    assert "too large" in refused(str(large))


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"input_size": 1025, "hidden_size": 2}, "layer 1: has 1025 inputs"),
        ({"input_size": 2, "hidden_size": 1025}, "layer 1: has 1025 hidden units"),
        ({"input_size": 2, "hidden_size": 2, "layers": 65}, "65 layers"),
    ],
)
def test_a_network_over_the_page_s_limits(tmp_path, sizes, words):
    path: Path = tmp_path / "large.safetensors"
    save(Network.random("rnn", **sizes, seed=0), path)
    line = refused(str(path))
    assert line.startswith("large.safetensors: ") and words in line


def test_no_port_is_taken_before_the_file_is_read():
    with occupied(0) as busy:
        assert "none.pt" in refused("--port", str(busy.getsockname()[1]), "none.pt")


def test_a_card_beside_the_model_and_an_input(words, tmp_path):
    card = tmp_path / "words.json"
    card.write_text('{"title": "Three words", "tokens": ["the", "cat", "sat"]}', encoding="utf-8")
    prose = tmp_path / "prose.txt"
    prose.write_text("the cat\nsat", encoding="utf-8")
    with running("--port", "0", str(words), "--input", str(prose)) as server:
        first = page_config(server.url)["examples"][0]
        assert first["title"] == "Three words" and "text of prose.txt" in first["story"]
        assert first["document"]["input"] == {"kind": "tokens", "tokens": [0, 1, 2]}
    prose.write_text("the dog", encoding="utf-8")
    assert "--input prose.txt: expected words" in refused(str(words), "--input", str(prose))
    assert "No such file" in refused(str(words), "--input", str(tmp_path / "none.csv"))
    card.write_text('{"tokens": ["the"]}', encoding="utf-8")
    assert "words.json beside the model: tokens must have 3" in refused(str(words))
    card.write_text('{"tokens": 1}', encoding="utf-8")
    assert "words.json: tokens: expected a list" in refused(str(words))
    card.write_text('{"layers": 2}', encoding="utf-8")
    with running("--port", "0", str(words)) as server:  # any other JSON
        assert page_config(server.url)["examples"][0]["card"] == {}
