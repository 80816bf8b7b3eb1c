"""The two ways to compute, one beside the other in one process."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from unittest import mock

import pytest

from gru_core.compiled.kernels import Kernels

NUMPY = Kernels("0")
COMPILED = Kernels("wait")

USERS = ("gru_core.cells.base", "gru_core.cells.derivatives", "gru_core.cells.passes")
"""The modules that ask for kernels."""

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")


@contextmanager
def patched(kernels: Kernels) -> Iterator[None]:
    """Compute with some kernels, or with NumPy where they fail."""
    with ExitStack() as stack:
        for module in USERS:
            stack.enter_context(mock.patch(f"{module}.kernels", lambda: kernels))
        yield


@contextmanager
def using(kernels: Kernels) -> Iterator[None]:
    """Compute everything with some kernels, none of which may fail."""
    with patched(kernels):
        yield
    assert kernels.problem is None, kernels.problem


def is_running(number: int) -> bool:
    """Return whether there is a process of this number that nobody has waited for."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
