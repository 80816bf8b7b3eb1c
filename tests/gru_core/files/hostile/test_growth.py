"""Small files that must not grow when read: repeated, doubled and hollow parts."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper

from gru_core.files import FormatError, load
from gru_core.files.forms import describe
from gru_core.network.network import Network
from tests.gru_core.files.hostile.cases import gru, npy, zipped
from tests.gru_core.files.hostile.safetensors_files import info, saved, tensors
from tests.gru_core.files.hostile.work import little_work
from tests.gru_core.files.onnx.onnx_models import H, I, model, weights


def loaded(data: bytes, path: Path) -> Network:
    path.write_bytes(data)
    with little_work():
        return load(path)


def beside(nodes: list[Any], constants: dict[str, Any], rank: int = 3) -> bytes:
    """Return an ONNX file with other nodes beside a GRU."""
    node = helper.make_node("GRU", ["X", "W", "R"], ["Y"], hidden_size=H)
    proto = model([*nodes, node], weights(bias=False) | constants)
    shape = helper.make_tensor_value_info("wide", 1, [None] * rank)
    proto.graph.input.append(shape)
    return bytes(proto.SerializeToString())


def doubling(op: str, count: int = 45, **attributes: int) -> list[Any]:
    return [
        helper.make_node(op, [f"s{i}", f"s{i}"], [f"s{i + 1}"], **attributes) for i in range(count)
    ]


SHAPE = helper.make_node("Shape", ["wide"], ["s0"])
FIRST = [helper.make_node("Shape", ["wide"], ["q"]), helper.make_node("Gather", ["q", "z"], ["s0"])]
TURNS = [helper.make_node("Transpose", ["wide"], [f"t{i}"]) for i in range(9000)]


@pytest.mark.parametrize(
    "data",
    [
        beside([SHAPE, *doubling("Concat", axis=0)], {}),
        beside([*FIRST, *doubling("Mul")], {"z": np.array(0)}),
        beside(doubling("Mul"), {"s0": np.array(3)}),
        beside(TURNS, {}, rank=100_000),
        beside(
            [helper.make_node("Squeeze", ["a", "axes"], ["o"])],
            {"a": np.ones((1, 3), "f4"), "axes": np.array([0, 0])},
        ),
        beside(
            [helper.make_node("Expand", ["a", "s"], [f"o{i}"]) for i in range(9000)],
            {"a": np.zeros((1, 9_000_000), "f4"), "s": np.array([9000, 1])},
        ),
        beside([helper.make_node("Cast", ["a"], ["o"], to=1)], {"a": np.full((1, 3), 1e300)}),
    ],
    ids=["sizes", "axes", "numbers", "many axes", "one axis twice", "zeros", "overflow"],
)
def test_what_stands_beside_an_onnx_node_does_not_grow(data: bytes, tmp_path: Path) -> None:
    network = loaded(data, tmp_path / "model.onnx")
    assert (network.input_size, network.hidden_size) == (I, H)


def test_sums_of_biases_that_overflow_are_refused(tmp_path: Path) -> None:
    node = helper.make_node("GRU", ["X", "W", "R", "B"], ["Y"], hidden_size=H)
    proto = model([node], weights() | {"B": np.full((1, 6 * H), 3e38, "f4")})
    with pytest.raises(FormatError, match="b must be finite float32 numbers, got inf"):
        loaded(proto.SerializeToString(), tmp_path / "model.onnx")


@pytest.mark.parametrize("perm", [None, [1, 0, 2], [2, 1, 0]])
def test_an_embedding_with_reordered_axes_is_not_read(perm: Any, tmp_path: Path) -> None:
    turn = helper.make_node("Transpose", ["e"], ["E"], perm=perm or [0, 1, 2])
    nodes = [
        helper.make_node("Gather", ["table", "i_x"], ["e"]),
        turn,
        helper.make_node("GRU", ["E", "W", "R"], ["Y"], hidden_size=H),
    ]
    table = {"table": np.ones((7, I), "f4")}
    proto = model(nodes, weights(bias=False) | table, inputs={"i_x": (None, None)})
    found = loaded(proto.SerializeToString(), tmp_path / "model.onnx").embedding
    assert (found is None) == (perm == [2, 1, 0])


def test_arrays_of_no_numbers_have_bounded_shapes(tmp_path: Path) -> None:
    shape = (0, 1 << 61, 1 << 61)
    with pytest.raises(FormatError, match=r"readout\.W: has the shape"):
        loaded(tensors({"readout.W": info(0, 0, shape)}), tmp_path / "model.safetensors")


@pytest.mark.parametrize("name", ["hidden2" + "1" * 480, "emb" * 160, "fc" + "_out" * 120])
def test_long_names_are_compared_in_one_go(name: str, tmp_path: Path) -> None:
    one = np.ones((1, 1), "f4")
    more = {f"{name}{i}-.weight": one for i in range(1700)}
    assert loaded(saved(gru() | more), tmp_path / "model.safetensors").readout is None


def form(**changed: Any) -> Any:
    described = json.loads(describe(Network.random("gru", 3, 2, seed=0)))
    described["layers"][0]["forward"] |= changed
    return described


def listed() -> Any:
    described = form()
    described["layers"][0]["forward"] = list(described["layers"][0]["forward"])
    return described


@pytest.mark.parametrize(
    "described",
    [
        form(activations=[["affine", 10**400, 0], ["tanh", 1, 0]]),
        form(activations=[["affine", {}, 0], ["tanh", 1, 0]]),
        form(clip=10**400),
        listed(),
    ],
)
def test_invalid_forms_are_refused(described: Any, tmp_path: Path) -> None:
    data = saved(gru(), gruscope=json.dumps(described))
    with pytest.raises(FormatError, match="gruscope: "):
        loaded(data, tmp_path / "model.safetensors")


def test_many_small_zip_bombs_are_one_large_one(tmp_path: Path) -> None:
    large = npy(np.zeros((768, 256), "f4"))
    names = [f"weight_{end}_l{k}.npy" for k in range(400) for end in ("ih", "hh")]
    data = zipped(dict.fromkeys(names, large), zipfile.ZIP_DEFLATED)
    with pytest.raises(FormatError, match=r"would grow from [0-9]+ to 6[0-9]+ bytes"):
        loaded(data, tmp_path / "model.npz")
