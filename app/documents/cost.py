"""What a run is estimated to take; coefficients measured on one slow core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from gru_core.cells.registry import CELLS
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp
from gruscope.documents.library import Library
from gruscope.documents.memory import KEPT
from gruscope.settings import Settings
from gruscope.wire.messages import (
    ClientMessage,
    DocumentChange,
    InputChange,
    Open,
    Ping,
    QuestionMessage,
)
from gruscope.wire.schema import (
    Document,
    Edit,
    ExampleNetwork,
    FileNetwork,
    HoldEdit,
    Network,
    RandomEdit,
    SetEdit,
    TextInput,
)

CALLS: Mapping[str, float] = {"gru": 0.012, "lstm": 0.012, "rnn": 0.004}
"""Milliseconds of the calls of one step, whatever its size."""

SQUASH = 0.007  # a step's calls for a clip or an unusual activation, each
RECURRENT = 4e-7  # per element of U
INPUT = 1e-7  # per element of W
INITIAL = 1.9e-7  # per H³: an orthogonal matrix
EDIT = 0.002  # an edit in the list, applied again
WHOLE = 1.2e-6  # per element of an array that an edit changes whole
TERM = 0.009  # a term of an explanation
STEP = 0.4  # the vectors of a step, whatever its size
VECTOR = 2e-6  # per element of W and U: multiplied by what is not in a cache
WEIGHT = 4e-6  # per element of W and U: copied, checked, laid out for a run
COPIED = 3e-6  # per element of an input or a trace that is taken over
NUMBER = 5e-5  # per number of an input given as rows
HOLD = 0.0025  # a step's calls for a value held by hand
HELD = 1e-5  # a step's part for every unit held
CLAMP = 0.006  # a hold in the list: checked, compared, laid out for a run


class Size(NamedTuple):
    """What the cost of a cell depends on.

    Attributes
    ----------
    cell : str
    input_size, hidden_size : int
    squashes : int
        How many clips and unusual activations a step has.
    held : int
        How many values are held by hand at some step.
    clamps : int
        How many clamps there are.
    """

    cell: str
    input_size: int
    hidden_size: int
    squashes: int = 0
    held: int = 0
    clamps: int = 0

    @classmethod
    def of(cls, params: Params, clamps: Sequence[Clamp] = ()) -> Self:
        """Return the size of some params, and of what is held."""
        unusual = sum(a != b for a, b in zip(params.activations, params.ACTIVATIONS, strict=True))
        clips = 0 if params.clip is None else len(params.activations)
        held = len({clamp.value for clamp in clamps})
        sizes = params.input_size, params.hidden_size
        return cls(params.kind, *sizes, unusual + clips, held, len(clamps))

    @property
    def gates(self) -> int:
        """G, the number of matrices in W and in U."""
        return len(CELLS[self.cell].params.GATES)

    @property
    def weights(self) -> int:
        """Elements of W and U."""
        return self.gates * self.hidden_size * (self.input_size + self.hidden_size)


NOTHING = Size("gru", 0, 0)


def step(size: Size) -> float:
    """Return the milliseconds of one timestep."""
    columns = size.hidden_size * RECURRENT + size.input_size * INPUT
    calls = CALLS[size.cell] + size.squashes * SQUASH + size.held * HOLD
    calls += HELD * min(size.clamps, size.held * size.hidden_size)
    return calls + size.gates * size.hidden_size * columns


def run(steps: int, size: Size) -> float:
    """Return the milliseconds of a run."""
    return steps * step(size)


def beginning(steps: int, size: Size, kept: int) -> float:
    """Return the milliseconds before the first step of a run that takes over some steps."""
    taken_over = steps * size.input_size + kept * KEPT[size.cell] * size.hidden_size
    return weights(size) + COPIED * taken_over + CLAMP * size.clamps


def weights(size: Size) -> float:
    """Return the milliseconds of making new weights of old ones."""
    return WEIGHT * size.weights


def initial(hidden_size: int, matrices: int) -> float:
    """Return the milliseconds of drawing orthogonal matrices."""
    return matrices * INITIAL * hidden_size**3


def applying(edits: Iterable[Edit], size: Size) -> float:
    """Return the milliseconds of applying edits one after the other."""
    return sum(_edit(edit, size) for edit in edits)


def _edit(edit: Edit, size: Size) -> float:
    if isinstance(edit, HoldEdit):
        return CLAMP
    described = CELLS[size.cell].params.described().get(edit.array)
    if edit.off or isinstance(edit, SetEdit) or described is None or not described.is_matrix:
        return EDIT
    if isinstance(edit, RandomEdit) and described.role == "recurrent_weights":
        return EDIT + initial(size.hidden_size, 1)
    columns = size.input_size if described.role == "input_weights" else size.hidden_size
    return EDIT + WHOLE * size.hidden_size * columns


def span(size: Size, settings: Settings) -> int:
    """Return how many steps a span may have, so that a newer edit never waits long for it."""
    steps = int(settings.span_milliseconds / step(size))
    return max(1, min(settings.largest_span, steps))


def taking(
    message: ClientMessage, steps: int, size: Size, applied: float, library: Library
) -> float:
    """Return about how many milliseconds it takes to take a message, its run not included.

    The sizes are those of the present document, `applied` is what `applying` says of its edits.
    """
    if isinstance(message, Open):
        return _building(message.document, library)
    if isinstance(message, Ping):
        return 0.0
    assert not isinstance(message, QuestionMessage), "each kind of question knows its own"
    change = message.change
    if isinstance(change, DocumentChange):
        return _building(change.document, library)
    if isinstance(change, InputChange):
        return (COPIED * steps + NUMBER * len(change.insert)) * size.input_size
    return applied + applying(change.insert, size) + weights(size)


def _building(document: Document, library: Library) -> float:
    size = _size(document.network, library)
    given = document.input
    steps = len(given.text if isinstance(given, TextInput) else given.values)
    per_number = COPIED if isinstance(given, TextInput) else NUMBER
    from_file = isinstance(document.network, FileNetwork)
    drawn = 0.0 if from_file else initial(size.hidden_size, size.gates)
    made = drawn + 2 * weights(size)
    return made + steps * size.input_size * per_number + applying(document.edits, size)


def _size(network: Network, library: Library) -> Size:
    """Return a network's size; that of an example is small, that of no network nothing."""
    if isinstance(network, FileNetwork):
        params = library.params(network)
        return NOTHING if params is None else Size.of(params)
    if isinstance(network, ExampleNetwork):
        return Size(network.cell, 32, 32)
    inputs = len(network.alphabet or "") or network.input_size or 0
    return Size(network.cell, inputs, network.hidden_size)
