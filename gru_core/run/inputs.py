"""Validates the inputs of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, as_floats, check_shape, owned
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.parameters.params import Params
from gru_core.run.clamps import Clamp, Held, checked
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class RunInputs:
    """The checked inputs of a run; their arrays are read-only.

    Attributes
    ----------
    x : ndarray, shape (T, [B,] I)
    states : dict of str to ndarray, shape ([B,] H)
        Before the first step: h, and c where there is c.
    projection : ndarray, shape (T, G·H), or None
    held : Held or None
        The clamps, None if there are none.
    is_growing : bool
        Whether rows of x are written while the run goes on, each before the step that reads it.
    """

    x: FloatArray
    states: dict[str, FloatArray]
    projection: FloatArray | None
    held: Held | None = None
    is_growing: bool = False

    @classmethod
    def of(
        cls,
        params: Params,
        x: ArrayLike,
        states: Mapping[str, ArrayLike | None],
        projection: FloatArray | None,
        keep: Trace | None,
        start: int,
        clamps: Iterable[Clamp] = (),
    ) -> Self:
        """Check the arguments of `Cell.spans`.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            If an argument does not fit the params, or the trace to continue from.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> params, states = RNNParams([[1.0]], [[1.0]]), {"h": None, "c": None}
        >>> inputs = RunInputs.of(params, [[2.0]], states, None, None, 0)
        >>> inputs.x, inputs.states
        (array([[2.]]), {'h': array([0.])})
        """
        sequence = _input(params, x)
        if projection is not None:
            projection = _projection(params, projection, sequence)
        found = cls.reading(params, sequence, states, keep, start, clamps)
        return replace(found, projection=projection)

    @classmethod
    def reading(
        cls,
        params: Params,
        x: FloatArray,
        states: Mapping[str, ArrayLike | None],
        keep: Trace | None,
        start: int,
        clamps: Iterable[Clamp] = (),
        *,
        is_growing: bool = False,
    ) -> Self:
        """Check the other arguments beside an x that is known to fit, and is not copied.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            As for `of`.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> params, states = RNNParams([[1.0]], [[1.0]]), {"h": None, "c": None}
        >>> x = np.zeros((2, 1))
        >>> RunInputs.reading(params, x, states, None, 0, is_growing=True).x is x
        True
        """
        _check_keep(params, keep, x, start)
        held = Held(checked(clamps, params, len(x)), params.dtype)
        if keep is not None:
            _check_held(keep, held, start)
        starts = _states(params, x, states, keep, start)
        return cls(x, starts, None, held if held.clamps else None, is_growing)


def _input(params: Params, x: ArrayLike) -> FloatArray:
    """Check x and return it as an array."""
    sequence = as_floats("x", x, params.dtype)
    letters, least = ("T, B", "T and B") if sequence.ndim == 3 else ("T", "T")
    shown = f"({letters}, I) = ({letters}, {params.input_size})"
    fits = sequence.ndim in (2, 3) and sequence.shape[-1] == params.input_size
    if not fits or 0 in sequence.shape:
        raise ShapeError("x", f"have shape {shown} with {least} ≥ 1", str(sequence.shape))
    return owned(sequence)


def _projection(params: Params, projection: FloatArray, x: FloatArray) -> FloatArray:
    """Check a projection and return it."""
    array = as_floats("projection", projection, params.dtype)
    if x.ndim == 3:
        raise ShapeError("projection", "not be given for a batch", str(array.shape))
    rows = f"{len(params.GATES)}H" if len(params.GATES) > 1 else "H"
    check_shape("projection", array, f"(T, {rows})", (len(x), len(params.W)))
    return array


def _states(
    params: Params,
    x: FloatArray,
    starts: Mapping[str, ArrayLike | None],
    keep: Trace | None,
    start: int,
) -> dict[str, FloatArray]:
    """Return the states before the first step, by default zeros."""
    if starts["c"] is not None and "c" not in params.STATES:
        raise ShapeError("c0", f"not be given to a cell without c, a {params.kind}", "one")
    kept = {} if keep is None else {"h": keep.h_0, "c": keep.c_0}
    states = {}
    for name in params.STATES:
        value = kept.get(name) if starts[name] is None else starts[name]
        states[name] = _state(params, f"{name}0", value, x.shape[1:-1])
        if start > 0 and not np.array_equal(kept[name], states[name]):  # type: ignore[arg-type]
            raise RangeError(f"{name}0", f"equal keep.{name}_0", "another state")
    return states


def _state(
    params: Params, field: str, value: ArrayLike | None, batch: tuple[int, ...]
) -> FloatArray:
    """Check one state and return it as an array."""
    shape = (*batch, params.hidden_size)
    if value is None:
        return np.zeros(shape, params.dtype)
    state = as_floats(field, value, params.dtype)
    check_shape(field, state, "(B, H)" if batch else "(H,)", shape)
    return owned(state)


def _check_keep(params: Params, keep: Trace | None, x: FloatArray, start: int) -> None:
    """Check that the trace to keep is a run of the same x before `start`."""
    last = 0 if keep is None else min(len(keep), len(x))
    if not 0 <= start <= last:
        raise RangeError("start", f"be from 0 to {last}, the steps to keep", str(start))
    if keep is None:
        return
    if keep.dtype != params.dtype:
        raise DTypeError("keep", f"be of dtype {params.dtype}", str(keep.dtype))
    if not keep.values.keys() >= set(params.VALUES):
        raise ShapeError(
            "keep", f"be a trace of a {params.kind}", f"one of {', '.join(keep.values)}"
        )
    batch = x.shape[1:-1]
    letters = "(B, H)" if batch else "(H,)"
    check_shape("keep.h_0", keep.h_0, letters, (*batch, params.hidden_size))
    letters = "(T, B, I)" if batch else "(T, I)"
    check_shape("keep.x", keep.x, letters, (len(keep), *batch, params.input_size))
    axes = tuple(range(1, x.ndim))
    differing = np.flatnonzero((keep.x[:start] != x[:start]).any(axis=axes))
    if differing.size:
        raise RangeError("x", f"equal keep.x before t = {start}", f"another row {differing[0]}")


def _check_held(keep: Trace, held: Held, start: int) -> None:
    """Check that the trace to keep had the same clamps before `start`."""
    first = Held(keep.clamps, keep.dtype).first_difference(held)
    if first is not None and first < start:
        expected = f"be the same as keep.clamps before t = {start}"
        raise RangeError("clamps", expected, f"others at t = {first}")
