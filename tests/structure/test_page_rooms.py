"""The page's modules: where they are, what they may import, and what they may keep."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

JS = Path(__file__).parents[2] / "static" / "js"
SOURCES = sorted(JS.rglob("*.js"))
IMPORT = re.compile(r'^import (?:[^;]*? from )?"(\.{1,2}/[\w./-]+\.js)";', re.M)

ROOMS = ("lib", "model", "state", "server", "views", "tour", "mount.js", "main.js")
"""Each may import only from itself and from those before it; see docs/architecture.md."""
CLASSIC = {"theme.js"}
"""Scripts that run before any module."""
LONGEST = 350
MOST_FILES = 16
MOST_IN_ROOT = 4


def name(path: Path) -> str:
    return path.relative_to(JS).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, as paths inside static/js."""
    for target in IMPORT.findall(path.read_text(encoding="utf-8")):
        yield normpath(PurePosixPath(name(path)).parent / target)


def room(module: str) -> str:
    return module.partition("/")[0]


MODULES = [path for path in SOURCES if name(path) not in CLASSIC]


def test_the_root_of_the_page_s_scripts_is_small() -> None:
    files = [path for path in JS.iterdir() if path.is_file()]
    assert len(files) <= MOST_IN_ROOT, files


def test_no_folder_is_full() -> None:
    count = Counter(path.parent for path in JS.rglob("*") if path.is_file())
    assert {folder: n for folder, n in count.items() if n > MOST_FILES} == {}


def test_no_module_is_long() -> None:
    lines = {name(path): path.read_text(encoding="utf-8").count("\n") for path in SOURCES}
    assert {module: n for module, n in lines.items() if n > LONGEST} == {}


def found(look: Callable[[Path], list[str]], paths: list[Path] = MODULES) -> dict[str, list[str]]:
    """Return the matches in each module, without modules that have none."""
    return {name(path): places for path in paths if (places := look(path))}


def test_arrows_between_rooms_point_down() -> None:
    def upwards(path: Path) -> list[str]:
        place = ROOMS.index(room(name(path)))
        return [target for target in imports(path) if ROOMS.index(room(target)) > place]

    assert found(upwards) == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    waiting = {name(path): set(imports(path)) for path in MODULES}
    while free := {module for module, targets in waiting.items() if not targets & waiting.keys()}:
        waiting = {module: targets for module, targets in waiting.items() if module not in free}
    assert waiting == {}, "these import each other"


MADE = r"new (?:Map|Set|WeakMap|WeakSet|\w*Observer|CSSStyleSheet)|document\.|matchMedia"
KEPT = re.compile(
    rf"^(?:export )?(?:(?:let|var) .*|const \w+ = (?:{MADE}).*)"
    r"|^(?:document\.|window\.)?addEventListener\(.*",
    re.M,
)
"""Ways to keep something in a module, which two pages in one document would share."""


def test_no_module_keeps_anything_that_changes() -> None:
    assert found(lambda path: KEPT.findall(path.read_text(encoding="utf-8"))) == {}


def test_constants_are_never_written_to() -> None:
    def writes(path: Path) -> list[str]:
        source = path.read_text(encoding="utf-8")
        constants = "|".join(re.findall(r"^(?:export )?const ([A-Z][A-Z_]*)\b", source, re.M))
        if not constants:
            return []
        member = r"(?:\.\w+|\[[^\]]*\])+"
        changes = r"\.(?:push|set|add|splice|delete)\("
        return re.findall(rf"\b(?:{constants})(?:{member} (?:[-+*/]?=) |{changes})", source)

    assert found(writes) == {}


OUTSIDE = re.compile(r"\bdocument\.(?:getElementById|querySelector|documentElement|body\b(?! \?))")
DOCUMENT_S_OWN = {"main.js", "views/token/token.js"}
"""Scripts of a whole document; all others know only the element they are mounted in."""


def test_elements_are_looked_up_only_inside_the_page() -> None:
    mounted = [path for path in MODULES if name(path) not in DOCUMENT_S_OWN]
    assert found(lambda path: OUTSIDE.findall(path.read_text(encoding="utf-8")), mounted) == {}
