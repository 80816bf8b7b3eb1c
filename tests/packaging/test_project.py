"""The declarations in pyproject.toml and setup.py, compared with the files and the metadata."""

from __future__ import annotations

import re
import runpy
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest

from tests.app.support import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
RELATIVE = re.compile(r"\]\((?!https?:|#)[^)]*\)")


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(packed.read(name).decode())


def test_every_package_has_an_init_file() -> None:
    for top in ("app", "gru_core"):
        for path in (ROOT / top).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path.parent


def test_the_metadata_names_licence_authors_addresses_and_pythons(metadata: Message) -> None:
    assert metadata["Name"] == "gruscope"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Author"] == "the gruscope authors"
    assert metadata.get_all("Project-URL")
    assert metadata["Requires-Python"] == ">=3.11"
    classifiers = metadata.get_all("Classifier") or []
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert f"Programming Language :: Python :: {version}" in classifiers


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith("/licenses/LICENSE"))
        text = packed.read(name).decode()
    assert text == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 the gruscope authors\n")


def described(repository: str | None) -> str:
    description: Any = runpy.run_path(str(ROOT / "setup.py"))["description"]
    text: str = description(README, "1.2.3", repository)
    return text


def test_an_index_page_gets_no_relative_address(metadata: Message) -> None:
    assert RELATIVE.search(README), "the README has relative addresses, which the test is about"
    text = metadata.get_payload()
    assert isinstance(text, str)
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert not RELATIVE.search(text)
    assert text.lstrip().startswith("# gruscope")
    kept = [line for line in README.splitlines() if line.startswith("## ")]
    assert [line for line in text.splitlines() if line.startswith("## ")] == kept


def test_with_a_repository_pictures_and_links_lead_there_at_the_version_s_tag() -> None:
    text = described("https://example.org/gruscope")
    assert not RELATIVE.search(text)
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file()
        assert f"](https://example.org/gruscope/raw/v1.2.3/{picture})" in text
    assert "[CHANGELOG.md](https://example.org/gruscope/blob/v1.2.3/CHANGELOG.md)" in text


def test_without_a_repository_the_words_of_a_link_stay_and_pictures_go() -> None:
    text = described(None)
    assert "![" not in text and "docs/images" not in text
    assert "CHANGELOG.md" in text
    assert "https://arxiv.org/abs/1406.1078" in text or "arxiv" not in README
