"""What compiled kernels cost a server: the time to its first page, memory, and compiling.

Run by ``make bench``. Servers with and without kernels take turns, with an empty cache of kernels
and with one that has them all. Each time is from starting the process to the first complete plots
in headless Chromium. The exit status is 1 where a claim is missed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from benchmarks.page import Figure, open_page
from benchmarks.race import ratio
from gru_core import CELLS
from gru_core.compiled.forms import Kernel, Way, form_of
from gru_core.compiled.kernels import Kernels
from gruscope.settings import Settings
from scripts.browser import launch
from tests.browser.server import Server

MEMORY_ROUNDS = 3
IDLE_SECONDS, COMPILE_SECONDS = 25, 600
SLOWER, GROWTH, NOISE = 105.0, 120.0, 2.0
"""At most so many % of the time, and so many MB more with kernels and without."""

KERNELS: tuple[tuple[Way, bool], ...] = (("forward", False), ("forward", True), ("backward", False))
"""The ways of a kernel, each with whether values can be held."""


@dataclass(frozen=True)
class Contestant:
    """A way to start the server.

    Attributes
    ----------
    name : str
    cache : callable
        Returns a context with the folder of its cache.
    mode : str
        GRUSCOPE_COMPILED.
    module : str
    """

    name: str
    cache: Callable[[], AbstractContextManager[str]]
    mode: str = "1"
    module: str = "gruscope"

    def server(self, cache: str) -> Server:
        environment = {"GRUSCOPE_COMPILED": self.mode, "XDG_CACHE_HOME": cache}
        return Server("--network", Settings().opens, module=self.module, **environment)


def seconds_to_paint(browser: Browser, contestant: Contestant) -> float:
    """Return the seconds from starting a server to the first complete plots of its page."""
    with contestant.cache() as cache:
        begun = time.time()
        with contestant.server(cache) as server:
            page = open_page(browser, server.url)
            painted: float = page.evaluate("performance.timeOrigin + probe.firstPaint")
            page.context.close()
    return painted / 1000 - begun


def resident(browser: Browser, contestant: Contestant) -> float:
    """Return the MB that a server keeps in memory some time after its first page."""
    with contestant.cache() as cache, contestant.server(cache) as server:
        assert server.process is not None
        page = open_page(browser, server.url)
        time.sleep(IDLE_SECONDS)
        status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
        page.context.close()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def fill(browser: Browser, cache: str) -> None:
    """Compile the kernels of the first page and of its list of networks."""
    contestant = Contestant("kernels, waited for", TemporaryDirectory, "wait")
    with contestant.server(cache) as server:
        urlopen(server.url, timeout=COMPILE_SECONDS).close()
        open_page(browser, server.url).context.close()


def times(browser: Browser, contestants: list[Contestant], rounds: int) -> list[Figure]:
    """Return the ratios of the times to those of the first contestant; print the times."""
    seconds: list[list[float]] = [[] for _ in contestants]
    for round_ in range(rounds):
        for turn in range(len(contestants)):
            who = (turn + round_) % len(contestants)
            seconds[who].append(seconds_to_paint(browser, contestants[who]))
    for contestant, found in zip(contestants, seconds, strict=True):
        print(f"  {contestant.name:46} {median(found):8.2f} s to the first paint", flush=True)
    return [
        Figure(
            f"first paint, {contestant.name}, of NumPy's",
            100 * ratio(found, seconds[0]),
            SLOWER,
            "%",
        )
        for contestant, found in zip(contestants[1:], seconds[1:], strict=True)
    ]


def memory(browser: Browser, contestants: list[Contestant]) -> list[Figure]:
    """Return how much more memory the servers need than the first; print what each needs."""
    found: list[float] = []
    for contestant in contestants:
        found.append(median(resident(browser, contestant) for _ in range(MEMORY_ROUNDS)))
        print(f"  {contestant.name:46} {found[-1]:8.1f} MB after {IDLE_SECONDS} s", flush=True)
    return [
        Figure(
            f"memory, {contestant.name}",
            size - found[0],
            NOISE if contestant.mode == "0" else GROWTH,
            "MB more",
        )
        for contestant, size in zip(contestants[1:], found[1:], strict=True)
    ]


def compile_all() -> None:
    """Compile the kernels of every cell in float32, with an empty cache; print how long each took.

    A clip makes a kernel general, like any activation but σ and tanh.
    """
    kernels = Kernels("wait")
    for kind, clip in product(CELLS, (None, 5.0)):
        params = CELLS[kind].params.random(2, 3, seed=0, dtype="float32", clip=clip)
        form = form_of(params)
        for is_batch in (False, True):
            for way, is_held in KERNELS:
                kernel = Kernel(form, way, "float32", is_batch, is_held)
                if kernels.find(kernel) is None:
                    raise RuntimeError(f"expected a kernel, got none: {kernels.problem}")
                words = f"{CELLS[kind].title}, {'general' if form.is_general else 'σ and tanh'}"
                words += f", {way}{', held' * is_held}, {'batch' if is_batch else 'one sequence'}"
                print(f"  {words:56} {kernels.seconds[kernel]:6.2f} s", flush=True)


def main(rounds: int = 9) -> int:
    with sync_playwright() as playwright, TemporaryDirectory() as warm:
        browser = launch(playwright)
        print(f"startup in Chromium {browser.version}, headless, {rounds} rounds")
        numpy = Contestant("GRUSCOPE_COMPILED=0", TemporaryDirectory, "0")
        compiled = [
            Contestant("kernels, cache empty", TemporaryDirectory),
            Contestant("kernels, cache full", lambda: nullcontext(warm)),
        ]
        fill(browser, warm)
        figures = times(browser, [numpy, *compiled], rounds)
        without = Contestant("without the extra", TemporaryDirectory, module="benchmarks.without")
        figures += memory(browser, [without, numpy, *compiled])
        browser.close()
    print(*figures, sep="\n")
    print("kernels, compiled one after the other")
    with TemporaryDirectory() as empty:
        os.environ["XDG_CACHE_HOME"] = empty
        compile_all()
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
