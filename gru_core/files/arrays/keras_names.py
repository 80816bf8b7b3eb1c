"""Networks under the names of Keras's weights (``gru/gru_cell/recurrent_kernel``).

They are given to the reader of PyTorch's names as if they were those. Names do not say which
functions a layer uses, so that its defaults are assumed: sigmoid and tanh. Whole models say it, and
are read by `gru_core.files.keras`.
"""

import re
from dataclasses import replace

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.arrays.flax import linear
from gru_core.files.entries import Entries, Entry, made

_PARTS = re.compile(r"[^/.]+")
_SIDE = re.compile(r"(?:.*\.)?(?P<side>forward|backward)_(?P<name>[^.]+)(?:\.[^.]+)?")
_ORDER = {1: (0,), 3: (1, 0, 2), 4: (0, 1, 2, 3)}
"""The places of PyTorch's gates in Keras's order, z r h and i f c o, by the number of gates."""
_WAY_OUT = "save the whole model: model.save('model.keras')"


def translated(entries: Entries) -> Entries | None:
    """Return a file's arrays under PyTorch's names, None if no layer of Keras is among them.

    Raises
    ------
    FormatError
        If shapes do not fit, or a GRU resets before the product, which PyTorch's names cannot say.

    Examples
    --------
    >>> shapes = {"rnn/kernel": (3, 2), "rnn/recurrent_kernel": (2, 2), "rnn/bias": (2,)}
    >>> arrays = {n: Entry("a.npz", n, "float32", s, list) for n, s in shapes.items()}
    >>> list(translated(Entries("a.npz", arrays)).arrays)
    ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_l0']
    """
    named: dict[str, Entry] = {}
    for stored, entry in entries.arrays.items():
        name = ".".join(_PARTS.findall(stored.removesuffix(":0")))
        if name in named:
            raise entry.error(f"is there twice, also as {named[name].shown!r}")
        named[name] = replace(entry, name=name, stored=stored)
    places = [name.rpartition(".")[0] for name in named if name.endswith(".recurrent_kernel")]
    places = [place for place in places if f"{place}.kernel" in named]
    if not places:
        return None
    found: dict[str, Entry] = {}
    sides: dict[str, str] = {}
    for place in places:
        module, end = place, "_l0"
        if match := _SIDE.fullmatch(place):
            module = place[: match.start("side")].rstrip(".") or match["name"]
            end += "_reverse" * (match["side"] == "backward")
        if sides.setdefault(module + end, place) != place:
            module, end = place, "_l0"
        names = ("kernel", "recurrent_kernel", "bias")
        own = [named.pop(f"{place}.{name}", None) for name in names]
        found |= {one.name: one for one in _arrays(own, f"{module}.", end)}
    found |= {one.name: one for one in (linear(name, entry) for name, entry in named.items())}
    return replace(entries, arrays=found, ordered=False)


def _arrays(own: list[Entry | None], module: str, end: str) -> list[Entry]:
    """Return the arrays of one layer and direction under PyTorch's names, a bias as in Equinox."""
    kernel, recurrent, bias = own
    assert kernel is not None
    assert recurrent is not None
    H, columns = (*recurrent.shape, 0, 0)[:2]
    G = columns // H if H else 0
    if len(recurrent.shape) != 2 or G not in _ORDER or columns != G * H:
        raise recurrent.error(f"must have shape (H, G·H) with G = 1, 3 or 4, got {recurrent.shape}")
    if len(kernel.shape) != 2 or kernel.shape[1] != columns or not kernel.shape[0]:
        raise kernel.error(f"must have shape (I, {columns}), got {kernel.shape}")

    def gates(stack: FloatArray) -> FloatArray:
        parts = stack.reshape(G, H, *stack.shape[1:])  # (G, H, …)
        return parts[list(_ORDER[G])].reshape(stack.shape)

    I = kernel.shape[0]
    found = [
        made(f"{module}weight_ih{end}", (columns, I), [kernel], lambda: gates(kernel.read().T)),
        made(
            f"{module}weight_hh{end}", (columns, H), [recurrent], lambda: gates(recurrent.read().T)
        ),
    ]
    if G == 3 and bias is None:
        what = "is of a GRU without the bias that would show whether it resets after the product"
        raise recurrent.error(f"{what}; {_WAY_OUT}")
    if G == 3 and bias is not None and bias.shape == (columns,):
        what = "is the one bias of a GRU that resets before the product"
        raise bias.error(f"{what}, which is read from whole models only; {_WAY_OUT}")
    if bias is None:
        return found
    shape = (2, columns) if G == 3 else (columns,)
    if bias.shape != shape:
        raise bias.error(f"must have shape {shape}, got {bias.shape}")

    def outer() -> FloatArray:
        if G != 3:
            return bias.read()
        first, second = bias.read()
        return gates(first + np.where(np.arange(columns) < 2 * H, second, 0))

    found.append(made(f"{module}bias{end}", (columns,), [bias], outer))
    if G == 3:
        found.append(made(f"{module}bias_n{end}", (H,), [bias], lambda: bias.read()[1, 2 * H :]))
    return found
