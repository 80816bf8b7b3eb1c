"""Frames survive a pipe that delivers them in pieces."""

import io
import random

from gruscope.training.frames import Frame, pack, read

FRAMES = [
    Frame({"kind": "pause"}),
    Frame({"kind": "snapshot", "step": 3, "loss": 0.25, "dropped": [1, 2]}, b"\0\xff" * 500),
    Frame({"kind": "ended", "note": "größer"}),
]


class Drip(io.RawIOBase):
    """A pipe of which each read returns only some of the bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)
        self._random = random.Random(0)

    def readinto(self, buffer: memoryview) -> int:
        piece = self._content.read(self._random.randint(1, max(1, len(buffer))))
        buffer[: len(piece)] = piece
        return len(piece)


def test_frames_come_out_as_they_went_in() -> None:
    pipe = Drip(b"".join(map(pack, FRAMES)))
    assert [read(pipe) for _ in FRAMES] == FRAMES
    assert read(pipe) is None


def test_a_frame_that_is_cut_short_in_its_lengths_is_the_end() -> None:
    assert read(Drip(pack(FRAMES[0])[:5])) is None
