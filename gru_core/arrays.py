"""Checks of arrays at the public entry points, copies that nobody can change, and addresses."""

from ctypes import c_void_p
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gru_core.errors import DTypeError, RangeError, ShapeError

FloatArray = NDArray[np.floating[Any]]
"""An array of float32 or float64."""


def check_dtype(dtype: DTypeLike) -> np.dtype[np.floating[Any]]:
    """Return `dtype` as a NumPy dtype, native byte order, float32 or float64.

    Raises
    ------
    DTypeError
        For any other dtype.

    Examples
    --------
    >>> check_dtype("float32")
    dtype('float32')
    """
    try:
        found: np.dtype[Any] = np.dtype(dtype)
    except TypeError:
        raise DTypeError("dtype", "be float32 or float64", repr(dtype)) from None
    for known in (np.dtype(np.float32), np.dtype(np.float64)):
        if found.newbyteorder("=") == known:
            return known  # NumPy skips the conversion for this very object
    raise DTypeError("dtype", "be float32 or float64", str(found))


def as_floats(field: str, value: ArrayLike, dtype: np.dtype[np.floating[Any]]) -> FloatArray:
    """Return `value` as a C-contiguous array of `dtype` with finite elements.

    Raises
    ------
    DTypeError
        If `value` does not contain real numbers.
    RangeError
        If an element is NaN or infinite, or too large for `dtype`.

    Examples
    --------
    >>> as_floats("x", [[1, 2]], np.dtype("float32"))
    array([[1., 2.]], dtype=float32)
    """
    try:
        original = np.asarray(value)
    except ValueError:
        raise ShapeError(field, "be a rectangular array", "rows of differing lengths") from None
    if original.dtype.kind not in "fiub":
        raise DTypeError(field, "hold real numbers", f"dtype {original.dtype}")
    with np.errstate(over="ignore"):
        array: FloatArray = np.asarray(original, dtype, order="C")
    check_finite(field, array, original)
    return array


def check_finite(field: str, array: FloatArray, original: NDArray[Any] | None = None) -> None:
    """Refuse NaN and infinity; the error names the first index.

    Raises
    ------
    RangeError
        If an element of `array` is not finite; the text shows that element of `original`.

    Examples
    --------
    >>> check_finite("h0", np.array([0.0, np.nan]))
    Traceback (most recent call last):
    gru_core.errors.RangeError: h0 must be finite float64 numbers, got nan at (1)
    """
    finite = np.isfinite(array)
    if finite.all():
        return
    place = tuple(int(i) for i in np.argwhere(~finite)[0])
    shown = (array if original is None else original)[place]
    where = ", ".join(map(str, place))
    raise RangeError(field, f"be finite {array.dtype} numbers", f"{shown} at ({where})")


def check_shape(field: str, array: NDArray[Any], names: str, shape: tuple[int, ...]) -> None:
    """Refuse an array of another shape than `shape`, which the error writes as `names`.

    Raises
    ------
    ShapeError
        If the shape differs.

    Examples
    --------
    >>> check_shape("U_r", np.zeros((8, 4)), "(H, H)", (8, 8))
    Traceback (most recent call last):
    gru_core.errors.ShapeError: U_r must have shape (H, H) = (8, 8), got (8, 4)
    """
    if array.shape != shape:
        raise ShapeError(field, f"have shape {names} = {shape}", str(array.shape))


def check_index(field: str, index: int, size: int) -> None:
    """Refuse an index that is not an integer or is out of range.

    Raises
    ------
    RangeError
        If it is not.

    Examples
    --------
    >>> check_index("t", 4, 4)
    Traceback (most recent call last):
    gru_core.errors.RangeError: t must be from 0 to 3, got 4
    """
    if not isinstance(index, int | np.integer) or not 0 <= index < size:
        raise RangeError(field, f"be from 0 to {size - 1}", str(index))


def read_only(array: FloatArray) -> FloatArray:
    """Return a read-only view; the array itself stays as it is.

    Examples
    --------
    >>> read_only(np.zeros(3)).flags.writeable
    False
    """
    view = array.view()
    view.flags.writeable = False
    return view


def owned(array: FloatArray) -> FloatArray:
    """Return `array` if it is read-only and owns its data, else a read-only copy.

    Examples
    --------
    >>> first = owned(np.zeros(3))
    >>> first.flags.writeable, owned(first) is first
    (False, True)
    """
    if array.flags.writeable or not array.flags.owndata:
        array = array.copy()
        array.flags.writeable = False
    return array


_HEAD = object.__basicsize__
"""The bytes of a Python object before its own fields, of which an array's first is its address."""


def address(array: NDArray[Any]) -> int:
    """Return where an array begins in memory.

    A short run asks for some twenty addresses. NumPy's own ways make a dictionary or an object for
    each, which takes ten times as long as to read the field; its place is part of NumPy's ABI.

    Examples
    --------
    >>> array = np.zeros(3)
    >>> address(array[1:]) - address(array)
    8
    """
    if _IS_FIRST:
        return c_void_p.from_address(id(array) + _HEAD).value or 0
    found: int = array.__array_interface__["data"][0]
    return found


def _is_first(array: NDArray[Any]) -> bool:
    """Return whether this interpreter has an array's address where CPython has it."""
    expected: int = array.__array_interface__["data"][0]
    return c_void_p.from_address(id(array) + _HEAD).value == expected


_IS_FIRST = _is_first(np.arange(6.0)[2:])
