"""Make tests/gru_core/files/models: files as torch writes them, and what torch reads of ours.

Run ``python -m scripts.make_model_files`` where torch is installed. Beside the files stands what
torch computed, in outputs.npz. With the argument ``wholes`` only modules of several parts are made
anew.
"""

import argparse
import collections
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray

from gru_core.files import save
from tests.gru_core.files.model_cases import (
    CASES,
    MODELS,
    OUTPUTS,
    READOUT,
    SYMBOLS,
    WHOLES,
    B,
    Case,
    H,
    I,
    T,
    draw,
    written,
)

Arrays = dict[str, NDArray[Any]]


def main() -> None:
    MODELS.mkdir(exist_ok=True)
    stored = dict(np.load(OUTPUTS)) if sys.argv[1:] == ["wholes"] else single()
    stored |= wholes()
    np.savez_compressed(OUTPUTS, **stored)
    for path in MODELS.iterdir():
        path.chmod(0o644)  # safetensors shuts out other users
    print(f"torch {torch.__version__}, {len(stored)} arrays")


def single() -> Arrays:
    """Write the networks that stand alone, those we write, and those we refuse."""
    stored: Arrays = {}
    for number, case in enumerate(CASES):
        torch.manual_seed(number)
        module = Module(case).to(getattr(torch, case.dtype))
        write(case, module)
        stored |= {f"{case.file}/{name}": array for name, array in run(case, module).items()}
    for name, network in written().items():
        path = MODELS / f"written-{name}.safetensors"
        save(network, path)
        case = of(path.name, network)
        module = Module(case).to(getattr(torch, case.dtype))
        target = module if case.text else module.rnn
        target.load_state_dict(safetensors.torch.load_file(path))
        stored |= {f"{path.name}/{part}": array for part, array in run(case, module).items()}
    for first in (True, False):
        torch.manual_seed(first)
        stored |= around(first)
    refused()
    return stored


class Module(torch.nn.Module):
    """The network of a case, its cell run step by step if it is one."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        more: dict[str, Any] = {}
        if not case.kind.endswith("Cell"):
            more = {"num_layers": case.layers, "bidirectional": case.bidirectional}
        if case.kind == "RNN" and "relu" in case.file:
            more["nonlinearity"] = "relu"
        self.embedding = torch.nn.Embedding(SYMBOLS, I) if case.text else None
        self.rnn = getattr(torch.nn, case.kind)(I, H, bias=case.bias, **more)
        self.readout = torch.nn.Linear(H * (1 + case.bidirectional), READOUT) if case.text else None

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if self.embedding is not None:
            x = self.embedding(x)
        if self.case.kind.endswith("Cell"):
            state, states = None, []
            for step in x:
                state = self.rnn(step, state)
                states.append(state[0] if isinstance(state, tuple) else state)
            return torch.stack(states), states[-1][None]
        states, final = self.rnn(x)
        final = final[0] if isinstance(final, tuple) else final
        return states if self.readout is None else self.readout(states), final


def run(case: Case, module: Module) -> Arrays:
    """Return what goes in and what comes out; of narrow weights, computed in float32."""
    dtype = torch.float64 if case.dtype == "float64" else torch.float32
    x = torch.from_numpy(draw(case.file, case.text))
    with torch.inference_mode():
        output, final = module.to(dtype)(x if case.text else x.to(dtype))
    return {"x": x.numpy(), "output": output.numpy(), "final": final.numpy()}


def write(case: Case, module: Module) -> None:
    """Write a case's file, each in a way of its own."""
    path = MODELS / case.file
    state = (module if case.text else module.rnn).state_dict()
    if path.suffix == ".safetensors":
        safetensors.torch.save_file(state, path)
    elif path.suffix == ".npz":
        np.savez_compressed(path, **{name: tensor.numpy() for name, tensor in state.items()})
    elif case.file == "lstm-parameters.pth":
        torch.save(dict(module.rnn.named_parameters()), path)
    elif case.file == "gru-flat.pt":
        torch.save(flat(state), path, pickle_protocol=4)
    elif case.file == "gru-unchecked.pt":
        torch.serialization.set_crc32_options(False)
        torch.save(state, path)
        torch.serialization.set_crc32_options(True)
    elif case.file == "checkpoint.pt":
        torch.save(checkpoint(case, module), path)
    elif case.file == "two.pt":
        other = {f"encoder.rnn.{k}": v for k, v in torch.nn.GRU(2, 3).state_dict().items()}
        torch.save(other | {f"decoder.rnn.{k}": v for k, v in state.items()}, path)
    else:
        torch.save(state, path)


def flat(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return views of one storage, as cuDNN's are; the matrices transposed in it."""
    store = torch.cat([tensor.T.reshape(-1) for tensor in state.values()])
    views, start = {}, 0
    for name, tensor in state.items():
        part = store[start : start + tensor.numel()]
        views[name] = part.view(tensor.T.shape).T
        start += tensor.numel()
    return views


def checkpoint(case: Case, module: Module) -> dict[str, Any]:
    """Return what training scripts save: the network after a step, and much beside it."""
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.from_numpy(draw(case.file, True)))[0].sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "loss": float("nan"),
        "best": None,
        "args": argparse.Namespace(lr=1e-3, sizes=(I, H)),
        "history": [{"loss": 0.5, "shape": torch.Size([1, 2])}],
        "metrics": collections.defaultdict(list, loss=[1.5, 0.5]),
        "counts": collections.defaultdict(int, steps=3),
        "device": torch.device("cpu"),
        "score": np.float32(0.5),
        "state_dict": module.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state()[:16].clone(),
    }


def around(first: bool) -> Arrays:
    """Write a GRU and an nn.Linear that comes before or after it, by its shape either."""
    parts = {"fc": torch.nn.Linear(H, H), "rnn": torch.nn.GRU(H, H)}
    module = torch.nn.ModuleDict(parts if first else dict(reversed(parts.items())))
    file = "first.pt" if first else "last.pt"
    torch.save(module.state_dict(), MODELS / file)
    x = torch.from_numpy(np.random.RandomState(first).uniform(-1, 1, (T, B, H)).astype("f4"))
    with torch.inference_mode():
        output = module["rnn"](x)[0]
        output = output if first else module["fc"](output)
    return {f"{file}/x": x.numpy(), f"{file}/output": output.numpy()}


class Whole(torch.nn.Module):
    """A network in parts: embedding, networks one after the other, start states, readout."""

    def __init__(
        self, parts: dict[str, torch.nn.Module], starts: dict[str, torch.Tensor], way: list[str]
    ) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)
        for name, start in starts.items():
            self.register_parameter(name, torch.nn.Parameter(start))
        self.way, self.starts = way, list(starts)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for name in self.way:
            part = getattr(self, name)
            if not isinstance(part, torch.nn.RNNBase):
                x = part(x)
                continue
            each = [getattr(self, start).expand(-1, x.shape[1], -1) for start in self.starts]
            begin = [e.contiguous() for e in each]
            x, _ = part(x, (begin if len(begin) > 1 else begin[0]) if begin else None)
        return x


def make_parts(file: str) -> Whole:
    """Return the module of a file."""
    nn = torch.nn
    if file == "start.pt":
        parts = {"gru": nn.GRU(I, H, 2), "fc": nn.Linear(H, READOUT)}
        return Whole(parts, {"h0": torch.randn(2, 1, H)}, ["gru", "fc"])
    if file == "start-lstm.safetensors":
        starts = {"init_hidden": torch.randn(2, 1, H), "init_cell": torch.randn(2, 1, H)}
        return Whole({"rnn": nn.LSTM(I, H, bidirectional=True)}, starts, ["rnn"])
    if file == "start-checkpoint.pt":
        return Whole({"rnn": nn.GRU(I, H)}, {"rnn_init_hidden": torch.randn(1, 1, H)}, ["rnn"])
    if file == "encoder-decoder.pt":
        parts = {"encoder": nn.Embedding(SYMBOLS, I), "rnn": nn.GRU(I, H, 2)}
        return Whole(parts | {"decoder": nn.Linear(H, SYMBOLS)}, {}, ["encoder", "rnn", "decoder"])
    if file == "one-hot.pth":
        return Whole({"rnn": nn.GRU(I, H), "linear": nn.Linear(H, I)}, {}, ["rnn", "linear"])
    if file == "chain.pt":
        parts = {"lstm1": nn.LSTM(I, H), "lstm2": nn.LSTM(H, 2), "fc": nn.Linear(2, 1)}
        return Whole(parts, {}, list(parts))
    if file == "two-heads.pt":
        heads = {"head": nn.Linear(H, 2), "critic": nn.Linear(H, 1)}
        return Whole({"rnn": nn.LSTM(I, H)} | heads, {}, ["rnn", "critic"])
    return Whole({"rnn": nn.LSTM(I, H, bidirectional=True)}, {}, ["rnn"])


def wholes() -> Arrays:
    """Write modules of several parts; return what goes in and what comes out."""
    stored: Arrays = {}
    for case in WHOLES:
        torch.manual_seed(sum(map(ord, case.file)))
        module = make_parts(case.file)
        x = draw(case.file, case.text)
        given = torch.from_numpy(x if case.text else x.astype("f4"))
        with torch.inference_mode():
            output = module(given).numpy()
        stored |= {f"{case.file}/x": given.numpy(), f"{case.file}/output": output}
        state: dict[str, Any] = dict(module.state_dict())
        if case.file.startswith("weight-drop"):
            state = dropped(state, "_raw" if case.file.endswith(".pt") else "wrapped")
        elif case.file == "start-checkpoint.pt":
            start = state.pop("rnn_init_hidden")
            rnn = {name.removeprefix("rnn."): tensor for name, tensor in state.items()}
            state = {"rnn_state_dict": rnn, "rnn_init_hidden": start, "epoch": 3}
        path = MODELS / case.file
        if path.suffix == ".safetensors":
            safetensors.torch.save_file(state, path)
        else:
            torch.save(state, path)
    return stored


def dropped(state: dict[str, torch.Tensor], way: str) -> dict[str, torch.Tensor]:
    """Return a state_dict under weight drop: as AWD-LSTM keeps it, or fastai, with the copy."""
    found: dict[str, torch.Tensor] = {}
    for name, tensor in state.items():
        own = name.removeprefix("rnn.")
        inner = f"rnn.module.{own}"
        if "weight_hh" not in own:
            found[inner] = tensor
        elif way == "wrapped":
            found[f"rnn.{own}_raw"] = tensor
            found[inner] = torch.nn.functional.dropout(tensor, 0.5)
        else:
            found[f"{inner}_raw"] = tensor
    return found


def refused() -> None:
    """Write what torch writes and nobody should read."""
    gru = torch.nn.GRU(I, H)
    torch.jit.script(gru).save(str(MODELS / "script.pt"))
    strip(MODELS / "script.pt")
    torch.save(gru, MODELS / "module.pt")
    torch.save(gru.state_dict(), MODELS / "legacy.pt", _use_new_zipfile_serialization=False)
    projected = torch.nn.LSTM(I, H, proj_size=2)
    safetensors.torch.save_file(projected.state_dict(), MODELS / "projected.safetensors")
    old, new = torch.nn.GRU(I, H), torch.nn.GRU(I, H)
    torch.nn.utils.weight_norm(old, "weight_hh_l0")
    torch.nn.utils.parametrizations.weight_norm(new, "weight_hh_l0")
    safetensors.torch.save_file(old.state_dict(), MODELS / "weight-norm.safetensors")
    torch.save(new.state_dict(), MODELS / "parametrized.pt")


def strip(path: Path) -> None:
    """Drop what TorchScript notes of where its source stood: paths of this disk."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            if not name.endswith(".debug_pkl"):
                archive.writestr(zipfile.ZipInfo(name), data)


def of(file: str, network: Any) -> Case:
    """Return the torch module that a network of ours is."""
    return Case(
        file,
        network.kind.upper(),
        len(network.layers),
        network.directions == 2,
        network.layers[0].forward.b is not None,
        str(network.dtype),
        network.embedding is not None,
    )


if __name__ == "__main__":
    main()
