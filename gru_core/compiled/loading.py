"""Makes the machine code of a kernel callable, with llvmlite, which Numba is built on."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from typing import Any

Call = Callable[[int, int, int], object]

_ENGINES: list[Any] = []
"""The code of a kernel is freed with its engine, and kernels are kept for good."""

_KIND = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 5)
"""Numba's convention: where to put the result and an exception come first, a status is returned.
A kernel returns nothing and raises nothing. The other three are its integers, pointers and floats.
"""


def load(code: bytes, name: str) -> Call:
    """Return the function of an object file, which releases the interpreter's lock when called.

    Parameters
    ----------
    code : bytes
    name : str
        Of the function in it.

    Raises
    ------
    RuntimeError, ValueError
        If the code cannot be loaded here.
    """
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(name)
    if not address:
        raise ValueError(f"expected a function named {name} in the kernel's code, got none")
    _ENGINES.append(engine)
    function = _KIND(address)
    results = (ctypes.c_void_p * 2)()
    _ENGINES.append(results)
    result = ctypes.addressof(results)
    return partial(function, result, result + ctypes.sizeof(ctypes.c_void_p))


def machine() -> str:
    """Return the processor, and the versions of what compiles, by which machine code is kept."""
    from importlib.metadata import version

    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features().flatten()
    parts = (version("numba"), version("llvmlite"), llvm.get_host_cpu_name(), features)
    return " ".join(parts)
