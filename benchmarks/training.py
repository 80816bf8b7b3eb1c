"""Training against PyTorch: the same model, batch and one thread, float32.

Run with ``python -m benchmarks.training [rounds]`` where torch is installed. A step is: the loss of
a batch of temporal order (T = 100, B = 64), its gradient by every weight, clipping and Adam. Each
figure is the median over rounds of torch's time to ours, so 2 means twice as many steps a second.
The claims are for the GRU and the RNN; torch's LSTM is a kernel of oneDNN and is only reported.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import sys
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from benchmarks.race import race, ratio
from gru_core.learn import TASKS, Architecture, Batch, initial_network
from gru_core.learn.engine import Engine
from gru_core.learn.optimiser import Adam, clip
from gru_core.learn.weights import Weights
from gru_core.network.network import Network

try:
    import torch

    from benchmarks.modules import load
except ImportError:
    sys.exit("benchmarks.training compares with PyTorch: pip install torch")

STEPS, BATCH = 100, 64
CLAIMS: dict[str, dict[int, float | None]] = {
    "gru": {16: 1.0, 32: 1.0, 64: 0.8},
    "rnn": {16: 1.0, 32: 1.0, 64: 0.8},
    "lstm": {16: None, 32: None, 64: None},
}
MODULES = {"gru": torch.nn.GRU, "rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}


def main(rounds: int = 9) -> int:
    """Print the table; return the number of claims that do not hold."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, numpy {np.__version__}, float32, 1 thread, {rounds} rounds")
    print(f"{'cell':>4} {'H':>4} {'ours':>11} {'torch':>11} {'speed / torch':>16}")
    return sum(row(kind, H, rounds) for kind, sizes in CLAIMS.items() for H in sizes)


def row(kind: str, H: int, rounds: int) -> bool:
    """Print one row; return whether its claim does not hold."""
    task = TASKS["temporal_order"](length=STEPS)
    network = initial_network(
        Architecture(kind, H), task.input_size, task.output_size, task.head, seed=0
    )
    batch = task.draw(np.random.default_rng(0), BATCH)
    ours, theirs = our_step(network, batch), torch_step(kind, network, batch)
    np.testing.assert_allclose([ours() for _ in range(5)], [theirs() for _ in range(5)], atol=2e-3)
    times = race([theirs, ours], rounds)
    found, claim = ratio(*times), CLAIMS[kind][H]
    each = [f"{median(seconds) * 1e3:.2f} ms" for seconds in times[::-1]]
    said = "" if claim is None else f" {'>=' if found >= claim else 'NOT >='} {claim:.1f}"
    print(f"{kind:>4} {H:4} {each[0]:>11} {each[1]:>11} {f'{found:.2f}{said}':>16}", flush=True)
    return claim is not None and found < claim


def our_step(network: Network, batch: Batch) -> Callable[[], float]:
    """Return a function that makes one update and returns the loss before it."""
    weights, engine = Weights(network), Engine(network, STEPS, BATCH)
    adam = Adam(weights.values.size, network.dtype)

    def step() -> float:
        loss = engine.gradient(weights, batch)
        clip(weights.gradient, 1.0)
        adam.update(weights.values, weights.gradient, 1e-3)
        return loss

    return step


def torch_step(kind: str, network: Network, batch: Batch) -> Callable[[], float]:
    """Return the same for a module of torch with the same weights."""
    first, ends = network.layers[0].first, network.readout
    assert ends is not None and ends.b is not None
    net = load(MODULES[kind](first.input_size, first.hidden_size), first)
    readout = torch.nn.Linear(first.hidden_size, ends.output_size)
    with torch.no_grad():
        readout.weight.copy_(torch.tensor(ends.W))
        readout.bias.copy_(torch.tensor(ends.b))
    for weight in net.parameters():
        weight.requires_grad_(True)
    parameters = [*net.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3)
    target = torch.from_numpy(batch.target[-1])
    tokens = torch.from_numpy(batch.x)

    def step() -> Any:
        adam.zero_grad()
        x = torch.nn.functional.one_hot(tokens, first.input_size).float()
        loss = torch.nn.functional.cross_entropy(readout(net(x)[0][-1]), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        return loss.item()

    return step


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
