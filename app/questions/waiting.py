"""Questions about steps that are not computed yet."""

from __future__ import annotations

from collections.abc import Iterator

from gruscope.documents.document import State
from gruscope.questions.registry import check
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import ErrorMessage, QuestionMessage


def for_question(error: ErrorMessage, question: QuestionMessage) -> ErrorMessage:
    """Return how a run ended as the answer to a question about it."""
    return error.model_copy(update={"run": None, "id": question.id})


class Waiting:
    """Questions that wait for their steps.

    Parameters
    ----------
    limit : int
        How many may wait.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._questions: list[QuestionMessage] = []

    def add(self, question: QuestionMessage) -> None:
        """Let a question wait, or refuse it."""
        if len(self._questions) >= self._limit:
            raise Refused("busy", None, f"expected at most {self._limit} questions waiting")
        self._questions.append(question)

    def before(self, t: int) -> Iterator[QuestionMessage]:
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
