"""The kernels on disk: whatever is there instead of a kernel, or instead of the folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gru_core.compiled import disk
from gru_core.compiled.disk import Code

CODE = Code("kernel", bytes(range(256)) * 40)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "gruscope" / "kernels"


def test_what_is_written_is_read_again(cache: Path) -> None:
    assert disk.read("key") is None
    disk.write("key", CODE)
    assert disk.read("key") == CODE
    assert [file.name for file in cache.iterdir()] == ["key"]
    assert cache.stat().st_mode & 0o077 == 0, "nobody else may put code there"


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 5000])
def test_a_file_that_is_cut_off_is_not_there(cache: Path, size: int) -> None:
    disk.write("key", CODE)
    whole = (cache / "key").read_bytes()
    (cache / "key").write_bytes(whole[:size])
    assert disk.read("key") is None
    disk.write("key", CODE)
    assert disk.read("key") == CODE


@pytest.mark.parametrize("place", [0, 31, 32, 40, -1])
def test_a_file_with_a_wrong_byte_is_not_there(cache: Path, place: int) -> None:
    disk.write("key", CODE)
    data = bytearray((cache / "key").read_bytes())
    data[place] ^= 1
    (cache / "key").write_bytes(data)
    assert disk.read("key") is None


def test_a_folder_in_place_of_a_kernel_is_left_alone(cache: Path) -> None:
    (cache / "key").mkdir(parents=True)
    disk.write("key", CODE)
    assert disk.read("key") is None
    assert [file.name for file in cache.iterdir()] == ["key"], "and nothing half-written stays"


@pytest.mark.parametrize("above", ["", "gruscope", "gruscope/kernels"])
def test_a_file_in_place_of_the_folder_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, above: str
) -> None:
    place = tmp_path / "cache" / above
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    disk.write("key", CODE)
    assert disk.read("key") is None
    assert place.read_bytes() == b""


def test_no_home_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    disk.write("key", CODE)
    assert disk.read("key") is None


def test_readers_see_whole_files_while_others_write(cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(disk.write, "key", CODE) for _ in range(200)]
        found = [disk.read("key") for _ in range(200)]
    assert {one.exception() for one in writers} == {None}
    assert set(found) <= {None, CODE}
    assert disk.read("key") == CODE
    assert len(list(cache.iterdir())) == 1


def test_another_source_dtype_or_machine_has_another_key() -> None:
    from gru_core.compiled.source import Source

    one, other = (Source(text, (), (), ()) for text in ("pass", "return"))
    keys = [
        disk.key_of(one, "float32", "a"),
        disk.key_of(other, "float32", "a"),
        disk.key_of(one, "float64", "a"),
        disk.key_of(one, "float32", "b"),
    ]
    assert len(set(keys)) == 4
