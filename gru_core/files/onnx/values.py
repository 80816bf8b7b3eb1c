"""What is known about a value in an ONNX graph: a constant, or where numbers come from.

Nothing is computed with the numbers of an input. In their place each element has an identity: its
place in what it comes from. Operators that rearrange are applied to these identities, so that they
tell whether exporters' Transpose, Squeeze and Reshape turn the states of one layer into the input
of the next or mix batch and time. Sizes that the file leaves open are made `FREE` ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.parameters.activations import LINEAR, Activation

Ids = NDArray[np.int32]
FREE: Final = (5, 7, 11, 13, 17, 19)
"""Sizes in place of unknown ones, by axis; small, so that identities are few."""


@dataclass(frozen=True)
class Map:
    """One fixed map that numbers go through: activation(weight·x + bias), or nothing.

    Parameters
    ----------
    label : str
        The node's.
    weight : Entry, optional
        A matrix (N, M), or a factor of each feature.
    bias : Entry, optional
        A number for each feature.
    activation : Activation or "softmax"
        A softmax can only end a network.
    """

    label: str
    weight: Entry | None = None
    bias: Entry | None = None
    activation: Activation | Literal["softmax"] = LINEAR

    @property
    def is_empty(self) -> bool:
        """Whether it only tells that a node has been followed."""
        return self.weight is None and self.bias is None and self.activation == LINEAR


@dataclass(frozen=True)
class Flow:
    """Numbers that come from an input or a recurrent node.

    Parameters
    ----------
    origin : str
        The graph input's name, or the recurrent node's label.
    is_input : bool
    ids : ndarray of int32
        Of each element: row · width + feature. A recurrent node's row is t · B + b.
    width : int
        Features of a row.
    maps : tuple of Map
        The fixed maps that the numbers have gone through.
    table : Entry, optional
        The embedding of which they are rows, shape (V, I).
    """

    origin: str
    is_input: bool
    ids: Ids
    width: int
    maps: tuple[Map, ...] = ()
    table: Entry | None = None

    @property
    def in_order(self) -> bool:
        """Whether the last axis runs through the features of one row."""
        return in_order(self.ids, self.width)

    @property
    def has_softmax(self) -> bool:
        """Whether a softmax is among its maps."""
        return any(one.activation == "softmax" for one in self.maps)


Value = Entry | Flow | FormatError | None
"""An error is that of a damaged constant; None is what the graph computes in another way."""


def in_order(ids: Ids, width: int) -> bool:
    """Return whether the last axis of ids runs through the features of one row.

    Examples
    --------
    >>> ids = np.arange(6).reshape(3, 2)
    >>> in_order(ids, 2), in_order(ids.T, 3)
    (True, False)
    """
    if ids.ndim == 0 or ids.shape[-1] != width or ids.size == 0:
        return False
    first = ids[..., :1]
    return not (first % width).any() and bool((ids - first == np.arange(width)).all())


def spread(rows: Ids, width: int) -> Ids:
    """Return the ids of whole rows, (…, width), from their numbers.

    Examples
    --------
    >>> spread(np.array([1, 0], np.int32), 2)
    array([[2, 3],
           [0, 1]], dtype=int32)
    """
    return np.add(rows[..., None] * width, np.arange(width), dtype=np.int32)


def derived(change: Callable[..., NDArray[Any]], *entries: Entry, **known: Any) -> Entry:
    """Return a constant made of others, without reading them.

    Parameters
    ----------
    change : callable
        Makes its array of theirs.
    *entries : Entry
    **known
        Fields of the result that differ from those of the first.

    Examples
    --------
    >>> W = Entry("a.onnx", "W", "float32", (3, 2), lambda: np.zeros((3, 2)))
    >>> derived(np.transpose, W).shape
    (2, 3)
    """
    if "shape" not in known:
        known["shape"] = change(*(np.broadcast_to(np.uint8(0), e.shape) for e in entries)).shape
    return replace(entries[0], fetch=lambda: change(*(e.fetch() for e in entries)), **known)


def same(a: Value, b: Value, labels: dict[str, str]) -> bool:
    """Return whether two values are known to be equal.

    Parameters
    ----------
    a, b : Value
    labels : dict
        The label in `a` for each label in `b` that is another.

    Examples
    --------
    >>> same(None, None, {})
    False
    """
    if isinstance(a, Entry) and isinstance(b, Entry):
        if a is b or (a.dtype, a.shape) != (b.dtype, b.shape):
            return a is b
        return prod(a.shape) == 0 or bool(np.array_equal(a.fetch(), b.fetch()))
    if not isinstance(a, Flow) or not isinstance(b, Flow) or len(a.maps) != len(b.maps):
        return False
    pairs = [(a.table, b.table)]
    for one, other in zip(a.maps, b.maps, strict=True):
        pairs += [(one.weight, other.weight), (one.bias, other.bias)]
        if one.activation != other.activation:
            return False
    return (
        (a.origin, a.width) == (labels.get(b.origin, b.origin), b.width)
        and np.array_equal(a.ids, b.ids)
        and all((x is None and y is None) or same(x, y, labels) for x, y in pairs)
    )
