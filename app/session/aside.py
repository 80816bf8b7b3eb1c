"""Work that takes long and is done while a session has no run to compute.

It goes on while the input or the view changes. It ends when the document's network changes, when
the page stops it, or when the page asks for other work of this kind.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from gruscope.session.budget import Account
from gruscope.wire.ablation import Ended
from gruscope.wire.errors import wire_error
from gruscope.wire.messages import Outgoing


class Aside:
    """The work that a session does aside.

    Parameters
    ----------
    memory : Account
        Of the bytes that the work needs.
    place : Account
        Of the sessions that do such work.
    """

    def __init__(self, memory: Account, place: Account) -> None:
        self._memory = memory
        self._place = place
        self._id = 0
        self._work: Generator[Outgoing] | None = None

    @property
    def goes_on(self) -> bool:
        """Whether there is work to do."""
        return self._work is not None

    def reserve(self, size: int) -> None:
        """Reserve bytes for the work that is about to start, or raise `Refused`."""
        self._memory.reserve(size)

    def start(self, id: int, take: Callable[[], Generator[Outgoing]]) -> None:
        """Start work; raises `Refused`, and then there is none."""
        self._place.reserve(1)
        try:
            self._id, self._work = id, take()
        except Exception:
            self._drop()
            raise

    def stop(self, id: int | None = None) -> Iterator[Outgoing]:
        """Stop the work, or only that with an id, and say so."""
        if self._work is not None and id in (None, self._id):
            self._drop()
            yield Ended(id=self._id, complete=False)

    def piece(self) -> Outgoing:
        """Do a piece of the work."""
        assert self._work is not None
        try:
            return next(self._work)
        except StopIteration:
            self._drop()
            return b""
        except Exception as error:
            self._drop()
            return wire_error(error, None, self._id)

    def close(self) -> None:
        """Drop the work; nothing can be started afterwards."""
        self._drop()
        self._memory.close()
        self._place.close()

    def _drop(self) -> None:
        if self._work is not None:
            self._work.close()
            self._work = None
        self._memory.reserve(0)
        self._place.reserve(0)
