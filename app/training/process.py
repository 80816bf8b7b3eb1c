"""The process of one training: it obeys frames on its standard input and reports on its output.

The first frame is the order: a spec, and perhaps a network or a checkpoint to go on from. Then the
process makes one step after another. Before each it looks whether a command has come. When its
input ends, it ends too: it never outlives the server.
"""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from gru_core.files.arrays.in_memory import to_bytes
from gruscope.training.frames import Frame, pack, read
from gruscope.training.learner import Learner, Step
from gruscope.training.spacing import FEWEST, Curve, Spacing

REPORT_SECONDS = 0.1
"""The least time between two reports of progress."""
SNAPSHOT_SECONDS = 0.1
"""The least time between two snapshots, once there are many."""
CHECKPOINT_SECONDS = 5.0
"""The time between two checkpoints while it runs."""


TOO_LARGE = (
    "The training does not fit into the memory of its process. Choose fewer units, a shorter "
    "sequence or a smaller batch."
)


def main(task: dict[str, Any]) -> None:
    """Run a training until it is complete or the input ends."""
    commands: Any = FileIO(0)  # a buffer would hide commands from select
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not break the frames
    order = read(commands)
    if order is not None:
        run(order, commands, out, task["nice"])


def run(order: Frame, commands: BinaryIO, out: BinaryIO, nice: int) -> None:
    """Obey an order. It gives way to the server once it trains, but not while it starts."""

    def send(kind: str, body: bytes = b"", **header: Any) -> None:
        out.write(pack(Frame({"kind": kind, **header}, body)))
        out.flush()

    try:
        learner = Learner.of(order)
        _give_way(nice)
        Worker(learner, order, commands, send).work()
    except MemoryError:
        send("ended", status="failed", note=TOO_LARGE)


def _give_way(nice: int) -> None:
    """Lower the priority of this process.

    Where Linux schedules each session as a group, the group's own priority counts, if it has one.
    """
    os.nice(nice)
    group = Path("/proc/self/autogroup")
    if os.getsid(0) == os.getpid() and group.exists():
        with suppress(OSError):
            group.write_text(str(nice))


class Worker:
    """Makes the steps of one training, and reports on them.

    Parameters
    ----------
    learner : Learner
    order : Frame
        Its header says which steps have snapshots already (``kept``), whether to begin with a
        pause (``paused``), and how many seconds it has trained before (``seconds``).
    commands : file
        The pipe of commands, unbuffered.
    send : callable
        Sends a frame.
    """

    def __init__(self, learner: Learner, order: Frame, commands: BinaryIO, send: Any) -> None:
        self._learner = learner
        self._commands = commands
        self._send = send
        steps = learner.steps
        self._spacing = Spacing(order.header["kept"])
        self._curve = Curve(steps)
        self._points: list[Any] = []
        self._paused: bool = order.header["paused"]
        self._single = order.header["single"]
        self._seconds: float = order.header["seconds"]
        self._begun_at = learner.step, self._seconds
        self._reported = self._kept_at = self._saved = -1e9
        self._last = Step(None, None, None)

    def work(self) -> None:
        """Work until the training ends or the input does."""
        learner = self._learner
        self._send("ready", to_bytes(learner.network), step=learner.step, **learner.described())
        if self._spacing.due(learner.step):
            self._snapshot()
        if self._paused and not self._single:
            self._say_paused()
        while self._obey():
            if self._paused and not self._single:
                continue
            if not self._advance():
                break
            if self._single:
                self._single, self._paused = False, True
                self._snapshot()
                self._say_paused()

    def _obey(self) -> bool:
        """Obey the commands that have come; wait for one while paused. False ends the process."""
        while True:
            waits = self._paused and not self._single
            ready, _, _ = select.select([self._commands], [], [], None if waits else 0)
            if not ready:
                return True
            command = read(self._commands)
            if command is None:
                return False
            if command.kind == "stop":
                self._end("stopped", "")
                return False
            if command.kind == "pause" and not waits:
                self._paused, self._single = True, False
                self._snapshot()
                self._say_paused()
            elif command.kind in ("resume", "one_step"):
                self._single = command.kind == "one_step"
                self._paused = self._single
                self._begun_at = self._learner.step, self._seconds
                self._send("running", step=self._learner.step)

    def _advance(self) -> bool:
        """Make one step; return whether the training goes on."""
        learner = self._learner
        begun = time.perf_counter()
        step = learner.advance()
        self._seconds += time.perf_counter() - begun
        if step.fault:
            self._end("failed", step.fault)
            return False
        self._last = step
        assert step.loss is not None and step.norm is not None
        point = self._curve.add(learner.step, step.loss, step.norm, step.metric)
        if point is not None:
            self._points.append(point)
        now = time.perf_counter()
        if step.ended:
            self._end("finished", step.ended)
            return False
        rested = now - self._kept_at >= SNAPSHOT_SECONDS or self._spacing.count < FEWEST
        if rested and self._spacing.due(learner.step):
            self._snapshot()
        if now - self._reported >= REPORT_SECONDS:
            self._report()
        if now - self._saved >= CHECKPOINT_SECONDS:
            self._checkpoint()
        return True

    def _report(self) -> None:
        """Send the points since the last report."""
        learner = self._learner
        self._reported = time.perf_counter()
        step, seconds = self._begun_at
        done, took = learner.step - step, self._seconds - seconds
        left = (learner.steps - learner.step) * took / done if done > 0 else None
        points, self._points = self._points, []
        self._send("progress", step=learner.step, seconds=self._seconds, left=left, points=points)

    def _snapshot(self) -> None:
        """Send the network, unless the newest snapshot is of this step."""
        learner = self._learner
        if self._spacing.newest == learner.step:
            return
        self._kept_at = time.perf_counter()
        dropped = self._spacing.take(learner.step)
        self._send(
            "snapshot",
            to_bytes(learner.network),
            step=learner.step,
            loss=self._last.loss,
            metric=self._last.metric,
            dropped=dropped,
        )

    def _checkpoint(self) -> None:
        self._saved = time.perf_counter()
        self._send("checkpoint", self._learner.checkpoint(), step=self._learner.step)

    def _say_paused(self) -> None:
        self._report()
        self._checkpoint()
        self._send("paused", step=self._learner.step)

    def _end(self, status: str, note: str) -> None:
        """Report the end: the last snapshot is of the newest weights that are finite."""
        self._snapshot()
        self._report()
        self._checkpoint()
        self._send("ended", status=status, note=note, step=self._learner.step)
