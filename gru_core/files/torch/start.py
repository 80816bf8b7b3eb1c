"""The start states beside a network in a state_dict: a parameter such as ``h0`` or ``init_hidden``.

A state_dict does not record what starts from an array, so name and shape have to tell: it is a
guess. The name says that it is a start state of h (h0, h_0, hx, init_hidden, initial_state, …) or
of c (c0, init_cell, …), perhaps after the name of a part (rnn_h0), and the shape is (L·D, 1, H),
(L·D, H), or (H,) where L·D = 1. One of another shape is refused, since without it the network would
start at 0 where the model does not.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.files.torch.names import Candidate
from gru_core.network.layer import Layer

_BEFORE = r"(?:[a-z0-9]+_)*?"
_BEGIN = r"(?:init|initial|start|starting)"
_NAMES = {
    "h0": re.compile(
        rf"{_BEFORE}(?:h_?0|hx|(?:h|hid|hidden|state|hidden_state)_?(?:0|{_BEGIN})"
        rf"|{_BEGIN}_?(?:h|hid|hidden|state|hidden_state|rnn_state))",
        re.IGNORECASE,
    ),
    "c0": re.compile(
        rf"{_BEFORE}(?:c_?0|cx|(?:c|cell|cell_state)_?(?:0|{_BEGIN})"
        rf"|{_BEGIN}_?(?:c|cell|cell_state))",
        re.IGNORECASE,
    ),
}


def named(entries: Entries, networks: Iterable[Candidate], prefix: str) -> dict[str, list[Entry]]:
    """Return the arrays whose names say that they are a start state of a network, as h0 and c0.

    Parameters
    ----------
    entries : Entries
    networks : iterable of Candidate
        All networks of the file: an array in a module that holds several belongs to none.
    prefix : str
        That of the network.

    Examples
    --------
    >>> from gru_core.files.torch.names import candidates
    >>> shapes = {"rnn.weight_ih_l0": (6, 3), "rnn.weight_hh_l0": (6, 2), "rnn_h0": (1, 1, 2)}
    >>> arrays = {n: Entry("a.pt", n, "float32", s, list) for n, s in shapes.items()}
    >>> named(Entries("a.pt", arrays), candidates(arrays), "rnn.")["h0"][0].name
    'rnn_h0'
    """
    prefixes = sorted(network.prefix for network in networks)
    found: dict[str, list[Entry]] = {state: [] for state in _NAMES}
    for name, entry in entries.arrays.items():
        around, dot, last = name.rpartition(".")
        for state, pattern in _NAMES.items():
            if pattern.fullmatch(last) and _is_alone(prefix, around + dot, prefixes):
                found[state].append(entry)
    return found


def _is_alone(prefix: str, around: str, prefixes: list[str]) -> bool:
    """Return whether a module holds a network, and of the sorted networks no other."""
    if not prefix.startswith(around):
        return False
    first = bisect_left(prefixes, around)
    return first + 1 == len(prefixes) or not prefixes[first + 1].startswith(around)


def chosen(
    found: Mapping[str, list[Entry]], kind: str, states: int, hidden: int, advice: str | None
) -> dict[str, Entry]:
    """Return the one array for h0, and for c0, that fits a network.

    Parameters
    ----------
    found : dict of list of Entry
        As `named` returns it.
    kind : str
        The network's kind.
    states, hidden : int
        Its L·D and H.
    advice : str or None
        How to open the network alone; None if that was asked for, so that nothing is refused.

    Raises
    ------
    FormatError
        If an array does not fit, or several do.
    """
    kept: dict[str, Entry] = {}
    for state, listed in found.items():
        fitting = [entry for entry in listed if fits(entry.shape, states, hidden)]
        if state == "c0" and kind != "lstm":
            fitting = []
        if len(listed) == len(fitting) == 1:
            kept[state] = fitting[0]
        elif listed and advice is not None:
            raise _refusal(listed, fitting, kind, states, hidden, advice)
    return kept


def _refusal(
    listed: list[Entry], fitting: list[Entry], kind: str, states: int, hidden: int, advice: str
) -> FormatError:
    if len(listed) > 1:
        names = ", ".join(entry.name for entry in listed[1:6])
        return listed[0].error(f"may be the start state, and so may {names}; {advice}")
    if listed[0].shape and fits(listed[0].shape, states, hidden):
        return listed[0].error(
            f"is named as the start of c, which a {kind} does not have; {advice}"
        )
    wanted = f"(L·D, 1, H) = {(states, 1, hidden)}"
    what = f"is named as a start state, which must have shape {wanted}, got {listed[0].shape}"
    return listed[0].error(f"{what}; {advice}")


def fits(shape: tuple[int, ...], states: int, hidden: int) -> bool:
    """Return whether an array of this shape is one state for each layer and direction.

    Examples
    --------
    >>> fits((2, 1, 4), 2, 4), fits((2, 4), 2, 4), fits((4,), 1, 4), fits((2, 3, 4), 2, 4)
    (True, True, True, False)
    """
    return shape in ((states, 1, hidden), (states, hidden)) or (states == 1 and shape == (hidden,))


def started(layers: tuple[Layer, ...], states: Mapping[str, FloatArray]) -> tuple[Layer, ...]:
    """Return layers that start from states, each (L·D, 1, H) or of a shape that `fits`.

    Examples
    --------
    >>> from gru_core.cells.rnn import RNNParams
    >>> one = Layer(RNNParams.random(1, 2, seed=0))
    >>> started((one,), {"h0": np.ones((1, 1, 2))})[0].h0
    array([[1., 1.]])
    """
    made, first = [], 0
    for layer in layers:
        D, H = layer.directions, layer.first.hidden_size
        parts = {s: a.reshape(-1, H)[first : first + D] for s, a in states.items()}  # (D, H)
        made.append(replace(layer, h0=parts.get("h0"), c0=parts.get("c0")))
        first += D
    return tuple(made)


def stacked(layers: tuple[Layer, ...]) -> dict[str, NDArray[Any]]:
    """Return the stored states of layers of one H, each (L·D, 1, H); 0 where a layer has none.

    Examples
    --------
    >>> from gru_core.cells.rnn import RNNParams
    >>> stacked((Layer(RNNParams.random(1, 2, seed=0), h0=np.ones((1, 2))),))["h0"].shape
    (1, 1, 2)
    """
    found: dict[str, NDArray[Any]] = {}
    for state in _NAMES:
        each = [getattr(layer, state) for layer in layers]
        if all(one is None for one in each):
            continue
        shapes = [(layer.directions, layer.first.hidden_size) for layer in layers]
        dtype = layers[0].first.dtype
        parts = [
            np.zeros(shape, dtype) if one is None else one
            for one, shape in zip(each, shapes, strict=True)
        ]
        found[state] = np.concatenate(parts)[:, None]  # (L·D, 1, H)
    return found
