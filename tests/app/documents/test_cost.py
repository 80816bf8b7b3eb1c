"""What is estimated to be long leaves the event loop, for any document."""

from typing import Any

import pytest

from gru_core import CELLS, TANH, Activation, Clamp, GRUParams
from gruscope.documents import cost
from gruscope.session.budget import Budget
from gruscope.session.protocol import decode
from gruscope.session.session import Session
from gruscope.settings import Settings
from tests.app.session.test_session import editing, opening
from tests.app.support import LATCH, random_document

LIMIT = Settings().inline_milliseconds
SET = {"op": "set", "array": "U_n", "row": 0, "column": 0, "value": 1}
RANDOM = {"op": "random", "array": "U_n", "seed": 1}


def wide(T: int, I: int, H: int, cell: str = "gru", **extra: Any) -> dict[str, Any]:
    """Return a document whose input is cheap to send."""
    alphabet = "".join(chr(0x4E00 + i) for i in range(I))
    network = {"kind": "random", "cell": cell, "hidden_size": H, "seed": 1, "alphabet": alphabet}
    return {"network": network, "input": {"kind": "text", "text": alphabet[0] * T}, **extra}


def edits(*insert: dict[str, Any], start: int = 0, remove: int = 0) -> dict[str, Any]:
    return {"kind": "edits", "start": start, "remove": remove, "insert": list(insert)}


def opened(document: dict[str, Any]) -> Session:
    session = Session(Settings(), Budget(1 << 40, "bytes"))
    list(session.receive(opening(document)))
    list(session.work())
    return session


@pytest.mark.parametrize(
    ("document", "change", "taking", "working"),
    [
        (LATCH, edits(SET), False, False),
        (LATCH, {"kind": "input", "start": 6, "remove": 1, "insert": "b"}, False, False),
        (wide(48, 32, 32), edits(SET), False, False),
        (wide(1, 512, 512), edits(SET), True, True),
        (wide(4096, 512, 1), {"kind": "input", "start": 4095, "remove": 1}, True, True),
        (wide(4096, 1, 128), {"kind": "input", "start": 4095, "remove": 1}, False, True),
        (
            wide(1, 1, 512, edits=[RANDOM] * 10),
            edits(SET, start=9, remove=1),
            True,
            True,
        ),
    ],
    ids=["latch", "latch's input", "small", "weights", "input", "trace", "edits before"],
)
def test_what_is_long_leaves_the_loop(document, change, taking, working):
    session = opened(document)
    if change["kind"] == "input":
        change = change | {"insert": document["input"]["text"][:1]}
    message = editing(2, change)
    assert (session.taking(message) > LIMIT) is taking
    list(session.receive(message))
    assert (session.working() > LIMIT) is working


@pytest.mark.parametrize(
    ("document", "long"),
    [
        (LATCH, False),
        (LATCH | {"edits": [SET] * 10}, False),
        (LATCH | {"edits": [SET] * 2000}, True),
        (random_document(T=1000, H=8, I=8), False),
        (random_document(T=2000, H=1, I=50), True),
        (wide(4096, 512, 1), True),
        (wide(1, 512, 512), True),
        (wide(8, 1, 64, edits=[RANDOM] * 100), True),
    ],
)
def test_a_document_that_is_long_to_build_leaves_the_loop(document, long):
    session = Session(Settings(), Budget(1 << 40, "bytes"))
    assert (session.taking(opening(document)) > LIMIT) is long


def test_a_ping_and_a_message_before_any_document_are_short():
    session = Session(Settings(), Budget(1 << 40, "bytes"))
    assert session.taking(decode('{"type":"ping","id":1}')) == session.working() == 0
    assert session.taking(editing(1, edits(SET))) < LIMIT


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("H", "long"), [(32, False), (512, True)])
def test_every_cell_leaves_the_loop_in_time(cell, H, long):
    document = wide(16, H, H, cell)
    matrix = CELLS[cell].params.STACKS["U"][0]
    session = Session(Settings(), Budget(1 << 40, "bytes"))
    assert (session.taking(opening(document)) > LIMIT) is long
    session = opened(document)
    message = editing(2, edits({"op": "scale", "array": matrix, "factor": 0.5}))
    assert long or session.taking(message) < LIMIT
    list(session.receive(message))
    assert (session.working() > LIMIT) is long


def test_a_run_is_estimated_by_its_size_and_form():
    sizes = [cost.Size.of(CELLS[kind].params.random(8, 64, seed=0)) for kind in CELLS]
    assert [size.gates for size in sizes] == [3, 4, 1]
    gru, lstm, rnn = map(cost.step, sizes)
    assert rnn < gru < lstm
    elu = GRUParams.random(8, 64, seed=0, activations=(Activation.of("elu"), TANH), clip=1.0)
    assert cost.Size.of(elu).squashes == 3
    assert cost.step(cost.Size.of(elu)) == pytest.approx(gru + 3 * cost.SQUASH)
    large = [size._replace(hidden_size=512) for size in sizes]
    assert [cost.span(size, Settings()) < 50 for size in large] == [True, True, False]


def test_what_is_held_is_accounted_for():
    clamp = {"op": "clamp", "quantity": "z", "unit": 0, "value": 0.5}
    few = opened(wide(48, 4, 8, edits=[clamp]))
    every = [clamp | {"t": t % 48} for t in range(3000)]
    many = opened(wide(48, 4, 8, edits=every))
    assert few.working() < LIMIT < many.working()
    assert few.taking(editing(2, edits(clamp))) < LIMIT < many.taking(editing(2, edits(clamp)))
    params = GRUParams.random(4, 8, seed=0)
    free, held = cost.Size.of(params), cost.Size.of(params, [Clamp("z", u, 1.0) for u in range(8)])
    assert (held.held, held.clamps) == (1, 8)
    assert cost.step(free) + cost.HOLD < cost.step(held) < cost.step(free) + 2 * cost.HOLD


@pytest.mark.parametrize(("H", "long"), [(8, False), (64, False), (512, True)])
def test_a_step_of_a_wide_network_leaves_the_loop(H, long):
    asked = decode('{"type":"step","id":1,"t":0}')
    assert (opened(wide(1, H, H)).taking(asked) > LIMIT) is long
