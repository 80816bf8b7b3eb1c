"""Gradients and Jacobians of every form against differences, including forms not in torch."""

from typing import Any

import numpy as np
import pytest

from gru_core import (
    Cell,
    Layer,
    Network,
    Readout,
    Trace,
    cell,
)
from tests.gru_core.cases import Arrays, FloatArray
from tests.gru_core.cells.gradient_points import (
    ACTIVE,
    FORMS,
    B,
    Form,
    H,
    I,
    T,
    along,
    draw,
    draw_params,
    slope,
)

TOLERANCE = {"rtol": 1e-9, "atol": 1e-9}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_gradients_equal_differences_element_by_element(form: Form) -> None:
    point = draw(form)
    layer, trace = point.run()
    found = layer.gradients(trace, **point.loss)
    arrays = point.params.arrays()
    assert found.params.keys() == arrays.keys()
    for name, array in arrays.items():
        expected = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            move = along(array, place)
            expected[place] = slope(
                lambda e, name=name, move=move: point.value(point.params.replace(**{name: move(e)}))
            )
        np.testing.assert_allclose(found.params[name], expected, **TOLERANCE, err_msg=name)
    for name, array in point.inputs.items():
        expected = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            move = along(array, place)
            expected[place] = slope(lambda e, name=name, move=move: point.value(**{name: move(e)}))
        np.testing.assert_allclose(getattr(found, name), expected, **TOLERANCE, err_msg=name)


@pytest.mark.parametrize("form", ACTIVE, ids=str)
def test_gradients_through_every_activation_equal_differences(form: Form) -> None:
    point = draw(form)
    layer, trace = point.run()
    found = layer.gradients(trace, **point.loss)
    rng = np.random.RandomState(0)
    for name, array in point.params.arrays().items():
        way = rng.normal(size=array.shape)
        expected = slope(
            lambda e, name=name, array=array, way=way: point.value(
                point.params.replace(**{name: array + e * way})
            )
        )
        found_along = (found.params[name] * way).sum()
        np.testing.assert_allclose(found_along, expected, **TOLERANCE, err_msg=name)
    for name, array in point.inputs.items():
        way = rng.normal(size=array.shape)
        expected = slope(
            lambda e, name=name, array=array, way=way: point.value(**{name: array + e * way})
        )
        found_along = (getattr(found, name) * way).sum()
        np.testing.assert_allclose(found_along, expected, **TOLERANCE, err_msg=name)


@pytest.mark.parametrize("form", [*FORMS, *ACTIVE], ids=str)
def test_jacobians_equal_differences(form: Form) -> None:
    point = draw(form)
    layer, trace = point.run()
    found, memory = layer.jacobian(trace), layer.memory(trace)
    for b in range(B):
        x = point.inputs["x"][:, b]
        for t in range(T):
            step = slope(lambda e, x=x[t : t + 1], t=t, b=b: moved(layer, trace, x, t, b, e))
            rest = slope(lambda e, x=x[t:], t=t, b=b: moved(layer, trace, x, t, b, e))
            np.testing.assert_allclose(found[t, b], step, **TOLERANCE)
            np.testing.assert_allclose(memory[t, b], rest, **TOLERANCE)
        np.testing.assert_array_equal(memory[T, b], np.eye(found.shape[-1]))


def moved(layer: Cell[Any], trace: Trace, x: FloatArray, t: int, b: int, e: float) -> FloatArray:
    """Return the state after x from the state before t, a column for each component moved by e."""
    names = ("h", "c") if "c" in trace.values else ("h",)
    start = np.concatenate([trace.values[f"{name}_prev"][t, b] for name in names])
    starts = start + e * np.eye(len(start))  # one sequence a component
    states = np.split(starts, len(names), axis=1)
    many = np.repeat(x[:, None], len(start), axis=1)
    end = layer.run(many, **dict(zip(("h0", "c0"), states, strict=False)))
    return np.concatenate([end.values[name][-1] for name in names], axis=1).T


NETWORKS = [
    Form("gru", {"reset_after": False, "z_keeps": False}),
    Form("lstm", {}, peepholes=True),
    Form("lstm", {"input_forget": True}, peepholes=True),
    Form("rnn", {}),
]


@pytest.mark.parametrize("form", NETWORKS, ids=str)
@pytest.mark.parametrize("lengths", [None, [3, 1]], ids=["even", "lengths"])
def test_gradients_of_networks_equal_differences(form: Form, lengths: list[int] | None) -> None:
    rng = np.random.RandomState(0)
    layers = [[draw_params(form, rng, size) for _ in range(2)] for size in (I, 2 * H)]
    ends = [rng.normal(size=shape) for shape in ((5, I), (3, 2 * H), (3,))]
    tokens = rng.randint(0, 5, (T, B))
    names = ("h0", "c0") if form.kind == "lstm" else ("h0",)
    states = {name: rng.normal(size=(4, B, H)) for name in names}

    def network(e: float = 0, ways: Any = None) -> Network:
        """Return the network, every array moved by e along its way."""
        new = [
            Layer(
                *(
                    params.replace(
                        **{n: a + e * ways[0][k][d][n] for n, a in params.arrays().items()}
                    )
                    if ways
                    else params
                    for d, params in enumerate(pair)
                )
            )
            for k, pair in enumerate(layers)
        ]
        moved = [a + e * way for a, way in zip(ends, ways[1], strict=True)] if ways else ends
        return Network(tuple(new), moved[0], Readout(moved[1], moved[2]))

    loss = {
        "d_output": rng.normal(size=(T, B, 3)),
        "d_states": rng.normal(size=(T, B, 2 * H)),
        "d_final": rng.normal(size=(4, B, H)),
    }
    loss |= {"d_final_c": rng.normal(size=(4, B, H))} if form.kind == "lstm" else {}

    def value(net: Network, given: Arrays) -> float:
        trace = net.run(tokens, **given, lengths=lengths)
        parts = (getattr(trace, name.removeprefix("d_")) * w for name, w in loss.items())
        return float(sum(part.sum() for part in parts))

    net = network()
    found = net.gradients(net.run(tokens, **states, lengths=lengths), **loss)
    ways = [
        [
            [{n: rng.normal(size=a.shape) for n, a in p.arrays().items()} for p in pair]
            for pair in layers
        ],
        [rng.normal(size=a.shape) for a in ends],
    ]
    expected = slope(lambda e: value(network(e, ways), states))
    total = sum(
        (array * ways[0][k][d][name]).sum()
        for k, pair in enumerate(found.layers)
        for d, one in enumerate(pair)
        for name, array in one.items()
    )
    outer = (found.embedding, found.readout_W, found.readout_b)
    total += sum((array * way).sum() for array, way in zip(outer, ways[1], strict=True))
    np.testing.assert_allclose(total, expected, **TOLERANCE)
    for name, array in states.items():
        way = rng.normal(size=array.shape)
        expected = slope(
            lambda e, name=name, array=array, way=way: value(net, {**states, name: array + e * way})
        )
        np.testing.assert_allclose(
            (np.stack(getattr(found, name)) * way).sum(), expected, **TOLERANCE
        )


@pytest.mark.parametrize("form", [FORMS[0], FORMS[2], Form("lstm", {}, peepholes=True)], ids=str)
def test_memory_of_padded_sequences_is_that_of_each_alone(form: Form) -> None:
    rng = np.random.RandomState(0)
    params, x = draw_params(form, rng), rng.normal(size=(5, 3, I))
    lengths = [2, 5, 1]
    trace = Network((Layer(params),)).run(x, lengths=lengths).layers[0]
    found = cell(params).memory(trace)
    for b, length in enumerate(lengths):
        alone = cell(params).memory(cell(params).run(x[:length, b]))
        np.testing.assert_allclose(found[: length + 1, b], alone, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(found[length:, b], [np.eye(alone.shape[-1])] * (6 - length))
