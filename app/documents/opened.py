"""The answer to an opened document: its sizes, equations and arrays."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal, cast

from gru_core.cells.registry import CELLS
from gru_core.errors import RangeError
from gru_core.explanation.curve import curve
from gru_core.explanation.vectors import product_names
from gru_core.learn.sampling import check_writer
from gru_core.network.end_arrays import ENDS, REFERENCES, end_arrays
from gru_core.network.network import Network
from gru_core.parameters.activations import Activation
from gru_core.parameters.equations import Equation, Interval, Product, bounds
from gru_core.parameters.params import Params
from gru_core.parameters.references import Reference
from gru_core.seq2seq.joint import Joint
from gruscope.documents.document import State
from gruscope.documents.forms import SHOWN, common_form, form_of, stages
from gruscope.documents.weights import switches
from gruscope.wire.messages import (
    ArrayPart,
    DecoderPart,
    EquationPart,
    LayerPart,
    NetworkPart,
    Opened,
    ProductPart,
    ReadoutPart,
    ReferencePart,
)
from gruscope.wire.schema import CellName, InLayer, Quantity, Sequence


def opened(run: int, state: State) -> Opened:
    """Return the answer to an accepted document."""
    own, (layer, direction) = state.own, state.view
    form = form_of(own)
    return Opened(
        run=run,
        cell=cast(CellName, own.kind),
        title=CELLS[own.kind].title,
        form={name: getattr(form, name) for name in switches(type(own))},
        values=list(SHOWN[own.kind].values),
        equations=equation_parts(own),
        stages=[list(stage) for stage in stages(own)],
        steps=state.steps,
        input_size=own.input_size,
        hidden_size=own.hidden_size,
        alphabet=state.alphabet,
        arrays=array_parts(own),
        view=InLayer(layer=layer, direction=direction),
        network=network_part(state.network),
    )


def network_part(network: Network) -> NetworkPart:
    """Return the description of a whole network for the wire."""
    readout = network.readout
    return NetworkPart(
        vocabulary=None if network.embedding is None else len(network.embedding),
        input_size=network.input_size,
        layers=[
            LayerPart(
                cell=cast(CellName, layer.first.kind),
                directions=list(layer.reads),
                merge=layer.merge,
                input_size=layer.first.input_size,
                hidden_size=layer.first.hidden_size,
                output_size=layer.output_size,
                before=[str(one) for one in layer.before],
            )
            for layer in network.layers
        ],
        readout=None
        if readout is None
        else ReadoutPart(output_size=readout.output_size, head=readout.head),
        ends={
            end: {
                name: ArrayPart(**asdict(REFERENCES[name]), shape=list(array.shape))
                for name, array in arrays.items()
            }
            for end in ENDS
            if (arrays := end_arrays(network, end))
        },
        parameters=network.parameters,
        uniform=common_form(network) is not None,
        decoder=_decoder(network),
        guessed=list(network.guessed),
        note=network.note,
        writes=_writes(network),
    )


def _decoder(network: Network) -> DecoderPart | None:
    if not isinstance(network, Joint):
        return None
    model = network.model
    return DecoderPart(first=network.half, limit=model.limit, start=model.start, end=model.end)


def _writes(network: Network) -> Literal["symbols", "series"] | None:
    """Return what a network writes on, None if its answers are not what it reads."""
    try:
        return "symbols" if check_writer(network) else "series"
    except RangeError:
        return None


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
