"""Kernels in processes of their own: what the environment says, and what is installed there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.gru_core.compiled.engines import is_running, needs_numba

ROOT = Path(__file__).parents[3]

RUN = """
import hashlib, json, logging, sys
import numpy as np

lines = []
handler = logging.Handler()
handler.emit = lambda record: lines.append(record.getMessage())
logging.getLogger("gru_core").addHandler(handler)

from gru_core import RNN, RNNParams
from gru_core.compiled.kernels import engine

one = RNN(RNNParams.random(2, 3, seed=0))
trace = one.run(np.random.RandomState(0).normal(size=(40, 2)))
json.dump(
    {
        "is_compiled": trace.is_compiled,
        "h": hashlib.sha256(trace.h.tobytes()).hexdigest(),
        "engine": engine(),
        "lines": lines,
        "loaded": sorted({"numba", "llvmlite"} & set(sys.modules)),
    },
    sys.stdout,
)
"""

WITHOUT_NUMBA = """
import sys
from importlib.metadata import DistributionFinder

class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, *arguments):
        if name.partition(".")[0] not in ("numba", "llvmlite"):
            return self.finder.find_spec(name, *arguments)
    def find_distributions(self, context=DistributionFinder.Context()):
        find = getattr(self.finder, "find_distributions", None)
        return () if find is None or context.name == "numba" else find(context)

sys.meta_path[:] = map(Without, sys.meta_path)
"""


def started(folder: Path, mode: str | None, before: str = "", cwd: Path | None = None) -> Any:
    """Start a process that runs a cell, with the kernels of a folder."""
    paths = [str(ROOT), *(path for path in sys.path if path)]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GRUSCOPE_COMPILED"},
        "XDG_CACHE_HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(paths),
        **({} if mode is None else {"GRUSCOPE_COMPILED": mode}),
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-c", before + RUN],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=cwd,
    )


def answer(process: Any) -> Any:
    out, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(out)


ENDING = """
import time
from pathlib import Path

from gru_core import RNNParams
from gru_core.compiled.kernels import Kernels
from gru_core.compiled.steps import forward_kernel

kernels = Kernels("1", patience=0)
kernels.find(forward_kernel(RNNParams.random(2, 3, seed=0), False, False))
while not (Path("number").exists() and Path("number").read_text()):
    time.sleep(0.01)
"""

HANGING = """
import os, pathlib, time
pathlib.Path("number").write_text(str(os.getpid()))
time.sleep(600)
"""


@needs_numba
def test_a_process_that_ends_takes_its_compiler_with_it(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text(HANGING)
    paths = os.pathsep.join([str(tmp_path), str(ROOT), *(path for path in sys.path if path)])
    found = subprocess.run(
        [sys.executable, "-P", "-c", ENDING],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": paths},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert (found.returncode, found.stdout) == (0, ""), "and nothing is logged"
    number = int((tmp_path / "number").read_text())
    while is_running(number):
        time.sleep(0.01)


@needs_numba
def test_two_processes_compile_the_same_kernel_at_once(tmp_path: Path) -> None:
    """They do so in a folder that has files named like modules, which are not run."""
    here = tmp_path / "here"
    here.mkdir()
    for module in ("numba", "json", "gru_core"):
        (here / f"{module}.py").write_text("open('was run', 'w')")
    both = [started(tmp_path / "cache", "wait", cwd=here) for _ in range(2)]
    found = [answer(process) for process in both]
    assert [one["is_compiled"] for one in found] == [True, True]
    assert found[0]["h"] == found[1]["h"]
    assert found[0]["lines"] == found[1]["lines"] == []
    assert found[0]["engine"].startswith("Numba ")
    assert len(list((tmp_path / "cache" / "gruscope" / "kernels").iterdir())) == 1
    assert not (here / "was run").exists()


@pytest.mark.parametrize("mode", [None, "wait", "0"])
def test_numba_is_not_installed(tmp_path: Path, mode: str | None) -> None:
    found = answer(started(tmp_path, mode, WITHOUT_NUMBA))
    assert not found["is_compiled"] and found["lines"] == found["loaded"] == []
    assert found["engine"] == "NumPy; for more speed, pip install gruscope[fast]"
    assert not list(tmp_path.iterdir())


@needs_numba
def test_it_can_be_turned_off(tmp_path: Path) -> None:
    found = answer(started(tmp_path, "0"))
    assert not found["is_compiled"] and found["lines"] == found["loaded"] == []
    assert found["engine"] == "NumPy; GRUSCOPE_COMPILED is 0"
    assert not list(tmp_path.iterdir())


@needs_numba
def test_a_process_that_ends_at_once_compiles_nothing(tmp_path: Path) -> None:
    """It loads neither Numba nor what Numba is built on."""
    found = answer(started(tmp_path, None))
    assert not found["is_compiled"] and found["lines"] == found["loaded"] == []
    assert not list(tmp_path.iterdir())
