"""Reading in a child: bounded, from any thread, without leftovers."""

import contextlib
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gru_core import RNNParams
from gru_core.files import FormatError, Limits, child, isolated, load_in_child, save
from gru_core.network.network import Layer, Network
from tests.gru_core.files.hostile.pickles_files import PICKLES
from tests.gru_core.files.hostile.safetensors_files import saved
from tests.gru_core.files.model_cases import MODELS

GRU = MODELS / "gru.safetensors"


def test_a_child_may_be_started_from_many_threads() -> None:
    before = threading.active_count()
    with ThreadPoolExecutor(4) as pool:
        kinds = list(pool.map(lambda _: load_in_child(GRU).kind, range(8)))
    assert kinds == ["gru"] * 8
    assert threading.active_count() <= before


def test_errors_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    (case,) = [one for one in PICKLES if one.name == "memo that is not there"]
    path.write_bytes(case.data)
    with pytest.raises(FormatError) as caught:
        load_in_child(path)
    assert (caught.value.file, caught.value.entry) == ("model.pt", "data.pkl")
    assert case.message in caught.value.message


def test_name_and_limits_reach_the_child() -> None:
    assert load_in_child(MODELS / "two.pt", "encoder.rnn").kind == "gru"
    with pytest.raises(FormatError, match="more than 100 numbers"):
        load_in_child(GRU, limits=Limits(parameters=100))


def test_paths_are_relative_to_the_callers_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MODELS)
    assert load_in_child("gru.safetensors").kind == "gru"


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(child.subprocess, "Popen", Recorded)
    with pytest.raises(FormatError, match=r"gru\.safetensors: takes too long to read"):
        load_in_child(GRU, seconds=0.001)
    (one,) = started
    assert one.returncode == -signal.SIGKILL  # and it was waited for: no zombie stays behind


def test_a_child_cannot_exceed_its_memory(tmp_path: Path) -> None:
    path, square = tmp_path / "large.npz", np.ones((3000, 3000), np.float32)
    save(Network((Layer(RNNParams(square, square)),)), path)
    with pytest.raises(FormatError, match="needs more memory than is available"):
        load_in_child(path, memory_bytes=180 << 20)
    with pytest.raises(FormatError, match="cannot be read within the bounds of memory and time"):
        load_in_child(GRU, memory_bytes=20 << 20)
    assert load_in_child(path, memory_bytes=800 << 20).hidden_size == 3000


@pytest.mark.parametrize(
    "said", ["os.abort()", "1 / 0", "print('N[]')", "print('E[')", "print('E[1]')", "print('X')"]
)
def test_a_child_that_dies_or_talks_nonsense_gives_an_error(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "_PROGRAM", f"import os; {said}")
    with pytest.raises(FormatError):
        load_in_child(GRU)


@pytest.mark.parametrize(
    ("letter", "answer"),
    [
        (b"E", b"[0, 1]"),
        (b"E", b"[[], {}]"),
        (b"E", b'{"a": 1, "b": 2}'),
        (b"E", b"[" + b"[]," * (4 << 20) + b"1]"),
        (b"N", saved({f"W_{g}": np.ones((2, 3)) for g in "zrn"}
                     | {f"U_{g}": np.ones((3, 3)) for g in "zrn"})),
        (b"N", saved({"W": np.ones((2, 3)), "U": np.ones((2, 2)), "readout.W": np.ones((5, 9))})),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_an_error(
    letter: bytes, answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answer"
    path.write_bytes(letter + answer)
    program = f"import sys; sys.stdout.buffer.write(open({str(path)!r}, 'rb').read())"
    monkeypatch.setattr(isolated, "_PROGRAM", program)
    with pytest.raises(FormatError, match=r"gru\.safetensors"):
        load_in_child(GRU)


def test_a_child_that_returns_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_PROGRAM", "print('N', end='')\nwhile True: print('x' * 10**6)")
    with pytest.raises(FormatError, match="returned a larger network than is allowed"):
        load_in_child(GRU, memory_bytes=10**7)


def test_a_child_that_never_pauses_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.selectors, "DefaultSelector", lambda: _Ready())
    monkeypatch.setattr(isolated, "_PROGRAM", "import os\nwhile True: os.write(1, b'N')")
    with pytest.raises(FormatError, match="takes too long to read"):
        load_in_child(GRU, seconds=0.5)  # the child itself would never end


class _Ready(contextlib.AbstractContextManager["_Ready"]):
    """A selector for which there is always something to read."""

    def __exit__(self, *_: object) -> None: ...

    def register(self, *_: object) -> None: ...

    def select(self, _: float) -> list[int]:
        return [0]


def test_a_child_that_talks_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_PROGRAM", "print('N', end='')\nwhile True: print('x' * 10**6)")
    with pytest.raises(FormatError, match="returned a larger network than is allowed"):
        load_in_child(GRU, limits=Limits(parameters=10**6))


def test_a_child_sees_no_secrets_and_writes_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRUSCOPE_TOKEN", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
        look = f"import os; print('E' + json.dumps([None, os.environ.get('{name}', 'none'), []]))"
        monkeypatch.setattr(isolated, "_PROGRAM", isolated._PROGRAM.split("sys.path[:]")[0] + look)
        with pytest.raises(FormatError, match="none"):
            load_in_child(GRU)
        monkeypatch.undo()
    target = tmp_path / "file"
    write = f"open({str(target)!r}, 'w').write('x' * 10**6)"
    monkeypatch.setattr(isolated, "_PROGRAM", isolated._PROGRAM.split("sys.path[:]")[0] + write)
    with pytest.raises(FormatError):
        load_in_child(GRU)
    assert not target.exists() or target.stat().st_size == 0
