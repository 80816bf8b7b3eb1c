"""Frames on the pipes between the server and a training process: a header in JSON, then bytes."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO, NamedTuple

LENGTHS = struct.Struct("<II")
"""The lengths of a frame's header and of its bytes."""


class Frame(NamedTuple):
    """A frame.

    Attributes
    ----------
    header : dict
        With the frame's ``kind``.
    body : bytes
        A safetensors file, or nothing.
    """

    header: dict[str, Any]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """The kind of the frame."""
        return str(self.header["kind"])


def pack(frame: Frame) -> bytes:
    """Return a frame as bytes.

    Examples
    --------
    >>> pack(Frame({"kind": "stop"}))[LENGTHS.size:]
    b'{"kind":"stop"}'
    """
    head = json.dumps(frame.header, separators=(",", ":"), allow_nan=False).encode()
    return LENGTHS.pack(len(head), len(frame.body)) + head + frame.body


def read(pipe: BinaryIO) -> Frame | None:
    """Read one frame from an unbuffered pipe, or return None at its end."""
    lengths = _exactly(pipe, LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    return Frame(json.loads(_exactly(pipe, head)), _exactly(pipe, body))


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    """Return as many bytes, which may come in pieces; fewer at the end of the pipe."""
    pieces = []
    while count > 0 and (piece := pipe.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
