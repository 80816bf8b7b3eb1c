"""Readers accept every width, order and layout that a valid file may have."""

import argparse
import collections
import io
import pathlib
import pickle
import struct
import zipfile
from typing import Any

import numpy as np
import pytest

from gru_core.files import FormatError, Limits
from gru_core.files.archive import Archive
from gru_core.files.arrays import npz, safetensors
from gru_core.files.entries import Entry, collect
from gru_core.files.source import Source
from gru_core.files.torch import zip as torch_zip
from gru_core.files.torch.unpickler import Reader, Record
from gru_core.files.torch.unpickler import load as unpickled
from tests.gru_core.files.hostile.cases import npy, zipped
from tests.gru_core.files.hostile.pickles_files import tensor, text
from tests.gru_core.files.hostile.pickles_files import torch_zip as zip_of
from tests.gru_core.files.hostile.safetensors_files import info, tensors

LIMITS = Limits()


def source(data: bytes) -> Source:
    return Source(io.BytesIO(data), "a", len(data))


# --- safetensors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_safetensors_are_read_as_their_library_writes_them(dtype: str) -> None:
    from safetensors.numpy import save

    array = np.random.RandomState(0).normal(size=(3, 4)).astype(dtype)
    found = safetensors.entries(source(save({"W": array}, {"a": "b"})), LIMITS)
    read = found.arrays["W"].read()
    assert found.metadata == {"a": "b"}
    assert read.dtype == ("float64" if dtype == "float64" else "float32")
    assert read.flags.owndata
    np.testing.assert_array_equal(read, array.astype(read.dtype))


def test_bfloat16_is_the_upper_half_of_float32() -> None:
    values = [1.0, -2.5, 3.0e38, 1e-40, 0.0]
    bits = [struct.unpack("<I", struct.pack("<f", value))[0] >> 16 for value in values]
    data = tensors({"W": info(0, 10, (5,), "BF16")}, struct.pack("<5H", *bits))
    read = safetensors.entries(source(data), LIMITS).arrays["W"].read()
    expected = [struct.unpack("<f", struct.pack("<I", b << 16))[0] for b in bits]
    assert read.dtype == np.float32
    assert read.tolist() == expected


def test_arrays_may_stand_in_any_order_and_be_empty() -> None:
    header = {"b": info(4, 8, (1,)), "none": info(4, 4, (0, 7)), "a": info(0, 4, (1, 1))}
    data = tensors(header, struct.pack("<2f", 1, 2))
    read = {n: e.read() for n, e in safetensors.entries(source(data), LIMITS).arrays.items()}
    assert {n: a.tolist() for n, a in read.items()} == {"b": [2.0], "none": [], "a": [[1.0]]}


def test_arrays_that_are_not_requested_are_not_read() -> None:
    header = {"ids": info(0, 8, (1,), "I64"), "scale": info(8, 9, (1,), "F8_E5M2")}
    found = safetensors.entries(source(tensors(header, bytes(9))), LIMITS)
    assert [e.dtype for e in found.arrays.values()] == ["int64", "float8_e5m2"]


# --- npz ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8", "<f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npz_is_read_as_numpy_writes_it(save: Any, dtype: str, order: Any) -> None:
    array = np.random.RandomState(0).normal(size=(3, 4)).astype(dtype, order=order)
    file = io.BytesIO()
    save(file, W=array, other=np.array(["text"]), things=np.array([None]), x=np.float32(1))
    found = npz.entries(source(file.getvalue()), LIMITS)
    read = found.arrays["W"].read()
    assert list(found.arrays) == ["W", "other", "things", "x"]
    assert read.flags.c_contiguous
    assert read.dtype.isnative
    np.testing.assert_array_equal(read, array.astype(read.dtype))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_npy_is_read(version: tuple[int, int]) -> None:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ones((2, 3)), version)
    found = npz.entries(source(zipped({"W.npy": file.getvalue()})), LIMITS)
    np.testing.assert_array_equal(found.arrays["W"].read(), np.ones((2, 3)))


def test_a_damaged_array_is_detected_when_it_is_read() -> None:
    data = bytearray(zipped({"W.npy": npy(np.ones(3))}))
    data[data.index(struct.pack("<d", 1)) + 1] ^= 1
    entry = npz.entries(source(bytes(data)), LIMITS).arrays["W"]
    with pytest.raises(FormatError, match=r"W\.npy: is damaged: its checksum is wrong"):
        entry.read()


# --- zip ------------------------------------------------------------------------------------------


class Unseekable(io.RawIOBase):
    """A file that cannot go back, so that sizes are written behind the data."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"PK\5\6 and more", b"c" * 65_535])
def test_archives_are_read_as_zipfile_writes_them(method: int, comment: bytes) -> None:
    contents = {"a.txt": b"gates" * 50_000, "b/": b"", "b/é.txt": b"", "c": bytes(300)}
    file = Unseekable()
    with zipfile.ZipFile(file, "w", method) as archive:  # type: ignore[call-overload]
        for name, data in contents.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(data)
        archive.comment = comment
    found = Archive(source(bytes(file.data)), LIMITS)
    assert {n: found.read(n, 1 << 20) for n in found.members} == {
        name: data for name, data in contents.items() if name != "b/"
    }


def test_sizes_beyond_32_bits_are_taken_from_the_zip64_field() -> None:
    data = bytearray(zipped({"a": b"12345"}))
    place = data.index(b"PK\1\2")
    struct.pack_into("<LL", data, place + 20, 2**32 - 1, 2**32 - 1)
    struct.pack_into("<H", data, place + 30, 20)
    data[place + 47 : place + 47] = struct.pack("<2H2Q", 1, 16, 5, 5)
    struct.pack_into("<L", data, data.index(b"PK\5\6") + 12, 47 + 20)
    assert Archive(source(bytes(data)), LIMITS).read("a", 5) == b"12345"
    struct.pack_into("<Q", data, place + 47 + 4, 2**63)
    with pytest.raises(FormatError, match="5 bytes hold 9223372036854775808"):
        Archive(source(bytes(data)), LIMITS)


# --- PyTorch --------------------------------------------------------------------------------------


class Thing:
    """Other content of checkpoints."""

    size: list[int]


PLAIN = {
    "none": None,
    "flags": [True, False],
    "numbers": [0, 255, -1, 65_536, 2**31, -(2**70), 1.5],
    "text": ["", "é" * 300, "x" * 70_000],
    "bytes": [b"", b"x" * 300],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "nested": {"a": [{"b": ({},)}]},
    5: "number as a key",
}


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_are_unpickled_as_python_does(protocol: int) -> None:
    shared: list[int] = [1]
    plain = PLAIN | {"shared": [shared, shared], "ordered": collections.OrderedDict(a=1)}
    if protocol < 3:
        del plain["bytes"]  # pickled as a call
    found = unpickled(Reader(pickle.dumps(plain, protocol)), "a", "data.pkl", LIMITS)
    assert found == plain
    assert found["shared"][0] is found["shared"][1]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_other_content_of_checkpoints_is_not_made(protocol: int) -> None:
    found = unpickled(
        Reader(
            pickle.dumps(
                [
                    argparse.Namespace(lr=0.1),
                    pathlib.PurePosixPath("/etc"),
                    {1, 2},
                    frozenset([3]),
                    collections.Counter("gates"),
                    np.float32(1),
                    np.ones(2),
                    b"bytes",
                    3 + 4j,
                ],
                protocol,
            )
        ),
        "a",
        "data.pkl",
        LIMITS,
    )
    assert all(isinstance(value, Record | list | bytes) for value in found)


FACTORIES = (list, dict, set, tuple, int, float, bool, str, collections.OrderedDict, frozenset)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("factory", FACTORIES)
def test_a_defaultdict_is_a_dict_whatever_makes_its_values(factory: Any, protocol: int) -> None:
    made = collections.defaultdict(factory, {"loss": 1, "size": 2})
    found = unpickled(Reader(pickle.dumps(made, protocol)), "a", "data.pkl", LIMITS)
    assert found == {"loss": 1, "size": 2}


def test_hyperparameters_of_lightning_are_passed_over() -> None:
    made = b"\x80\x02}" + text("hyper_parameters")
    made += b"clightning_fabric.utilities.data\nAttributeDict\n)\x81" + text("lr") + b"K\1s"
    made += b"}" + text("a") + b"Nsbs."
    found = unpickled(Reader(made), "a", "data.pkl", LIMITS)
    assert found["hyper_parameters"].items == {"lr": 1}


@pytest.mark.parametrize("protocol", range(6))
def test_an_object_of_ones_own_is_a_record_of_its_content(protocol: int) -> None:
    thing = Thing()
    thing.size = [3]
    found = unpickled(Reader(pickle.dumps(thing, protocol)), "a", "data.pkl", LIMITS)
    assert found.state == {"size": [3]}
    path = f"{Thing.__module__}.Thing"
    assert path == found.path or found.arguments[0].path == path  # by copyreg in protocols 0 and 1


def numbers(count: int = 18) -> bytes:
    return np.arange(count, dtype="<f4").tobytes()


@pytest.mark.parametrize(
    ("shape", "stride", "offset"),
    [
        ((6, 3), (3, 1), 0),
        ((3, 6), (1, 3), 0),
        ((2, 2), (1, 2), 5),
        ((2, 3), (9, 2), 4),
        ((1, 4), (99, 1), 14),
        ((2, 3, 3), (1, 6, 2), 0),
        ((), (), 7),
        ((0, 3), (3, 1), 0),
        ((2, 2), (1, 1), 0),
        ((2, 3), (0, 1), 0),
    ],
)
def test_every_view_of_a_storage_is_read(
    shape: tuple[int, ...], stride: tuple[int, ...], offset: int
) -> None:
    data = zip_of(tensor(shape, stride, offset), {"0": numbers()})
    read = torch_zip.entries(source(data), LIMITS).arrays["weight_ih_l0"].read()
    expected = np.empty(shape, np.float32)
    for place in np.ndindex(shape):
        expected[place] = offset + sum(i * step for i, step in zip(place, stride, strict=True))
    assert read.flags.c_contiguous
    np.testing.assert_array_equal(read, expected)


def test_big_endian_files_are_read() -> None:
    data = zipped(
        {
            "a/data.pkl": tensor(),
            "a/byteorder": b"big",
            "a/data/0": np.arange(18, dtype=">f4").tobytes(),
        }
    )
    read = torch_zip.entries(source(data), LIMITS).arrays["weight_ih_l0"].read()
    np.testing.assert_array_equal(read.ravel(), np.arange(18))


# --- all ------------------------------------------------------------------------------------------


def entry(name: str, *shape: int) -> Entry:
    return Entry("a", name, "float32", shape, lambda: np.zeros(shape, np.float32))


def test_limits_count_all_arrays_together() -> None:
    assert len(collect("a", [entry("a", 2, 3), entry("b", 4)], Limits(parameters=10)).arrays) == 2
    with pytest.raises(FormatError, match=r"b: has the shape .* more than 9 numbers"):
        collect("a", [entry("a", 2, 3), entry("b", 4)], Limits(parameters=9))
    with pytest.raises(FormatError, match="holds more than 1 arrays"):
        collect("a", [entry("a"), entry("b")], Limits(entries=1))
    with pytest.raises(FormatError, match="a: is in the file twice"):
        collect("a", [entry("a"), entry("a")], Limits())
