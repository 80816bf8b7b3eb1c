"""The body of a request, within a limit."""

from __future__ import annotations

from starlette.requests import Request

from gruscope.wire.errors import Refused


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body of a request; raises `Refused` as soon as it exceeds the limit."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Refused("too_large", None, f"expected a body of at most {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
