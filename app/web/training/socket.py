"""The WebSocket of one page's training, apart from that of its session.

Edits are therefore never behind a snapshot, and the session's code knows nothing of trainings.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from gruscope.settings import Settings
from gruscope.web.training.running import Running, Trainings
from gruscope.wire.codec import check_parts, validate
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import Ping, Pong
from gruscope.wire.training import (
    TRAINING_REQUEST,
    Attach,
    OneStep,
    Pause,
    Resume,
    Start,
    TrainingMessage,
    TrainingRequest,
)

OUTBOX = 64
"""Messages that may wait for a page that does not read; then its training waits too."""


class Outbox:
    """Outgoing messages, bounded in number; nothing waits once it is closed."""

    def __init__(self) -> None:
        self._queue: deque[TrainingMessage] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    async def put(self, message: TrainingMessage) -> None:
        """Add a message; waits while the outbox is full."""
        while len(self._queue) >= OUTBOX and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        self._queue.append(message)
        self._changed.set()

    async def pop(self) -> TrainingMessage:
        """Wait for a message and return the oldest."""
        while not self._queue:
            self._changed.clear()
            await self._changed.wait()
        message = self._queue.popleft()
        self._changed.set()
        return message

    def close(self) -> None:
        """Let nobody wait any more."""
        self._closed = True
        self._changed.set()


class TrainingSocket:
    """Serves one page."""

    def __init__(self, socket: WebSocket, trainings: Trainings, settings: Settings) -> None:
        self._socket = socket
        self._trainings = trainings
        self._settings = settings
        self._outbox = Outbox()
        self._running: Running | None = None
        self._send = self._outbox.put  # one object, by which the training knows its page

    async def serve(self) -> None:
        """Run until either side leaves, or the client stops reading for too long."""
        tasks = {asyncio.create_task(self._until_left(part)) for part in (self._read, self._write)}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._outbox.close()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            if self._running is not None:
                self._running.detach(self._send)
        for task in tasks:
            if not task.cancelled():
                task.result()  # raises if there is a defect

    async def _until_left(self, part: object) -> None:
        with suppress(WebSocketDisconnect, TimeoutError):
            await part()  # type: ignore[operator]

    async def _write(self) -> None:
        while True:
            message = await self._outbox.pop()
            async with asyncio.timeout(self._settings.send_seconds):
                await self._socket.send_text(message.model_dump_json())

    async def _read(self) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            try:
                await self._take(self._request(event.get("text")))
            except Exception as error:
                await self._send(wire_error(error))

    def _request(self, text: str | None) -> TrainingRequest:
        limit = self._settings.message_bytes
        if text is None:
            raise Refused("binary", None, "expected a text frame, got binary")
        if len(text) > limit or len(text.encode()) > limit:
            raise Refused("too_large", None, f"expected at most {limit} bytes, got more")
        check_parts(text, self._settings.message_parts)
        return validate(TRAINING_REQUEST, text)

    async def _take(self, request: TrainingRequest) -> None:
        if isinstance(request, Ping):
            await self._send(Pong(id=request.id))
        elif isinstance(request, Start):
            await self._start(request)
        elif isinstance(request, Attach):
            await self._attach(request)
        elif self._running is None:
            raise Refused("no_training", None, "expected start first, got no training yet")
        elif isinstance(request, Pause):
            await self._running.pause()
        elif isinstance(request, Resume | OneStep):
            single = isinstance(request, OneStep)
            await self._running.go_on(request.origin, single=single)
        else:
            await self._running.stop()

    async def _start(self, request: Start) -> None:
        """Start a training in place of the one before."""
        started = await self._trainings.start(request.training)
        self._leave()
        self._running = started
        await self._running.attach(self._send)
        self._running.begin()

    async def _attach(self, request: Attach) -> None:
        found = self._trainings.find(request.id)
        if found is None:
            text = "expected the id of a training, got one that has ended"
            raise Refused("no_training", "id", text)
        if found is not self._running:
            self._leave()
        self._running = found
        await found.attach(self._send)

    def _leave(self) -> None:
        if self._running is not None:
            self._trainings.end(self._running)
            self._running = None
