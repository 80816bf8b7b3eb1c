"""What a page is told of a document, and of one of its values."""

from __future__ import annotations

from typing import cast

from gru_core.cells.registry import CELLS
from gru_core.explanation.curve import curve
from gru_core.explanation.terms import Explanation
from gru_core.parameters.activations import Activation
from gru_core.parameters.equations import Equation, Interval, bounds
from gru_core.parameters.params import Params
from gruscope.documents.document import State
from gruscope.documents.forms import SHOWN, stages
from gruscope.documents.weights import switches
from gruscope.wire.messages import (
    EquationPart,
    Explained,
    FactorPart,
    Inspect,
    Opened,
    ProductPart,
    TermPart,
)
from gruscope.wire.schema import CellName, Quantity, Sequence


def opened(run: int, state: State) -> Opened:
    """Return the answer to a document that was taken."""
    own = state.own
    return Opened(
        run=run,
        cell=cast(CellName, own.kind),
        title=CELLS[own.kind].title,
        form={name: getattr(state.form, name) for name in switches(type(own))},
        values=list(SHOWN[own.kind].values),
        equations=equation_parts(own),
        stages=[list(stage) for stage in stages(own)],
        steps=len(state.x),
        input_size=own.input_size,
        hidden_size=own.hidden_size,
        alphabet=state.alphabet,
        arrays={name: list(array.shape) for name, array in own.arrays().items()},
    )


def equation_parts(params: Params) -> list[EquationPart]:
    """Return the equations of some params as they go over the wire."""
    equations = params.equations()
    within = bounds(equations)
    return [_part(equation, within[equation.value]) for equation in equations]


def explained(message: Inspect, run: int, found: Explanation) -> Explained:
    """Return the answer to a question."""
    return Explained(
        id=message.id,
        run=run,
        quantity=message.quantity,
        t=message.t,
        unit=message.unit,
        result=found.result,
        computed=found.computed,
        clamped=found.clamped,
        pre_activation=found.pre_activation,
        activation=found.activation,
        terms=[
            TermPart(
                kind=term.kind,
                factors=[
                    FactorPart(name=f.name, index=list(f.index), value=f.value)
                    for f in term.factors
                ],
                product=term.product,
            )
            for term in found.terms
        ],
    )


def _part(equation: Equation, within: Interval | None) -> EquationPart:
    activation = equation.activation
    return EquationPart(
        value=cast(Quantity, equation.value),
        title=equation.title,
        pre=cast(Sequence | None, equation.pre),
        activation="identity" if activation is None else activation.name,
        clip=equation.clip,
        bounds=None if within is None else list(within),
        text=str(equation),
        products=[ProductPart(kind=p.kind, factors=list(p.factors)) for p in equation.products],
        curve=[] if activation is None else _points(activation, equation.clip),
        numpy=equation.numpy,
    )


def _points(activation: Activation, clip: float | None) -> list[list[float]]:
    """Return an activation's curve with as many digits as a drawing needs."""
    return [[float(f"{a:.6g}"), float(f"{y:.6g}")] for a, y in curve(activation, clip).tolist()]
