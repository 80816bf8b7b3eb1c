"""NumPy's .npz: a zip archive of .npy members, each a short header and the numbers."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gru_core.files.archive import Archive, Stream
from gru_core.files.entries import Entries, Entry, collect, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.zip_contents import Member

METADATA = "gruscope.json"
"""The member with the form of the network; `numpy.load` returns its bytes."""
_MAGIC = b"\x93NUMPY"
_HEADER: Final = 10_000
"""Bytes of a .npy header, as many as NumPy itself allows."""
_ITEMS = {
    "descr": r"'(?P<descr>[<>=|]?[A-Za-z]\d*)'|\[[^{}]*\]",
    "fortran_order": r"(?P<fortran>True|False)",
    "shape": r"\((?P<shape>[\d, ]*)\)",
}
_ITEM = "|".join(rf"'{key}'\s*:\s*(?:{value})" for key, value in _ITEMS.items())
_HEADER_ITEM = re.compile(rf"\s*(?:{_ITEM})\s*")


def entries(source: Source, limits: Limits) -> Entries:
    """Return the arrays of an .npz file; only their headers have been read.

    Members that are not .npy are ignored.

    Raises
    ------
    FormatError
        If the archive or a header is not sound.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> np.savez(file, W=np.ones((1, 2)))
    >>> entries(Source(file, "a.npz", file.tell()), Limits()).arrays["W"].read()
    array([[1., 1.]])
    """
    archive = Archive(source, limits)
    metadata = {}
    if METADATA in archive.members:
        text = archive.read(METADATA, limits.header_bytes)
        metadata["gruscope"] = text.decode("utf-8", "replace")
    return collect(source.name, _entries(archive), limits, metadata, ordered=True)


def write(path: Path, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write named arrays and text; the same input gives the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.npz")
    ...     write(path, {"W": np.ones((1, 2))}, {})
    ...     print(np.load(path)["W"])
    [[1. 1.]]
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in metadata.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.json"), text)
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def _entries(archive: Archive) -> Iterator[Entry]:
    for member in archive.members.values():
        if member.name.endswith(".npy"):
            yield _entry(archive, member)


def _entry(archive: Archive, member: Member) -> Entry:
    """Return the array of a member after reading and checking its header."""
    name = member.name.removesuffix(".npy")
    first, descr, fortran, shape = _header(archive, member, name)
    dtype = _dtype(descr)

    def fetch() -> NDArray[Any]:
        stream = Stream(archive, member)
        stream.read(first)
        array = np.empty(shape[::-1] if fortran else shape, dtype)
        stream.fill(array)
        stream.finish()
        return array.T if fortran else array

    kind = descr or "a structure"
    entry = Entry(archive.file, name, kind if dtype is None else dtype.name, shape, fetch)
    if dtype is not None and first + elements(entry) * dtype.itemsize != member.size:
        needs = f"{dtype} of shape {shape} needs {elements(entry) * dtype.itemsize} bytes"
        raise entry.error(f"{needs}, {member.size - first} are there")
    return entry


def _dtype(descr: str | None) -> np.dtype[Any] | None:
    """Return the dtype if it is numeric."""
    if descr is None or descr.lstrip("<>=|") not in {
        *("f2", "f4", "f8", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "c8", "c16")
    }:
        return None
    return np.dtype(descr)


def _header(
    archive: Archive, member: Member, name: str
) -> tuple[int, str | None, bool, tuple[int, ...]]:
    """Return a header's length, descr, order and shape, without evaluating it as Python."""
    stream = Stream(archive, member)
    if member.size < 10 or stream.read(6) != _MAGIC:
        raise FormatError(archive.file, name, "is not in .npy format")
    major, minor = stream.read(2)
    if (major, minor) not in {(1, 0), (2, 0), (3, 0)}:
        raise FormatError(archive.file, name, f"has the unknown .npy version {major}.{minor}")
    width = 2 if major == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    if length > _HEADER:
        raise FormatError(archive.file, name, f"has a header of {length} bytes")
    text = stream.read(length).decode("utf-8" if major == 3 else "latin-1", "replace")
    items = _items(text)
    if items is None:
        raise FormatError(
            archive.file, name, f"has a header that is not valid: {text[:60].strip()}"
        )
    try:
        shape = tuple(int(size) for size in items["shape"].replace(" ", "").split(",") if size)
    except ValueError:
        raise FormatError(archive.file, name, "has a shape that is too large") from None
    return 8 + width + length, items.get("descr"), items["fortran"] == "True", shape


def _items(text: str) -> dict[str, str] | None:
    """Return the three items of a header by name, or None if it has others."""
    text = text.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return None
    place, keys = 1, []
    found: dict[str, str] = {}
    while match := _HEADER_ITEM.match(text, place):
        keys.append(match.group().split("'")[1])
        found |= {name: value for name, value in match.groupdict().items() if value is not None}
        place = match.end()
        if text[place] == ",":
            place += 1
    ended = text[place:].strip() == "}"
    return found if ended and sorted(keys) == sorted(_ITEMS) else None
