"""Makes the machine code of a kernel callable, with llvmlite, which Numba is built on."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

Call = Callable[..., None]

_ENGINES: list[Any] = []
"""The code of a kernel is freed with its engine, and kernels are kept for good."""


def load(code: bytes, name: str, integers: int, pointers: int, floats: int, dtype: str) -> Call:
    """Return the function of an object file, which releases the interpreter's lock when called.

    Parameters
    ----------
    code : bytes
    name : str
        Of the function in it.
    integers, pointers, floats : int
        The numbers of its arguments.
    dtype : str
        That of the floats.

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
    real = ctypes.c_float if dtype == "float32" else ctypes.c_double
    # Numba's convention: where to put the result and an exception come first, a status is returned.
    # A kernel returns nothing and raises nothing.
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_void_p,
        *[ctypes.c_int64] * integers,
        *[ctypes.c_void_p] * pointers,
        *[real] * floats,
    )
    function = kind(address)
    results = (ctypes.c_void_p * 2)()
    _ENGINES.append(results)
    result = ctypes.addressof(results)
    error = result + ctypes.sizeof(ctypes.c_void_p)

    def call(*arguments: Any) -> None:
        function(result, error, *arguments)

    return call


def machine() -> str:
    """Return the processor, and the versions of what compiles, by which machine code is kept."""
    from importlib.metadata import version

    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features().flatten()
    parts = (version("numba"), version("llvmlite"), llvm.get_host_cpu_name(), features)
    return " ".join(parts)
