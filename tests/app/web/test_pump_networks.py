"""The pump with a network whose layers in reverse are computed whole before anything is sent."""

import time
from itertools import groupby
from typing import Any

import pytest

from gruscope.documents.library import Library
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.web import pump as pump_module
from gruscope.web.pump import Pump
from tests.app.documents.mixed import whole
from tests.app.web.test_pump import Socket, opening, play, until

BOTH = whole("lstm", 2)
FILE = Library.of(BOTH, "both.npz", Settings())


def splice_token(run: int, token: int) -> dict[str, Any]:
    change = {"kind": "input", "start": 0, "remove": 1, "insert": [token]}
    return {"type": "edit", "run": run, "keep": 0, "change": change}


def test_an_empty_piece_is_not_sent():
    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(FILE.entries[0].document.model_dump()))
        await until(socket.done(1))
        socket.say(splice_token(2, 3))
        await until(socket.done(2))
        socket.leave()

    socket = play(script, FILE, first_span=4, largest_span=8)  # `read` refuses an empty frame
    assert socket.types()[:3] == ["opened", "weights", "steps"]
    kinds = [kind for kind, _ in groupby(socket.types()[3:])]  # an answer comes in several pieces
    assert kinds == ["output", "map", "done", "steps", "output", "map", "done"]


def test_layers_that_are_computed_whole_are_overtaken_by_an_edit(monkeypatch):
    pieces: list[bytes] = []
    work = Session.work

    async def script(socket: Socket, pump: Pump) -> None:
        def watched(session: Session) -> Any:
            for piece in work(session):
                if piece == b"":
                    pieces.append(piece)
                    if len(pieces) == 3:  # in the middle of the first layer
                        socket.say(splice_token(2, 3))
                    time.sleep(0.01)
                yield piece

        monkeypatch.setattr(Session, "work", watched)
        socket.say(opening(FILE.entries[0].document.model_dump()))
        await until(socket.done(2))
        socket.leave()

    socket = play(script, FILE, first_span=1, largest_span=1)
    assert set(socket.steps()) == {2} and not socket.done(1)()
    assert len(pieces) < 2 * 4 * 48


@pytest.mark.parametrize(("small", "trips"), [(pump_module.SMALL, 6), (1, 8)])
def test_small_pieces_after_the_last_step_share_one_trip_to_a_thread(monkeypatch, small, trips):
    """The weights, a trip for each direction of two layers, and the rest."""
    made: list[object] = []
    on_thread = pump_module.on_thread

    def counted(pool: Any, function: Any) -> Any:
        made.append(function)
        return on_thread(pool, function)

    async def script(socket: Socket, _: Pump) -> None:
        socket.say(opening(FILE.entries[0].document.model_dump()))
        await until(socket.done(1))
        socket.leave()

    monkeypatch.setattr(pump_module, "on_thread", counted)
    monkeypatch.setattr(pump_module, "SMALL", small)
    socket = play(script, FILE, first_span=48, span_milliseconds=1000.0)
    assert socket.types() == ["opened", "weights", "steps", "output", "map", "done"]
    assert len(made) == trips
