"""Keeps the machine code of kernels on disk, for this user and this machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gru_core.compiled.source import Source

DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Code:
    """The machine code of a kernel.

    Attributes
    ----------
    name : str
        Of its function.
    object_file : bytes
    """

    name: str
    object_file: bytes


def folder() -> Path:
    """Return the folder of the kernels: ``gruscope/kernels`` in the user's cache."""
    if found := os.environ.get("XDG_CACHE_HOME"):
        base = Path(found)
    elif os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path.home() / ".cache"
    return base / "gruscope" / "kernels"


def key_of(source: Source, dtype: str, machine: str) -> str:
    """Return the name of a kernel's file: another source, compiler or processor gives another."""
    return hashlib.sha256(
        "\0".join((source.text, dtype, machine, _compiler())).encode()
    ).hexdigest()


@cache
def _compiler() -> str:
    """Return the text of our part of the compiler."""
    files = sorted(Path(__file__).with_name("compiler").glob("*.py"))
    return "\0".join(file.read_text(encoding="utf-8") for file in files)


def read(key: str) -> Code | None:
    """Return the code of a kernel, or None if it is not there or not whole."""
    try:
        data = (folder() / key).read_bytes()
    except (OSError, RuntimeError):  # no home
        return None
    digest, rest = data[:DIGEST], data[DIGEST:]
    if hashlib.sha256(rest).digest() != digest:
        return None
    name, _, object_file = rest.partition(b"\0")
    return Code(name.decode(), object_file)


def write(key: str, code: Code) -> None:
    """Keep the code of a kernel; a folder that cannot be written is no error.

    The file appears whole under its name, so two processes may write it at the same time.
    """
    rest = code.name.encode() + b"\0" + code.object_file
    with contextlib.suppress(OSError, RuntimeError):
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(rest).digest() + rest)
            os.replace(name, place / key)
        except OSError:
            os.unlink(name)
            raise
