"""Reads a file in a process of its own, whose memory and time are bounded.

For files that strangers send: whatever a reader does wrong, it does there. The child is a fresh
Python, not a fork, so that it may be started from a server with threads. What comes back is one
letter and, for a network, safetensors under our own names; for an error, JSON. Nothing is pickled.
"""

import io
import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any, Final

from gru_core.errors import CoreError
from gru_core.files.arrays import own_names, safetensors
from gru_core.files.errors import FormatError
from gru_core.files.forms import KEY, describe, forms
from gru_core.files.limits import Limits
from gru_core.files.load_save import LIMITS, load
from gru_core.files.source import Source
from gru_core.network.network import Network

_NETWORK, _ERROR = b"N", b"E"
_DIED: Final = "cannot be read within the bounds of memory and time"
_CHUNK: Final = 1 << 20
_ERROR_BYTES: Final = 1 << 16
"""More than any error of ours has as JSON."""
_KEPT: Final = {
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG",
}  # fmt: skip
"""Variables that a Python may need to start."""

_PROGRAM = """
import json, sys
task = json.loads(sys.argv[1])
try:
    import resource
except ImportError:
    pass
else:
    for limit, value in task["resources"].items():
        limit = getattr(resource, limit)
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
sys.path[:] = task["modules"]
from gru_core.files.child import answer
answer(task)
"""
"""Bounds come first, before the child imports anything large."""


def load_in_child(
    path: str | os.PathLike[str],
    name: str | None = None,
    *,
    limits: Limits = LIMITS,
    memory_bytes: int = 1 << 31,
    seconds: float = 20,
) -> Network:
    """Return the network in a file, as `load` does, read by a child process.

    Parameters
    ----------
    path, name, limits
        As for `load`.
    memory_bytes : int
        Address space the child may have, Python and NumPy included (about 300 MB). Only the time is
        bounded where the system has no such limits.
    seconds : float
        How long it may take, its start included.

    Raises
    ------
    FormatError
        As for `load`; and if the child takes too long, too much memory, or dies.

    Examples
    --------
    >>> load_in_child("/nowhere/model.npz")
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: model.npz: cannot be opened: No such file or directory
    """
    file = os.path.basename(os.fspath(path))
    task = {
        "path": os.path.abspath(path),
        "name": name,
        "limits": asdict(limits),
        "modules": [entry or os.getcwd() for entry in sys.path],
        "resources": {
            "RLIMIT_AS": memory_bytes,
            "RLIMIT_CPU": int(seconds) + 1,
            "RLIMIT_CORE": 0,
            "RLIMIT_FSIZE": 0,
        },
    }
    command = [sys.executable, "-I", "-c", _PROGRAM, json.dumps(task)]
    null, end = subprocess.DEVNULL, time.monotonic() + seconds
    try:
        child = subprocess.Popen(
            command, stdin=null, stdout=subprocess.PIPE, stderr=null, env=_environment()
        )
    except OSError as error:
        raise FormatError(file, None, f"no process to read it in: {error.strerror}") from None
    with child:
        try:
            most = min(1 + 2 * limits.header_bytes + 8 * limits.parameters, memory_bytes)
            letter, said = _read(child, file, most, end)
        finally:
            child.kill()
    return _network(letter, said, limits)


def answer(task: dict[str, Any]) -> None:
    """Do in the child what it was started for: read, and write the result to its output."""
    out = sys.stdout.buffer
    try:
        network = load(task["path"], task["name"], limits=Limits(**task["limits"]))
    except FormatError as error:
        out.write(_ERROR + json.dumps([error.entry, error.message]).encode())
    else:
        out.write(_NETWORK)
        safetensors.stream(out, own_names.arrays(network), {KEY: describe(network)})
    out.flush()


def _environment() -> dict[str, str]:
    """Return the child's environment: nobody's secrets, one thread for NumPy."""
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith("LC_")}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return kept | dict.fromkeys(threads, "1")


def _read(child: subprocess.Popen[bytes], file: str, most: int, end: float) -> tuple[bytes, Source]:
    """Return the letter and what follows it, all that the child says before the time is up."""
    assert child.stdout is not None
    letter, said, size = b"", io.BytesIO(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        # A child that never stops talking has always something to read: look at the clock too.
        while (left := end - time.monotonic()) > 0 and selector.select(left):
            piece = os.read(child.stdout.fileno(), _CHUNK if letter else 1)
            if not piece:
                return letter, Source(said, file, size)
            if not letter:
                letter = piece
                continue
            size += said.write(piece)
            if size > most:
                raise FormatError(file, None, "gives a larger network than is allowed")
    raise FormatError(file, None, "takes too long to read")


def _error(said: Source) -> FormatError:
    """Return the error that the child met, if what it says is one."""
    if said.size <= _ERROR_BYTES:
        try:
            entry, message = json.loads(said.read(0, said.size))
        except (ValueError, TypeError, RecursionError):
            entry = message = None
        if isinstance(entry, str | None) and isinstance(message, str):
            return FormatError(said.name, entry, message)
    return FormatError(said.name, None, _DIED)


def _network(letter: bytes, said: Source, limits: Limits) -> Network:
    """Return the network that the child found, or raise its error."""
    if letter == _ERROR:
        raise _error(said)
    if letter != _NETWORK:
        raise FormatError(said.name, None, _DIED)
    try:
        entries = safetensors.entries(said, limits)
        network = own_names.network(entries, forms(entries))
    except FormatError:
        raise
    except CoreError as error:
        raise FormatError(said.name, error.field, str(error)) from None
    except MemoryError:
        raise FormatError(said.name, None, _DIED) from None
    if network is None:
        raise FormatError(said.name, None, "gave no network")
    return network
