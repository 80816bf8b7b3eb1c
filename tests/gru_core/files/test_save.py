"""Every form of a network can be saved and read back, under PyTorch's names if possible."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core.cells.registry import CELLS
from gru_core.files import FormatError, load, load_in_child, save
from gru_core.files.forms import describe
from gru_core.network.layer import Layer
from gru_core.network.merge import MERGES
from gru_core.network.network import Network
from gru_core.network.readout import HEADS, Readout
from gru_core.parameters.activations import ACTIVATIONS, RELU, Activation
from gru_core.parameters.params import Params
from tests.gru_core.files.test_models import arrays, params

activations = st.sampled_from([Activation.of(name) for name in ACTIVATIONS])


@st.composite
def layers(draw: st.DrawFn, kind: str, size: int, hidden: int, dtype: str) -> Params:
    """Draw params of any form, biases and peepholes there or not."""
    make, form = CELLS[kind].params, {}
    form["activations"] = tuple(draw(activations) for _ in make.ACTIVATIONS)
    form["clip"] = draw(st.none() | st.floats(0.5, 5))
    for switch in {"gru": ["reset_after", "z_keeps"], "lstm": ["input_forget"]}.get(kind, []):
        form[switch] = draw(st.booleans())
    rng = np.random.RandomState(draw(st.integers(0, 99)))
    G, shapes = len(make.GATES), {}
    shapes = {"b": (G * hidden,), "b_hn": (hidden,), "p": (3 * hidden,)}
    stacks = {"W": rng.normal(size=(G * hidden, size)), "U": rng.normal(size=(G * hidden, hidden))}
    for stack in make.STACKS:
        if stack in shapes and draw(st.booleans()):
            stacks[stack] = rng.normal(size=shapes[stack])
    return make(**{name: array.astype(dtype) for name, array in stacks.items()}, **form)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    kinds = st.sampled_from(list(CELLS))
    if draw(st.booleans()):
        kinds = st.just(draw(kinds))  # one kind for all layers, as in PyTorch
    dtype = draw(st.sampled_from(["float32", "float64"]))
    size = inputs = draw(st.integers(1, 3))
    made = []
    for _ in range(draw(st.integers(1, 3))):
        kind, hidden = draw(kinds), draw(st.integers(1, 3))
        there, back = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
        pair = [draw(layers(kind, size, hidden, dtype)) if one else None for one in (there, back)]
        D = there + back
        rng = np.random.RandomState(draw(st.integers(0, 99)))
        states = [s for s in CELLS[kind].params.STATES if draw(st.booleans())]
        starts = {f"{s}0": rng.normal(size=(D, hidden)).astype(dtype) for s in states}
        turned = draw(st.sampled_from([(), ("reverse",), ("forward", "reverse")][: 1 + back * D]))
        merge = draw(st.sampled_from(MERGES))
        made.append(Layer(*pair, merge=merge, turned=turned, **starts))
        size = made[-1].output_size
    table = np.ones((draw(st.integers(1, 5)), inputs), dtype) if draw(st.booleans()) else None
    last = None
    if draw(st.booleans()):
        head = draw(st.sampled_from(HEADS))
        last = Readout(np.ones((draw(st.integers(1, 3)), size), dtype), head=head)
    network = Network(tuple(made), table, last)
    return replace(network, guessed=tuple(p for p in network.parts if draw(st.booleans())))


@given(network=networks(), suffix=st.sampled_from([".safetensors", ".npz"]))
def test_a_saved_network_is_loaded_as_it_was(
    network: Network, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("saved") / f"network{suffix}"
    save(network, path)
    again = load(path)
    assert [p.form() for p in params(again)] == [p.form() for p in params(network)]
    assert [(k.reads, k.output_size) for k in again.layers] == [
        (k.reads, k.output_size) for k in network.layers
    ]
    merges = [layer.merge for layer in network.layers if layer.directions == 2]
    assert [layer.merge for layer in again.layers if layer.directions == 2] == merges
    assert [layer.turned for layer in again.layers] == [layer.turned for layer in network.layers]
    assert numbers(again) == numbers(network)
    assert [starts(layer) for layer in again.layers] == [starts(layer) for layer in network.layers]
    if network.readout is not None:
        assert again.readout is not None and again.readout.head == network.readout.head
    assert set(again.guessed) >= set(network.guessed)
    if suffix == ".safetensors":
        assert again.guessed == network.guessed


def starts(layer: Layer) -> list[Any]:
    """Return the states that a layer starts from, 0 where it stores none."""
    zeros = np.zeros((layer.directions, layer.first.hidden_size), layer.first.dtype)
    each = [zeros if state is None else state for state in (layer.h0, layer.c0)]
    return [(str(state.dtype), state.tolist()) for state in each]


def numbers(network: Network) -> list[Any]:
    """Return all numbers of a network, those of absent biases being 0."""
    found = []
    for p in params(network):
        H = p.hidden_size
        there = p.arrays()
        bias = {name: np.zeros(H, p.dtype) for name in p.places() if name[0] == "b"}
        found += [(name, str(a.dtype), a.tolist()) for name, a in sorted((bias | there).items())]
    return [*found, *(e for e in arrays(network) if not isinstance(e, tuple))]


TORCH = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}


@pytest.mark.parametrize(
    ("kind", "form", "is_torch"),
    [
        ("gru", {}, True),
        ("gru", {"z_keeps": False}, True),
        ("gru", {"reset_after": False}, False),
        ("gru", {"clip": 3.0}, False),
        ("gru", {"activations": (Activation.of("HardSigmoid"), Activation.of("Tanh"))}, False),
        ("lstm", {}, True),
        ("lstm", {"input_forget": True}, False),
        ("rnn", {"activations": (RELU,)}, True),
        ("rnn", {"activations": (Activation.of("Elu"),)}, False),
    ],
)
def test_names_are_pytorchs_if_it_computes_the_same(
    kind: str, form: dict[str, Any], is_torch: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    save(Network.random(kind, 3, 2, seed=0, **form), path)
    with np.load(path) as file:
        names = set(file.files)
        assert (names - {"gruscope.json"} == TORCH) == is_torch
        assert ("gruscope.json" in names) == bool(form)
        if form:
            assert json.loads(file["gruscope.json"])["layers"][0]["kind"] == kind


@pytest.mark.parametrize("kind", CELLS)
def test_an_npz_of_pytorchs_form_has_only_arrays(kind: str, tmp_path: Path) -> None:
    layers = Network.random(kind, 3, 2, seed=0, layers=2, directions=2).layers
    network = Network(layers, np.ones((7, 3)), Readout(np.ones((2, 4)), np.ones(2)))
    save(network, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:
        assert {array.dtype for array in file.values()} == {np.dtype("float64")}
        assert {"embedding.weight", "readout.bias", "rnn.weight_hh_l1_reverse"} < set(file)
    assert arrays(load(tmp_path / "a.npz")) == arrays(network)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_start_states_stand_beside_the_network_as_a_module_stores_them(
    suffix: str, tmp_path: Path
) -> None:
    layers = Network.random("lstm", 3, 2, seed=0, layers=2, directions=2).layers
    first = replace(layers[0], h0=np.ones((2, 2)), c0=np.full((2, 2), 2.0))
    network = Network((first, replace(layers[1], c0=np.full((2, 2), 3.0))))
    save(network, tmp_path / f"a{suffix}")
    again = load(tmp_path / f"a{suffix}")
    assert [starts(layer) for layer in again.layers] == [starts(layer) for layer in network.layers]
    assert again.guessed == (("start",) if suffix == ".npz" else ())
    if suffix == ".npz":
        with np.load(tmp_path / "a.npz") as file:
            assert "gruscope.json" not in file and "rnn.weight_hh_l1" in file
            np.testing.assert_array_equal(file["h0"], [[[1, 1]], [[1, 1]], [[0, 0]], [[0, 0]]])
            assert file["c0"].shape == (4, 1, 2)


def test_an_lstm_with_peepholes_has_our_names(tmp_path: Path) -> None:
    bare = CELLS["lstm"].params.random(3, 2, seed=0)
    network = Network((Layer(type(bare)(bare.W, bare.U, None, np.ones(6))),))
    save(network, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:
        assert "p_o" in file.files
    assert arrays(load(tmp_path / "a.npz")) == arrays(network)


@pytest.mark.parametrize("kind", CELLS)
def test_an_npz_needs_only_named_arrays(kind: str, tmp_path: Path) -> None:
    network = Network.random(kind, 3, 2, seed=0)
    np.savez(tmp_path / "a.npz", **network.layers[0].forward.arrays())
    assert arrays(load(tmp_path / "a.npz")) == arrays(network)


def own(**changed: Any) -> dict[str, Any]:
    made = Network.random("gru", 3, 2, seed=0).layers[0].forward.arrays() | changed
    return {name.replace("__", "."): a for name, a in made.items() if a is not None}


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        (own(U_z=None), "holds no network"),
        (own(b_r=None), "W_z: is there without b_r"),
        (
            own(W_r=np.ones((2, 4))),
            "W_z: must have the shape of the others in its stack, which have W_z (2, 3), ",
        ),
        (own(U_z=np.float64(1)), "must have the shape of the others in its stack"),
        (own(b_hn=np.float64(1)), "b_hn: is a single number"),
        (own(b_hn=np.ones(3)), "b_hn must have shape (H,) = (2,), got (3,)"),
        (own(layers__2__W_z=np.ones((2, 3))), "holds layers and directions [(0, 'forward'), (2"),
        (own(reverse__W_z=np.ones((2, 3))), "is there without W_r"),
        (own(readout__b=np.ones(2)), "readout.b: is there without readout.W"),
        (own(embedding=np.ones((5, 4))), "embedding must have shape (V, I) = (5, 3), got (5, 4)"),
        (own(h0=np.ones(2)), "h0: must have shape (D, H) = (1, 2), got (2,)"),
        (own(c0=np.ones((1, 2))), "c0 must not be given to a layer without c, got gru"),
        (own(layers__1__h0=np.ones((1, 2))), "layers.1.h0: is the start of a layer that is not"),
        (own(layers__0__h0=np.ones((1, 2)), h0=np.ones((1, 2))), "h0: is there twice"),
        (own(W_n=np.full((2, 3), np.nan)), "W_n: holds nan at (0, 0)"),
    ],
)
def test_arrays_of_our_names_that_do_not_fit_are_named(
    given_: dict[str, Any], message: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "a.npz", **given_)
    with pytest.raises(FormatError) as caught:
        load(tmp_path / "a.npz")
    assert message in str(caught.value)


FORM = {"clip": None, "activations": [["sigmoid", 0, 0], ["tanh", 0, 0]]}
LSTM = json.loads(describe(Network.random("lstm", 3, 2, seed=0)))
GRU = FORM | {"reset_after": True, "z_keeps": True}


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"version": 1, "layers": []}, "version, kind and layers were expected"),
        ({"version": 3, "layers": []}, "version must be one of 1, 2"),
        ({"version": 2, "kind": "gru", "layers": []}, "version and layers were expected"),
        ({"version": 2, "layers": [{"kind": "gru"}]}, "must have kind, forward or reverse"),
        (
            {"version": 2, "layers": [{"kind": "gru", "forward": GRU, "merge": "add"}]},
            "merge must be one of concat, sum, mean, product",
        ),
        ({"version": 1, "kind": "qru", "layers": []}, "is not a description of a network"),
        (LSTM, "describes lstm, not a gru"),
        ({"version": 1, "kind": "gru", "layers": []}, "describes other layers than are there"),
        (
            {"version": 2, "layers": [{"kind": "gru", "reverse": GRU}]},
            "describes other layers than are there",
        ),
        ({"version": 1, "kind": "gru", "layers": 5}, "is not a description of a network"),
        ({"version": 1, "kind": "gru", "layers": [[FORM]]}, "a form must have clip, activations"),
        ({"version": 1, "kind": "gru", "layers": [[GRU | {"clip": 3.0}]]}, "PyTorch does not have"),
        ({"version": 1, "kind": "gru", "layers": [[GRU | {"clip": "3"}]]}, "clip must be a number"),
        ({"version": 1, "kind": "gru", "layers": [[GRU | {"z_keeps": 1}]]}, "true or false"),
        ({"version": 1, "kind": "gru", "layers": [[GRU | {"activations": []}]]}, "must be 2 act"),
        (
            {"version": 1, "kind": "gru", "layers": [[GRU | {"activations": [["os", 0, 0]] * 2}]]},
            "activation must be one of",
        ),
        (LSTM | {"head": "relu"}, "head must be one of identity, sigmoid, softmax"),
        (
            {"version": 2, "layers": [{"kind": "gru", "forward": GRU}], "head": "softmax"},
            "describes a softmax without a readout",
        ),
        ([], "is not a description of a network"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    described: Any, message: str, tmp_path: Path
) -> None:
    from safetensors.numpy import save_file

    weights = {"weight_ih_l0": np.ones((6, 3)), "weight_hh_l0": np.ones((6, 2))}
    path = tmp_path / "a.safetensors"
    save_file(weights, path, {"gruscope": json.dumps(described)})
    with pytest.raises(FormatError) as caught:
        load(path)
    assert caught.value.entry == "gruscope"
    assert message in str(caught.value)


@pytest.mark.parametrize("suffix", [".pt", ".keras", "", ".npy"])
def test_other_suffixes_are_not_written(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be written: a file that ends in"):
        save(Network.random("gru", 3, 2, seed=0), tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".onnx", ".pt"])
def test_saving_another_object_says_how_to_make_a_network(suffix: str, tmp_path: Path) -> None:
    params = CELLS["gru"].params.random(3, 2, seed=0)
    made: dict[str, Any] = {
        "GRUParams: Network((Layer(params),))": params,
        "GRU: Network((Layer(cell.params),))": CELLS["gru"].cell(params),
        "Layer: Network((layer,))": Layer(params),
        "dict": params.arrays(),
        "NoneType": None,
    }
    for end, given_ in made.items():
        with pytest.raises(FormatError) as caught:
            save(given_, tmp_path / f"a{suffix}")
        assert str(caught.value) == f"a{suffix}: save takes a Network or a Seq2Seq, got a {end}"
    assert not list(tmp_path.iterdir())


def test_a_child_gives_back_every_form(tmp_path: Path) -> None:
    form = {"reset_after": False, "z_keeps": False, "clip": 2.5}
    network = Network.random("gru", 3, 2, seed=0, layers=2, directions=2, **form)
    save(network, tmp_path / "a.npz")
    again = load_in_child(tmp_path / "a.npz")
    assert arrays(again) == arrays(network)
    assert [p.form() for p in params(again)] == [p.form() for p in params(network)]
