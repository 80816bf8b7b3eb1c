"""Layers against Keras 3, which computes in float32, by arrays that scripts/references made."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from gru_core import Activation, GRUParams, Layer, LSTMParams, Network, RNNParams
from tests.gru_core.cases import Arrays, FloatArray
from tests.gru_core.keras_cases import CASES, KERAS, KerasCase, KerasDrawn, draw

TOLERANCE = 1e-6

STORED = load_file(KERAS)
GRUS = [case for case in CASES if case.layer == "GRU"]

# keras.activations: leaky_relu's slope is 0.2, hard_sigmoid is relu6(x + 3) / 6.
ACTIVATIONS = {
    "sigmoid": Activation.of("sigmoid"),
    "hard_sigmoid": Activation.of("hard_sigmoid", 1 / 6, 0.5),
    "tanh": Activation.of("tanh"),
    "relu": Activation.of("relu"),
    "leaky_relu": Activation.of("leaky_relu", 0.2),
    "elu": Activation.of("elu", 1.0),
    "softsign": Activation.of("softsign"),
    "softplus": Activation.of("softplus"),
    "linear": Activation.of("affine", 1.0, 0.0),
}


def params(case: KerasCase, weights: Arrays) -> GRUParams | LSTMParams | RNNParams:
    """Return our params for Keras's weights: (I, G·H), gates z r h or i f c o."""
    W, U, b, H = weights["kernel"].T, weights["recurrent_kernel"].T, weights.get("bias"), case.H
    g = ACTIVATIONS[case.option("activation", "tanh")]
    f = ACTIVATIONS[case.option("recurrent_activation", "sigmoid")]
    if case.layer == "SimpleRNN":
        return RNNParams(W, U, b, activations=(g,))
    if case.layer == "LSTM":
        b = None if b is None else ifog(b, H)
        return LSTMParams(ifog(W, H), ifog(U, H), b, activations=(f, g, g))
    after, b_hn = case.option("reset_after", True), None
    if b is not None and after:
        total, b_hn = b[0] + b[1], b[1][2 * H :]
        b = np.concatenate([total[: 2 * H], b[0][2 * H :]])
    return GRUParams(W, U, b, b_hn, reset_after=after, activations=(f, g))


def ifog(stack: FloatArray, H: int) -> FloatArray:
    """Return i, f, c, o as i, f, o, g."""
    return np.concatenate([stack[: 2 * H], stack[3 * H :], stack[2 * H : 3 * H]])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_outputs_and_final_states_equal_keras(case: KerasCase) -> None:
    drawn = draw(case)
    net = Network(tuple(Layer(*(params(case, one) for one in layer)) for layer in drawn.weights))
    assert_equals_keras(case, drawn, net)


@pytest.mark.parametrize("case", GRUS, ids=lambda case: case.key)
def test_a_z_that_writes_is_keras_with_opposite_weights(case: KerasCase) -> None:
    drawn = draw(case)
    for weights in (one for layer in drawn.weights for one in layer):
        for weight in weights.values():  # σ(−a) = 1 − σ(a); columns z, r, h
            weight[..., : case.H] *= -1
    given = [[params(case, one) for one in layer] for layer in drawn.weights]
    layers = tuple(Layer(*(p.with_form(z_keeps=False) for p in layer)) for layer in given)
    assert_equals_keras(case, drawn, Network(layers))


def assert_equals_keras(case: KerasCase, drawn: KerasDrawn, net: Network) -> None:
    per = 2 if case.layer == "LSTM" else 1  # states of a direction: h, or h and c
    states = {}
    if drawn.states:
        states["h0"] = np.stack(drawn.states[::per])
        states |= {"c0": np.stack(drawn.states[1::2])} if per == 2 else {}
    trace = net.run(drawn.x.swapaxes(0, 1), **states, lengths=drawn.lengths)
    close(trace.states.swapaxes(0, 1), STORED[f"{case.key}/output"])
    for i in range(per * case.directions):
        last = trace.final_c if i % per else trace.final
        close(last[i // per - case.directions], STORED[f"{case.key}/final_{i}"])


def close(found: FloatArray, expected: FloatArray) -> None:
    assert found.dtype == expected.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


def test_every_stored_array_is_used() -> None:
    assert {name.rpartition("/")[0] for name in STORED} == {case.key for case in CASES}
