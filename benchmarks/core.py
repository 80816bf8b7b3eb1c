"""A full trace against PyTorch, one thread each, float32.

Run with ``python -m benchmarks.core [rounds]`` where NumPy and torch are installed. Every figure is
a median over rounds in which the contestants take turns, so that noise meets them alike:

    nn.GRU        torch.nn.GRU, which returns h alone
    GRUCell loop  torch.nn.GRUCell in a Python loop, how one gets at single steps with torch

gru_core keeps z, r, n, h, u and all pre-activations in the same time.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import sys
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.race import race, ratio, shown
from gru_core import GRU, GRUParams

try:
    import torch

    from benchmarks.modules import load
except ImportError:
    sys.exit("benchmarks.core compares with PyTorch: pip install torch")


class Case(NamedTuple):
    """One row of the table: sizes, and the ratios that are claimed (None: nothing is)."""

    T: int
    I: int
    H: int
    against_gru: float | None
    against_cell: float | None


CASES = (
    Case(64, 8, 16, 1.0, 0.5),
    Case(256, 8, 32, 1.0, 0.5),
    Case(1000, 16, 64, 1.0, 0.5),
    Case(1000, 64, 256, 1.0, None),
    Case(1000, 128, 512, 1.25, None),
)


def main(rounds: int = 15) -> int:
    """Print the table; return the number of claims that do not hold."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, numpy {np.__version__}, float32, 1 thread, {rounds} rounds")
    print(f"{'T':>5} {'I':>4} {'H':>4} {'gru_core':>12} {'/ nn.GRU':>19} {'/ GRUCell loop':>19}")
    missed = 0
    for case in CASES:
        with torch.inference_mode():
            ours, gru, cell = race(contestants(case), rounds)
        against = (ratio(ours, gru), case.against_gru), (ratio(ours, cell), case.against_cell)
        missed += sum(claim is not None and found > claim for found, claim in against)
        columns = " ".join(f"{shown(found, claim):>19}" for found, claim in against)
        print(f"{case.T:5} {case.I:4} {case.H:4} {median(ours) * 1e3:9.2f} ms {columns}")
    return missed


def contestants(case: Case) -> list[Callable[[], Any]]:
    """Return the three ways to run one and the same network, after seeing that they agree."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((case.T, case.I)).astype(np.float32)
    params = GRUParams.random(case.I, case.H, seed=1, dtype=np.float32)
    biases = {name: rng.uniform(-1, 1, case.H) for name in ("b_z", "b_r", "b_n", "b_hn")}
    core = GRU(params.replace(**biases))
    gru, cell = torch.nn.GRU(case.I, case.H), torch.nn.GRUCell(case.I, case.H)
    for module in (gru, cell):
        load(module, core.params)
    rows = torch.from_numpy(x)[:, None]  # (T, 1, I): torch is fastest with a batch of one

    def loop() -> list[torch.Tensor]:
        h = torch.zeros(1, case.H)
        states = []
        for row in rows:
            h = cell(row, h)
            states.append(h)
        return states

    with torch.inference_mode():
        ours, theirs, looped = core.run(x).h, gru(rows)[0][:, 0].numpy(), torch.cat(loop()).numpy()
    np.testing.assert_allclose(ours, theirs, atol=2e-6)
    np.testing.assert_allclose(ours, looped, atol=2e-6)
    return [lambda: core.run(x), lambda: gru(rows), loop]


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
