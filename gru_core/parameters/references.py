"""Typed names: the factors of equations, and the roles of arrays.

No code parses a name. The reference says that U_z is a matrix, that h_prev is an old state and that
1-z is the complement of a gate. `str` writes it as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal[
    "input_weights",
    "recurrent_weights",
    "bias",
    "recurrent_bias",
    "peephole",
    "readout_weights",
    "readout_bias",
    "embedding",
]

ReferenceKind = Literal["input", "value", "previous", "start", "complement"] | Role

MATRICES: tuple[Role, ...] = (
    "input_weights",
    "recurrent_weights",
    "readout_weights",
    "embedding",
)
"""The roles of matrices; arrays of every other role are vectors."""

_SHAPES: dict[Role, str] = {"input_weights": "(H, I)", "recurrent_weights": "(H, H)"}
_WRITTEN: dict[str, str] = {"previous": "{}_prev", "start": "{}_0", "complement": "1-{}"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A typed name, such as a factor of a product.

    Attributes
    ----------
    kind : str
        "input" for x, "value" for a value of this step, "previous" for a state after the previous
        step, "start" for a state before the first step, "complement" for 1 minus a gate, or the
        role of an array of the network.
    name : str
        The name of the input, the value or the array.
    of : str
        The value that it belongs to: for a value or state itself, for an array the value that it
        helps to compute, "" for the input.

    Examples
    --------
    >>> U_z = Reference("recurrent_weights", "U_z", "z")
    >>> str(complement("z")), str(previous("h")), str(U_z)
    ('1-z', 'h_prev', 'U_z')
    >>> U_z.is_array, U_z.is_matrix
    (True, True)
    """

    kind: ReferenceKind
    name: str
    of: str

    @property
    def is_array(self) -> bool:
        """Whether it is an array of the network."""
        return self.kind in get_args(Role)

    @property
    def is_matrix(self) -> bool:
        """Whether it is an array with two axes."""
        return self.kind in MATRICES

    def __str__(self) -> str:
        return _WRITTEN.get(self.kind, "{}").format(self.name)


INPUT = Reference("input", "x", "")
"""The input of a step."""


def value(name: str) -> Reference:
    """Return the reference to a value of the same step.

    Examples
    --------
    >>> value("z")
    Reference(kind='value', name='z', of='z')
    """
    return Reference("value", name, name)


def previous(state: str) -> Reference:
    """Return the reference to a state as the step before left it.

    Examples
    --------
    >>> str(previous("c"))
    'c_prev'
    """
    return Reference("previous", state, state)


def start(state: str) -> Reference:
    """Return the reference to a state before the first step.

    Examples
    --------
    >>> str(start("h"))
    'h_0'
    """
    return Reference("start", state, state)


def complement(gate: str) -> Reference:
    """Return the reference to 1 less a gate.

    Examples
    --------
    >>> str(complement("z"))
    '1-z'
    """
    return Reference("complement", gate, gate)


@dataclass(frozen=True, slots=True)
class ArrayDescription:
    """The role of an array of a network.

    Attributes
    ----------
    name : str
        Such as "U_z".
    role : str
        "input_weights" (H, I), "recurrent_weights" (H, H), or one of (H,): "bias", "recurrent_bias"
        (inside the reset gate's product) or "peephole".
    of : str
        The value that it helps to compute, such as "z".

    Examples
    --------
    >>> found = ArrayDescription("U_z", "recurrent_weights", "z")
    >>> found.letters, found.reference
    ('(H, H)', Reference(kind='recurrent_weights', name='U_z', of='z'))
    """

    name: str
    role: Role
    of: str

    @property
    def is_matrix(self) -> bool:
        """Whether it has two axes."""
        return self.role in MATRICES

    @property
    def letters(self) -> str:
        """The shape in letters."""
        return _SHAPES.get(self.role, "(H,)")

    @property
    def reference(self) -> Reference:
        """The reference to it in a product."""
        return Reference(self.role, self.name, self.of)

    def shape(self, input_size: int, hidden_size: int) -> tuple[int, ...]:
        """Return its shape for the sizes of a layer.

        Parameters
        ----------
        input_size, hidden_size : int
            I and H.

        Examples
        --------
        >>> ArrayDescription("b_z", "bias", "z").shape(input_size=3, hidden_size=2)
        (2,)
        """
        sizes = {"H": hidden_size, "I": input_size}
        return tuple(sizes[letter] for letter in self.letters if letter in sizes)
