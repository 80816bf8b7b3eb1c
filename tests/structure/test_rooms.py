"""Each room imports only from the rooms above it, and no file or folder grows too large."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.structure.sources import PACKAGES, ROOT, circle, graph, imports, modules

ROOMS = {
    "gru_core": [
        "errors",
        "arrays",
        "parameters",
        "run",
        "compiled",
        "cells",
        "network",
        "seq2seq",
        "gradients",
        "explanation",
        "learn",
        "files",
        "gallery",
    ],
    "gruscope": [
        "settings",
        "wire",
        "documents",
        "questions",
        "jobs",
        "session",
        "training",
        "content",
        "web",
        "cli",
    ],
}
"""The rooms of each package in import order. The command line is the entry and imports anything."""
ENTRIES = {"gru_core", "gruscope", "gruscope.__main__"}
"""Modules outside the rooms: the public names, and ``python -m``."""

VERSION = "gruscope"
"""Holds the version and imports nothing, so that every room may read it."""

LINES = 350
FILES = 16
DATA = {"static/js/types.d.ts"}
"""Files that are data and may be longer: generated types, deliberate errors."""

SOURCES = ("app", "gru_core", "scripts", "static", "templates", "tests")
SUFFIXES = {".py", ".js", ".css", ".html", ".ts"}


def room(module: str) -> tuple[str, str]:
    package, _, rest = module.partition(".")
    return package, rest.split(".")[0]


def wrong_arrows(arrows: Iterable[tuple[str, str]]) -> list[str]:
    """Return the imports that do not point up the list of rooms."""
    return [f"{source} imports {target}" for source, target in arrows if is_wrong(source, target)]


def is_wrong(source: str, target: str) -> bool:
    (package, here), (other, there) = room(source), room(target)
    if package != other:
        return package == "gru_core"
    if source in ENTRIES or target == VERSION:
        return False
    order = ROOMS[package]
    return target in ENTRIES or order.index(there) > order.index(here)


def sources() -> list[Path]:
    return [
        path
        for folder in SOURCES
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES
    ]


def test_every_module_is_in_a_room() -> None:
    places = [room(name) for name in modules() if name not in ENTRIES]
    assert {p for p in places if p[1] not in ROOMS[p[0]]} == set()
    assert {package for package, _ in places} == set(PACKAGES)


def test_rooms_import_from_the_rooms_above_them_only() -> None:
    arrows = [(name, target) for name, targets in graph().items() for target in targets]
    assert len(arrows) > 300
    assert wrong_arrows(arrows) == []


def test_there_is_no_import_circle() -> None:
    assert circle(graph()) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("gru_core.run.trace", "gru_core.cells.base"),
        ("gru_core.arrays", "gruscope.settings"),
        ("gru_core.cells.gru", "gru_core"),
        ("gruscope.wire.frames", "gruscope.documents.sequence"),
        ("gruscope.web.server", "gruscope.cli"),
    ],
)
def test_an_import_from_below_would_be_noticed(source: str, target: str) -> None:
    assert wrong_arrows([(source, target)]) == [f"{source} imports {target}"]


def test_a_circle_would_be_noticed_and_every_form_of_import_is_read() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]
    known = {"p": 1, "p.a": 1, "p.b": 1}
    text = "import p.a\ndef f():\n    from p import b, other\n    import numpy"
    assert list(imports(text, known)) == ["p.a", "p.b", "p"]


def test_no_source_file_is_too_long_except_data() -> None:
    names = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if len(path.read_text(encoding="utf-8").splitlines()) > LINES
    }
    assert names - DATA == set()


def test_no_folder_has_too_many_source_files() -> None:
    count = Counter(path.parent.relative_to(ROOT).as_posix() for path in sources())
    crowded = {folder for folder, files in count.items() if files > FILES}
    assert crowded == set()
