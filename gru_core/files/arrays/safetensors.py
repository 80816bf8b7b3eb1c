"""Safetensors: a JSON header of names, dtypes, shapes and offsets, then the numbers.

The header is read here, so that every offset is checked before a number is read and bfloat16 is
understood; files are written by the safetensors library.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entries, Entry, collect, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source, raw_bytes

_METADATA = "__metadata__"
_DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16",
    "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "BOOL": "bool",
    "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "C64": "complex64",
    "F8_E4M3": "float8_e4m3", "F8_E5M2": "float8_e5m2", "F8_E8M0": "float8_e8m0",
}  # fmt: skip
_BYTES = {"bfloat16": 2, "float8_e4m3": 1, "float8_e5m2": 1, "float8_e8m0": 1}


def entries(source: Source, limits: Limits) -> Entries:
    """Return the arrays of a safetensors file; only the header has been read.

    Raises
    ------
    FormatError
        If the header is too long or invalid, or the arrays do not fill the file
        from one end to the other without gap or overlap.

    Examples
    --------
    >>> import io
    >>> data = bytes([2, 0, 0, 0, 0, 0, 0, 0]) + b"{}"
    >>> entries(Source(io.BytesIO(data), "none.safetensors", 10), Limits()).arrays
    {}
    """
    header, first = _header(source, limits)
    metadata = header.pop(_METADATA, {})
    if type(metadata) is not dict or any(type(v) is not str for v in metadata.values()):
        raise FormatError(source.name, _METADATA, "must hold text by name")
    found = collect(source.name, _entries(source, header, first), limits, metadata)
    _check_tiling(source, header, first)
    return found


def write(path: Path, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write named arrays and text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.safetensors")
    ...     write(path, {"W": np.zeros((2, 1), np.float32)}, {"by": "hand"})
    ...     path.stat().st_size
    104
    """
    from safetensors.numpy import save

    # Not its save_file, which makes files that no other user can read.
    path.write_bytes(save(dict(arrays), dict(metadata) or None))


def stream(file: IO[bytes], arrays: Mapping[str, FloatArray], metadata: Mapping[str, str]) -> None:
    """Write named arrays and text to a pipe, without a copy of them in memory.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> stream(file, {"W": np.ones((1, 2))}, {})
    >>> entries(Source(file, "pipe", file.tell()), Limits()).arrays["W"].read()
    array([[1., 1.]])
    """
    header: dict[str, Any] = {_METADATA: dict(metadata)}
    end = 0
    for name, array in arrays.items():
        offsets = [end, end := end + array.nbytes]
        dtype = f"F{8 * array.itemsize}"
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
    text = json.dumps(header).encode()
    file.write(len(text).to_bytes(8, "little") + text)
    for array in arrays.values():
        file.write(raw_bytes(np.ascontiguousarray(array)))


def _header(source: Source, limits: Limits) -> tuple[dict[str, Any], int]:
    """Return the header's JSON object, and the offset of the numbers."""
    if source.size < 8:
        raise FormatError(source.name, None, f"has {source.size} bytes, too few for safetensors")
    length = int.from_bytes(source.read(0, 8), "little")
    if length > limits.header_bytes:
        allowed = f"of which {limits.header_bytes} are allowed"
        raise FormatError(source.name, "header", f"claims to have {length} bytes, {allowed}")
    try:
        header = json.loads(source.read(8, length).decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FormatError(source.name, "header", f"is not JSON: {error}") from None
    if type(header) is not dict:
        raise FormatError(source.name, "header", "is not a JSON object")
    return header, 8 + length


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, refusing duplicate keys."""
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key, count in Counter(keys).items() if count > 1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    return made


def _entries(source: Source, header: dict[str, Any], first: int) -> Iterator[Entry]:
    """Yield the header's entries, each checked by itself."""
    for name, info in header.items():
        dtype, shape, begin, end = _fields(source.name, name, info)
        size = _BYTES.get(dtype) or np.dtype(dtype).itemsize
        kind = np.dtype(f"V{size}" if dtype.startswith("float8") else _stored(dtype))

        def fetch(
            start: int = first + begin, kind: np.dtype[Any] = kind, shape: tuple[int, ...] = shape
        ) -> NDArray[Any]:
            return source.array(start, shape, kind)

        entry = Entry(source.name, name, dtype, shape, fetch)
        if elements(entry) * size != end - begin:
            needs = f"of shape {shape} needs {elements(entry) * size} bytes"
            raise entry.error(f"{dtype} {needs}, its data_offsets give it {end - begin}")
        yield entry


def _stored(dtype: str) -> np.dtype[Any]:
    """Return the little-endian dtype of the numbers in the file."""
    return np.dtype("uint16" if dtype == "bfloat16" else dtype).newbyteorder("<")


def _fields(file: str, name: str, info: Any) -> tuple[str, tuple[int, ...], int, int]:
    """Return dtype, shape, begin and end of one entry of the header."""
    if type(info) is not dict or set(info) != {"dtype", "shape", "data_offsets"}:
        raise FormatError(file, name, "must have dtype, shape and data_offsets and nothing else")
    dtype, shape, offsets = info["dtype"], info["shape"], info["data_offsets"]
    if type(dtype) is not str or dtype not in _DTYPES:
        shown = dtype if type(dtype) is str else f"of type {type(dtype).__name__}"
        raise FormatError(file, name, f"has the unknown dtype {shown}")
    if not _are_sizes(shape):
        raise FormatError(file, name, "has a shape that is not a list of sizes")
    if not _are_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise FormatError(file, name, "has data_offsets that are not a begin and an end")
    return _DTYPES[dtype], tuple(shape), offsets[0], offsets[1]


def _are_sizes(values: Any) -> bool:
    return type(values) is list and all(type(v) is int and 0 <= v < 1 << 62 for v in values)


def _check_tiling(source: Source, header: dict[str, Any], first: int) -> None:
    """Check that the arrays follow one another and end where the file does."""
    end = 0
    for begin, after, name in sorted(
        (*info["data_offsets"], name) for name, info in header.items()
    ):
        if begin != end:
            what = "overlaps the data before it" if begin < end else "leaves a gap before it"
            raise FormatError(source.name, name, f"{what}: begins at {begin}, expected {end}")
        end = after
    if first + end != source.size:
        there = f"{source.size - first} bytes of numbers where the header describes {end}"
        raise FormatError(source.name, None, f"is cut short or has too much: {there}")
