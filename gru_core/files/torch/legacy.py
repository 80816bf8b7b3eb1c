"""PyTorch's files of before 1.6: five pickles one after the other, then the storages."""

import numpy as np

from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.torch.contents import contents
from gru_core.files.torch.storages import Place, Storages
from gru_core.files.torch.unpickler import Reader, Storage, load

MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The end of the first pickle, a number that torch.load compares."""
_COUNT = 8
"""Bytes before each storage: the number of its elements."""


def entries(source: Source, limits: Limits) -> Entries:
    """Return the tensors of a file, without reading their numbers; see `zip.entries`.

    Raises
    ------
    FormatError
        For damage, and tensors that reach beyond their storage.

    Examples
    --------
    See `gru_core.files.load`.
    """
    reader = Reader(source.read(0, min(source.size, limits.header_bytes)))
    described: dict[str, Storage] = {}
    parts = ("magic number", "protocol", "system", "content", "storages")
    *_, content, keys = [load(reader, source.name, part, limits, described) for part in parts]
    if not isinstance(keys, list) or not all(type(key) is str for key in keys):
        raise FormatError(source.name, "storages", "is no list of storages")
    places: dict[str, Place] = {}
    start = reader.tell()
    for key in keys:
        storage = described.get(key)
        if storage is None or key in places:
            raise FormatError(source.name, key, "is a storage twice, or of an unknown kind")
        count = int.from_bytes(source.read(start, _COUNT), "little")
        name = "uint16" if storage.dtype == "bfloat16" else storage.dtype
        size = count * np.dtype(name).itemsize
        source.check(start + _COUNT, size)
        places[key] = Place(start + _COUNT, size)
        start += _COUNT + size
    found = contents(content, source.name, limits)
    return Storages(source, places.get, "<").entries(found, limits)
