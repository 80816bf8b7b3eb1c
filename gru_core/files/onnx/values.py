"""The known facts about a value in an ONNX graph, before anything is computed."""

from dataclasses import dataclass, replace
from typing import Literal

from gru_core.files.entries import Entry
from gru_core.files.onnx.axes import Axes, Axis, Dim
from gru_core.network.readout import Head

Part = Literal["input", "embedded", "states", "final", "readout"]


@dataclass(frozen=True)
class Flow:
    """Numbers that come from an input or a recurrent node, with known axes.

    Parameters
    ----------
    origin : str
        The graph input's name, or the recurrent node's label.
    part : str
        "input": unchanged; "embedded": rows of `table`, one per symbol of an input;
        "states": Y; "final": Y_h; "readout": `weight` applied to Y.
    axes : Axes
    time : Axis, optional
        The time axis of a recurrent node's output.
    table : Entry, optional
        The embedding, shape (V, I).
    weight : Entry, optional
        The readout's weights, shape (D·H, O), or (O, D·H) if `turned`.
    bias : Entry, optional
        The readout's bias, O numbers.
    head : str
        The function of the readout's outputs that has been applied.
    """

    origin: str
    part: Part
    axes: Axes
    time: Axis | None = None
    table: Entry | None = None
    weight: Entry | None = None
    turned: bool = False
    bias: Entry | None = None
    head: Head = "identity"

    @property
    def size(self) -> int | None:
        """O of a readout."""
        return None if self.weight is None else self.weight.shape[0 if self.turned else 1]

    def on(self, axes: Axes) -> "Flow":
        """Return the same numbers with their axes reordered or joined."""
        return replace(self, axes=axes)


@dataclass(frozen=True)
class Dims:
    """Sizes: an integer array of rank 0 or 1 whose numbers are known or those of axes."""

    values: tuple[Dim, ...]
    scalar: bool = False

    @property
    def numbers(self) -> list[int] | None:
        """The values, if all of them are numbers."""
        known = [value for value in self.values if isinstance(value, int)]
        return known if len(known) == len(self.values) else None


@dataclass(frozen=True)
class Zeros:
    """Zeros of any shape."""


@dataclass(frozen=True)
class RunInput:
    """A part of a graph's input, rearranged."""


@dataclass(frozen=True)
class Fixed:
    """A constant, rearranged or repeated."""


@dataclass(frozen=True)
class Repeated:
    """A constant of which axes of size 1 are repeated, any number of times."""

    entry: Entry


Value = Entry | Flow | Dims | Zeros | RunInput | Fixed | Repeated | None
"""None means a value that the graph computes in another way."""
