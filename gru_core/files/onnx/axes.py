"""Follows the axes of an array while an ONNX graph transposes and reshapes it.

Exporters put Transpose, Squeeze and Reshape between the layers of a network. This module decides
whether these only turn Y into the next X, or mix batch and time: every axis is made of atoms,
such as T, B, D, H, and a Reshape must keep them whole and in order.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple


class Atom(NamedTuple):
    """An axis and its origin; two of the same name are the same axis."""

    name: str
    size: int | None


Axis = tuple[Atom, ...]
"""The atoms of one axis, the last varying fastest."""
Axes = tuple[Axis, ...]
Dim = int | Axis
"""A number in an array of sizes: known, or that of an axis."""

_RANK = 8
"""With more axes than this, the meaning of a Reshape is not searched for."""


def size_of(axis: Axis) -> int | None:
    """Return the length of an axis, if known.

    Examples
    --------
    >>> size_of((Atom("D", 2), Atom("H", 4))), size_of((Atom("B", None),))
    (8, None)
    """
    sizes = [atom.size for atom in axis]
    return None if None in sizes else prod(size for size in sizes if size is not None)


def merged(axes: Sequence[Axis]) -> Axis:
    """Return one axis in place of several: atoms of size 1 vanish among others.

    Examples
    --------
    >>> [atom.name for atom in merged([(Atom("D", 1),), (Atom("H", 4),)])]
    ['H']
    """
    atoms = [atom for axis in axes for atom in axis]
    return tuple(atom for atom in atoms if atom.size != 1) or tuple(atoms[:1])


def reshaped(axes: Axes, target: Sequence[Dim], allow_zero: bool) -> Axes | None:
    """Return the axes after a Reshape, or None if it mixes them or is too complicated.

    Parameters
    ----------
    axes : Axes
    target : sequence of Dim
        The requested shape; 0 copies an axis (unless `allow_zero`), −1 takes the rest.
    allow_zero : bool

    Examples
    --------
    >>> T, B, D, H = ((Atom(n, s),) for n, s in (("T", None), ("B", 3), ("D", 2), ("H", 4)))
    >>> [[atom.name for atom in axis] for axis in reshaped((T, B, D, H), (0, 0, -1), False)]
    [['T'], ['B'], ['D', 'H']]
    >>> reshaped((B, T, D, H), (2, -1, 8), False) is None
    True
    """
    if max(len(axes), len(target)) > _RANK:
        return None
    found = set(_groupings(axes, target, 0, 0, allow_zero))
    return found.pop() if len(found) == 1 else None


def _groupings(
    axes: Axes, target: Sequence[Dim], i: int, j: int, allow_zero: bool
) -> Iterator[Axes]:
    """Yield every way in which target[j:] can be made of axes[i:], neighbours joined."""
    if j == len(target):
        if i == len(axes):
            yield ()
        return
    for end in range(i + 1, len(axes) - (len(target) - j - 1) + 1):
        if _fits(axes, target[j], i, end, j, allow_zero):
            joined = merged(axes[i:end])
            for rest in _groupings(axes, target, end, j + 1, allow_zero):
                yield (joined, *rest)


def _fits(axes: Axes, wanted: Dim, i: int, end: int, j: int, allow_zero: bool) -> bool:
    """Return whether axes[i:end] fits where the shape's j-th number is `wanted`."""
    group = axes[i:end]
    if isinstance(wanted, tuple):
        return merged(group) == merged([wanted])
    if wanted == 0 and not allow_zero:
        return j < len(axes) and i == j and end == i + 1
    if wanted == -1:
        return True
    size = size_of(merged(group))
    return size == wanted if size is not None else end == i + 1
