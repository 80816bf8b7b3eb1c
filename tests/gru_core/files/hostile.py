"""Hostile and broken files: safetensors, zip archives, npz, pickles. Each with what is said of it.

Every function named for a format makes one file's bytes; the tables below them are what tests run.
"""

import json
import os
import pickle
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np

CANARY = "GRUSCOPE_CANARY"
"""The folder in which a file appears if anything out of a file is run."""
TOUCH = f"touch ${CANARY}/hatched"


class Hostile(NamedTuple):
    """A file's suffix and bytes, and a part of the error that it must give."""

    name: str
    suffix: str
    data: bytes
    message: str


# --- safetensors ----------------------------------------------------------------------------------


def tensors(header: Any, numbers: bytes = b"", length: int | None = None) -> bytes:
    """Return a safetensors file with this header, given as JSON's value or as bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + numbers


def info(begin: int = 0, end: int = 8, shape: Any = (2, 1), dtype: Any = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


def gru(**changed: np.ndarray) -> dict[str, np.ndarray]:
    """Return a small GRU's state_dict."""
    arrays = {"weight_ih_l0": np.ones((6, 3), "f4"), "weight_hh_l0": np.ones((6, 2), "f4")}
    return arrays | changed


def saved(arrays: dict[str, np.ndarray], **metadata: str) -> bytes:
    from safetensors.numpy import save

    return save(arrays, metadata or None)


NAN = gru(weight_hh_l0=np.where(np.arange(12).reshape(6, 2) == 5, np.nan, np.float32(1)))
NAMES = {"weight_ih_l0": info(0, 24, (6, 1)), "weight_hh_l0": info(24, 72, (6, 2))}
DEEP = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
TWICE = b'{"W":1,"W":2}'
FORM = json.dumps({"version": 1, "kind": "gru", "layers": [[{"clip": "import os"}]]})

SAFETENSORS = [
    Hostile("header of 8 EiB", "safetensors", tensors({}, length=2**63), "claims to have"),
    Hostile("header of 5 MiB", "safetensors", tensors({"a" * (5 << 20): 1}), "claims to have 5"),
    Hostile("header beyond the file", "safetensors", tensors({}, length=99), "is cut short"),
    Hostile("seven bytes", "safetensors", b"\1\0\0\0\0\0\0", "too few for safetensors"),
    Hostile("header not UTF-8", "safetensors", tensors(b'{"\xff":1}'), "is not JSON"),
    Hostile("header not JSON", "safetensors", tensors(b"{{}"), "is not JSON"),
    Hostile("header a list", "safetensors", tensors([1, 2]), "is not a JSON object"),
    Hostile("header nested deep", "safetensors", tensors(DEEP), "is not JSON"),
    Hostile("name twice", "safetensors", tensors(TWICE), "'W' stands there twice"),
    Hostile("digits", "safetensors", tensors(b'{"W":' + b"9" * 10_000 + b"}"), "is not JSON"),
    Hostile(
        "overlap",
        "safetensors",
        tensors({"V": info(), "W": info(4, 12)}, bytes(12)),
        "W: overlaps what stands before it",
    ),
    Hostile(
        "the same bytes twice",
        "safetensors",
        tensors({"V": info(), "W": info()}, bytes(8)),
        "W: overlaps what stands before it",
    ),
    Hostile(
        "gap", "safetensors", tensors({"V": info(), "W": info(12, 20)}, bytes(20)), "leaves a gap"
    ),
    Hostile("end before begin", "safetensors", tensors({"V": info(8, 0)}), "no begin and end"),
    Hostile("numbers missing", "safetensors", tensors({"V": info()}, bytes(7)), "7 bytes of numb"),
    Hostile("numbers too many", "safetensors", tensors({"V": info()}, bytes(9)), "9 bytes of numb"),
    Hostile("unknown dtype", "safetensors", tensors({"V": info(dtype="F7")}), "unknown dtype F7"),
    Hostile("dtype no text", "safetensors", tensors({"V": info(dtype=[[]])}), "dtype of type list"),
    Hostile("negative size", "safetensors", tensors({"V": info(shape=(-2, -1))}), "list of sizes"),
    Hostile("size no integer", "safetensors", tensors({"V": info(shape=(2.0,))}), "list of sizes"),
    Hostile("shape lies", "safetensors", tensors({"V": info(shape=(3,))}, bytes(8)), "needs 12"),
    Hostile(
        "shape bomb",
        "safetensors",
        tensors({"V": info(shape=(10**9, 10**9))}, bytes(8)),
        "needs 4000000000000000000 bytes",
    ),
    Hostile(
        "dimensions without end", "safetensors", tensors({"V": info(shape=[1] * 10**6)}), "00 d"
    ),
    Hostile("fields missing", "safetensors", tensors({"V": {"dtype": "F32"}}), "must have dtype"),
    Hostile("metadata no text", "safetensors", tensors({"__metadata__": {"a": 1}}), "__metadata__"),
    Hostile(
        "entries without end",
        "safetensors",
        tensors({f"a{i}": info(0, 0, (0,)) for i in range(20_000)}),
        "more than 10000 arrays",
    ),
    Hostile(
        "long name", "safetensors", tensors({"a" * 600: info(0, 0, (0,))}), "a name of 600 char"
    ),
    Hostile("no network", "safetensors", tensors({}), "holds no network"),
    Hostile("not a number", "safetensors", saved(NAN), "weight_hh_l0: holds nan at (2, 1)"),
    Hostile(
        "integers",
        "safetensors",
        saved(gru(weight_ih_l0=np.ones((6, 3), np.int64))),
        "weight_ih_l0: has dtype int64",
    ),
    Hostile(
        "float8",
        "safetensors",
        tensors({"weight_ih_l0": info(0, 6, (6, 1), "F8_E4M3"),
                 "weight_hh_l0": info(6, 54, (6, 2))}, bytes(54)),
        "weight_ih_l0: has dtype float8_e4m3",
    ),
    Hostile(
        "no units",
        "safetensors",
        tensors({"weight_ih_l0": info(0, 0, (0, 3)), "weight_hh_l0": info(0, 0, (0, 0))}),
        "weight_hh_l0: has the shape (0, 0)",
    ),
    Hostile("form", "safetensors", saved(gru(), gruscope=FORM), "gruscope: is no description"),
    Hostile("form is null", "safetensors", saved(gru(), gruscope="null"), "gruscope: is no desc"),
    Hostile("form nested", "safetensors", saved(gru(), gruscope="[" * 99_999), "is no description"),
]  # fmt: skip


# --- zip ------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return file.getvalue()


def npy(array: np.ndarray, *, pickled: bool = False) -> bytes:
    file = BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=pickled)
    return file.getvalue()


def members() -> dict[str, bytes]:
    return {f"{name}.npy": npy(array) for name, array in gru().items()}


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
    Hostile("member twice", "npz", twice(), "stands in the archive twice"),
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
    Hostile("packed size", "npz", patched(20, "<L", 1 << 30), "overlaps what stands beside it"),
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


# --- npy ------------------------------------------------------------------------------------------


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
    Hostile("nested", "npz", headed("(" * 9000), "has a header that is none"),
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
    Hostile("negative shape", "npz", headed(described("(-6, -3)")), "has a header that is none"),
    Hostile("digits", "npz", headed(described(f"({'9' * 9000},)")), "beyond all measure"),
    Hostile("not npy", "npz", zipped({"weight_ih_l0.npy": b"numbers"}), "is not in .npy format"),
    Hostile("nothing", "npz", zipped({"weight_ih_l0.npy": b""}), "is not in .npy format"),
    Hostile(
        "not a number",
        "npz",
        zipped({f"{name}.npy": npy(array) for name, array in NAN.items()}),
        "weight_hh_l0: holds nan at (2, 1)",
    ),
]  # fmt: skip


# --- pickles --------------------------------------------------------------------------------------


def torch_zip(pickled: bytes, storages: dict[str, bytes] | None = None, **more: bytes) -> bytes:
    files = {"a/data.pkl": pickled, "a/byteorder": b"little"} | {
        f"a/data/{key}": data for key, data in (storages or {"0": bytes(72)}).items()
    }
    return zipped(files | {name.replace("_", "/", 1): data for name, data in more.items()})


class Call:
    """Something whose pickle calls a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.reduced = function, arguments

    def __reduce__(self) -> Any:
        return self.reduced


def calling(function: Any, *arguments: Any, protocol: int = 2) -> bytes:
    return torch_zip(pickle.dumps({"weight_ih_l0": Call(function, *arguments)}, protocol))


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def number(value: int) -> bytes:
    data = value.to_bytes(16, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def storage(key: str = "0", count: int = 18, kind: str = "torch\nFloatStorage") -> bytes:
    return (
        b"("
        + text("storage")
        + b"c"
        + kind.encode()
        + b"\n"
        + text(key)
        + text("cpu")
        + number(count)
        + b"tQ"
    )


def tuple_of(*values: int) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def tensor(
    shape: tuple[int, ...] = (6, 3),
    stride: tuple[int, ...] = (3, 1),
    offset: int = 0,
    **of: Any,
) -> bytes:
    """Return the pickle of a state_dict with one tensor, described at will."""
    made = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(**of) + number(offset)
    made += tuple_of(*shape) + tuple_of(*stride) + b"\x89}tR"
    return b"\x80\x02}" + text("weight_ih_l0") + made + b"s."


def chain(steps: int) -> bytes:
    """Return dicts of which each holds the next one twice: 2 ** steps ways to the last."""
    data = b"\x80\x02}r" + struct.pack("<I", 0)
    for i in range(steps):
        below = b"j" + struct.pack("<I", i)
        data += b"}" + text("a") + below + b"s" + text("b") + below + b"s"
        data += b"r" + struct.pack("<I", i + 1)
    return data + b"."


MILLION = 10**6
PUTS = b"".join(b"r" + struct.pack("<I", 2**32 - 1 - i) for i in range(800_000))
REFERS = "no state_dict needs; save model.state_dict() instead"
PICKLES = [
    Hostile("os.system", "pt", calling(os.system, TOUCH), f"system, which {REFERS}"),
    Hostile("os.system in protocol 4", "pt", calling(os.system, TOUCH, protocol=4), REFERS),
    Hostile("eval", "pt", calling(eval, f"__import__('os').system('{TOUCH}')"), "eval, which"),
    Hostile("exec", "pt", calling(exec, "import os", protocol=4), "builtins.exec, which"),
    Hostile("getattr", "pt", torch_zip(
        b"\x80\x02c__builtin__\ngetattr\n" + text("") + text("join") + b"\x86R."),
        "__builtin__.getattr, which"),
    Hostile("dotted name", "pt", torch_zip(
        b"\x80\x04" + text("collections") + text("OrderedDict.update") + b"\x93)R."),
        "collections.OrderedDict.update, which"),
    Hostile("through torch", "pt", torch_zip(b"\x80\x02ctorch._utils\nos.system\n."),
            "torch._utils.os.system, which"),
    Hostile("sparse tensor", "pt", torch_zip(b"\x80\x02ctorch._utils\n_rebuild_sparse_tensor\n."),
            "has a kind of tensor that is not read here"),
    Hostile("torch.load", "pt", torch_zip(b"\x80\x02ctorch\nload\n" + text("b") + b"\x85R."),
            "torch.load, which"),
    Hostile("name across lines", "pt", torch_zip(b"\x80\x02cos\rx\nsystem\n."), "which no state"),
    Hostile("INST", "pt", torch_zip(f"(S'{TOUCH}'\nios\nsystem\n.".encode()), "does not write"),
    Hostile("OBJ", "pt", torch_zip(b"\x80\x02(cos\nsystem\n" + text(TOUCH) + b"o."), "os.system"),
    Hostile("EXT", "pt", torch_zip(b"\x80\x02\x82\x01."), "does not write, b'\\x82'"),
    Hostile("NEWOBJ_EX", "pt", torch_zip(b"\x80\x04ccollections\nOrderedDict\n)}\x92."), "write"),
    Hostile("protocol 0", "pt", torch_zip(pickle.dumps({"a": 1}, 0)), "does not write"),
    Hostile("calls text", "pt", torch_zip(b"\x80\x02" + text("os.system") + b")R."), "no function"),
    Hostile("calls a list", "pt", torch_zip(b"\x80\x02]" + b")R."), "no function"),
    Hostile("state of a class", "pt", torch_zip(b"\x80\x02ccollections\nOrderedDict\n}b."),
            "sets the state of something"),
    Hostile("dict of a number", "pt", torch_zip(
        b"\x80\x02ccollections\nOrderedDict\n" + number(5) + b"\x85R."), "is damaged"),
    Hostile("parameter of nothing", "pt", torch_zip(
        b"\x80\x02ctorch._utils\n_rebuild_parameter\n)R."), "is damaged"),
    Hostile("type around itself", "pt", torch_zip(
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\nq\0(h\0h\0)NtR."), "is damaged"),
    Hostile("memo without end", "pt", torch_zip(b"\x80\x02}" + PUTS + b"."), "holds no network"),
    Hostile("memo that is not there", "pt", torch_zip(b"\x80\x02h\7."), "is damaged near byte 4"),
    Hostile("marks without end", "pt", torch_zip(b"\x80\x02" + b"(" * MILLION + b"."), "more than"),
    Hostile("lists without end", "pt", torch_zip(b"\x80\x02" + b"]" * 2 * MILLION), "0 steps"),
    Hostile("sets without end", "pt", torch_zip(b"\x80\x04" + b"\x8f" * MILLION), "1000000 steps"),
    Hostile("deep lists", "pt", torch_zip(b"\x80\x02" + b"]" * 400_000 + b"a" * 399_999 + b"."),
            "is nested more than 64 deep"),
    Hostile("deep tuples as a key", "pt", torch_zip(
        b"\x80\x02})" + b"\x85" * 500_000 + b"Ns."), "holds no network"),
    Hostile("list as a key", "pt", torch_zip(b"\x80\x02}]Ns."), "holds no network"),
    Hostile("dict in itself", "pt", torch_zip(b"\x80\x02}q\0" + text("a") + b"h\0s."), "64 deep"),
    Hostile("doubling dicts", "pt", torch_zip(chain(60)), "100000 tensors and containers"),
    Hostile("text of 8 EiB", "pt", torch_zip(b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fa."), "damaged"),
    Hostile("number of 2 GiB", "pt", torch_zip(b"\x80\x02\x8b\xff\xff\xff\x7f1."), "not write"),
    Hostile("empty stack", "pt", torch_zip(b"\x80\x02R."), "is damaged near byte 3"),
    Hostile("no end", "pt", torch_zip(b"\x80\x02}"), "is damaged near byte 3"),
    Hostile("nothing", "pt", torch_zip(b""), "is damaged near byte 0"),
    Hostile("pickle of 5 MiB", "pt", torch_zip(b"0" * (5 << 20)), "data.pkl: is too large"),
    Hostile("pickle bomb", "pt", zipped({"a/data.pkl": b"0" * (5 << 20)}, zipfile.ZIP_DEFLATED),
            "like a zip bomb"),
    Hostile("no pickle", "pt", zipped({"a/b/data.pkl": b""}), "has 0 pickles"),
    Hostile("two pickles", "pt", zipped({"a/data.pkl": b"", "b/data.pkl": b""}), "has 2 pickles"),
    Hostile("TorchScript", "pt", zipped({"a/data.pkl": b"", "a/code/x.py": b""}), "is TorchScript"),
    Hostile("byte order", "pt", zipped({"a/data.pkl": tensor(), "a/byteorder": b"middle"}),
            "unknown byte order b'middle'"),
    Hostile("persistent id", "pt", torch_zip(b"\x80\x02Nq\0Q."), "is damaged"),
    Hostile("storage of code", "pt", torch_zip(tensor(kind="os\nsystem")), "os.system, which"),
    Hostile("storage of dicts", "pt", torch_zip(tensor(kind="collections\nOrderedDict")),
            "numbers of collections.OrderedDict"),
    Hostile("storage elsewhere", "pt", torch_zip(tensor(key="../../../etc/passwd")), "is missing"),
    Hostile("storage that is not there", "pt", torch_zip(tensor(key="1")), "'1', which is missing"),
    Hostile("storage of 4 EiB", "pt", torch_zip(tensor(count=2**62)), "4 bytes in a member of 72"),
    Hostile("storage less than none", "pt", torch_zip(tensor(count=-18)), "storage of -18 numbers"),
    Hostile("storage cut short", "pt", torch_zip(tensor(), {"0": bytes(71)}), "a member of 71"),
    Hostile("storage deflated", "pt", zipped(
        {"a/data.pkl": tensor(), "a/data/0": bytes(72)}, zipfile.ZIP_DEFLATED), "member of 72"),
    Hostile("shape beyond", "pt", torch_zip(tensor((6, 4), (4, 1))), "reaches beyond its storage"),
    Hostile("offset beyond", "pt", torch_zip(tensor(offset=1)), "reaches beyond its storage"),
    Hostile("offset before", "pt", torch_zip(tensor(offset=-1)), "has offset -1"),
    Hostile("stride beyond", "pt", torch_zip(tensor((2, 2), (17, 2))), "reaches beyond"),
    Hostile("stride backwards", "pt", torch_zip(tensor(stride=(-3, 1))), "strides (-3, 1)"),
    Hostile("strides missing", "pt", torch_zip(tensor(stride=(3,))), "strides (3,) for the shape"),
    Hostile("shape bomb", "pt", torch_zip(tensor((10**9, 10**9), (0, 0))), "reaches beyond"),
    Hostile("shape bomb by stride 0", "pt", torch_zip(tensor((6000, 3000), (0, 0))), "reaches bey"),
    Hostile("negative shape", "pt", torch_zip(tensor((-6, 3))), "has the shape (-6, 3)"),
    Hostile("dimensions", "pt", torch_zip(tensor((1,) * 5000, (1,) * 5000)), "5000 dimensions"),
    Hostile("long name", "pt", torch_zip(tensor().replace(
        text("weight_ih_l0"), text("w" * 700))), "a name of 700 characters"),
]  # fmt: skip
