"""The table of contents of a zip file, read strictly.

It is checked as a whole before anything is unpacked: sizes, compression ratios, names, and that no
two members share bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source

_END, _END_MARK = struct.Struct("<4s4H2LH"), b"PK\5\6"
_LOCATOR, _LOCATOR_MARK = struct.Struct("<4sLQL"), b"PK\6\7"
_END_64, _END_64_MARK = struct.Struct("<4sQ2H2L4Q"), b"PK\6\6"
_RECORD, _RECORD_MARK = struct.Struct("<4s6H3L5H2L"), b"PK\1\2"
_LOCAL, _LOCAL_MARK = struct.Struct("<4s5H3L2H"), b"PK\3\4"

_STORED, _DEFLATED = 0, 8
_UTF8 = 1 << 11
_FLAGS: Final = _UTF8 | 0b1110
"""UTF-8 names, sizes repeated after the data, and how hard it was compressed."""
_SMALL: Final = 1 << 20
_SYMLINK = 0o12


@dataclass(frozen=True)
class Member:
    """One member of an archive: the place, length and checksum of its bytes."""

    name: str
    start: int
    packed: int
    size: int
    deflated: bool
    crc: int


class _Record(NamedTuple):
    """A member's entry in the table of contents."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


def members(source: Source, limits: Limits) -> Iterator[Member]:
    """Yield the members of a zip file, without folders, in the order of their bytes.

    Raises
    ------
    FormatError
        For anything unusual in a zip file: encryption, methods other than stored and deflated,
        duplicate names or names outside the archive, overlapping members, links, several disks, a
        misplaced table, and anything beyond the limits.

    Examples
    --------
    >>> import io, zipfile
    >>> file = io.BytesIO()
    >>> with zipfile.ZipFile(file, "w") as archive:
    ...     archive.writestr("a.txt", "gates")
    >>> next(members(Source(file, "a.zip", file.tell()), Limits()))
    Member(name='a.txt', start=35, packed=5, size=5, deflated=False, crc=3973362638)
    """
    directory, count, offset = _directory(source, limits)
    return _members(source, list(_records(source, directory, count)), offset, limits)


def _directory(source: Source, limits: Limits) -> tuple[bytes, int, int]:
    """Return the table of contents, its number of members and its offset."""
    tail_start = max(0, source.size - _END.size - 0xFFFF)
    tail = source.read(tail_start, source.size - tail_start)
    place = tail.rfind(_END_MARK)
    while place >= 0 and not _ends(tail, place):
        place = tail.rfind(_END_MARK, 0, place)
    if place < 0:
        raise FormatError(source.name, None, "is cut short: its zip table of contents is missing")
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(tail, place)
    end = tail_start + place
    if end >= _LOCATOR.size:
        mark, _, end_64, _ = _LOCATOR.unpack(source.read(end - _LOCATOR.size, _LOCATOR.size))
        if mark == _LOCATOR_MARK:
            numbers = _END_64.unpack(source.read(end_64, _END_64.size))
            _, _, _, _, disk, first_disk, here, count, size, offset = numbers
            if numbers[0] != _END_64_MARK:
                raise FormatError(source.name, None, "has a damaged zip64 end record")
            end = end_64
    if disk or first_disk or here != count:
        raise FormatError(source.name, None, "is one of several volumes of a zip archive")
    if count > limits.entries:
        raise FormatError(source.name, None, f"has {count} members, {limits.entries} are allowed")
    if size > limits.header_bytes:
        allowed = f"of which {limits.header_bytes} are allowed"
        raise FormatError(source.name, None, f"has {size} bytes of contents, {allowed}")
    if offset + size != end:
        raise FormatError(source.name, None, "has a zip table of contents that is out of place")
    return source.read(offset, size), count, offset


def _ends(tail: bytes, place: int) -> bool:
    """Return whether there is an end record at `place`: its comment reaches to the file's end."""
    whole = place + _END.size
    return whole <= len(tail) and whole + _END.unpack_from(tail, place)[-1] == len(tail)


def _records(source: Source, directory: bytes, count: int) -> Iterator[_Record]:
    """Yield the entries of the table of contents."""
    place = 0
    for _ in range(count):
        if place + _RECORD.size > len(directory):
            raise FormatError(source.name, None, "lists fewer members than it claims")
        fields = _RECORD.unpack_from(directory, place)
        mark, _, _, flags, method, _, _, crc, packed, size = fields[:10]
        name_size, extra_size, comment_size, disk, _, attributes, offset = fields[10:]
        if mark != _RECORD_MARK or disk not in (0, 0xFFFF):
            raise FormatError(source.name, None, "has a damaged zip table of contents")
        place += _RECORD.size
        name = directory[place : place + name_size]
        extra = directory[place + name_size : place + name_size + extra_size]
        place += name_size + extra_size + comment_size
        size, packed, offset = _large(source, extra, [size, packed, offset])
        yield _Record(name, flags, method, crc, packed, size, offset, attributes >> 28)
    if place != len(directory):
        raise FormatError(source.name, None, "lists other members than it claims")


def _large(source: Source, extra: bytes, numbers: list[int]) -> list[int]:
    """Return an entry's numbers, with those that exceed 32 bits from the zip64 field."""
    if 0xFFFFFFFF not in numbers:
        return numbers
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            body = extra[place + 4 : place + 4 + length]
            large = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            return [next(large, n) if n == 0xFFFFFFFF else n for n in numbers]
        place += 4 + length
    raise FormatError(source.name, None, "has a member without its zip64 sizes")


def _members(source: Source, records: list[_Record], end: int, limits: Limits) -> Iterator[Member]:
    """Yield members, each checked against the file, the limits and the ones before it."""
    taken, total, packed = 0, 0, 0
    seen: set[str] = set()
    for record in sorted(records, key=lambda record: record.offset):
        name = _name(source, record, limits)
        if name in seen:
            raise FormatError(source.name, name, "is in the archive twice")
        seen.add(name)
        _check_kind(source, record, name)
        total += record.size
        packed += record.packed
        if total > limits.file_bytes:
            allowed = f"of which {limits.file_bytes} are allowed"
            raise FormatError(source.name, name, f"unpacks to {record.size} bytes, {allowed}")
        if record.size > max(_SMALL, limits.ratio * record.packed):
            sizes = f"from {record.packed} to {record.size} bytes"
            raise FormatError(source.name, name, f"would grow {sizes}, like a zip bomb")
        beside = FormatError(source.name, name, "overlaps the member beside it")
        if record.offset < taken:
            raise beside
        start = _start(source, record, name)
        if start + record.packed > end:
            raise beside
        taken = start + record.packed
        deflated = record.method == _DEFLATED
        if not name.endswith("/"):
            yield Member(name, start, record.packed, record.size, deflated, record.crc)
    if total > max(_SMALL, limits.ratio * packed):
        sizes = f"from {packed} to {total} bytes"
        raise FormatError(source.name, None, f"would grow {sizes}, like many small zip bombs")


def _name(source: Source, record: _Record, limits: Limits) -> str:
    """Return a member's name if it is a relative path within a folder."""
    try:
        name = record.name.decode("utf-8" if record.flags & _UTF8 else "cp437")
    except UnicodeDecodeError:
        raise FormatError(source.name, repr(record.name), "has a name that is not UTF-8") from None
    if len(name) > limits.name_characters:
        raise FormatError(source.name, name, f"has a name of {len(name)} characters")
    parts = name.replace("\\", "/").removesuffix("/").split("/")
    if not {"", ".", ".."}.isdisjoint(parts) or "\0" in name or name[1:2] == ":":
        raise FormatError(source.name, name, "has a name that leads out of the archive")
    return name


def _check_kind(source: Source, record: _Record, name: str) -> None:
    """Refuse encryption, links and unknown methods."""
    if record.flags & 1:
        raise FormatError(source.name, name, "is encrypted")
    if record.flags & ~_FLAGS:
        raise FormatError(source.name, name, f"has the zip flags 0x{record.flags:x}")
    if record.mode == _SYMLINK:
        raise FormatError(source.name, name, "is a symbolic link")
    if record.method not in (_STORED, _DEFLATED):
        known = "stored and deflated are known"
        raise FormatError(source.name, name, f"has the zip method {record.method}; {known}")
    if record.method == _STORED and record.packed != record.size:
        sizes = f"{record.packed} bytes hold {record.size}"
        raise FormatError(source.name, name, f"is stored uncompressed, but {sizes}")
    if name.endswith("/") and record.size:
        raise FormatError(source.name, name, "is a folder with content")


def _start(source: Source, record: _Record, name: str) -> int:
    """Return the offset of a member's bytes, after checking its local header."""
    fields = _LOCAL.unpack(source.read(record.offset, _LOCAL.size))
    mark, _, flags, method, *_, name_size, extra_size = fields
    place = record.offset + _LOCAL.size
    same = (mark, method, flags & 1, name_size) == (
        _LOCAL_MARK, record.method, 0, len(record.name)
    )  # fmt: skip
    if not same or source.read(place, name_size) != record.name:
        raise FormatError(source.name, name, "differs from what the table of contents says")
    return int(place + name_size + extra_size)
