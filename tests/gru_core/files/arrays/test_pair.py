"""An encoder and a decoder in one file: bit-exact and back, and clear errors."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from gru_core import GRU_FORMS, Network, Readout, Seq2Seq
from gru_core.files import FormatError, load, load_in_child, save
from gru_core.files.forms import KEY


def model_of(kind: str, layers: int = 2, dtype: str = "float64") -> Seq2Seq:
    return Seq2Seq.random(
        kind, 5, 4, hidden_size=3, seed=1, layers=layers, limit=9, dtype=dtype
    ).with_networks()


def embedded(dtype: str) -> Seq2Seq:
    """Return one that reads through embeddings, in a form that torch does not have."""
    rng = np.random.default_rng(0)
    form = GRU_FORMS["article"]
    layers = [Network.random("gru", 2, 3, seed=k, dtype=dtype, **form).layers for k in (0, 1)]
    tables = [rng.normal(size=(V, 2)).astype(dtype) for V in (6, 4)]
    readout = Readout(rng.normal(size=(4, 3)).astype(dtype), head="softmax")
    return Seq2Seq(Network(layers[0], tables[0]), Network(layers[1], tables[1], readout), 2, 2, 7)


MODELS = {
    **{kind: model_of(kind) for kind in ("gru", "lstm", "rnn")},
    "single": model_of("lstm", layers=1, dtype="float32"),
    "embedded": embedded("float32"),
}


def assert_same(one: Seq2Seq, other: Any) -> None:
    assert isinstance(other, Seq2Seq)
    assert (one.start, one.end, one.limit) == (other.start, other.end, other.limit)
    assert one.dtype == other.dtype
    for stage in ("encoder", "decoder"):
        a, b = one.of(stage), other.of(stage)
        assert repr(a) == repr(b)
        assert b.guessed == ()
        for left, right in zip(a.layers, b.layers, strict=True):
            assert left.first.form() == right.first.form()
            mine, theirs = left.first.arrays(), right.first.arrays()
            assert mine.keys() == theirs.keys()
            assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
        assert (a.embedding is None) == (b.embedding is None)
        assert a.embedding is None or np.array_equal(a.embedding, b.embedding)
    last, read = one.decoder.readout, other.decoder.readout
    assert last is not None and read is not None
    assert np.array_equal(last.W, read.W) and last.head == read.head
    assert (last.b is None) == (read.b is None)


@pytest.mark.parametrize("name", MODELS)
def test_what_is_saved_is_read_back_bit_for_bit(name: str, tmp_path: Path) -> None:
    path = tmp_path / "both.safetensors"
    save(MODELS[name], path)
    assert_same(MODELS[name], load(path))
    if name in ("gru", "embedded"):
        assert_same(MODELS[name], load_in_child(path))


def test_the_arrays_have_torch_s_names_after_the_stage(tmp_path: Path) -> None:
    path = tmp_path / "both.safetensors"
    save(model_of("gru", layers=1), path)
    parts = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    assert set(load_file(path)) == {
        *(f"encoder.{part}" for part in parts),
        *(f"decoder.rnn.{part}" for part in parts),
        "decoder.readout.weight",
        "decoder.readout.bias",
    }


def changed(tmp_path: Path, text: dict[str, Any], arrays: dict[str, Any]) -> Path:
    """Write a file whose text and arrays differ from those of a good one; None leaves one out."""
    good, path = tmp_path / "good.safetensors", tmp_path / "both.safetensors"
    save(model_of("gru", layers=1), good)
    with safe_open(good, "numpy") as file:
        described = json.loads(file.metadata()[KEY]) | text
    found = load_file(good) | arrays
    save_file(
        {name: array for name, array in found.items() if array is not None},
        path,
        {KEY: json.dumps({name: one for name, one in described.items() if one is not None})},
    )
    return path


@pytest.mark.parametrize(
    ("text", "arrays", "message"),
    [
        ({"start": None}, {}, "gruscope: is not a description of an encoder and a decoder"),
        ({"limit": True}, {}, "gruscope: is not a description of an encoder and a decoder"),
        ({"limit": 0}, {}, "limit: limit must be at least 1, got 0"),
        ({"end": 4}, {}, "end: end must be from 0 to 3, got 4"),
        ({"encoder": 5}, {}, r"both.safetensors: encoder.gruscope: is not a description"),
        ({}, {"encoder.bias_hh_l0": None}, "encoder.bias_hh_l0: is missing"),
        ({}, {"decoder.readout.weight": None}, "decoder"),
        ({}, {"attention.weight": np.ones((2, 2))}, "attention.weight: is in neither of encoder"),
        ({"version": 9}, {}, "gruscope: is not a description of an encoder and a decoder"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(
    text: dict[str, Any], arrays: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=message):
        load(changed(tmp_path, text, arrays))


def test_a_child_says_the_same(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"both.safetensors: encoder.gruscope: is not a"):
        load_in_child(changed(tmp_path, {"encoder": 5}, {}))


def test_one_of_the_two_can_be_named(tmp_path: Path) -> None:
    model, path = model_of("lstm"), tmp_path / "both.safetensors"
    save(model, path)
    decoder = load(path, "decoder")
    assert isinstance(decoder, Network)
    x = np.eye(4)[[0, 3]]
    assert np.array_equal(decoder.run(x).output, model.decoder.run(x).output)
    with pytest.raises(
        FormatError, match="has no network 'rnn', but encoder and decoder"
    ) as caught:
        load(path, "rnn")
    assert list(caught.value.choices) == ["encoder", "decoder"]


def test_only_safetensors_hold_both(tmp_path: Path) -> None:
    for suffix in (".npz", ".onnx", ".pt"):
        with pytest.raises(FormatError, match="encoder and a decoder can be in a file that ends"):
            save(model_of("gru"), tmp_path / f"both{suffix}")


def test_left_out_parts_are_remembered(tmp_path: Path) -> None:
    model = model_of("gru")
    encoder = replace(model.encoder, left_out=("attention",))
    save(model.with_networks(encoder=encoder), tmp_path / "both.safetensors")
    read = load(tmp_path / "both.safetensors")
    assert isinstance(read, Seq2Seq)
    assert read.encoder.left_out == ("attention",)
