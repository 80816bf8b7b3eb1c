"""The directions of a layer."""

from __future__ import annotations

from typing import Literal

Direction = Literal["forward", "reverse"]

FORWARD: Direction = "forward"
REVERSE: Direction = "reverse"
DIRECTIONS: tuple[Direction, ...] = (FORWARD, REVERSE)
"""The directions, in the order in which a layer's states are concatenated."""
