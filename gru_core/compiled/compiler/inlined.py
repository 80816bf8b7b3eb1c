"""How Numba compiles everything here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba import extending, njit

OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}}
"""Division by 0 gives infinity, as in NumPy; a product and a sum may become one instruction."""

types: Any = numba.types

F = TypeVar("F", bound=Callable[..., Any])


def inlined(function: F) -> F:
    """Let kernels call a function."""
    return cast(F, njit(**OPTIONS)(function))


def intrinsic(function: F) -> F:
    """Let a function write the instructions of a kernel itself."""
    return cast(F, extending.intrinsic(function))


def array_at(kind: Any) -> Any:
    """Return a function of an address that gives the pointer to an array there."""
    pointer = types.CPointer(kind)

    @intrinsic
    def found(typing_context: Any, address: Any) -> Any:
        def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return pointer(address), cast

    return found
