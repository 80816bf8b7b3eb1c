"""A response that is computed piece by piece on compute threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import Executor

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gruscope.session.budget import Budget
from gruscope.web.threads import on_thread
from gruscope.wire.errors import wire_error
from gruscope.wire.messages import ErrorMessage

Pieces = Generator[bytes]


class Streamed(Response):
    """Sends pieces as soon as they are computed, and stops when the client leaves.

    Starlette's `StreamingResponse` leaves its iterator suspended when the client leaves; this
    class closes it, which frees its memory.

    Parameters
    ----------
    pieces : generator of bytes
        At an empty piece the response only checks whether the client has left. An error before the
        first non-empty piece becomes the response.
    media_type : str
    refusal : callable
        Turns an error into a response.
    places : Budget
        Bounds how many of these run at the same time.
    pool : Executor
    seconds : float
        How long the client may stop reading.
    """

    def __init__(
        self,
        pieces: Pieces,
        media_type: str,
        refusal: Callable[[ErrorMessage], Response],
        places: Budget,
        pool: Executor,
        seconds: float,
    ) -> None:
        self._pieces = pieces
        self._refusal = refusal
        self._places = places
        self._pool = pool
        self._seconds = seconds
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.init_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response; raises `Refused` before it starts if too many others run."""
        with self._places.account() as place:
            place.reserve(1)
            leaving = asyncio.create_task(_left(receive))
            try:
                await self._respond(leaving, scope, receive, send)
            finally:
                leaving.cancel()
                self._pieces.close()

    async def _respond(
        self, leaving: asyncio.Task[None], scope: Scope, receive: Receive, send: Send
    ) -> None:
        started = False
        while not leaving.done():
            piece = await on_thread(self._pool, lambda: advance(self._pieces))
            if isinstance(piece, ErrorMessage):
                if started:  # cut the response short, so that the client does not think it is whole
                    raise RuntimeError(f"stopped in the middle of a response: {piece.message}")
                await self._refusal(piece)(scope, receive, send)
                return
            if piece is None:
                await send({"type": "http.response.body", "body": b""})
                return
            if piece:
                if not started:
                    await self._start(send)
                    started = True
                async with asyncio.timeout(self._seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})

    async def _start(self, send: Send) -> None:
        status, headers = self.status_code, self.raw_headers
        await send({"type": "http.response.start", "status": status, "headers": headers})


def advance(pieces: Pieces) -> bytes | ErrorMessage | None:
    """Return the next piece, None at the end, or an error."""
    try:
        return next(pieces, None)
    except Exception as error:
        return wire_error(error)


async def _left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
