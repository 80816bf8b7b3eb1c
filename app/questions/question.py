"""A kind of question; each kind is one file that defines a `Question`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import State
from gruscope.wire.messages import AnswerMessage, Outgoing, QuestionMessage

Q = TypeVar("Q", bound=QuestionMessage)


@dataclass(frozen=True)
class Question(Generic[Q]):
    """A kind of question about one step.

    Attributes
    ----------
    message : type of QuestionMessage
        The message that a page sends; its `type` names the kind.
    answers : type of AnswerMessage, or None
        The answer, None if it is a binary frame.
    check : callable of (message, state)
        Raises `Refused` if the question does not fit the document.
    answer : callable of (message, state, trace, run)
        Returns the answer from a trace in which the step is finished.
    """

    message: type[Q]
    answers: type[AnswerMessage] | None
    check: Callable[[Q, State], None]
    answer: Callable[[Q, State, NetworkTrace, int], Outgoing]

    @property
    def name(self) -> str:
        """The `type` of its messages."""
        name: Any = self.message.model_fields["type"].annotation
        return str(name.__args__[0])
