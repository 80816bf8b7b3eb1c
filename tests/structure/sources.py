"""The Python modules of gru_core and gruscope, and what each of them imports."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {"gru_core": ROOT / "gru_core", "gruscope": ROOT / "app"}


def modules() -> dict[str, Path]:
    """Return the file of each module, by the module's full name."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join([package, *parts]).removesuffix(".__init__")] = path
    return found


def imports(source: str, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the known modules that a source imports, anywhere in it.

    ``from package import name`` means the module ``package.name`` where there is one.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in inside]
        else:
            continue
        yield from (name for name in names if name in known)


def graph() -> dict[str, set[str]]:
    """Return for each module the modules that it imports."""
    known = modules()
    return {
        name: set(imports(path.read_text(encoding="utf-8"), known)) for name, path in known.items()
    }


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    """Return the modules of one import circle, in order; [] if there is none."""
    done: set[str] = set()

    def search(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return []
        for target in sorted(arrows.get(name, ())):
            if found := search(target, [*way, name]):
                return found
        done.add(name)
        return []

    for name in sorted(arrows):
        if found := search(name, []):
            return found
    return []
