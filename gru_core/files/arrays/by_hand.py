"""Networks under names that people give by hand, given to the reader of PyTorch's names.

A simple RNN is ``Wxh``, ``Whh``, ``bh``, ``Why``, ``by`` or the like, an LSTM has such a pair for
each gate: ``Wxi``, ``Whi``, ``bi`` or ``W_i``, ``U_i``, ``b_i``. Matrices are multiplied as W·x,
like those of min-char-rnn, or as x·W; shapes decide, or else the network is refused. So is a GRU,
since names do not say what r multiplies and what z keeps. Functions are sigmoid and tanh.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entries, Entry, made

_INPUT = ("Wxh", "Wx", "Wih", "Wax", "Wi")
_STATE = ("Whh", "Wh", "Waa")
_BIASES = ("bh", "b", "ba", "bhh", "bih", "bxh")
_OUTPUT = ("Why", "Wy", "Who", "Whq", "Wya", "V")
_OUTPUT_BIAS = ("by", "bo", "bq", "c")
_PAIRS = (("Wx{}", "Wh{}"), ("W{}", "U{}"), ("Wi{}", "Wh{}"))
"""The matrices of the input and of the state, for each gate."""
_GATE_BIASES = ("b{}", "bx{}", "bh{}", "bi{}")
_LSTM, _GRU = ("i", "f", "cga", "o"), ("r", "z", "hnc")
"""The letters of each gate, in PyTorch's order."""
_RENAME = (
    "name them as PyTorch does, weight_ih_l0 (G·H, I) and weight_hh_l0 (G·H, H), and save them"
)
_ORDERS = {
    3: "r, z, n as in PyTorch or z, r, h as in Keras",
    4: "i, f, g, o as in PyTorch or another, such as i, f, o, g",
}
_JOINED = "multiplies x and h joined, and its name does not say which of them comes first"
_GRU_SAYS = (
    "is of a GRU whose names do not say whether r multiplies U·h or h, nor whether z keeps the "
    "state or takes the candidate; make params = gru_core.GRUParams.from_arrays(W_z=…, U_z=…, …, "
    "reset_after=…, z_keeps=…), and gru_core.save gru_core.Network((gru_core.Layer(params),))"
)


@dataclass(frozen=True)
class _Cell:
    """The matrices of each gate, those of the output, and the biases of each."""

    W: list[Entry]
    U: list[Entry]
    biases: list[list[Entry]] = field(default_factory=list)
    output: Entry | None = None
    output_bias: Entry | None = None

    @property
    def entries(self) -> list[Entry]:
        """All its arrays."""
        ends = [one for one in (self.output, self.output_bias) if one is not None]
        return [*self.W, *self.U, *(b for each in self.biases for b in each), *ends]


def translated(entries: Entries) -> tuple[Entries, str | None] | None:
    """Return a file's arrays under PyTorch's names, None if no network of such names is among them.

    Also the name of its network with its readout, if there is one network only.

    Raises
    ------
    FormatError
        If names and shapes leave it open what the network computes.

    Examples
    --------
    >>> shapes = {"Wxh": (4, 3), "Whh": (4, 4), "bh": (4, 1), "Why": (3, 4)}
    >>> arrays = {n: Entry("a.npz", n, "float64", s, list) for n, s in shapes.items()}
    >>> found, name = translated(Entries("a.npz", arrays))
    >>> list(found.arrays), name
    (['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_l0', 'readout.weight'], 'rnn+readout')
    """
    groups: dict[str, dict[str, Entry]] = {}
    for name, entry in entries.arrays.items():
        path = name.replace("/", ".")
        prefix, _, last = path.rpartition(".")
        group, key = groups.setdefault(prefix, {}), _plain(last)
        if key in group:
            raise entry.error(f"is there twice, also as {group[key].name!r}")
        group[key] = entry
    cells = {p: cell for p, group in groups.items() if (cell := _cell(group)) is not None}
    if not cells:
        return None
    found: dict[str, Entry] = {}
    read: set[str] = set()
    names = []
    for prefix, cell in cells.items():
        module, end = prefix or "rnn", f"{prefix}.readout" if prefix else "readout"
        arrays = _arrays(cell, module, end)
        found |= {one.name: one for one in arrays}
        read |= {entry.name for entry in cell.entries}
        names.append(f"{module}+{end}" if f"{end}.weight" in found else module)
    found |= {name: entry for name, entry in entries.arrays.items() if name not in read}
    return replace(entries, arrays=found), names[0] if len(names) == 1 else None


def _plain(name: str) -> str:
    """Return a name without underscores, a matrix's with a capital."""
    found = name.replace("_", "")
    return found[:1].upper() + found[1:] if found[:1] in {*"wuv"} else found


def _cell(named: Mapping[str, Entry]) -> _Cell | None:
    """Return the network whose arrays these are, if it is one."""
    ends = _ends(named)
    if {"U", "V", "W"} <= named.keys():
        W, U = _which_is_square(named["W"], named["U"])
        return _Cell([W], [U], [[named["b"]]] if "b" in named else [[]], **ends)
    for pair in _PAIRS:
        if _gates(named, pair, _GRU):
            raise _gates(named, pair, _GRU)[0][0].error(_GRU_SAYS)
        if gates := _gates(named, pair, _LSTM):
            used = {entry.name for gate in gates for entry in gate}
            ends = _ends({n: entry for n, entry in named.items() if entry.name not in used})
            return _Cell(
                [g[0] for g in gates], [g[1] for g in gates], [g[2:] for g in gates], **ends
            )
    for letters in (_LSTM, _GRU):
        joined = _gates(named, ("W{}",), letters)
        if joined and not any(name[:1] == "U" for name in named):
            raise joined[0][0].error(f"{_JOINED}; {_RENAME}")
    W_, U_ = _first(named, _INPUT), _first(named, _STATE)
    if W_ is None or U_ is None or len(U_.shape) != 2:
        return None
    if gate := _first(named, [form.format(g) for g in "zrf" for form in ("Wx{}", "Wi{}", "W{}")]):
        raise gate.error("is of a gate, but not every gate has its two matrices in the file")
    small, large = sorted(U_.shape)
    if small and large in (3 * small, 4 * small):
        what = f"holds {large // small} gates side by side, whose order its name does not say"
        raise U_.error(f"{what}: {_ORDERS[large // small]}; if it is PyTorch's, {_RENAME}")
    return _Cell([W_], [U_], [[named[b] for b in _BIASES if b in named]], **ends)


def _ends(named: Mapping[str, Entry]) -> dict[str, Entry | None]:
    """Return the matrix of the output and its bias."""
    output = _first(named, _OUTPUT)
    bias = None if output is None else _first(named, _OUTPUT_BIAS)
    return {"output": output, "output_bias": bias}


def _first(named: Mapping[str, Entry], names: Iterable[str]) -> Entry | None:
    return next((named[name] for name in names if name in named), None)


def _which_is_square(W: Entry, U: Entry) -> tuple[Entry, Entry]:
    """Return the matrix of the input and that of the state, of two named U and W."""
    square = [one for one in (W, U) if len({*one.shape}) == 1]
    if len(square) == 2:
        both = f"{W.name}·x + {U.name}·h or {U.name}·x + {W.name}·h"
        raise W.error(f"is square, as {U.name} is: names do not say {both}; {_RENAME}")
    return (U, W) if square == [W] else (W, U)


def _gates(
    named: Mapping[str, Entry], forms: tuple[str, ...], letters: tuple[str, ...]
) -> list[list[Entry]]:
    """Return the matrices and biases of each gate, nothing if a gate lacks a matrix."""
    found = []
    for each in letters:
        letter = next((g for g in each if all(form.format(g) in named for form in forms)), None)
        if letter is None:
            return []
        biases = (named.get(form.format(letter)) for form in _GATE_BIASES)
        matrices = [named[form.format(letter)] for form in forms]
        found.append([*matrices, *(bias for bias in biases if bias is not None)])
    return found


def _arrays(cell: _Cell, module: str, end: str) -> list[Entry]:
    """Return the arrays of a network under PyTorch's names."""
    H = _hidden(cell)
    turned = _is_turned(cell, H)
    G, I = len(cell.W), cell.W[0].shape[0 if turned else 1]

    def matrix(of: list[Entry], name: str, shape: tuple[int, int]) -> Entry:
        return made(name, shape, of, lambda: np.concatenate([_turned(e, turned) for e in of]))

    found = [matrix(cell.W, f"{module}.weight_ih_l0", (G * H, I))]
    found.append(matrix(cell.U, f"{module}.weight_hh_l0", (G * H, H)))
    if any(cell.biases):
        found.append(_bias(f"{module}.bias_l0", cell.biases, H))
    if cell.output is not None:
        O = cell.output.shape[1 if turned else 0]
        found.append(matrix([cell.output], f"{end}.weight", (O, H)))
        if cell.output_bias is not None:
            found.append(_bias(f"{end}.bias", [[cell.output_bias]], O))
    return found


def _turned(entry: Entry, turned: bool) -> FloatArray:
    array = entry.read()
    return array.T if turned else array


def _bias(name: str, each: list[list[Entry]], size: int) -> Entry:
    """Return one bias of the sums of some for each gate, 0 where a gate has none."""
    every = [bias for biases in each for bias in biases]
    for bias in every:
        if bias.shape not in ((size,), (size, 1), (1, size)):
            raise bias.error(f"must have shape ({size},), got {bias.shape}")

    def fetch() -> FloatArray:
        zero = np.zeros(size, np.float32)
        rows = [np.sum([zero, *(b.read().reshape(-1) for b in biases)], 0) for biases in each]
        return np.concatenate(rows)

    return made(name, (size * len(each),), every, fetch)


def _hidden(cell: _Cell) -> int:
    """Return H after checking that matrices have sizes that fit each other."""
    H = cell.U[0].shape[0] if cell.U[0].shape else 0
    for U in cell.U:
        if U.shape != (H, H) or not H:
            raise U.error(f"must have shape (H, H), got {U.shape}")
    for W in cell.W:
        if len(W.shape) != 2 or W.shape != cell.W[0].shape or H not in W.shape or 0 in W.shape:
            raise W.error(f"must have shape (H, I) or (I, H) with H = {H}, got {W.shape}")
    last = cell.output
    if last is not None and (len(last.shape) != 2 or H not in last.shape or 0 in last.shape):
        raise last.error(f"must have shape (O, H) or (H, O) with H = {H}, got {last.shape}")
    return H


def _is_turned(cell: _Cell, H: int) -> bool:
    """Return whether matrices are multiplied as x·W, by all shapes that tell."""
    W, last = cell.W[0], cell.output
    says = {W.name: W.shape[::-1]}  # shape as (I, H) if W·x
    says |= {} if last is None else {last.name: last.shape}
    ways = {name: rows == H for name, (rows, columns) in says.items() if rows != columns}
    for bias in (b for each in cell.biases for b in each):
        if len(bias.shape) == 2 and bias.shape[0] != bias.shape[1]:
            ways[bias.name] = bias.shape[0] == 1
    if len({*ways.values()}) == 1 or (H == 1 and not ways):
        return any(ways.values())
    both = "as W·x, as in min-char-rnn, or as x·W"
    if not ways:
        raise W.error(f"has the shape {W.shape}: it may be multiplied {both}; {_RENAME}")
    names = " and ".join(f"{n} {'x·W' if way else 'W·x'}" for n, way in list(ways.items())[:3])
    raise W.error(f"must be multiplied like the others, but shapes say {names}; {_RENAME}")
