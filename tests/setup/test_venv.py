"""`make` with a Python that is too old, or that cannot make virtual environments."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.app.support import ROOT
from tests.setup.programs import Programs

NEW, OLD = (3, 12, 1), (3, 10, 13)


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    made = Programs(tmp_path)
    made.user(1000)
    made.add("apt-get")
    return made


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that making the environment reads."""
    folder = tmp_path / "checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "scripts/venv.sh"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(checkout: Path, programs: Programs, *arguments: str) -> tuple[int, list[str]]:
    """Make the environment; return the exit code, and the lines on stderr that are ours."""
    done = subprocess.run(
        ["make", ".venv/bin/python", *arguments],
        cwd=checkout,
        env=programs.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [line for line in done.stderr.splitlines() if "gruscope:" in line]


def test_a_python_that_is_too_old_makes_no_environment(checkout: Path, programs: Programs) -> None:
    programs.add_python("python3", OLD)
    code, (line,) = make(checkout, programs)
    assert code != 0
    assert "needs Python 3.11 or later, found 3.10.13 as 'python3'" in line
    assert "make PYTHON=" in line
    assert not (checkout / ".venv").exists()


def test_another_python_then_makes_it(checkout: Path, programs: Programs) -> None:
    programs.add_python("python3", OLD)
    programs.add_python("newer", NEW)
    make(checkout, programs)
    assert make(checkout, programs, "PYTHON=newer") == (0, [])
    assert programs.called("newer")[-1].startswith("-m pip")
    assert (checkout / ".venv/bin/python").exists()


def test_an_environment_of_an_old_python_is_replaced(checkout: Path, programs: Programs) -> None:
    old = programs.add_python("old", OLD)
    programs.add_python("python3", NEW)
    (checkout / ".venv/bin").mkdir(parents=True)
    shutil.copy(old, checkout / ".venv/bin/python")
    (checkout / ".venv/run.stamp").touch()
    assert make(checkout, programs) == (0, [])
    assert "-m venv .venv" in programs.called("python3")
    assert not (checkout / ".venv/run.stamp").exists()


def test_an_environment_that_is_new_enough_stays(checkout: Path, programs: Programs) -> None:
    programs.add_python("python3", NEW)
    make(checkout, programs)
    (checkout / ".venv/run.stamp").touch()
    assert make(checkout, programs) == (0, [])
    assert (checkout / ".venv/run.stamp").exists()
    assert programs.called("python3").count("-m venv .venv") == 1


def test_a_python_that_is_not_there_is_named(checkout: Path, programs: Programs) -> None:
    code, (line,) = make(checkout, programs, "PYTHON=python9")
    assert code != 0
    assert "found no 'python9'" in line and "make PYTHON=" in line


def test_without_root_no_package_is_installed(checkout: Path, programs: Programs) -> None:
    programs.add_python("python3", NEW, without="ensurepip")
    code, (line,) = make(checkout, programs)
    assert code != 0
    assert programs.called("apt-get") == []
    assert "install python3-venv" in line and "PYTHON=" in line
    assert not (checkout / ".venv").exists()


def test_as_root_the_missing_package_is_installed(checkout: Path, programs: Programs) -> None:
    programs.user(0)
    programs.add_python("python3", NEW, without="ensurepip")
    assert make(checkout, programs) == (0, [])
    assert "install -y -qq python3-venv" in programs.called("apt-get")
    assert (checkout / ".venv/bin/python").exists()
