"""Hostile and broken files are refused without side effects, with little memory and work."""

import io
import os
import pickle
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gru_core.files import FormatError, load, load_in_child
from tests.gru_core.files.hostile.cases import CANARY, Hostile
from tests.gru_core.files.hostile.json_files import JSON
from tests.gru_core.files.hostile.keras_files import HDF5, KERAS
from tests.gru_core.files.hostile.onnx_files import ONNX
from tests.gru_core.files.hostile.pickles_files import PICKLES
from tests.gru_core.files.hostile.safetensors_files import SAFETENSORS
from tests.gru_core.files.hostile.work import little_work
from tests.gru_core.files.hostile.zips_files import NPY, ZIP
from tests.gru_core.files.model_cases import CASES, MODELS

FILES = [*SAFETENSORS, *ZIP, *NPY, *PICKLES, *ONNX, *HDF5, *KERAS, *JSON]
MEGABYTES = 200
FRAMEWORKS = {"torch", "tensorflow", "keras", "pickle5", "cloudpickle", "dill", "joblib"}


@pytest.mark.parametrize("case", FILES, ids=lambda case: f"{case.suffix} {case.name}")
def test_a_hostile_file_is_refused_and_nothing_happens(
    case: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nest").mkdir()
    monkeypatch.setenv(CANARY, str(tmp_path / "nest"))
    path = tmp_path / f"model.{case.suffix}"
    path.write_bytes(case.data)
    loaded = FRAMEWORKS & set(sys.modules)
    with little_work(), pytest.raises(FormatError) as caught:
        load(path)
    assert case.message in str(caught.value)
    assert caught.value.file == path.name
    assert str(caught.value).isprintable()
    assert sorted(found.name for found in tmp_path.rglob("*")) == [path.name, "nest"]
    assert FRAMEWORKS & set(sys.modules) == loaded


PROGRAM = """
import sys
from pathlib import Path
from gru_core.files import FormatError, load

def peak():
    (line,) = [x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x]
    return int(line.split()[1]) >> 10

before = peak()
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        load(path)
    except FormatError:
        print(peak() - before, path.name)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_hostile_files_take_little_memory(tmp_path: Path) -> None:
    for case in FILES:
        (tmp_path / f"{case.name}.{case.suffix}").write_bytes(case.data)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=True,
    )
    taken = [int(line.split()[0]) for line in done.stdout.splitlines()]
    assert len(taken) == len(FILES)
    assert 0 < max(taken) < MEGABYTES, done.stdout


def test_the_trap_snaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CANARY, str(tmp_path))
    with zipfile.ZipFile(io.BytesIO(PICKLES[0].data)) as archive:
        pickle.loads(archive.read("a/data.pkl"))
    assert [path.name for path in tmp_path.iterdir()] == ["hatched"]


def test_there_are_many_hostile_files() -> None:
    assert len(FILES) > 100
    assert len({(case.suffix, case.name) for case in FILES}) == len(FILES)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 41)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "cannot be opened: No such file or directory"),
        (lambda path: path.mkdir(), "is a directory, not a file"),
        (lambda path: path.touch(), "is empty"),
        (fifo, "is a named pipe, not a file"),
        (listening, "cannot be opened"),
        (loop, "cannot be opened: Too many levels of symbolic links"),
        (nowhere, "cannot be opened: No such file or directory"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
        (lambda path: path.symlink_to("/dev/tty"), ""),
        (sparse, "is too large: 2199023255552 bytes, of which 1073741824 are allowed"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), "is a PNG picture"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(99)), "is compressed with gzip"),
        (lambda path: path.write_bytes(bytes(257) + b"ustar" + bytes(99)), "is a tar file"),
        (lambda path: path.write_bytes(b"\x80\x04]."), "is a bare pickle, which can run any code"),
        (lambda path: path.write_bytes(b"\x93NUMPY"), "is a single array without a name"),
        (
            lambda path: path.write_bytes(b"version https://git-lfs.github.com"),
            "is a Git LFS pointer",
        ),
        (lambda path: path.write_bytes(b"hello"), "is none of the formats known here"),
    ],
)
def test_a_file_without_weights_is_refused(
    make: Callable[[Path], object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "model.pt"
    make(path)
    with little_work(), pytest.raises(FormatError) as caught:  # the timeout ends a wait
        load(path)
    assert str(caught.value).startswith(f"model.pt: {message}")


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, "\udcff"])
def test_a_path_that_cannot_be_is_refused(name: str) -> None:
    for read in (load, load_in_child):
        with pytest.raises(FormatError, match="cannot be opened"):
            read(f"/nowhere/{name}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_truncated_file_is_refused_at_any_length(case: object, tmp_path: Path) -> None:
    file = case.file  # type: ignore[attr-defined]
    data, path = (MODELS / file).read_bytes(), tmp_path / file
    for length in {*range(0, len(data), 1 + len(data) // 50), len(data) - 1}:
        path.write_bytes(data[:length])
        with pytest.raises(FormatError):
            load(path)
