"""Runs trainings: starts their processes, passes frames on, and ends them with their page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gruscope.documents.library import Library
from gruscope.settings import Settings
from gruscope.training.frames import LENGTHS, Frame, pack
from gruscope.training.launch import order, process_command
from gruscope.training.places import Places
from gruscope.training.record import Record, Start
from gruscope.training.spec import plan_of
from gruscope.web.threads import on_thread
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.training import Origin, TrainingMessage, TrainingSpec

logger = logging.getLogger("gruscope")

STOP_SECONDS = 1.0
"""How long a process that should stop may take for its step and its last snapshot."""

LAST_SECONDS = 0.3
"""How long a process whose page is gone may take for its last checkpoint."""
AWAY = "The training was paused because its page was away. Resume goes on where it was."

NEW = Start()

Send = Callable[[TrainingMessage], Awaitable[None]]


class Running:
    """One training: its record, its process if it has one, and its page if it is there."""

    def __init__(self, record: Record, owner: Trainings) -> None:
        self.record = record
        self._owner = owner
        self._send: Send | None = None
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._turn = asyncio.Event()
        self._paused = asyncio.Event()
        self._lock = asyncio.Lock()
        self._grace: asyncio.TimerHandle | None = None

    async def attach(self, send: Send) -> None:
        """Serve a page, which is first sent all that has happened; the newest page wins."""
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        async with self._lock:
            self._send = send
            for message in self.record.repeat():
                await send(message)

    def detach(self, send: Send) -> None:
        """The page left: the process ends unless the page returns in time."""
        if self._send is not send:
            return
        self._send = None
        self._later(self._owner.settings.training_grace_seconds, self._abandon)

    def begin(self, start: Start = NEW, *, single: bool = False) -> None:
        """Start a process as soon as there is a place."""
        self._task = asyncio.create_task(self._run(start, single))

    async def pause(self) -> None:
        """Pause after the present step, or leave the queue."""
        record = self.record
        if record.status == "waiting":
            await self._halt()
            await self._tell(record.became("paused"))
        elif record.status in ("running", "starting"):
            await self._command("pause")

    async def go_on(self, origin: Origin | None, *, single: bool) -> None:
        """Go on, if the process still lives and nothing has changed, with it; else with a new one.

        Raises
        ------
        Refused
            If the origin is no snapshot, or its edits do not fit.
        """
        record = self.record
        if record.status in ("waiting", "starting", "running"):
            return
        if self._process is not None and record.goes_on_exactly(origin):
            self._owner.places.ask(self)
            await self._command("one_step" if single else "resume")
            return
        start, messages = await self._owner.on_thread(lambda: record.start(origin))
        await self._halt()
        await self._tell(*messages)
        self.begin(start, single=single)

    async def stop(self) -> None:
        """End the training; its snapshots stay."""
        if self.record.ended:
            return
        if self._process is not None:
            task = self._task
            await self._command("stop")
            if task is not None:
                await asyncio.wait([task], timeout=STOP_SECONDS)
        await self._halt()
        if not self.record.ended:
            await self._tell(self.record.became("stopped"))

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        self._grace = asyncio.get_running_loop().call_later(seconds, call)

    def _abandon(self) -> None:
        """End the process of a page that is gone, and forget the training if it stays away."""
        self._owner.tasks.add(task := asyncio.create_task(self._pause_and_end()))
        task.add_done_callback(self._owner.tasks.discard)
        seconds = self._owner.settings.training_kept_seconds
        self._later(seconds, lambda: self._owner.end(self))

    async def _pause_and_end(self) -> None:
        """Let the process write a checkpoint, if it does that at once, and end it."""
        if self.record.ended:
            return
        await self._command("pause")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._paused.wait()
        await self._halt()
        self._owner.places.leave(self)
        if not self.record.ended:
            await self._tell(self.record.became("paused", AWAY))

    def kill(self) -> None:
        """End the process at once."""
        if self._task is not None:
            self._task.cancel()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def gone(self) -> None:
        """Wait until the process, which was killed, is gone."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def forget(self) -> None:
        """Wait for no page any more."""
        if self._grace is not None:
            self._grace.cancel()

    def is_up(self) -> None:
        """It is this training's turn, or its place in the queue has changed."""
        self._turn.set()

    async def _run(self, start: Start, single: bool) -> None:
        try:
            await self._wait_for_turn()
            await self._tell(self.record.became("starting"))
            await self._serve_process(order(self.record, start, single=single))
        except Exception as error:
            said = wire_error(error)
            await self._tell(said, self.record.became("failed", said.message))
        finally:
            self._owner.places.leave(self)

    async def _wait_for_turn(self) -> None:
        """Wait in the queue, and tell the page its place."""
        place = self._owner.places.ask(self)
        while place > 0:
            await self._tell(self.record.became("waiting", place=place))
            self._turn.clear()
            await self._turn.wait()
            place = self._owner.places.ahead(self)

    async def _serve_process(self, first: Frame) -> None:
        """Start the process and pass its frames on until it ends."""
        process = await asyncio.create_subprocess_exec(
            *process_command(self._owner.settings),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._owner.environment,
            start_new_session=True,  # its own group of the scheduler; Ctrl-C is not for it
        )
        self._process = process
        assert process.stderr is not None
        complaint = asyncio.create_task(_tail(process.stderr))
        try:
            await self._write(first)
            while (frame := await _read(process)) is not None:
                await self._take(frame)
            await process.wait()
            if not self.record.ended:
                await self._tell(self.record.died())
            if process.returncode and process.returncode > 0:
                logger.error("a training process failed:\n%s", await complaint)
        finally:
            self._process = None
            complaint.cancel()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())

    async def _take(self, frame: Frame) -> None:
        async with self._lock:
            messages = await self._owner.on_thread(lambda: self.record.take(frame))
            for message in messages:
                await self._pass(message)
        if frame.kind == "paused":
            self._paused.set()
            self._owner.places.pause(self)
        elif frame.kind == "running":
            self._paused.clear()

    async def _tell(self, *messages: TrainingMessage) -> None:
        async with self._lock:
            for message in messages:
                await self._pass(message)

    async def _pass(self, message: TrainingMessage) -> None:
        if self._send is not None:
            await self._send(message)

    async def _command(self, kind: str) -> None:
        await self._write(Frame({"kind": kind}))

    async def _write(self, frame: Frame) -> None:
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(pack(frame))
            await process.stdin.drain()

    async def _halt(self) -> None:
        """End the process, if any, and wait until it is gone."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])


class Trainings:
    """All trainings of a server.

    Parameters
    ----------
    settings : Settings
    library : Library
    environment : dict of str to str
        That of the processes.
    """

    def __init__(self, settings: Settings, library: Library, environment: dict[str, str]) -> None:
        self.settings = settings
        self.environment = environment
        self.places: Places[Running] = Places(
            settings.trainings_at_once, settings.trainings_waiting, Running.is_up, self._evict
        )
        self._library = library
        self._running: dict[str, Running] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        # Decoding snapshots must not take the compute threads of the sessions.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="training")

    async def start(self, spec: TrainingSpec) -> Running:
        """Return a new training, which has not begun.

        Raises
        ------
        Refused
            If the spec is impossible, or too large.
        """
        if self.settings.trainings_at_once == 0:
            raise Refused("not_found", None, "this server was started with --no-training")
        plan = await self.on_thread(lambda: plan_of(spec, self.settings))
        record = Record(secrets.token_urlsafe(16), spec, plan, self.settings, self._library)
        made = self._running[record.id] = Running(record, self)
        return made

    def find(self, id: str) -> Running | None:
        """Return the training with an id, if it still exists."""
        return self._running.get(id)

    def end(self, running: Running) -> None:
        """End a training and give its snapshots back."""
        if self._running.pop(running.record.id, None) is not None:
            running.forget()
            running.kill()
            running.record.close()

    async def on_thread(self, function: Callable[[], Any]) -> Any:
        """Call a function on the thread of the trainings; raises what it refuses."""

        def attempt() -> Any:
            try:
                return function()
            except Refused as refused:
                return refused.with_traceback(None)

        found = await on_thread(self._pool, attempt)
        if isinstance(found, Refused):
            raise found
        return found

    async def close(self) -> None:
        """End all trainings, and wait until their processes are gone."""
        ending = tuple(self._running.values())
        for running in ending:
            self.end(running)
        for running in ending:
            await running.gone()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _evict(self, running: Running) -> None:
        """End the process of a paused training; it goes on from its checkpoint later."""
        running.kill()


async def _read(process: Process) -> Frame | None:
    """Read a frame, or return None at the end of the pipe."""
    assert process.stdout is not None
    try:
        head, body = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
        header = json.loads(await process.stdout.readexactly(head))
        return Frame(header, await process.stdout.readexactly(body))
    except asyncio.IncompleteReadError:
        return None


async def _tail(stream: asyncio.StreamReader, most: int = 4096) -> str:
    """Read a stream to its end and return the last of it."""
    kept = b""
    while piece := await stream.read(most):
        kept = (kept + piece)[-most:]
    return kept.decode(errors="replace")
