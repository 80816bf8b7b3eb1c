"""What a run is estimated to take, in time and memory; coefficients measured on one slow core."""

from __future__ import annotations

from collections.abc import Iterable

from app.protocol import (
    ClientMessage,
    Document,
    DocumentChange,
    Edit,
    ExampleNetwork,
    InputChange,
    Inspect,
    Open,
    Ping,
    RandomEdit,
    SetEdit,
)
from app.settings import Settings

STEP_MILLISECONDS = 0.012  # the calls of one step, whatever its size
RECURRENT = 4e-7  # per element of U
INPUT = 1e-7  # per element of W
INITIAL = 1.9e-7  # per H³: an orthogonal matrix
EDIT = 0.002  # an edit in the list, applied again
WHOLE = 1.2e-6  # per element of an array that an edit changes whole
TERM = 0.009  # a term of an explanation
EDIT_BYTES = 500
BLOCKS = 12  # arrays of (T, H) in a trace


def step(input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of one timestep."""
    recurrent = 3 * hidden_size * hidden_size * RECURRENT
    return STEP_MILLISECONDS + recurrent + 3 * hidden_size * input_size * INPUT


def run(steps: int, input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of a run."""
    return steps * step(input_size, hidden_size)


def initial(hidden_size: int, matrices: int = 3) -> float:
    """Return the milliseconds of drawing orthogonal matrices, three for a whole network."""
    return matrices * INITIAL * hidden_size**3


def applying(edits: Iterable[Edit], input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of applying edits one after the other."""
    return sum(_edit(edit, input_size, hidden_size) for edit in edits)


def _edit(edit: Edit, input_size: int, hidden_size: int) -> float:
    if isinstance(edit, SetEdit) or edit.array[0] == "b":
        return EDIT
    if isinstance(edit, RandomEdit) and edit.array[0] == "U":
        return EDIT + initial(hidden_size, 1)
    columns = input_size if edit.array[0] == "W" else hidden_size
    return EDIT + WHOLE * hidden_size * columns


def explanation(input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of explaining a value."""
    return TERM * (input_size + hidden_size)


def span(input_size: int, hidden_size: int, settings: Settings) -> int:
    """Return how many steps a span may have, so that a newer edit never waits long for it."""
    steps = int(settings.span_milliseconds / step(input_size, hidden_size))
    return max(1, min(settings.largest_span, steps))


def memory(steps: int, input_size: int, hidden_size: int, itemsize: int, edits: int) -> int:
    """Return the bytes a session keeps: two traces while one replaces the other, and weights."""
    trace = steps * (BLOCKS * hidden_size + input_size)
    weights = 3 * hidden_size * (input_size + hidden_size + 2)
    return 2 * itemsize * (trace + 2 * weights) + EDIT_BYTES * edits


def taking(message: ClientMessage, input_size: int, hidden_size: int, applied: float) -> float:
    """Return about how many milliseconds it takes to take a message, its run not included.

    `applied` is what `applying` says of the edits there are.
    """
    if isinstance(message, Open):
        return _build_estimate(message.document)
    if isinstance(message, Ping):
        return 0.0
    if isinstance(message, Inspect):
        return explanation(input_size, hidden_size)
    if isinstance(message.change, DocumentChange):
        return _build_estimate(message.change.document)
    if isinstance(message.change, InputChange):
        return 0.0
    return applied + applying(message.change.insert, input_size, hidden_size)


def _build_estimate(document: Document) -> float:
    network = document.network
    if isinstance(network, ExampleNetwork):
        return applying(document.edits, 0, 0)
    H = network.hidden_size
    I = len(network.alphabet or "") or network.input_size or 0
    return initial(H) + applying(document.edits, I, H)
