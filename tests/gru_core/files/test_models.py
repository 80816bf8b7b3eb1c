"""Networks from torch's files compute the same as torch, and torch reads our files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load, load_in_child, save
from gru_core.network.network import Network
from tests.gru_core.files.model_cases import (
    CASES,
    MODELS,
    OUTPUTS,
    REFUSED,
    WHOLES,
    Case,
    Whole,
    draw,
    written,
)

STORED = np.load(OUTPUTS)
SINGLE = {"rtol": 0, "atol": 1e-6}
DOUBLE = {"rtol": 0, "atol": 1e-12}


def check(network: Network, file: str, text: bool) -> None:
    x = draw(file, text)
    np.testing.assert_array_equal(x, STORED[f"{file}/x"].astype(x.dtype))
    trace = network.run(x if text else x.astype(network.dtype))
    tolerance = DOUBLE if network.dtype == np.float64 else SINGLE
    np.testing.assert_allclose(trace.output, STORED[f"{file}/output"], **tolerance)
    np.testing.assert_allclose(trace.final, STORED[f"{file}/final"], **tolerance)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_torch_file_computes_the_same_as_torch(case: Case) -> None:
    network = load(MODELS / case.file, case.name)
    assert network.dtype == ("float64" if case.dtype == "float64" else "float32")
    assert len(network.layers) == case.layers
    assert (network.embedding is not None) == (network.readout is not None) == case.text
    check(network, case.file, case.text)


@pytest.mark.parametrize("read", [load, load_in_child])
@pytest.mark.parametrize("case", WHOLES, ids=lambda case: case.file)
def test_a_module_in_parts_computes_the_same_as_torch(case: Whole, read: Any) -> None:
    network = read(case.path, case.name)
    assert network.guessed == case.guessed
    output = network.run(STORED[f"{case.file}/x"]).output
    np.testing.assert_allclose(output, STORED[f"{case.file}/output"], **SINGLE)


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.file)
def test_a_child_reads_the_very_same(case: Case) -> None:
    network = load_in_child(MODELS / case.file, case.name)
    assert arrays(network) == arrays(load(MODELS / case.file, case.name))


@pytest.mark.parametrize("name", written())
def test_what_we_write_is_what_torch_read(name: str, tmp_path: Path) -> None:
    network, committed = written()[name], MODELS / f"written-{name}.safetensors"
    for suffix in (".safetensors", ".npz"):
        path = tmp_path / f"network{suffix}"
        save(network, path)
        again = load(path)
        assert arrays(again) == arrays(load(committed))
        assert [p.form() for p in params(again)] == [p.form() for p in params(network)]
    check(network, committed.name, network.embedding is not None)
    with np.load(tmp_path / "network.npz") as file:
        numbers = {n: file[n] for n in file.files if n != "gruscope.json"}
    from safetensors.numpy import load_file

    stored = load_file(committed)
    assert numbers.keys() == stored.keys()
    for key, array in stored.items():
        assert array.dtype == numbers[key].dtype
        np.testing.assert_array_equal(array, numbers[key])


@pytest.mark.parametrize("name", written())
def test_torch_reads_our_files(name: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from scripts.make_model_files import Module, of, run

    network = written()[name]
    path = tmp_path / f"written-{name}.safetensors"
    save(network, path)
    case = of(path.name, network)
    module = Module(case).to(getattr(torch, case.dtype))
    import safetensors.torch

    target = module if case.text else module.rnn
    target.load_state_dict(safetensors.torch.load_file(path))
    x = draw(path.name, case.text)
    output = network.run(x if case.text else x.astype(network.dtype)).output
    tolerance = DOUBLE if network.dtype == np.float64 else SINGLE
    np.testing.assert_allclose(output, run(case, module)["output"], **tolerance)


@pytest.mark.parametrize("file", ["first.pt", "last.pt"])
def test_a_linear_is_a_readout_only_if_it_comes_after_the_network(file: str) -> None:
    network = load(MODELS / file)
    assert (network.readout is not None) == (file == "last.pt")
    output = network.run(STORED[f"{file}/x"]).output
    np.testing.assert_allclose(output, STORED[f"{file}/output"], **SINGLE)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            "script.pt",
            "is TorchScript, a program; open weights.pt of "
            "torch.save(torch.jit.load('script.pt').state_dict(), 'weights.pt')",
        ),
        ("projected.safetensors", "weight_hr_l0: is a projection (proj_size)"),
        (
            "weight-norm.safetensors",
            "weight_hh_l0_g: is a part of weight_hh_l0, which weight_norm took apart: "
            "call torch.nn.utils.remove_weight_norm(module, 'weight_hh_l0') before you save",
        ),
        (
            "parametrized.pt",
            "parametrizations.weight_hh_l0.original0: is a part of weight_hh_l0, which is "
            "parametrized (weight_norm or the like): call torch.nn.utils.parametrize."
            "remove_parametrizations(module, 'weight_hh_l0') before you save",
        ),
    ],
)
def test_what_torch_writes_beside_weights_is_refused_with_advice(file: str, message: str) -> None:
    assert file in REFUSED
    with pytest.raises(FormatError) as caught:
        load(MODELS / file)
    assert str(caught.value).startswith(f"{file}: {message}")


def test_several_networks_are_listed() -> None:
    with pytest.raises(FormatError) as caught:
        load(MODELS / "two.pt")
    listed = "'encoder.rnn' (GRU, I = 2, H = 3), 'decoder.rnn' (RNN, I = 3, H = 4)"
    message = f"holds 2 networks; choose one with name=: {listed}"
    offer = "; or all as one, each reading the one before: 'encoder.rnn+decoder.rnn'"
    assert caught.value.message == message + offer
    assert load(MODELS / "two.pt", "encoder.rnn").kind == "gru"
    with pytest.raises(FormatError, match="holds no network of the name 'rnn', but 'encoder"):
        load(MODELS / "two.pt", "rnn")


def params(network: Network) -> list[Any]:
    return [params for layer in network.layers for params in layer.params()]


def arrays(network: Network) -> list[Any]:
    """Return all numbers of a network, comparable."""
    found: list[Any] = [
        (name, str(array.dtype), array.tolist())
        for params_ in params(network)
        for name, array in params_.arrays().items()
    ]
    last = network.readout
    ends = [network.embedding, *((None, None) if last is None else (last.W, last.b))]
    return found + [None if end is None else end.tolist() for end in ends]
