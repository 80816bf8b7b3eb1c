"""The known facts about a value in an ONNX graph, before anything is computed.

Among them are integer arrays: axes, shapes and indices, wherever an opset stores them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry
from gru_core.files.onnx.axes import Axes, Axis, Dim
from gru_core.files.onnx.tensors import integers
from gru_core.network.readout import Head
from gru_core.parameters.activations import LINEAR, Activation

Part = Literal["input", "embedded", "states", "final", "readout"]


@dataclass(frozen=True)
class Map:
    """One fixed map that numbers go through: activation(weight·x + bias).

    Parameters
    ----------
    label : str
        The node's.
    before, after : Axis, optional
        The features that it reads and returns; None for an activation alone.
    weight : Entry, optional
        A matrix (M, N), or (N, M) if `turned`, or a factor of each feature.
    bias : Entry, optional
        A number for each feature.
    activation : Activation
    """

    label: str
    before: Axis | None = None
    after: Axis | None = None
    weight: Entry | None = None
    turned: bool = False
    bias: Entry | None = None
    activation: Activation = LINEAR


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
    maps : tuple of Map
        The fixed maps that the numbers have gone through, those of a readout too.
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
    maps: tuple[Map, ...] = ()

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

Attributes = dict[str, Any]
SIZES: Final = 64
"""The longest integer array that is examined."""


def sizes(value: Value) -> Dims | None:
    """Return an integer array as sizes, if it is short and its numbers are known.

    Examples
    --------
    >>> sizes(Entry("a.onnx", "axes", "int64", (2,), lambda: np.array([0, -1]))).numbers
    [0, -1]
    """
    if isinstance(value, Dims):
        return value
    if not isinstance(value, Entry) or len(value.shape) > 1 or prod(value.shape) > SIZES:
        return None
    numbers = integers(value)
    return None if numbers is None else Dims(tuple(numbers.ravel().tolist()), not value.shape)


def numbers_at(
    inputs: Sequence[Value], place: int, attributes: Attributes, name: str
) -> list[int] | None:
    """Return integers from an attribute (old opsets) or an input (newer ones).

    Examples
    --------
    >>> numbers_at([], 1, {"axes": [0]}, "axes")
    [0]
    """
    if name in attributes:
        return list(attributes[name])
    found = sizes(inputs[place]) if len(inputs) > place else None
    return None if found is None else found.numbers


def derived(value: Entry, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Entry:
    """Return a constant that is a view of another, without reading it.

    Examples
    --------
    >>> W = Entry("a.onnx", "W", "float32", (3, 2), lambda: np.zeros((3, 2)))
    >>> derived(W, np.transpose).shape
    (2, 3)
    """
    shape = change(np.broadcast_to(np.uint8(0), value.shape)).shape
    return replace(value, shape=shape, fetch=lambda: change(value.fetch()))


def within(axes: Sequence[int], rank: int) -> bool:
    """Return whether these are valid indices for this length, negative ones counted from the end.

    Examples
    --------
    >>> within([0, -3], 3), within([3], 3)
    (True, False)
    """
    return all(-rank <= axis < rank for axis in axes)
