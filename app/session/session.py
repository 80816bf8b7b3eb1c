"""One page's session: a cache of its document and of the trace computed from it.

It takes messages and yields messages and frames. It never waits and never starts a thread; the
pump decides when to send and on which thread to call.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Self

from gru_core.cells.base import Span
from gru_core.cells.registry import cell
from gru_core.errors import RangeError
from gru_core.run.trace import Trace
from gruscope.documents.document import Changed, State, build, change
from gruscope.documents.edits import touched_by
from gruscope.documents.forms import SHOWN, check_names
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.memory import trace_bytes
from gruscope.documents.opened import opened
from gruscope.questions.registry import answer, check
from gruscope.questions.waiting import Waiting, for_question
from gruscope.session.budget import Budget
from gruscope.settings import Settings
from gruscope.wire.errors import Refused, outgrown, refuse, wire_error
from gruscope.wire.frames import check_fits, steps_frame, weights_frame
from gruscope.wire.messages import (
    ClientMessage,
    DocumentChange,
    Done,
    EditMessage,
    ErrorMessage,
    Open,
    Outgoing,
    Ping,
    Pong,
    QuestionMessage,
    ServerMessage,
)
from gruscope.wire.schema import Document, Sequence


@dataclass(frozen=True)
class Run:
    """A run that has not started: its number, first step to send, and time of request."""

    number: int
    start: int
    asked: float


class Session:
    """State of one connection.

    Parameters
    ----------
    settings : Settings
    memory : Budget
        The bytes that all sessions together may keep. Leaving the session's context returns its
        share.
    library : Library
        The networks of the model file, if the server was started with one.
    """

    def __init__(self, settings: Settings, memory: Budget, library: Library = EMPTY) -> None:
        self._settings = settings
        self._library = library
        self._account = memory.account()
        self._names: tuple[Sequence, ...] = ()
        self._state: State | None = None
        self._number = -1
        self._trace: Trace | None = None
        self._valid = 0  # leading rows of the trace that hold for the state
        self._projected = 0  # leading rows of its projection that do
        self._new_network = False
        self._touched: frozenset[str] = frozenset()
        self._waiting = Waiting(settings.waiting_inspections)
        self._failed: ErrorMessage | None = None  # the error that ended the newest run
        self.due: Run | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Free the document and the trace, then give back their bytes.

        In this order, bytes count until they are freed. Nothing may use the session afterwards;
        a thread that does is refused by the closed account.
        """
        self.due = self._state = self._trace = None
        self._account.close()

    def receive(self, message: ClientMessage) -> Iterator[Outgoing]:
        """Take a message and yield the immediate answers.

        An edit is checked and applied here, but not computed: it sets `due`, and `work` computes.
        A refused message changes nothing.
        """
        run = message.run if isinstance(message, Open | EditMessage) else None
        id = message.id if isinstance(message, QuestionMessage | Ping) else None
        try:
            yield from self._receive(message)
        except Exception as error:
            yield wire_error(error, run, id)

    def work(self) -> Generator[Outgoing]:
        """Start the run that is due and yield its frames, span by span. Closing it abandons it."""
        run, self.due = self.due, None
        if run is None:
            return
        try:
            yield from self._weights(run)
            yield from self._steps(run)
        except Exception as error:
            self._reserve(self._opened_state(), self._trace)
            failed = self._failed = wire_error(error, run.number)
            yield failed
            yield from self._waiting.fail(failed)

    def _receive(self, message: ClientMessage) -> Iterator[Outgoing]:
        if isinstance(message, Ping):
            yield Pong(id=message.id)
        elif isinstance(message, QuestionMessage):
            yield from self._ask(message)
        elif isinstance(message, Open):
            self._check_run(message.run)
            state = self._built(message.document, "document")
            names = check_names(message.arrays, state.own.kind, "arrays")
            yield self._open(message.run, state, names)
            yield from self._waiting.refuse(self._opened_state())
        else:
            yield from self._edit(message)
            yield from self._waiting.refuse(self._opened_state())

    def _edit(self, message: EditMessage) -> Iterator[ServerMessage]:
        state = self._opened_state()
        self._check_run(message.run)
        if isinstance(message.change, DocumentChange):
            other = self._built(message.change.document, "change.document")
            same = other.own.kind == state.own.kind
            names = self._names if same else SHOWN[other.own.kind].sent
            yield self._open(message.run, other, names)
            return
        try:
            changed = change(state, message.change, self._settings)
        except Refused as refused:
            raise refused.under("change") from None
        self._reserve(changed.state, self._trace)
        self._take(changed)
        self._begin(message.run, min(message.keep, self._valid))

    def _built(self, document: Document, where: str) -> State:
        try:
            return build(document, self._settings, self._library)
        except Refused as refused:
            raise refused.under(where) from None

    def _open(self, run: int, state: State, names: tuple[Sequence, ...]) -> ServerMessage:
        """Replace the document."""
        self._reserve(state, None)
        self._names = names
        self._state, self._trace, self._valid, self._projected = state, None, 0, 0
        self._new_network, self._touched = True, touched_by(state.edits)
        self._begin(run, 0)
        return opened(run, state)

    def _take(self, changed: Changed) -> None:
        self._state = changed.state
        self._valid = min(self._valid, changed.stands)
        self._projected = min(self._projected, changed.projected)
        self._touched |= changed.touched

    def _begin(self, number: int, start: int) -> None:
        """Make a run due; it replaces one that has not started or finished."""
        self._number, self._failed = number, None
        self.due = Run(number, start, perf_counter())

    def _check_run(self, run: int) -> None:
        if run <= self._number:
            raise refuse("stale_run", "run", f"be greater than {self._number}", run)

    def _opened_state(self) -> State:
        if self._state is None:
            raise Refused("no_document", None, "expected open first, got no document yet")
        return self._state

    def _reserve(self, state: State, old: Trace | None, both: bool = False) -> None:
        """Reserve the bytes of a document and of a trace: the old one until the new one is made.

        While a run copies rows of the old trace, there are both.
        """
        kept = 0 if old is None else trace_bytes(len(old), state.own)
        traces = kept + state.trace_bytes if both else max(kept, state.trace_bytes)
        self._account.reserve(state.own_bytes + traces)

    def _weights(self, run: Run) -> Iterator[bytes]:
        """Yield the arrays that the page lacks."""
        state = self._opened_state()
        if self._new_network:
            self._new_network = False
            yield weights_frame(run.number, "network", state.own, state.own.arrays())
        touched, self._touched = self._touched, frozenset()
        if touched:
            yield weights_frame(run.number, "edits", state.params, touched)

    def _steps(self, run: Run) -> Iterator[Outgoing]:
        """Compute from the first step that is out of date, and yield each span as a frame."""
        sent = run.start
        for span in self._spans(self._opened_state()):
            self._valid = span.stop
            if sent < span.stop:
                yield steps_frame(run.number, sent, span, self._names)
                sent = span.stop
            for question in self._waiting.before(self._valid):
                yield self._answer(question)
        elapsed = 1e3 * (perf_counter() - run.asked)
        steps = self._valid
        yield Done(run=run.number, steps=steps, start=run.start, milliseconds=round(elapsed, 3))

    def _spans(self, state: State) -> Iterator[Span]:
        names = {*self._names, *state.params.STATES}
        reuse = self._is_projected(state)
        try:
            spans = self._started(state, reuse)
            for span in spans:
                check_fits(span, names)
                self._projected = len(state.x) if reuse else span.stop
                self._trace = span.trace  # frees the old one
                self._reserve(state, span.trace)
                yield span
        except RangeError as error:
            raise outgrown(error) from None

    def _started(self, state: State, reuse: bool) -> Iterator[Span]:
        """Start a run: its memory is allocated, and nothing is computed yet."""
        projection = self._trace.projection if reuse and self._trace is not None else None
        keep = self._kept(state)
        return cell(state.params).spans(
            state.x,
            state.holds.starts["h"],
            state.holds.starts.get("c"),
            projection=projection,
            clamps=state.clamps,
            keep=keep,
            start=self._valid,
            first=self._settings.first_span,
            largest=self._settings.largest_span,
            seconds=self._settings.span_milliseconds / 1e3,
        )

    def _is_projected(self, state: State) -> bool:
        """Return whether the whole of x·Wᵀ can be taken from the old trace."""
        T = len(state.x)
        return self._trace is not None and self._projected == T == len(self._trace)

    def _kept(self, state: State) -> Trace | None:
        """Return the trace whose leading rows are right, and free it if that has none.

        Where there is no room for two traces, the old one goes and the run begins at the first
        step.
        """
        if self._valid:
            try:
                self._reserve(state, self._trace, both=True)
                return self._trace
            except Refused:
                self._valid = 0
        self._trace = None
        return None

    def _ask(self, question: QuestionMessage) -> Iterator[Outgoing]:
        """Answer a question now if its step is computed, otherwise once it is."""
        check(question, self._opened_state())
        if question.t < self._valid:
            yield self._answer(question)
        elif self._failed is not None:
            yield for_question(self._failed, question)
        else:
            self._waiting.add(question)

    def _answer(self, question: QuestionMessage) -> Outgoing:
        assert self._trace is not None
        return answer(question, self._opened_state(), self._trace, self._number)
