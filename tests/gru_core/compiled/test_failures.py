"""Compilers that fail: NumPy computes, and one line in the log says why."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gru_core import RNN, RNNParams, Trace
from gru_core.compiled import disk
from gru_core.compiled.kernels import Kernels
from gru_core.compiled.loading import machine
from gru_core.compiled.source import source_of
from gru_core.compiled.steps import forward_kernel
from tests.gru_core.cells.test_cell import assert_same
from tests.gru_core.compiled.conftest import KERNELS
from tests.gru_core.compiled.engines import NUMPY, is_running, needs_numba, patched, using

pytestmark = needs_numba

X = np.random.RandomState(0).normal(size=(40, 2))
CELL = RNN(RNNParams.random(2, 3, seed=0))

IMPORTS = "import os, pathlib, signal, sys, time\n"
HANGS = "time.sleep(600)"

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and scripts of POSIX")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for kernels."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "gruscope" / "kernels"


@pytest.fixture
def numba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Callable[[str], Path]:
    """Put a module in Numba's place for the compiler, which first writes its process's number."""

    def put(text: str) -> Path:
        folder = tmp_path / "modules"
        folder.mkdir()
        number = tmp_path / "number"
        begin = f"{IMPORTS}pathlib.Path({str(number)!r}).write_text(str(os.getpid()))\n"
        (folder / "numba.py").write_text(begin + text)
        monkeypatch.syspath_prepend(str(folder))
        return number

    return put


def everything(kernels: Kernels) -> Trace:
    """Run, differentiate and run again; return the last run."""
    with patched(kernels):
        trace = CELL.run(X)
        CELL.gradients(trace, X @ np.ones((2, 3)))
        CELL.run(X[:, None])
        return CELL.run(X)


def expected() -> Trace:
    with using(NUMPY):
        return CELL.run(X)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "gru_core"]


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so, which the test's timeout limits."""
    while not condition():
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "raise ImportError('Numba needs NumPy 2.2 or less. Got NumPy 2.4.')",
            "ImportError: Numba needs NumPy 2.2 or less. Got NumPy 2.4.",
        ),
        ("", "ImportError: cannot import name"),
        ("os._exit(3)", "RuntimeError: the compiler's process ended"),
        ("print('Hello', flush=True)\nraise ImportError('no')", "ImportError: no"),
    ],
    ids=["incompatible", "another module", "exits", "prints"],
)
def test_a_compiler_that_fails(
    text: str,
    problem: str,
    numba: Callable[[str], Path],
    cache: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    number = numba(text)
    kernels = Kernels("wait")
    found = everything(kernels)
    assert not found.is_compiled
    assert_same(found, expected())
    assert kernels.problem is not None and problem in kernels.problem
    assert lines(caplog) == [f"NumPy computes everything, since kernels fail ({kernels.problem})"]
    assert caplog.records[-1].levelno == logging.WARNING
    assert not cache.exists()
    wait_for(lambda: not is_running(int(number.read_text())))


@on_posix
def test_a_compiler_that_is_killed(
    numba: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """In the background, too, where the run that asked has long returned."""
    number, kernels = numba(HANGS), Kernels("1", patience=0)
    found = everything(kernels)
    assert not found.is_compiled
    wait_for(lambda: number.exists() and number.read_text() != "")
    process = int(number.read_text())
    assert is_running(process) and kernels.problem is None
    assert os.getpgid(process) != os.getpgrp(), "Ctrl-C must not reach it"
    assert_same(everything(kernels), expected())
    os.kill(process, signal.SIGKILL)
    wait_for(lambda: kernels.problem is not None)
    assert_same(everything(kernels), expected())
    wait_for(lambda: not is_running(process))
    assert len(lines(caplog)) == 1
    assert "the compiler's process ended" in lines(caplog)[0]


def test_a_compiler_that_hangs_is_given_up(
    numba: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    number, kernels = numba(HANGS), Kernels("wait", limit=1.5)
    found = everything(kernels)
    assert not found.is_compiled
    assert_same(found, expected())
    assert len(lines(caplog)) == 1
    assert "the compiler's process took more than 1.5 s" in lines(caplog)[0]
    wait_for(lambda: not number.exists() or not is_running(int(number.read_text())))


@on_posix
@pytest.mark.parametrize(
    "answer",
    ['{"size": 100, "name": "f", "seconds": 1}\\nshort', '{"size": 1', "not JSON\\n", ""],
    ids=["within the code", "within the line", "another line", "nothing"],
)
def test_a_compiler_that_ends_within_its_answer(
    answer: str,
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nread order\nprintf '{answer}'\n")
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    kernels = Kernels("wait")
    assert_same(everything(kernels), expected())
    assert kernels.problem == "RuntimeError: the compiler's process ended"
    assert len(lines(caplog)) == 1
    assert not cache.exists(), "half a kernel must not be kept"


@pytest.mark.parametrize("executable", ["/nowhere/python", "", None])
def test_no_interpreter(
    executable: str | None,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As where Python is embedded in another program."""
    monkeypatch.setattr(sys, "executable", executable)
    assert_same(everything(Kernels("wait")), expected())
    assert len(lines(caplog)) == 1


def test_no_folder_for_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Kernels are compiled all the same, by every process."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    kernels = Kernels("wait")
    with using(kernels):
        trace = CELL.run(X)
    assert trace.is_compiled and len(kernels.seconds) == 1
    assert lines(caplog) == []
    assert (tmp_path / "file").read_bytes() == b""


def test_a_damaged_file_is_compiled_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(KERNELS))
        whole = Kernels("wait")
        with using(whole):
            expected = CELL.run(X)
        kernel = forward_kernel(CELL.params, False, False)
        key = disk.key_of(source_of(kernel), kernel.dtype, machine())
        data = (disk.folder() / key).read_bytes()
    cache.mkdir(parents=True)
    (cache / key).write_bytes(data[: len(data) // 2])
    for count in (1, 0):
        kernels = Kernels("wait")
        with using(kernels):
            assert_same(CELL.run(X), expected)
        assert len(kernels.seconds) == count, "it is compiled once, and kept"
    assert lines(caplog) == []


def test_a_kernel_arrives_in_the_background(cache: Path) -> None:
    kernels = Kernels("1", patience=0)
    with using(kernels):
        first = CELL.run(X)
        wait_for(lambda: CELL.kernel(is_batch=False, is_held=False) is not None)
        resumed, second = CELL.resume(first, X, 20), CELL.run(X)
    assert (first.is_compiled, second.is_compiled, resumed.is_compiled) == (False, True, True)
    assert_same(first, expected())
    assert_same(resumed, second)
    kernel = forward_kernel(CELL.params, False, False)
    other = Kernels("1", patience=600)
    assert other.fetched(kernel) is not None, "what is on disk need not wait for the background"
