"""How to start a Python process with bounded resources and no secrets in its environment.

It is a new Python process, not a fork, so that a server with threads can start it.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, Final

_KEPT: Final = {
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG",
}  # fmt: skip
"""Environment variables that Python may need to start."""

_PROGRAM = """
import importlib, json, sys
call = json.loads(sys.argv[1])
try:
    import resource
except ImportError:
    pass
else:
    for limit, value in call["resources"].items():
        limit = getattr(resource, limit)
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
sys.path[:] = call["modules"]
getattr(importlib.import_module(call["module"]), call["function"])(call["task"])
"""
"""The limits are set before the process imports anything large."""


def command(
    module: str, function: str, task: Mapping[str, Any], resources: Mapping[str, int]
) -> list[str]:
    r"""Return the command of a process that calls a function of a module with a task.

    Parameters
    ----------
    module, function : str
    task : mapping
        Its argument, as JSON.
    resources : mapping of str to int
        Limits of Python's module ``resource`` by name, such as ``"RLIMIT_AS"``; ignored on systems
        without them.

    Examples
    --------
    >>> import subprocess
    >>> call = command("builtins", "print", {"a": 1}, {"RLIMIT_CORE": 0})
    >>> subprocess.run(call, env=environment(), capture_output=True, text=True).stdout
    "{'a': 1}\n"
    """
    call = {
        "module": module,
        "function": function,
        "task": task,
        "modules": [entry or os.getcwd() for entry in sys.path],
        "resources": resources,
    }
    return [sys.executable, "-I", "-c", _PROGRAM, json.dumps(call)]


def environment() -> dict[str, str]:
    """Return the process's environment: no secrets, and one thread for NumPy.

    Examples
    --------
    >>> environment()["OPENBLAS_NUM_THREADS"]
    '1'
    """
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith("LC_")}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return kept | dict.fromkeys(threads, "1")
