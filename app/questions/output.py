"""The question about one output of the network: the terms of its readout."""

from __future__ import annotations

from typing import Literal

from gru_core.explanation.output import explain_output
from gru_core.network.trace import NetworkTrace
from gruscope.documents.checks import check_index
from gruscope.documents.document import State
from gruscope.questions.explain import Explained, explained
from gruscope.questions.question import Question
from gruscope.wire.errors import refuse
from gruscope.wire.messages import QuestionMessage
from gruscope.wire.schema import Index


class InspectOutput(QuestionMessage):
    """Ask for the terms of one output; ``unit`` counts the outputs."""

    type: Literal["inspect_output"]
    unit: Index


def _check(question: InspectOutput, state: State) -> None:
    readout = state.network.readout
    if readout is None:
        got = "a network without one"
        raise refuse("message", "type", "ask about a network with a readout", got)
    check_index("unit", question.unit, readout.output_size)


def _answer(question: InspectOutput, state: State, trace: NetworkTrace, run: int) -> Explained:
    edited = state.edited
    assert edited.readout is not None
    found = explain_output(trace, edited.readout, question.t, question.unit, edited.layers[-1])
    return explained(found, question.id, run, question.layer, question.direction)


OUTPUT = Question(InspectOutput, Explained, _check, _answer)
