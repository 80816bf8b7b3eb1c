"""The equations of a cell as data: the table that explanations, pages and tests read.

A product lists its factors from left to right, as references (see `references`). A factor is a
number per unit (r, b_z, 1-z), or a matrix (W_z, U_n) with the vector it multiplies to its right.
Factors left of a matrix multiply its result, factors right of it multiply the vector::

    r, U_n, h_prev      r ⊙ (U_n h_prev)        reset after the product
    U_n, r, h_prev      U_n (r ⊙ h_prev)        reset before it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from gru_core.parameters.activations import Activation
from gru_core.parameters.references import Reference, previous, value

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
    "readout",
]

Interval = tuple[float, float]

_SYMBOLS = {"sigmoid": "σ"}

_RANGES: Mapping[str, Interval] = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""The ranges of bounded activations."""


class Product(NamedTuple):
    """One summand of an equation.

    Attributes
    ----------
    kind : str
        Its role: "input", "recurrent", "bias", "recurrent_bias", "peephole", "keep" (of
        an old state), "write" (of a new one), "state" and "show" (of the LSTM's inner one), or
        "couple" (of two gates).
    factors : tuple of Reference
        The arrays and values that are multiplied.
    inner : str or None
        If the first factor is a gate that multiplies a sum, the name of that sum in a trace.
        Adjacent products with the same sum share the gate.
    part : str or None
        The name in a trace of the sum of all products with this part, without a gate.

    Examples
    --------
    >>> from gru_core.parameters.references import previous, value
    >>> str(Product("keep", (value("z"), previous("h"))))
    'z ⊙ h_prev'
    """

    kind: Kind
    factors: tuple[Reference, ...]
    inner: str | None = None
    part: str | None = None

    @property
    def matrix(self) -> int | None:
        """The place of the matrix among the factors, or None.

        Examples
        --------
        >>> from gru_core.parameters.references import Reference, previous, value
        >>> factors = (value("r"), Reference("recurrent_weights", "U_n", "n"), previous("h"))
        >>> Product("recurrent", factors).matrix
        1
        """
        places = [i for i, factor in enumerate(self.factors) if factor.is_matrix]
        return places[0] if places else None

    @property
    def vector(self) -> tuple[Reference, ...]:
        """The factors that are multiplied before the matrix, as one vector; () without a matrix."""
        return () if self.matrix is None else self.factors[self.matrix + 1 :]

    def __str__(self) -> str:
        return "".join(map(str, _written(self.factors)))


@dataclass(frozen=True)
class Equation:
    """The equation of one value.

    Attributes
    ----------
    value : str
        The value's name in a trace.
    title : str
        The name for people, such as "update gate".
    products : tuple of Product
        The summands.
    pre : str or None
        The name of the sum in a trace, if an activation follows.
    activation : Activation or None
        The function of the sum.
    clip : float or None
        Bound on the activation's input.

    Examples
    --------
    >>> from gru_core.parameters.references import previous, value
    >>> print(Equation("h", "state", (Product("keep", (value("z"), previous("h"))),)))
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
        """The activation as text, with its constants and the clip; empty if there is none.

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
        constants = {"": (), "a": ("alpha",), "ab": ("alpha", "beta")}[self.activation.constants]
        shown = ", ".join(f"{getattr(self.activation, c):g}" for c in constants)
        return f"{self.symbol}[{shown}]" if shown else self.symbol

    @property
    def symbol(self) -> str:
        """The activation's symbol without constants; empty if there is none."""
        name = "" if self.activation is None else self.activation.name
        return _SYMBOLS.get(name, name)

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
        >>> from gru_core import GRUParams
        >>> GRUParams.random(1, 1, seed=0).equations()[3].sum()
        'z ⊙ h_prev + (1 − z) ⊙ n'
        """
        return "".join(map(str, self._summed()))

    def words(self) -> tuple[str | Reference, ...]:
        """Return the equation as text with a reference for every name.

        Examples
        --------
        >>> from gru_core.parameters.references import previous, value
        >>> equation = Equation("h", "state", (Product("keep", (value("z"), previous("h"))),))
        >>> [str(word) for word in equation.words()]
        ['h', ' = ', 'z', ' ⊙ ', 'h_prev']
        """
        before, after = self.function and f"{self.function}(", self.function and ")"
        if self.clip is not None:
            before, after = f"{before}clip(", f", ±{self.clip:g}){after}"
        words = (value(self.value), f" = {before}", *self._summed(), after)
        return tuple(_merged(words))

    def __str__(self) -> str:
        return "".join(map(str, self.words()))

    def _summed(self) -> Iterator[str | Reference]:
        """Yield the words of the sum."""
        for i, group in enumerate(_groups(self.products)):
            yield from (" + ", *group) if i else group


def bounds(equations: Iterable[Equation]) -> dict[str, Interval | None]:
    """Return the range of each value, or None if it is unbounded.

    Parameters
    ----------
    equations : iterable of Equation
        All equations of a form, in the order of computation.

    Returns
    -------
    dict of str to (float, float) or None
        The minimum and maximum, if the states begin within them.

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


def _within(
    factors: tuple[Reference, ...], found: Mapping[str, Interval | None]
) -> Interval | None:
    """Return the interval of a product of values."""
    low, high = 1.0, 1.0
    for factor in factors:
        interval = found.get(factor.name)
        if interval is None or factor.kind == "previous":
            return None
        if factor.kind == "complement":
            interval = (1.0 - interval[1], 1.0 - interval[0])
        corners = [a * b for a in (low, high) for b in interval]
        low, high = min(corners), max(corners)
    return low, high


def _blended(equation: Equation, found: Mapping[str, Interval | None]) -> Interval | None:
    """Return the interval of a state that a gate g blends, g of the one and 1 − g of the other."""
    if [len(product.factors) for product in equation.products] != [2, 2]:
        return None
    (keep, old), (write, new) = (product.factors for product in equation.products)
    interval = found.get(new.name) if new.kind == "value" else None
    is_blend = keep.name == write.name and {keep.kind, write.kind} == {"value", "complement"}
    is_gate = found.get(write.name) == (0.0, 1.0)
    if not is_blend or not is_gate or old != previous(equation.value) or interval is None:
        return None
    return min(0.0, interval[0]), max(0.0, interval[1])


def _groups(products: tuple[Product, ...]) -> Iterator[tuple[str | Reference, ...]]:
    """Yield the summands as they are written, those that share a gate as one."""
    for inner, group in groupby(products, lambda product: product.inner):
        members = list(group)
        if inner is None or len(members) == 1:
            yield from (_written(product.factors) for product in members)
            continue
        inside = [_written(product.factors[1:]) for product in members]
        first, *others = inside
        summed = (*first, *(word for other in others for word in (" + ", *other)))
        yield (*_written(members[0].factors[:1]), " ⊙ (", *summed, ")")


def _written(factors: tuple[Reference, ...]) -> tuple[str | Reference, ...]:
    """Return the words of a product."""
    if len(factors) == 1:
        only = factors[0]
        return ("1 − ", value(only.name)) if only.kind == "complement" else (only,)
    place = next((i for i, factor in enumerate(factors) if factor.is_matrix), None)
    if place is None:
        return _times(factors)
    vector = factors[place + 1 :]
    right = _times(vector) if len(vector) == 1 else ("(", *_times(vector), ")")
    inside = (factors[place], " ", *right)
    return (*_times(factors[:place]), " ⊙ (", *inside, ")") if place else inside


def _times(factors: tuple[Reference, ...]) -> tuple[str | Reference, ...]:
    """Return factors joined by multiplication signs."""
    words: list[str | Reference] = []
    for i, factor in enumerate(factors):
        words += [" ⊙ "] if i else []
        words += ["(1 − ", value(factor.name), ")"] if factor.kind == "complement" else [factor]
    return tuple(words)


def _merged(words: Iterable[str | Reference]) -> Iterator[str | Reference]:
    """Yield words with adjacent texts joined."""
    for is_text, group in groupby(words, lambda word: isinstance(word, str)):
        members = list(group)
        text = "".join(map(str, members))
        yield from ([text] if text else []) if is_text else members
