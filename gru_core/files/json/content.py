"""The content of a JSON file, read within bounds, and the arrays in it by name."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entries, Entry, collect
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source

_BYTES: Final = 256 << 20
"""JSON takes about ten times the memory of its numbers."""
_NUMBERS: Final = 20_000_000


def parsed(source: Source, limits: Limits) -> dict[str, Any]:
    """Return the object in a JSON file.

    Raises
    ------
    FormatError
        If it is not JSON, has something twice, or is larger than the limits.

    Examples
    --------
    >>> import io
    >>> parsed(Source(io.BytesIO(b'{"W": [1, 2]}'), "a.json", 13), Limits())
    {'W': [1, 2]}
    """
    if source.size > _BYTES:
        message = f"has {source.size} bytes of JSON, {_BYTES} are allowed; save it as safetensors"
        raise FormatError(source.name, None, message)
    data = source.read(0, source.size)
    # A list or a text takes many times the bytes of its marks, so that both are counted first.
    for marks, most, what in (
        (b"[{", limits.operations, "lists and objects"),
        (b'"', 2 * limits.operations, "quotation marks"),
        (b",", min(_NUMBERS, limits.parameters), "values"),
    ):
        count = sum(data.count(marks[i : i + 1]) for i in range(len(marks)))
        if count > most:
            raise FormatError(source.name, None, f"has {count} {what}, {most} are allowed")
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FormatError(source.name, None, f"is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise FormatError(source.name, None, "is JSON, but not an object with names")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, refusing duplicate keys."""
    made = dict(pairs)
    if len(made) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counted.items() if count > 1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    return made


def entries(content: Any, file: str, limits: Limits) -> Entries:
    """Return the arrays in a JSON value, named by the keys that lead to them, joined by dots.

    An array is a list of numbers, or of lists of numbers of one length, and so on. They are in
    float32 if that holds every number exactly, as it does where a framework wrote them from
    float32; else in float64. Other values are settings and not arrays.

    Raises
    ------
    FormatError
        As for `collect`.

    Examples
    --------
    >>> found = entries({"rnn": {"W": [[0.5], [2]]}}, "a.json", Limits())
    >>> found.arrays["rnn.W"].shape, found.arrays["rnn.W"].dtype
    ((2, 1), 'float32')
    """
    made = list(_arrays(content, file, limits))
    with np.errstate(over="ignore", invalid="ignore"):
        is_narrow = all(
            np.array_equal(array.astype(np.float32), array, equal_nan=True)
            for _, _, array in made
            if array is not None
        )
    dtype = "float32" if is_narrow else "float64"
    found = (_entry(file, scope, name, array, dtype) for scope, name, array in made)
    return collect(file, found, limits, ordered=True)


def _entry(
    file: str, scope: str, name: str, array: NDArray[np.float64] | None, dtype: str
) -> Entry:
    if array is None:
        return Entry(file, name, "of lists that are no array", (), lambda: np.zeros(()), scope)
    return Entry(file, name, dtype, array.shape, lambda: array, scope)


def _arrays(
    content: Any, file: str, limits: Limits
) -> Iterator[tuple[str, str, NDArray[np.float64] | None]]:
    """Yield container, name and array; None for lists of numbers that do not make one."""
    waiting: list[tuple[str, str, Any, int]] = [("", "", content, 0)]
    while waiting:
        scope, name, value, depth = waiting.pop()
        if len(name) > limits.name_characters:
            raise FormatError(file, name, f"has a name of {len(name)} characters")
        if depth > limits.depth:
            raise FormatError(file, name, f"is nested more than {limits.depth} deep")
        if isinstance(value, list) and (shape := _shape(value)) is not None:
            if 0 not in shape:
                yield scope, name, _made(file, name, value)
        elif isinstance(value, list) and not any(isinstance(v, dict) for v in value):
            if any(isinstance(v, list | int | float) for v in value):
                yield scope, name, None
        elif isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            inner = [(str(key), v) for key, v in items if isinstance(v, dict | list)]
            prefix = f"{name}." if name else ""
            waiting += [(name, prefix + key, v, depth + 1) for key, v in reversed(inner)]


def _shape(value: list[Any]) -> tuple[int, ...] | None:
    """Return the shape of nested lists of numbers, None if they have none."""
    kinds = set(map(type, value))
    if kinds <= {int, float}:
        return (len(value),)
    if kinds != {list}:
        return None
    shapes = {_shape(one) for one in value}
    (first,) = shapes if len(shapes) == 1 else (None,)
    return None if first is None else (len(value), *first)


def _made(file: str, name: str, value: list[Any]) -> NDArray[np.float64]:
    try:
        return np.array(value, np.float64)
    except (ValueError, OverflowError) as error:
        raise FormatError(file, name, f"is no array of numbers: {error}") from None
