"""One page's session: its document, its current jobs, and the questions that wait for steps.

It receives messages and yields messages and frames. It never waits and never starts a thread; the
pump decides when to send and which thread to use.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple, Self

from gruscope.documents.library import EMPTY, Library
from gruscope.jobs.job import Taken
from gruscope.jobs.registry import JOBS
from gruscope.jobs.workspace import Workspace
from gruscope.questions.block import block
from gruscope.questions.registry import answer, check
from gruscope.questions.target import target
from gruscope.questions.waiting import Waiting, for_question
from gruscope.session.aside import Aside
from gruscope.session.budget import Budget, unlimited
from gruscope.settings import Settings
from gruscope.wire.ablation import AblateAll, StopAblation
from gruscope.wire.errors import wire_error
from gruscope.wire.messages import (
    BlockQuestion,
    ClientMessage,
    EditMessage,
    ErrorMessage,
    Open,
    Outgoing,
    Ping,
    Pong,
    QuestionMessage,
)
from gruscope.wire.target import TargetQuestion
from gruscope.wire.writing import StopWriting, Write


class _Following(NamedTuple):
    """Work that starts when the run has ended, and the id of the message that asked for it."""

    id: int
    work: Generator[Outgoing]


def _nothing() -> Generator[Outgoing]:
    """Return a run without anything to compute."""
    yield from ()


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
    places : Budget, optional
        How many sessions may work aside at the same time.

    Attributes
    ----------
    due : Generator or None
        The work that was asked for and has not started.
    aside : Aside
        Work that takes long and waits for every run.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Budget,
        library: Library = EMPTY,
        places: Budget | None = None,
    ) -> None:
        self._account = memory.account()
        self.aside = Aside(memory.account(), (places or unlimited()).account())
        self._workspace = Workspace(settings, library, self._account.reserve, self.aside.reserve)
        self._waiting = Waiting(settings.waiting_inspections)
        self._failed: ErrorMessage | None = None  # the error that ended the newest run
        self.due: Generator[Outgoing] | None = None
        self._working = False
        self._following: _Following | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Free the document and the trace, then give back their bytes.

        In this order, bytes count until they are freed. Nothing may use the session afterwards;
        a thread that does is refused by the closed account.
        """
        self.due = self._following = None
        self.aside.close()
        self._workspace.close()
        self._account.close()

    @property
    def is_computed(self) -> bool:
        """Whether all steps of the newest run are computed, and no other work follows."""
        return self._workspace.is_computed and self._following is None

    def receive(self, message: ClientMessage) -> Iterator[Outgoing]:
        """Take a message and yield the immediate answers.

        An edit is checked and applied here, but not computed: it sets `due`, and `work` computes.
        A refused message changes nothing.
        """
        run = message.run if isinstance(message, Open | EditMessage) else None
        id = None if isinstance(message, Open | EditMessage) else message.id
        try:
            yield from self._receive(message)
        except Exception as error:
            yield wire_error(error, run, id)

    def work(self) -> Generator[Outgoing]:
        """Start the work that is due and yield its pieces, then those of work that follows it.

        Closing it abandons both.
        """
        due, self.due = self.due, None
        if due is None:
            return
        self._working = True
        try:
            yield from self._run(due)
            yield from self._follow()
        finally:
            self._working = False

    def _run(self, due: Generator[Outgoing]) -> Iterator[Outgoing]:
        """Yield pieces, each followed by the answers to the questions that waited for its steps."""
        try:
            for piece in due:
                yield piece
                for question in self._waiting.before(self._workspace.finished):
                    yield self._answer(question)
        except Exception as error:
            workspace = self._workspace
            workspace.reserve(workspace.document(), workspace.trace)
            failed = self._failed = wire_error(error, workspace.number)
            yield failed
            yield from self._waiting.fail(failed)
        finally:
            due.close()

    def _follow(self) -> Iterator[Outgoing]:
        """Yield the pieces of the newest work that follows, until it ends or is stopped."""
        while (following := self._following) is not None:
            piece = next(following.work, None)
            if piece is not None:
                yield piece
            elif self._following is following:
                self._following = None

    def _receive(self, message: ClientMessage) -> Iterator[Outgoing]:
        if isinstance(message, Ping):
            yield Pong(id=message.id)
        elif isinstance(message, QuestionMessage):
            yield from self._ask(message)
        elif isinstance(message, BlockQuestion):
            workspace = self._workspace
            yield block(message, workspace.document(), workspace.number, workspace.settings)
        elif isinstance(message, TargetQuestion):
            yield target(message, self._workspace.document(), self._workspace.number)
        elif isinstance(message, StopAblation):
            yield from self.aside.stop(message.id)
        elif isinstance(message, AblateAll):
            yield from self.aside.stop()
            self.aside.start(message.id, lambda: self._taken(message).work)
        elif isinstance(message, StopWriting):
            if self._following is not None and self._following.id == message.id:
                self._following = None
        elif isinstance(message, Write):
            self._following = _Following(message.id, self._taken(message).work)
            if not self._working and self.due is None:
                self.due = _nothing()
        else:
            yield from self._change(message)

    def _change(self, message: Open | EditMessage) -> Iterator[Outgoing]:
        """Take a message that changes the document; what is done aside ends if its network does."""
        before = self._workspace.state
        answers, self.due = self._taken(message)
        self._failed = self._following = None
        now = self._workspace.document()
        if before is None or now.edited is not before.edited or now.holds is not before.holds:
            yield from self.aside.stop()
        yield from answers
        yield from self._waiting.refuse(now)

    def _taken(self, message: Open | EditMessage | AblateAll | Write) -> Taken:
        return JOBS[type(message)].take(message, self._workspace)

    def _ask(self, question: QuestionMessage) -> Iterator[Outgoing]:
        """Answer a question now if its step is computed, otherwise once it is."""
        check(question, self._workspace.document())
        if question.t < self._workspace.finished:
            yield self._answer(question)
        elif self._failed is not None:
            yield for_question(self._failed, question)
        else:
            self._waiting.add(question)

    def _answer(self, question: QuestionMessage) -> Outgoing:
        workspace = self._workspace
        assert workspace.trace is not None
        return answer(question, workspace.document(), workspace.trace, workspace.number)
