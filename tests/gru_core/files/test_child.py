"""Reading in a child: bounded, from any thread, with nothing left behind."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gru_core import RNNParams
from gru_core.files import FormatError, Limits, child, load_in_child, save
from gru_core.network import Layer, Network
from tests.gru_core.files.hostile_pickles import PICKLES
from tests.gru_core.files.model_cases import MODELS

GRU = MODELS / "gru.safetensors"


def test_a_child_may_be_started_from_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        kinds = list(pool.map(lambda _: load_in_child(GRU).kind, range(8)))
    assert kinds == ["gru"] * 8
    assert threading.active_count() < 6


def test_errors_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(PICKLES[0].data)
    with pytest.raises(FormatError) as caught:
        load_in_child(path)
    assert (caught.value.file, caught.value.entry) == ("model.pt", "data.pkl")
    assert PICKLES[0].message in caught.value.message


def test_name_and_limits_reach_the_child() -> None:
    assert load_in_child(MODELS / "two.pt", "encoder.rnn").kind == "gru"
    with pytest.raises(FormatError, match="more than 100 numbers"):
        load_in_child(GRU, limits=Limits(parameters=100))


def test_paths_are_relative_to_where_the_caller_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MODELS)
    assert load_in_child("gru.safetensors").kind == "gru"


def test_a_child_that_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    with pytest.raises(FormatError, match=r"gru\.safetensors: takes too long to read"):
        load_in_child(GRU, seconds=0.001)
    assert time.monotonic() - start < 1
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # nobody is left to be waited for


def test_a_child_has_no_more_memory_than_it_is_given(tmp_path: Path) -> None:
    path, square = tmp_path / "large.npz", np.ones((3000, 3000), np.float32)
    save(Network((Layer(RNNParams(square, square)),)), path)
    with pytest.raises(FormatError, match="needs more memory than there is"):
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
    monkeypatch.setattr(child, "_PROGRAM", f"import os; {said}")
    with pytest.raises(FormatError):
        load_in_child(GRU)


def test_a_child_that_talks_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_PROGRAM", "print('N', end='')\nwhile True: print('x' * 10**6)")
    with pytest.raises(FormatError, match="gives a larger network than is allowed"):
        load_in_child(GRU, limits=Limits(parameters=10**6))


def test_a_child_sees_no_secrets_and_writes_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRUSCOPE_TOKEN", "secret")
    look = "import os; print('E' + json.dumps([None, os.environ.get('GRUSCOPE_TOKEN', 'none')]))"
    monkeypatch.setattr(child, "_PROGRAM", child._PROGRAM.split("sys.path[:]")[0] + look)
    with pytest.raises(FormatError, match="none"):
        load_in_child(GRU)
    target = tmp_path / "file"
    write = f"open({str(target)!r}, 'w').write('x' * 10**6)"
    monkeypatch.setattr(child, "_PROGRAM", child._PROGRAM.split("sys.path[:]")[0] + write)
    with pytest.raises(FormatError):
        load_in_child(GRU)
    assert not target.exists() or target.stat().st_size == 0
