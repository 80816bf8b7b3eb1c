"""Questions about a step: which may be asked, what answers them, and those that have to wait."""

from __future__ import annotations

from collections.abc import Iterator

from gru_core.errors import RangeError
from gru_core.explanation.terms import explain
from gru_core.explanation.vectors import vectors
from gru_core.run.trace import Trace
from gruscope.documents.document import State
from gruscope.documents.layers import check_layer
from gruscope.questions.answers import explained
from gruscope.wire.errors import Refused, outgrown, refuse, wire_error
from gruscope.wire.frames import step_frame
from gruscope.wire.messages import ErrorMessage, Inspect, Outgoing, Question


def check(question: Question, state: State) -> None:
    """Refuse a question about what the document does not have."""
    check_layer(question)
    _check_index("t", question.t, len(state.x))
    if isinstance(question, Inspect):
        known = [equation.value for equation in state.params.equations()]
        if question.quantity not in known:
            expected = f"be one of {', '.join(known)}"
            raise refuse("range", "quantity", expected, question.quantity)
        _check_index("unit", question.unit, state.params.hidden_size)


def answer(question: Question, state: State, trace: Trace, run: int) -> Outgoing:
    """Return what answers a question about a step that is there."""
    if isinstance(question, Inspect):
        found = explain(trace, state.params, question.quantity, question.t, question.unit)
        return explained(question, run, found)
    try:
        return step_frame(question, run, vectors(trace, state.params, question.t))
    except RangeError as error:
        return wire_error(outgrown(error), None, question.id)


def for_question(error: ErrorMessage, question: Question) -> ErrorMessage:
    """Return how a run ended as the answer to a question about it."""
    return error.model_copy(update={"run": None, "id": question.id})


class Waiting:
    """Questions about steps that are not computed yet.

    Parameters
    ----------
    limit : int
        How many may wait.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._questions: list[Question] = []

    def add(self, question: Question) -> None:
        """Let a question wait, or refuse it."""
        if len(self._questions) >= self._limit:
            raise Refused("busy", None, f"expected at most {self._limit} questions waiting")
        self._questions.append(question)

    def before(self, t: int) -> Iterator[Question]:
        """Yield the questions about earlier steps, which wait no longer."""
        for question in [q for q in self._questions if q.t < t]:
            # One at a time: an abandoned run must leave the rest to the next.
            self._questions.remove(question)
            yield question

    def fail(self, error: ErrorMessage) -> Iterator[ErrorMessage]:
        """Yield how a run ended for every question, none of which waits any longer."""
        questions, self._questions = self._questions, []
        for question in questions:
            yield for_question(error, question)

    def refuse(self, state: State) -> Iterator[ErrorMessage]:
        """Yield refusals of the questions about what an edit took away."""
        for question in list(self._questions):
            try:
                check(question, state)
            except Refused as refused:
                self._questions.remove(question)
                yield wire_error(refused, None, question.id)


def _check_index(field: str, index: int, size: int) -> None:
    if index >= size:
        raise refuse("range", field, f"be less than {size}", index)
