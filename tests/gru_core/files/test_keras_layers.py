"""Directions, normalization and models inside models, in Keras files made by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.gru_core.files.keras_models import (
    H,
    I,
    archive,
    arrays,
    functional,
    layer,
    legacy,
    recurrent,
    sequential,
)
from tests.gru_core.files.test_keras import loaded, refusal

X = np.random.RandomState(0).normal(size=(6, I))
SIDES = {f"bidirectional/{side}_layer/cell": arrays() for side in ("forward", "backward")}


def both(**changed: Any) -> bytes:
    """Return a Bidirectional of a GRU and an LSTM."""
    back = recurrent("LSTM", "back", go_backwards=True)
    config = layer("Bidirectional", "both", layer=recurrent(), backward_layer=back, **changed)
    weights = SIDES | {"bidirectional/backward_layer/cell": arrays("LSTM")}
    return archive(sequential(config), weights)


def test_directions_of_two_classes_are_opened_one_by_one(tmp_path: Path) -> None:
    advice = "open one direction alone with name=: 'both.forward' or 'both.backward'"
    message = (
        f"reads forward with a GRU and backward with a LSTM, which one layer here cannot; {advice}"
    )
    assert refusal(both(), tmp_path).endswith(message)
    assert refusal(both(merge_mode=None), tmp_path).endswith(advice)
    for name, kind, reads in (("forward", "gru", "forward"), ("backward", "lstm", "reverse")):
        network = loaded(both(), tmp_path, f"both.{name}")
        assert (network.kind, network.layers[0].reads) == (kind, (reads,))
    assert "has no recurrent layer 'both.up'" in refusal(both(), tmp_path, "both.up")


def test_one_direction_keeps_the_embedding_before_it(tmp_path: Path) -> None:
    config = layer("Bidirectional", "both", layer=recurrent(), merge_mode=None)
    weights = SIDES | {"embedding": [np.ones((7, I), "f4")]}
    data = archive(sequential(layer("Embedding", "e"), config), weights)
    assert loaded(data, tmp_path, "both.forward").embedding is not None


def test_what_joins_two_networks_is_named(tmp_path: Path) -> None:
    config = functional(
        (layer("InputLayer", "x"), []),
        (recurrent("GRU", "a"), ["x"]),
        (recurrent("GRU", "b", go_backwards=True), ["x"]),
        (layer("Maximum", "largest"), ["a", "b"]),
    )
    data = archive(config, {"gru/cell": arrays(), "gru_1/cell": arrays()})
    listed = "choose one with name=: 'a' (GRU, 1 deep), 'b' (GRU, 1 deep)"
    end = f"{listed}; what joins them is left out: 'largest' (Maximum)"
    assert refusal(data, tmp_path).endswith(end)
    assert loaded(data, tmp_path, "a").layers[0].reads == ("forward",)
    assert loaded(data, tmp_path, "b").layers[0].reads == ("reverse",)


def beside(*joining: Any, **back: Any) -> bytes:
    """Return a GRU beside another that goes backwards, and what follows them."""
    config = functional(
        (layer("InputLayer", "x"), []),
        (recurrent("GRU", "a"), ["x"]),
        (recurrent("GRU", "b", **({"go_backwards": True} | back)), ["x"]),
        *joining,
    )
    return archive(config, {"gru/cell": arrays(), "gru_1/cell": arrays()})


@pytest.mark.parametrize(
    ("kind", "merge", "config"),
    [
        ("Add", "sum", {}),
        ("Average", "mean", {}),
        ("Multiply", "product", {}),
        ("Concatenate", "concat", {"axis": -1}),
    ],
)
@pytest.mark.parametrize("is_flipped", [False, True])
def test_a_layer_beside_a_reversed_one_is_a_layer_of_two_directions(
    kind: str, merge: str, config: dict[str, Any], is_flipped: bool, tmp_path: Path
) -> None:
    join = layer(kind, "joined", **config)
    flip = (layer("Flip", "flip", axis=1), ["b"])
    data = beside(flip, (join, ["a", "flip"])) if is_flipped else beside((join, ["a", "b"]))
    network = loaded(data, tmp_path)
    assert network.left_out == ()
    (made,) = network.layers
    assert (made.merge, made.turned) == (merge, () if is_flipped else ("reverse",))
    for name, reads in (("a", "forward"), ("b", "reverse"), ("joined.backward", "reverse")):
        alone = loaded(data, tmp_path, name)
        assert alone.layers[0].reads == (reads,)
        assert alone.left_out


@pytest.mark.parametrize(
    "data",
    [
        beside((layer("Concatenate", "j", axis=-1), ["b", "a"])),
        beside((layer("Concatenate", "j", axis=1), ["a", "b"])),
        beside((layer("Subtract", "j"), ["a", "b"])),
        beside((layer("Add", "j"), ["a", "b", "x"])),
        beside((layer("Add", "j"), ["a", "a"])),
        beside((layer("Add", "j"), ["a", "b"]), (layer("Dense", "d"), ["b"])),
        beside((layer("Add", "j"), ["a", "b"]), go_backwards=False),
        beside((layer("Add", "j"), ["a", "b"]), return_sequences=False),
        beside((layer("Flip", "f", axis=2), ["b"]), (layer("Add", "j"), ["a", "f"])),
        beside((layer("Flip", "f", axis=1), ["a"]), (layer("Add", "j"), ["f", "b"])),
    ],
)
def test_other_layers_side_by_side_stay_apart(data: bytes, tmp_path: Path) -> None:
    assert "'a' (GRU, 1 deep), 'b' (GRU, 1 deep)" in refusal(data, tmp_path)


def test_exchanged_directions_at_the_end_are_refused(tmp_path: Path) -> None:
    back = recurrent("GRU", "back", go_backwards=True)
    wide = {f"bidirectional/{side}_layer/cell": arrays(I=H) for side in ("forward", "backward")}
    data = archive(
        sequential(back, layer("Bidirectional", "both", layer=recurrent())),
        wide | {"gru/cell": arrays()},
    )
    assert "layer 'both': reads what a layer with go_backwards returns" in refusal(data, tmp_path)


NORM = {"moving_mean": [1.0, 2, 3], "moving_variance": [1.0, 4, 9], "gamma": [2.0] * 3}
NORM |= {"beta": [1.0, 0, -1]}


def normalized(*, changed: dict[str, Any] | None = None, **config: Any) -> bytes:
    norm = layer("BatchNormalization", "norm", **({"epsilon": 0.0} | config))
    order = ("gamma", "beta", "moving_mean", "moving_variance")
    found = {name: np.array(a, "f4") for name, a in (NORM | (changed or {})).items()}
    weights = {"batch_normalization": [found[name] for name in order], "gru/cell": arrays()}
    return archive(sequential(norm, recurrent()), weights)


def test_normalization_is_folded_into_the_weights(tmp_path: Path) -> None:
    plain = loaded(archive(sequential(recurrent()), {"gru/cell": arrays()}), tmp_path)
    network = loaded(normalized(), tmp_path)
    x = 2 * (X - [1, 2, 3]) / [1, 2, 3] + [1, 0, -1]
    np.testing.assert_allclose(network.run(X).states, plain.run(x).states, rtol=0, atol=2e-6)


def test_normalization_at_the_end_is_a_readout(tmp_path: Path) -> None:
    order = [[2.0] * H, [1.0] * H, [3.0] * H, [4.0] * H]
    weights = {"batch_normalization": [np.array(a, "f4") for a in order], "gru/cell": arrays()}
    norm = layer("BatchNormalization", "norm", epsilon=0.0)
    network = loaded(archive(sequential(recurrent(), norm), weights), tmp_path)
    trace = network.run(X)
    np.testing.assert_allclose(trace.output, (trace.states - 3) + 1, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (normalized(axis=1), "layer 'norm': normalizes along the axis 1, expected the features"),
        (normalized(axis=[0, 2]), "normalizes along the axis a list"),
        (normalized(epsilon="small"), "has the epsilon 'small', expected a number"),
        (normalized(changed={"beta": [1.0]}), "has arrays of the shapes [(1,), (3,)]"),
        (normalized(changed={name: [1.0] for name in NORM}), "normalizes 1 features, and the next"),
        (normalized(changed={"moving_variance": [1.0, 0, 1]}), "moving_variance that is not pos"),
        (
            archive(
                sequential(layer("BatchNormalization", "n"), recurrent()), {"gru/cell": arrays()}
            ),
            "layer 'n': has no moving_mean in the file",
        ),
        (
            archive(
                sequential(layer("BatchNormalization", "n"), layer("Embedding", "e"), recurrent()),
                {"gru/cell": arrays(), "embedding": [np.ones((7, I), "f4")]},
            ),
            "layer 'e': reads a BatchNormalization, and so no integers",
        ),
    ],
)
def test_normalization_that_cannot_be_folded_is_refused(
    data: bytes, message: str, tmp_path: Path
) -> None:
    assert message in refusal(data, tmp_path)


def nested(*layers: Any, name: str = "inner") -> dict[str, Any]:
    config = {"name": name, "layers": list(layers)}
    return {"class_name": "Sequential", "config": config}


def test_layers_of_a_model_inside_the_model_have_its_name(tmp_path: Path) -> None:
    config = sequential(
        nested(recurrent("LSTM", "a"), layer("LayerNormalization", "n"), recurrent("LSTM", "b"))
    )
    weights = {"sequential/layers/lstm/cell": arrays("LSTM")}
    weights["sequential/layers/lstm_1/cell"] = arrays("LSTM", H)
    data = archive(config, weights)
    assert "'inner/a' (LSTM, 1 deep), 'inner/b' (LSTM, 1 deep)" in refusal(data, tmp_path)
    assert loaded(data, tmp_path, "inner/b").input_size == H


def test_two_models_inside_keep_their_weights_apart(tmp_path: Path) -> None:
    config = sequential(
        nested(recurrent("GRU", "rnn"), name="one"), nested(recurrent("GRU", "rnn"), name="two")
    )
    first, second = arrays(), arrays(I=H)
    found = {"sequential/layers/gru/cell": first, "sequential_1/layers/gru/cell": second}
    old = {"one/rnn/gru_cell": first, "two/rnn/gru_cell": second}
    for data in (archive(config, found), legacy(config, old)):
        network = loaded(data, tmp_path)
        assert [layer.first.input_size for layer in network.layers] == [I, H]


def test_models_inside_models_have_a_bound(tmp_path: Path) -> None:
    config = recurrent()
    for depth in range(9):
        config = nested(config, name=f"m{depth}")
    assert "holds models more than 4 deep" in refusal(archive(config, {}), tmp_path)
