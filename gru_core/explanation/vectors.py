"""One whole step as vectors: its inputs, its results and every summand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gru_core.arrays import FloatArray, check_index
from gru_core.explanation.terms import check_together
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import INPUT, Reference, previous
from gru_core.run.trace import Trace


def vectors(trace: Trace, params: Params, t: int) -> dict[str, FloatArray]:
    """Return all vectors of one step.

    Parameters
    ----------
    trace : Trace
        The run of `params` over one sequence; step t must be finished.
    params : Params
    t : int
        0 ≤ t < T.

    Returns
    -------
    dict of str to ndarray, shape (H,)
        "x", of shape (I,); "h_prev", and for the LSTM "c_prev"; every value of the trace, including
        the inputs of activations; each "1-z" in an equation. For each product of an equation,
        "value/kind" is its result for every unit, summed over the columns of its matrix. If its
        matrix multiplies more than one factor, "value/kind/vector" is their product.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        As for `explain`.

    Examples
    --------
    >>> from gru_core import GRU, GRUParams
    >>> params = GRUParams.random(1, 2, seed=0)
    >>> step = vectors(GRU(params).run([[1.0], [2.0]]), params, t=1)
    >>> bool(np.allclose(step["h/keep"] + step["h/write"], step["h"]))
    True
    """
    check_together(trace, params)
    check_index("t", t, len(trace))
    found: dict[str, FloatArray] = {str(INPUT): trace.x[t]}
    for state in map(previous, params.STATES):
        found[str(state)] = trace.values[str(state)][t]
    found |= {value: trace.values[value][t] for value in params.VALUES}
    for equation in params.equations():
        for product in equation.products:
            with np.errstate(over="ignore", invalid="ignore"):
                _add(found, product_names(equation, product), product, params)
    return found


class ProductNames(NamedTuple):
    """The names in `vectors` of a product's result, and of the vector that its matrix multiplies.

    `vector` is None if the matrix multiplies a single factor, which already has a name.
    """

    adds: str
    vector: str | None


def product_names(equation: Equation, product: Product) -> ProductNames:
    """Return the names of a product's parts in `vectors`.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> n = GRUParams.random(1, 2, seed=0, reset_after=False).equations()[2]
    >>> product_names(n, n.products[-2])
    ProductNames(adds='n/recurrent', vector='n/recurrent/vector')
    """
    adds = f"{equation.value}/{product.kind}"
    return ProductNames(adds, f"{adds}/vector" if len(product.vector) > 1 else None)


def _add(
    found: dict[str, FloatArray], names: ProductNames, product: Product, params: Params
) -> None:
    """Add a product's result to `found`, and the vector of its matrix if that has a name."""
    factors = [_factor(found, factor, params) for factor in product.factors]
    place = product.matrix
    if place is None:
        found[names.adds] = np.multiply.reduce(factors)
        return
    right = factors[place + 1 :]
    vector = np.multiply.reduce(right)
    if names.vector is not None:
        found[names.vector] = vector
    found[names.adds] = np.multiply.reduce([*factors[:place], factors[place] @ vector])


def _factor(found: dict[str, FloatArray], reference: Reference, params: Params) -> FloatArray:
    """Return a weight or a value; a complement is also added to `found`."""
    if reference.is_array:
        weight: FloatArray = getattr(params, reference.name)
        return weight
    name = str(reference)
    if reference.kind == "complement":
        gate = found[reference.name]
        found[name] = gate.dtype.type(1) - gate
    return found[name]
