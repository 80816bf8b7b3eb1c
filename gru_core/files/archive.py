"""Zip archives, such as .npz, .pt and .keras files: members by name, streamed one at a time."""

import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source, raw_bytes
from gru_core.files.zip_contents import Member, members

_CHUNK: Final = 1 << 16


class Archive:
    """The members of a zip file by name.

    Parameters
    ----------
    source : Source
    limits : Limits

    Raises
    ------
    FormatError
        As for `members`.

    Examples
    --------
    >>> import io, zipfile
    >>> file = io.BytesIO()
    >>> with zipfile.ZipFile(file, "w") as archive:
    ...     archive.writestr("a.txt", "gates")
    >>> archive = Archive(Source(file, "a.zip", file.tell()), Limits())
    >>> archive.read("a.txt", 100)
    b'gates'
    """

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.file = source.name
        self.members = {member.name: member for member in members(source, limits)}
        # torch.serialization.set_crc32_options(False) leaves all of them 0.
        self.has_checksums = any(member.crc for member in self.members.values())

    def read(self, name: str, most: int) -> bytes:
        """Return the bytes of a member that has no more than `most` of them."""
        member = self.members[name]
        if member.size > most:
            sizes = f"{member.size} bytes, of which {most} are allowed"
            raise FormatError(self.file, name, f"is too large: {sizes}")
        return self.array(name).tobytes()

    def array(self, name: str) -> NDArray[np.uint8]:
        """Return the bytes of a member as an array."""
        stream = Stream(self, self.members[name])
        array = np.empty(stream.member.size, np.uint8)
        stream.fill(array)
        stream.finish()
        return array


class Stream:
    """The bytes of one member from its beginning on, their checksum checked at the end.

    Parameters
    ----------
    archive : Archive
    member : Member

    Examples
    --------
    See `Archive`.
    """

    def __init__(self, archive: Archive, member: Member) -> None:
        self.member = member
        self._file = archive.file
        self._source = archive.source
        self._taken = 0
        self._left = member.size
        self._crc = 0
        self._checksum = archive.has_checksums
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
        self._input = b""

    def read(self, length: int) -> bytes:
        """Return the next bytes, as many as asked for."""
        if length > self._left:
            raise FormatError(self._file, self.member.name, "is cut short")
        array = np.empty(length, np.uint8)
        self.fill(array)
        return array.tobytes()

    def fill(self, array: NDArray[Any]) -> None:
        """Fill a C-contiguous array with the next bytes."""
        target = raw_bytes(array)
        if len(target) > self._left:
            raise FormatError(self._file, self.member.name, "is cut short")
        if self._inflater is None:
            self._source.fill(self.member.start + self._taken, target)
            self._taken += len(target)
        else:
            self._inflate(target)
        self._left -= len(target)
        self._crc = zlib.crc32(target, self._crc)

    def finish(self) -> None:
        """Read the rest and check that it ends in the right place, with the right checksum."""
        while self._left:
            self.read(min(self._left, _CHUNK))
        if self._inflater is not None and self._next(1):
            raise FormatError(self._file, self.member.name, "unpacks to more than it claims")
        if self._checksum and self._crc != self.member.crc:
            raise FormatError(self._file, self.member.name, "is damaged: its checksum is wrong")

    def _inflate(self, target: memoryview) -> None:
        done = 0
        while done < len(target):
            piece = self._next(min(len(target) - done, _CHUNK))
            if not piece:
                raise FormatError(self._file, self.member.name, "unpacks to less than it claims")
            target[done : done + len(piece)] = piece
            done += len(piece)

    def _next(self, most: int) -> bytes:
        """Return up to `most` unpacked bytes, none only at the end."""
        assert self._inflater is not None
        while not self._inflater.eof:
            if not self._input and self._taken < self.member.packed:
                length = min(_CHUNK, self.member.packed - self._taken)
                self._input = self._source.read(self.member.start + self._taken, length)
                self._taken += length
            try:
                piece = self._inflater.decompress(self._input, most)
            except zlib.error as error:
                name = self.member.name
                raise FormatError(self._file, name, f"is damaged: {error}") from None
            consumed = len(self._input) - len(self._inflater.unconsumed_tail)
            self._input = self._inflater.unconsumed_tail
            if piece:
                return piece
            if not consumed and not self._input and self._taken == self.member.packed:
                break
        return b""
