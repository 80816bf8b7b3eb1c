"""Trainings of a real server: started, paused, attached to, ended and killed."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from gru_core import load
from gruscope.settings import Settings
from tests.app.support import Running, eventually, running, running_script
from tests.app.training.specs import spec

ENDLESS = spec(steps=100_000).model_dump()
SHORT = spec(steps=30).model_dump()
SCRIPT = """
import dataclasses, sys
import gruscope.cli
from gruscope.cli import serve
from gruscope.settings import Settings
changed = eval(sys.argv[1])
serve.Settings = lambda: dataclasses.replace(Settings(), **changed)
sys.argv[1:] = ["--no-browser", "--port", "0"]
raise SystemExit(gruscope.cli.main())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as server:
        yield server


class Page:
    """A page's side of its training."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.id = ""

    def send(self, type: str, **rest: Any) -> None:
        self._socket.send(json.dumps({"type": type, **rest}))

    def until(self, want: Any, seconds: float = 60) -> list[dict[str, Any]]:
        """Receive up to a message that is wanted."""
        got: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while True:
            message = json.loads(self._socket.recv(timeout=end - time.monotonic()))
            got.append(message)
            self.id = message["id"] if message["type"] == "status" else self.id
            if want(message):
                return got

    def status(self, *wanted: str) -> list[dict[str, Any]]:
        return self.until(lambda m: m["type"] == "status" and m["status"] in wanted)

    def refused(self) -> dict[str, Any]:
        return self.until(lambda m: m["type"] == "error")[-1]


@contextmanager
def page(server: Running, **options: Any) -> Iterator[Page]:
    address = f"ws://127.0.0.1:{server.port}/ws/train"
    with connect(address, compression=None, max_size=None, open_timeout=60, **options) as socket:
        yield Page(socket)


def processes(server: Running) -> list[int]:
    """Return the processes that the server has started."""
    tasks = Path(f"/proc/{server.process.pid}/task")
    listed = []
    for task in tasks.iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            listed += (task / "children").read_text().split()
    return [int(pid) for pid in listed]


def last(messages: list[dict[str, Any]], type: str) -> dict[str, Any]:
    return [message for message in messages if message["type"] == type][-1]


def test_a_training_runs_to_its_end_and_its_snapshots_can_be_opened(server: Running) -> None:
    with page(server) as mine, server.talk() as talk:
        mine.send("start", training=SHORT)
        messages = mine.status("finished")
        ready, snapshot = last(messages, "ready"), last(messages, "snapshot")
        assert (snapshot["step"], ready["metric"]["chance"]) == (30, 0.5)
        document = ready["document"]
        document["network"]["digest"] = snapshot["digest"]
        talk.send({"type": "open", "run": 1, "document": document})
        assert talk.until("done")[-1]["steps"] == 8


def test_a_foreign_page_is_refused_before_accept(server: Running) -> None:
    headers = {"Origin": "http://evil.example"}
    with pytest.raises(InvalidStatus) as refused, page(server, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ({"type": "pause"}, "no_training", None),
        ({"type": "attach", "id": "guessed"}, "no_training", "id"),
        ({"type": "start", "training": SHORT | {"steps": 0}}, "range", "training.steps"),
        ({"type": "start", "training": SHORT | {"batch": 5000}}, "range", "training.batch"),
        ({"type": "begin"}, "message", "type"),
    ],
)
def test_what_cannot_be_is_refused(
    server: Running, message: dict[str, Any], code: str, field: str | None
) -> None:
    with page(server) as mine:
        mine.send(**message)
        error = mine.refused()
        assert (error["code"], error["field"]) == (code, field)


def test_it_pauses_steps_goes_on_and_stops(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=ENDLESS)
        mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 3)
        mine.send("pause")
        paused = mine.status("paused")[-1]["step"]
        mine.send("one_step")
        assert mine.status("paused")[-1]["step"] == paused + 1
        mine.send("resume")
        mine.until(lambda m: m["type"] == "progress" and m["step"] > paused + 5)
        mine.send("stop")
        assert mine.status("stopped")[-1]["step"] > paused
        eventually(lambda: processes(server) == [])


def test_edits_of_an_earlier_snapshot_become_part_of_the_training(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=ENDLESS)
        messages = mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 10)
        early = next(m for m in messages if m["type"] == "snapshot" and m["step"] > 3)
        mine.send("pause")
        mine.status("paused")
        edit = {"op": "set", "array": "b_z", "row": 0, "value": 7.0}
        mine.send("one_step", origin={"digest": early["digest"], "edits": [edit]})
        messages = mine.status("paused")
        assert last(messages, "rewound")["step"] == early["step"]
        snapshot = last(messages, "snapshot")
        assert snapshot["step"] == early["step"] + 1
        network = kept(server, snapshot["digest"])
        assert network.layers[0].first.arrays()["b_z"][0] == pytest.approx(7.0, abs=0.02)


def test_an_edit_that_does_not_fit_changes_nothing(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=SHORT)
        snapshot = last(mine.status("finished"), "snapshot")
        edit = {"op": "set", "array": "b_z", "row": 99, "value": 7.0}
        mine.send("resume", origin={"digest": snapshot["digest"], "edits": [edit]})
        assert mine.refused()["field"] == "edits.0.row"
        mine.send("resume", origin={"digest": "other"})
        assert mine.refused()["field"] == "origin.digest"


def test_a_reloaded_page_finds_its_training_again(server: Running) -> None:
    with page(server) as before:
        before.send("start", training=ENDLESS)
        before.until(lambda m: m["type"] == "snapshot" and m["step"] > 20)
    with page(server) as after:
        after.send("attach", id=before.id)
        messages = after.until(lambda m: m["type"] == "progress" and m["step"] > 40)
        assert [m["type"] for m in messages[:2]] == ["status", "ready"]
        assert messages[0]["status"] == "running"
        steps = [m["step"] for m in messages if m["type"] == "snapshot"]
        assert steps[0] == 0 and steps == sorted(set(steps)) and len(steps) > 15
        points = [p["step"] for m in messages if m["type"] == "progress" for p in m["points"]]
        assert points == sorted(set(points))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_page_that_stays_away_ends_its_process_and_can_go_on_later(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=ENDLESS)
        mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 5)
        only_process(server)
    # 1.6 s on an idle machine; a busy one takes longer to end a process.
    eventually(lambda: processes(server) == [], 30)
    with page(server) as again:
        again.send("attach", id=mine.id)
        status = again.status("paused")[-1]
        assert "its page was away" in status["note"]
        again.send("resume")
        again.until(lambda m: m["type"] == "progress" and m["step"] > status["step"])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_process_is_reported_and_the_training_can_go_on(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=ENDLESS)
        mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 5)
        pid = only_process(server)
        os.kill(pid, signal.SIGKILL)
        failed = mine.status("failed")[-1]
        assert "ended unexpectedly" in failed["note"]
        mine.send("resume")
        mine.until(lambda m: m["type"] == "progress" and m["step"] > 10)
    with server.talk() as talk:
        assert talk.ask({"type": "ping", "id": 1})["type"] == "pong"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_places_are_bounded_and_a_paused_training_gives_way() -> None:
    with (
        running_script(SCRIPT, "{'trainings_at_once': 1, 'trainings_waiting': 1}") as server,
        page(server) as first,
        page(server) as second,
        page(server) as third,
    ):
        first.send("start", training=ENDLESS)
        first.until(lambda m: m["type"] == "snapshot" and m["step"] > 5)
        second.send("start", training=ENDLESS)
        assert second.status("waiting")[-1]["place"] == 1
        third.send("start", training=ENDLESS)
        assert third.refused()["code"] == "busy"
        first.send("pause")
        paused = first.status("paused")[-1]["step"]
        second.until(lambda m: m["type"] == "snapshot" and m["step"] > 5)
        eventually(lambda: len(processes(server)) == 1, 30)
        first.send("resume")
        assert first.status("waiting")[-1]["place"] == 1
        second.send("stop")
        first.until(lambda m: m["type"] == "progress" and m["step"] > paused)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_outlives_the_server() -> None:
    with running() as server, page(server) as mine:
        mine.send("start", training=ENDLESS)
        mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 5)
        pid = only_process(server)
        server.process.kill()
        eventually(lambda: not Path(f"/proc/{pid}").exists(), 20)


def only_process(server: Running) -> int:
    """Return the one process that trains, once that of an earlier test has ended."""
    eventually(lambda: len(processes(server)) == 1, 30)
    return processes(server)[0]


def kept(server: Running, digest: str, **made: Any) -> Any:
    """Return the network of a downloaded file."""
    answer = httpx2.get(f"{server.url}api/networks/{digest}", timeout=60)
    assert answer.status_code == 200, answer.text
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"kept-{digest}.safetensors"
    path.write_bytes(answer.content)
    try:
        return load(path)
    finally:
        path.unlink()


def test_a_network_is_kept_with_its_edits_and_downloaded_with_its_card(
    server: Running, tmp_path: Path
) -> None:
    with page(server) as mine:
        mine.send("start", training=SHORT)
        digest = last(mine.status("finished"), "snapshot")["digest"]
        edit = {"op": "set", "array": "b_z", "row": 1, "value": -2.0}
        body = {"title": "Mine, edited", "edits": [edit]}
        made = httpx2.post(f"{server.url}api/networks/{digest}", json=body, timeout=60).json()
        example = made["opened"]
        assert (example["title"], example["alphabet"]) == ("Mine, edited", "01")
        new = example["document"]["network"]["digest"]
        assert new != digest
        answer = httpx2.get(f"{server.url}api/networks/{new}", timeout=60)
        assert 'filename="mine-edited.safetensors"' in answer.headers["content-disposition"]
        assert kept(server, new).layers[0].first.arrays()["b_z"][1] == -2.0
        head = json.loads(answer.content[8 : 8 + int.from_bytes(answer.content[:8], "little")])
        card = json.loads(head["__metadata__"]["card"])
        made = card["training"]
        assert (made["spec"]["task"]["name"], made["step"], card["edits"]) == ("parity", 30, 1)
        assert card["classes"] == ["even", "odd"]


def test_a_network_that_is_not_open_is_not_found(server: Running) -> None:
    for call in (httpx2.get, lambda url: httpx2.post(url, json={"title": "x"})):
        assert call(f"{server.url}api/networks/0123456789abcdef").status_code == 404


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_gives_way_to_the_server(server: Running) -> None:
    with page(server) as mine:
        mine.send("start", training=ENDLESS)
        mine.until(lambda m: m["type"] == "snapshot" and m["step"] > 3)
        nice = os.nice(0) + Settings().training_nice
        found = processes(server)
        assert nice in {os.getpriority(os.PRIO_PROCESS, pid) for pid in found}
        groups = [Path(f"/proc/{pid}/autogroup") for pid in found]
        said = [group.read_text().strip() for group in groups if group.exists()]
        assert not said or any(one.endswith(f"nice {nice}") for one in said)


def test_a_server_without_training_offers_none() -> None:
    with running("--port", "0", "--no-training") as server, page(server) as mine:
        mine.send("start", training=SHORT)
        error = mine.refused()
        assert (error["code"], "--no-training" in error["message"]) == ("not_found", True)
        assert '"training": null' in httpx2.get(server.url, timeout=60).text
