"""The pump with a controlled socket that can stall, flood and disconnect."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from gru_core import GRU
from gruscope.documents.document import build
from gruscope.documents.library import EMPTY, Library
from gruscope.session.budget import Budget
from gruscope.session.protocol import decode
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.web.pump import Mailbox, Pump
from tests.app.support import LATCH, Frame, random_document, read

LONG = random_document(T=600, H=64)
HUGE = {"network": {"kind": "random", "hidden_size": 10**200, "seed": 1, "input_size": 1}}
HUGE |= {"input": {"kind": "numbers", "values": []}}
T = TypeVar("T")
CHANGE = {"kind": "edits", "start": 0, "remove": 0}


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run in a new thread, because an earlier browser test may have left its loop in this one."""
    with ThreadPoolExecutor(1, "loop") as pool:
        return pool.submit(asyncio.run, work).result()


class Socket:
    """A fake WebSocket."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[Any] = []
        self.readable = asyncio.Event()
        self.readable.set()
        self.received = 0

    async def receive(self) -> dict[str, Any]:
        event = await self.incoming.get()
        self.received += 1
        return event

    async def send_text(self, text: str) -> None:
        await self.send_bytes(text)  # type: ignore[arg-type]

    async def send_bytes(self, data: bytes) -> None:
        await self.readable.wait()
        self.sent.append(read(data))

    def say(self, *messages: Any) -> None:
        for message in messages:
            text = message if isinstance(message, str) else json.dumps(message)
            self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect"})

    def types(self) -> list[str]:
        return [s.meta["type"] if isinstance(s, Frame) else s["type"] for s in self.sent]

    def steps(self) -> list[int]:
        return [s.run for s in self.sent if isinstance(s, Frame) and s.meta["type"] == "steps"]

    def done(self, run: int) -> Callable[[], bool]:
        return lambda: any(
            not isinstance(s, Frame) and s["type"] == "done" and s["run"] == run for s in self.sent
        )


def edit(run: int, value: float = 1.0, array: str = "U_z") -> dict[str, Any]:
    put = {"op": "set", "array": array, "row": 0, "column": 0, "value": value}
    return {"type": "edit", "run": run, "keep": 0, "change": CHANGE | {"insert": [put]}}


def opening(document: dict[str, Any] = LATCH, run: int = 1) -> dict[str, Any]:
    return {"type": "open", "run": run, "document": document}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.002)


def play(
    script: Callable[[Socket, Pump], Coroutine[Any, Any, None]],
    library: Library = EMPTY,
    **limits: Any,
) -> Socket:
    """Run a script against a pump; both must end."""

    async def main() -> Socket:
        settings = Settings(**limits)
        socket = Socket()
        with (
            ThreadPoolExecutor(settings.compute_threads) as pool,
            Session(settings, Budget(1 << 40, "bytes"), library) as session,
        ):
            pump = Pump(socket, session, pool, settings)  # type: ignore[arg-type]
            serving = asyncio.create_task(pump.serve())
            await script(socket, pump)
            async with asyncio.timeout(20):
                await serving
        return socket

    return in_own_loop(main())


def test_a_session_from_open_to_leaving():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(), {"type": "ping", "id": 4})
        await until(socket.done(1))
        socket.leave()

    assert play(script).types() == ["opened", "pong", "weights", "steps", "done"]


def test_of_two_hundred_queued_edits_only_the_last_is_run():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(), *[edit(run) for run in range(2, 202)])
        await until(socket.done(201))
        socket.leave()

    socket = play(script, mailbox_messages=1000)
    assert socket.types().count("done") < 20
    assert socket.steps()[-1] == 201
    assert socket.steps() == sorted(socket.steps())


def test_a_run_is_abandoned_between_spans():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(LONG))
        await until(lambda: bool(socket.steps()))
        socket.say(edit(2))
        await until(socket.done(2))
        socket.leave()

    socket = play(script, largest_span=16)
    assert not socket.done(1)()
    assert socket.steps().count(1) < 600 / 16
    assert socket.steps().count(2) == 38


def test_nothing_is_computed_on_the_event_loop(monkeypatch):
    threads: set[str] = set()

    def watched(function: Any) -> Any:
        def watching(*arguments: Any, **options: Any) -> Any:
            threads.add(threading.current_thread().name)
            return function(*arguments, **options)

        return watching

    monkeypatch.setattr(GRU, "_spans", watched(GRU._spans))
    monkeypatch.setattr("gruscope.web.pump.decode", watched(decode))
    monkeypatch.setattr("gruscope.jobs.run.build", watched(build))

    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening())
        await until(socket.done(1))
        socket.say(opening(LONG, run=2))
        await until(socket.done(2))
        socket.leave()

    play(script)
    assert threads and "loop_0" not in threads


def test_a_slow_reader_has_one_frame_pending_and_none_is_made_ahead():
    made: list[int] = []

    async def script(socket: Socket, pump: Pump) -> None:
        work = pump._session.work

        def watched() -> Any:
            for piece in work():
                made.append(len(piece) if isinstance(piece, bytes) else 0)
                yield piece

        pump._session.work = watched  # type: ignore[method-assign]
        socket.say(opening(LONG))
        await until(lambda: bool(socket.steps()))
        socket.readable.clear()
        before = len(made)
        await asyncio.sleep(0.2)
        assert len(made) <= before + 1
        socket.readable.set()
        await until(socket.done(1))
        socket.leave()

    play(script, largest_span=16)


def test_edits_during_a_stall_cost_one_run():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening())
        await until(socket.done(1))
        socket.readable.clear()
        socket.say(edit(2))
        await asyncio.sleep(0.05)
        socket.say(*[edit(run) for run in range(3, 50)])
        await asyncio.sleep(0.05)
        socket.readable.set()
        await until(socket.done(49))
        socket.leave()

    assert set(play(script).steps()) <= {1, 2, 49}


def test_a_reader_that_stalls_too_long_is_given_up():
    async def script(socket: Socket, _: Pump) -> None:
        socket.readable.clear()
        socket.say(opening())

    assert play(script, send_seconds=0.1).sent == []


def test_the_reader_stops_when_the_mailbox_is_full():
    async def script(socket: Socket, _: Pump) -> None:
        socket.readable.clear()
        socket.say(opening(), *[{"type": "ping", "id": i} for i in range(100)])
        await asyncio.sleep(0.1)
        assert socket.received <= 1 + 8 + 1  # one being answered, eight waiting, one at the door
        socket.readable.set()
        await until(lambda: socket.types().count("pong") == 100)
        socket.leave()

    play(script, mailbox_messages=8)


def test_the_mailbox_is_bounded_in_bytes_too():
    async def main() -> None:
        mailbox = Mailbox(1000, 10)
        for _ in range(2):
            await mailbox.put("123456")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await mailbox.put("7")
        assert (mailbox.pop(), len(mailbox)) == ("123456", 1)
        await mailbox.put("7")

    in_own_loop(main())


def test_a_flood_does_not_hold_up_the_run():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening())
        i = 0
        while not socket.done(1)():
            if socket.incoming.qsize() < 100:  # what piles up must be answered before the end
                socket.say(*[{"type": "ping", "id": (i := i + 1)} for _ in range(5)])
            await asyncio.sleep(0)
        socket.leave()

    play(script, mailbox_messages=8)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"bytes": b"\x00\x01"}, "binary"),
        ({"text": "{"}, "json"),
        ({"text": '{"type":"train"}'}, "message"),
        ({"text": "x" * 2000}, "too_large"),
        ({"text": "é" * 600}, "too_large"),
        ({"bytes": b"x" * 2000}, "too_large"),
        ({"text": '{"type":"ping","id":[' + "[]," * 300}, "too_large"),
        ({"text": json.dumps(edit(2, value=1e9))}, "range"),
        ({"text": json.dumps(opening(HUGE, run=2))}, "range"),
    ],
)
def test_a_refused_message_leaves_the_session_as_it_was(event, code):
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening())
        await until(socket.done(1))
        socket.incoming.put_nowait({"type": "websocket.receive"} | event)
        socket.say(edit(2))
        await until(socket.done(2))
        socket.leave()

    socket = play(script, message_bytes=1000, message_parts=200)
    assert [s["code"] for s in socket.sent if isinstance(s, dict) and s["type"] == "error"] == [
        code
    ]
    assert socket.types()[-2:] == ["steps", "done"]


def test_leaving_in_the_middle_of_a_long_run_ends_everything():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(LONG))
        await until(lambda: bool(socket.steps()))
        socket.leave()

    assert not play(script, largest_span=16).done(1)()


def test_large_messages_are_decoded_off_the_loop():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(random_document(T=2000, H=2, I=8)))
        await until(socket.done(1))
        socket.leave()

    assert play(script).types()[-1] == "done"
