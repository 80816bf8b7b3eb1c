"""Reads an object from a JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gru_core.files.errors import FormatError


def read_object(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; raises `FormatError` if it holds none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FormatError(path.name, None, f"expected JSON in UTF-8, got {error}") from None
    if not isinstance(found, dict):
        raise FormatError(path.name, None, f"expected an object, got {found!r:.60}")
    return found
