"""Hostile PyTorch files, each with its error."""

import os
import pickle
import struct
import zipfile
from typing import Any

from gru_core.files.torch.legacy import MAGIC
from tests.gru_core.files.hostile.cases import TOUCH, Hostile, zipped


def torch_zip(pickled: bytes, storages: dict[str, bytes] | None = None, **more: bytes) -> bytes:
    files = {"a/data.pkl": pickled, "a/byteorder": b"little"} | {
        f"a/data/{key}": data for key, data in (storages or {"0": bytes(72)}).items()
    }
    return zipped(files | {name.replace("_", "/", 1): data for name, data in more.items()})


class Call:
    """An object with a pickle that calls a function."""

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


def old(content: bytes, keys: bytes = b"](" + text("0") + b"e", storages: bytes = b"") -> bytes:
    """Return a file of before PyTorch 1.6: five pickles, then each storage after its length."""
    parts = [MAGIC[:-1], number(1001), b"}", content[2:-1], keys]
    whole = b"".join(b"\x80\x02" + part + b"." for part in parts)
    return whole + (storages or struct.pack("<q", 18) + bytes(72))


def shared(count: int) -> bytes:
    """Return objects that all have the same large state."""
    state = b"}(" + b"".join(b"J" + struct.pack("<i", k) + b"N" for k in range(60_000)) + b"u"
    return b"\x80\x02](" + state + b"q\0ca\nB\nq\1" + b"h\1)\x81h\0b" * count + b"e."


def chain(steps: int) -> bytes:
    """Return dicts that each contain the next one twice: 2 ** steps paths to the last."""
    data = b"\x80\x02}r" + struct.pack("<I", 0)
    for i in range(steps):
        below = b"j" + struct.pack("<I", i)
        data += b"}" + text("a") + below + b"s" + text("b") + below + b"s"
        data += b"r" + struct.pack("<I", i + 1)
    return data + b"."


def repeated(name: bytes, arguments: bytes, times: int) -> bytes:
    """Return the pickle of one function called again and again with the same arguments."""
    return b"\x80\x02](c" + name + b"\nq\0" + arguments + b"q\1" + b"h\0h\1R" * times + b"e."


def alike(count: int) -> bytes:
    """Return a dict of integers that all hash alike."""
    prime = (1 << 61) - 1
    return b"\x80\x02}(" + b"".join(number(prime * k) + b"N" for k in range(count)) + b"u."


def negated() -> bytes:
    """Return a state_dict with a tensor whose numbers are to be negated."""
    return tensor().replace(b"\x89}tR", b"\x89}}" + text("neg") + b"\x88stR")


def counting(count: bytes) -> bytes:
    """Return a storage of some count."""
    return b"\x80\x02" + storage()[:-2].rsplit(b"\x8a", 1)[0] + count + b"tQ."


MILLION = 10**6
PAIRS = b"(](" + b"".join(b"J" + struct.pack("<i", k) + b"N\x86" for k in range(60_000)) + b"et"
LONG_SHAPE = storage() + b"K\0](" + b"K\1" * 150_000 + b"e]K\1at"
LONG_TUPLE = storage() + b"K\0(" + b"K\1" * 150_000 + b"t)t"
PUTS = b"".join(b"r" + struct.pack("<I", 2**32 - 1 - i) for i in range(400_000))
MADE = "Objects in it, which are not made: "
PICKLES = [
    Hostile("os.system", "pt", calling(os.system, TOUCH), f"{MADE}posix.system; save"),
    Hostile("os.system in protocol 4", "pt", calling(os.system, TOUCH, protocol=4),
            f"{MADE}posix.system"),
    Hostile("eval", "pt", calling(eval, f"__import__('os').system('{TOUCH}')"),
            f"{MADE}__builtin__.eval"),
    Hostile("exec", "pt", calling(exec, "import os", protocol=4), f"{MADE}builtins.exec"),
    Hostile("getattr", "pt", torch_zip(
        b"\x80\x02c__builtin__\ngetattr\n" + text("") + text("join") + b"\x86R."),
        f"{MADE}__builtin__.getattr"),
    Hostile("dotted name", "pt", torch_zip(
        b"\x80\x04" + text("collections") + text("OrderedDict.update") + b"\x93)R."),
        f"{MADE}collections.OrderedDict.update"),
    Hostile("through torch", "pt", torch_zip(b"\x80\x02ctorch._utils\nos.system\n."),
            "holds no network"),
    Hostile("sparse tensor", "pt", torch_zip(b"\x80\x02ctorch._utils\n_rebuild_sparse_tensor\n."),
            "holds no network"),
    Hostile("torch.load", "pt", torch_zip(b"\x80\x02ctorch\nload\n" + text("b") + b"\x85R."),
            f"{MADE}torch.load"),
    Hostile("name across lines", "pt", torch_zip(b"\x80\x02cos\rx\nsystem\n."), "holds no network"),
    Hostile("INST", "pt", torch_zip(f"(S'{TOUCH}'\nios\nsystem\n.".encode()), f"{MADE}os.system"),
    Hostile("OBJ", "pt", torch_zip(b"\x80\x02(cos\nsystem\n" + text(TOUCH) + b"o."),
            f"{MADE}os.system"),
    Hostile("EXT", "pt", torch_zip(b"\x80\x02\x82\x01."), "holds no network"),
    Hostile("NEWOBJ_EX", "pt", torch_zip(b"\x80\x04ccollections\nOrderedDict\n)}\x92."), "holds"),
    Hostile("protocol 0", "pt", torch_zip(pickle.dumps({"a": 1}, 0)), "holds no network"),
    Hostile("calls text", "pt", torch_zip(b"\x80\x02" + text("os.system") + b")R."), "no function"),
    Hostile("calls a list", "pt", torch_zip(b"\x80\x02]" + b")R."), "no function"),
    Hostile("state of a class", "pt", torch_zip(b"\x80\x02ccollections\nOrderedDict\n}b."),
            "holds no network"),
    Hostile("dict of a number", "pt", torch_zip(
        b"\x80\x02ccollections\nOrderedDict\n" + number(5) + b"\x85R."), "is damaged"),
    Hostile("parameter of nothing", "pt", torch_zip(
        b"\x80\x02ctorch._utils\n_rebuild_parameter\n)R."), "holds no network"),
    Hostile("type around itself", "pt", torch_zip(
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\nq\0(h\0h\0)NtR."), "is damaged"),
    Hostile("memo without end", "pt", torch_zip(b"\x80\x02}" + PUTS + b"."), "holds no network"),
    Hostile("memo that is not there", "pt", torch_zip(b"\x80\x02h\7."), "is damaged near byte 4"),
    Hostile("marks without end", "pt", torch_zip(b"\x80\x02" + b"(" * MILLION + b"."), "more than"),
    Hostile("lists without end", "pt", torch_zip(b"\x80\x02" + b"]" * 2 * MILLION), "0 steps"),
    Hostile("sets without end", "pt", torch_zip(b"\x80\x04" + b"\x8f" * MILLION), "500000 steps"),
    Hostile("deep lists", "pt", torch_zip(b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b"."),
            "is nested more than 64 deep"),
    Hostile("deep tuples as a key", "pt", torch_zip(
        b"\x80\x02})" + b"\x85" * 400_000 + b"Ns."), "holds no network"),
    Hostile("list as a key", "pt", torch_zip(b"\x80\x02}]Ns."), "holds no network"),
    Hostile("dict in itself", "pt", torch_zip(b"\x80\x02}q\0" + text("a") + b"h\0s."), "holds no"),
    Hostile("doubling dicts", "pt", torch_zip(chain(60)), "holds no network"),
    Hostile("keys that hash alike", "pt", torch_zip(alike(60_000)), "holds no network"),
    Hostile("one list again and again", "pt", torch_zip(
        b"\x80\x02](](" + b"N" * 200_000 + b"eq\0" + b"h\0" * 99_000 + b"e."),
        "holds no network"),
    Hostile("one dict again and again", "pt", torch_zip(
        repeated(b"collections\nOrderedDict", PAIRS, 60_000)), "more than 500000 steps"),
    Hostile("many arguments again and again", "pt", torch_zip(
        repeated(b"collections\ndefaultdict", b"(" + b"N" * 200_000 + b"t", 90_000)), "0 steps"),
    Hostile("long shape again and again", "pt", torch_zip(
        repeated(b"torch._utils\n_rebuild_tensor_v2", b"(" + LONG_SHAPE, 90_000)), "damaged"),
    Hostile("dimensions without end", "pt", torch_zip(
        repeated(b"torch._utils\n_rebuild_tensor_v2", b"(" + LONG_TUPLE, 90_000)),
        "has a tensor of 150000 dimensions"),
    Hostile("negated tensor", "pt", torch_zip(negated()), "is a tensor that is conjugated, nega"),
    Hostile("storage of lists", "pt", torch_zip(
        counting(b"]" * 100_000 + b"a" * 99_999)), "is damaged"),
    Hostile("text of 8 EiB", "pt", torch_zip(b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fa."), "damaged"),
    Hostile("number of 2 GiB", "pt", torch_zip(b"\x80\x02\x8b\xff\xff\xff\x7f1."), "is damaged"),
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
    Hostile("storage of code", "pt", torch_zip(tensor(kind="os\nsystem")), "or of an unknown kind"),
    Hostile("storage of dicts", "pt", torch_zip(tensor(kind="collections\nOrderedDict")),
            "of an unknown kind of numbers"),
    Hostile("storage elsewhere", "pt", torch_zip(tensor(key="../../../etc/passwd")), "is missing"),
    Hostile("storage that is not there", "pt", torch_zip(tensor(key="1")), "'1', which is missing"),
    Hostile("storage of 4 EiB", "pt", torch_zip(tensor(count=2**62)), "4 bytes in 72 bytes"),
    Hostile("storage less than none", "pt", torch_zip(tensor(count=-18)), "storage of -18 numbers"),
    Hostile("storage cut short", "pt", torch_zip(tensor(), {"0": bytes(71)}), "bytes in 71 bytes"),
    Hostile("storage deflated", "pt", zipped(
        {"a/data.pkl": tensor(), "a/data/0": bytes(72)}, zipfile.ZIP_DEFLATED), "is a compressed"),
    Hostile("one state again and again", "pt", torch_zip(shared(30_000)), "500000 values"),
    Hostile("old: os.system", "pt", old(
        b"\x80\x02cos\nsystem\n" + text(TOUCH) + b"\x85R.", b"]"), f"{MADE}os.system"),
    Hostile("old: half a network", "pt", old(tensor()), "weight_hh_l0: is missing"),
    Hostile("old: cut short", "pt", old(tensor())[:-1], "is cut short"),
    Hostile("old: no storages", "pt", old(tensor(), b"]"), "'0', which is missing"),
    Hostile("old: storage that none needs", "pt", old(tensor(), b"](X\1\0\0\0ae"), "unknown kind"),
    Hostile("old: one storage again", "pt", old(
        tensor(), b"](" + text("0") * 60_000 + b"e"), "is a storage twice"),
    Hostile("old: storages of no names", "pt", old(tensor(), b"](NNe"), "is no list of storages"),
    Hostile("old: storages without end", "pt", old(tensor(), b"](" + b"N" * MILLION), "00 steps"),
    Hostile("old: storage of 8 EiB", "pt", old(
        tensor(), storages=b"\xff" * 8 + bytes(72)), "is cut short"),
    Hostile("old: view outside", "pt", old(tensor().replace(
        b"tQ", b"(X\1\0\0\0aK\7K\x12ttQ")), "reaches beyond its storage"),
    Hostile("old: view of nothing", "pt", old(tensor().replace(b"tQ", b"(NNNttQ")), "damaged"),
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
