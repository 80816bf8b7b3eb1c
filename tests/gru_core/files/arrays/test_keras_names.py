"""Weights of Keras under their paths, of which a part is missing or leaves something open."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, load

GRU = {
    "gru/kernel": np.ones((3, 12), "f4"),
    "gru/recurrent_kernel": np.ones((4, 12), "f4"),
    "gru/bias": np.ones((2, 12), "f4"),
}
WAY_OUT = "; save the whole model: model.save('model.keras')"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"gru/bias": np.ones(12, "f4")}, "gru/bias: is the one bias of a GRU that resets before "
         "the product, which is read from whole models only" + WAY_OUT),
        ({"gru/bias": None}, "gru/recurrent_kernel: is of a GRU without the bias that would show "
         "whether it resets after the product" + WAY_OUT),
        ({"gru/bias": np.ones((2, 9), "f4")}, "gru/bias: must have shape (2, 12), got (2, 9)"),
        ({"gru/kernel": np.ones((3, 9), "f4")}, "gru/kernel: must have shape (I, 12), got (3, 9)"),
        ({"gru/recurrent_kernel": np.ones((4, 9), "f4")}, "gru/recurrent_kernel: must have shape "
         "(H, G·H) with G = 1, 3 or 4, got (4, 9)"),
        ({"gru/recurrent_kernel": np.ones((), "f4")}, "gru/recurrent_kernel: must have shape "
         "(H, G·H) with G = 1, 3 or 4, got ()"),
        ({"gru.bias": np.ones((2, 12), "f4")}, "gru.bias: is there twice, also as 'gru/bias'"),
    ],
)  # fmt: skip
def test_a_layer_that_is_not_whole_is_refused(
    changed: dict[str, Any], message: str, tmp_path: Path
) -> None:
    arrays = {name: array for name, array in (GRU | changed).items() if array is not None}
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FormatError) as caught:
        load(tmp_path / "a.npz")
    assert str(caught.value) == f"a.npz: {message}"


def test_two_layers_are_offered_as_one(tmp_path: Path) -> None:
    two = {name.replace("gru", "gru_1"): array for name, array in GRU.items()}
    two["gru_1/kernel"] = np.ones((4, 12), "f4")
    np.savez(tmp_path / "a.npz", **GRU, **two)
    with pytest.raises(FormatError) as caught:
        load(tmp_path / "a.npz")
    assert caught.value.choices == ("gru", "gru_1", "gru+gru_1")
    assert len(load(tmp_path / "a.npz", "gru+gru_1").layers) == 2


def test_pickled_objects_and_msgpack_are_refused_with_a_way_out(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", params=np.array({"cell": 1}, dtype=object))
    with pytest.raises(FormatError, match=r"params: is a pickled Python object.*flatten_dict"):
        load(tmp_path / "a.npz")
    (tmp_path / "a.msgpack").write_bytes(b"\x81\xa6params\x80")
    with pytest.raises(FormatError, match=r"is Flax's msgpack; save the arrays by name"):
        load(tmp_path / "a.msgpack")
