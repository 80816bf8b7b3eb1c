"""What a cell computes, as data: the one table that explanations, pages and tests read.

A product names its factors from left to right. A factor is a number per unit ("r", "b_z", "1-z"),
or a matrix ("W_z", "U_n") with the vector it multiplies to its right; what stands left of a matrix
multiplies its result, what stands right of it multiplies the vector::

    ("r", "U_n", "h_prev")      r ⊙ (U_n h_prev)        reset after the product
    ("U_n", "r", "h_prev")      U_n (r ⊙ h_prev)        reset before it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from gru_core.activations import Activation

Kind = Literal[
    "input",
    "recurrent",
    "bias",
    "recurrent_bias",
    "peephole",
    "keep",
    "write",
    "state",
    "show",
    "couple",
]

_SYMBOLS = {"sigmoid": "σ"}


class Product(NamedTuple):
    """One summand of an equation.

    Attributes
    ----------
    kind : str
        What part it plays: "input", "recurrent", "bias", "recurrent_bias", "peephole", "keep" (of
        an old state), "write" (of a new one), "state" and "show" (of the LSTM's inner one), or
        "couple" (of two gates).
    factors : tuple of str
        Names of weights and values, or "1-" and the name of a gate.

    Examples
    --------
    >>> str(Product("keep", ("z", "h_prev")))
    'z ⊙ h_prev'
    """

    kind: Kind
    factors: tuple[str, ...]

    @property
    def matrix(self) -> int | None:
        """The place of the matrix among the factors, or None.

        Examples
        --------
        >>> Product("recurrent", ("r", "U_n", "h_prev")).matrix
        1
        """
        places = [i for i, name in enumerate(self.factors) if name[0] in "WU"]
        return places[0] if places else None

    def __str__(self) -> str:
        return _join(self.factors)


@dataclass(frozen=True)
class Equation:
    """How one value comes about at a timestep.

    Attributes
    ----------
    value : str
        The value's name in a trace.
    title : str
        What it is called, such as "update gate".
    products : tuple of Product
        What is summed.
    pre : str or None
        The name of the sum in a trace, where an activation follows.
    activation : Activation or None
        What is applied to the sum.
    clip : float or None
        Bound on the activation's input.

    Examples
    --------
    >>> print(Equation("h", "state", (Product("keep", ("z", "h_prev")),)))
    h = z ⊙ h_prev
    """

    value: str
    title: str
    products: tuple[Product, ...]
    pre: str | None = None
    activation: Activation | None = None
    clip: float | None = None

    @property
    def function(self) -> str:
        """The activation as it is written, with its constants and the clip; empty if there is none.

        Examples
        --------
        >>> from gru_core.activations import SIGMOID, Activation
        >>> Equation("z", "update gate", (), "a_z", SIGMOID).function
        'σ'
        >>> Equation("h", "state", (), "a", Activation.of("LeakyRelu")).function
        'leaky_relu[0.01]'
        """
        if self.activation is None:
            return ""
        name = _SYMBOLS.get(self.activation.name, self.activation.name)
        constants = {"": (), "a": ("alpha",), "ab": ("alpha", "beta")}[self.activation.constants]
        shown = ", ".join(f"{getattr(self.activation, c):g}" for c in constants)
        return f"{name}[{shown}]" if shown else name

    def sum(self) -> str:
        """Return the right-hand side without the activation, neighbours sharing a gate in brackets.

        Examples
        --------
        >>> after = (
        ...     Product("recurrent", ("r", "U_n", "h_prev")),
        ...     Product("recurrent_bias", ("r", "b_hn")),
        ... )
        >>> Equation("n", "candidate", after).sum()
        'r ⊙ (U_n h_prev + b_hn)'
        """
        return " + ".join(_groups(self.products))

    def __str__(self) -> str:
        total = self.sum()
        if self.clip is not None:
            total = f"clip({total}, ±{self.clip:g})"
            return f"{self.value} = {self.function}({total})"
        return (
            f"{self.value} = {self.function}({total})"
            if self.function
            else f"{self.value} = {total}"
        )


def _groups(products: tuple[Product, ...]) -> Iterator[str]:
    """Yield the summands, those that share a gate before their matrix or bias as one."""
    for gate, group in groupby(products, _gate):
        members = list(group)
        if gate is None or len(members) == 1:
            yield from map(str, members)
        else:
            inside = " + ".join(_join(product.factors[1:]) for product in members)
            yield f"{gate} ⊙ ({inside})"


def _gate(product: Product) -> str | None:
    """Return the gate in front of a recurrent product or bias."""
    is_gated = product.kind in ("recurrent", "recurrent_bias") and product.factors[0] == "r"
    return product.factors[0] if is_gated else None


def _join(factors: tuple[str, ...]) -> str:
    """Write a product down."""
    if len(factors) == 1:
        return factors[0].replace("1-", "1 − ")
    names = [f"(1 − {name[2:]})" if name.startswith("1-") else name for name in factors]
    for i, name in enumerate(factors):
        if name[0] in "WU":
            vector = " ⊙ ".join(names[i + 1 :])
            inside = f"{name} {vector}" if len(names) == i + 2 else f"{name} ({vector})"
            return " ⊙ ".join([*names[:i], f"({inside})"]) if i else inside
    return " ⊙ ".join(names)
