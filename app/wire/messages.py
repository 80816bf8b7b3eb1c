"""What goes over the wire, as models; ``docs/protocol.md`` shows one example of each.

Nothing here awaits or computes. Documents have models of their own, in `schema`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from gru_core.parameters.equations import Kind
from gruscope.wire.schema import (
    CellName,
    Count,
    Document,
    Edits,
    Index,
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
    "not_acceptable",
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


class Inspect(Model):
    """Ask for the terms of one value."""

    type: Literal["inspect"]
    id: Number
    quantity: Quantity
    t: Index
    unit: Index


class StepQuestion(Model):
    """Ask for the vectors of one step."""

    type: Literal["step"]
    id: Number
    t: Index


class Ping(Model):
    """Ask whether the session lives."""

    type: Literal["ping"]
    id: Number


Question = Inspect | StepQuestion
ClientMessage = Open | EditMessage | Question | Ping
CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(
    Annotated[ClientMessage, Field(discriminator="type")]
)


# Server → client


class ProductPart(Model):
    """A summand of an equation: names of weights and values, from left to right."""

    kind: Kind
    factors: list[str]


class EquationPart(Model):
    """How one value comes about, and within which bounds, where it has any.

    ``curve`` are points of the activation to draw straight lines between, ``numpy`` is it as an
    expression; empty where there is none.
    """

    value: Quantity
    title: str
    pre: Sequence | None
    activation: str
    clip: float | None
    bounds: Annotated[list[float], Field(min_length=2, max_length=2)] | None
    text: str
    products: list[ProductPart]
    curve: list[list[float]]
    numpy: str


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
    arrays: dict[str, list[Count]]


class Done(Model):
    """All steps of a run are sent, ``start`` being the first of them."""

    type: Literal["done"] = "done"
    run: Number
    steps: Count
    start: Count
    milliseconds: float


class FactorPart(Model):
    """A factor of a term: the value at an index of an array."""

    name: str
    index: list[Count]
    value: float


class TermPart(Model):
    """A product that is one summand of the value explained."""

    kind: Kind
    factors: list[FactorPart]
    product: float


class Explained(Model):
    """Where one value comes from."""

    type: Literal["explained"] = "explained"
    id: Number
    run: Number
    quantity: Quantity
    t: Count
    unit: Count
    result: float
    computed: float
    clamped: bool
    pre_activation: float | None
    activation: str
    terms: list[TermPart]


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


ServerMessage = Opened | Done | Explained | ErrorMessage | Pong
Outgoing = ServerMessage | bytes
SERVER: TypeAdapter[ServerMessage] = TypeAdapter(
    Annotated[ServerMessage, Field(discriminator="type")]
)


class WeightsMeta(Model):
    """Metadata of a binary `weights` frame; safetensors metadata are strings."""

    type: Literal["weights"] = "weights"
    run: str
    of: Literal["network", "edits"]


class StepsMeta(Model):
    """Metadata of a binary `steps` frame: rows [start, stop) of total."""

    type: Literal["steps"] = "steps"
    run: str
    start: str
    stop: str
    total: str
    layer: str = "0"


class StepMeta(Model):
    """Metadata of a binary `step` frame: the vectors of step ``t``."""

    type: Literal["step"] = "step"
    id: str
    run: str
    t: str
