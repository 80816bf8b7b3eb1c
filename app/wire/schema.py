"""Models of a document and its edits.

The models check names and types. Limits, which are settings, and everything that depends on the
network are checked when the document is built.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from gru_core.run.layers import Direction

# The names of all cells together; a cell's params list the ones that it has.
CellName = Literal["gru", "lstm", "rnn"]
# fmt: off
ArrayName = Literal[
    "W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W_n", "U_n", "b_n", "b_hn",
    "W_i", "U_i", "b_i", "W_f", "U_f", "b_f", "W_o", "U_o", "b_o", "W_g", "U_g", "b_g",
    "p_i", "p_f", "p_o", "W", "U", "b", "E", "W_y", "b_y",
]
Sequence = Literal[
    "z", "r", "n", "h", "u", "a_z", "a_r", "a_n",
    "i", "f", "o", "g", "c", "m", "a_i", "a_f", "a_o", "a_g", "a",
]
# fmt: on
Quantity = Literal["z", "r", "n", "h", "i", "f", "g", "c", "o", "m", "y"]
Row = Annotated[list[float], Field(fail_fast=True)]
Rows = Annotated[list[Row], Field(fail_fast=True)]
Index = Annotated[int, Field(ge=0, le=2**31 - 1)]
Tokens = Annotated[list[Index], Field(fail_fast=True)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Size = Annotated[int, Field(ge=1, le=2**31 - 1)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
Gain = Annotated[float, Field(gt=0, le=100)]
Clip = Annotated[float, Field(gt=0, le=1e6)]
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]


Part = Literal["layer", "readout", "embedding"]
"""The part of a network that an array belongs to."""


class Model(BaseModel):
    """A strict, immutable model without coercion, unknown fields, NaN or infinity."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class InLayer(Model):
    """Anything in one layer, counted from 0, and one direction of it."""

    layer: Index = 0
    direction: Direction = "forward"


class ExampleNetwork(Model):
    """The network of a built-in example, or a random one of another cell with its sizes.

    A trained network has no other cell. ``digest`` is that of its weights: a document with a
    different one belongs to another version of the gallery and is refused.
    """

    kind: Literal["example"]
    name: str
    cell: CellName | None = None
    digest: Annotated[str, Field(max_length=64)] | None = None


class RandomNetwork(Model):
    """A random network; the same seed gives the same network."""

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
    """The whole network of the model file that the server was started with.

    A document with a different ``digest`` belongs to another file and is refused. ``cell`` is that
    of the first layer. With an ``alphabet``, it reads text: a character for each token of its
    embedding, or for each input.
    """

    kind: Literal["file"]
    cell: CellName | None = None
    alphabet: str | None = None
    digest: Annotated[str, Field(max_length=64)] | None = None


Network = Annotated[ExampleNetwork | RandomNetwork | FileNetwork, Field(discriminator="kind")]


class EditModel(InLayer):
    """An edit; while it is off it stays in the list and has no effect."""

    off: bool = False


class WeightEditModel(EditModel):
    """An edit of weights: of its layer and direction, or of another part of the network."""

    part: Part = "layer"


class SetEdit(WeightEditModel):
    """Set one cell of an array; a vector has no column."""

    op: Literal["set"]
    array: ArrayName
    row: Index
    column: Index | None = None
    value: float


class ZeroEdit(WeightEditModel):
    """Set a whole array to zero."""

    op: Literal["zero"]
    array: ArrayName


class FillEdit(WeightEditModel):
    """Set every weight of an array to one value."""

    op: Literal["fill"]
    array: ArrayName
    value: float


class RandomEdit(WeightEditModel):
    """Initialise a whole array from a seed."""

    op: Literal["random"]
    array: ArrayName
    seed: Seed
    gain: Gain = 1.0


class ScaleEdit(WeightEditModel):
    """Multiply a whole array."""

    op: Literal["scale"]
    array: ArrayName
    factor: float


class RestoreEdit(WeightEditModel):
    """Restore an array, or one cell of it, to the network's own weights."""

    op: Literal["restore"]
    array: ArrayName
    row: Index | None = None
    column: Index | None = None


class ClampEdit(EditModel):
    """Hold a value of one unit, at one step or throughout."""

    op: Literal["clamp"]
    quantity: Quantity
    unit: Index
    t: Index | None = None
    value: float


class StartEdit(EditModel):
    """Set one unit's state before the first step."""

    op: Literal["start"]
    quantity: Literal["h", "c"]
    unit: Index
    value: float


class AblateEdit(EditModel):
    """Hold a unit's h at 0, before the first step too."""

    op: Literal["ablate"]
    unit: Index


WeightEdit = SetEdit | ZeroEdit | FillEdit | RandomEdit | ScaleEdit | RestoreEdit
HoldEdit = ClampEdit | StartEdit | AblateEdit
Edit = Annotated[WeightEdit | HoldEdit, Field(discriminator="op")]
Edits = Annotated[list[Edit], Field(fail_fast=True)]

Panel = Literal["input", "plots", "transport", "cell", "weights", "number"]


class TextInput(Model):
    """A character per timestep; needs a network with an alphabet."""

    kind: Literal["text"]
    text: str


class NumbersInput(Model):
    """A row of numbers per timestep."""

    kind: Literal["numbers"]
    values: Rows


class TokensInput(Model):
    """A row of the embedding per timestep; needs a network with an embedding."""

    kind: Literal["tokens"]
    tokens: Tokens


class InputTarget(Model):
    """The outputs should be channels of the input, ``ahead`` steps later: one channel an output."""

    kind: Literal["input"]
    ahead: Count
    channels: Annotated[list[Index], Field(fail_fast=True)]


class ValuesTarget(Model):
    """The outputs should be these rows, in the network's units; [] where none is known."""

    kind: Literal["values"]
    values: Rows


Target = Annotated[InputTarget | ValuesTarget, Field(discriminator="kind")]
Input = Annotated[TextInput | NumbersInput | TokensInput, Field(discriminator="kind")]


class Form(Model):
    """The switches that choose the equations, for all cells together."""

    reset_after: bool = True
    z_keeps: bool = True
    input_forget: bool = False
    peepholes: bool = False
    activations: list[str] | None = None
    clip: Clip | None = None


class Options(Model):
    """How to compute; without a form, layers have the form of their network."""

    dtype: Literal["float64", "float32"] = "float64"
    form: Form | None = None


VERSION = 1
"""The document version that this server reads and writes."""


def _known_version(version: int) -> int:
    if version != VERSION:
        raise ValueError(
            f"expected {VERSION}, the version of documents that this gruscope reads; open the "
            "document with the version of gruscope that wrote it, or install a newer one"
        )
    return version


class Document(Model):
    """Everything needed to reproduce what the page shows.

    ``view`` is the layer and direction whose values and weights the server sends. ``panels`` lists
    the panels that the page shows, by default all; the server ignores it. ``target`` is what the
    outputs of a regression should be; it changes no number.
    """

    version: Annotated[int, AfterValidator(_known_version)] = VERSION
    network: Network
    edits: Edits = []
    input: Input
    target: Target | None = None
    options: Options = Options()
    view: InLayer = InLayer()
    panels: Annotated[list[Panel], Field(max_length=6)] | None = None
