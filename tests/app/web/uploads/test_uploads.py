"""Model files that pages open: read, refused, kept and dropped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from gru_core import Network, Readout
from gru_core.files import save
from gruscope.documents.entry import Entry
from gruscope.documents.library import GRACE, Library
from gruscope.settings import Settings
from gruscope.wire.errors import Refused
from gruscope.wire.schema import FileNetwork
from tests.app.session.test_session import say
from tests.app.support import client
from tests.app.talk import opening, session


def network(seed: int = 0, size: int = 4) -> Network:
    layers = Network.random("gru", 3, size, seed=seed, layers=2, directions=2).layers
    return Network(layers, readout=Readout(np.ones((2, 2 * size)), head="softmax"))


@pytest.fixture
def file(tmp_path: Path) -> bytes:
    save(network(), tmp_path / "model.npz")
    return (tmp_path / "model.npz").read_bytes()


def send(http: TestClient, content: bytes, name: str = "model.npz", **query: str) -> Any:
    return http.post("/api/networks", params={"file": name, **query}, content=content)


def test_an_opened_file_is_a_document_that_runs(file: bytes) -> None:
    library = Library()
    answer = send(client(library=library), file, "my 50%25 model.npz").json()["opened"]
    assert answer["title"] == "my 50%25 model.npz"
    assert [layer["directions"] for layer in answer["network"]["layers"]] == [
        ["forward", "reverse"]
    ] * 2
    http = client(library=library)
    trace = http.post("/api/trace", json=answer["document"]).json()
    x = np.array(answer["document"]["input"]["values"])
    np.testing.assert_array_equal(trace["arrays"]["answer"], network().run(x).answer)
    assert say(session(library), opening(answer["document"]))[-1].type == "done"


def test_the_same_file_is_kept_once(file: bytes) -> None:
    library = Library()
    http = client(library=library)
    digests = {send(http, file).json()["opened"]["document"]["network"]["digest"] for _ in "ab"}
    assert len(digests) == 1
    assert library.used == Entry.of(network(), "model.npz", Settings()).bytes


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.pt: is empty"),
        (b"no network", "a.pt: is none of the formats known here"),
        (b"PK\x03\x04" + bytes(50), "a.pt: "),
        (bytes(2**20), "a.pt: "),
    ],
)
def test_what_cannot_be_read_is_an_answer(content: bytes, message: str) -> None:
    library = Library()
    answer = send(client(library=library), content, "a.pt")
    assert answer.status_code == 200
    assert answer.json()["opened"] is None and answer.json()["choices"] == []
    assert answer.json()["message"].startswith(message)
    assert library.used == 0


def test_several_networks_are_listed_and_one_is_chosen() -> None:
    from safetensors.numpy import save as packed

    rng = np.random.default_rng(0)
    arrays = {
        f"{name}.weight_{part}_l0": rng.normal(size=(3 * H, I if part == "ih" else H))
        for name, I, H in (("a", 2, 3), ("b", 5, 4))
        for part in ("ih", "hh")
    }
    content = packed(arrays)
    answer = send(client(), content, "two.safetensors").json()
    assert answer["choices"] == ["a", "b"]
    chosen = send(client(), content, "two.safetensors", network="b").json()["opened"]
    assert chosen["hidden_size"] == 4


def test_limits(file: bytes) -> None:
    small = Settings(file_bytes=100)
    refused = send(client(small), file)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")

    def parts() -> Any:
        yield bytes(60)
        yield bytes(60)

    chunked = client(small).post("/api/networks", content=parts())
    assert chunked.json()["code"] == "too_large"
    full = send(client(Settings(upload_bytes=1000)), file)
    assert (full.status_code, full.json()["code"]) == (503, "busy")
    off = send(client(Settings(uploads=False)), file)
    assert (off.status_code, off.json()["code"]) == (404, "not_found")
    other = client().post("/api/networks", content=file, headers={"origin": "http://evil.test"})
    assert other.status_code == 403


def test_fifty_uploads_leave_no_more_than_fit(tmp_path: Path) -> None:
    """Without sessions, each network makes room for the next."""
    now = [0.0]
    one = Entry.of(network(), "model.npz", Settings()).bytes
    library = Library(None, 2 * one, 600, lambda: now[0])
    for seed in range(50):
        now[0] += 2 * GRACE
        library.add(Entry.of(network(seed), "model.npz", Settings()))
        assert library.used <= 2 * one


def test_a_network_stays_while_a_session_uses_it_and_a_while_after() -> None:
    now = [0.0]
    entry = Entry.of(network(), "model.npz", Settings())
    library = Library(None, entry.bytes, 600, lambda: now[0])
    library.add(entry)
    spec = FileNetwork(kind="file", digest=entry.digest)
    with session(library) as one, session(library) as two:
        for each in (one, two):
            assert say(each, opening(entry.document.model_dump()))[-1].type == "done"
        now[0] = 10_000
        library.tidy()
        assert library.find(spec) is entry
        with pytest.raises(Refused, match="expected room for"):
            library.add(Entry.of(network(1), "other.npz", Settings()))
    now[0] += 599
    library.tidy()
    assert library.find(spec) is entry
    now[0] += 1
    library.tidy()
    with pytest.raises(Refused, match="none like it is open"):
        library.find(spec)
    assert library.used == 0


def test_a_session_that_changes_its_network_gives_the_old_one_back() -> None:
    now = [0.0]
    entry = Entry.of(network(), "model.npz", Settings())
    library = Library(None, entry.bytes, 600, lambda: now[0])
    library.add(entry)
    latch = {
        "network": {"kind": "example", "name": "latch"},
        "input": {"kind": "text", "text": "a"},
    }
    with session(library) as one:
        say(one, opening(entry.document.model_dump()))
        say(one, opening(latch, run=2))
        now[0] = 601
        library.tidy()
        assert library.used == 0
