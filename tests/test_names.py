"""Names are written from references and never taken apart: no code reads meaning out of a name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FOREIGN = ("gru_core/files/", "app/web/")
"""Where names are those of other people's files and protocols."""

TYPESETTING = {("static/js/model/cell/symbols.js", 'name.split("_")')}
"""The one place that splits a name, to set what follows the underscore lower."""

LITERAL = r"""["'`](?:1-|_prev|_0|_T|_|[WUbpa]_?|WU|bp|WUbp)["'`]"""
PARSING = [
    rf"\.(?:startswith|endswith|removeprefix|removesuffix|r?partition|r?split)\({LITERAL}",
    rf"\.(?:startsWith|endsWith|split|indexOf)\({LITERAL}",
    rf"\.(?:replace|replaceAll)\((?![\"'`]_[\"'`]){LITERAL}",
    rf"(?:\[0\]|\[-1\]|\.at\(-?\d\)|\.charAt\(\d\)|\[:1\]) ?(?:not )?(?:in|[!=]==?) ?{LITERAL}",
    rf"{LITERAL}\.includes\(\w+(?:\[|\.at|\.charAt)",
    rf"{LITERAL} in \w*name",
    r"/\^?(?:\[\^?[WUbpa]+\]|1-|_\(?prev)",
]


def sources() -> list[Path]:
    folders = [("gru_core", "*.py"), ("app", "*.py"), ("static/js", "*.js")]
    found = [path for folder, kind in folders for path in (ROOT / folder).rglob(kind)]
    assert len(found) > 150
    return [path for path in found if not str(path.relative_to(ROOT)).startswith(FOREIGN)]


def parsed(text: str) -> list[str]:
    """Return the places where a text takes a name apart."""
    return [match[0] for pattern in PARSING for match in re.finditer(pattern, text)]


def test_no_code_takes_a_name_apart() -> None:
    found = {
        (str(path.relative_to(ROOT)), line.strip())
        for path in sources()
        for line in path.read_text(encoding="utf-8").splitlines()
        if parsed(line)
    }
    assert {
        (path, line)
        for path, line in found
        if not any(path == allowed and text in line for allowed, text in TYPESETTING)
    } == set()


@pytest.mark.parametrize(
    "line",
    [
        'if name[0] in "WU":',
        'if edit.array[0] == "W":',
        'sorted(names, key=lambda name: name[0] != "a")',
        'gate = name.removeprefix("1-")',
        'if name.endswith("_prev"):',
        'base, index = name.split("_")',
        'if (name.startsWith("1-")) {',
        'Object.keys(arrays).filter((name) => name.endsWith("_0"))',
        "return /^[WUbp](_|$)/.test(name);",
        'return factor.replace(/^1-/, "");',
        'const plain = name.replace("_prev", "_0");',
        '!edit.array.startsWith("p_")',
    ],
)
def test_taking_a_name_apart_is_seen(line: str) -> None:
    assert parsed(line)


@pytest.mark.parametrize(
    "line",
    ['text.split(" ")', 'target.startsWith("#")', "return nameOf(reference);", 'x[0] == "a word"'],
)
def test_other_text_may_be_taken_apart(line: str) -> None:
    assert not parsed(line)
