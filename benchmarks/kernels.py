"""The compiled kernels against NumPy, PyTorch and onnxruntime, one thread, float32.

Run with ``python -m benchmarks.kernels [rounds]`` where torch and onnxruntime are installed. Each
figure is the median over rounds of our time to theirs, contestants taking turns. Ours keeps every
gate, state and sum:

    / ort       onnxruntime's forward, which returns h (and c) alone
    / nn        nn.GRU, nn.LSTM and nn.RNN with oneDNN, which return h (and c) alone
    / NumPy     gru_core's own forward without kernels
    + BPTT      forward and the gradients by all weights and x; torch's with autograd
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ["GRUSCOPE_COMPILED"] = "wait"

import sys
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.family import MODULES, STEPS, backward, forward, load, onnxruntime, torch
from benchmarks.race import race, ratio, shown
from gru_core import CELLS, cell
from gru_core.compiled.kernels import kernels

SIZES = (16, 32, 64, 256)
INPUTS = 16


class Claims(NamedTuple):
    """The most that each ratio may be; None where nothing is claimed."""

    ort: float | None = None
    nn: float | None = None
    autograd: float | None = None


CLAIMS = {
    ("gru", 1, 16): Claims(1.5, 0.15, 0.1),
    ("gru", 1, 32): Claims(1.5, 0.15, 0.1),
    ("gru", 1, 64): Claims(1.5, 0.3, 0.1),
    ("gru", 1, 256): Claims(1.2),
    ("lstm", 1, 16): Claims(nn=1.0, autograd=0.1),
    ("lstm", 1, 64): Claims(nn=1.0, autograd=0.1),
    ("gru", 64, 16): Claims(autograd=0.6),
    ("gru", 64, 32): Claims(autograd=0.6),
    ("gru", 64, 64): Claims(autograd=0.6),
}
NUMPY = 1.0
"""Nothing may be slower than without kernels."""


def main(rounds: int = 9) -> int:
    """Print the table; return the number of claims that do not hold."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, numpy {np.__version__}, float32, 1 thread, {rounds} rounds")
    heads = ("µs a step", "/ ort", "/ nn", "/ NumPy", "+ BPTT", "/ autograd", "/ NumPy")
    print(f"{'cell':>4} {'B':>3} {'H':>4} " + " ".join(f"{head:>15}" for head in heads))
    return sum(row(kind, B, H, rounds) for kind in CELLS for B in STEPS for H in SIZES)


def row(kind: str, B: int, H: int, rounds: int) -> int:
    """Print one row; return the number of its claims that do not hold."""
    T, rng = STEPS[B], np.random.default_rng(0)
    x = rng.standard_normal((T, B, INPUTS)).astype(np.float32)
    params = CELLS[kind].params.random(INPUTS, H, seed=1, dtype="float32")
    biases = [name for name in params.arrays() if name[0] == "b"]
    params = params.replace(**{name: rng.uniform(-1, 1, H) for name in biases})
    core, module = cell(params), load(MODULES[kind](INPUTS, H), params)
    (run, nn), (both, autograd) = forward(core, module, x), backward(core, module, x)
    ort = onnxruntime(params, x)
    if ort is None:
        sys.exit("benchmarks.kernels compares with onnxruntime: pip install onnxruntime")
    times = race([run, ort, nn, without(run), both, autograd, without(both)], rounds)
    claims = CLAIMS.get((kind, B, H), Claims())
    limits = (claims.ort, claims.nn, NUMPY, claims.autograd, NUMPY)
    against = ((0, 1), (0, 2), (0, 3), (4, 5), (4, 6))
    found = [ratio(times[ours], times[theirs]) for ours, theirs in against]
    columns = [shown(one, limit) for one, limit in zip(found, limits, strict=True)]
    columns.insert(0, f"{median(times[0]) / T * 1e6:.2f}")
    columns.insert(4, f"{median(times[4]) / T * 1e6:.2f}")
    print(f"{kind:>4} {B:3} {H:4} " + " ".join(f"{one:>15}" for one in columns), flush=True)
    return sum(limit is not None and one > limit for one, limit in zip(found, limits, strict=True))


def without(run: Callable[[], Any]) -> Callable[[], Any]:
    """Return the same without kernels."""

    def plain() -> Any:
        known = kernels()
        mode, known.mode = known.mode, "0"
        ready, known._ready = known._ready, {}
        try:
            return run()
        finally:
            known.mode, known._ready = mode, ready

    return plain


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
