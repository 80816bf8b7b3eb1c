"""What a training process says and obeys, run here on a thread with pipes."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Any

import numpy as np
import pytest

from gru_core.files.arrays.in_memory import from_bytes, to_bytes
from gru_core.network.network import Network
from gruscope.training.frames import Frame, pack, read
from gruscope.training.plan import training_of
from gruscope.training.process import run
from tests.app.training.specs import plan


def order(body: bytes = b"", **changes: Any) -> Frame:
    header = {
        "kind": "order",
        "plan": plan(),
        "until_solved": False,
        "step": 0,
        "checkpoint": 0,
        "kept": [],
        "seconds": 0.0,
        "paused": False,
        "single": False,
    }
    return Frame(header | changes, body)


class Process:
    """A process that runs on a thread: its commands, and its frames as they come."""

    def __init__(self, commands: int, frames: FileIO) -> None:
        self._commands = commands
        self._frames = frames

    def tell(self, kind: str) -> None:
        os.write(self._commands, pack(Frame({"kind": kind})))

    def until(self, kind: str | None) -> list[Frame]:
        """Return the frames up to the next one of a kind, or all until the end."""
        got: list[Frame] = []
        while (frame := read(self._frames)) is not None:
            got.append(frame)
            if frame.kind == kind:
                return got
        assert kind is None, f"the process ended before {kind}: {[f.kind for f in got]}"
        return got


@contextmanager
def process(first: Frame) -> Iterator[Process]:
    """Start a process; closing its input at the end ends it."""
    (commands, write), (frames, out) = os.pipe(), os.pipe()

    def work() -> None:
        with FileIO(commands) as pipe, os.fdopen(out, "wb") as file:
            run(first, pipe, file, 0)

    thread = threading.Thread(target=work)
    thread.start()
    with FileIO(frames) as mine:
        try:
            yield Process(write, mine)
        finally:
            os.close(write)
            while read(mine) is not None:
                pass
            thread.join(10)
            assert not thread.is_alive()


def vector(network: Network) -> Any:
    each = [p for layer in network.layers for p in layer.params()]
    arrays = [a for p in each for a in p.arrays().values()]
    assert network.readout is not None
    return np.concatenate([a.ravel() for a in [*arrays, network.readout.W]])


def trained(steps: int, **changes: Any) -> Network:
    """Return the network of an uninterrupted training."""
    training = training_of(plan(**changes))
    for _ in range(steps):
        training.advance()
    return training.network


def last(frames: list[Frame], kind: str) -> Frame:
    return [frame for frame in frames if frame.kind == kind][-1]


def test_it_trains_to_the_end_and_shows_many_snapshots() -> None:
    with process(order()) as running:
        frames = running.until(None)
    ready, ended = frames[0], frames[-1]
    assert (ready.kind, ready.header["title"]) == ("ready", "Parity, GRU")
    assert ready.header["input"]["kind"] == "text"
    assert len(ready.header["input"]["text"]) == 8
    assert ended.header | {"note": ""} == {
        "kind": "ended", "status": "finished", "note": "", "step": 60,
    }  # fmt: skip
    newest = last(frames, "snapshot")
    assert newest.header["step"] == 60
    np.testing.assert_array_equal(vector(from_bytes(newest.body)), vector(trained(60)))
    points = [p for f in frames if f.kind == "progress" for p in f.header["points"]]
    assert [p["step"] for p in points] == list(range(1, 61))
    assert any(p["metric"] is not None for p in points)


def test_it_pauses_steps_and_goes_on_as_if_it_had_not() -> None:
    with process(order()) as running:
        running.tell("pause")
        paused = running.until("paused")[-1].header["step"]
        running.tell("one_step")
        assert running.until("paused")[-1].header["step"] == paused + 1
        running.tell("resume")
        frames = running.until(None)
    np.testing.assert_array_equal(
        vector(from_bytes(last(frames, "snapshot").body)), vector(trained(60))
    )


def test_another_process_goes_on_from_a_checkpoint_bit_for_bit() -> None:
    with process(order()) as running:
        running.tell("pause")
        frames = running.until("paused")
    checkpoint = last(frames, "checkpoint")
    step = checkpoint.header["step"]
    again = order(checkpoint.body, step=step, checkpoint=len(checkpoint.body), kept=[0, step])
    with process(again) as running:
        frames = running.until(None)
    steps = [f.header["step"] for f in frames if f.kind == "snapshot"]
    assert step not in steps
    np.testing.assert_array_equal(
        vector(from_bytes(last(frames, "snapshot").body)), vector(trained(60))
    )


def test_it_goes_on_from_an_edited_network() -> None:
    own = trained(20)
    edited = own.with_layers([own.layers[0].first.replace(b_z=np.full(4, 2.0))])
    with process(order(to_bytes(edited), step=20, paused=True, single=True)) as running:
        frames = running.until("paused")
    first = from_bytes(next(f for f in frames if f.kind == "snapshot").body)
    np.testing.assert_array_equal(vector(first), vector(edited))
    after = from_bytes(last(frames, "snapshot").body)
    assert last(frames, "snapshot").header["step"] == 21
    assert 0 < np.abs(vector(after) - vector(edited)).max() < 0.1  # Adam moves by the rate


def test_it_stops_when_solved_if_it_should() -> None:
    solved = plan(steps=400, hidden_size=8, batch=32, rate=0.03)
    with process(order(plan=solved, until_solved=True)) as running:
        ended = running.until(None)[-1].header
    assert ended["status"] == "finished"
    assert ended["note"] == f"Solved at step {ended['step']}."
    assert ended["step"] < 400


def test_divergence_is_said_and_the_good_weights_are_kept() -> None:
    wild = plan(cell="rnn", form={"activations": ["relu"]}, rate=1.0, steps=2000, hidden_size=16,
                task={"name": "adding", "settings": {"length": 100}})  # fmt: skip
    with process(order(plan=wild)) as running:
        frames = running.until(None)
    ended = frames[-1].header
    assert (ended["status"], "diverged" in ended["note"]) == ("failed", True)
    assert "Try a lower learning rate than 1" in ended["note"]
    assert np.isfinite(vector(from_bytes(last(frames, "snapshot").body))).all()


def test_a_training_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("gruscope.training.learner.Learner.advance", fail)
    out = io.BytesIO()
    read_end, write_end = os.pipe()
    with FileIO(read_end) as commands, FileIO(write_end, "wb"):
        run(order(), commands, out, 0)
    out.seek(0)
    frames = []
    while (frame := read(out)) is not None:
        frames.append(frame)
    assert frames[-1].header["status"] == "failed"
    assert "smaller batch" in frames[-1].header["note"]
