"""A measurement of every unit gives way to edits, over the pump."""

import numpy as np
import pytest

from gru_core import Network, Readout
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.settings import Settings
from tests.app.web.test_pump import Frame, Pump, Socket, edit, opening, play, until

LIBRARY = Library(
    Entry.of(
        Network(
            Network.random("gru", 2, 24, seed=0).layers,
            readout=Readout(np.random.default_rng(0).normal(size=(2, 24)), head="softmax"),
        ),
        "parity.safetensors",
        Settings(),
    )
)
DOCUMENT = {"network": {"kind": "file"}, "input": {"kind": "numbers", "values": [[1, 0], [0, 1]]}}
ASK = {"type": "ablate_all", "id": 7, "task": "parity", "settings": {"length": 40}}
INPUT = {"kind": "input", "start": 1, "remove": 1, "insert": [[1, 0]]}
TYPING = {"type": "edit", "run": 2, "keep": 1, "change": INPUT}


def said(socket: Socket) -> list[str]:
    """Return the types of messages, and "typed" when the second run is done."""
    names = [s.meta["type"] if isinstance(s, Frame) else s["type"] for s in socket.sent]
    done = names.index("done", names.index("done") + 1)
    return [*names[:done], "typed", *names[done + 1 :]]


@pytest.mark.parametrize("keeps", [True, False])
def test_an_edit_is_run_first(keeps: bool) -> None:
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(DOCUMENT), ASK)
        await until(lambda: "scored" in socket.types())
        socket.say(TYPING if keeps else edit(2))
        await until(socket.done(2))
        await until(lambda: "ended" in socket.types())
        socket.say({"type": "ping", "id": 9})
        await until(lambda: "pong" in socket.types())
        socket.leave()

    socket = play(script, LIBRARY)
    order = said(socket)
    (ended,) = (s for s in socket.sent if not isinstance(s, Frame) and s["type"] == "ended")
    assert ended == {"type": "ended", "id": 7, "complete": keeps}
    assert order.index("scored") < order.index("typed")
    if keeps:
        after = order[order.index("typed") :]
        assert "ablated" in after and after.index("ended") > 0
        count = sum(
            len(s["scores"]) for s in socket.sent if not isinstance(s, Frame) and "scores" in s
        )
        assert count == 24
    else:
        assert "ablated" not in order[order.index("ended") :]


def test_a_page_that_leaves_ends_its_measurement() -> None:
    async def script(socket: Socket, pump: Pump) -> None:
        socket.say(opening(DOCUMENT), ASK)
        await until(lambda: "scored" in socket.types())
        socket.leave()

    assert "ended" not in play(script, LIBRARY).types()
