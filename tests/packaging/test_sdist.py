"""The source distribution is a checkout: everything that `make test` needs is in it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.app.support import ROOT

pytestmark = pytest.mark.timeout(600)

MADE = {"__pycache__", ".venv", ".cache", "node_modules", "build", "dist"}


@pytest.fixture(scope="module")
def checkout(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as packed:
        packed.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return unpacked


def files(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path) for path in found if not MADE & set(path.parts)}


@pytest.mark.parametrize(
    "folder",
    ["app", "gru_core", "static", "templates", "tests", "scripts", "benchmarks", "docs"],
)
def test_every_file_of_the_sources_is_in_it(checkout: Path, folder: str) -> None:
    assert files(checkout / folder) == files(ROOT / folder)


def test_the_files_that_make_reads_are_in_it(checkout: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "tsconfig.json", "Dockerfile"):
        assert (checkout / name).read_bytes() == (ROOT / name).read_bytes()


def test_it_carries_no_environment_and_no_cache(sdist: Path) -> None:
    with tarfile.open(sdist) as packed:
        assert not [name for name in packed.getnames() if MADE & set(Path(name).parts)]
