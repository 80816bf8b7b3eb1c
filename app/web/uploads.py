"""``POST /api/networks``: opens a model file that a page sends.

The bytes are kept in memory while they arrive and are read in a child process, then dropped; only
the network stays, in the library. Nothing is written to a disk where the system has files that are
only in memory.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gru_core.files import FormatError, Limits
from gru_core.files.child import load_content_in_child
from gru_core.seq2seq.joint import as_one
from gruscope.content.networks import entry_json
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.session.budget import Budget
from gruscope.settings import Settings
from gruscope.web.threads import on_thread
from gruscope.wire.errors import Refused

LONGEST_NAME = 200


class Uploads:
    """Takes the model files that pages open.

    Parameters
    ----------
    settings : Settings
    library : Library
        Where their networks are kept.
    """

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._places = Budget(settings.uploads_at_once, "uploads")
        # Reading waits for a child process, so it must not take a compute thread.
        self._pool = ThreadPoolExecutor(settings.uploads_at_once, thread_name_prefix="upload")

    async def open(self, request: Request) -> Response:
        """Answer with the network as an example of the page, or why there is none.

        A file that cannot be read is an answer, not an error of the request.

        Raises
        ------
        Refused
            If uploads are off, the file is too large, or there is no room.
        """
        if not self._settings.uploads:
            raise Refused("not_found", None, "this server was started with --no-uploads")
        file = request.query_params.get("file", "")[:LONGEST_NAME] or "model"
        name = request.query_params.get("network")
        with self._places.account() as place, _in_memory() as content:
            place.reserve(1)
            await self._receive(request, content)
            found = await on_thread(self._pool, lambda: self._read(content, file, name))
        if isinstance(found, Refused):
            raise found
        if isinstance(found, FormatError):
            return _unreadable(found)
        return JSONResponse({"opened": entry_json(found)})

    async def _receive(self, request: Request, content: int) -> None:
        """Write the body to a file in memory; raises `Refused` as soon as it is too large."""
        size, limit = 0, self._settings.file_bytes
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise _too_large(limit)
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            await asyncio.to_thread(_write, content, chunk)

    def _read(self, content: int, file: str, name: str | None) -> Entry | FormatError | Refused:
        """Read the file in a child process and keep its network."""
        limits = Limits(file_bytes=self._settings.file_bytes)
        try:
            found = load_content_in_child(content, file, name, limits=limits)
            entry = Entry.of(as_one(found), file, self._settings)
            self._library.add(entry)
            return entry
        except (FormatError, Refused) as error:
            return error.with_traceback(None)

    def close(self) -> None:
        """Start no further readings."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _too_large(limit: int) -> Refused:
    text = f"expected a file of at most {limit >> 20} MiB"
    return Refused("too_large", None, f"{text}; start gruscope with the file instead")


def _write(content: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(content, view) :]


@contextmanager
def _in_memory() -> Iterator[int]:
    """Yield the descriptor of an empty file that has no name, and drop it at the end."""
    if hasattr(os, "memfd_create"):
        content = os.memfd_create("model")
        try:
            yield content
        finally:
            os.close(content)
    else:  # macOS has no such files
        with tempfile.TemporaryFile() as file:
            yield file.fileno()


def _unreadable(error: FormatError) -> Response:
    return JSONResponse({"opened": None, "message": str(error), "choices": list(error.choices)})
