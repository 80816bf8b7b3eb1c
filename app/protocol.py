"""What goes over the wire, as models; ``docs/protocol.md`` shows one example of each.

Nothing here awaits or computes. The models fix names and types; limits, which are settings, and
whatever needs a network to judge, are checked where the document is built.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from gru_core.equations import Kind

# The names of every cell together; which of them a document's cell has, its params say.
CellName = Literal["gru", "lstm", "rnn"]
# fmt: off
ArrayName = Literal[
    "W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W_n", "U_n", "b_n", "b_hn",
    "W_i", "U_i", "b_i", "W_f", "U_f", "b_f", "W_o", "U_o", "b_o", "W_g", "U_g", "b_g",
    "p_i", "p_f", "p_o", "W", "U", "b",
]
Sequence = Literal[
    "z", "r", "n", "h", "u", "a_z", "a_r", "a_n",
    "i", "f", "o", "g", "c", "m", "a_i", "a_f", "a_o", "a_g", "a",
]
# fmt: on
Quantity = Literal["z", "r", "n", "h", "i", "f", "g", "c", "o", "m"]
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

Row = Annotated[list[float], Field(fail_fast=True)]
Rows = Annotated[list[Row], Field(fail_fast=True)]
Index = Annotated[int, Field(ge=0, le=2**31 - 1)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Size = Annotated[int, Field(ge=1, le=2**31 - 1)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
Gain = Annotated[float, Field(gt=0, le=100)]
Clip = Annotated[float, Field(gt=0, le=1e6)]
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]


class Model(BaseModel):
    """Strict: no coercion, no unknown field, no NaN or infinity, no change afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


# The document


class ExampleNetwork(Model):
    """The network of one of the examples that come with gruscope, or its like of another cell."""

    kind: Literal["example"]
    name: str
    cell: CellName = "gru"


class RandomNetwork(Model):
    """A freshly initialised network; the same seed gives the same one."""

    kind: Literal["random"]
    cell: CellName = "gru"
    hidden_size: Size
    seed: Seed
    gain: Gain = 1.0
    alphabet: str | None = None
    input_size: Size | None = None
    bias: bool = True

    @model_validator(mode="after")
    def _one_input(self) -> RandomNetwork:
        if (self.alphabet is None) == (self.input_size is None):
            given = "neither" if self.alphabet is None else "both"
            raise ValueError(f"expected exactly one of alphabet and input_size, got {given}")
        return self


class FileNetwork(Model):
    """A layer, in one direction, of the model file that the server was started with.

    Where ``cell`` or ``digest`` is given and not that of the file, the file is another one.
    """

    kind: Literal["file"]
    layer: Index = 0
    reverse: bool = False
    cell: CellName | None = None
    digest: Annotated[str, Field(max_length=64)] | None = None


Network = Annotated[ExampleNetwork | RandomNetwork | FileNetwork, Field(discriminator="kind")]


class SetEdit(Model):
    """Give one cell of an array a value; a vector has no column."""

    op: Literal["set"]
    array: ArrayName
    row: Index
    column: Index | None = None
    value: float


class ZeroEdit(Model):
    """Set a whole array to zero."""

    op: Literal["zero"]
    array: ArrayName


class RandomEdit(Model):
    """Initialise a whole array afresh."""

    op: Literal["random"]
    array: ArrayName
    seed: Seed
    gain: Gain = 1.0


class ScaleEdit(Model):
    """Multiply a whole array."""

    op: Literal["scale"]
    array: ArrayName
    factor: float


class RestoreEdit(Model):
    """Bring an array, or one cell of it, back to the network's own."""

    op: Literal["restore"]
    array: ArrayName
    row: Index | None = None
    column: Index | None = None


Edit = Annotated[
    SetEdit | ZeroEdit | RandomEdit | ScaleEdit | RestoreEdit, Field(discriminator="op")
]


Edits = Annotated[list[Edit], Field(fail_fast=True)]


class TextInput(Model):
    """A character per timestep; needs a network with an alphabet."""

    kind: Literal["text"]
    text: str


class NumbersInput(Model):
    """A row of numbers per timestep."""

    kind: Literal["numbers"]
    values: Rows


Input = Annotated[TextInput | NumbersInput, Field(discriminator="kind")]


class Form(Model):
    """Which equations to compute: the switches of every cell, each as it is by default."""

    reset_after: bool = True
    z_keeps: bool = True
    input_forget: bool = False
    peepholes: bool = False
    activations: list[str] | None = None
    clip: Clip | None = None


class Options(Model):
    """How to compute."""

    dtype: Literal["float64", "float32"] = "float64"
    form: Form = Form()


class Document(Model):
    """Everything needed to reproduce what the page shows."""

    network: Network
    edits: Edits = []
    input: Input
    options: Options = Options()


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


class Ping(Model):
    """Ask whether the session lives."""

    type: Literal["ping"]
    id: Number


ClientMessage = Open | EditMessage | Inspect | Ping
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
