"""Models of the messages about a training, which have a WebSocket of their own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from gruscope.wire.messages import ErrorMessage, NetworkPart, Ping, Pong
from gruscope.wire.schema import (
    CellName,
    Count,
    Document,
    Edit,
    Form,
    Index,
    Model,
    Quantity,
    Rows,
    Seed,
    Size,
)

Positive = Annotated[float, Field(gt=0)]
Digest = Annotated[str, Field(min_length=1, max_length=64)]
Initial = Literal["uniform", "orthogonal", "chrono", "orthogonal+chrono"]
Status = Literal["waiting", "starting", "running", "paused", "finished", "stopped", "failed"]


# Client → server


class TaskSpec(Model):
    """What to learn: a task by name, its settings, and its data if they are the user's own.

    ``text`` is a text to continue, or lines of text, tab, label. ``rows`` is a series with the
    ``names`` of its columns.
    """

    name: str
    settings: dict[str, int] = Field(default_factory=dict)
    text: str | None = None
    rows: Rows | None = None
    names: list[str] | None = None


class TrainingSpec(Model):
    """Everything that determines a training; the same spec gives the same weights."""

    task: TaskSpec
    cell: CellName = "gru"
    form: Form | None = None
    hidden_size: Size = 16
    layers: Size = 1
    both_directions: bool = False
    initial: Initial = "uniform"
    rate: Positive = 0.01
    batch: Size = 64
    steps: Size = 1000
    seed: Seed = 0
    until_solved: bool = True


class Origin(Model):
    """A snapshot from which to go on, and the edits to apply to it first."""

    digest: Digest
    edits: list[Edit] = Field(default_factory=list)


class Start(Model):
    """Start a training; it runs as soon as there is a place for it."""

    type: Literal["start"]
    training: TrainingSpec


class Attach(Model):
    """Take over the training of a page that was reloaded, by its unguessable id."""

    type: Literal["attach"]
    id: Annotated[str, Field(max_length=64)]


class Pause(Model):
    """Pause after the present step."""

    type: Literal["pause"]


class OneStep(Model):
    """Make one step and pause."""

    type: Literal["one_step"]
    origin: Origin | None = None


class Resume(Model):
    """Go on, from the newest step or from another snapshot."""

    type: Literal["resume"]
    origin: Origin | None = None


class Stop(Model):
    """End the training; its snapshots stay."""

    type: Literal["stop"]


TrainingRequest = Start | Attach | Pause | OneStep | Resume | Stop | Ping

TRAINING_CLIENT_MODELS = (Start, Attach, Pause, OneStep, Resume, Stop, Ping)
TRAINING_REQUEST: TypeAdapter[TrainingRequest] = TypeAdapter(
    Annotated[TrainingRequest, Field(discriminator="type")]
)


# Server → client


class StatusMessage(Model):
    """What the training does; ``place`` counts those that wait, from 1, and is 0 otherwise.

    ``note`` is a sentence about why it is not running, or what changed, "" without one.
    """

    type: Literal["status"] = "status"
    id: str
    status: Status
    place: Count
    step: Count
    note: str


class MetricPart(Model):
    """The score on held-out data: ``chance`` is that of guessing, ``solved`` that of success."""

    name: Literal["accuracy", "error"]
    chance: float
    solved: float
    rises: bool


class LookPart(Model):
    """A value and a place to select."""

    quantity: Quantity
    t: Index
    unit: Index


class Ready(Model):
    """The training has a network: its parts, its card, and a document that shows it.

    The card is as in a file beside a model.
    """

    type: Literal["ready"] = "ready"
    training: TrainingSpec
    title: str
    metric: MetricPart
    network: NetworkPart
    card: dict[str, Any]
    document: Document
    look: LookPart


class Point(Model):
    """A point of the curves: mean loss and largest gradient norm since the point before.

    ``metric`` is null where it was not measured.
    """

    step: Count
    loss: float
    norm: float
    metric: float | None


class Progress(Model):
    """New points of the curves.

    ``seconds`` it has trained, ``left`` it will probably still take.
    """

    type: Literal["progress"] = "progress"
    step: Count
    seconds: float
    left: float | None
    points: list[Point]


class Snapshot(Model):
    """The network after a step, which documents can name by its digest.

    Those of the ``dropped`` steps are gone.
    """

    type: Literal["snapshot"] = "snapshot"
    step: Count
    digest: str
    loss: float | None
    metric: float | None
    dropped: list[int]


class Rewound(Model):
    """The training goes on from an earlier step: later points and snapshots are gone."""

    type: Literal["rewound"] = "rewound"
    step: Count


TRAINING_SERVER_MODELS = (StatusMessage, Ready, Progress, Snapshot, Rewound, ErrorMessage, Pong)
TrainingMessage = StatusMessage | Ready | Progress | Snapshot | Rewound | ErrorMessage | Pong
TRAINING_MESSAGE: TypeAdapter[TrainingMessage] = TypeAdapter(
    Annotated[TrainingMessage, Field(discriminator="type")]
)
