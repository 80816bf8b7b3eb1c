"""A pickle of every opcode imports, calls and looks up nothing."""

import copyreg
import pickle
import pickletools
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gru_core.files import load, load_in_child
from gru_core.files.limits import Limits
from gru_core.files.torch.unpickler import Name, Reader, Record
from gru_core.files.torch.unpickler import load as unpickled
from tests.gru_core.files.hostile.pickles_files import storage, text, torch_zip, tuple_of

TRAP = b"gruscope_trap"
SENTINEL = """
from pathlib import Path
Path(__file__).with_suffix(".hatched").touch()
def snap(*args, **names):
    Path(__file__).with_suffix(".called").touch()
    return snap
class Snap:
    def __new__(cls, *args, **names): return snap()
    __setstate__ = __init__ = snap
"""
CODES = {240: "EXT1", 1000: "EXT2", 100_000: "EXT4"}
FUNCTION = b"c" + TRAP + b"\nsnap\n"
CLASS = b"c" + TRAP + b"\nSnap\n"
NUMBERS = (
    b"I7\nI01\nL8L\nF1.5\nNJ\1\2\3\4K\5M\6\7\x88\x89G" + struct.pack(">d", 2.5) + b"\x8a\1\7"
    b"\x8b" + struct.pack("<i", 1) + b"\7"
)
TEXTS = (
    b"S'a'\nT\1\0\0\0bU\1cVd\n\x8c\1e" + text("f") + b"\x8d" + struct.pack("<Q", 1) + b"g"
    b"B\1\0\0\0hC\1i\x8e" + struct.pack("<Q", 1) + b"j\x96" + struct.pack("<Q", 1) + b"k\x98"
)
CONTAINERS = (
    b")N\x85NN\x86NNN\x87(NNt](NNl]Na](NNe}(" + text("k") + b"Nd}" + text("k") + b"Ns"
    b"}(" + text("k") + b"Nu\x8f(NN\x90(NN\x91"
)
STACK = b"Np300\n2(NN1" + b"g300\nq\7h\7r\1\1\0\0j\1\1\0\0\x94N0"
CALLS = (
    FUNCTION + b")R" + CLASS + b")\x81" + CLASS + b")}\x92" + CLASS + b")\x81}" + text("a")
    + b"Nsb" + FUNCTION + b"}b" + b"(N" + b"i" + TRAP + b"\nSnap\n" + b"(" + CLASS + b"No"
    + text(TRAP.decode()) + text("Snap.__init__.__globals__") + b"\x93)R"
    + b"\x82\xf0\x83\xe8\x03\x84\xa0\x86\1\0" + b"\x82\xf0)R"
)  # fmt: skip
PERSISTENT = storage(count=18)
FRAMED = b"\x95" + struct.pack("<Q", 1) + b"N"


def weights() -> bytes:
    """Return the steps that put a GRU's weights in the dict on top of the stack."""
    found = b""
    for name, shape in (("weight_ih_l0", (6, 3)), ("weight_hh_l0", (6, 2))):
        found += text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage() + b"K\0"
        found += tuple_of(*shape) + tuple_of(shape[1], 1) + b"\x89}tRs"
    return found


def zoo() -> bytes:
    """Return a pickle that makes a list of what every opcode makes, beside a GRU."""
    inner = NUMBERS + TEXTS + CONTAINERS + STACK + CALLS + PERSISTENT + FRAMED
    return b"\x80\x04}" + weights() + text("zoo") + b"](" + inner + b"es."


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the sentinel where an import finds it, and register its names as extensions."""
    path = tmp_path / f"{TRAP.decode()}.py"
    path.write_text(SENTINEL)
    monkeypatch.syspath_prepend(tmp_path)
    for code in CODES:
        copyreg.add_extension(TRAP.decode(), f"Snap{code}", code)
    yield path
    for code in CODES:
        copyreg.remove_extension(TRAP.decode(), f"Snap{code}", code)
    sys.modules.pop(TRAP.decode(), None)


def test_the_pickle_has_every_opcode_but_those_of_buffers() -> None:
    used = {opcode.name for opcode, _, _ in pickletools.genops(zoo())}
    every = {opcode.name for opcode in pickletools.opcodes}
    assert every - used == {"NEXT_BUFFER", "PERSID"}


@pytest.mark.parametrize("read", [load, load_in_child])
def test_every_opcode_is_read_and_nothing_happens(
    read: object, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trap.with_name("model.pt")
    path.write_bytes(torch_zip(zoo()))
    monkeypatch.setitem(copyreg._extension_cache, 240, lambda *_: trap.with_suffix(".c").touch())  # type: ignore[attr-defined]
    network = read(path)  # type: ignore[operator]
    assert (network.kind, network.hidden_size) == ("gru", 2)
    assert TRAP.decode() not in sys.modules
    assert sorted(one.name for one in trap.parent.iterdir()) == [trap.name, path.name]


def test_the_trap_snaps(trap: Path) -> None:
    pickle.loads(b"\x80\x04" + FUNCTION + b")R.")
    assert trap.with_suffix(".hatched").exists() and trap.with_suffix(".called").exists()


def made(steps: bytes) -> object:
    return unpickled(Reader(b"\x80\x04" + steps + b"."), "a", "data.pkl", Limits())


def test_objects_are_records_of_what_they_were_called_with() -> None:
    state = CLASS + b"K\1\x85\x81" + b"}" + text("a") + b"K\2sb"
    record = made(state + b"(K\3K\4e" + text("k") + b"K\5s")
    assert isinstance(record, Record)
    assert (record.path, record.arguments) == ("gruscope_trap.Snap", (1,))
    assert (record.state, record.listed, record.items) == ({"a": 2}, [3, 4], {"k": 5})


@pytest.mark.parametrize("target", [FUNCTION, b"ctorch._utils\n_rebuild_tensor_v2\n", b"}", b"N"])
def test_state_changes_nothing_of_ours(target: bytes) -> None:
    before = {**Name.__dict__}
    made(target + b"N}" + text("__defaults__") + b"Ns" + text("path") + b"Ns\x86b")
    assert {**Name.__dict__} == before


@pytest.mark.parametrize(
    "steps", [b"\x97", b"Pstorage\n", b"N(Ne", b"N" + text("k") + b"Ns", b"(K\1K\2K\3d"]
)
def test_impossible_steps_are_damage(steps: bytes) -> None:
    with pytest.raises(Exception, match=r"a: data\.pkl: is damaged"):
        made(steps)
