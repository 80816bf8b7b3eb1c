"""The page's files, kept in memory, each at an address that changes with its content."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path, PurePosixPath
from posixpath import normpath
from threading import Lock

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
IMPORT = re.compile(r'^import [^;]*"(\.{1,2}/[\w./-]+\.js)";', re.M)
# Chromium then compiles the script on another thread instead of function by function on first use.
COMPILE_AHEAD = b"//# allFunctionsCalledOnLoad\n"
PACKED = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt"}
PACKAGE = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """Return static/ or templates/: inside the package when installed, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Asset:
    """One file's content."""

    body: bytes
    type: str
    packs: bool

    @cached_property
    def packed(self) -> bytes:
        """The gzipped content, computed once."""
        return gzip.compress(self.body, 6, mtime=0)

    @cached_property
    def etag(self) -> str:
        """A validator of the content."""
        return f'"{_digest(self.body)}"'


class Static:
    """The files of static/, under one hash of all of them.

    With one hash, relative imports between modules stay within one version.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamp: object = None
        self._files: Mapping[str, Asset] = {}
        self.hash = ""
        self.refresh()

    def refresh(self) -> None:
        """Read the files again if any has changed, as happens in a checkout."""
        paths = sorted(p for p in self._root.rglob("*") if p.is_file() and p.suffix in TYPES)
        stats = [(p, p.stat()) for p in paths]
        stamp = [(p, s.st_mtime_ns, s.st_size) for p, s in stats]
        if stamp == self._stamp:
            return
        self._files = {p.relative_to(self._root).as_posix(): _read(p) for p in paths}
        self._stamp = stamp
        self.hash = _digest(*(x for k, f in self._files.items() for x in (k.encode(), f.body)))

    def url(self, name: str) -> str:
        """Return the address of a file, given its path inside static/."""
        return f"/static/{self.hash}/{name}"

    def modules(self, entry: str) -> list[str]:
        """Return the addresses of a module and of everything it imports, directly or indirectly."""
        found = {entry: None}  # in order of discovery
        waiting = [entry]
        while waiting:
            name = waiting.pop()
            for neighbour in IMPORT.findall(self._files[name].body.decode()):
                path = normpath(PurePosixPath(name).parent / neighbour)
                if path not in found:
                    found[path] = None
                    waiting.append(path)
        return [self.url(name) for name in found]

    def get(self, hash: str, name: str) -> Asset | None:
        """Return a file of the current version."""
        return self._files.get(name) if hash == self.hash else None


class Plotly:
    """Plotly's script from the ``plotly`` package, compressed once."""

    def __init__(self) -> None:
        script = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
        body = COMPILE_AHEAD + script
        self._asset = Asset(body, TYPES[".js"], packs=True)
        self._lock = Lock()
        self.url = f"/plotly/{_digest(body)}.js"

    def load(self) -> Asset:
        """Return the compressed script; slow the first time, so call it off the event loop."""
        with self._lock:
            _ = self._asset.packed
        return self._asset


def _read(path: Path) -> Asset:
    return Asset(path.read_bytes(), TYPES[path.suffix], path.suffix in PACKED)


def _digest(*parts: bytes) -> str:
    hash = hashlib.sha256()
    for part in parts:
        hash.update(len(part).to_bytes(8, "little") + part)
    return hash.hexdigest()[:16]
