"""Networks of Flax and Equinox compute the same as there, whatever their names are joined with."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load, load_in_child
from tests.gru_core.files.arrays.array_cases import FILES, FLAX, OUTPUTS, Case

STORED = np.load(OUTPUTS)


@pytest.mark.parametrize("case", FLAX, ids=lambda case: case.file)
def test_a_network_computes_the_same_as_its_framework(case: Case) -> None:
    network = load(FILES / case.file, case.name)
    assert (network.kind, network.guessed) == (case.kind, case.guessed)
    assert network.left_out == case.left_out
    assert (network.embedding is not None) == case.text
    x = STORED[f"{case.file}/x"]
    output = network.run(x).output
    np.testing.assert_allclose(output, STORED[f"{case.file}/output"], rtol=0, atol=2e-6)


@pytest.mark.parametrize("case", FLAX[::5], ids=lambda case: case.file)
def test_a_child_reads_the_same(case: Case) -> None:
    here, there = (read(FILES / case.file, case.name) for read in (load, load_in_child))
    x = STORED[f"{case.file}/x"]
    np.testing.assert_array_equal(here.run(x).output, there.run(x).output)
    assert repr(here) == repr(there)


def test_nnx_has_no_bias_inside_the_product_with_r_and_linen_has_one() -> None:
    (nnx,) = load(FILES / "nnx-gru.safetensors").layers
    (linen,) = load(FILES / "linen-gru.safetensors").layers
    assert nnx.first.b is not None
    assert nnx.first.arrays().get("b_hn") is None
    assert linen.first.arrays().get("b_hn") is not None


def test_bfloat16_is_widened_exactly() -> None:
    from safetensors import safe_open

    with safe_open(FILES / "nnx-narrow.safetensors", "numpy") as file:
        assert file.get_slice("rnn.cell.dense_i.kernel").get_dtype() == "BF16"
    W = load(FILES / "nnx-narrow.safetensors").layers[0].first.W
    assert W.dtype == np.float32
    assert not (np.ascontiguousarray(W).view(np.uint32) & 0xFFFF).any()


def test_a_stack_is_opened_as_one_network_and_its_order_called_a_guess() -> None:
    found = load(FILES / "linen-stack.safetensors")
    named = load(FILES / "linen-stack.safetensors", "params/GRUCell_0+params/GRUCell_1")
    assert "chain" in found.guessed and "chain" not in named.guessed
    x = np.random.default_rng(0).normal(size=(6, found.input_size)).astype(found.dtype)
    np.testing.assert_array_equal(found.run(x).states, named.run(x).states)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("linen-mgu.npz", "params: is an MGUCell of Flax, whose one gate both resets and updates"),
        ("linen-conv.npz", "params: is a ConvLSTMCell of Flax, whose states are pictures"),
    ],
)
def test_other_cells_are_refused_in_words(file: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        load(FILES / file)
    way_out = "; save a GRUCell, LSTMCell, OptimizedLSTMCell or SimpleCell"
    assert str(caught.value) == f"{file}: {message}{way_out}"


def saved(path: Path, **changed: Any) -> Path:
    """Write the linen GRU's arrays, some changed or without."""
    arrays = dict(np.load(FILES / "linen-cell.npz")) | changed
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"params/cell/hn/kernel": None}, "params/cell/ir/kernel: is of a cell of Flax (GRU) that "
         "has no hn"),
        ({"params/cell/iz/kernel": np.ones((2, 4), "f4")},
         "params/cell/iz/kernel: must have shape (3, 4) in this cell of Flax, got (2, 4)"),
        ({"params/cell/iz/bias": np.ones(3, "f4")},
         "params/cell/iz/bias: must have shape (4,) in this cell of Flax, got (3,)"),
        ({"params/cell/hr/kernel": np.ones((4, 4), "i4")},
         "params/cell/hr/kernel: has dtype int32"),
        ({"params/cell/hr/kernel": np.full((4, 4), np.nan, "f4")},
         "params/cell/hr/kernel: holds nan at (0, 0)"),
        ({"params.cell.hr.kernel": np.ones((4, 4), "f4")}, "params.cell.hr.kernel: is there twice"),
    ],
)  # fmt: skip
def test_a_damaged_cell_is_refused_by_the_names_in_the_file(
    changed: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError) as caught:
        load(saved(tmp_path / "a.npz", **changed))
    assert str(caught.value).startswith(f"a.npz: {message}")


def test_what_is_beside_a_cell_is_named_as_in_the_file(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", **{"params/policy/kernel": np.ones((4, 2), "f4")})
    network = load(path)
    assert network.readout is None
    assert network.left_out == ("params/policy/kernel",)


def test_gates_of_another_number_are_refused(tmp_path: Path) -> None:
    arrays = {
        "rnn.cell.dense_i.kernel": np.ones((3, 8)),
        "rnn.cell.dense_h.kernel": np.ones((4, 8)),
    }
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(
        FormatError, match=r"dense_h\.kernel: must have shape \(H, G·H\) with G = 3"
    ):
        load(tmp_path / "a.npz")


def test_equinox_without_its_bias_is_refused(tmp_path: Path) -> None:
    arrays = {"weight_ih": np.ones((6, 3), "f4"), "weight_hh": np.ones((6, 2), "f4")}
    np.savez(tmp_path / "a.npz", **arrays, bias_n=np.ones(2, "f4"))
    with pytest.raises(FormatError, match=r"a\.npz: bias: is missing"):
        load(tmp_path / "a.npz")
    np.savez(tmp_path / "a.npz", **arrays, bias=np.ones(6, "f4"), bias_ih=np.ones(6, "f4"))
    with pytest.raises(FormatError, match=r"bias_ih: does not belong beside .*bias in a GRU"):
        load(tmp_path / "a.npz")
