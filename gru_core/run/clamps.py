"""Clamps: a chosen number replaces a computed value, and everything downstream follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray, check_index
from gru_core.errors import DTypeError, FieldError, RangeError
from gru_core.parameters.params import Params
from gru_core.run.layers import FORWARD, Direction

Place = tuple[str, int]
"""A value and a unit."""

Layer = Mapping[str, tuple[NDArray[np.intp], FloatArray]]
"""Units and their numbers, by value."""


@dataclass(frozen=True, slots=True)
class Clamp:
    """A number that replaces one value of one unit after its equation is computed.

    Attributes
    ----------
    value : str
        A value of the cell's equations, such as z, r, n or h of a GRU.
    unit : int
    number : float
    t : int, optional
        The step at which it is held; None means every step.
    layer : int
        The layer, from 0.
    direction : str
        "forward" or "reverse": the layer's direction.

    Examples
    --------
    >>> from gru_core import GRU, GRUParams
    >>> gru = GRU(GRUParams.random(1, 2, seed=0))
    >>> trace = gru.run([[1.0], [1.0]], h0=[0.25, 0.5], clamps=[Clamp("z", 0, 1.0)])
    >>> trace.h[:, 0]  # z = 1 keeps
    array([0.25, 0.25])
    """

    value: str
    unit: int
    number: float
    t: int | None = None
    layer: int = 0
    direction: Direction = FORWARD

    def turned(self, steps: int) -> Clamp:
        """Return the clamp at the same place of a sequence in reversed order.

        Examples
        --------
        >>> Clamp("h", 0, 1.0, t=0).turned(5).t
        4
        """
        return self if self.t is None else replace(self, t=steps - 1 - self.t)


class Hold:
    """The clamps of one step; later layers override earlier ones."""

    def __init__(self, *layers: Layer) -> None:
        self._layers = layers

    def __call__(self, value: str, row: FloatArray) -> None:
        """Write the held numbers into a row of a value, shape (H[, B])."""
        for layer in self._layers:
            if value in layer:
                units, numbers = layer[value]
                row.T[..., units] = numbers


class Held:
    """Clamps by step; of two clamps on the same value and unit, the later one wins.

    Parameters
    ----------
    clamps : sequence of Clamp
        Already checked by `checked`.
    dtype : dtype
        The dtype of the run.
    """

    def __init__(self, clamps: Sequence[Clamp], dtype: np.dtype[Any]) -> None:
        self.clamps = tuple(clamps)
        self._always: dict[Place, float] = {}
        self._at: dict[int, dict[Place, float]] = {}
        for clamp in reversed(self.clamps):
            place = clamp.value, clamp.unit
            if place in self._always:
                continue  # a later clamp holds it at every step
            found = self._always if clamp.t is None else self._at.setdefault(clamp.t, {})
            found.setdefault(place, clamp.number)
        below = [_layer(self._always, dtype)] if self._always else []
        self._throughout = Hold(*below) if below else None
        self._holds = {t: Hold(*below, _layer(at, dtype)) for t, at in self._at.items()}

    def steps(self, start: int, stop: int) -> Iterator[Hold | None]:
        """Yield the clamps of the steps start ≤ t < stop, None where there are none."""
        for t in range(start, stop):
            yield self._holds.get(t, self._throughout)

    def table(
        self, values: Sequence[str], steps: int, hidden_size: int, dtype: np.dtype[Any]
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return the clamps as arrays.

        Parameters
        ----------
        values : sequence of str
            The values that can be held, in order.
        steps, hidden_size : int
            T and H.
        dtype : dtype

        Returns
        -------
        numbers : ndarray, shape (rows, values, H)
            NaN where nothing is held.
        at : ndarray of int64, shape (T,)
            The row of each step, −1 if it has no clamps.

        Examples
        --------
        >>> held = Held([Clamp("z", 1, 0.5, t=2)], np.dtype(float))
        >>> numbers, at = held.table(["z"], 4, 2, np.dtype(float))
        >>> numbers.tolist(), at.tolist()
        ([[[nan, 0.5]]], [-1, -1, 0, -1])
        """
        rows: list[dict[Place, float]] = [self._always] if self._always else []
        at = np.full(steps, len(rows) - 1, np.int64)
        for t, places in self._at.items():
            at[t] = len(rows)
            rows.append({**self._always, **places})
        numbers = np.full((len(rows), len(values), hidden_size), np.nan, dtype)
        for row, places in zip(numbers, rows, strict=True):
            for (value, unit), number in places.items():
                row[values.index(value), unit] = number
        return numbers, at

    def first_difference(self, other: Held) -> int | None:
        """Return the first step at which other clamps differ, or None.

        Examples
        --------
        >>> one, two = Clamp("z", 0, 1.0), Clamp("z", 0, 0.5, t=3)
        >>> dtype = np.dtype(float)
        >>> Held([one], dtype).first_difference(Held([one, two], dtype))
        3
        >>> Held([one], dtype).first_difference(Held([two, one], dtype))
        """
        if self._always != other._always:
            return 0
        steps = self._at.keys() | other._at.keys()
        return min((t for t in steps if self._at.get(t) != other._at.get(t)), default=None)


def checked(clamps: Iterable[Clamp], params: Params, steps: int) -> tuple[Clamp, ...]:
    """Check that clamps fit a single cell and the number of steps, and return them.

    Raises
    ------
    FieldError
        If a clamp names a value that the equations do not have.
    DTypeError, RangeError
        If a layer, a direction, a unit, a step or a number is invalid.

    Examples
    --------
    >>> from gru_core import RNNParams
    >>> checked([Clamp("h", 1, 0.0)], RNNParams([[1.0]], [[1.0]]), 5)
    Traceback (most recent call last):
    gru_core.errors.RangeError: clamps[0].unit must be from 0 to 0, got 1
    """
    found = tuple(clamps)
    for i, clamp in enumerate(found):
        where = f"clamps[{i}]"
        check_type(where, clamp)
        for field, place, only in (
            ("layer", clamp.layer, 0),
            ("direction", clamp.direction, FORWARD),
        ):
            if place != only:
                expected = f"be {only!r}, as a cell is one layer that reads forward"
                raise RangeError(f"{where}.{field}", expected, repr(place))
        check_numbers(where, clamp, params, steps)
    return found


def check_type(where: str, clamp: Clamp) -> None:
    """Refuse anything but a Clamp.

    Raises
    ------
    DTypeError
        If it is something else.
    """
    if not isinstance(clamp, Clamp):
        raise DTypeError(where, "be a Clamp", type(clamp).__name__)


def check_numbers(where: str, clamp: Clamp, params: Params, steps: int) -> None:
    """Check a clamp's value, unit, step and number, whatever its layer and direction.

    Raises
    ------
    FieldError, RangeError
        As for `checked`.
    """
    known = [equation.value for equation in params.equations()]
    if clamp.value not in known:
        raise FieldError(f"{where}.value", f"be one of {', '.join(known)}", repr(clamp.value))
    check_index(f"{where}.unit", clamp.unit, params.hidden_size)
    if clamp.t is not None:
        check_index(f"{where}.t", clamp.t, steps)
    with np.errstate(over="ignore"):
        if not np.isfinite(params.dtype.type(clamp.number)):
            expected = f"be a finite {params.dtype} number"
            raise RangeError(f"{where}.number", expected, str(clamp.number))


def _layer(places: Mapping[Place, float], dtype: np.dtype[Any]) -> Layer:
    """Return units and numbers as arrays, by value."""
    grouped: dict[str, dict[int, float]] = {}
    for (value, unit), number in places.items():
        grouped.setdefault(value, {})[unit] = number
    return {
        value: (np.array(list(units), np.intp), np.array(list(units.values()), dtype))
        for value, units in grouped.items()
    }
