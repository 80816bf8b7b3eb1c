"""The numbers of tensors, in storages anywhere in a file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entries, Entry, collect, elements
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.torch.contents import Contents, Found
from gru_core.files.torch.unpickler import Record, Tensor

_KINDS: Final = {
    "_rebuild_qtensor": "quantised; save the model's state_dict before you quantise it",
    "_rebuild_sparse_tensor": "a sparse tensor; save tensor.to_dense()",
    "_rebuild_tensor_v2": "a tensor that is conjugated, negated or of an unknown kind of numbers; "
    "save tensor.float().clone()",
}
"""Functions that make tensors which are not read, in words with a way out."""


class Place(NamedTuple):
    """Where a storage's bytes are, and what checks them before they are read."""

    start: int
    size: int
    check: Callable[[], object] = bool


class Storages:
    """Makes entries of tensors whose storages lie in a file.

    Parameters
    ----------
    source : Source
    places : callable
        Returns the place of a storage by its key, None if it is missing.
    order : str
        NumPy's letter for the byte order.
    """

    def __init__(self, source: Source, places: Callable[[str], Place | None], order: str) -> None:
        self._source = source
        self._places = places
        self._order = order

    def entries(self, found: Contents, limits: Limits) -> Entries:
        """Return the entries of tensors, each of which lies within its storage.

        Raises
        ------
        FormatError
            If a storage is missing or of another size, or a tensor reaches beyond it.
        """
        file = self._source.name
        made = collect(file, map(self._entry, found.tensors), limits, ordered=True)
        return replace(made, modules=found.modules, classes=tuple(found.classes))

    def _entry(self, found: Found) -> Entry:
        file, tensor = self._source.name, found.tensor
        if isinstance(tensor, Record):
            return _unread(file, found.name, tensor, found.scope)
        dtype = np.dtype("uint16" if tensor.storage.dtype == "bfloat16" else tensor.storage.dtype)
        dtype = dtype.newbyteorder(self._order)  # type: ignore[arg-type]
        place = self._places(tensor.storage.key)

        def fetch() -> NDArray[Any]:
            assert place is not None
            place.check()
            start = place.start + tensor.offset * dtype.itemsize
            if 0 in tensor.shape or _is_contiguous(tensor):
                return self._source.array(start, tensor.shape, dtype)
            whole = self._source.array(start, (_reach(tensor),), dtype)
            strides = [step * dtype.itemsize for step in tensor.stride]
            view = np.lib.stride_tricks.as_strided(whole, tensor.shape, strides, writeable=False)
            return view.copy("C")

        entry = Entry(file, found.name, tensor.storage.dtype, tensor.shape, fetch, found.scope)
        _check(entry, tensor, place, dtype.itemsize)
        return entry


def _check(entry: Entry, tensor: Tensor, place: Place | None, itemsize: int) -> None:
    count = tensor.storage.count
    if place is None:
        raise entry.error(f"needs the storage {tensor.storage.key!r}, which is missing")
    if place.size != count * itemsize:
        sizes = f"{count} numbers of {itemsize} bytes in {place.size} bytes"
        raise entry.error(f"has a storage that is not what it should be: {sizes}")
    size = elements(entry)
    shape, stride, offset = tensor.shape, tensor.stride, tensor.offset
    if len(shape) != len(stride) or min(stride, default=0) < 0 or offset < 0:
        raise entry.error(f"has offset {offset} and strides {stride} for the shape {shape}")
    if size > count or (size and offset + _reach(tensor) > count):
        raise entry.error(f"reaches beyond its storage of {count} numbers")


def _unread(file: str, name: str, tensor: Record, scope: str) -> Entry:
    """Return the entry of a tensor of a kind that is not read, which says so if it is needed."""
    function = tensor.path.rpartition(".")[2]
    kind = _KINDS.get(function, f"a kind of tensor that is not read ({function})")
    return Entry(file, name, "", (), lambda: np.empty(0), scope, f"is {kind}")


def _reach(tensor: Tensor) -> int:
    """Return the number of elements from a tensor's first to its last, inclusive."""
    return 1 + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride, strict=True))


def _is_contiguous(tensor: Tensor) -> bool:
    """Return whether the elements follow one another, the last dimension fastest."""
    expected = 1
    for size, step in zip(reversed(tensor.shape), reversed(tensor.stride), strict=True):
        if size != 1 and step != expected:
            return False
        expected *= size
    return True
