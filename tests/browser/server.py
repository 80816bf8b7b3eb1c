"""A gruscope server as a process, as a person starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
UNTRAINED = ("--network", "reader")


class Server:
    """A server on its own port, started on entry; `kill` it, `start` it on the same port.

    Without arguments, its page opens on the untrained network that most tests are about.
    """

    def __init__(self, *arguments: str, module: str = "gruscope", **environment: str) -> None:
        self.arguments = arguments or UNTRAINED
        self.module = module
        self.environment = os.environ | environment
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = [sys.executable, "-m", self.module, *self.arguments]
        command += ["--no-browser", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://[^:]+:(\d+)/", line)
        assert found, f"expected the server to print its URL, got {line!r}"
        self.port = int(found[1])

    def kill(self) -> None:
        """Kill the process, as in a crash."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
