"""What goes over the wire, as models; ``docs/protocol.md`` shows one example of each.

Nothing here awaits or computes. Documents have models of their own, in `schema`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gru_core.parameters.equations import Kind
from gru_core.parameters.references import ReferenceKind
from gru_core.run.layers import Direction
from gruscope.wire.schema import (
    CellName,
    Count,
    Document,
    Edits,
    Index,
    InLayer,
    Model,
    Number,
    Quantity,
    Rows,
    Sequence,
)

ErrorCode = Literal[
    "json",
    "message",
    "binary",
    "too_large",
    "no_document",
    "stale_run",
    "shape",
    "range",
    "alphabet",
    "length",
    "overflow",
    "busy",
    "internal",
    "host",
    "origin",
    "token",
    "not_found",
    "method",
    "media_type",
]


# Client → server


class InputChange(Model):
    """A splice of the sequence: characters of a text, rows of numbers."""

    kind: Literal["input"]
    start: Index
    remove: Count
    insert: str | Rows


class EditsChange(Model):
    """A splice of the list of edits; undo is the inverse splice."""

    kind: Literal["edits"]
    start: Index
    remove: Count
    insert: Edits


class DocumentChange(Model):
    """Another document in place of the present one."""

    kind: Literal["document"]
    document: Document


Change = Annotated[InputChange | EditsChange | DocumentChange, Field(discriminator="kind")]


class Open(Model):
    """Begin with a document; ``arrays`` says what `steps` frames carry, if not what is shown."""

    type: Literal["open"]
    run: Number
    document: Document
    arrays: Annotated[list[Sequence], Field(min_length=1, max_length=19)] | None = None


class EditMessage(Model):
    """One change; ``keep`` leading steps stand on the page and need not be sent again."""

    type: Literal["edit"]
    run: Number
    keep: Count = 0
    change: Change


class QuestionMessage(InLayer):
    """A question about one step; each kind of question is a file in `gruscope.questions`."""

    id: Number
    t: Index


class Ping(Model):
    """Ask whether the session lives."""

    type: Literal["ping"]
    id: Number


ClientMessage = Open | EditMessage | QuestionMessage | Ping


# Server → client


class ReferencePart(Model):
    """What a factor refers to; ``of`` is the value it belongs to, "" for the input."""

    kind: ReferenceKind
    name: str
    of: str


class ProductPart(Model):
    """A summand of an equation: its factors from left to right.

    ``adds`` and ``vector`` are the names in a `step` frame of what it comes to and of what its
    matrix multiplies (null where that is a single factor). ``inner`` is the value that the leading
    gate multiplies, null without such a gate.
    """

    kind: Kind
    factors: list[ReferencePart]
    inner: Sequence | None
    adds: str
    vector: str | None


class EquationPart(Model):
    """How one value comes about, and within which bounds, where it has any.

    ``text`` is the equation as people write it, ``words`` the same with a reference at every name.
    ``symbol`` names the activation, ``function`` adds its constants. ``curve`` are points of it to
    draw straight lines between, ``numpy`` is it as an expression. All are empty where there is no
    activation.
    """

    value: Quantity
    title: str
    pre: Sequence | None
    activation: str
    symbol: str
    function: str
    clip: float | None
    bounds: Annotated[list[float], Field(min_length=2, max_length=2)] | None
    text: str
    words: list[str | ReferencePart]
    products: list[ProductPart]
    curve: list[list[float]]
    numpy: str


class ArrayPart(ReferencePart):
    """One of the network's arrays: its kind is what it is for."""

    shape: list[Count]


class Opened(Model):
    """The document is taken; its cell, its equations and its sizes."""

    type: Literal["opened"] = "opened"
    run: Number
    cell: CellName
    title: str
    form: dict[str, bool | list[str] | float | None]
    values: list[Sequence]
    equations: list[EquationPart]
    stages: list[list[Quantity]]
    steps: Count
    input_size: Count
    hidden_size: Count
    alphabet: str | None
    arrays: dict[str, ArrayPart]


class Done(Model):
    """All steps of a run are sent, ``start`` being the first of them."""

    type: Literal["done"] = "done"
    run: Number
    steps: Count
    start: Count
    milliseconds: float


class AnswerMessage(InLayer):
    """The answer to a question, from the run of that number."""

    id: Number
    run: Number


class ErrorMessage(Model):
    """What was refused, and why; the former state stands."""

    type: Literal["error"] = "error"
    code: ErrorCode
    field: str | None = None
    message: str
    run: Number | None = None
    id: Number | None = None


class Pong(Model):
    """The session lives."""

    type: Literal["pong"] = "pong"
    id: Number


ServerMessage = Opened | Done | AnswerMessage | ErrorMessage | Pong
Outgoing = ServerMessage | bytes


class FrameMeta(Model):
    """Metadata of a binary frame; safetensors metadata are strings."""

    run: str
    layer: str = "0"
    direction: Direction = "forward"


class WeightsMeta(FrameMeta):
    """Metadata of a binary `weights` frame."""

    type: Literal["weights"] = "weights"
    of: Literal["network", "edits"]


class StepsMeta(FrameMeta):
    """Metadata of a binary `steps` frame: rows [start, stop) of total."""

    type: Literal["steps"] = "steps"
    start: str
    stop: str
    total: str
