"""The tree of an HDF5 file: its contents, and that no other file is opened."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from gru_core.files import FormatError, Limits
from gru_core.files.keras.hdf5 import open_tree
from gru_core.files.source import Source
from tests.gru_core.files.keras_models import h5


def source(data: bytes, name: str = "model.h5") -> Source:
    return Source(io.BytesIO(data), name, len(data))


def filled(number: float) -> bytes:
    return h5(lambda file: file.create_dataset("group/x", data=np.full(3, number)))


def test_arrays_come_in_every_layout_keras_has_used() -> None:
    def build(file: h5py.File) -> None:
        file["big"] = np.arange(6, dtype=">f8").reshape(2, 3)
        file["half"] = np.ones(2, "f2")
        small = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        small.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((2,))
        kind = h5py.h5t.IEEE_F32LE
        h5py.h5d.create(file.id, b"compact", kind, space, small).write(
            h5py.h5s.ALL, h5py.h5s.ALL, np.ones(2, "f4")
        )
        file.attrs["text"] = "ünïcode"
        file["inner/group"] = 1
        file["inner"].attrs["fixed"] = np.bytes_(b"fixed")

    with open_tree(source(h5(build)), Limits()) as tree:
        arrays = tree.entries.arrays
        np.testing.assert_array_equal(arrays["big"].read(), np.arange(6.0).reshape(2, 3))
        assert arrays["half"].read().dtype == np.float32
        np.testing.assert_array_equal(arrays["compact"].read(), [1, 1])
        assert set(tree.groups) == {"", "inner"}
        assert tree.text("", "text") == "ünïcode"
        assert tree.text("inner", "fixed") == "fixed"
        assert tree.text("inner", "text") is tree.text("nowhere", "text") is None


def test_files_of_one_name_are_kept_apart() -> None:
    with (
        open_tree(source(filled(1.0)), Limits()) as one,
        open_tree(source(filled(2.0)), Limits()) as two,
    ):
        assert one.entries.arrays["group/x"].read()[0] == 1
        assert two.entries.arrays["group/x"].read()[0] == 2


def test_a_closed_file_cannot_be_read() -> None:
    with open_tree(source(filled(1.0)), Limits()) as tree:
        pass
    with pytest.raises(FormatError, match="group/x"):
        tree.entries.arrays["group/x"].read()


POINTING: dict[str, Callable[[h5py.File, str], object]] = {
    "link": lambda file, path: file.__setitem__("x", h5py.ExternalLink(path, "/x")),
    "storage": lambda file, path: file.create_dataset("x", (3,), "f4", external=[(path, 0, 12)]),
    "virtual": lambda file, path: file.create_virtual_dataset("x", layout(path)),
}


def layout(path: str) -> h5py.VirtualLayout:
    made = h5py.VirtualLayout((3,), "f4")
    made[:] = h5py.VirtualSource(path, "x", (3,))
    return made


@pytest.mark.parametrize("kind", POINTING)
def test_what_stands_elsewhere_is_not_even_opened(kind: str, tmp_path: Path) -> None:
    """The other file is a pipe, so opening it would hang."""
    pipe = tmp_path / "pipe"
    data = h5(lambda file: POINTING[kind](file, str(pipe)))
    os.mkfifo(pipe)
    with (
        pytest.raises(FormatError, match=r"other file|another file"),
        open_tree(source(data), Limits()),
    ):
        pass


def test_limits_hold_for_all_arrays_together() -> None:
    data = h5(lambda file: [file.create_dataset(n, data=np.ones(3)) for n in "ab"])
    with open_tree(source(data), Limits(parameters=6)):
        pass
    with (
        pytest.raises(FormatError, match="more than 5 numbers"),
        open_tree(source(data), Limits(parameters=5)),
    ):
        pass
