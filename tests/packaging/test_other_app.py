"""Gruscope beside another distribution whose package is called app, in a folder with a third."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.app.support import LATCH, Running
from tests.packaging.environment import Environment, make_environment, make_wheel

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("beside")
    files = {"app/__init__.py": "OWNER = 'other'\n", "app/cli.py": "raise SystemExit('other')\n"}
    other = make_wheel(folder, "other", files)
    return make_environment(folder / "env", wheel, other)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose own app package must never be imported."""
    (tmp_path / "app").mkdir()
    for name in ("__init__.py", "__main__.py", "cli.py"):
        (tmp_path / "app" / name).write_text("raise SystemExit('the project was started')\n")
    return tmp_path


def assert_it_works(server: Running) -> None:
    assert "<title>gruscope" in httpx2.get(server.url, timeout=60).text
    with server.talk() as talk:
        talk.send({"type": "open", "run": 1, "document": LATCH})
        assert talk.until("done")[0]["type"] == "opened"


@pytest.mark.parametrize("command", [("gruscope",), ("python", "-m", "gruscope")])
def test_it_starts_there_with_the_folder_on_the_path(
    environment: Environment, project: Path, command: tuple[str, ...]
) -> None:
    with environment.serving(*command, folder=project, PYTHONPATH=".") as server:
        assert_it_works(server)


def test_both_are_installed_and_removing_gruscope_leaves_the_other(
    wheel: Path, environment: Environment, tmp_path: Path
) -> None:
    ask = ["-c", "import app; print(app.OWNER)"]
    assert environment.run("python", *ask, folder=tmp_path) == "other\n"
    environment.pip("uninstall", "--yes", "gruscope")
    try:
        assert environment.run("python", *ask, folder=tmp_path) == "other\n"
        assert not (environment.packages / "gruscope").exists()
    finally:
        environment.pip("install", "--no-deps", "--no-index", wheel)


def test_removing_the_other_leaves_gruscope(
    wheel: Path, environment: Environment, tmp_path: Path
) -> None:
    environment.pip("uninstall", "--yes", "other")
    with environment.serving("gruscope", folder=tmp_path) as server:
        assert_it_works(server)
