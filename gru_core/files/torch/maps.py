"""Fixed maps between the networks of a state_dict, as a user named them.

A state_dict records neither connections nor activations, so they are those of a name such as
``lstm1+norm+fc+relu+lstm2``: a Linear, a BatchNorm1d, or the name of an activation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.network.between import Between
from gru_core.parameters.activations import LINEAR, Activation

ACTIVATIONS = ("elu", "leaky_relu", "relu", "sigmoid", "softplus", "softsign", "tanh")
"""Names that mean an activation unless the file has such a module."""
EPSILON = 1e-5
"""BatchNorm's default, which a state_dict does not record."""


@dataclass(frozen=True)
class Module:
    """One map that a user named.

    Parameters
    ----------
    name : str
    arrays : dict of Entry
        weight and bias of a Linear; those and running_mean and running_var of a BatchNorm; none of
        an activation.
    """

    name: str
    arrays: dict[str, Entry]

    @property
    def is_norm(self) -> bool:
        """Whether it is a BatchNorm."""
        return "running_mean" in self.arrays

    def size_after(self, size: int) -> int:
        """Return how many numbers it returns if it reads `size`.

        Raises
        ------
        FormatError
            If its arrays do not fit.

        Examples
        --------
        >>> Module("relu", {}).size_after(4)
        4
        """
        if not self.arrays:
            return size
        if self.is_norm:
            for entry in self.arrays.values():
                if entry.shape != (size,):
                    raise entry.error(f"must have shape ({size},), got {entry.shape}")
            return size
        weight = self.arrays["weight"]
        if len(weight.shape) != 2 or weight.shape[1] != size or 0 in weight.shape:
            raise weight.error(f"must have shape (N, {size}) as a Linear, got {weight.shape}")
        bias = self.arrays.get("bias")
        if bias is not None and bias.shape != weight.shape[:1]:
            raise bias.error(f"must have shape {weight.shape[:1]}, got {bias.shape}")
        return weight.shape[0]

    def between(self) -> Between:
        """Read it.

        Examples
        --------
        >>> str(Module("relu", {}).between())
        'relu(x)'
        """
        if not self.arrays:
            return Between(activation=Activation.of(self.name))
        read = {name: entry.read() for name, entry in self.arrays.items()}
        if not self.is_norm:
            return Between(read["weight"], read.get("bias"))
        variance = read["running_var"].astype(np.float64) + EPSILON
        if not (variance > 0).all():
            raise self.arrays["running_var"].error("is not positive")
        s = read.get("weight", 1) / np.sqrt(variance)
        t = read.get("bias", 0) - s * read["running_mean"]
        dtype = np.result_type(*read.values())
        return Between(s.astype(dtype), t.astype(dtype))


def module(entries: Entries, name: str) -> Module:
    """Return a map by its name.

    Raises
    ------
    FormatError
        If it is none.

    Examples
    --------
    >>> module(Entries("a.pt"), "tanh").arrays
    {}
    """
    names = ("weight", "bias", "running_mean", "running_var")
    there = {n: e for n in names if (e := entries.arrays.get(f"{name}.{n}")) is not None}
    if {"running_mean", "running_var"} <= there.keys() or (
        "weight" in there and "running_mean" not in there
    ):
        return Module(name, there)
    if not there and name in ACTIVATIONS:
        return Module(name, {})
    what = "a Linear, a BatchNorm with its running_mean, or an activation"
    known = f"{what} ({', '.join(ACTIVATIONS)})"
    raise FormatError(entries.file, name, f"is no network, and no map between two: {known}")


def betweens(modules: Sequence[Module]) -> tuple[Between, ...]:
    """Read maps that follow one another; an activation joins the map before it.

    Examples
    --------
    >>> [str(one) for one in betweens([Module("relu", {}), Module("tanh", {})])]
    ['relu(x)', 'tanh(x)']
    """
    found: list[Between] = []
    for one in (each.between() for each in modules):
        if found and not one.arrays and found[-1].activation == LINEAR:
            found[-1] = replace(found[-1], activation=one.activation)
        else:
            found.append(one)
    return tuple(found)
