"""The distributions, built once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.app.support import ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the source distribution, and with the wheel that was built from it.

    setuptools copies the sources into a folder of the project while it builds. Two processes of
    pytest must not do that at the same time, so the first one builds for all.
    """
    base = tmp_path_factory.getbasetemp()
    of_run = base if worker_id == "master" else base.parent
    out = of_run / "dist"
    with FileLock(of_run / "dist.lock"):
        if not list(out.glob("*.whl")):
            _build(out)
    return out


def _build(out: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "absent from" not in done.stderr, "setuptools fills the first screen with warnings"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    return next(built.glob("*.tar.gz"))
