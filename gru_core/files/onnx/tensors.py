"""Decodes ONNX tensors, checking shapes and lengths against each other."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry, elements

_DTYPES = {
    1: ("float32", "float_data"),
    2: ("uint8", "int32_data"),
    3: ("int8", "int32_data"),
    4: ("uint16", "int32_data"),
    5: ("int16", "int32_data"),
    6: ("int32", "int32_data"),
    7: ("int64", "int64_data"),
    9: ("bool", "int32_data"),
    10: ("float16", "int32_data"),
    11: ("float64", "double_data"),
    16: ("bfloat16", "int32_data"),
}
"""TensorProto.DataType: the dtype's name, and the field of its numbers without raw_data."""
_BITS = ("float16", "bfloat16")
"""Types that int32_data stores as the bits of a uint16."""


def constant(proto: Any, file: str, name: str) -> Entry:
    """Return a tensor as an entry, which decodes it when it is read.

    Parameters
    ----------
    proto : onnx.TensorProto
        Without external data (`scan` has checked that).
    file, name : str
        For errors.
    """
    dtype = _DTYPES.get(proto.data_type, (f"of ONNX's number {proto.data_type}", ""))[0]
    fetch = cache(lambda: _decoded(proto, entry))  # protobuf copies the data at every access
    entry = Entry(file, f"tensor {name!r}", dtype, tuple(proto.dims), fetch)
    return entry


def integers(entry: Entry) -> NDArray[np.int64] | None:
    """Return int32 or int64 numbers as int64, None for another dtype.

    Examples
    --------
    >>> integers(Entry("a.onnx", "axes", "int32", (1,), lambda: np.array([2], np.int32)))
    array([2])
    """
    if entry.dtype not in ("int32", "int64"):
        return None
    return entry.fetch().astype(np.int64)


def _decoded(proto: Any, entry: Entry) -> NDArray[Any]:
    """Return a tensor's numbers in its shape, bfloat16 as uint16."""
    field = _DTYPES.get(proto.data_type, ("", ""))[1]
    if not field:
        raise entry.error(f"has a dtype {entry.dtype}, which nothing here is made of")
    if proto.HasField("segment"):
        raise entry.error("is one segment of a tensor that was split into several")
    count, values = elements(entry), getattr(proto, field)
    if proto.HasField("raw_data"):
        return _raw(proto.raw_data, count, entry)
    if len(values) != count:
        raise entry.error(f"of shape {entry.shape} has {len(values)} numbers, not {count}")
    wide = np.array(values, field.removesuffix("_data").replace("double", "float64"))
    if entry.dtype in _BITS:
        bits = wide.astype(np.uint16)
        return (bits.view(np.float16) if entry.dtype == "float16" else bits).reshape(entry.shape)
    return wide.astype(entry.dtype).reshape(entry.shape)


def _raw(data: bytes, count: int, entry: Entry) -> NDArray[Any]:
    """Return the numbers of raw_data, which are little-endian."""
    dtype = np.dtype("uint16" if entry.dtype == "bfloat16" else entry.dtype).newbyteorder("<")
    if len(data) != count * dtype.itemsize:
        needs = f"of shape {entry.shape} needs {count * dtype.itemsize} bytes"
        raise entry.error(f"{needs} and has {len(data)}")
    return np.frombuffer(data, dtype).reshape(entry.shape)
