"""Checks shared by several messages."""

from __future__ import annotations

from gruscope.wire.errors import refuse


def check_index(field: str, index: int, size: int) -> None:
    """Refuse an index beyond the size."""
    if index >= size:
        raise refuse("range", field, f"be less than {size}", index)
