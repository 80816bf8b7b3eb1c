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
    Network,
    Open,
    Ping,
    RandomEdit,
    SetEdit,
    TextInput,
)
from app.settings import Settings

STEP_MILLISECONDS = 0.012  # the calls of one step, whatever its size
RECURRENT = 4e-7  # per element of U
INPUT = 1e-7  # per element of W
INITIAL = 1.9e-7  # per H³: an orthogonal matrix
EDIT = 0.002  # an edit in the list, applied again
WHOLE = 1.2e-6  # per element of an array that an edit changes whole
TERM = 0.009  # a term of an explanation
WEIGHT = 4e-6  # per element of W and U: copied, checked, laid out for a run
COPIED = 3e-6  # per element of an input or a trace that is taken over
NUMBER = 5e-5  # per number of an input given as rows
EDIT_BYTES = 500
BLOCKS = 12  # arrays of (T, H) in a trace


def step(input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of one timestep."""
    recurrent = 3 * hidden_size * hidden_size * RECURRENT
    return STEP_MILLISECONDS + recurrent + 3 * hidden_size * input_size * INPUT


def run(steps: int, input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of a run."""
    return steps * step(input_size, hidden_size)


def beginning(steps: int, input_size: int, hidden_size: int, kept: int) -> float:
    """Return the milliseconds before the first step of a run that takes over some steps."""
    taken_over = steps * input_size + kept * BLOCKS * hidden_size
    return weights(input_size, hidden_size) + COPIED * taken_over


def weights(input_size: int, hidden_size: int) -> float:
    """Return the milliseconds of making new weights of old ones."""
    return WEIGHT * 3 * hidden_size * (input_size + hidden_size)


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


def taking(
    message: ClientMessage, steps: int, input_size: int, hidden_size: int, applied: float
) -> float:
    """Return about how many milliseconds it takes to take a message, its run not included.

    The sizes are those of the present document, `applied` is what `applying` says of its edits.
    """
    if isinstance(message, Open):
        return _building(message.document)
    if isinstance(message, Ping):
        return 0.0
    if isinstance(message, Inspect):
        return explanation(input_size, hidden_size)
    change = message.change
    if isinstance(change, DocumentChange):
        return _building(change.document)
    if isinstance(change, InputChange):
        return COPIED * steps * input_size + NUMBER * len(change.insert) * input_size
    edited = applied + applying(change.insert, input_size, hidden_size)
    return edited + weights(input_size, hidden_size)


def _building(document: Document) -> float:
    H, I = _sizes(document.network)
    given = document.input
    steps = len(given.text if isinstance(given, TextInput) else given.values)
    per_number = COPIED if isinstance(given, TextInput) else NUMBER
    drawn = initial(H) + 2 * weights(I, H)
    return drawn + steps * I * per_number + applying(document.edits, I, H)


def _sizes(network: Network) -> tuple[int, int]:
    """Return H and I; those of an example are small."""
    if isinstance(network, ExampleNetwork):
        return 32, 32
    return network.hidden_size, len(network.alphabet or "") or network.input_size or 0
