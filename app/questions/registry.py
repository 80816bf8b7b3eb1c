"""All kinds of question. A new kind is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import State
from gruscope.documents.layers import check_layer, check_reached, check_step
from gruscope.questions.explain import EXPLAIN
from gruscope.questions.output import OUTPUT
from gruscope.questions.question import Question
from gruscope.questions.step import STEP
from gruscope.wire.errors import Refused, wire_error
from gruscope.wire.messages import Outgoing, QuestionMessage

QUESTIONS: Mapping[type[QuestionMessage], Question[Any]] = {
    question.message: question for question in (EXPLAIN, STEP, OUTPUT)
}
"""Every kind by the model of its messages."""


def check(message: QuestionMessage, state: State) -> None:
    """Refuse a question that does not fit the document."""
    check_layer(message, state.network)
    check_step(message, message.t, state.steps, state.network)
    QUESTIONS[type(message)].check(message, state)


def answer(message: QuestionMessage, state: State, trace: NetworkTrace, run: int) -> Outgoing:
    """Answer a question about a finished step."""
    try:
        check_reached(trace, message.t)
        return QUESTIONS[type(message)].answer(message, state, trace, run)
    except Refused as refused:
        return wire_error(refused, None, message.id)
