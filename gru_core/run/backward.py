"""The part of the backward pass that all cells share.

Internally, features come before the batch, as in the buffers of a run: (T, k·H[, B]).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, as_floats, check_shape
from gru_core.errors import ShapeError
from gru_core.parameters.params import Params
from gru_core.run.lengths import Lengths, masked
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class Gradients:
    """Derivatives of a loss with respect to everything that a layer's run depends on.

    Attributes
    ----------
    params : dict of str to ndarray
        With respect to each named array of the params.
    x : ndarray, shape (T, [B,] I)
        With respect to the input; 0 in padding.
    h0 : ndarray, shape ([B,] H)
        With respect to the state before the first step.
    c0 : ndarray, shape ([B,] H), or None
        With respect to the LSTM's inner state before the first step.

    Examples
    --------
    >>> from gru_core import GRU, GRUParams
    >>> gru = GRU(GRUParams.random(3, 2, seed=0))
    >>> found = gru.gradients(gru.run(np.ones((5, 3))), dh=np.ones((5, 2)))
    >>> found.params["W_z"].shape, found.x.shape, found.h0.shape
    ((2, 3), (5, 3), (2,))
    """

    params: dict[str, FloatArray]
    x: FloatArray
    h0: FloatArray
    c0: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Back:
    """The result of a cell's backward pass; arrays are (T, k·H[, B]), states ([B,] H) transposed.

    Attributes
    ----------
    a : sequence of ndarray
        ∂L/∂(W·x + b), in one or more parts that are stacked like W.
    recurrent : ndarray
        ∂L/∂(U·…), stacked like U.
    states : mapping of str to ndarray
        ∂L/∂(state before the first step), (H[, B]).
    multiplied : mapping of int to ndarray
        By gate, the vector that its U multiplies, if that is not h_prev, (T, H[, B]).
    vectors : mapping of str to ndarray
        ∂L/∂(a stack of vectors other than b), summed over time and batch.
    """

    a: Sequence[FloatArray]
    recurrent: FloatArray
    states: Mapping[str, FloatArray]
    multiplied: Mapping[int, FloatArray] = field(default_factory=dict)
    vectors: Mapping[str, FloatArray] = field(default_factory=dict)


def upstream(
    trace: Trace,
    states: Sequence[str],
    dh: ArrayLike,
    dh_T: ArrayLike | None,
    dc_T: ArrayLike | None,
) -> dict[str, FloatArray]:
    """Return the loss's direct gradient at every step, by state: (T, H[, B]), 0 in padding."""
    received = {"h": as_floats("dh", dh, trace.dtype).copy()}
    check_shape("dh", received["h"], "(T, B, H)" if trace.batch else "(T, H)", trace.h.shape)
    if trace.lengths is not None:
        received["h"] = masked(received["h"], trace.lengths)
    if "c" in states:
        received["c"] = np.zeros_like(received["h"])
    elif dc_T is not None:
        raise ShapeError("dc_T", "not be given for a cell without c", "one")
    for name, value in (("h", dh_T), ("c", dc_T)):
        if value is not None:
            last = as_floats(f"d{name}_T", value, trace.dtype)
            check_shape(f"d{name}_T", last, "(B, H)" if trace.batch else "(H,)", trace.h_0.shape)
            received[name][_last(trace)] += last
    return {name: features_first(array) for name, array in received.items()}


def collect(
    params: Params, trace: Trace, values: Mapping[str, FloatArray], back: Back
) -> Gradients:
    """Return the gradients by name, summed over time and batch."""
    H, stacks = params.hidden_size, stacked(params, swapped(trace.x), values, back)
    named = {}
    for name, (stack, index) in params.places().items():
        if getattr(params, stack) is not None:
            named[name] = stacks[stack][index * H : (index + 1) * H]
    starts = {name: state.T for name, state in back.states.items()}
    return Gradients(named, swapped(by_input(params.W, back.a)), starts["h"], starts.get("c"))


def stacked(
    params: Params, x: FloatArray, values: Mapping[str, FloatArray], back: Back
) -> dict[str, FloatArray]:
    """Return the gradients by stack, summed over time and batch; x is (T, I[, B])."""
    H = params.hidden_size
    stacks: dict[str, FloatArray] = {
        "W": np.concatenate([_products(part, x) for part in back.a]),
        "U": _products(back.recurrent, values["h_prev"]),
        "b": np.concatenate([total(part) for part in back.a]),
        **back.vectors,
    }
    for gate, vector in back.multiplied.items():
        rows = slice(gate * H, (gate + 1) * H)
        stacks["U"][rows] = _products(back.recurrent[:, rows], vector)
    return stacks


def by_input(W: FloatArray, a: Sequence[FloatArray]) -> FloatArray:
    """Return ∂L/∂x, (T, I[, B]), from the parts of ∂L/∂(W·x + b)."""
    start, terms = 0, []
    for part in a:
        rows = W[start : start + part.shape[1]]
        terms.append(part @ rows if part.ndim == 2 else np.matmul(rows.T, part))
        start += len(rows)
    result: FloatArray = sum(terms[1:], start=terms[0])
    return result


def chain(jacobian: FloatArray, lengths: Lengths | None) -> FloatArray:
    """Return the products of all later Jacobians, T + 1 rows."""
    T, S = len(jacobian), jacobian.shape[-1]
    products = np.empty((T + 1, *jacobian.shape[1:]), jacobian.dtype)
    products[T] = np.eye(S)
    for t in reversed(range(T)):
        np.matmul(products[t + 1], jacobian[t], out=products[t])
        if lengths is not None:  # padding passes the state through
            past = t >= lengths
            products[t][past] = np.eye(S)
    return products


def features_first(array: FloatArray) -> FloatArray:
    """Return (T, H, B) for (T, B, H), contiguous; without a batch, the same array."""
    return np.ascontiguousarray(swapped(array))


def total(array: FloatArray) -> FloatArray:
    """Return the sum over time and batch, shape (F,)."""
    result: FloatArray = array.sum(axis=(0, 2) if array.ndim == 3 else 0)
    return result


def _products(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return the sum of outer products over time and batch, (F, G) of (T, F[, B]), (T, G[, B])."""
    if left.ndim == 2:
        return left.T @ right
    F, G = left.shape[1], right.shape[1]
    return left.swapaxes(0, 1).reshape(F, -1) @ right.swapaxes(0, 1).reshape(G, -1).T


def _last(trace: Trace) -> Any:
    """Return the index of the last step that counts."""
    if trace.lengths is None:
        return -1
    last = trace.lengths - 1
    return int(last) if last.ndim == 0 else (last, np.arange(len(last)))


def swapped(array: FloatArray) -> FloatArray:
    """Return (T, H, B) for (T, B, H), as a view; without a batch, the same array."""
    return array.swapaxes(1, 2) if array.ndim == 3 else array
