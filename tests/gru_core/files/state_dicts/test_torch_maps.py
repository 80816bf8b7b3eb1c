"""Maps between networks of a state_dict that a user joined by +, and arrays that are left out."""

from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load
from tests.gru_core.files.model_cases import MODELS
from tests.gru_core.files.state_dicts.test_choice import two
from tests.gru_core.files.test_state_dict import H, I, find, weight

N = H + 1
X = np.random.RandomState(0).normal(size=(5, I))
NORM = {
    "norm.weight": weight(H),
    "norm.bias": weight(H),
    "norm.running_mean": weight(H),
    "norm.running_var": weight(H) ** 2 + 0.5,
    "norm.num_batches_tracked": np.array(7),
}
LINEAR = {"fc1.weight": weight(N, H), "fc1.bias": weight(N)}


def normalized(h: Any) -> Any:
    """What torch.nn.BatchNorm1d computes in evaluation, with its default eps."""
    scale = NORM["norm.weight"] / np.sqrt(NORM["norm.running_var"] + 1e-5)
    return (h - NORM["norm.running_mean"]) * scale + NORM["norm.bias"]


def dense(h: Any) -> Any:
    return h @ LINEAR["fc1.weight"].T + LINEAR["fc1.bias"]


@pytest.mark.parametrize(
    ("name", "inputs", "function"),
    [
        ("lstm1+relu+lstm2", H, lambda h: np.maximum(h, 0)),
        ("lstm1+fc1+lstm2", N, dense),
        ("lstm1+fc1+tanh+lstm2", N, lambda h: np.tanh(dense(h))),
        ("lstm1+norm+relu+fc1+lstm2", N, lambda h: dense(np.maximum(normalized(h), 0))),
    ],
)
def test_maps_between_two_networks(name: str, inputs: int, function: Any) -> None:
    arrays = two(inputs) | NORM | LINEAR
    network = find(arrays, name)
    first, second = find(two(inputs), "lstm1"), find(two(inputs), "lstm2")
    states = second.run(function(first.run(X).states)).states
    np.testing.assert_allclose(network.run(X).states, states, rtol=0, atol=1e-12)
    assert network.guessed == ("between",)
    assert "The map between layers is a guess" in network.note
    if "norm" in name:
        assert network.left_out == ("norm (num_batches_tracked)",)


def test_a_linear_before_the_first_network_is_no_embedding() -> None:
    arrays = two() | {"fc0.weight": weight(I, 6), "fc0.bias": weight(I)}
    network = find(arrays, "fc0+relu+lstm1")
    assert (network.input_size, network.embedding) == (6, None)
    x = np.random.RandomState(1).normal(size=(5, 6))
    below = np.maximum(x @ arrays["fc0.weight"].T + arrays["fc0.bias"], 0)
    expected = find(two(), "lstm1").run(below).states
    np.testing.assert_allclose(network.run(x).states, expected, rtol=0, atol=1e-12)
    assert network.left_out == ("lstm2 (weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0)",)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lstm1+norm+fc1+lstm2", "lstm2: reads I = 4 numbers, but the maps after 'lstm1' return 5"),
        ("fc1+lstm1", "lstm1: reads I = 3 numbers, but the maps before it return 5"),
        ("lstm1+gelu+lstm2", "gelu: is no network, and no map between two"),
    ],
)
def test_maps_that_do_not_fit_are_refused(name: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        find(two() | NORM | LINEAR, name)
    assert message in str(caught.value)


def test_what_is_beside_a_network_is_named() -> None:
    """With an MLP neither part is read as the readout, and both are named."""
    arrays = two() | LINEAR | {"fc2.weight": weight(2, N), "scale": weight(1)}
    network = find({n: a for n, a in arrays.items() if "lstm2" not in n})
    assert network.readout is None
    assert network.left_out == ("fc1 (weight, bias)", "fc2 (weight)", "scale")
    assert network.note == "In the file but left out: fc1 (weight, bias), fc2 (weight), scale."
    assert "in the file but left out: fc1 (weight, bias), fc2 (weight), scale>" in repr(network)
    assert network.astype("float32").left_out == network.left_out


def test_the_state_of_an_optimizer_is_named() -> None:
    # Adam keeps three arrays for each of the 11 weights.
    assert load(MODELS / "checkpoint.pt").left_out == ("optimizer (33 arrays)", "rng (1 array)")
