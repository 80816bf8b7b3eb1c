"""Everything that the source of a kernel names."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gru_core.compiled.compiler.choices import choices
from gru_core.compiled.compiler.elementary import elementary
from gru_core.compiled.compiler.inlined import array_at, types
from gru_core.compiled.compiler.linear import linear


@cache
def functions(dtype: str) -> dict[str, Any]:
    """Return the constants and functions by name, for float32 or float64."""
    kind = np.dtype(dtype).type
    named: dict[str, Any] = {"one": kind(1), "zero": kind(0), "unbounded": kind(np.inf)}
    named |= {"real": array_at(getattr(types, dtype)), "whole": array_at(types.int64)}
    simple = elementary(dtype)
    return named | linear(kind) | simple | choices(kind, simple)
