"""Virtual environments with gruscope's declared dependencies, without a download."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.app.support import Running, _wait


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib*/python3*/site-packages"))

    def pip(self, *arguments: str | Path) -> None:
        command = [sys.executable, "-m", "pip", "--python", self.programs / "python", *arguments]
        done = subprocess.run(
            command, env=clean_environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, program: str, *arguments: str, folder: Path, **variables: str) -> str:
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=folder,
            env=clean_environment() | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(
        self, program: str, *arguments: str, folder: Path, **variables: str
    ) -> Iterator[Running]:
        """Start the installed server in a folder."""
        process = subprocess.Popen(
            [self.programs / program, *arguments, "--port", "0", "--no-browser"],
            cwd=folder,
            env=clean_environment() | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield _wait(process)
        finally:
            process.kill()
            process.communicate()


def clean_environment() -> dict[str, str]:
    """Return this process's variables but those that would lead the program to the sources."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GRUSCOPE"))}


def make_environment(folder: Path, *wheels: Path) -> Environment:
    """Install wheels into a new environment that holds exactly what they require.

    The requirements are linked from the environment of the tests instead of downloaded; pip then
    checks that nothing is missing.
    """
    venv.create(folder, with_pip=False)
    environment = Environment(folder)
    environment.pip("install", "--no-deps", "--no-index", *wheels)
    found = [Distribution.at(path) for path in environment.packages.glob("*.dist-info")]
    for required in closure([text for one in found for text in one.requires or ()]):
        link(required, environment.packages)
    environment.pip("check")
    return environment


def closure(requirements: list[str]) -> list[Distribution]:
    """Return the distributions that satisfy requirements, and those that they require in turn."""
    found: dict[str, Distribution] = {}
    due = [(Requirement(text), "") for text in requirements]
    while due:
        requirement, extra = due.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        extras = sorted(requirement.extras)
        key = f"{requirement.name.lower()}{extras}"
        if key not in found:
            found[key] = distribution(requirement.name)
            for text in found[key].requires or ():
                due += [(Requirement(text), name) for name in ("", *extras)]
    return list(found.values())


def link(source: Distribution, packages: Path) -> None:
    """Make a distribution's files importable from another environment."""
    for top in {file.parts[0] for file in source.files or () if file.parts[0] != ".."}:
        if top != "__pycache__" and not (packages / top).exists():
            (packages / top).symlink_to(source.locate_file(top))


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """Write the wheel of a distribution of pure Python."""
    info = f"{name}-1.0.dist-info"
    metadata = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, *metadata, f"{info}/RECORD"])
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in {**files, **metadata, f"{info}/RECORD": record}.items():
            wheel.writestr(member, text)
    return path
