"""A start state beside a network in a state_dict is found by name and shape, or refused."""

from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError
from gru_core.files.torch import state_dict
from tests.gru_core.files.test_state_dict import H, entries, find, rnn

NAMES = ["h0", "h_0", "hx", "init_hidden", "rnn_init_hidden", "initial_state", "hidden_0", "h_init"]
NAMES += [
    "learned_h0",
    "init_h",
    "start_state",
    "hidden_init",
    "initial_hidden_state",
    "encoder_h0",
]
CELL = ["c0", "c_0", "init_cell", "rnn_c0", "cell_init", "initial_cell_state"]


def state(*shape: int) -> Any:
    return np.random.RandomState(sum(shape)).normal(size=shape)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("around", ["", "m.", "m.rnn."])
def test_a_start_state_is_found_by_its_name(name: str, around: str) -> None:
    h0 = state(1, 1, H)
    network = find(rnn("m.rnn.") | {around + name: h0})
    np.testing.assert_array_equal(network.layers[0].h0, h0[0])
    assert network.guessed == ("start",)
    assert "h0 stored (a guess from its name and shape)" in repr(network)


@pytest.mark.parametrize("name", CELL)
def test_an_lstm_has_a_second_state(name: str) -> None:
    network = find(rnn("rnn.", gates=4) | {"h0": state(H), name: state(1, H)})
    np.testing.assert_array_equal(network.layers[0].h0, state(H)[None])
    np.testing.assert_array_equal(network.layers[0].c0, state(1, H))


@pytest.mark.parametrize("shape", [(4, 1, H), (4, H)])
def test_each_layer_and_direction_has_its_own(shape: tuple[int, ...]) -> None:
    network = find(rnn("rnn.", layers=2, reverse=True) | {"h0": state(*shape)})
    found = np.concatenate([layer.h0 for layer in network.layers])
    np.testing.assert_array_equal(found, state(*shape).reshape(4, H))


@pytest.mark.parametrize("name", ["h0.weight", "state", "hidden", "steps", "init", "b.h0", "h01"])
def test_another_name_is_no_start_state(name: str) -> None:
    assert find(rnn("rnn.") | {name: state(1, 1, H)}).layers[0].h0 is None


def test_a_state_outside_the_state_dict_counts() -> None:
    arrays = rnn("model.rnn.") | {"init_hidden": state(1, 1, H)}
    scopes = {name: "model" for name in arrays if name.startswith("model.")}
    found = state_dict.network(entries(arrays, scopes))
    np.testing.assert_array_equal(found.layers[0].h0, state(1, 1, H)[0])


def test_the_start_does_not_hide_embedding_and_readout() -> None:
    around = {"emb.weight": np.ones((7, 3)), "fc.weight": np.ones((2, H)), "h0": state(1, 1, H)}
    assert find(rnn("rnn.") | around).guessed == ("embedding", "readout", "start")


@pytest.mark.parametrize(
    ("beside", "message"),
    [
        (
            {"h0": state(1, 2, H)},
            "h0: is named as a start state, which must have shape (L·D, 1, H) = (1, 1, 4), "
            "got (1, 2, 4); open the network alone with name=: 'rnn'",
        ),
        ({"h0": state()}, "h0: is named as a start state"),
        ({"h0": state(1, H), "hx": state(1, H)}, "h0: may be the start state, and so may hx; open"),
        ({"c0": state(1, H)}, "c0: is named as the start of c, which a gru does not have; open"),
    ],
)
def test_a_start_state_that_does_not_fit_is_refused(beside: Any, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        find(rnn("rnn.") | beside)
    assert message in str(caught.value)
    assert find(rnn("rnn.") | beside, "rnn").layers[0].h0 is None


def test_the_start_of_one_of_several_networks_belongs_to_none() -> None:
    arrays = rnn("a.rnn.") | rnn("b.rnn.") | {"h0": state(1, H), "b.h0": state(1, 1, H)}
    assert find(arrays, "a.rnn").layers[0].h0 is None
    np.testing.assert_array_equal(find(arrays, "b.rnn").layers[0].h0, state(1, 1, H)[0])


def test_a_start_that_is_not_finite_is_refused() -> None:
    with pytest.raises(FormatError, match="h0: holds nan"):
        find(rnn() | {"h0": np.full((1, H), np.nan)})
