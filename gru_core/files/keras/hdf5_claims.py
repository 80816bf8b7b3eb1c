"""Checks of the claims in an HDF5 file that its library trusts."""

import struct
from collections.abc import Iterator

from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits

_HEAP, _COLLECTION, _OBJECT = b"GCOL\1", struct.Struct("<8xQ"), struct.Struct("<HH4xQ")
_SIZES = {0: slice(13, 15), 1: slice(13, 15), 2: slice(9, 11), 3: slice(9, 11)}
"""The place of the widths of addresses and lengths in the superblock, by version."""


def check_heaps(image: bytes, file: str, limits: Limits) -> None:
    """Check the heaps in which HDF5 stores texts: some damaged ones would hang the library.

    Parameters
    ----------
    image : bytes
        The whole file.
    file : str
        For errors.
    limits : Limits

    Raises
    ------
    FormatError
        If a heap's objects do not follow one another to its end, or addresses are not of 8 bytes.

    Examples
    --------
    >>> check_heaps(bytes(13) + bytes([8, 8]), "model.h5", Limits())
    """
    widths = image[_SIZES.get(image[8] if len(image) > 8 else 4, slice(0))]
    if widths != bytes([8, 8]):
        raise FormatError(file, None, "is damaged, or not HDF5 as Keras writes it: its superblock")
    steps, place = 0, image.find(_HEAP)
    while place >= 0:
        for reached in _objects(image, place):
            steps += 1
            if not reached or steps > limits.operations:
                raise FormatError(file, None, f"is damaged: the heap of texts at {place}")
        place = image.find(_HEAP, place + 1)


def _objects(image: bytes, start: int) -> Iterator[bool]:
    """Step through the objects of a heap; yield whether each is within it."""
    size = 0
    if start + _COLLECTION.size <= len(image):
        (size,) = _COLLECTION.unpack_from(image, start)
    place, end = start + _COLLECTION.size, start + size
    yield place <= end <= len(image)
    while place + _OBJECT.size <= end:
        index, _, length = _OBJECT.unpack_from(image, place)
        step = _OBJECT.size + (length + 7) // 8 * 8 if index else length
        place += step
        yield step >= _OBJECT.size and place <= end


def claims(image: bytes, name: bytes, count: int) -> Iterator[int]:
    """Yield the claimed length of each attribute's texts; the library would allocate it unchecked.

    The attribute's message is version, sizes of name, type and space, then these three, from
    version 2 on without padding, then length and place of each of `count` texts, in 16 bytes.

    Examples
    --------
    >>> list(claims(b"", b"name", 1))
    []
    """
    place = image.find(name + b"\0")
    while place >= 0:
        for before, versions in ((8, (1, 2)), (9, (3,))):
            if place < before or image[place - before] not in versions:
                continue
            sizes = struct.unpack_from("<3H", image, place - before + 2)
            if image[place - before] == 1:
                sizes = tuple((size + 7) // 8 * 8 for size in sizes)
            start = place + sum(sizes)
            if sizes[0] > len(name) and start + 16 * count - 12 <= len(image):
                yield sum(struct.unpack_from("<I", image, start + 16 * i)[0] for i in range(count))
        place = image.find(name + b"\0", place + 1)
