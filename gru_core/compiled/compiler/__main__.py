"""Compiles kernels in a process of its own, so that no one waits for Numba or pays for its memory.

It reads orders from its standard input, one JSON object to a line, and answers each on its standard
output: a line of JSON with the size of the machine code and the seconds it took, then the code, an
object file. It ends with its input.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    """Compile whatever is ordered, with the niceness that the first argument says."""
    if sys.platform != "win32":
        os.nice(int(sys.argv[1]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    for line in sys.stdin:
        began = time.perf_counter()
        order = json.loads(line)
        try:
            code, name = compiled(order)
        except Exception as error:
            answer: dict[str, Any] = {"error": f"{type(error).__name__}: {error}", "size": 0}
            code = b""
        else:
            answer = {"size": len(code), "name": name}
        answer["seconds"] = round(time.perf_counter() - began, 3)
        out.write(json.dumps(answer).encode() + b"\n" + code)
        out.flush()


def compiled(order: dict[str, Any]) -> tuple[bytes, str]:
    """Return a kernel's object file and the name of its function."""
    import numba

    from gru_core.compiled.compiler.functions import functions
    from gru_core.compiled.compiler.inlined import OPTIONS

    compile: Any = numba.njit
    types: Any = numba.types
    whole, real = (types.CPointer(kind) for kind in (types.int64, getattr(types, order["dtype"])))
    signature = types.void(whole, whole, real)
    space: dict[str, Any] = dict(functions(order["dtype"]))
    exec(order["text"], space)
    bare = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    kernel = compile(signature, **bare, **OPTIONS)(space["kernel"])
    (result,) = kernel.overloads.values()
    code = result.library._codegen._tm.emit_object(result.library._final_module)
    return code, result.fndesc.mangled_name


if __name__ == "__main__":
    main()
