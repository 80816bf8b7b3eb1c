"""The answer to an opened document: its sizes, equations and arrays."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from gru_core.cells.registry import CELLS
from gru_core.explanation.curve import curve
from gru_core.explanation.vectors import product_names
from gru_core.parameters.activations import Activation
from gru_core.parameters.equations import Equation, Interval, Product, bounds
from gru_core.parameters.params import Params
from gru_core.parameters.references import Reference
from gruscope.documents.document import State
from gruscope.documents.forms import SHOWN, stages
from gruscope.documents.weights import switches
from gruscope.wire.messages import (
    ArrayPart,
    EquationPart,
    Opened,
    ProductPart,
    ReferencePart,
)
from gruscope.wire.schema import CellName, Quantity, Sequence


def opened(run: int, state: State) -> Opened:
    """Return the answer to an accepted document."""
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
        arrays=array_parts(own),
    )


def array_parts(params: Params) -> dict[str, ArrayPart]:
    """Return the descriptions of the arrays for the wire."""
    described = params.described()
    return {
        name: ArrayPart(**asdict(described[name].reference), shape=list(array.shape))
        for name, array in params.arrays().items()
    }


def equation_parts(params: Params) -> list[EquationPart]:
    """Return the equations for the wire."""
    equations = params.equations()
    within = bounds(equations)
    return [_part(equation, within[equation.value]) for equation in equations]


def _part(equation: Equation, within: Interval | None) -> EquationPart:
    activation = equation.activation
    return EquationPart(
        value=cast(Quantity, equation.value),
        title=equation.title,
        pre=cast(Sequence | None, equation.pre),
        activation="identity" if activation is None else activation.name,
        symbol=equation.symbol,
        function=equation.function,
        clip=equation.clip,
        bounds=None if within is None else list(within),
        text=str(equation),
        words=[w if isinstance(w, str) else _reference(w) for w in equation.words()],
        products=[_product(equation, product) for product in equation.products],
        curve=[] if activation is None else _points(activation, equation.clip),
        numpy=equation.numpy,
    )


def _product(equation: Equation, product: Product) -> ProductPart:
    adds, vector = product_names(equation, product)
    return ProductPart(
        kind=product.kind,
        factors=[_reference(factor) for factor in product.factors],
        inner=cast(Sequence | None, product.inner),
        adds=adds,
        vector=vector,
    )


def _reference(reference: Reference) -> ReferencePart:
    return ReferencePart(kind=reference.kind, name=reference.name, of=reference.of)


def _points(activation: Activation, clip: float | None) -> list[list[float]]:
    """Return an activation's curve, rounded to the digits that a drawing needs."""
    return [[float(f"{a:.6g}"), float(f"{y:.6g}")] for a, y in curve(activation, clip).tolist()]
