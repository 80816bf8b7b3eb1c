"""Bounds on a file, checked before anything is read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on one file; beyond them it is refused with a `FormatError`.

    Parameters
    ----------
    file_bytes : int
        Size of the file, and of everything in it once decompressed.
    parameters : int
        Numbers in all arrays of the file together.
    entries : int
        Arrays, members of an archive or nodes of a graph.
    header_bytes : int
        A part that has to be parsed: a header, a table of contents, a pickle or a configuration.
    operations : int
        Steps taken to interpret such a part.
    depth : int
        How far containers, groups or graphs may be nested.
    name_characters : int
        Length of a name within the file.
    ratio : int
        Decompressed bytes per compressed byte, for entries of more than 1 MiB.

    Examples
    --------
    >>> Limits(parameters=1000).header_bytes
    4194304
    """

    file_bytes: int = 1 << 30
    parameters: int = 200_000_000
    entries: int = 10_000
    header_bytes: int = 4 << 20
    operations: int = 500_000
    depth: int = 64
    name_characters: int = 500
    ratio: int = 100
