"""Hostile zip archives and npz files, each with its error."""

import struct
import zipfile
import zlib
from io import BytesIO

import numpy as np

from tests.gru_core.files.hostile.cases import NAN, TOUCH, Hostile, gru, members, npy, zipped


def patched(
    place: int, layout: str, value: int, *, mark: bytes = b"PK\1\2", which: int = 0
) -> bytes:
    """Return a sound npz in which one field of a header is changed."""
    data = bytearray(zipped(members(), zipfile.ZIP_DEFLATED))
    start = -1
    for _ in range(which + 1):
        start = data.index(mark, start + 1)
    struct.pack_into(layout, data, start + place, value)
    return bytes(data)


def inflated(claimed: int, data: bytes) -> bytes:
    """Return an npz with a member that claims to unpack to another size than it does."""
    whole = bytearray(zipped(members() | {"weight_ih_l0.npy": data}, zipfile.ZIP_DEFLATED))
    struct.pack_into("<L", whole, whole.index(b"PK\1\2") + 24, claimed)
    return bytes(whole)


def same_bytes(count: int) -> bytes:
    """Return a zip whose members all unpack the same bytes, as Fifield's zip bomb does."""
    data = zlib.compress(bytes(1 << 20), 9)[2:-4]
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(data), 1 << 20, 5, 0)
    body, names = local + b"0.npy" + data, [f"{i:01d}.npy".encode() for i in range(count)]
    contents = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(data), 1 << 20, 5, *[0] * 6
        )
        + name
        for name in names
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(contents), len(body), 0)
    return body + contents + end


def linked() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("weight_ih_l0.npy")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def twice() -> bytes:
    import warnings

    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            archive.writestr("weight_ih_l0.npy", npy(np.ones((6, 3), "f4")))
    return file.getvalue()


SOUND = zipped(members(), zipfile.ZIP_DEFLATED)
BOMB = {"weight_ih_l0.npy": npy(np.zeros((1600, 1600), "f4"))}
ZIP = [
    Hostile("cut short", "npz", SOUND[:-30], "its zip table of contents is missing"),
    Hostile("beginning missing", "npz", b"PK\3\4" + SOUND[50:], "out of place"),
    Hostile("nothing in it", "npz", zipped({}), "without a network; it has nothing"),
    Hostile("something else", "npz", zipped({"a.txt": b""}), "without a network; it has a.txt"),
    Hostile("member twice", "npz", twice(), "is in the archive twice"),
    Hostile("path upwards", "npz", zipped({"../a.npy": b""}), "leads out of the archive"),
    Hostile("absolute path", "npz", zipped({"/etc/a.npy": b""}), "leads out of the archive"),
    Hostile("drive", "npz", zipped({"C:a.npy": b""}), "leads out of the archive"),
    Hostile("link", "npz", linked(), "is a symbolic link"),
    Hostile("encrypted", "npz", patched(8, "<H", 1), "is encrypted"),
    Hostile("patch data", "npz", patched(8, "<H", 1 << 5), "has the zip flags 0x20"),
    Hostile("method", "npz", patched(10, "<H", 14), "has the zip method 14"),
    Hostile("checksum", "npz", patched(16, "<L", 7), "its checksum is wrong"),
    Hostile("local name", "npz", patched(30, "<B", 88, mark=b"PK\3\4"), "differs from what"),
    Hostile("local method", "npz", patched(8, "<H", 0, mark=b"PK\3\4"), "differs from what"),
    Hostile("offset", "npz", patched(42, "<L", 1 << 31), "is cut short"),
    Hostile("offset of another", "npz", patched(42, "<L", 0, which=1), "overlaps"),
    Hostile("several volumes", "npz", patched(4, "<H", 1, mark=b"PK\5\6"), "several volumes"),
    Hostile("packed size", "npz", patched(20, "<L", 1 << 30), "overlaps the member beside it"),
    Hostile("zip64 size missing", "npz", patched(24, "<L", 2**32 - 1), "without its zip64 sizes"),
    Hostile("contents too long", "npz", zipped({"a" * 60_000 + str(i): b"" for i in range(99)}),
            "bytes of contents, of which 4194304 are allowed"),
    Hostile("members without end", "npz", zipped({f"{i}.npy": b"" for i in range(10_001)}),
            "has 10001 members, 10000 are allowed"),
    Hostile("same bytes", "npz", same_bytes(9), "1.npy: overlaps"),
    Hostile("deflate bomb", "npz", zipped(BOMB, zipfile.ZIP_DEFLATED), "like a zip bomb"),
    Hostile("unpacks to more", "npz", inflated(999, bytes(1 << 20)), "is not in .npy format"),
    Hostile("unpacks to more numbers", "npz", inflated(200, npy(np.ones((6, 3), "f4")) * 9),
            "unpacks to more than it claims"),
    Hostile("unpacks to less", "npz", inflated(152, npy(np.ones((6, 3), "f4"))[:100]),
            "unpacks to less than it claims"),
    Hostile("deflated noise", "npz", SOUND[:46] + b"\xff" + SOUND[47:], "is damaged"),
]  # fmt: skip


def headed(header: str, numbers: bytes = bytes(72), version: tuple[int, int] = (1, 0)) -> bytes:
    """Return an npz with one member of this .npy header."""
    text = header.encode("latin-1") + b"\n"
    size = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return zipped({"weight_ih_l0.npy": b"\x93NUMPY" + bytes(version) + size + text + numbers})


def described(shape: str = "(6, 3)", descr: str = "'<f4'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


OBJECTS = {
    f"{name}.npy": npy(np.full(array.shape, None), pickled=True) for name, array in gru().items()
}
NPY = [
    Hostile("objects", "npz", zipped(OBJECTS), "weight_ih_l0: has dtype |O"),
    Hostile("structure", "npz", headed(described(descr="[('a', '<f4'), ('b', '<f4')]")), "missing"),
    Hostile("code", "npz", headed(f"__import__('os').system('{TOUCH}')"), "has a header that is"),
    Hostile("code for a shape", "npz", headed(described("(2**40, print())")), "has a header that"),
    Hostile("nested", "npz", headed("(" * 9000), "has a header that is not valid"),
    Hostile("key missing", "npz", headed("{'descr': '<f4', 'shape': (6, 3)}"), "has a header that"),
    Hostile("key twice", "npz", headed(described()[:-1] + "'shape': (1,)}"), "has a header that"),
    Hostile("long header", "npz", headed(described() + " " * 20_000), "has a header of 20"),
    Hostile("header of 4 GiB", "npz", headed("", version=(2, 0)).replace(
        b"\2\0\1\0\0\0", b"\2\0\xff\xff\xff\xff"), "weight_ih_l0"),
    Hostile("version", "npz", headed(described(), version=(9, 9)), "unknown .npy version 9.9"),
    Hostile("shape lies", "npz", headed(described("(6, 4)")), "needs 96 bytes, 72 are there"),
    Hostile("numbers left", "npz", headed(described("(6, 2)")), "needs 48 bytes, 72 are there"),
    Hostile("shape bomb", "npz", headed(described("(99999999, 99999999)")), "needs"),
    Hostile("shape overflow", "npz", headed(described(f"({2**62}, 4)")), "has the shape"),
    Hostile("negative shape", "npz", headed(described("(-6, -3)")), "header that is not valid"),
    Hostile("digits", "npz", headed(described(f"({'9' * 9000},)")), "a shape that is too large"),
    Hostile("not npy", "npz", zipped({"weight_ih_l0.npy": b"numbers"}), "is not in .npy format"),
    Hostile("nothing", "npz", zipped({"weight_ih_l0.npy": b""}), "is not in .npy format"),
    Hostile(
        "not a number",
        "npz",
        zipped({f"{name}.npy": npy(array) for name, array in NAN.items()}),
        "weight_hh_l0: holds nan at (2, 1)",
    ),
]  # fmt: skip
