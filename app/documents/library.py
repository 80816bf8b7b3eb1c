"""The networks that documents can name: those of the gallery, of the model file, and of pages.

A network that a page opens is kept while a session uses it, and for a while afterwards, so that the
page can be reloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from time import monotonic
from types import MappingProxyType
from typing import Self

from gru_core.gallery.trained import Trained, trained
from gru_core.network.network import Network
from gruscope.documents.entry import Entry
from gruscope.settings import MIB, Settings
from gruscope.wire.errors import Refused, refuse
from gruscope.wire.schema import ExampleNetwork, FileNetwork

GRACE = 10.0
"""Seconds in which a page that has opened a network begins to use it."""


def gallery_entries(networks: Mapping[str, Trained], settings: Settings) -> Mapping[str, Entry]:
    """Return the entries of trained networks by name, in their order."""
    return MappingProxyType({name: Entry.trained(one, settings) for name, one in networks.items()})


@cache
def packaged() -> Mapping[str, Entry]:
    """Return the entries of the networks that come with the package; reads them once."""
    return gallery_entries(trained(), Settings())


@dataclass
class _Opened:
    """A network that a page has opened, the sessions that use it, and when the last one left."""

    entry: Entry
    sessions: int
    left: float


class Library:
    """The networks of files.

    Parameters
    ----------
    first : Entry, optional
        That of the model file that the server was started with, which stays.
    most : int
        The bytes that the others may have together.
    seconds : float
        How long one is kept after its last session.
    clock : callable
        Seconds, for the tests.
    gallery : mapping of str to Entry, optional
        The trained networks by name, in their order; by default those of the package.

    Examples
    --------
    >>> network = Network.random("gru", 3, 2, layers=2, seed=0)
    >>> [entry.title for entry in Library.of(network, "model.npz", Settings()).entries]
    ['model.npz']
    """

    def __init__(
        self,
        first: Entry | None = None,
        most: int = 512 * MIB,
        seconds: float = 600,
        clock: Callable[[], float] = monotonic,
        gallery: Mapping[str, Entry] | None = None,
    ) -> None:
        self._first = first
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._gallery = gallery
        self._opened: dict[str, _Opened] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, network: Network, file: str, settings: Settings) -> Self:
        """Return the library of a server that was started with a file.

        Raises
        ------
        FormatError
            If the page cannot show its network.
        """
        return cls(Entry.of(network, file, settings), settings.upload_bytes)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The networks that every page offers."""
        return () if self._first is None else (self._first,)

    @property
    def gallery(self) -> Mapping[str, Entry]:
        """The trained networks by name, in their order."""
        return packaged() if self._gallery is None else self._gallery

    @property
    def digest(self) -> str:
        """That of the model file, "" without one."""
        return "" if self._first is None else self._first.digest

    @property
    def file(self) -> str:
        """The name of the model file, "" without one."""
        return "" if self._first is None else self._first.title

    @property
    def used(self) -> int:
        """The bytes of the networks that pages have opened."""
        return sum(one.entry.bytes for one in self._opened.values())

    def add(self, entry: Entry) -> None:
        """Keep a network that a page has opened; raises `Refused` if there is no room."""
        with self._lock:
            if entry.digest == self.digest:
                return
            if entry.digest in self._opened:
                self._opened[entry.digest].left = self._clock()
                return
            self._drop(lambda one: self._clock() - one.left >= self._seconds)
            if self.used + entry.bytes > self._most:
                self._drop(lambda one: self._clock() - one.left >= GRACE)
            if (free := self._most - self.used) < entry.bytes:
                text = f"expected room for {entry.bytes} bytes of weights, got {free} free"
                raise Refused("busy", None, f"{text}; close other networks or try again later")
            self._opened[entry.digest] = _Opened(entry, 0, self._clock())

    def take(self, digest: str) -> None:
        """Count a session that uses a network."""
        with self._lock:
            if digest in self._opened:
                self._opened[digest].sessions += 1

    def release(self, digest: str) -> None:
        """Count a session that no longer uses a network."""
        with self._lock:
            if digest in self._opened:
                self._opened[digest].sessions -= 1
                self._opened[digest].left = self._clock()

    def tidy(self) -> None:
        """Drop the networks whose time is over."""
        with self._lock:
            self._drop(lambda one: self._clock() - one.left >= self._seconds)

    def _drop(self, due: Callable[[_Opened], bool]) -> None:
        """Drop unused networks that are due."""
        kept = {k: one for k, one in self._opened.items() if one.sessions > 0 or not due(one)}
        self._opened = kept

    def find(self, spec: FileNetwork | ExampleNetwork) -> Entry:
        """Return the entry of the network that a document names.

        Raises
        ------
        Refused
            If there is none, or it has another cell.
        """
        entry = self._trained(spec) if isinstance(spec, ExampleNetwork) else self._entry(spec)
        if spec.cell not in (None, entry.network.kind):
            expected = f"be {entry.network.kind}, as in {entry.title}"
            raise refuse("range", "network.cell", expected, spec.cell)
        return entry

    def _trained(self, spec: ExampleNetwork) -> Entry:
        entry = self.gallery[spec.name]
        if spec.digest not in (None, entry.digest):
            expected = f"be {entry.digest}, as this version of gruscope has {entry.title}"
            raise refuse("range", "network.digest", expected, repr(spec.digest))
        return entry

    def entry(self, digest: str) -> Entry:
        """Return the network of a file that is open.

        Raises
        ------
        Refused
            If there is none with this digest.
        """
        if (one := self._opened.get(digest)) is not None:
            return one.entry
        if self._first is not None and self._first.digest == digest:
            return self._first
        raise Refused("not_found", "digest", "this network is no longer open on the server")

    def _entry(self, spec: FileNetwork) -> Entry:
        if spec.digest is not None and (one := self._opened.get(spec.digest)) is not None:
            return one.entry
        if self._first is None:
            got = "file; this server was started without a model file, and none like it is open"
            raise refuse("range", "network.kind", "be example or random", got)
        if spec.digest not in (None, self.digest):
            expected = f"be {self.digest}, that of {self.file}, or of a file that is open"
            raise refuse("range", "network.digest", expected, repr(spec.digest))
        return self._first


EMPTY = Library()
"""Of a server without a file; nothing is ever added to it."""
