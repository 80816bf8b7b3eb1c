"""Calls on the compute threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


async def on_thread(pool: Executor, function: Callable[[], T]) -> T:
    """Call a function on a compute thread and return its result.

    A thread cannot be interrupted. When the caller is cancelled, a call that has not started is
    dropped. A call that has started is awaited, so that the caller frees nothing still in use.
    The function should not raise: the traceback would refer to its frames, and with the future it
    would form a reference cycle that keeps their arrays until a full collection.
    """
    job = pool.submit(function)
    try:
        return await asyncio.wrap_future(job)
    except asyncio.CancelledError:
        await asyncio.wait([asyncio.wrap_future(job)])
        raise
