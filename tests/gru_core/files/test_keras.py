"""Networks from Keras files compute the same as Keras."""

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load
from gru_core.network.network import Network
from gru_core.parameters.activations import Activation
from tests.gru_core.files.exported_cases import EXPORTED, KERAS, OUTPUTS, Keras, draw
from tests.gru_core.files.hostile.work import little_work
from tests.gru_core.files.keras_models import (
    H,
    I,
    archive,
    arrays,
    functional,
    h5,
    layer,
    legacy,
    recurrent,
    sequential,
    single,
)

STORED = np.load(OUTPUTS)


def loaded(data: bytes, tmp_path: Path, name: str | None = None) -> Network:
    path = tmp_path / ("model.h5" if data.startswith(b"\x89HDF") else "model.keras")
    path.write_bytes(data)
    return load(path, name)


def refusal(data: bytes, tmp_path: Path, name: str | None = None) -> str:
    with pytest.raises(FormatError) as caught:
        loaded(data, tmp_path, name)
    return str(caught.value)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("case", KERAS, ids=lambda case: case.name)
def test_keras_files_compute_the_same_as_keras(case: Keras, suffix: str) -> None:
    network = load(EXPORTED / f"{case.name}{suffix}")
    given = draw(case.name, case.text)
    np.testing.assert_array_equal(given, STORED[f"{case.name}/x"])
    assert (network.embedding is not None) == case.text
    assert (network.readout is not None) == case.has_readout
    assert network.left_out == ()
    output = case.of_keras(network.run(given).answer)
    np.testing.assert_allclose(output, STORED[f"{case.name}/output"], rtol=0, atol=1e-6)


def test_the_reset_form_follows_from_the_configuration_or_the_bias(tmp_path: Path) -> None:
    kernel, inner, bias = arrays()
    for after, given, expected in [
        (True, [bias], True),
        (False, [bias[0]], False),
        (None, [bias], True),
        (None, [bias[0]], False),
        (True, [], True),
        (False, [], False),
    ]:
        config = recurrent(reset_after=after)
        if after is None:
            del config["config"]["reset_after"]
        data = archive(sequential(config), {"gru/cell": [kernel, inner, *given]})
        params: Any = loaded(data, tmp_path).layers[0].forward
        assert params.reset_after is expected
        assert (params.b is None) == (not given)
    del config["config"]["reset_after"]
    data = archive(sequential(config), {"gru/cell": [kernel, inner]})
    assert "does not say reset_after, and has no bias" in refusal(data, tmp_path)


@pytest.mark.parametrize(
    ("version", "slope"), [("3.0.0", 1 / 6), ("2.15.0", 0.2), ("4.0.0", None), ("", None)]
)
def test_hard_sigmoid_is_that_of_the_version(
    version: str, slope: float | None, tmp_path: Path
) -> None:
    config = sequential(recurrent(recurrent_activation="hard_sigmoid"))
    data = archive(config, {"gru/cell": arrays()}, version=version)
    if slope is None:
        assert "differs between Keras 2 and 3" in refusal(data, tmp_path)
        return
    gate = loaded(data, tmp_path).layers[0].forward.activations[0]
    assert gate == Activation("hard_sigmoid", slope, 0.5)


def test_old_h5_files_are_read(tmp_path: Path) -> None:
    """As Keras 2.2 wrote them: the layers a list, the paths short, the directions by name."""
    both = layer("Bidirectional", "both", merge_mode="concat", layer=recurrent("LSTM", "lstm"))
    config = sequential() | {"config": [both, recurrent("LSTM", "second")]}
    data = legacy(
        config,
        {
            "both/both/forward_lstm": arrays("LSTM"),
            "both/both/backward_lstm": arrays("LSTM", I, H),
            "second/second": arrays("LSTM", 2 * H),
        },
    )
    network = loaded(data, tmp_path)
    assert [layer.directions for layer in network.layers] == [2, 1]
    kernel = arrays("LSTM")[0]
    i, f, c, o = np.split(kernel.T, 4)
    expected = np.concatenate([i, f, o, c])
    for params in network.layers[0].params():
        np.testing.assert_array_equal(params.W, expected)


def test_groups_without_a_layers_name_are_counted(tmp_path: Path) -> None:
    config = sequential(recurrent("GRU", "b"), layer("Dropout", "d"), recurrent("GRU", "a"))
    first, second = arrays(), arrays(I=H)
    data = archive(config, {"gru/cell": first, "gru_1/cell": second})
    network = loaded(data, tmp_path)
    np.testing.assert_array_equal(network.layers[1].forward.U_r, second[1][:, H : 2 * H].T)


def test_several_networks_are_listed_and_chosen_by_name(tmp_path: Path) -> None:
    config = functional(
        (layer("InputLayer", "x"), []),
        (recurrent("GRU", "a"), ["x"]),
        (recurrent("LSTM", "b"), ["x"]),
        (recurrent("GRU", "c"), ["a"]),
    )
    weights = {"gru/cell": arrays(), "lstm/cell": arrays("LSTM"), "gru_1/cell": arrays(I=H)}
    data = archive(config, weights)
    listed = "'a' (GRU, 2 deep), 'b' (LSTM, 1 deep)"
    assert refusal(data, tmp_path).endswith(f"choose one with name=: {listed}")
    assert f"no recurrent layer 'x', but {listed}" in refusal(data, tmp_path, "x")
    for name, kind, depth in (("a", "gru", 2), ("c", "gru", 2), ("b", "lstm", 1)):
        network = loaded(data, tmp_path, name)
        assert (network.kind, len(network.layers)) == (kind, depth)


def test_a_layer_read_twice_ends_its_network(tmp_path: Path) -> None:
    config = functional(
        (layer("InputLayer", "x"), []),
        (recurrent("GRU", "a"), ["x"]),
        (recurrent("GRU", "b"), ["a"]),
        (recurrent("GRU", "c"), ["a"]),
    )
    weights = {"gru/cell": arrays(), "gru_1/cell": arrays(I=H), "gru_2/cell": arrays(I=H)}
    assert "'a' (GRU, 1 deep), 'b' (GRU, 1 deep), 'c'" in refusal(
        archive(config, weights), tmp_path
    )


DENSE = layer("Dense", "dense", activation="linear")
DENSE_WEIGHTS = [np.ones((H, 2), "f4"), np.ones(2, "f4")]


@pytest.mark.parametrize(
    ("layers", "taken"),
    [
        ([recurrent(), DENSE], True),
        ([recurrent(), layer("Dropout", "d"), DENSE], True),
        ([recurrent(return_sequences=False), DENSE], True),
        ([recurrent(), layer("Dense", "dense", activation="relu")], False),
        ([recurrent(), DENSE, layer("Activation", "a", activation="log_softmax")], False),
        ([recurrent(), DENSE, layer("Softmax", "s", axis=1)], False),
        ([recurrent(), layer("Activation", "a", activation="relu"), DENSE], False),
        ([recurrent(), layer("Softmax", "s"), DENSE], False),
        ([recurrent(), layer("Activation", "a", activation="linear"), DENSE], True),
        ([recurrent(), layer("LayerNormalization", "n"), DENSE], False),
    ],
)
def test_a_readout_is_read_only_if_it_is_the_models_output(
    layers: list[Any], taken: bool, tmp_path: Path
) -> None:
    data = archive(sequential(*layers), {"gru/cell": arrays(), "dense": DENSE_WEIGHTS})
    readout = loaded(data, tmp_path).readout
    assert (readout is not None) == taken
    if readout is not None:
        np.testing.assert_array_equal(readout.W, np.ones((2, H)))


def test_the_last_step_of_both_directions_is_that_which_each_computed_last(tmp_path: Path) -> None:
    inner = recurrent(return_sequences=False)
    both = layer("Bidirectional", "both", layer=inner)
    weights = {f"bidirectional/{side}_layer/cell": arrays() for side in ("forward", "backward")}
    weights["dense"] = [np.ones((2 * H, 2), "f4")]
    network = loaded(archive(sequential(both, DENSE), weights), tmp_path)
    x = np.random.RandomState(0).normal(size=(6, I))
    there, back = network.run(x).final
    np.testing.assert_allclose(
        network.run(x).output[-1], np.r_[there, back] @ weights["dense"][0], rtol=0, atol=1e-6
    )


def both(**changed: Any) -> bytes:
    config = layer("Bidirectional", "both", layer=recurrent(), **changed)
    weights = {f"bidirectional/{side}_layer/cell": arrays() for side in ("forward", "backward")}
    return archive(sequential(config), weights)


@pytest.mark.parametrize(
    ("merge_mode", "merge"),
    [
        ("sum", lambda there, back: there + back),
        ("ave", lambda there, back: (there + back) / 2),
        ("mul", lambda there, back: there * back),
    ],
)
def test_directions_are_merged_as_keras_says(
    merge_mode: str, merge: Callable[[Any, Any], Any], tmp_path: Path
) -> None:
    x = np.random.RandomState(0).normal(size=(6, I))
    network = loaded(both(merge_mode=merge_mode), tmp_path)
    there, back = np.split(loaded(both(), tmp_path).run(x).states, 2, -1)
    np.testing.assert_array_equal(network.run(x).states, merge(there, back))


def test_a_readout_of_the_cell_state_is_not_one_of_the_states(tmp_path: Path) -> None:
    config = functional(
        (layer("InputLayer", "x"), []), (recurrent("LSTM", "a"), ["x"]), (DENSE, ["a"])
    )
    weights = {"lstm/cell": arrays("LSTM"), "dense": DENSE_WEIGHTS}
    assert loaded(archive(config, weights), tmp_path).readout is not None
    config["config"]["layers"][2]["inbound_nodes"] = [[["a", 0, 2, {}]]]
    assert loaded(archive(config, weights), tmp_path).readout is None


def test_a_layer_that_starts_from_the_states_of_the_one_before_is_refused(tmp_path: Path) -> None:
    config = functional(
        (layer("InputLayer", "x"), []), (recurrent("GRU", "a"), ["x"]), (recurrent("GRU", "b"), [])
    )
    weights = {"gru/cell": arrays(), "gru_1/cell": arrays(I=H)}
    keras_2 = [[["a", 0, 0, {"initial_state": ["a", 0, 1]}]]]
    history = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, i]}} for i in (0, 1)
    ]
    keras_3 = [{"args": [history[0]], "kwargs": {"initial_state": history[1]}}]
    for calls in (keras_2, keras_3):
        config["config"]["layers"][2]["inbound_nodes"] = calls
        message = refusal(archive(config, weights), tmp_path)
        assert "layer 'b': starts where the layer 'a[1]' says" in message


def test_a_long_chain_of_layers_without_effect_takes_little_work(tmp_path: Path) -> None:
    names = ["x", *(f"d{i}" for i in range(4000))]
    passing = [(layer("Dropout", b), [a]) for a, b in pairwise(names)]
    ends = [(recurrent("GRU", f"r{i}"), [names[-1]]) for i in range(4000)]
    config = functional((layer("InputLayer", "x"), []), *passing, *ends)
    data = archive(config, {})
    with little_work():
        assert "holds several networks" in refusal(data, tmp_path)


def test_texts_that_hold_their_own_name_are_searched_once(tmp_path: Path) -> None:
    def build(opened: Any) -> None:
        opened["name"] = np.frombuffer(b"name\0" * 100_000, "u1")
        for i in range(300):
            opened.create_group(f"layers/g{i}/vars").attrs["name"] = f"g{i}"

    data = archive(sequential(recurrent()), h5(build))
    with little_work():
        refusal(data, tmp_path)


STARTED = functional(
    (layer("InputLayer", "x"), []),
    (layer("Dense", "start"), ["x"]),
    (recurrent("GRU", "a"), ["x", "start"]),
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (single(activation="gelu"), "has the activation 'gelu'; known are elu, hard_sigmoid"),
        (single(activation={"class_name": "Evil"}), "has the activation a dict"),
        (single(use_bias=False), "layer 'rnn': has use_bias False, and one in the file"),
        (
            archive(sequential(recurrent(use_bias=True)), {"gru/cell": arrays(bias=False)}),
            "layer 'rnn': has use_bias True, and none in the file",
        ),
        (
            archive(
                sequential(recurrent(), layer("Dense", "dense", use_bias=True)),
                {"gru/cell": arrays(), "dense": [np.ones((H, 2), "f4")]},
            ),
            "layer 'dense': has use_bias True, and none in the file",
        ),
        (single("LSTM", units=5), "has 4 units, not 5 as configured"),
        (single(reset_after="yes"), "has reset_after 'yes'"),
        (both(merge_mode="max"), "layer 'both': has the merge_mode 'max', not one of"),
        (
            both(merge_mode=None),
            "has the merge_mode None, not one of 'concat', 'sum', 'ave', 'mul'; open",
        ),
        (both(backward_layer=recurrent("LSTM")), "forward with a GRU and backward with a LSTM"),
        (both(backward_layer=recurrent()), "is the reverse direction, but does not go backwards"),
        (
            archive(STARTED, {"gru/cell": arrays()}),
            "layer 'a': starts where the layer 'start' says",
        ),
        (
            archive(sequential(layer("Dense", "d")), {}),
            "has no GRU, LSTM, SimpleRNN or Bidirection",
        ),
        (
            archive(sequential(recurrent(), class_name="Mine"), {}),
            "configuration: describes a 'Mine'",
        ),
    ],
)
def test_what_no_network_can_be_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    assert message in refusal(data, tmp_path)


def test_without_h5py_one_line_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ((single(), "model.keras"), (legacy({}, {}), "model.h5"))
    monkeypatch.setitem(sys.modules, "h5py", None)
    for data, file in files:
        message = f"{file}: needs the package h5py (gruscope's extra h5): pip install h5py"
        assert refusal(data, tmp_path) == message
