import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import (
    GRU,
    CoreError,
    DTypeError,
    FieldError,
    GRUParams,
    Network,
    RangeError,
    ShapeError,
    Trace,
    explain,
)
from gru_core import (
    Layer as NetworkLayer,
)
from tests.gru_core.strategies import Layer, layers

EXPLAINED = ("z", "r", "n", "h")
ACTIVATIONS = {"sigmoid": lambda a: 0.5 + 0.5 * math.tanh(a / 2), "tanh": math.tanh}


@given(layers(steps=80), st.sampled_from(EXPLAINED), st.data())
def test_the_terms_sum_to_the_value(layer: Layer, value: str, data: st.DataObject) -> None:
    trace = GRU(layer.params).run(layer.x, layer.h0)
    t = data.draw(st.integers(0, len(trace) - 1))
    unit = data.draw(st.integers(0, trace.hidden_size - 1))
    found = explain(trace, layer.params, value, t, unit)
    assert found.result == getattr(trace, value)[t, unit]
    total = math.fsum(term.product for term in found.terms)
    eps = float(np.finfo(trace.dtype).eps)
    tolerance = 16 * eps * (1 + sum(abs(term.product) for term in found.terms))
    if found.pre_activation is None:
        assert (value, found.activation) == ("h", "identity")
        assert total == pytest.approx(found.result, abs=tolerance)
        return
    assert total == pytest.approx(found.pre_activation, abs=tolerance)
    activated = ACTIVATIONS[found.activation](found.pre_activation)
    assert activated == pytest.approx(found.result, abs=4 * eps)


@given(layers(steps=20), st.sampled_from(EXPLAINED), st.data())
def test_every_factor_is_at_its_index(layer: Layer, value: str, data: st.DataObject) -> None:
    trace, arrays = GRU(layer.params).run(layer.x, layer.h0), layer.params.arrays()
    t = data.draw(st.integers(0, len(trace) - 1))
    unit = data.draw(st.integers(0, trace.hidden_size - 1))
    of_trace = {"x": trace.x, "h_prev": trace.h_prev, "1-z": 1 - trace.z}
    for term in explain(trace, layer.params, value, t, unit).terms:
        assert term.product == math.prod(factor.value for factor in term.factors)
        for factor in term.factors:
            array = arrays.get(factor.name, of_trace.get(factor.name))
            array = getattr(trace, factor.name) if array is None else array
            assert factor.value == array[factor.index], factor


PARAMS = GRUParams.random(2, 3, seed=0)
TRACE = GRU(PARAMS).run(np.ones((4, 2)), h0=[0.1, 0.2, 0.3])


def shape_of(value: str, params: GRUParams = PARAMS, trace: Trace = TRACE) -> list[str]:
    terms = explain(trace, params, value, 0, 1).terms
    return [f"{term.kind}: {' '.join(factor.name for factor in term.factors)}" for term in terms]


def test_a_gate_is_two_products_and_a_bias() -> None:
    for gate in "zr":
        assert shape_of(gate) == [
            *[f"input: W_{gate} x"] * 2,
            *[f"recurrent: U_{gate} h_prev"] * 3,
            f"bias: b_{gate}",
        ]


def test_the_reset_gate_multiplies_the_recurrent_part_of_the_candidate() -> None:
    assert shape_of("n") == [
        *["input: W_n x"] * 2,
        "bias: b_n",
        *["recurrent: r U_n h_prev"] * 3,
        "recurrent_bias: r b_hn",
    ]


def test_the_state_is_a_blend() -> None:
    assert shape_of("h") == ["keep: z h_prev", "write: 1-z n"]


def test_absent_biases_have_no_terms() -> None:
    params = GRUParams(PARAMS.W, PARAMS.U)
    trace = GRU(params).run(np.ones((4, 2)))
    assert not [
        term for value in "zrn" for term in shape_of(value, params, trace) if "bias" in term
    ]


def test_terms_worked_by_hand() -> None:
    one = np.ones((1, 1))
    params = GRUParams.from_arrays(
        W_z=one * 2, U_z=one * 3, W_r=one, U_r=one, W_n=one, U_n=one, b_z=[-4]
    )
    found = explain(GRU(params).run([[5]], h0=[0.5]), params, "z", 0, 0)
    assert [term.product for term in found.terms] == [10, 1.5, -4]
    assert [[f.index for f in term.factors] for term in found.terms] == [
        [(0, 0), (0, 0)],
        [(0, 0), (0, 0)],
        [(0,)],
    ]
    assert found.pre_activation == 7.5
    assert found.result == pytest.approx(1 / (1 + math.exp(-7.5)), abs=1e-15)


@pytest.mark.parametrize(
    ("value", "t", "unit", "error", "message"),
    [
        ("u", 0, 0, FieldError, "value must be one of z, r, n, h, got 'u'"),
        ("z", 4, 0, RangeError, "t must be from 0 to 3, got 4"),
        ("z", -1, 0, RangeError, "t must be from 0 to 3, got -1"),
        ("h", 0, 3, RangeError, "unit must be from 0 to 2, got 3"),
    ],
)
def test_what_is_not_there_is_refused(
    value: str, t: int, unit: int, error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        explain(TRACE, PARAMS, value, t, unit)
    assert str(caught.value) == message


def test_a_trace_of_other_sizes_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"trace must have sizes \(I, H\) = \(2, 4\)"):
        explain(TRACE, GRUParams.random(2, 4, seed=0), "z", 0, 0)


def test_arguments_other_than_a_trace_and_params_are_refused() -> None:
    network = Network((NetworkLayer(PARAMS),))
    with pytest.raises(DTypeError, match=r"trace must be a Trace, .*, got NetworkTrace"):
        explain(network.run(np.ones((4, 2))), PARAMS, "z", 0, 0)  # type: ignore[arg-type]
    with pytest.raises(DTypeError, match=r"params must be a Params, .*, got Network"):
        explain(TRACE, network, "z", 0, 0)  # type: ignore[arg-type]
    with pytest.raises(RangeError, match=r"t must be from 0 to 3, got 1\.5"):
        explain(TRACE, PARAMS, "z", 1.5, 0)  # type: ignore[arg-type]
