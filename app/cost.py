"""What a run is estimated to take, in time and memory; coefficients measured on one slow core."""

from __future__ import annotations

from app.protocol import (
    ClientMessage,
    Document,
    DocumentChange,
    ExampleNetwork,
    InputChange,
    Inspect,
    Open,
    Ping,
    RandomEdit,
)
from app.settings import Settings

STEP_MILLISECONDS = 0.012  # the calls of one step, whatever its size
RECURRENT = 4e-7  # per element of U
INPUT = 1e-7  # per element of W
INITIAL = 1.9e-7  # per H³: an orthogonal matrix
EDIT = 0.002  # an edit in the list, applied again
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


def taking(message: ClientMessage, input_size: int, hidden_size: int, edits: int) -> float:
    """Return about how many milliseconds it takes to take a message, its run not included."""
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
    fresh = sum(isinstance(edit, RandomEdit) for edit in message.change.insert)
    return initial(hidden_size, fresh) + EDIT * (edits + len(message.change.insert))


def _build_estimate(document: Document) -> float:
    network = document.network
    H = 0 if isinstance(network, ExampleNetwork) else network.hidden_size
    fresh = sum(isinstance(edit, RandomEdit) for edit in document.edits)
    return initial(H, 3 + fresh) + EDIT * len(document.edits)
