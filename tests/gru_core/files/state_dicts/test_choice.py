"""Names joined by + are modules that follow one another."""

from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError
from tests.gru_core.files.test_state_dict import H, I, find, rnn, weight


def two(I_of_second: int = H) -> dict[str, Any]:
    """Return two LSTMs; the second reads as many numbers as the first returns."""
    second = rnn("lstm2.", gates=4)
    return rnn("lstm1.", gates=4) | second | {"lstm2.weight_ih_l0": weight(4 * H, I_of_second)}


def test_two_networks_are_read_as_one() -> None:
    x = np.random.RandomState(0).normal(size=(5, I))
    network = find(two() | {"fc.weight": weight(2, H)}, "lstm1+lstm2")
    first, second = find(two(), "lstm1"), find(two(), "lstm2")
    states = second.run(first.run(x).states).states
    np.testing.assert_allclose(network.run(x).states, states, rtol=0, atol=1e-12)
    assert network.readout is not None and network.guessed == ("readout",)


@pytest.mark.parametrize("names", [("lstm1", "lstm2"), ("rnns.0", "rnns.1"), ("m.gru9", "m.gru10")])
def test_numbered_networks_that_can_only_follow_one_another_are_one(names: tuple[str, str]) -> None:
    first, second = (f"{name}." for name in names)
    arrays = rnn(second, gates=4) | {f"{second}weight_ih_l0": weight(4 * H, H)} | rnn(first)
    network = find(arrays | {"fc.weight": weight(2, H)})
    assert [layer.first.kind for layer in network.layers] == ["gru", "lstm"]
    assert network.guessed == ("readout", "chain")
    assert f"{names[0]}, {names[1]} one after the other (a guess" in repr(network)
    assert "The order of the networks is a guess from its name and shape" in network.note


SECOND_FIRST = {"lstm2.weight_ih_l0": weight(4 * H, I)}
DOUBTS = {
    "the second may read the input": rnn("lstm1.") | rnn("lstm2.", 4) | SECOND_FIRST,
    "no numbers": rnn("encoder.") | {**rnn("decoder."), "decoder.weight_ih_l0": weight(3 * H, H)},
    "other names": {**rnn("a1."), **rnn("b2."), "b2.weight_ih_l0": weight(3 * H, H)},
    "a gap": {**rnn("a1."), **rnn("a3."), "a3.weight_ih_l0": weight(3 * H, H)},
    "a norm": two() | {"norm.weight": weight(H), "norm.bias": weight(H)},
    "a map": two() | {"low.weight": weight(H, H), "top.weight": weight(2, H)},
    "sizes": two(H + 1),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_of_several_networks_with_any_doubt_one_has_to_be_chosen(doubt: str) -> None:
    with pytest.raises(FormatError, match="holds 2 networks; choose one with name=: ") as caught:
        find(DOUBTS[doubt])
    offered = "; or all as one, each reading the one before: 'lstm1+lstm2'" in str(caught.value)
    assert offered == (doubt in {"a norm", "a map"})


def test_parts_of_a_chain_may_be_named_by_their_ends() -> None:
    arrays = {f"model.{n}": a for n, a in (two() | {"fc.weight": weight(2, H)}).items()}
    network = find(arrays, "lstm1,lstm2,fc")
    assert len(network.layers) == 2 and network.readout is not None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lstm2+lstm1", "lstm1: reads I = 3 numbers, but 'lstm2' returns D·H = 4: they are not a"),
        ("lstm1+lstm1", "a network is in it twice"),
        ("emb+more+lstm1", "more: is no network, and no map between two: a Linear, a BatchNorm"),
        ("lstm1+lstm2+a+b", "a name has at most one readout after the networks"),
        ("lstm1+fc+lstm2", "fc.weight: must have shape (N, 4) as a Linear, got (2, 5)"),
        ("lstm1+low+lstm2", "low.bias: must have shape (2,), got (3,)"),
        ("a+b", "holds no network of the name 'a+b'"),
        ("emb+lstm1", "emb.weight: is not in the file, so that 'emb' is not the embedding"),
        ("lstm1+fc", "fc.weight: must have shape (O, D·H) with D·H = 4 as the readout, got (2, 5)"),
        ("lstm1+low", "low.bias: must have shape (O,) = (2,), got (3,)"),
    ],
)
def test_modules_that_are_not_a_chain_are_refused(name: str, message: str) -> None:
    beside = {"fc.weight": weight(2, H + 1), "low.weight": weight(2, H), "low.bias": weight(3)}
    with pytest.raises(FormatError) as caught:
        find(two() | beside, name)
    assert message in str(caught.value)


def test_one_of_several_readouts_is_chosen_by_name() -> None:
    arrays = {"emb.weight": weight(7, I), "word.weight": weight(9, I)} | rnn("rnn.")
    arrays |= {"out.weight": weight(2, H), "head.weight": weight(1, H), "head.bias": weight(1)}
    with pytest.raises(FormatError) as caught:
        find(arrays)
    message = "emb.weight: may be the embedding, and so may word.weight; choose one with name=: "
    assert message + "'EMBEDDING+rnn+READOUT', or none: 'rnn'" in str(caught.value)
    network = find(arrays, "word+rnn+head")
    assert network.embedding is not None and len(network.embedding) == 9
    assert network.readout is not None and network.readout.output_size == 1
    assert network.guessed == ("embedding", "readout")
    alone = find(arrays, "rnn")
    assert alone.embedding is None and alone.readout is None


def test_a_network_whose_name_has_a_plus_is_found() -> None:
    assert find(rnn("a+b.") | rnn("c."), "a+b").kind == "gru"
