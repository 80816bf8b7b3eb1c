"""Models of the messages about the network's scores without each of its units."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gruscope.wire.schema import Count, InLayer, Model, Number

Setting = Annotated[int, Field(ge=0, le=4096)]
"""Of a task: a number of steps or of symbols."""


class AblateAll(InLayer):
    """Ask for the score without each unit, those of one layer and direction first.

    ``task`` and ``settings`` are those of the network's card; the data are drawn afresh.
    """

    type: Literal["ablate_all"]
    id: Number
    task: Annotated[str, Field(max_length=40)]
    settings: Annotated[dict[str, Setting], Field(max_length=20)]


class StopAblation(Model):
    """Stop what ``ablate_all`` asked for with this id."""

    type: Literal["stop_ablation"]
    id: Number


class Scored(Model):
    """The score of the whole network, and how many units will be left out in turn.

    ``chance`` is the score of an answer that does not look at the input. An ``accuracy`` is the
    part of the answers that are right, an ``error`` the mean squared error.
    """

    type: Literal["scored"] = "scored"
    id: Number
    metric: Literal["accuracy", "error"]
    score: float
    chance: float
    sequences: Count
    units: Count


class UnitScore(InLayer):
    """The score without one unit."""

    unit: Count
    score: float


class Ablated(Model):
    """Scores without some of the units."""

    type: Literal["ablated"] = "ablated"
    id: Number
    scores: list[UnitScore]


class Ended(Model):
    """A measurement ended: ``complete``, or stopped by the page or by a change of the network."""

    type: Literal["ended"] = "ended"
    id: Number
    complete: bool
