"""Models of the messages; ``docs/protocol.md`` shows one example of each.

The models of documents are in `schema`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gru_core.network.end_arrays import End
from gru_core.network.merge import Merge
from gru_core.network.readout import Head
from gru_core.parameters.equations import Kind
from gru_core.parameters.references import ReferenceKind
from gru_core.run.layers import Direction
from gruscope.wire.ablation import AblateAll, Ablated, Ended, Scored, StopAblation
from gruscope.wire.schema import (
    ArrayName,
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
    Size,
    Tokens,
)
from gruscope.wire.target import TargetQuestion
from gruscope.wire.writing import StopWriting, Write, WrittenPart

ErrorCode = Literal[
    "json",
    "message",
    "binary",
    "too_large",
    "no_document",
    "no_training",
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
    """A splice of the input: characters of a text, rows of numbers or tokens."""

    kind: Literal["input"]
    start: Index
    remove: Count
    insert: str | Rows | Tokens


class EditsChange(Model):
    """A splice of the list of edits; undo is the inverse splice."""

    kind: Literal["edits"]
    start: Index
    remove: Count
    insert: Edits


class DocumentChange(Model):
    """A new document that replaces the present one."""

    kind: Literal["document"]
    document: Document


class ViewChange(InLayer):
    """Another layer or direction to send; nothing is computed anew."""

    kind: Literal["view"]


Change = Annotated[
    InputChange | EditsChange | DocumentChange | ViewChange, Field(discriminator="kind")
]


class Open(Model):
    """Open a document; ``arrays`` lists the values that `steps` frames carry."""

    type: Literal["open"]
    run: Number
    document: Document
    arrays: Annotated[list[Sequence], Field(min_length=1, max_length=19)] | None = None


class EditMessage(Model):
    """One change; the page already has the first ``keep`` steps, so they are not sent again."""

    type: Literal["edit"]
    run: Number
    keep: Count = 0
    change: Change


class QuestionMessage(InLayer):
    """A question about one step; each kind of question is a file in `gruscope.questions`."""

    id: Number
    t: Index


class BlockQuestion(Model):
    """Ask for a block of an array of the embedding or the readout, which may be large."""

    type: Literal["block"]
    id: Number
    part: End
    array: ArrayName
    row: Index
    column: Index = 0
    rows: Size
    columns: Size = 1


class Ping(Model):
    """Ask whether the session is alive."""

    type: Literal["ping"]
    id: Number


ClientMessage = (
    Open
    | EditMessage
    | QuestionMessage
    | BlockQuestion
    | TargetQuestion
    | Write
    | StopWriting
    | AblateAll
    | StopAblation
    | Ping
)


# Server → client


class ReferencePart(Model):
    """A typed name; ``of`` is the value that it belongs to, "" for the input."""

    kind: ReferenceKind
    name: str
    of: str


class ProductPart(Model):
    """A summand of an equation: its factors from left to right.

    ``adds`` and ``vector`` name two arrays of a `step` frame: the product's result, and the vector
    that its matrix multiplies (null if that is a single factor). ``inner`` is the value that the
    leading gate multiplies, null without such a gate.
    """

    kind: Kind
    factors: list[ReferencePart]
    inner: Sequence | None
    adds: str
    vector: str | None


class EquationPart(Model):
    """The equation of one value, and the value's bounds, if any.

    ``text`` is the equation for people, ``words`` the same with a reference for every name.
    ``symbol`` is the activation's symbol; ``function`` adds its constants. ``curve`` has points of
    the activation to connect by straight lines, ``numpy`` is it as an expression. All four are
    empty if there is no activation.
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
    """One of the network's arrays; ``kind`` is its role."""

    shape: list[Count]


class LayerPart(Model):
    """One layer of the network; ``merge`` says how two directions become its states.

    ``before`` has the equation of each fixed map that its input goes through.
    """

    cell: CellName
    directions: Annotated[list[Direction], Field(min_length=1, max_length=2)]
    merge: Merge
    input_size: Count
    hidden_size: Count
    output_size: Count
    before: list[str]


class ReadoutPart(Model):
    """The linear layer at the end, and the function that follows it."""

    output_size: Count
    head: Head


class DecoderPart(Model):
    """Which of the layers are a decoder's, and how it answers after the input has been read.

    Layers from ``first`` on act after the last step of the input, in at most ``limit`` steps. The
    decoder reads ``start`` first, then at each step its own answer, and ends with ``end``; both
    count the outputs.
    """

    first: Size
    limit: Size
    start: Count
    end: Count


class NetworkPart(Model):
    """The whole network: an embedding of ``vocabulary`` rows, layers, a readout.

    ``input_size`` is the numbers of its input at each step, a row of the embedding if it has one.
    ``ends`` describes the arrays of the embedding and the readout by name, if it has them.
    ``uniform`` says whether all layers have one kind of cell in one form, which can then be changed
    together. ``decoder`` is null unless the network is an encoder and a decoder.
    ``note`` says in sentences which parts are a guess and what was left out of the file,
    "" if nothing. ``writes`` says what it writes on by reading its own answers, null if it cannot.
    """

    vocabulary: Count | None
    input_size: Count
    layers: list[LayerPart]
    readout: ReadoutPart | None
    ends: dict[End, dict[str, ArrayPart]]
    parameters: Count
    uniform: bool
    decoder: DecoderPart | None
    guessed: list[str]
    note: str
    writes: Literal["symbols", "series"] | None


class Opened(Model):
    """The server accepted a document: its network, and the cell and equations of the view.

    ``input_size`` and ``hidden_size`` are those of the view's layer.
    """

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
    view: InLayer
    network: NetworkPart


class Done(Model):
    """All steps of a run have been sent; ``start`` is the first of them."""

    type: Literal["done"] = "done"
    run: Number
    steps: Count
    start: Count
    milliseconds: float


class AnswerMessage(InLayer):
    """The answer to a question; ``run`` is the run that it describes."""

    id: Number
    run: Number


class ErrorMessage(Model):
    """A refusal and its reason; the previous state remains."""

    type: Literal["error"] = "error"
    code: ErrorCode
    field: str | None = None
    message: str
    run: Number | None = None
    id: Number | None = None


class Pong(Model):
    """The session is alive."""

    type: Literal["pong"] = "pong"
    id: Number


ServerMessage = (
    Opened | Done | WrittenPart | AnswerMessage | Scored | Ablated | Ended | ErrorMessage | Pong
)
Outgoing = ServerMessage | bytes
