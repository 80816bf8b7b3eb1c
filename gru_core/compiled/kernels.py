"""Hands out the kernels that are ready; a thread fetches or compiles those that are not.

`GRUSCOPE_COMPILED` says how: ``0`` never, ``wait`` compiles a kernel when it is first needed, so
that every number of a process is computed in one way, anything else goes on with NumPy meanwhile.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from typing import Any

from gru_core.compiled import disk, loading
from gru_core.compiled.forms import Form, Kernel
from gru_core.compiled.source import Source, source_of

logger = logging.getLogger("gru_core")

VARIABLE = "GRUSCOPE_COMPILED"

PATIENCE = 8.0
"""Seconds before the thread begins, in which a server starts and a page opens."""

NICENESS = 10
"""Of the compiler's process, unless it is waited for: whoever goes on with NumPy comes first."""

LINGER = 1.0
"""Seconds that the compiler's process waits for another order."""

LIMIT = 120.0
"""Seconds after which a compilation is given up. Most take one to three."""


@dataclass(frozen=True)
class Loaded:
    """A kernel that can be called.

    Attributes
    ----------
    form : Form
    source : Source
    call : callable
        Takes the addresses of three arrays: the integers, the pointers and the floats of the
        source, in order.
    """

    form: Form
    source: Source
    call: loading.Call


class Kernels:
    """The kernels of a process.

    Parameters
    ----------
    mode : str
        "0", "wait", or anything else.
    patience : float
        Seconds before the first kernel is fetched, unless it is waited for.
    limit : float
        Seconds after which a compilation is given up.
    """

    def __init__(self, mode: str, patience: float = PATIENCE, limit: float = LIMIT) -> None:
        self.mode = mode
        self._limit = limit
        self.seconds: dict[Kernel, float] = {}
        self._patience = patience
        self._ready: dict[Kernel, Loaded] = {}
        self._asked: dict[Kernel, threading.Event] = {}
        self._queue: SimpleQueue[Kernel] = SimpleQueue()
        self._lock = threading.Lock()
        self._failing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._compiler: _Compiler | None = None
        self.problem: str | None = None

    def find(self, kernel: Kernel) -> Loaded | None:
        """Return a kernel if it is ready; otherwise see to it that it will be.

        Raises nothing: what goes wrong is logged once, and NumPy computes instead.
        """
        if kernel in self._ready:
            return self._ready[kernel]
        if self.mode == "0" or self.problem is not None:
            return None
        done = self._ask(kernel)
        if self.mode == "wait":
            done.wait()
            return self._ready.get(kernel)
        return None

    def fetched(self, kernel: Kernel) -> Loaded | None:
        """Return a kernel if it is ready or on disk, which takes a tenth of a second."""
        if self.mode not in ("0", "wait") and kernel not in self._ready and self.problem is None:
            with self._lock:
                self._attempt(kernel, compile_too=False)
        return self.find(kernel)

    def _ask(self, kernel: Kernel) -> threading.Event:
        with self._lock:
            if kernel not in self._asked:
                self._asked[kernel] = threading.Event()
                self._queue.put(kernel)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="kernels", daemon=True)
                self._thread.start()
            return self._asked[kernel]

    def _work(self) -> None:
        """Make what is asked for ready, one kernel after the other."""
        if self.mode != "wait":
            time.sleep(self._patience)
        while True:
            try:
                kernel = self._queue.get(timeout=LINGER)
            except Empty:
                with self._lock:
                    if not self._queue.empty():
                        continue
                    if self._compiler is not None:
                        self._compiler.close()
                        self._compiler = None
                    self._thread = None
                    return
            self._attempt(kernel, compile_too=True)
            self._asked[kernel].set()

    def _attempt(self, kernel: Kernel, *, compile_too: bool) -> None:
        """Fetch a kernel, or compile it; whatever goes wrong, NumPy is still there."""
        if kernel in self._ready or self.problem is not None:
            return
        try:
            found = self._made(kernel, compile_too)
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}")
        else:
            if found is not None:
                self._ready[kernel] = found

    def _fail(self, problem: str) -> None:
        """Leave everything to NumPy from now on; two threads may find this out at once."""
        with self._failing:
            if self.problem is None:
                self.problem = problem
                logger.warning("NumPy computes everything, since kernels fail (%s)", problem)

    def _end(self) -> None:
        """End the compiler with this process, which is not a failure."""
        with self._failing:
            self.problem = self.problem or "the process is ending"
        if self._compiler is not None:
            self._compiler.kill()

    def _made(self, kernel: Kernel, compile_too: bool) -> Loaded | None:
        source = source_of(kernel)
        key = disk.key_of(source, kernel.dtype, _machine())
        code = disk.read(key)
        if code is None:
            if not compile_too:
                return None
            if self._compiler is None:
                niceness = 0 if self.mode == "wait" else NICENESS
                self._compiler = _Compiler(self._limit, niceness)
                atexit.register(self._end)
            code, self.seconds[kernel] = self._compiler.compile(source, kernel.dtype)
            disk.write(key, code)
        return Loaded(kernel.form, source, loading.load(code.object_file, code.name))


class _Compiler:
    """The process that compiles; see `gru_core.compiled.compiler`.

    Parameters
    ----------
    limit : float
        Seconds after which a compilation is given up.
    niceness : int
        That of the process.
    """

    def __init__(self, limit: float, niceness: int) -> None:
        self._limit = limit
        # It finds modules where this process does. Without -P the working directory would come
        # first, and a file there that is named like a module would be run.
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gru_core.compiled.compiler", str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C in a terminal is not meant for it
        )

    def compile(self, source: Source, dtype: str) -> tuple[disk.Code, float]:
        """Return a kernel's code and the seconds that it took.

        Raises
        ------
        RuntimeError
            If it cannot be compiled, takes too long, or the process has ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        answer: dict[str, Any] = {}
        code, began = b"", time.monotonic()
        timer = threading.Timer(self._limit, self.kill)
        timer.daemon = True  # the process must not wait for it when it ends
        timer.start()
        try:
            order = json.dumps({**asdict(source), "dtype": dtype})
            self._process.stdin.write(order.encode() + b"\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or b"{}")
            code = self._process.stdout.read(answer.get("size", 0))
        except (OSError, ValueError):  # the process ended, perhaps within a line
            pass
        finally:
            timer.cancel()
        if "name" not in answer or len(code) < answer["size"]:
            self.close()
            is_late = time.monotonic() - began >= self._limit
            ended = f"took more than {self._limit:g} s" if is_late else "ended"
            raise RuntimeError(answer.get("error", f"the compiler's process {ended}"))
        return disk.Code(answer["name"], code), answer["seconds"]

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait for that."""
        self.kill()
        self._process.communicate()


@cache
def kernels() -> Kernels:
    """Return the kernels of this process."""
    mode = os.environ.get(VARIABLE, "1")
    return Kernels(mode if find_spec("numba") is not None else "0")


@cache
def _machine() -> str:
    return loading.machine()


def engine() -> str:
    """Return what computes in this process, in words.

    Examples
    --------
    >>> engine().startswith(("NumPy", "Numba"))
    True
    """
    try:
        numba = version("numba")
    except PackageNotFoundError:
        return "NumPy; for more speed, pip install gruscope[fast]"
    if os.environ.get(VARIABLE) == "0":
        return f"NumPy; {VARIABLE} is 0"
    if kernels().problem is not None:
        return "NumPy; compiled kernels failed, see the log"
    return f"Numba {numba}"
