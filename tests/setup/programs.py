"""Stand-ins for the programs that setting up calls, each of which logs its calls."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

TOOLS = ("sh", "sed", "rm", "env", "make", "mkdir", "touch", "ls", "test", "cat", "dirname")


class Programs:
    """A folder that is all of PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.log = folder / "log"
        self.folder.mkdir()
        self.log.touch()
        for tool in TOOLS:
            if path := shutil.which(tool):
                (self.folder / tool).symlink_to(path)

    def add(self, name: str, body: str = "exit 0") -> Path:
        """Write a program in sh, which logs its name and arguments first."""
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{body}\n')
        path.chmod(0o755)
        return path

    def add_python(self, name: str, version: tuple[int, int, int], without: str = "-") -> Path:
        """Write a Python of some version, without one of its modules; its venvs hold itself."""
        lie = f"import sys; sys.version_info = {(*version, 'final', 0)}; "
        lie += f"sys.modules[{without!r}] = None; "
        path = self.folder / name
        return self.add(
            name,
            f"""if [ "$1" = -c ]; then exec "{sys.executable}" -c "{lie}$2"; fi
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cat "{path}" > "$3/bin/python"; fi
[ ! -d "$3/bin" ] || "{shutil.which("chmod")}" +x "$3/bin/python" """,
        )

    def user(self, number: int) -> None:
        self.add("id", f"echo {number}")

    def called(self, name: str) -> list[str]:
        """Return the arguments of a program's calls."""
        lines = self.log.read_text().splitlines()
        return [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == name]

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "CI", "GRUSCOPE"))}
        return kept | {"PATH": str(self.folder)}
