"""Model of the question what the outputs should be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gruscope.wire.ablation import Setting
from gruscope.wire.schema import Model, Number


class TargetQuestion(Model):
    """Ask for the right answers to the present input.

    ``task`` and ``settings`` are those of the network's card. Without a task, the right answer is
    the next symbol of the input.
    """

    type: Literal["target"]
    id: Number
    task: Annotated[str, Field(max_length=40)] | None = None
    settings: Annotated[dict[str, Setting], Field(max_length=20, default_factory=dict)]
