"""One value of a trace as a sum of terms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gru_core.arrays import FloatArray, check_index
from gru_core.errors import DTypeError, FieldError, ShapeError
from gru_core.parameters.equations import Equation, Kind, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import Reference
from gru_core.run.trace import Trace


@dataclass(frozen=True, slots=True)
class Factor:
    """One number of a product.

    Attributes
    ----------
    reference : Reference
        The array or value that it comes from.
    index : tuple of int
        The index in it: (row, column) or (row,) in a weight, (t, column) in a trace.
    value : float

    Examples
    --------
    >>> from gru_core.parameters.references import previous
    >>> factor = Factor(previous("h"), (3, 5), 0.25)
    >>> factor.name, factor.value
    ('h_prev', 0.25)
    """

    reference: Reference
    index: tuple[int, ...]
    value: float

    @property
    def name(self) -> str:
        """The reference as text: "W_z", "x", "h_prev" or "1-z"."""
        return str(self.reference)


@dataclass(frozen=True, slots=True)
class Term:
    """One summand.

    Attributes
    ----------
    kind : str
        Its role in the sum, as in `Product`.
    factors : tuple of Factor
    product : float
        The factors multiplied, in float64.

    Examples
    --------
    >>> b_z = Reference("bias", "b_z", "z")
    >>> Term("bias", (Factor(b_z, (3,), 0.5),), 0.5).product
    0.5
    """

    kind: Kind
    factors: tuple[Factor, ...]
    product: float


@dataclass(frozen=True)
class Explanation:
    """One value and its terms.

    Attributes
    ----------
    value : str
        The name of the value, such as "z".
    t, unit : int
    result : float
        The value in the trace.
    computed : float
        The result of its equation; it differs from `result` only if a clamp holds the value.
    clamped : bool
        Whether a clamp holds it.
    pre_activation : float or None
        The sum of the terms, as in the trace, if an activation follows. Otherwise it is None, and
        the terms sum to `computed`.
    activation : str
        Such as "sigmoid", or "identity" if there is no activation.
    terms : tuple of Term

    Examples
    --------
    >>> Explanation("z", 0, 0, 0.5, 0.5, False, 0.0, "sigmoid", ()).result
    0.5
    """

    value: str
    t: int
    unit: int
    result: float
    computed: float
    clamped: bool
    pre_activation: float | None
    activation: str
    terms: tuple[Term, ...]


def explain(trace: Trace, params: Params, value: str, t: int, unit: int) -> Explanation:
    """Explain one value as a sum of terms.

    Parameters
    ----------
    trace : Trace
        The run of `params` over one sequence; step t must be finished.
    params : Params
    value : str
        A value of the equations of `params`, such as z, r, n or h of a GRU.
    t : int
        0 ≤ t < T.
    unit : int
        0 ≤ unit < H.

    Returns
    -------
    Explanation
        Its terms sum to `pre_activation`, or to `computed` if there is none, up to rounding in the
        dtype.

    Raises
    ------
    FieldError
        If the equations do not have the value.
    RangeError
        If t or unit is out of range.
    ShapeError
        If trace and params do not belong together, or the trace has a batch axis.

    Examples
    --------
    >>> import numpy as np
    >>> from gru_core import GRU, GRUParams
    >>> params = GRUParams.random(3, 2, seed=0)
    >>> found = explain(GRU(params).run(np.ones((5, 3))), params, "h", t=4, unit=1)
    >>> [term.kind for term in found.terms]
    ['keep', 'write']
    >>> bool(np.isclose(sum(term.product for term in found.terms), found.result))
    True
    """
    check_together(trace, params)
    equation = _equation(params, value)
    check_index("t", t, len(trace))
    check_index("unit", unit, trace.hidden_size)
    result = float(trace.values[value][t, unit])
    terms = tuple(_terms(equation, trace, params, t, unit))
    before = None if equation.pre is None else float(trace.values[equation.pre][t, unit])
    clamped = _is_held(trace, value, t, unit)
    computed = _computed(equation, terms, before, trace) if clamped else result
    name = "identity" if equation.activation is None else equation.activation.name
    return Explanation(value, t, unit, result, computed, clamped, before, name, terms)


def _is_held(trace: Trace, value: str, t: int, unit: int) -> bool:
    """Return whether a clamp holds a value."""
    return any(
        (clamp.value, clamp.unit) == (value, unit) and clamp.t in (None, t)
        for clamp in trace.clamps
    )


def _computed(
    equation: Equation, terms: tuple[Term, ...], before: float | None, trace: Trace
) -> float:
    """Return the result of an equation before a clamp replaced it."""
    total = math.fsum(term.product for term in terms) if before is None else before
    a = np.array([total], trace.dtype)
    if equation.clip is not None:
        a = np.clip(a, -equation.clip, equation.clip)
    return float((a if equation.activation is None else equation.activation(a))[0])


def check_together(trace: Trace, params: Params) -> None:
    """Refuse a trace of a batch or of other params.

    Raises
    ------
    DTypeError
        If an argument has another type.
    ShapeError
        If their sizes or values differ, or the trace has a batch axis.

    Examples
    --------
    >>> from gru_core import RNN, GRUParams, RNNParams
    >>> trace = RNN(RNNParams([[1.0]], [[1.0]])).run([[1.0]])
    >>> check_together(trace, GRUParams.random(1, 1, seed=0))
    Traceback (most recent call last):
    gru_core.errors.ShapeError: trace must be of a gru, as params are, got one of h, a, h_prev
    """
    for name, value, kind in (("trace", trace, Trace), ("params", params, Params)):
        if not isinstance(value, kind):
            expected = f"be a {kind.__name__}, of one layer and direction"
            raise DTypeError(name, expected, type(value).__name__)
    if trace.batch is not None:
        raise ShapeError("trace", "be of one sequence (see Trace.sequence)", str(trace.x.shape))
    sizes = (trace.x.shape[1], trace.hidden_size)
    if sizes != (params.input_size, params.hidden_size):
        expected = f"have sizes (I, H) = {params.input_size, params.hidden_size} like params"
        raise ShapeError("trace", expected, str(sizes))
    if not trace.values.keys() >= set(params.VALUES):
        expected = f"be of a {params.kind}, as params are"
        raise ShapeError("trace", expected, f"one of {', '.join(trace.values)}")


def _equation(params: Params, value: str) -> Equation:
    """Return the equation of a value, or raise `FieldError`."""
    found = {equation.value: equation for equation in params.equations()}
    if value not in found:
        raise FieldError("value", f"be one of {', '.join(found)}", repr(value))
    return found[value]


def _terms(equation: Equation, trace: Trace, params: Params, t: int, unit: int) -> Iterator[Term]:
    """Yield every summand; a product with a matrix has one for each column."""
    for product in equation.products:
        if product.matrix is None:
            yield _term(product, trace, params, t, unit, None)
            continue
        columns = getattr(params, product.factors[product.matrix].name).shape[1]
        for column in range(columns):
            yield _term(product, trace, params, t, unit, column)


def _term(
    product: Product, trace: Trace, params: Params, t: int, unit: int, column: int | None
) -> Term:
    """Return one summand."""
    factors = []
    matrix = product.matrix
    for place, reference in enumerate(product.factors):
        right = matrix is not None and place > matrix
        at = column if right and column is not None else unit
        if reference.is_array:
            index = (unit,) if column is None or place != matrix else (unit, column)
            number = float(getattr(params, reference.name)[index])
        else:
            index, number = (t, at), _value(reference, trace, t, at)
        factors.append(Factor(reference, index, number))
    total = 1.0
    for factor in factors:
        total *= factor.value
    return Term(product.kind, tuple(factors), total)


def _value(reference: Reference, trace: Trace, t: int, index: int) -> float:
    """Return a number of a trace, or 1 minus it for a complement."""
    if reference.kind == "complement":
        gate = trace.values[reference.name]
        return float(gate.dtype.type(1) - gate[t, index])  # rounds as in the run
    array: FloatArray = trace.x if reference.kind == "input" else trace.values[str(reference)]
    return float(array[t, index])
