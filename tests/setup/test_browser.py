"""`make test` without a browser: one line, and the other tests still run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import browser
from tests.app.support import ROOT
from tests.setup.programs import Programs

ASK = [sys.executable, "-m", "scripts.browser"]


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """An environment without a browser, in which none can be downloaded."""
    made = Programs(tmp_path).environment
    nowhere = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "HTTPS_PROXY": "http://127.0.0.1:9"}
    return made | nowhere | {"PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9"}


def ask(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*ASK, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_one_line_names_the_package_or_the_variable(without: dict[str, str]) -> None:
    code, _, said = ask(without, "--optional")
    assert code == 0
    assert said.count("\n") == 1
    assert "apt-get install chromium" in said and "GRUSCOPE_CHROMIUM" in said
    assert "browser tests are skipped" in said


@pytest.mark.parametrize(
    ("arguments", "variables"), [([], {}), (["--optional"], {"CI": "true"})], ids=["needed", "CI"]
)
def test_where_a_browser_is_needed_its_absence_is_an_error(
    without: dict[str, str], arguments: list[str], variables: dict[str, str]
) -> None:
    code, _, said = ask(without | variables, *arguments)
    assert code == 1
    assert said.count("\n") == 1 and "skipped" not in said


def test_a_named_browser_that_is_not_there_is_an_error(without: dict[str, str]) -> None:
    code, _, said = ask(without | {"GRUSCOPE_CHROMIUM": "/nowhere/chromium"}, "--optional")
    assert code == 1
    assert said == "GRUSCOPE_CHROMIUM must be the path of a Chromium, got '/nowhere/chromium'\n"


EXAMPLE = """
def test_with_a_page(page):
    assert False

def test_without():
    assert True
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Two tests with the fixtures of the browser's tests."""
    fixtures = "from tests.browser.conftest import *\n"
    (tmp_path / "conftest.py").write_text(fixtures)
    path = tmp_path / "test_example.py"
    path.write_text(EXAMPLE)
    return path


@pytest.mark.parametrize(
    ("variables", "outcome"),
    [({}, "1 passed, 1 skipped"), ({"CI": "true"}, "1 passed, 1 error")],
    ids=["at home", "CI"],
)
def test_only_tests_that_need_a_browser_are_skipped_and_in_ci_they_fail(
    without: dict[str, str], example: Path, variables: dict[str, str], outcome: str
) -> None:
    bare = ["-c", os.devnull, "--rootdir", str(example.parent), "-p", "no:cacheprovider"]
    run = [sys.executable, "-m", "pytest", "-rs", *bare, str(example)]
    done = subprocess.run(
        run, cwd=ROOT, env=without | variables, capture_output=True, text=True, check=False
    )
    assert outcome in done.stdout
    assert browser.MISSING in done.stdout


@pytest.mark.parametrize(("user", "installer"), [(0, "apt-get"), (1000, "playwright")])
def test_packages_are_installed_as_root_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, installer: str
) -> None:
    programs = Programs(tmp_path)
    programs.add("apt-get")
    playwright = programs.add("python", "exit 0")
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(sys, "executable", str(playwright))
    assert browser.install()
    calls = {"apt-get": programs.called("apt-get"), "playwright": programs.called("python")}
    assert [name for name, given in calls.items() if given] == [installer]


def test_without_a_package_of_the_headless_shell_chromium_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs = Programs(tmp_path)
    programs.add("apt-get", 'case "$*" in *headless*) exit 100;; esac')
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.install()
    installs = [call.split()[-1] for call in programs.called("apt-get")[1:]]
    assert installs == ["chromium-headless-shell", "chromium"]


def test_tests_prefer_the_headless_shell_and_others_a_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs = Programs(tmp_path)
    chromium, shell = (str(programs.add(name)) for name in ("chromium", browser.SHELL))
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.delenv("GRUSCOPE_CHROMIUM", raising=False)
    assert (browser.installed(), browser.installed(browser.SHELL)) == (chromium, shell)
    Path(shell).unlink()
    assert browser.installed(browser.SHELL) == chromium
