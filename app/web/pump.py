"""Moves messages between a WebSocket and its session.

The reader fills a bounded mailbox and stops reading when it is full, so that TCP slows the client
down. The worker empties the mailbox and passes every message to the session in order. Then it
computes the newest run, span by span, and checks the mailbox in between. It sends each frame
before it makes the next, so that at most one large frame waits for a slow client.

Decoding and computing happen on compute threads; the event loop only passes data on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Executor
from contextlib import suppress
from typing import TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from gruscope.session.protocol import decode
from gruscope.session.session import Session
from gruscope.settings import KIB, Settings
from gruscope.web.threads import on_thread
from gruscope.wire.codec import check_parts, encode, identity
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import ClientMessage, ErrorMessage, Outgoing

T = TypeVar("T")

SMALL = 64 * KIB
"""The bytes of frames that go to the client together."""


class Mailbox:
    """Incoming messages, bounded in number and bytes."""

    def __init__(self, messages: int, size: int) -> None:
        self._messages = messages
        self._size = size
        self._held = 0
        self._queue: deque[str | Refused] = deque()
        self._changed = asyncio.Event()

    async def put(self, message: str | Refused) -> None:
        """Add a message; waits while the mailbox is full."""
        while len(self._queue) >= self._messages or self._held > self._size:
            self._changed.clear()
            await self._changed.wait()
        self._queue.append(message)
        self._held += len(message) if isinstance(message, str) else 0
        self._changed.set()

    async def wait(self) -> None:
        """Wait until the mailbox has a message."""
        while not self._queue:
            self._changed.clear()
            await self._changed.wait()

    def __len__(self) -> int:
        return len(self._queue)

    def pop(self) -> str | Refused:
        """Remove and return the oldest message."""
        message = self._queue.popleft()
        self._held -= len(message) if isinstance(message, str) else 0
        self._changed.set()
        return message


class Pump:
    """Runs one session over one WebSocket.

    Parameters
    ----------
    socket : WebSocket
    session : Session
    pool : Executor
        The compute threads.
    settings : Settings
    aside : Executor, optional
        The thread on which all sessions work aside, so that runs never wait for such work; by
        default the compute threads.
    """

    def __init__(
        self,
        socket: WebSocket,
        session: Session,
        pool: Executor,
        settings: Settings,
        aside: Executor | None = None,
    ) -> None:
        self._socket = socket
        self._session = session
        self._pool = pool
        self._aside = aside or pool
        self._settings = settings
        self._mailbox = Mailbox(settings.mailbox_messages, settings.mailbox_bytes)
        self._run: Generator[Outgoing] | None = None

    async def serve(self) -> None:
        """Run until either side leaves, or the client stops reading for too long.

        When this returns, no thread uses the session any more.
        """
        tasks = {asyncio.create_task(self._until_left(part)) for part in (self._read, self._work)}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._abandon()
        for task in tasks:
            if not task.cancelled():
                task.result()  # raises if there is a defect

    async def _until_left(self, part: Callable[[], Coroutine[None, None, None]]) -> None:
        """Await a part, and end without an error when the client leaves.

        The task must not keep the exception: its traceback refers to the session, so a reference
        cycle would keep the session alive until a full collection.
        """
        with suppress(WebSocketDisconnect, TimeoutError):
            await part()

    async def _read(self) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            await self._mailbox.put(self._checked(event.get("text"), event.get("bytes")))

    def _checked(self, text: str | None, data: bytes | None) -> str | Refused:
        """Return a message as text, or an error if it is too long, binary or has too many parts."""
        limit = self._settings.message_bytes
        size = len(data or b"") if text is None else len(text)
        if text is not None and limit < 4 * size:  # a character has at most 4 bytes in UTF-8
            size = len(text.encode())
        if size > limit:
            return Refused("too_large", None, f"expected at most {limit} bytes, got {size}")
        if text is None:
            return Refused("binary", None, f"expected a text frame, got {size} bytes of binary")
        try:
            check_parts(text, self._settings.message_parts)
        except Refused as refused:
            return refused
        return text

    async def _work(self) -> None:
        while True:
            if self._run is None and self._session.due is None and not self._session.aside.goes_on:
                await self._mailbox.wait()
            for _ in range(len(self._mailbox)):  # later messages must not delay the run
                await self._take(self._mailbox.pop())
            await self._advance()

    async def _take(self, message: str | Refused) -> None:
        """Pass one message to the session, and send the answers."""
        if isinstance(message, Refused):
            await self._send(wire_error(message))
            return
        for answer in await on_thread(self._pool, lambda: self._answers(message)):
            await self._send(answer)

    def _answers(self, text: str) -> list[Outgoing]:
        """Return the answers of the session to a message.

        If no newer message waits, they include the first piece of the run that is due. Going to a
        thread once instead of twice shortens the time from an edit to its picture.
        """
        message = attempt(text)
        if isinstance(message, ErrorMessage):
            return [message]
        answers = list(self._session.receive(message))
        if self._session.due is not None:
            self._abandon()
            if not len(self._mailbox):
                self._run = self._session.work()
                answers += self._pieces(self._run)
        return answers

    def _pieces(self, run: Generator[Outgoing]) -> list[Outgoing]:
        """Return the next piece of a run, and those after it once all steps are computed.

        What then remains is quickly made. Going to a thread for each of those pieces would take
        longer than making them.
        """
        pieces: list[Outgoing] = []
        size = 0
        while not pieces or (self._session.is_computed and size < SMALL):
            piece = next(run, None)
            if piece is None:
                self._run = None
                break
            pieces.append(piece)
            size += len(piece) if isinstance(piece, bytes) else 0
        return pieces

    async def _advance(self) -> None:
        """Start the run that is due, if any, and send the next pieces of the current one."""
        if self._session.due is not None:
            self._run = self._session.work()
        run = self._run
        if run is None:
            await self._advance_aside()
            return
        for piece in await on_thread(self._pool, lambda: self._pieces(run)):
            await self._send(piece)

    async def _advance_aside(self) -> None:
        """Do a piece of the work that waits for every run, if there is any."""
        aside = self._session.aside
        if aside.goes_on:
            await self._send(await on_thread(self._aside, aside.piece))

    def _abandon(self) -> None:
        """Drop the current run and free its memory."""
        if self._run is not None:
            self._run.close()
            self._run = None

    async def _send(self, piece: Outgoing) -> None:
        """Send a piece; raises `TimeoutError` if the client does not read for too long.

        An empty piece only lets newer messages overtake a long run.
        """
        if piece == b"":
            return
        async with asyncio.timeout(self._settings.send_seconds):
            if isinstance(piece, bytes):
                await self._socket.send_bytes(piece)
            else:
                await self._socket.send_text(encode(piece))


def attempt(text: str) -> ClientMessage | ErrorMessage:
    """Return a decoded message, or the error to answer with."""
    try:
        return decode(text)
    except Exception as error:
        return wire_error(error, *identity(text))
