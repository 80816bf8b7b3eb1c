"""The document of a session, and its trace as far as it has been computed."""

from __future__ import annotations

from collections.abc import Callable

from gru_core.cells.base import Span
from gru_core.run.trace import Trace
from gruscope.documents.document import Changed, State
from gruscope.documents.edits import touched_by
from gruscope.documents.library import Library
from gruscope.documents.memory import trace_bytes
from gruscope.settings import Settings
from gruscope.wire.errors import Refused, refuse
from gruscope.wire.schema import Sequence


class Workspace:
    """A document and its trace, and the bytes of both.

    Parameters
    ----------
    settings : Settings
    library : Library
        The networks of the model file, if the server was started with one.
    reserve : callable of int
        Reserves bytes in place of those reserved before, or raises `Refused`.

    Attributes
    ----------
    state : State or None
        The document, None before the first.
    names : tuple of str
        The sequences that the page wants to see.
    trace : Trace or None
    valid : int
        The number of leading rows of the trace that are valid for the document.
    projected : int
        The number of leading rows of its projection that are.
    number : int
        The newest run.
    """

    def __init__(
        self, settings: Settings, library: Library, reserve: Callable[[int], None]
    ) -> None:
        self.settings = settings
        self.library = library
        self.state: State | None = None
        self.names: tuple[Sequence, ...] = ()
        self.trace: Trace | None = None
        self.valid = 0
        self.projected = 0
        self.number = -1
        self._reserve = reserve
        self._new_network = False
        self._touched: frozenset[str] = frozenset()

    def document(self) -> State:
        """Return the document; raises `Refused` before the first is opened."""
        if self.state is None:
            raise Refused("no_document", None, "expected open first, got no document yet")
        return self.state

    def check_number(self, run: int) -> None:
        """Refuse a run that is not newer than the newest."""
        if run <= self.number:
            raise refuse("stale_run", "run", f"be greater than {self.number}", run)

    def open(self, run: int, state: State, names: tuple[Sequence, ...]) -> None:
        """Replace the document."""
        self.reserve(state, None)
        self.number, self.state, self.names = run, state, names
        self.trace, self.valid, self.projected = None, 0, 0
        self._new_network, self._touched = True, touched_by(state.edits)

    def change(self, run: int, changed: Changed) -> None:
        """Replace the document by a changed one, and keep the valid rows of the trace."""
        self.reserve(changed.state, self.trace)
        self.number, self.state = run, changed.state
        self.valid = min(self.valid, changed.stands)
        self.projected = min(self.projected, changed.projected)
        self._touched |= changed.touched

    def new_network(self) -> bool:
        """Return whether the page lacks the network's own weights, which it will now be sent."""
        new, self._new_network = self._new_network, False
        return new

    def touched(self) -> frozenset[str]:
        """Return the arrays that edits changed since the page was last sent them."""
        touched, self._touched = self._touched, frozenset()
        return touched

    def computed(self, span: Span, projected: int) -> None:
        """Replace the old trace by that of a computed span."""
        self.projected = projected
        self.trace = span.trace
        self.reserve(self.document(), span.trace)
        self.valid = span.stop

    def is_projected(self) -> bool:
        """Return whether the whole of x·Wᵀ can be taken from the trace."""
        T = len(self.document().x)
        return self.trace is not None and self.projected == T == len(self.trace)

    def kept(self) -> Trace | None:
        """Return the trace if its leading rows are valid, else free it.

        Where there is no room for two traces, the old one goes and a run begins at the first step.
        """
        if self.valid:
            try:
                self.reserve(self.document(), self.trace, both=True)
                return self.trace
            except Refused:
                self.valid = 0
        self.trace = None
        return None

    def reserve(self, state: State, old: Trace | None, both: bool = False) -> None:
        """Reserve the bytes of a document and of a trace: the old one until the new one is made.

        While a run copies rows of the old trace, there are both.
        """
        kept = 0 if old is None else trace_bytes(len(old), state.own)
        traces = kept + state.trace_bytes if both else max(kept, state.trace_bytes)
        self._reserve(state.own_bytes + traces)
