"""How Numba compiles everything here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}}
"""Division by 0 gives infinity, as in NumPy; a product and a sum may become one instruction."""

F = TypeVar("F", bound=Callable[..., Any])


def inlined(function: F) -> F:
    """Let kernels call a function."""
    return cast(F, njit(**OPTIONS)(function))
