"""PyTorch's .pt and .pth files: a zip archive of one pickle and its storages."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gru_core.files.archive import Archive, Stream
from gru_core.files.entries import Entries, Entry, collect, elements
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.torch.pickle_names import Tensor
from gru_core.files.torch.restricted_pickle import ADVICE, load

_PICKLE = "data.pkl"
_NESTED = (Tensor, dict, list, tuple)


def entries(source: Source, limits: Limits) -> Entries:
    """Return the tensors of a file that torch.save wrote, without reading their numbers.

    Tensors are named by the keys that lead to them, joined by dots: ``model.rnn.weight_ih_l0``
    in a checkpoint that keeps its state_dict under ``"model"``. The dict that contains a
    tensor is its scope.

    Raises
    ------
    FormatError
        For TorchScript, whole modules, anything else but tensors and containers, and tensors that
        reach beyond their storage.

    Examples
    --------
    See `gru_core.files.load`.
    """
    archive = Archive(source, limits)
    root = _root(archive)
    pickled = archive.read(root + _PICKLE, limits.header_bytes)
    content = load(pickled, source.name, _PICKLE, limits)
    storages = _Storages(archive, root)
    found = (
        storages.entry(f"{scope}.{key}" if scope else key, scope, tensor)
        for scope, key, tensor in _tensors(content, source.name, limits)
    )
    return collect(source.name, found, limits, ordered=True)


def _root(archive: Archive) -> str:
    """Return the folder of the pickle, with its slash."""
    names = archive.members
    roots = [
        n.removesuffix(_PICKLE) for n in names if n.count("/") == 1 and n.endswith(f"/{_PICKLE}")
    ]
    if len(roots) != 1:
        raise FormatError(archive.file, None, f"has {len(roots)} pickles {_PICKLE}, not one")
    (root,) = roots
    if any(n == f"{root}constants.pkl" or n.startswith(f"{root}code/") for n in names):
        raise FormatError(archive.file, None, f"is TorchScript, a program; {ADVICE}")
    return root


def _tensors(content: Any, file: str, limits: Limits) -> Iterator[tuple[str, str, Tensor]]:
    """Yield scope, key and tensor for every tensor within nested containers, in their order."""
    waiting: list[tuple[str, str, Any, int]] = [("", "", content, 0)]
    most, left = 10 * limits.entries, limits.operations
    for _ in range(most):
        if not waiting:
            return
        scope, key, value, depth = waiting.pop()
        if isinstance(value, Tensor):
            yield scope, key, value
        elif isinstance(value, dict | list | tuple) and value:
            path = f"{scope}.{key}" if scope else key
            left -= len(value)  # which may all be the same container
            if left < 0:
                raise FormatError(file, path, f"is one of more than {limits.operations} values")
            if depth > limits.depth:
                raise FormatError(file, path, f"is nested more than {limits.depth} deep")
            if len(path) > limits.name_characters:
                raise FormatError(file, path, f"has a name of {len(path)} characters")
            items = value.items() if isinstance(value, dict) else enumerate(value)
            inner = [(path, str(k), v, depth + 1) for k, v in items if isinstance(v, _NESTED)]
            waiting += reversed(inner)
    raise FormatError(file, _PICKLE, f"describes more than {most} tensors and containers")


class _Storages:
    """The storages of an archive; each checksum is verified once."""

    def __init__(self, archive: Archive, root: str) -> None:
        self._archive = archive
        self._folder = f"{root}data/"
        self._order = _byteorder(archive, root)
        self._sound: set[str] = set()

    def entry(self, name: str, scope: str, tensor: Tensor) -> Entry:
        """Return the entry of a tensor that lies within its storage."""
        dtype = np.dtype("uint16" if tensor.storage.dtype == "bfloat16" else tensor.storage.dtype)
        fetch = self._fetch(tensor, dtype.newbyteorder(self._order))
        entry = Entry(self._archive.file, name, tensor.storage.dtype, tensor.shape, fetch, scope)
        self._check(entry, tensor, dtype.itemsize)
        return entry

    def _check(self, entry: Entry, tensor: Tensor, itemsize: int) -> None:
        member = self._archive.members.get(self._folder + tensor.storage.key)
        count = tensor.storage.count
        if member is None:
            raise entry.error(f"needs the storage {tensor.storage.key!r}, which is missing")
        if member.deflated or member.size != count * itemsize:
            sizes = f"{count} numbers of {itemsize} bytes in a member of {member.size}"
            raise entry.error(f"has a storage that is not what it should be: {sizes}")
        size = elements(entry)
        shape, stride, offset = tensor.shape, tensor.stride, tensor.offset
        if len(shape) != len(stride) or min(stride, default=0) < 0 or offset < 0:
            raise entry.error(f"has offset {offset} and strides {stride} for the shape {shape}")
        if size > count or (size and offset + _reach(tensor) > count):
            raise entry.error(f"reaches beyond its storage of {count} numbers")

    def _fetch(self, tensor: Tensor, dtype: np.dtype[Any]) -> Callable[[], NDArray[Any]]:
        shape, key = tensor.shape, self._folder + tensor.storage.key

        def fetch() -> NDArray[Any]:
            member = self._archive.members[key]
            if key not in self._sound:
                Stream(self._archive, member).finish()
                self._sound.add(key)
            start = member.start + tensor.offset * dtype.itemsize
            if 0 in shape or _is_contiguous(tensor):
                return self._archive.source.array(start, shape, dtype)
            whole = self._archive.source.array(start, (_reach(tensor),), dtype)
            strides = [step * dtype.itemsize for step in tensor.stride]
            view = np.lib.stride_tricks.as_strided(whole, shape, strides, writeable=False)
            return view.copy("C")

        return fetch


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


def _byteorder(archive: Archive, root: str) -> Literal["<", ">"]:
    """Return NumPy's letter for the byte order; files that do not say are little-endian."""
    name = f"{root}byteorder"
    word = archive.read(name, 16) if name in archive.members else b"little"
    if word not in (b"little", b"big"):
        raise FormatError(archive.file, name, f"names the unknown byte order {word!r}")
    return "<" if word == b"little" else ">"
