"""A file that is opened carefully and read at chosen positions."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO, RawIOBase
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Source:
    """Bytes of a file, read when they are needed.

    They are read, not mapped: if the file is cut short meanwhile, the reader raises `FormatError`,
    where a mapped file would kill the process.

    Parameters
    ----------
    raw : RawIOBase
        An open file; the caller closes it.
    name : str
        Its name in errors.
    size : int
        Its length in bytes.

    Examples
    --------
    >>> import io
    >>> source = Source(io.BytesIO(b"gates"), "five.bin", 5)
    >>> source.read(1, 3)
    b'ate'
    >>> source.read(3, 3)
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: five.bin: is cut short: 3 bytes at 3 reach beyond its 5
    """

    def __init__(self, raw: Any, name: str, size: int) -> None:
        self._raw: RawIOBase = raw
        self.name = name
        self.size = size

    def read(self, start: int, length: int) -> bytes:
        """Return `length` bytes from `start`; all of them, or a FormatError."""
        return self.array(start, (length,), np.dtype(np.uint8)).tobytes()

    def array(self, start: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return the elements from `start` in a new array."""
        self.check(start, prod(shape) * dtype.itemsize)
        array = np.empty(shape, dtype)
        self.fill(start, raw_bytes(array))
        return array

    def check(self, start: int, length: int) -> None:
        """Reject a range beyond the end of the file."""
        if start < 0 or length < 0 or start + length > self.size:
            there = f"{length} bytes at {start} reach beyond its {self.size}"
            raise FormatError(self.name, None, f"is cut short: {there}")

    def fill(self, start: int, target: memoryview) -> None:
        """Fill `target` with the bytes from `start`."""
        self.check(start, len(target))
        done = 0
        try:
            self._raw.seek(start)
            while done < len(target):
                count = self._raw.readinto(target[done:])
                if not count:
                    raise FormatError(self.name, None, f"ends at {start + done}, while it is read")
                done += count
        except OSError as error:
            raise FormatError(self.name, None, f"cannot be read: {error.strerror}") from None


def raw_bytes(array: NDArray[Any]) -> memoryview:
    """Return the memory of a C-contiguous array, to be filled.

    Examples
    --------
    >>> array = np.ones((2, 1), np.uint16)
    >>> raw_bytes(array)[:2] = bytes([0, 1])
    >>> array.tolist()
    [[256], [1]]
    """
    return array.reshape(-1).view(np.uint8).data


@contextmanager
def open_source(path: str | os.PathLike[str], limits: Limits) -> Iterator[Source]:
    """Open a regular file, and refuse empty and too large ones.

    Anything else is closed immediately: no byte of a pipe or a device is read, and opening a pipe
    does not wait for its other end.

    Raises
    ------
    FormatError
        If the file does not exist, cannot be read, is not regular, or exceeds the limits.

    Examples
    --------
    >>> with open_source("/", Limits()) as source:
    ...     pass
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: /: is a directory, not a file
    """
    name = os.path.basename(os.fspath(path)) or os.fspath(path)
    with _opened(path, name) as raw:
        found = os.fstat(raw.fileno())
        if not stat.S_ISREG(found.st_mode):
            kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            raise FormatError(name, None, f"is {kind}, not a file")
        if found.st_size == 0:
            raise FormatError(name, None, "is empty")
        if found.st_size > limits.file_bytes:
            size = f"{found.st_size} bytes, of which {limits.file_bytes} are allowed"
            raise FormatError(name, None, f"is too large: {size}")
        yield Source(raw, name, found.st_size)


def _opened(path: str | os.PathLike[str], name: str) -> FileIO:
    """Return the file at `path`, open but unread."""
    try:
        return FileIO(path, "rb", opener=_open)
    except IsADirectoryError:
        raise FormatError(name, None, "is a directory, not a file") from None
    except OSError as error:
        raise FormatError(name, None, f"cannot be opened: {error.strerror}") from None
    except ValueError as error:
        raise FormatError(name, None, f"cannot be opened: {error}") from None


def _open(path: str, flags: int) -> int:
    """Open without waiting for a writer and without becoming a terminal's owner."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
