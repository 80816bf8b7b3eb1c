"""Models of the metadata of binary frames, which are safetensors files: every value is a string."""

from __future__ import annotations

from typing import Literal

from gru_core.network.end_arrays import End
from gru_core.run.layers import Direction
from gruscope.wire.schema import Model


class FrameMeta(Model):
    """Metadata of a binary frame; safetensors metadata are strings."""

    run: str
    layer: str = "0"
    direction: Direction = "forward"


class WeightsMeta(FrameMeta):
    """Metadata of a binary `weights` frame."""

    type: Literal["weights"] = "weights"
    of: Literal["network", "edits"]


class OutputMeta(Model):
    """Metadata of a binary `output` frame: the answer of steps [start, stop) of total.

    Of a large output only the largest values are sent: ``index`` has their places in the answer.
    """

    type: Literal["output"] = "output"
    run: str
    start: str
    stop: str
    total: str


class MapMeta(Model):
    """Metadata of a binary `map` frame: h of every layer and direction, thinned.

    An array's name is ``layer.direction``. Of each group of units and steps, it has the value that
    is furthest from 0.
    """

    type: Literal["map"] = "map"
    run: str


class StepsMeta(FrameMeta):
    """Metadata of a binary `steps` frame: rows [start, stop) of total."""

    type: Literal["steps"] = "steps"
    start: str
    stop: str
    total: str


class TargetMeta(Model):
    """Metadata of a binary `target` frame: what the outputs should be at each step.

    ``target`` has the number of the right class, or the values of all outputs; ``asked`` is 1 at
    the steps that have a right answer.
    """

    type: Literal["target"] = "target"
    run: str
    id: str


class BlockMeta(Model):
    """Metadata of a binary `block` frame: rows and columns of an array from ``row`` and ``column``.

    ``most`` is the largest magnitude in the network's own array, ``edited`` the number of values
    of the whole array that edits have changed. ``network`` has the network's own values; it is left
    out if they are equal to those after the edits, ``edits``.
    """

    type: Literal["block"] = "block"
    run: str
    id: str
    part: End
    array: str
    row: str
    column: str
    most: str
    edited: str
