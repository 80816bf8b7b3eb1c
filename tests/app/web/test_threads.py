import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gruscope.web.threads import on_thread
from tests.app.web.test_pump import in_own_loop, until


def test_a_function_runs_on_a_thread_of_the_pool():
    async def main() -> str:
        with ThreadPoolExecutor(1, "compute") as pool:
            return await on_thread(pool, lambda: threading.current_thread().name)

    assert in_own_loop(main()).startswith("compute")


def test_a_cancelled_caller_waits_for_its_call_to_end():
    began, may_end, events = threading.Event(), threading.Event(), []

    def work() -> None:
        began.set()
        may_end.wait(20)
        events.append("call ended")

    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            task = asyncio.create_task(on_thread(pool, work))
            await until(began.is_set)
            task.cancel()
            for _ in range(10):
                await asyncio.sleep(0)
            assert not task.done()
            may_end.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            events.append("caller cancelled")

    in_own_loop(main())
    assert events == ["call ended", "caller cancelled"]


def test_a_call_that_has_not_started_is_dropped():
    began, may_end, called = threading.Event(), threading.Event(), []

    def block() -> None:
        began.set()
        may_end.wait(20)

    async def main() -> None:
        with ThreadPoolExecutor(1) as pool:
            busy = asyncio.create_task(on_thread(pool, block))
            await until(began.is_set)
            task = asyncio.create_task(on_thread(pool, lambda: called.append(1)))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            may_end.set()
            await busy

    in_own_loop(main())
    assert called == []
