"""A whole network against PyTorch, one sequence, one thread, float32.

Run with ``python -m benchmarks.network [rounds]`` where torch is installed. The network has two
GRU layers that read in both directions, and a readout. gru_core keeps every gate, state and sum of
every layer. Beside it are nn.GRU and nn.Linear, which return h alone, and torch with everything
kept too, which takes a loop in Python. Each figure is the median over rounds of our time to theirs,
with the contestants taking turns. The claim is for everything kept.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import sys
from statistics import median
from typing import Any

import numpy as np

from benchmarks.race import race, ratio, shown
from gru_core import Network, Readout
from gru_core.arrays import FloatArray

try:
    import torch

    from benchmarks.modules import kept, load
except ImportError:
    sys.exit("benchmarks.network compares with PyTorch: pip install torch")

STEPS, INPUTS, OUTPUTS = 128, 16, 10
SIZES = (16, 64, 256)
CLAIM = 1.0


def main(rounds: int = 9) -> int:
    """Print the table; return the number of claims that do not hold."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, numpy {np.__version__}, float32, 1 thread, {rounds} rounds")
    print(f"{'T':>4} {'H':>4} {'forward':>12} {'/ all kept':>15} {'/ nn.GRU':>15}")
    return sum(row(H, rounds) for H in SIZES)


def row(H: int, rounds: int) -> bool:
    """Print one row; return whether its claim does not hold."""
    rng = np.random.default_rng(0)
    layers = Network.random(
        "gru", INPUTS, H, seed=1, layers=2, directions=2, dtype="float32"
    ).layers
    W = rng.normal(size=(OUTPUTS, 2 * H)).astype("f4")
    network = Network(layers, readout=Readout(W))
    x = rng.normal(size=(STEPS, INPUTS)).astype("f4")
    rows, weights = torch.from_numpy(x)[:, None], torch.from_numpy(W.copy())

    def all_kept() -> Any:
        with torch.inference_mode():
            flow = rows
            for layer in network.layers:
                there, back = layer.params()
                steps = kept(there, flow), kept(back, flow.flip(0))
                flow = torch.cat([steps[0][-1], steps[1][-1].flip(0)], -1)
            return flow @ weights.T

    modules = [[load(torch.nn.GRU(p.input_size, H), p) for p in one.params()] for one in layers]

    def plain() -> Any:
        with torch.inference_mode():
            flow = rows
            for there, back in modules:
                flow = torch.cat([there(flow)[0], back(flow.flip(0))[0].flip(0)], -1)
            return flow @ weights.T

    ours: FloatArray = network.run(x).output
    for theirs in (all_kept, plain):
        np.testing.assert_allclose(ours, theirs()[:, 0].numpy(), atol=1e-4)
    times = race([lambda: network.run(x), all_kept, plain], rounds)
    found = ratio(times[0], times[1])
    columns = (shown(found, CLAIM), shown(ratio(times[0], times[2]), None))
    milliseconds = f"{median(times[0]) * 1e3:.2f} ms"
    print(f"{STEPS:4} {H:4} {milliseconds:>12} " + " ".join(f"{column:>15}" for column in columns))
    return found > CLAIM


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
