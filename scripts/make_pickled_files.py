"""Make tests/gru_core/files/pickled: modules, checkpoints and old files as torch pickles them.

Run ``python -m scripts.make_pickled_files`` where torch is installed. Beside the files stands what
torch computed, in outputs.npz, time first.
"""

import argparse
import collections
import datetime
import enum
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).parents[1] / "tests/gru_core/files/pickled"
SYMBOLS, T, B, I, H, O = 7, 5, 2, 3, 4, 2


class Mode(enum.Enum):
    """Content of a checkpoint that is of no known class."""

    TRAIN = 1


class Settings:
    """The same, with attributes, a tensor among them, and a reference to itself."""

    def __init__(self) -> None:
        self.mode = Mode.TRAIN
        self.loss_weights = torch.ones(3)
        self.scorer = np.mean
        self.me = self


class Parts(nn.Module):
    """Parts that follow one another; an RNN returns its states."""

    def __init__(self, *, batch_first: bool = False, **parts: nn.Module) -> None:
        super().__init__()
        self.settings = Settings()
        self.batch_first = batch_first
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.transpose(0, 1) if self.batch_first else x
        for part in self.children():
            x = part(x)
            x = x[0] if isinstance(x, tuple) else x
        return x.transpose(0, 1) if self.batch_first else x


class Steps(nn.Module):
    """Cells that follow one another, run step by step."""

    def __init__(self, *cells: nn.Module) -> None:
        super().__init__()
        self.cells = nn.ModuleList(cells)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for cell in self.cells:
            h, states = None, []
            for step in x:
                h = cell(step, h)
                states.append(h)
            x = torch.stack(states)
        return x


def old(content: Any, path: Path, protocol: int = 2) -> None:
    """Save as before PyTorch 1.6."""
    torch.save(content, path, pickle_protocol=protocol, _use_new_zipfile_serialization=False)


def named(content: Any, path: Path) -> None:
    """Save under a name that is a module's text."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "GRU(3, 4): best\\last <1>.pt"
        torch.save(content, whole)
        shutil.copy(whole, path)


def beside(module: nn.Module) -> dict[str, Any]:
    """Return a checkpoint with much that is of no known class."""
    return {
        "settings": Settings(),
        "mode": Mode.TRAIN,
        "when": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        "confusion": np.eye(2),
        "optimizer_class": torch.optim.Adam,
        "state_dict": module.state_dict(),
        "args": argparse.Namespace(lr=0.1),
        "queue": collections.deque([1]),
    }


def text(rnn: nn.Module, width: int = H, **more: nn.Module) -> Parts:
    """Return an embedding, an RNN and a readout."""
    ends = {"embedding": nn.Embedding(SYMBOLS, I), "rnn": rnn, **more}
    return Parts(**ends, fc=nn.Linear(width, O))


Save = Callable[[Any, Path], None]
FILES: dict[str, tuple[Callable[[], nn.Module], Callable[[Any], Any], Save]] = {
    "old-state-dict.pt": (
        lambda: nn.LSTM(I, H, 2, bidirectional=True).double(),
        nn.Module.state_dict,
        old,
    ),
    "old-protocol-4.pt": (
        lambda: nn.GRU(I, H),
        nn.Module.state_dict,
        lambda content, path: old(content, path, 4),
    ),
    "old-checkpoint.pt": (lambda: text(nn.GRU(I, H)), beside, old),
    "old-module.pt": (
        lambda: Parts(rnn=nn.RNN(I, H, nonlinearity="relu"), fc=nn.Linear(H, O)),
        lambda module: module,
        old,
    ),
    "module-relu.pt": (
        lambda: nn.RNN(I, H, 2, nonlinearity="relu", bidirectional=True, dropout=0.2).eval(),
        lambda module: module,
        torch.save,
    ),
    "module-batch-first.pt": (
        lambda: Parts(batch_first=True, lstm=nn.LSTM(I, H, batch_first=True), fc=nn.Linear(H, O)),
        lambda module: module,
        torch.save,
    ),
    "module-text.pt": (
        lambda: text(nn.LSTM(I, H, bidirectional=True), 2 * H, drop=nn.Dropout(0.1)).eval(),
        lambda module: module,
        torch.save,
    ),
    "module-cells.pt": (
        lambda: Steps(nn.RNNCell(I, H, nonlinearity="relu"), nn.RNNCell(H, 5)),
        lambda module: module,
        torch.save,
    ),
    "module-relu-between.pt": (
        lambda: Parts(gru=nn.GRU(I, H), act=nn.ReLU(), fc=nn.Linear(H, O)),
        lambda module: module,
        torch.save,
    ),
    "module-in-checkpoint.pt": (
        lambda: text(nn.GRU(I, H)),
        lambda module: {"model": module, "epoch": 3, "mode": Mode.TRAIN},
        torch.save,
    ),
    "unknown-beside.ckpt": (lambda: text(nn.LSTM(I, H)), beside, torch.save),
    "twice.pt": (
        lambda: nn.GRU(I, H),
        lambda module: dict.fromkeys(("last", "best"), module.state_dict()),
        torch.save,
    ),
    "named.pt": (lambda: nn.GRU(I, H), nn.Module.state_dict, named),
    "chain.pt": (
        lambda: Parts(lstm1=nn.LSTM(I, 6), lstm2=nn.LSTM(6, H), fc=nn.Linear(H, O)),
        lambda module: {"state": module.state_dict()},
        torch.save,
    ),
    "cells.pt": (
        lambda: Steps(nn.GRUCell(I, 6), nn.GRUCell(6, 6), nn.GRUCell(6, H)),
        nn.Module.state_dict,
        torch.save,
    ),
    "one-hot.pt": (
        lambda: Parts(rnn=nn.GRU(I, H), linear=nn.Linear(H, I)),
        nn.Module.state_dict,
        torch.save,
    ),
}
"""Modules by file, what is saved of each, and how."""


def main() -> None:
    warnings.simplefilter("ignore")
    torch.serialization.get_source_lines_and_file = lambda _: (["class A: ..."], 1, "a.py")
    FOLDER.mkdir(exist_ok=True)
    stored = {}
    for file, (make, content, save) in FILES.items():
        torch.manual_seed(sum(map(ord, file)))
        module = make()
        rng = np.random.RandomState(sum(map(ord, file)))
        x: Any = rng.uniform(-1.5, 1.5, (T, B, I)).astype("f4")
        if hasattr(module, "embedding"):
            x = rng.randint(0, SYMBOLS, (T, B))
        x = x.astype("f8") if "old-state" in file else x
        with torch.inference_mode():
            output = module(torch.from_numpy(x))
        output = output[0] if isinstance(output, tuple) else output
        save(content(module), FOLDER / file)
        stored |= {f"{file}/x": x, f"{file}/output": output.numpy()}
    lstm = torch.ao.quantization.quantize_dynamic(Parts(lstm=nn.LSTM(I, H)), {nn.LSTM})
    torch.save(lstm.state_dict(), FOLDER / "quantised.pt")
    gru = nn.GRU(I, H).state_dict()
    gru["weight_hh_l0"] = torch.quantize_per_tensor(gru["weight_hh_l0"], 0.01, 0, torch.qint8)
    torch.save(gru, FOLDER / "quantised-tensor.pt")
    sparse = nn.GRU(I, H).state_dict()
    torch.save(sparse | {"weight_hh_l0": sparse["weight_hh_l0"].to_sparse()}, FOLDER / "sparse.pt")
    np.savez_compressed(FOLDER / "outputs.npz", **stored)
    print(f"torch {torch.__version__}, {len(stored)} arrays")


if __name__ == "__main__":
    main()
