"""Networks under our own names, for the forms that PyTorch does not have.

One layer is ``W_z``, ``U_z``, … as in `Params.arrays`; of several, the second is ``layers.1.W_z``;
one that reads in reverse is ``reverse.W_z`` or ``layers.1.reverse.W_z``. The states that a layer
starts from are ``h0`` and ``c0``, or ``layers.1.h0``, of shape (D, H). The maps before a layer are
``before.0.W`` and ``before.0.b``, or ``layers.1.before.0.W``. The parts around the layers are
``embedding``, ``readout.W`` and ``readout.b``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.registry import CELLS
from gru_core.files.entries import Entries, Entry
from gru_core.files.errors import FormatError
from gru_core.files.forms import Form, Forms, LayerForm
from gru_core.files.left_out import left_out
from gru_core.network.between import Between
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS, FORWARD, REVERSE, Direction

_NAME = re.compile(
    r"(?:layers\.(?P<layer>0|[1-9][0-9]{0,3})\.)?(?P<reverse>reverse\.)?(?P<array>\w+)"
)
_START = re.compile(r"(?:layers\.(?P<layer>0|[1-9][0-9]{0,3})\.)?(?P<state>[hc]0)")
_ENDS = ("embedding", "readout.W", "readout.b")
Parts = dict[tuple[int, Direction], dict[str, Entry]]


def arrays(network: Network) -> dict[str, FloatArray]:
    """Return a network's arrays under our names.

    Examples
    --------
    >>> list(arrays(Network.random("rnn", 1, 1, layers=2, seed=0)))
    ['layers.0.W', 'layers.0.U', 'layers.0.b', 'layers.1.W', 'layers.1.U', 'layers.1.b']
    """
    found: dict[str, FloatArray] = {}
    for k, layer in enumerate(network.layers):
        prefix = f"layers.{k}." if len(network.layers) > 1 else ""
        for direction, params in zip(layer.reads, layer.params(), strict=True):
            way = "reverse." if direction == REVERSE else ""
            found |= {f"{prefix}{way}{name}": array for name, array in params.arrays().items()}
        starts = {"h0": layer.h0, "c0": layer.c0}
        found |= {f"{prefix}{s}": state for s, state in starts.items() if state is not None}
        for i, one in enumerate(layer.before):
            found |= {f"{prefix}before.{i}.{name}": a for name, a in one.arrays.items()}
    around = zip(_ENDS, ends(network), strict=True)
    return found | {name: array for name, array in around if array is not None}


def ends(network: Network) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Return embedding, readout.W and readout.b, None for a missing one.

    Examples
    --------
    >>> ends(Network.random("rnn", 1, 1, seed=0))
    (None, None, None)
    """
    last = network.readout
    return network.embedding, None if last is None else last.W, None if last is None else last.b


def network(entries: Entries, forms: Forms | None) -> Network | None:
    """Return the network whose arrays have our names, or None if there is none.

    Without a description it has PyTorch's form, and the names decide the kind of each layer.

    Raises
    ------
    FormatError
        If arrays are missing, of the wrong shape, or do not belong there.

    Examples
    --------
    >>> one = {n: Entry("a.npz", n, "float64", (1, 1), lambda: np.ones((1, 1))) for n in "WU"}
    >>> network(Entries("a.npz", one), None).kind
    'rnn'
    """
    parts = _parts(entries.arrays)
    if not parts:
        return None
    described = _named_forms(parts) if forms is None else forms.layers
    if described is None:
        return None
    _check_parts(entries.file, parts, described)
    widths = [entry.width for part in parts.values() for entry in part.values()]
    around = {name: entries.arrays[name] for name in _ENDS if name in entries.arrays}
    starts = _starts(entries, described)
    beside = [*around.values(), *(entry for each in starts for entry in each.values())]
    dtype = np.result_type(*widths, *(entry.width for entry in beside))
    layers = []
    for k, layer in enumerate(described):
        made = {
            name: _params(entries.file, parts[k, name], layer.kind, dtype, form)
            for name, form in layer.directions.items()
        }
        pair = (made.get(FORWARD), made.get(REVERSE))
        size = (len(made), next(iter(made.values())).hidden_size)
        for entry in starts[k].values():
            if entry.shape != size:
                raise entry.error(f"must have shape (D, H) = {size}, got {entry.shape}")
        begin = {s: entry.read().astype(dtype, copy=False) for s, entry in starts[k].items()}
        prefix = f"layers.{k}." if len(described) > 1 else ""
        layers.append(
            Layer(
                *pair,
                merge=layer.merge,
                h0=begin.get("h0"),
                c0=begin.get("c0"),
                before=_maps(entries, f"{prefix}before.", layer.before, dtype),
                turned=layer.turned,
            )
        )
    read = {name: entry.read().astype(dtype, copy=False) for name, entry in around.items()}
    if "readout.b" in read and "readout.W" not in read:
        raise around["readout.b"].error("is there without readout.W")
    head = "identity" if forms is None else forms.head
    last = None
    if "readout.W" in read:
        last = Readout(read["readout.W"], read.get("readout.b"), head)
    elif head != "identity":
        raise FormatError(entries.file, "gruscope", f"describes a {head} without a readout")
    guessed, missing = ((), ()) if forms is None else (forms.guessed, forms.left_out)
    missing += left_out(_unread(entries, parts, starts, described))
    names = {} if forms is None else forms.names
    return Network(tuple(layers), read.get("embedding"), last, guessed, missing, names)


def is_named(entries: Entries) -> bool:
    """Return whether arrays have our names, and all that a kind of layer needs.

    Examples
    --------
    >>> one = {n: Entry("a.npz", n, "float64", (1, 1), lambda: np.ones((1, 1))) for n in "WU"}
    >>> is_named(Entries("a.npz", one)), is_named(Entries("a.npz"))
    (True, False)
    """
    parts = _parts(entries.arrays)
    return bool(parts) and _named_forms(parts) is not None


def _unread(
    entries: Entries, parts: Parts, starts: list[dict[str, Entry]], described: tuple[LayerForm, ...]
) -> Iterator[Entry]:
    """Yield the arrays that are no part of the network."""
    every = [*parts.values(), *starts]
    read = {entry.name for part in every for entry in part.values()} | set(_ENDS)
    for k, layer in enumerate(described):
        prefix = f"layers.{k}." if len(described) > 1 else ""
        read |= {f"{prefix}before.{i}.{n}" for i in range(len(layer.before)) for n in "Wb"}
    yield from (entry for name, entry in entries.arrays.items() if name not in read)


def _parts(arrays: Mapping[str, Entry]) -> Parts:
    """Return the entries of our names per layer and direction, by array."""
    known = {name for kind in CELLS.values() for name in kind.params.places()}
    parts: Parts = {}
    for name, entry in arrays.items():
        match = _NAME.fullmatch(name)
        if match and match["array"] in known:
            direction = FORWARD if match["reverse"] is None else REVERSE
            place = int(match["layer"] or 0), direction
            parts.setdefault(place, {})[match["array"]] = entry
    return parts


def _starts(entries: Entries, described: tuple[LayerForm, ...]) -> list[dict[str, Entry]]:
    """Return the start states of each layer, whose kind and shape the layer checks."""
    found: list[dict[str, Entry]] = [{} for _ in described]
    for name, entry in entries.arrays.items():
        match = _START.fullmatch(name)
        if match is None:
            continue
        layer = int(match["layer"] or 0)
        if layer >= len(found) or (match["layer"] is None and len(found) > 1):
            raise entry.error(f"is the start of a layer that is not one of {len(found)}")
        if match["state"] in found[layer]:
            raise entry.error("is there twice, with and without the layer's number")
        found[layer][match["state"]] = entry
    return found


def _maps(
    entries: Entries, prefix: str, activations: tuple[Activation, ...], dtype: np.dtype[Any]
) -> tuple[Between, ...]:
    """Return the maps before a layer."""
    found = []
    for i, activation in enumerate(activations):
        entry = {name: entries.arrays.get(f"{prefix}{i}.{name}") for name in ("W", "b")}
        read = {name: e.read().astype(dtype, copy=False) for name, e in entry.items() if e}
        found.append(Between(**read, activation=activation))
    return tuple(found)


def _named_forms(parts: Parts) -> tuple[LayerForm, ...] | None:
    """Return the layers by their names alone, or None if one of them is of no kind."""
    found = []
    common = _kind({array for part in parts.values() for array in part})
    for k in sorted({layer for layer, _ in parts}):
        there = [name for name in DIRECTIONS if (k, name) in parts]
        kind = common or _kind({array for name in there for array in parts[k, name]})
        if kind is None:
            return None
        found.append(LayerForm(kind, {name: {} for name in there}))
    return tuple(found)


def _kind(names: set[str]) -> str | None:
    """Return the kind that has all these arrays, including W and U."""
    for kind, cell in CELLS.items():
        needed = {*cell.params.STACKS["W"], *cell.params.STACKS["U"]}
        if needed <= names <= set(cell.params.places()):
            return kind
    return None


def _check_parts(file: str, parts: Parts, described: tuple[LayerForm, ...]) -> None:
    """Refuse arrays that are not those of the layers described."""
    places = {(k, name) for k, layer in enumerate(described) for name in layer.directions}
    if places != set(parts):
        raise FormatError(file, None, f"holds layers and directions {sorted(parts)}, some missing")
    for k, layer in enumerate(described):
        known = set(CELLS[layer.kind].params.places())
        names = {array for name in layer.directions for array in parts[k, name]}
        if not names <= known:
            message = f"describes layer {k} as a {layer.kind}, which has no {min(names - known)}"
            raise FormatError(file, "gruscope", message)


def _params(
    file: str, part: Mapping[str, Entry], kind: str, dtype: np.dtype[np.floating[Any]], form: Form
) -> Params:
    """Read the params of one layer and direction."""
    make = CELLS[kind].params
    first = next(iter(part.values()))
    stacks: dict[str, Any] = {}
    for stack, names in make.STACKS.items():
        there = [part[name] for name in names if name in part]
        if not there and stack not in "WU":
            continue
        if len(there) < len(names):
            missing = next(name for name in names if name not in part)
            raise FormatError(file, first.name, f"is there without {missing}")
        if len({entry.shape for entry in there}) > 1 or 0 in there[0].shape:
            shapes = ", ".join(f"{entry.name} {entry.shape}" for entry in there)
            raise there[0].error(
                f"must have the shape of the others in its stack, which have {shapes}"
            )
        stacks[stack] = _stack(there, dtype)
    return make(**stacks, **form)


def _stack(entries: list[Entry], dtype: np.dtype[np.floating[Any]]) -> FloatArray:
    """Read arrays of equal shape into one stack, which params need not copy."""
    shape = entries[0].shape
    if not shape:
        raise entries[0].error("is a single number")
    rows = shape[0]
    array = np.empty((rows * len(entries), *shape[1:]), dtype)
    for i, entry in enumerate(entries):
        array[i * rows : (i + 1) * rows] = entry.read()
    array.flags.writeable = False
    return array
