"""A hundred sessions that edit at once, with and without compiled kernels.

Run with ``python -m benchmarks.sessions [seconds]``. Two servers take turns. To each, 100 pages
send five weight edits a second; the figure is the time from an edit to its first frame.
"""

import asyncio
import json
import os
import struct
import sys
import tempfile
from statistics import quantiles
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.app.support import Running, random_document, running

SESSIONS, RATE, ROUNDS = 100, 5, 3
STEPS, UNITS = 256, 32
CLAIM = 2.0
"""How many times better p95 is to be."""


def main(seconds: float = 6.0) -> int:
    """Print both percentiles and the ratio; return whether the claim does not hold."""
    with tempfile.TemporaryDirectory() as cache:
        shared = {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", cache)}
        off = running("--port", "0", GRUSCOPE_COMPILED="0", **shared)
        on = running("--port", "0", GRUSCOPE_COMPILED="wait", **shared)
        with off as plain, on as fast:
            times: dict[str, list[float]] = {"NumPy": [], "compiled": []}
            for _ in range(ROUNDS):
                times["NumPy"] += asyncio.run(crowd(plain, seconds))
                times["compiled"] += asyncio.run(crowd(fast, seconds))
    tails = {}
    for name, found in times.items():
        cuts = quantiles([1e3 * one for one in found], n=100)
        tails[name] = cuts[94]
        print(f"{name:>8}: {len(found)} edits, p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms")
    better = tails["NumPy"] / tails["compiled"]
    holds = better >= CLAIM
    print(f"p95 {better:.2f} times better {'>=' if holds else 'NOT >='} {CLAIM:.1f}")
    return not holds


async def crowd(server: Running, seconds: float) -> list[float]:
    """Let all pages edit for a while; return the time of each edit to its first frame."""
    address = f"ws://127.0.0.1:{server.port}/ws"
    found: list[float] = []
    pages = [page(address, k, seconds, found) for k in range(SESSIONS)]
    await asyncio.gather(*pages)
    return found


async def page(address: str, number: int, seconds: float, found: list[float]) -> None:
    """Open a document, edit at the rate, and time the edits."""
    async with connect(address, compression=None, max_size=None, open_timeout=60) as socket:
        document = random_document(T=STEPS, H=UNITS, I=8)
        await socket.send(json.dumps({"type": "open", "run": 1, "document": document}))
        await first_frame(socket, 1)
        await asyncio.sleep(2 + number / SESSIONS / RATE)
        end, run = perf_counter() + seconds, 1
        while perf_counter() < end:
            run += 1
            begun = perf_counter()
            await socket.send(json.dumps(edit(run)))
            await first_frame(socket, run)
            found.append(perf_counter() - begun)
            await asyncio.sleep(max(0.0, 1 / RATE - (perf_counter() - begun)))


def edit(run: int) -> dict[str, Any]:
    """Return an edit of one weight, which every step depends on."""
    put = {"op": "set", "array": "U_n", "row": 0, "column": 1, "value": run / 100}
    change = {"kind": "edits", "start": 0, "remove": min(1, run - 2), "insert": [put]}
    return {"type": "edit", "run": run, "keep": 0, "change": change}


async def first_frame(socket: ClientConnection, run: int) -> None:
    """Receive up to the first steps of a run."""
    while True:
        message = await socket.recv()
        if isinstance(message, str):
            if json.loads(message)["type"] == "error":
                raise RuntimeError(message)
            continue
        (length,) = struct.unpack("<Q", message[:8])
        meta = json.loads(message[8 : 8 + length])["__metadata__"]
        if meta["run"] == str(run) and meta.get("type") in (None, "steps"):
            return


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
