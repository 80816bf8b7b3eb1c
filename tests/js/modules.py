"""Exported functions of static/js, called in Node to compare them with Python."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.support import ROOT

NODE = Path(sysconfig.get_path("scripts")) / "node"
SOURCES = ROOT / "static/js"
BRIDGE = Path(__file__).with_name("bridge.js")


class Modules:
    """A Node process that has the page's modules."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [NODE, "--no-warnings", BRIDGE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def call(self, module: str, name: str, *arguments: Any) -> Any:
        """Return the result of an exported function."""
        return self._ask(module, name=name, argument=list(arguments))

    def run(self, module: str, body: str, argument: Any = None) -> Any:
        """Return the result of a function body in which the module is `m`."""
        return self._ask(module, body=body, argument=argument)

    def _ask(self, module: str, **request: Any) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        request["url"] = (SOURCES / f"{module}.js").as_uri()
        print(json.dumps(request, allow_nan=False), file=self.process.stdin, flush=True)
        said = json.loads(self.process.stdout.readline(), object_hook=number)
        assert "error" not in said, said.get("error")
        return said["value"]

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def number(found: dict[str, Any]) -> Any:
    return float(found["$number"]) if found.keys() == {"$number"} else found


@pytest.fixture(scope="module")
def js() -> Iterator[Modules]:
    modules = Modules()
    yield modules
    modules.close()
