"""Damaged files, for which a reader must return a network or raise a FormatError.

GRUSCOPE_FUZZ_SECONDS is the time of each reader, whose targets share it; without it each target
has a fixed number of examples.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from gru_core.files.errors import FormatError

SECONDS = float(os.environ.get("GRUSCOPE_FUZZ_SECONDS", "0"))
EXAMPLES = 150

NUMBERS = [b"\0" * 8, b"\xff" * 8, b"\xff" * 7 + b"\x7f", b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x80"]


@st.composite
def damaged(draw: st.DrawFn, valid: Sequence[bytes]) -> bytes:
    """Draw a valid file with up to eight injuries, or, now and then, plain noise."""
    data = draw(st.sampled_from(valid))
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(1, 64))
        kind = draw(st.integers(0, 6))
        if kind == 0:
            data = data[:place]
        elif kind == 1:
            data = data[:place] + data[place + length :]
        elif kind == 2:
            data = data[:place] + draw(st.binary(max_size=16)) + data[place:]
        elif kind == 3:
            data = data[: place + length] + data[place:]
        elif kind == 4:
            number = draw(st.sampled_from(NUMBERS))
            data = data[:place] + number + data[place + len(number) :]
        elif kind == 5:
            data = data[:place] + draw(st.sampled_from(valid))[place:]
        elif data[place : place + 1]:
            bit = 1 << draw(st.integers(0, 7))
            data = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
    return data


def fuzz(
    read: Callable[[Path], object],
    valid: Sequence[bytes],
    path: Path,
    wrap: Callable[[bytes], bytes] = bytes,
    targets: int = 1,
) -> int:
    """Let `read` open damaged files at `path`; return how many.

    `wrap` is applied after the damage: it packs a damaged member into a sound archive, so that a
    checksum does not stand before everything behind it. `targets` is how many there are of this
    reader.
    """
    count = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=damaged(valid))
    def target(data: bytes) -> None:
        nonlocal count
        count += 1
        path.write_bytes(wrap(data))
        try:
            read(path)
        except FormatError as error:
            assert error.file == path.name
            assert str(error).isprintable()

    end = time.monotonic() + SECONDS / targets
    while True:
        seed(count)(target)()
        if time.monotonic() >= end:
            return count
