"""Models of the messages that let a network write on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gruscope.wire.schema import Index, Model, Number, Seed, Size


class Write(Model):
    """Let the network write on: step ``t`` is the last that it reads, ``t`` + 1 the first written.

    A series is not random: ``temperature``, ``top_k`` and ``seed`` have no effect on it.
    """

    type: Literal["write"]
    id: Number
    t: Index
    steps: Size
    temperature: Annotated[float, Field(ge=0, le=5)] = 1.0
    top_k: Size | None = None
    seed: Seed = 0


class StopWriting(Model):
    """Stop writing on; what has been sent remains."""

    type: Literal["stop_writing"]
    id: Number


class WrittenPart(Model):
    """Some steps that the network wrote, from step ``start`` on; ``run`` is the run that it read.

    Of symbols there is the number of each and the ``probabilities`` with which they were drawn, of
    a series the ``rows``, as an input has them.
    """

    type: Literal["written"] = "written"
    id: Number
    run: Number
    start: Index
    symbols: list[Index] | None = None
    probabilities: list[float] | None = None
    rows: list[list[float]] | None = None
    done: bool
