"""The named arrays of a file: name, dtype and shape are known before any number is read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_WIDER = {"float16": "float32", "bfloat16": "float32", "float32": "float32", "float64": "float64"}
_RANK = 32
"""Dimensions an array may have; NumPy itself stops at 64."""
_HOLLOW = 1 << 58
"""Product of sizes at which NumPy makes no array, even if one more size is 0."""


@dataclass(frozen=True)
class Entry:
    """One array of a file.

    Parameters
    ----------
    file, name : str
        The file, and the array's name in it.
    dtype : str
        NumPy's name of its dtype, ``"bfloat16"``, or the file's own name for it.
    shape : tuple of int
    fetch : callable
        Returns the elements as the file stores them (bfloat16 as uint16), in this shape.
    scope : str
        The container of the array, if a file has several.
    fault : str
        Why the array cannot be read, "" if it can.
    stored : str
        Its name in the file, if a reader calls it by another.

    Examples
    --------
    >>> entry = Entry("a.npz", "W", "float16", (2,), lambda: np.array([1, 2], np.float16))
    >>> entry.read()
    array([1., 2.], dtype=float32)
    """

    file: str
    name: str
    dtype: str
    shape: tuple[int, ...]
    fetch: Callable[[], NDArray[Any]]
    scope: str = ""
    fault: str = ""
    stored: str = ""

    @property
    def shown(self) -> str:
        """Its name in the file."""
        return self.stored or self.name

    @property
    def width(self) -> np.dtype[np.floating[Any]]:
        """The dtype of `read`: float64, or float32 for all narrower ones."""
        if self.fault:
            raise self.error(self.fault)
        if self.dtype not in _WIDER:
            kinds = "float16, bfloat16, float32 and float64"
            raise self.error(f"has dtype {self.dtype}; weights are {kinds}")
        return np.dtype(_WIDER[self.dtype])

    def read(self) -> FloatArray:
        """Return the array: C-contiguous, not a view, all of it finite."""
        width = self.width
        raw = self.fetch()
        array = widened(raw) if self.dtype == "bfloat16" else np.asarray(raw, width, order="C")
        finite = np.isfinite(array)
        if not finite.all():
            place = tuple(int(i) for i in np.argwhere(~finite)[0])
            raise self.error(f"holds {array[place]} at {place}; weights must be finite")
        return array if array.flags.owndata else array.copy()

    def error(self, message: str) -> FormatError:
        """Return an error about this array, to be raised."""
        return FormatError(self.file, self.shown, message)


@dataclass(frozen=True)
class Entries:
    """The arrays of a file by name, and the text beside them.

    Parameters
    ----------
    file : str
    arrays : dict of Entry
    metadata : dict of str
    ordered : bool
        Whether the arrays are in the model's order.
    modules : dict of dict
        The plain attributes of pickled modules by their names, with the name of their class as
        ``"class"``.
    classes : tuple of str
        The names of classes whose objects are in the file but were not made.

    Examples
    --------
    >>> Entries("a.npz").arrays
    {}
    """

    file: str
    arrays: dict[str, Entry] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    ordered: bool = False
    modules: dict[str, dict[str, Any]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()


def collect(
    file: str,
    found: Iterable[Entry],
    limits: Limits,
    metadata: dict[str, str] | None = None,
    *,
    ordered: bool = False,
) -> Entries:
    """Return entries by name, after checking the limits.

    Raises
    ------
    FormatError
        For a name that occurs twice or is too long, an impossible shape, and too many entries
        or numbers.

    Examples
    --------
    >>> collect("a.npz", [Entry("a.npz", "W", "float32", (-1,), list)], Limits())
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: a.npz: W: has the shape (-1,)
    """
    arrays: dict[str, Entry] = {}
    total = 0
    for entry in found:
        if len(entry.name) > limits.name_characters:
            raise entry.error(f"has a name of {len(entry.name)} characters")
        if entry.name in arrays:
            raise entry.error("is in the file twice")
        if len(arrays) == limits.entries:
            raise FormatError(file, None, f"holds more than {limits.entries} arrays")
        total += elements(entry)
        if total > limits.parameters:
            allowed = f"brings the file to more than {limits.parameters} numbers"
            raise entry.error(f"has the shape {entry.shape} and {allowed}")
        arrays[entry.name] = entry
    return Entries(file, arrays, metadata or {}, ordered)


def made(
    name: str, shape: tuple[int, ...], of: Sequence[Entry], fetch: Callable[[], FloatArray]
) -> Entry:
    """Return an array that is computed from others of a file, of which errors name the first.

    Parameters
    ----------
    name : str
    shape : tuple of int
    of : sequence of Entry
        It is in float64 if one of them is.
    fetch : callable
        Returns its elements.

    Examples
    --------
    >>> one = Entry("a.npz", "b", "float64", (2, 1), lambda: np.ones((2, 1)))
    >>> made("bias", (2,), [one], lambda: one.read().reshape(2)).read()
    array([1., 1.])
    """
    first = next((entry for entry in of if entry.dtype not in _WIDER), of[0])
    if first.dtype in _WIDER:
        dtype = "float64" if any(entry.dtype == "float64" for entry in of) else "float32"
        first = replace(first, dtype=dtype)
    return replace(first, name=name, shape=shape, fetch=fetch, stored=first.shown)


def elements(entry: Entry) -> int:
    """Return the number of elements of an array after checking its shape.

    Examples
    --------
    >>> elements(Entry("a.npz", "W", "float32", (3, 4), list))
    12
    """
    if len(entry.shape) > _RANK:
        raise entry.error(f"has {len(entry.shape)} dimensions")
    if any(not 0 <= size < 1 << 62 for size in entry.shape):
        raise entry.error(f"has the shape {entry.shape}")
    if 0 in entry.shape and prod(size for size in entry.shape if size) >= _HOLLOW:
        raise entry.error(f"has the shape {entry.shape}, too large for an array of none")
    return prod(entry.shape)


def widened(raw: NDArray[Any]) -> NDArray[np.float32]:
    """Return bfloat16 numbers, given as uint16, in float32: the upper half of its bits.

    Examples
    --------
    >>> widened(np.array([0x3F80, 0xC000], np.uint16))
    array([ 1., -2.], dtype=float32)
    """
    array = np.empty(raw.shape, np.float32)
    bits = array.view(np.uint32)
    bits[...] = raw
    bits <<= 16
    return array
