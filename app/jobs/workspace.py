"""The document of a session, and its trace as far as it has been computed."""

from __future__ import annotations

from collections.abc import Callable

from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import Changed, State
from gruscope.documents.edits import Touched, touched_by
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
    reserve_aside : callable of int
        The same for the work that is done aside.

    Attributes
    ----------
    state : State or None
        The document, None before the first.
    names : tuple of str
        The sequences that the page wants to see.
    trace : NetworkTrace or None
    valid : tuple of int
        The number of leading rows of each layer's trace that are valid for the document.
    answered : int
        The number of leading rows of the output that are.
    number : int
        The newest run.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        reserve: Callable[[int], None],
        reserve_aside: Callable[[int], None],
    ) -> None:
        self.settings = settings
        self.library = library
        self.state: State | None = None
        self.names: tuple[Sequence, ...] = ()
        self.trace: NetworkTrace | None = None
        self.valid: tuple[int, ...] = ()
        self.answered = 0
        self.number = -1
        self._reserve = reserve
        self.reserve_aside = reserve_aside
        self._digest: str | None = None
        self._new_network = False
        self._touched: Touched = frozenset()

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
        self._use(state.digest)
        self.number, self.state, self.names = run, state, names
        self.trace, self.valid, self.answered = None, (0,) * len(state.network.layers), 0
        self._new_network, self._touched = True, touched_by(state.edits)

    def close(self) -> None:
        """Free the document and its trace, and give back its network."""
        self.state = self.trace = None
        self._use(None)

    def _use(self, digest: str | None) -> None:
        """Count this session at another network than before."""
        if digest is not None:
            self.library.take(digest)
        if self._digest is not None:
            self.library.release(self._digest)
        self._digest = digest

    def look(self, run: int, state: State, names: tuple[Sequence, ...]) -> None:
        """Show another layer or direction; what is computed stays."""
        self.number, self.state, self.names = run, state, names
        self._new_network, self._touched = True, touched_by(state.edits)

    def change(self, run: int, changed: Changed) -> None:
        """Replace the document by a changed one, and keep the valid rows of the trace."""
        self.reserve(changed.state, self.trace)
        self.number, self.state = run, changed.state
        state = changed.state
        least = [min(pair) for pair in zip(self.valid, changed.stands, strict=True)]
        self.valid = state.edited.kept_steps(self.trace, least, state.steps, state.clamps)
        self.answered = min(self.answered, changed.answered, self.valid[-1])
        self._touched |= changed.touched

    def new_network(self) -> bool:
        """Return whether the page lacks the network's own weights, which it will now be sent."""
        new, self._new_network = self._new_network, False
        return new

    def touched(self) -> frozenset[str]:
        """Return the view's arrays that edits changed since the page was last sent them."""
        touched, self._touched = self._touched, frozenset()
        view = self.document().view
        return frozenset(name for part, name in touched if part == view)

    @property
    def finished(self) -> int:
        """The number of leading steps that every layer and the readout have finished."""
        return self.answered if self.trace is not None else 0

    @property
    def is_computed(self) -> bool:
        """Whether every layer has finished all steps."""
        return self.state is not None and self.finished == self.state.steps

    @property
    def seen(self) -> int:
        """The number of leading steps of the view that are valid."""
        layer, _ = self.document().view
        return self.valid[layer] if self.trace is not None else 0

    def computed(self, span: NetworkSpan) -> None:
        """Replace the old trace by that of a computed span."""
        self.trace = span.trace
        self.reserve(self.document(), span.trace)
        self.valid, self.answered = span.done, span.stop

    def kept(self) -> NetworkTrace | None:
        """Return the trace if leading rows of it are valid, else free it.

        Where there is no room for two traces, the old one goes and a run begins at the first step.
        """
        if any(self.valid):
            try:
                self.reserve(self.document(), self.trace, both=True)
                return self.trace
            except Refused:
                self.valid, self.answered = (0,) * len(self.valid), 0
        self.trace = None
        return None

    def reserve(self, state: State, old: NetworkTrace | None, both: bool = False) -> None:
        """Reserve the bytes of a document and of a trace: the old one until the new one is made.

        While a run copies rows of the old trace, there are both.
        """
        kept, new = 0, state.trace_bytes
        if old is not None:
            steps = len(old.x)
            kept = new if steps == state.steps else trace_bytes(steps, state.network)
        traces = kept + new if both else max(kept, new)
        self._reserve(state.own_bytes + traces)
