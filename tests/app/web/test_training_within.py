"""A training over a socket of the application in this process: its whole life, and being kept."""

from __future__ import annotations

import json
from typing import Any

from starlette.testclient import WebSocketTestSession

from gru_core.files.arrays.in_memory import from_bytes
from tests.app.support import HOME, client
from tests.app.training.specs import spec

TRAIN = f"{HOME.replace('http', 'ws', 1)}/ws/train"


def until(socket: WebSocketTestSession, **wanted: Any) -> list[dict[str, Any]]:
    """Receive up to a message that has these fields."""
    got: list[dict[str, Any]] = []
    while not (got and wanted.items() <= got[-1].items()):
        got.append(json.loads(socket.receive_text()))
    return got


def test_a_training_is_paused_goes_on_to_its_end_and_is_kept() -> None:
    with client() as app, app.websocket_connect(TRAIN) as socket:
        socket.send_json({"type": "start", "training": spec(steps=400).model_dump()})
        began = until(socket, type="snapshot", step=1)
        ready = next(message for message in began if message["type"] == "ready")
        assert ready["metric"]["name"] == "accuracy"
        socket.send_json({"type": "pause"})
        paused = until(socket, type="status", status="paused")
        step = paused[-1]["step"]
        assert 1 <= step < 400
        socket.send_json({"type": "one_step"})
        assert until(socket, type="status", status="paused")[-1]["step"] == step + 1
        socket.send_json({"type": "resume"})
        ended = until(socket, type="status", status="finished")
        assert ended[-1]["step"] == 400
        snapshots = [m["digest"] for m in began + paused + ended if m["type"] == "snapshot"]
        assert len(snapshots) == len(set(snapshots)) > 1
        kept = app.post(f"/api/networks/{snapshots[-1]}", json={"title": "Mine", "edits": []})
        assert kept.status_code == 200, kept.text
        opened = kept.json()["opened"]
        assert opened["title"] == "Mine"
        file = app.get(f"/api/networks/{opened['document']['network']['digest']}")
        assert file.status_code == 200
        assert from_bytes(file.content).hidden_size == ready["training"]["hidden_size"]


def test_what_cannot_be_trained_is_refused_and_the_socket_lives_on() -> None:
    with client() as app, app.websocket_connect(TRAIN) as socket:
        socket.send_json({"type": "start", "training": spec(hidden_size=2000).model_dump()})
        assert until(socket, type="error")[-1]["code"] in ("range", "message", "too_large")
        socket.send_json({"type": "start", "training": spec(steps=3).model_dump()})
        assert until(socket, type="status", status="finished")[-1]["step"] == 3
