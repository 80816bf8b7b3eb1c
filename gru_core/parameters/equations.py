"""What a cell computes, as data: the one table that explanations, pages and tests read.

A product names its factors from left to right. A factor is a number per unit ("r", "b_z", "1-z"),
or a matrix ("W_z", "U_n") with the vector it multiplies to its right; what stands left of a matrix
multiplies its result, what stands right of it multiplies the vector::

    ("r", "U_n", "h_prev")      r ⊙ (U_n h_prev)        reset after the product
    ("U_n", "r", "h_prev")      U_n (r ⊙ h_prev)        reset before it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from gru_core.parameters.activations import Activation

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

Interval = tuple[float, float]

_SYMBOLS = {"sigmoid": "σ"}

_RANGES: Mapping[str, Interval] = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""What activations stay within, where they stay within anything."""


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
        >>> from gru_core.parameters.activations import SIGMOID, Activation
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

    @property
    def numpy(self) -> str:
        """The value as an expression of NumPy in the sum's name; empty if the sum is the value.

        Examples
        --------
        >>> from gru_core.parameters.activations import TANH
        >>> Equation("n", "candidate", (), "a_n", TANH, clip=3.0).numpy
        'np.tanh(np.clip(a_n, -3.0, 3.0))'
        """
        if self.activation is None or self.pre is None:
            return ""
        name, most = self.pre, self.clip
        return self.activation.numpy(name if most is None else f"np.clip({name}, -{most}, {most})")

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


def bounds(equations: Iterable[Equation]) -> dict[str, Interval | None]:
    """Return what each value stays within, or None where nothing bounds it.

    Parameters
    ----------
    equations : iterable of Equation
        All of a form, in the order in which they are computed.

    Returns
    -------
    dict of str to (float, float) or None
        Least and greatest, for states that begin within them.

    Examples
    --------
    >>> from gru_core import GRUParams, LSTMParams
    >>> bounds(GRUParams.random(2, 3, seed=0).equations())
    {'z': (0.0, 1.0), 'r': (0.0, 1.0), 'n': (-1.0, 1.0), 'h': (-1.0, 1.0)}
    >>> found = bounds(LSTMParams.random(2, 3, seed=0).equations())
    >>> found["c"], found["h"]
    (None, (-1.0, 1.0))
    """
    found: dict[str, Interval | None] = {}
    for equation in equations:
        if equation.activation is not None:
            found[equation.value] = _RANGES.get(equation.activation.name)
        elif len(equation.products) == 1:
            found[equation.value] = _within(equation.products[0].factors, found)
        else:
            found[equation.value] = _blended(equation, found)
    return found


def _within(names: tuple[str, ...], found: Mapping[str, Interval | None]) -> Interval | None:
    """Return the interval of a product of values."""
    low, high = 1.0, 1.0
    for name in names:
        interval = found.get(name.removeprefix("1-"))
        if interval is None:
            return None
        if name.startswith("1-"):
            interval = (1.0 - interval[1], 1.0 - interval[0])
        corners = [a * b for a in (low, high) for b in interval]
        low, high = min(corners), max(corners)
    return low, high


def _blended(equation: Equation, found: Mapping[str, Interval | None]) -> Interval | None:
    """Return the interval of a state that a gate g blends, g of the one and 1 − g of the other."""
    if [len(product.factors) for product in equation.products] != [2, 2]:
        return None
    (keep, old), (write, new) = (product.factors for product in equation.products)
    interval = found.get(new)
    is_blend = {keep, write} == {write.removeprefix("1-"), "1-" + write.removeprefix("1-")}
    is_gate = found.get(write.removeprefix("1-")) == (0.0, 1.0)
    if not is_blend or not is_gate or old != f"{equation.value}_prev" or interval is None:
        return None
    return min(0.0, interval[0]), max(0.0, interval[1])


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
