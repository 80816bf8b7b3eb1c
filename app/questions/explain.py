"""The question about one value's terms."""

from __future__ import annotations

from typing import Literal, cast

from gru_core.explanation.terms import Explanation, explain
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.equations import Kind
from gru_core.run.layers import Direction
from gruscope.documents.checks import check_index
from gruscope.documents.document import State
from gruscope.documents.layers import params_at, place_of, trace_at
from gruscope.questions.question import Question
from gruscope.wire.errors import refuse
from gruscope.wire.messages import AnswerMessage, QuestionMessage, ReferencePart
from gruscope.wire.schema import Count, Index, Model, Quantity


class Inspect(QuestionMessage):
    """Ask for the terms of one value."""

    type: Literal["inspect"]
    quantity: Quantity
    unit: Index


class FactorPart(ReferencePart):
    """A factor of a term: a reference with the value at an index."""

    index: list[Count]
    value: float


class TermPart(Model):
    """A product that is one summand of the explained value."""

    kind: Kind
    factors: list[FactorPart]
    product: float


class Explained(AnswerMessage):
    """The terms of one value."""

    type: Literal["explained"] = "explained"
    quantity: Quantity
    t: Count
    unit: Count
    result: float
    computed: float
    clamped: bool
    pre_activation: float | None
    activation: str
    terms: list[TermPart]


def _check(question: Inspect, state: State) -> None:
    params = params_at(state.edited, place_of(question))
    known = [equation.value for equation in params.equations()]
    if question.quantity not in known:
        raise refuse("range", "quantity", f"be one of {', '.join(known)}", question.quantity)
    check_index("unit", question.unit, params.hidden_size)


def _answer(question: Inspect, state: State, trace: NetworkTrace, run: int) -> Explained:
    place = place_of(question)
    one, params = trace_at(trace, place), params_at(state.edited, place)
    found = explain(one, params, question.quantity, question.t, question.unit)
    return explained(found, question.id, run, question.layer, question.direction)


def explained(
    found: Explanation, id: int, run: int, layer: int = 0, direction: Direction = "forward"
) -> Explained:
    """Return an explanation as a message."""
    return Explained(
        id=id,
        run=run,
        layer=layer,
        direction=direction,
        quantity=cast(Quantity, found.value),
        t=found.t,
        unit=found.unit,
        result=found.result,
        computed=found.computed,
        clamped=found.clamped,
        pre_activation=found.pre_activation,
        activation=found.activation,
        terms=[
            TermPart(
                kind=term.kind,
                factors=[
                    FactorPart(
                        kind=factor.reference.kind,
                        name=factor.reference.name,
                        of=factor.reference.of,
                        index=list(factor.index),
                        value=factor.value,
                    )
                    for factor in term.factors
                ],
                product=term.product,
            )
            for term in found.terms
        ],
    )


EXPLAIN = Question(Inspect, Explained, _check, _answer)
