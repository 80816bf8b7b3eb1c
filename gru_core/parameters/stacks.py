"""Stacked arrays: the matrices or vectors of all gates, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, as_floats, check_shape, owned
from gru_core.errors import FieldError
from gru_core.parameters.references import ArrayDescription


def part(stack: FloatArray, index: int, parts: int) -> FloatArray:
    """Return the rows of a stacked array that belong to one name, as a view.

    Examples
    --------
    >>> part(np.arange(6), 1, 3)
    array([2, 3])
    """
    size = len(stack) // parts
    return stack[index * size : (index + 1) * size]


def stack_shape(name: str, parts: int, H: int, I: int) -> tuple[str, tuple[int, ...]]:
    """Return the shape of a stack with H rows per part, in letters and in numbers.

    Examples
    --------
    >>> stack_shape("W", 3, 2, 5)
    ('(3H, I)', (6, 5))
    """
    rows = "H" if parts == 1 else f"{parts}H"
    columns = {"W": ("I", I), "U": ("H", H)}.get(name)
    if columns is None:
        return f"({rows},)", (parts * H,)
    return f"({rows}, {columns[0]})", (parts * H, columns[1])


def checked_stack(
    name: str,
    value: ArrayLike,
    dtype: np.dtype[np.floating[Any]],
    letters: str,
    shape: tuple[int, ...],
) -> FloatArray:
    """Check an array and return it read-only, without a copy if it already is.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If it does not contain finite numbers, or has another shape.

    Examples
    --------
    >>> checked_stack("b", [1, 2], np.dtype("float32"), "(2H,)", (2,))
    array([1., 2.], dtype=float32)
    """
    array = as_floats(name, value, dtype)
    check_shape(name, array, letters, shape)
    return owned(array)


def stack_parts(
    arrays: Mapping[str, ArrayLike | None],
    descriptions: Mapping[str, ArrayDescription],
    dtype: np.dtype[np.floating[Any]],
    H: int,
    I: int,
) -> FloatArray:
    """Check arrays of one role and stack their rows.

    Parameters
    ----------
    arrays : mapping
        The parts by name, in order; a vector that is None counts as zeros.
    descriptions : mapping
        The role of each name.
    dtype : float32 or float64
    H, I : int

    Raises
    ------
    FieldError
        If a matrix is None.
    DTypeError, ShapeError, RangeError
        If an array does not contain finite numbers, or has another shape.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> parts = {"b_z": [1.0], "b_r": None, "b_n": [3.0]}
    >>> stack_parts(parts, GRUParams.described(), np.dtype("float64"), 1, 1)
    array([1., 0., 3.])
    """
    parts = []
    for name, value in arrays.items():
        description = descriptions[name]
        shape = description.shape(I, H)
        if value is None and description.is_matrix:
            raise FieldError(name, f"have shape {description.letters} = {shape}", "nothing")
        part = np.zeros(shape, dtype) if value is None else as_floats(name, value, dtype)
        check_shape(name, part, description.letters, shape)
        parts.append(part)
    stacked: FloatArray = np.concatenate(parts)
    return stacked
