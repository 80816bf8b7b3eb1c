"""Calls on the compute threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


async def on_thread(pool: Executor, function: Callable[[], T]) -> T:
    """Return what a function returns on a compute thread.

    A thread cannot be interrupted. When the caller is cancelled, a call that has not begun is
    dropped, and one that has is waited for, so that nothing the caller frees is still in use.
    The function must not raise: a traceback that crosses threads is part of a reference cycle,
    which keeps every array in its frames until a full collection.
    """
    job = pool.submit(function)
    future = asyncio.wrap_future(job)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        if not job.cancel():
            await asyncio.wait([future])
        raise
