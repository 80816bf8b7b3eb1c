"""One value of a trace, taken apart into the terms it is the sum of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gru_core.arrays import FloatArray
from gru_core.errors import FieldError, RangeError, ShapeError
from gru_core.params import GRUParams
from gru_core.trace import Trace

Activation = Literal["sigmoid", "tanh", "identity"]
Kind = Literal["input", "recurrent", "bias", "recurrent_bias", "keep", "write"]

EXPLAINED = ("z", "r", "n", "h")
"""The values that can be explained."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One number of a product.

    Attributes
    ----------
    name : str
        The array it stands in: a weight, "x", "h_prev", "r", "z", "n", or "1-z".
    index : tuple of int
        Its place there: (row, column) or (row,) in a weight, (t, column) in a trace.
    value : float

    Examples
    --------
    >>> Factor("W_z", (3, 5), 0.25).value
    0.25
    """

    name: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Term:
    """One summand.

    Attributes
    ----------
    kind : str
        "input", "recurrent", "bias", "recurrent_bias", "keep" or "write".
    factors : tuple of Factor
    product : float
        The factors multiplied, in float64.

    Examples
    --------
    >>> Term("bias", (Factor("b_z", (3,), 0.5),), 0.5).product
    0.5
    """

    kind: Kind
    factors: tuple[Factor, ...]
    product: float


@dataclass(frozen=True)
class Explanation:
    """How one value came about.

    Attributes
    ----------
    value : str
        "z", "r", "n" or "h".
    t, unit : int
        Which one.
    result : float
        The value itself, as the trace has it.
    pre_activation : float or None
        What the terms of z, r and n sum to, as the trace has it; None for h, whose terms sum to
        `result`.
    activation : str
        "sigmoid", "tanh", or "identity" for h.
    terms : tuple of Term

    Examples
    --------
    >>> Explanation("z", 0, 0, 0.5, 0.0, "sigmoid", ()).result
    0.5
    """

    value: str
    t: int
    unit: int
    result: float
    pre_activation: float | None
    activation: Activation
    terms: tuple[Term, ...]


def explain(trace: Trace, params: GRUParams, value: str, t: int, unit: int) -> Explanation:
    """Take one value of z, r, n or h apart.

    Parameters
    ----------
    trace : Trace
        What `params` computed; step t must be finished.
    params : GRUParams
    value : str
        "z", "r", "n" or "h".
    t : int
        0 ≤ t < T.
    unit : int
        0 ≤ unit < H.

    Returns
    -------
    Explanation
        Its terms sum to `pre_activation`, those of h to `result`, within rounding of the dtype.

    Raises
    ------
    FieldError
        If there is no such value.
    RangeError
        If t or unit is out of range.
    ShapeError
        If trace and params do not belong together.

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
    _check(trace, params, value, t, unit)
    result = float(getattr(trace, value)[t, unit])
    if value == "h":
        terms = tuple(_blend(trace, t, unit))
        return Explanation(value, t, unit, result, None, "identity", terms)
    terms = tuple(_sum(trace, params, value, t, unit))
    before = float(getattr(trace, f"a_{value}")[t, unit])
    activation: Activation = "tanh" if value == "n" else "sigmoid"
    return Explanation(value, t, unit, result, before, activation, terms)


def _check(trace: Trace, params: GRUParams, value: str, t: int, unit: int) -> None:
    """Refuse what is not in the trace."""
    sizes = (trace.x.shape[1], trace.hidden_size)
    if sizes != (params.input_size, params.hidden_size):
        expected = f"have sizes (I, H) = {params.input_size, params.hidden_size} like params"
        raise ShapeError("trace", expected, str(sizes))
    if value not in EXPLAINED:
        raise FieldError("value", f"be one of {', '.join(EXPLAINED)}", repr(value))
    for field, index, size in (("t", t, len(trace)), ("unit", unit, trace.hidden_size)):
        if not 0 <= index < size:
            raise RangeError(field, f"be from 0 to {size - 1}", str(index))


def _blend(trace: Trace, t: int, unit: int) -> Iterator[Term]:
    """Yield the two parts of z ⊙ h_prev + (1 − z) ⊙ n."""
    z = _at("z", trace.z, t, unit)
    yield _term("keep", z, _at("h_prev", _h_prev(trace, t), unit, before=(t,)))
    one = trace.z.dtype.type(1)  # the subtraction rounds as it did in the run
    write = Factor("1-z", (t, unit), float(one - trace.z[t, unit]))
    yield _term("write", write, _at("n", trace.n, t, unit))


def _sum(trace: Trace, params: GRUParams, value: str, t: int, unit: int) -> Iterator[Term]:
    """Yield the parts of W·x + U·h_prev + b; in the candidate r multiplies the recurrent ones."""
    arrays = params.arrays()
    reset = (_at("r", trace.r, t, unit),) if value == "n" else ()
    W, U, b = f"W_{value}", f"U_{value}", f"b_{value}"
    for i in range(params.input_size):
        yield _term("input", _at(W, arrays[W], unit, i), _at("x", trace.x, t, i))
    h_prev = _h_prev(trace, t)
    for j in range(params.hidden_size):
        state = _at("h_prev", h_prev, j, before=(t,))
        yield _term("recurrent", *reset, _at(U, arrays[U], unit, j), state)
    if b in arrays:
        yield _term("bias", _at(b, arrays[b], unit))
    if reset and params.b_hn is not None:
        yield _term("recurrent_bias", *reset, _at("b_hn", params.b_hn, unit))


def _h_prev(trace: Trace, t: int) -> FloatArray:
    """Return the state before step t, shape (H,)."""
    return trace.h[t - 1] if t else trace.h_0


def _at(name: str, array: FloatArray, *index: int, before: tuple[int, ...] = ()) -> Factor:
    """Return one number of an array; `before` is the part of its index already taken."""
    return Factor(name, (*before, *index), float(array[index]))


def _term(kind: Kind, *factors: Factor) -> Term:
    """Return the product of some factors."""
    product = 1.0
    for factor in factors:
        product *= factor.value
    return Term(kind, factors, product)
