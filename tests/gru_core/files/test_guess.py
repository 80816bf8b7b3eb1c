"""An embedding or a readout found by name and shape is a guess, and stays one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
from safetensors.numpy import save_file

from gru_core import RangeError
from gru_core.files import FormatError, load, load_in_child, save
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from tests.gru_core.files.exported_cases import EXPORTED
from tests.gru_core.files.model_cases import MODELS, written
from tests.gru_core.files.test_models import arrays

BOTH = ("embedding", "readout")
SUFFIXES = [".safetensors", ".npz", ".onnx"]


def text_network(guessed: tuple[str, ...] = ()) -> Network:
    network = written()["gru-text"].astype("float32")
    return replace(network, guessed=guessed)


@pytest.mark.parametrize("read", [load, load_in_child])
@pytest.mark.parametrize("file", ["checkpoint.pt", "text.safetensors"])
def test_parts_found_by_name_and_shape_in_a_state_dict_are_guesses(file: str, read: object) -> None:
    network = read(MODELS / file)  # type: ignore[operator]
    assert network.guessed == BOTH
    assert repr(network).count("(a guess from its name and shape)") == 2


@pytest.mark.parametrize(
    "file", ["keras-text.keras", "keras-text.h5", "gru-text.onnx", "gru-dynamo-text.onnx"]
)
def test_parts_from_a_graph_or_a_configuration_are_not_guesses(file: str) -> None:
    network = load(EXPORTED / file)
    assert network.embedding is not None and network.readout is not None
    assert network.guessed == ()
    assert "guess" not in repr(network)


def test_a_relu_before_the_readout_leaves_the_same_file(tmp_path: Path) -> None:
    """Both modules have this state_dict: their outputs differ, so that one output is a guess."""
    network = Network.random("gru", 3, 4, seed=0, dtype="float32")
    readout = Readout(np.linspace(-1, 1, 8, dtype="f4").reshape(2, 4))
    save(Network(network.layers), tmp_path / "rnn.safetensors")
    with safetensors.safe_open(tmp_path / "rnn.safetensors", "np") as file:
        found = {f"rnn.{name}": file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file(found | {"fc.weight": readout.W}, tmp_path / "model.safetensors")
    loaded = load(tmp_path / "model.safetensors")
    assert loaded.guessed == ("readout",)
    trace = loaded.run(np.random.RandomState(0).normal(size=(5, 3)).astype("f4"))
    with_relu = np.maximum(trace.states, 0) @ readout.W.T
    assert np.abs(trace.output - with_relu).max() > 0.01


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("guessed", [("embedding",), ("readout",), BOTH])
def test_a_guess_is_still_a_guess_after_saving(
    guessed: tuple[str, ...], suffix: str, tmp_path: Path
) -> None:
    network = text_network(guessed)
    save(network, tmp_path / f"a{suffix}")
    again = load(tmp_path / f"a{suffix}")
    assert set(again.guessed) >= set(guessed)
    if suffix != ".npz":
        assert again.guessed == guessed
    assert load_in_child(tmp_path / f"a{suffix}").guessed == again.guessed


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", ["gru", "rnn"])
def test_a_guessed_chain_is_still_a_guess_after_saving(
    kind: str, suffix: str, tmp_path: Path
) -> None:
    base = Network.random(kind, 3, 4, seed=0, layers=2)
    save(replace(base, guessed=("chain",)), tmp_path / f"a{suffix}")
    assert load(tmp_path / f"a{suffix}").guessed == ("chain",)
    with pytest.raises(RangeError, match="guessed must name parts of the network"):
        Network(base.layers[:1], guessed=("chain",))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_certain_parts_stay_certain_if_the_format_can_store_it(suffix: str, tmp_path: Path) -> None:
    save(text_network(), tmp_path / f"a{suffix}")
    again = load(tmp_path / f"a{suffix}")
    assert again.guessed == (BOTH if suffix == ".npz" else ())


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_text_written_for_the_form_also_lists_the_guesses(suffix: str, tmp_path: Path) -> None:
    base = Network.random("gru", 3, 4, seed=0, reset_after=False)
    network = Network(base.layers, np.ones((7, 3)), Readout(np.ones((2, 4))), ("readout",))
    save(network, tmp_path / f"a{suffix}")
    again = load(tmp_path / f"a{suffix}")
    assert again.guessed == ("readout",)
    assert arrays(again) == arrays(network)


@pytest.mark.parametrize("guessed", ["readout", ["fc"], {"readout": 1}, [1], None])
def test_text_that_guesses_something_else_is_refused(guessed: object, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save(text_network(("readout",)), path)
    with safetensors.safe_open(path, "np") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        text = json.loads(file.metadata()["gruscope"])
    save_file(found, path, {"gruscope": json.dumps(text | {"guessed": guessed})})
    with pytest.raises(FormatError, match="guessed must be a list of embedding, readout, start"):
        load(path)


def test_other_names_in_a_file_of_ours_are_a_guess(tmp_path: Path) -> None:
    """The text vouches for the parts it was written with, and for no other."""
    path = tmp_path / "a.safetensors"
    save(text_network(), path)
    with safetensors.safe_open(path, "np") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    renamed = {name.replace("readout", "fc_out"): array for name, array in found.items()}
    save_file(renamed, path, metadata)
    assert load(path).guessed == ("readout",)


@pytest.mark.parametrize("read", [load, load_in_child])
@pytest.mark.parametrize("part", BOTH)
def test_a_guess_can_be_left_out(part: str, read: Any) -> None:
    network = read(MODELS / "text.safetensors", **{part: False})
    (other,) = set(BOTH) - {part}
    assert getattr(network, part) is None and getattr(network, other) is not None
    assert network.guessed == (other,)
    assert [name.partition(" ")[0] for name in network.left_out] == [part]
    alone = read(MODELS / "text.safetensors", embedding=False, readout=False)
    assert (alone.parts, alone.guessed) == ((), ())


def test_a_certain_part_can_be_left_out_too(tmp_path: Path) -> None:
    save(text_network(), tmp_path / "a.safetensors")
    for path in (tmp_path / "a.safetensors", EXPORTED / "keras-text.h5"):
        network = load(path, readout=False)
        assert network.parts == ("embedding",)
        assert "readout" in network.note
    with pytest.raises(FormatError, match="leave them out with False only"):
        load(EXPORTED / "keras-text.h5", readout="dense")


def test_one_of_several_readouts_is_chosen_by_its_name() -> None:
    path = MODELS.parent / "state_dicts" / "two-heads.pt"
    assert load(path).readout is None
    assert [load(path, readout=name).readout.W.shape[0] for name in ("head", "critic")] == [2, 1]
    assert load(path, readout=False).readout is None
    with pytest.raises(FormatError, match=r"tail\.weight: is not in the file"):
        load(path, readout="tail")
