"""Every cell against PyTorch, one thread, float32: forward with everything kept, and with BPTT.

Run with ``python -m benchmarks.family [rounds]`` where torch is installed. Each figure is the
median over rounds of our time to theirs, contestants taking turns:

    all kept    gru_core's forward against torch's with every gate, state and pre-activation kept
                too, which takes a loop in Python
    / nn        the same against nn.GRU, nn.LSTM and nn.RNN, which return h (and c) alone
    + BPTT      gru_core's forward and gradients by all weights and x; torch's with autograd
    onnxruntime its forward, where it is installed: reported, nothing is claimed

For the LSTM alone torch calls oneDNN, one fused kernel for a whole layer, which no sequence of
NumPy calls can match at small sizes (one call costs more than its whole step). The claims are for
torch's own kernels ("lstm", oneDNN switched off); against oneDNN the ratios are reported
("lstm/oneDNN").
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.race import race, ratio, shown
from gru_core import CELLS, Cell, Layer, Network, Params, cell, save
from gru_core.arrays import FloatArray

try:
    import torch

    from benchmarks.modules import MODULES, kept, load
except ImportError:
    sys.exit("benchmarks.family compares with PyTorch: pip install torch")

STEPS = {1: 256, 64: 32}
SIZES = (16, 64, 256)
INPUTS = 16
FORWARD = {1: 1.0, 64: 1.25}
BACKWARD = 1.5


def main(rounds: int = 9) -> int:
    """Print the table; return the number of claims that do not hold."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, numpy {np.__version__}, float32, 1 thread, {rounds} rounds")
    heads = ("forward", "/ all kept", "/ nn", "+ BPTT", "/ autograd", "/ onnxruntime")
    print(f"{'cell':>11} {'T':>4} {'B':>3} {'H':>4} " + " ".join(f"{head:>15}" for head in heads))
    missed = 0
    for kind, has_onednn in (("gru", True), ("lstm", False), ("lstm", True), ("rnn", True)):
        for B, T in STEPS.items():
            for H in SIZES:
                missed += row(kind, has_onednn, T, B, H, rounds)
    return missed


def row(kind: str, has_onednn: bool, T: int, B: int, H: int, rounds: int) -> int:
    """Print one row; return the number of its claims that do not hold."""
    is_fused = kind == "lstm" and has_onednn
    claims = (FORWARD[B], None if is_fused else FORWARD[B], None if is_fused else BACKWARD)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((T, B, INPUTS)).astype(np.float32)
    params = CELLS[kind].params.random(INPUTS, H, seed=1, dtype="float32")
    biases = [name for name in params.arrays() if name[0] == "b"]
    params = params.replace(**{name: rng.uniform(-1, 1, H) for name in biases})
    core, module = cell(params), load(MODULES[kind](INPUTS, H), params)
    with onednn(has_onednn):
        runs = [*forward(core, module, x), *backward(core, module, x), onnxruntime(params, x)]
        runs.insert(1, all_kept(core, x))
        times = race([run for run in runs if run is not None], rounds)
    found = (*(ratio(times[0], other) for other in times[1:3]), ratio(times[3], times[4]))
    columns = [
        f"{median(times[0]) * 1e3:.2f} ms",
        shown(found[0], claims[0]),
        shown(found[1], claims[1]),
        f"{median(times[3]) * 1e3:.2f} ms",
        shown(found[2], claims[2]),
        shown(ratio(times[0], times[5]), None) if len(times) > 5 else "-",
    ]
    label = "lstm/oneDNN" if is_fused else kind
    print(f"{label:>11} {T:4} {B:3} {H:4} " + " ".join(f"{column:>15}" for column in columns))
    return sum(b is not None and a > b for a, b in zip(found, claims, strict=True))


def all_kept(core: Cell[Any], x: FloatArray) -> Callable[[], Any]:
    """Return torch's way to everything a trace holds, after seeing that it is the same."""
    rows, single = torch.from_numpy(x), x[:, 0] if x.shape[1] == 1 else x

    def theirs() -> Any:
        with torch.inference_mode():
            return kept(core.params, rows)

    ours = core.run(single).h.reshape(*x.shape[:2], -1)
    np.testing.assert_allclose(ours, theirs()[-1].numpy(), atol=1e-5)
    return theirs


def forward(core: Cell[Any], module: torch.nn.Module, x: FloatArray) -> list[Callable[[], Any]]:
    """Return both ways forward, after seeing that they agree."""
    rows, single = torch.from_numpy(x), x[:, 0] if x.shape[1] == 1 else x

    def theirs() -> Any:
        with torch.inference_mode():
            return module(rows)

    ours, expected = core.run(single).h.reshape(*x.shape[:2], -1), theirs()[0].numpy()
    np.testing.assert_allclose(ours, expected, atol=1e-5)
    return [lambda: core.run(single), theirs]


def backward(core: Cell[Any], module: torch.nn.Module, x: FloatArray) -> list[Callable[[], Any]]:
    """Return both ways there and back, after seeing that they agree."""
    rows, single = torch.from_numpy(x).requires_grad_(), x[:, 0] if x.shape[1] == 1 else x
    dh = np.random.default_rng(1).standard_normal(core.run(single).h.shape).astype(np.float32)
    d_rows = torch.from_numpy(dh.reshape(*x.shape[:2], -1))
    leaves = [rows, *module.parameters()]

    def ours() -> Any:
        return core.gradients(core.run(single), dh)

    def theirs() -> Any:
        return torch.autograd.grad(module(rows)[0], leaves, d_rows)

    expected = theirs()[0].numpy()
    tolerance = 1e-4 * np.abs(expected).max()
    np.testing.assert_allclose(ours().x.reshape(x.shape), expected, atol=tolerance)
    return [ours, theirs]


def onnxruntime(params: Params, x: FloatArray) -> Callable[[], Any] | None:
    """Return onnxruntime's way forward, or None where it is not installed."""
    try:
        import onnxruntime as ort
    except ImportError:
        return None
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        save(Network((Layer(params),)), path)
        session = ort.InferenceSession(path.read_bytes(), options)
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})


def onednn(enabled: bool) -> AbstractContextManager[None]:
    """Let torch use oneDNN or not."""
    flags: AbstractContextManager[None] = torch.backends.mkldnn.flags(enabled=enabled)
    return flags


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
