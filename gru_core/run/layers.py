"""Which layer of a network something is in, and which direction of it."""

from __future__ import annotations

from typing import Literal

Direction = Literal["forward", "reverse"]

FORWARD: Direction = "forward"
REVERSE: Direction = "reverse"
DIRECTIONS: tuple[Direction, ...] = (FORWARD, REVERSE)
"""In the order in which a layer's states are concatenated."""
