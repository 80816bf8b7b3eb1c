"""Questions about steps that have not been computed yet."""

from __future__ import annotations

from collections.abc import Iterator

from gruscope.documents.document import State
from gruscope.questions.registry import check
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import ErrorMessage, QuestionMessage


def for_question(error: ErrorMessage, question: QuestionMessage) -> ErrorMessage:
    """Return the error that ended a run as the answer to a question."""
    return error.model_copy(update={"run": None, "id": question.id})


class Waiting:
    """Questions that wait for their steps.

    Parameters
    ----------
    limit : int
        The largest number of waiting questions.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._questions: list[QuestionMessage] = []

    def add(self, question: QuestionMessage) -> None:
        """Add a question, or refuse it if too many wait."""
        if len(self._questions) >= self._limit:
            raise Refused("busy", None, f"expected at most {self._limit} questions waiting")
        self._questions.append(question)

    def before(self, t: int) -> Iterator[QuestionMessage]:
        """Remove and yield the questions about steps before `t`."""
        for question in [q for q in self._questions if q.t < t]:
            # Removed one at a time, so that an abandoned run leaves the rest to the next run.
            self._questions.remove(question)
            yield question

    def fail(self, error: ErrorMessage) -> Iterator[ErrorMessage]:
        """Remove every question and yield the error that ended the run as its answer."""
        questions, self._questions = self._questions, []
        for question in questions:
            yield for_question(error, question)

    def refuse(self, state: State) -> Iterator[ErrorMessage]:
        """Remove the questions that no longer fit the document, and yield their refusals."""
        for question in list(self._questions):
            try:
                check(question, state)
            except Refused as refused:
                self._questions.remove(question)
                yield wire_error(refused, None, question.id)
