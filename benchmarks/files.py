"""Loading ten million parameters: time against the safetensors library, and peak memory.

Run with ``python -m benchmarks.files [rounds]``. The library reads raw arrays; gru_core also finds
the network in them, checks every number and puts the gates into its own order. Memory is the peak
of what Python and NumPy allocate meanwhile, against the size of the file.
"""

import sys
import tempfile
import tracemalloc
from pathlib import Path
from statistics import median

import numpy as np
from safetensors.numpy import load_file, save_file

from benchmarks.race import race, ratio, shown
from gru_core import load

SECONDS, MEMORY = 0.5, 2.5
HIDDEN = 1290  # with as many inputs: 2 · 3 · 1290² + 6 · 1290 = 9,992,340


def main(rounds: int = 9) -> int:
    """Print the figures; return the number of claims that do not hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        write(path)
        size = path.stat().st_size
        ours, library = race([lambda: load(path), lambda: load_file(path)], rounds)
        tracemalloc.start()
        load(path)
        _, peak = tracemalloc.get_traced_memory()
    seconds, memory = median(ours), peak / size
    print(f"a .safetensors of {size / 4e6:.1f} million parameters, float32, {rounds} rounds")
    print(f"  load: {shown(seconds, SECONDS)} s, {ratio(ours, library):.1f} x safetensors' own")
    print(f"  peak memory: {shown(memory, MEMORY)} x the file")
    return (seconds > SECONDS) + (memory > MEMORY)


def write(path: Path) -> None:
    """Write a GRU under PyTorch's names."""
    rng = np.random.default_rng(0)
    shapes = {
        "weight_ih_l0": (3 * HIDDEN, HIDDEN),
        "weight_hh_l0": (3 * HIDDEN, HIDDEN),
        "bias_ih_l0": (3 * HIDDEN,),
        "bias_hh_l0": (3 * HIDDEN,),
    }
    save_file({k: rng.standard_normal(shape, np.float32) for k, shape in shapes.items()}, path)


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
