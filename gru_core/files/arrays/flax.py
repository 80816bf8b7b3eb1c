"""Networks under the names of Flax, given to the reader of PyTorch's names as if they were those.

Linen has a matrix for each gate (``params/cell/iz/kernel``), nnx one for all of them
(``rnn.cell.dense_i.kernel``, ``dense_h``; r, z, n or i, f, g, o side by side). Both keep a matrix
as (inputs, outputs). Parts of a name may be joined in any way: ``a/b``, ``a.b`` or ``['a']['b']``.

Names do not say which functions a cell uses, so the defaults are assumed: sigmoid and tanh, and no
residual in a SimpleCell.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entries, Entry, made
from gru_core.files.errors import FormatError
from gru_core.files.torch.embedding_readout import is_table
from gru_core.files.torch.order import ORDER

_PARTS = re.compile(r"[^\[\]'\"./]+")
_SIDE = re.compile(r"(?P<around>.*?)\.?(?P<side>forward|backward)_rnn(?P<cell>(?:\.cell)?)")
_OTHER = {"opt_state", "optimizer", "opt"}
"""Trees of a training's state that repeat the names of the network."""
_NORM = {"scale": "weight", "mean": "running_mean", "var": "running_var"}
_MGU = {"if", "in", "hf", "hn"}
_WAY_OUT = "save a GRUCell, LSTMCell, OptimizedLSTMCell or SimpleCell"
Dense = Mapping[str, Entry]
"""The kernel of a linear map, and perhaps its bias."""


@dataclass(frozen=True)
class _Cell:
    """The maps of the input and of the state, one for each gate or one for all."""

    inputs: list[Dense]
    states: list[Dense]

    def arrays(self, module: str, end: str) -> Iterator[Entry]:
        """Yield its arrays under PyTorch's names, with a bias as in Equinox."""
        shapes = [_stacked(side) for side in (self.inputs, self.states)]
        rows, H = shapes[1]
        if rows not in (H, 3 * H, 4 * H):
            _fail(self.states[0]["kernel"], "(H, G·H) with G = 3 (GRU), 4 (LSTM) or 1")
        for name, side, shape in zip(("ih", "hh"), (self.inputs, self.states), shapes, strict=True):
            kernels = [dense["kernel"] for dense in side]
            yield made(f"{module}weight_{name}{end}", shape, kernels, _kernels(kernels))
        biases = [dense["bias"] for dense in [*self.inputs, *self.states] if "bias" in dense]
        if not biases:
            return
        is_gru = rows == 3 * H

        def inner() -> FloatArray:
            return _biases(self.states)

        def bias() -> FloatArray:
            last = rows - H if is_gru else rows
            return _biases(self.inputs) + np.where(np.arange(rows) < last, inner(), 0)

        yield made(f"{module}bias{end}", (rows,), biases, bias)
        if is_gru and "bias" in self.states[-1]:
            own = [self.states[-1]["bias"]]
            yield made(f"{module}bias_n{end}", (H,), own, lambda: inner()[-H:])


def translated(entries: Entries) -> Entries | None:
    """Return a file's arrays under PyTorch's names, None if no cell of Flax is among them.

    A Dense or nnx.Linear is a Linear then, an Embed an Embedding, a BatchNorm a BatchNorm1d, and
    ``forward_rnn`` and ``backward_rnn`` of a Bidirectional are one layer. States of random numbers
    (``rngs``) are left away, since a trained network uses none.

    Raises
    ------
    FormatError
        If a cell is incomplete, or the only cells are of a kind that is not known here.

    Examples
    --------
    >>> shapes = {"cell/i/kernel": (3, 2), "cell/h/kernel": (2, 2), "cell/i/bias": (2,)}
    >>> arrays = {n: Entry("a.npz", n, "float32", s, list) for n, s in shapes.items()}
    >>> list(translated(Entries("a.npz", arrays)).arrays)
    ['cell.weight_ih_l0', 'cell.weight_hh_l0', 'cell.bias_l0']
    """
    named = _named(entries)
    modules: dict[str, dict[str, dict[str, Entry]]] = {}
    for name, entry in named.items():
        above, _, array = name.rpartition(".")
        parent, _, module = above.rpartition(".")
        if array in ("kernel", "bias") and not _OTHER & {*name.split(".")}:
            modules.setdefault(parent, {}).setdefault(module.rstrip("_"), {})[array] = entry
    cells = {p: cell for p, inner in modules.items() if (cell := _cell(inner)) is not None}
    if not cells:
        _refuse_others(entries, modules)
        return None
    found: dict[str, Entry] = {}
    read: set[str] = set()
    for prefix, cell in cells.items():
        module, end = _place(prefix, cells)
        scope = next(iter(cell.inputs[0].values())).scope
        for one in cell.arrays(module and f"{module}.", end):
            found[one.name] = replace(one, scope=scope)
        sides = [*cell.inputs, *cell.states]
        read |= {entry.shown for dense in sides for entry in dense.values()}
    rest = [(n, entry) for n, entry in named.items() if entry.shown not in read]
    found |= {one.name: one for one in (_renamed(name, entry) for name, entry in rest)}
    return replace(entries, arrays=found, ordered=False)


def _named(entries: Entries) -> dict[str, Entry]:
    """Return the arrays by names whose parts are joined by dots, each with its tree as scope."""
    found: dict[str, Entry] = {}
    split = {stored: _PARTS.findall(stored) for stored in entries.arrays}
    has_trees = any("params" in parts for parts in split.values())
    for stored, parts in split.items():
        if "rngs" in parts:
            continue
        if len(parts) > 1 and parts[-1] == "value":
            parts.pop()  # that of an nnx.Variable
        name = ".".join(parts)
        if name in found:
            message = f"is there twice, also as {found[name].shown!r}"
            raise FormatError(entries.file, stored, message)
        is_other = bool(_OTHER & {*parts})
        length = 1 + parts.index("params") if "params" in parts and not is_other else 0
        tree = parts[: length or int(has_trees or is_other)]
        entry = entries.arrays[stored]
        found[name] = replace(entry, name=name, scope=".".join(tree), stored=stored)
    return found


def _cell(modules: Mapping[str, Dense]) -> _Cell | None:
    """Return the cell whose maps these are, if it is one."""
    whole = {name: dense for name, dense in modules.items() if "kernel" in dense}
    if {"dense_i", "dense_h"} <= whole.keys():
        return _Cell([whole["dense_i"]], [whole["dense_h"]])
    for kind, gates in ORDER.items():
        sides = [[f"{side}{gate}" for gate in gates] for side in "ih"]
        names = [name for side in sides for name in side]
        missing = [name for name in names if name not in whole]
        if not missing:
            return _Cell(*([whole[name] for name in side] for side in sides))
        if kind != "rnn" and len(missing) <= 2:
            first = next(whole[name]["kernel"] for name in names if name in whole)
            raise first.error(f"is of a cell of Flax ({kind.upper()}) that has no {missing[0]}")
    return None


def _refuse_others(entries: Entries, modules: Mapping[str, Mapping[str, Dense]]) -> None:
    """Refuse cells of Flax that are not known here."""
    for prefix, inner in modules.items():
        whole = {name: dense["kernel"] for name, dense in inner.items() if "kernel" in dense}
        if whole.keys() >= _MGU:
            what = "is an MGUCell of Flax, whose one gate both resets and updates"
            raise FormatError(entries.file, prefix or None, f"{what}; {_WAY_OUT}")
        if whole.keys() >= {"ih", "hh"} and len(whole["hh"].shape) > 2:
            what = "is a ConvLSTMCell of Flax, whose states are pictures"
            raise FormatError(entries.file, prefix or None, f"{what}; {_WAY_OUT}")


def _place(prefix: str, cells: Mapping[str, _Cell]) -> tuple[str, str]:
    """Return a cell's module, and the end of its names: as a direction, if it is one of two."""
    match = _SIDE.fullmatch(prefix)
    if match is None:
        return prefix, "_l0"
    other = "forward" if match["side"] == "backward" else "backward"
    twin = ".".join(filter(None, (match["around"], f"{other}_rnn{match['cell']}")))
    if twin not in cells:
        return prefix, "_l0"
    return match["around"], "_l0" + "_reverse" * (match["side"] == "backward")


def _renamed(name: str, entry: Entry) -> Entry:
    """Return an array of another part than a cell under PyTorch's name, if it has one."""
    module, _, array = name.rpartition(".")
    if entry.scope in _OTHER or not module:
        return entry
    if array in _NORM:
        return replace(entry, name=f"{module}.{_NORM[array]}".replace("batch_stats.", "params."))
    return linear(name, entry)


def linear(name: str, entry: Entry) -> Entry:
    """Return the matrix of a linear map or the table of an embedding under PyTorch's name.

    Examples
    --------
    >>> linear("fc.kernel", Entry("a.npz", "fc.kernel", "float32", (3, 2), list)).shape
    (2, 3)
    """
    module, _, array = name.rpartition(".")
    if not module:
        return entry
    if array == "kernel" and len(entry.shape) == 2:
        return made(f"{module}.weight", entry.shape[::-1], [entry], lambda: entry.read().T)
    if array in ("embedding", "embeddings"):
        is_plain = is_table(f"{module}.weight", entry.shape)
        return replace(entry, name=f"{module}.weight" if is_plain else f"{module}.embedding.weight")
    return entry


def _stacked(side: list[Dense]) -> tuple[int, int]:
    """Return the shape of stacked kernels, transposed, after checking them and their biases."""
    first = side[0]["kernel"]
    for dense in side:
        kernel, bias = dense["kernel"], dense.get("bias")
        if len(kernel.shape) != 2 or kernel.shape != first.shape or 0 in kernel.shape:
            wanted = "(inputs, outputs)" if len(first.shape) != 2 else f"{first.shape}"
            _fail(kernel, wanted)
        if bias is not None and bias.shape != kernel.shape[1:]:
            _fail(bias, f"{kernel.shape[1:]}")
    return len(side) * first.shape[1], first.shape[0]


def _fail(entry: Entry, wanted: str) -> NoReturn:
    raise entry.error(f"must have shape {wanted} in this cell of Flax, got {entry.shape}")


def _kernels(kernels: list[Entry]) -> Callable[[], FloatArray]:
    return lambda: np.concatenate([kernel.read().T for kernel in kernels])


def _biases(side: list[Dense]) -> FloatArray:
    """Return the biases of all gates, 0 where a map has none."""
    return np.concatenate(
        [
            dense["bias"].read() if "bias" in dense else np.zeros(dense["kernel"].shape[1], "f4")
            for dense in side
        ]
    )
