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

NICENESS = 10
"""Whoever the kernel is for goes on with NumPy in the meantime, and comes first."""


def main() -> None:
    """Compile whatever is ordered."""
    os.nice(NICENESS)
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
    number = getattr(types, order["dtype"])
    pointers = [
        types.CPointer(types.int64 if name == "held_at" else number) for name in order["pointers"]
    ]
    signature = types.void(
        *[types.int64] * len(order["integers"]), *pointers, *[number] * len(order["floats"])
    )
    space: dict[str, Any] = dict(functions(order["dtype"]))
    exec(order["text"], space)
    bare = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    kernel = compile(signature, **bare, **OPTIONS)(space["kernel"])
    (result,) = kernel.overloads.values()
    code = result.library._codegen._tm.emit_object(result.library._final_module)
    return code, result.fndesc.mangled_name


if __name__ == "__main__":
    main()
