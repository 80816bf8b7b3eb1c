"""Files with weights alone: the order of their layers, and what cannot be known."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.gru_core.files.keras_models import H, I, arrays, h5
from tests.gru_core.files.test_keras import loaded, refusal

ADVICE = (
    "build the model in Keras, then model.load_weights(this file) and model.save('model.keras')"
)
DENSE = [np.ones((H, 2), "f4"), np.ones(2, "f4")]


def bare(groups: dict[str, list[Any]]) -> bytes:
    """Return a .weights.h5 with numbered arrays."""

    def build(file: Any) -> None:
        for group, each in groups.items():
            file.require_group(f"layers/{group}/vars")
            for i, array in enumerate(each):
                file[f"layers/{group}/vars/{i}"] = array

    return h5(build)


def named(layers: dict[str, dict[str, Any]], version: str = "2.13.1") -> bytes:
    """Return an older file, with the layers' names in order."""

    def build(file: Any) -> None:
        file.attrs["layer_names"] = list(layers)
        file.attrs["keras_version"] = version
        for layer, each in layers.items():
            file.require_group(layer)
            for name, array in each.items():
                file[f"{layer}/{name}:0"] = array

    return h5(build)


def roles(kind: str, I: int = I, prefix: str = "") -> dict[str, Any]:
    names = ("kernel", "recurrent_kernel", "bias")
    return {f"{prefix}{n}": a for n, a in zip(names, arrays(kind, I), strict=True)}


def test_the_order_of_layers_is_that_in_which_their_sizes_fit(tmp_path: Path) -> None:
    groups = {"gru/cell": arrays("GRU", H), "lstm/cell": arrays("LSTM"), "dense": DENSE}
    network = loaded(bare(groups | {"embedding": [np.ones((7, I), "f4")]}), tmp_path)
    assert [layer.first.kind for layer in network.layers] == ["lstm", "gru"]
    assert network.guessed == ("embedding", "readout", "settings")


def test_the_order_of_older_files_is_that_of_their_names(tmp_path: Path) -> None:
    both = roles("LSTM", H, "forward_lstm/") | roles("LSTM", H, "backward_lstm/")
    data = named({"z": roles("GRU"), "drop": {}, "a": both, "b": roles("SimpleRNN", 2 * H)})
    network = loaded(data, tmp_path)
    assert [layer.first.kind for layer in network.layers] == ["gru", "lstm", "rnn"]
    assert network.guessed == ("settings",)


@pytest.mark.parametrize(
    ("version", "gate"),
    [
        ("1.2.2", "hard_sigmoid"),
        ("2.2.4", "hard_sigmoid"),
        ("2.1.6-tf", "hard_sigmoid"),
        ("2.2.4-tf", "sigmoid"),
        ("2.3.1", "sigmoid"),
        ("2.13.1", "sigmoid"),
    ],
)
def test_the_gates_are_those_of_the_version(version: str, gate: str, tmp_path: Path) -> None:
    both = roles("LSTM", prefix="forward_lstm/") | roles("LSTM", prefix="backward_lstm/")
    network = loaded(named({"a": both, "b": roles("GRU", 2 * H)}, version), tmp_path)
    each = [params for layer in network.layers for params in layer.params()]
    assert [params.activations[0].name for params in each] == [gate] * 3
    cudnn = roles("LSTM") | {"bias": np.zeros(8 * H, "f4")}
    alone = loaded(named({"a": cudnn}, version), tmp_path).layers[0].first
    assert alone.activations[0].name == "sigmoid"


def test_a_dense_whose_activation_is_unknown_is_left_out(tmp_path: Path) -> None:
    last = {"kernel": np.ones((2, 2), "f4")}
    dense = dict(zip(("kernel", "bias"), DENSE, strict=True))
    network = loaded(named({"rnn": roles("GRU"), "one": dense, "two": last}), tmp_path)
    assert (network.readout, network.left_out) == (None, ("one (Dense)", "two (Dense)"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bare({"gru/cell": [np.ones(3)]}), "layers/gru: has not the arrays of a GRU"),
        (bare({"mine": [np.ones(3)]}), "layers/mine: is a layer of unknown class"),
        (bare({"dense": DENSE}), "holds weights without a model, and no recurrent layer"),
        (
            bare({"gru/cell": arrays("GRU", H), "lstm/cell": arrays("LSTM", H)}),
            "does not say in which order its layers lstm, gru follow",
        ),
        (
            bare({"gru/cell": arrays(), "lstm/cell": arrays("LSTM")}),
            "does not say in which order its layers lstm, gru follow",
        ),
        (
            bare({f"gru_{i + 1}/cell": arrays("GRU", H) for i in range(40)} | {
                f"lstm_{i + 1}/cell": arrays("LSTM", H) for i in range(40)
            }),
            "does not say in which order its layers",
        ),
        (h5(lambda file: file.create_group("x")), "holds weights without a model; "),
        (named({"a": roles("GRU")} | {"a/": {}}), "holds weights without a model; "),
    ],
)  # fmt: skip
def test_what_weights_alone_do_not_say_is_refused_with_advice(
    data: bytes, message: str, tmp_path: Path
) -> None:
    said = refusal(data, tmp_path)
    assert message in said
    assert said.endswith(ADVICE)
