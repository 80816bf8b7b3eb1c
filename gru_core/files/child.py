"""Reads a file in a child process with bounded memory and time.

For untrusted files: if a reader crashes or hangs, only the child does. It writes one letter,
followed by safetensors under our own names for a network, or JSON for an error. Nothing is pickled.
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
from gru_core.files.arrays import own_names, pair, safetensors
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.forms import KEY, describe, forms
from gru_core.files.isolated import command, environment
from gru_core.files.limits import Limits
from gru_core.files.load_save import LIMITS, load
from gru_core.files.source import Source
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq

_NETWORK, _ERROR = b"N", b"E"
_DIED: Final = "cannot be read within the bounds of memory and time"
_CHUNK: Final = 1 << 20
_ERROR_BYTES: Final = 1 << 16
"""Longer than the JSON of any of our errors."""


def load_in_child(
    path: str | os.PathLike[str],
    name: str | None = None,
    *,
    embedding: str | bool = True,
    readout: str | bool = True,
    limits: Limits = LIMITS,
    memory_bytes: int = 1 << 31,
    seconds: float = 20,
) -> Network | Seq2Seq:
    """Return the network in a file, like `load`, but read it in a child process.

    Parameters
    ----------
    path, name, embedding, readout, limits
        As for `load`.
    memory_bytes : int
        Address space of the child, including Python and NumPy (about 300 MB). On systems without
        such limits only the time is bounded.
    seconds : float
        Time limit, including the start of the process.

    Raises
    ------
    FormatError
        As for `load`, or if the child exceeds the time or the memory, or crashes.

    Examples
    --------
    >>> load_in_child("/nowhere/model.npz")
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: model.npz: cannot be opened: No such file or directory
    """
    file = os.path.basename(os.fspath(path))
    what = {"name": name, "embedding": embedding, "readout": readout}
    return _load(os.path.abspath(path), file, what, limits, memory_bytes, seconds)


def load_content_in_child(
    content: int,
    file: str,
    name: str | None = None,
    *,
    limits: Limits = LIMITS,
    memory_bytes: int = 1 << 31,
    seconds: float = 20,
) -> Network | Seq2Seq:
    """Return the network in an open file, such as one that is only in memory.

    Parameters
    ----------
    content : int
        A descriptor of the open file, which stays open.
    file : str
        Its name in errors.
    name, limits, memory_bytes, seconds
        As for `load_in_child`.

    Raises
    ------
    FormatError
        As for `load_in_child`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryFile() as empty:
    ...     load_content_in_child(empty.fileno(), "model.pt")
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: model.pt: is empty
    """
    return _load(
        f"/dev/fd/{content}", file, {"name": name}, limits, memory_bytes, seconds, (content,)
    )


def _load(
    path: str,
    file: str,
    what: dict[str, Any],
    limits: Limits,
    memory_bytes: int,
    seconds: float,
    passed: tuple[int, ...] = (),
) -> Network | Seq2Seq:
    task = {"path": path, "what": what, "limits": asdict(limits)}
    resources = {
        "RLIMIT_AS": memory_bytes,
        "RLIMIT_CPU": int(seconds) + 1,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
    }
    null, end = subprocess.DEVNULL, time.monotonic() + seconds
    try:
        child = subprocess.Popen(
            command("gru_core.files.child", "answer", task, resources),
            stdin=null,
            stdout=subprocess.PIPE,
            stderr=null,
            env=environment(),
            pass_fds=passed,
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
    """Run in the child: read the file and write the result to standard output."""
    out = sys.stdout.buffer
    try:
        network = load(task["path"], **task["what"], limits=Limits(**task["limits"]))
    except FormatError as error:
        out.write(_ERROR + json.dumps([error.entry, error.message, error.choices]).encode())
    else:
        out.write(_NETWORK)
        if isinstance(network, Seq2Seq):
            safetensors.stream(out, *pair.arrays(network, own_names.arrays))
        else:
            safetensors.stream(out, own_names.arrays(network), {KEY: describe(network)})
    out.flush()


def _read(child: subprocess.Popen[bytes], file: str, most: int, end: float) -> tuple[bytes, Source]:
    """Return the child's whole output, or raise an error when the time is up."""
    assert child.stdout is not None
    letter, said, size = b"", io.BytesIO(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        # A child that writes without a pause would never let `select` time out.
        while (left := end - time.monotonic()) > 0 and selector.select(left):
            piece = os.read(child.stdout.fileno(), _CHUNK if letter else 1)
            if not piece:
                return letter, Source(said, file, size)
            if not letter:
                letter = piece
                continue
            size += said.write(piece)
            if size > most:
                raise FormatError(file, None, "returned a larger network than is allowed")
    raise FormatError(file, None, "takes too long to read")


def _error(said: Source) -> FormatError:
    """Return the error that the child wrote, if any."""
    if said.size <= _ERROR_BYTES:
        try:
            entry, message, choices = json.loads(said.read(0, said.size))
        except (ValueError, TypeError, RecursionError):
            entry = message = choices = None
        listed = isinstance(choices, list) and all(isinstance(one, str) for one in choices)
        if isinstance(entry, str | None) and isinstance(message, str) and listed:
            return FormatError(said.name, entry, message, choices)
    return FormatError(said.name, None, _DIED)


def _network(letter: bytes, said: Source, limits: Limits) -> Network | Seq2Seq:
    """Return the network that the child wrote, or raise its error."""
    if letter == _ERROR:
        raise _error(said)
    if letter != _NETWORK:
        raise FormatError(said.name, None, _DIED)
    try:
        entries = safetensors.entries(said, limits)
        network = pair.model(entries, _own) or _own(entries)
    except FormatError:
        raise
    except CoreError as error:
        raise FormatError(said.name, error.field, str(error)) from None
    except MemoryError:
        raise FormatError(said.name, None, _DIED) from None
    if network is None:
        raise FormatError(said.name, None, "returned no network")
    return network


def _own(entries: Entries) -> Network | None:
    return own_names.network(entries, forms(entries))
