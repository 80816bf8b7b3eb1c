"""The recurrent layers of a Keras model as layers here.

A layer with ``go_backwards=True`` returns its states in the order in which it computed them. Here
only the last layer of a network does. The states of those before are in the order of the input, so
that every step of the page is one of the input: a layer that reads the reversed sequence in Keras
reads in the other direction here. Of a Bidirectional layer there, forward is our reverse, so that
its halves are swapped: the next layer's columns are swapped with them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from gru_core.errors import CoreError
from gru_core.files.errors import FormatError
from gru_core.files.keras import cells as keras_cells
from gru_core.files.keras import maps as keras_maps
from gru_core.files.keras.affine import Affine, into, with_input
from gru_core.files.keras.cells import Weights
from gru_core.files.keras.config import Layer, shown
from gru_core.files.keras.sources import Model
from gru_core.network.between import Between
from gru_core.network.layer import Layer as NetworkLayer
from gru_core.network.merge import Merge
from gru_core.parameters.params import Params
from gru_core.run.layers import REVERSE

_MERGES: dict[str, Merge] = {"concat": "concat", "sum": "sum", "ave": "mean", "mul": "product"}
"""Keras's merge_mode. None, for two outputs, has no counterpart here."""


class Part(NamedTuple):
    """A layer, and how its output in Keras differs from its states here.

    Parameters
    ----------
    layer : gru_core.network.layer.Layer
    reversed : bool
        Whether Keras has the steps in the opposite order.
    swapped : ndarray of int, or None
        The column in Keras of each column here, if the halves are swapped.
    """

    layer: NetworkLayer
    reversed: bool = False
    swapped: NDArray[np.intp] | None = None


class _Maps(NamedTuple):
    """The maps before a layer, in order; normalizations after them, nearest first.

    And the column in Keras of each column here, if those that the layer reads are swapped.
    """

    found: list[Between]
    normalized: list[Affine]
    swapped: NDArray[np.intp] | None


class Side(NamedTuple):
    """One direction of a Bidirectional layer."""

    layer: Layer
    back: bool


def layer(model: Model, layer: Layer, between: Sequence[Layer], before: Part | None = None) -> Part:
    """Return a recurrent layer.

    Parameters
    ----------
    model : Model
    layer : Layer
        A GRU, LSTM or SimpleRNN, or a Bidirectional of them.
    between : sequence of Layer
        Fixed maps between it and what it reads, nearest first.
    before : Part, optional
        The recurrent layer that it reads.

    Raises
    ------
    FormatError
        If it has no counterpart.
    """
    _check_start(model, layer)
    maps = _maps(model, between, before)
    weights = model.weights(layer)
    turned = before is not None and before.reversed
    if layer.kind != "Bidirectional":
        back = _goes_backwards(layer)
        params = _read(model, layer, layer, weights.get("", {}), back, maps)
        reads_reverse = back != turned
        made = NetworkLayer(None, params) if reads_reverse else NetworkLayer(params)
        return Part(_after(model, layer, made, maps), reads_reverse)
    merge = layer.config.get("merge_mode", "concat")
    if not isinstance(merge, str) or merge not in _MERGES:
        known = ", ".join(map(repr, _MERGES))
        _fail(
            model, layer, f"has the merge_mode {shown(merge)}, not one of {known}; {_alone(layer)}"
        )
    there, back_layer = _sides(layer)
    back = _goes_backwards(there)
    turned ^= back
    if back_layer.kind != there.kind:
        kinds = f"reads forward with a {there.kind} and backward with a {back_layer.kind}"
        _fail(model, layer, f"{kinds}, which one layer here cannot; {_alone(layer)}")
    pair = [
        _read(model, layer, there, weights.get("forward", {}), back, maps),
        _read(model, layer, back_layer, weights.get("backward", {}), not back, maps),
    ]
    dtype = np.result_type(*(params.dtype for params in pair))
    forward, reverse = (params.astype(dtype) for params in (pair[::-1] if turned else pair))
    try:
        made = NetworkLayer(forward, reverse, merge=_MERGES[merge])
    except ValueError as error:
        _fail(model, layer, f"{error}; {_alone(layer)}")
    swapped = None
    if turned and merge == "concat":
        H = forward.hidden_size
        swapped = np.r_[H : 2 * H, 0:H]
    made = _after(model, layer, made, maps)
    if layer.as_computed:
        return Part(replace(made, turned=(REVERSE,)), False, swapped)
    return Part(made, turned, swapped)


def last(part: Part, layer: Layer) -> NetworkLayer:
    """Return a model's last recurrent layer, with its states in the order in which Keras has them.

    If Keras returns one step alone, the layer's last step is that one.
    """
    made = part.layer
    cell = layer.cell
    if cell is layer or cell is None or not cell.config.get("return_sequences", False):
        return replace(made, turned=tuple(name for name in made.reads if name == REVERSE))
    return replace(made, turned=made.reads) if part.reversed else made


def side(model: Model, name: str | None) -> Side | None:
    """Return the direction that a name such as "both.backward" means, or None."""
    if name is None or name in model.layers:
        return None
    of, _, which = name.rpartition(".")
    found = model.layers.get(of)
    if found is None or found.kind != "Bidirectional" or found.cell is None:
        return None
    return Side(found, which == "backward") if which in ("forward", "backward") else None


def alone(model: Model, side: Side, between: Sequence[Layer]) -> NetworkLayer:
    """Return one direction of a Bidirectional layer."""
    _check_start(model, side.layer)
    inner = _sides(side.layer)[side.back]
    weights, maps = model.weights(side.layer), _maps(model, between, None)
    back = _goes_backwards(inner)
    own = weights.get("backward" if side.back else "forward", {})
    params = _read(model, side.layer, inner, own, back, maps)
    turned = (REVERSE,) if side.layer.as_computed else ()
    made = NetworkLayer(None, params, turned=turned) if back else NetworkLayer(params)
    return _after(model, side.layer, made, maps)


def refuse_swapped(model: Model, layer: Layer) -> NoReturn:
    """Refuse a Bidirectional layer that ends a model and reads a reversed sequence."""
    message = "reads what a layer with go_backwards returns, so that its directions are exchanged"
    _fail(model, layer, f"{message}; {_alone(layer)}")


def _sides(layer: Layer) -> tuple[Layer, Layer]:
    """Return the two layers of a Bidirectional."""
    there = layer.inner
    assert there is not None
    if layer.back is not None:
        return there, layer.back
    return there, replace(
        there, config={**there.config, "go_backwards": not _goes_backwards(there)}
    )


def _read(
    model: Model,
    outer: Layer,
    cell: Layer,
    weights: Weights,
    back: bool,
    maps: _Maps,
) -> Params:
    """Return one direction's params, which read the states here of the layer before."""
    named = replace(cell, name=outer.name)
    params = keras_cells.params(named, weights, model.version, model.file, back=back)
    params = into(params, maps.normalized, model.file)
    if maps.swapped is None:
        return params
    if params.input_size != len(maps.swapped):
        _fail(model, outer, f"reads {params.input_size} numbers, expected {len(maps.swapped)}")
    return with_input(params, params.W[:, maps.swapped], params.b)


def _maps(model: Model, between: Sequence[Layer], before: Part | None) -> _Maps:
    """Return the maps between a layer and the one before it."""
    found, normalized = keras_maps.maps(between, model.weights, model.version, model.file)
    columns = None if before is None else before.swapped
    if columns is not None:
        found, is_done = keras_maps.swapped(found, columns)
        columns = None if is_done else columns
    return _Maps(found, normalized, columns)


def _after(model: Model, layer: Layer, made: NetworkLayer, maps: _Maps) -> NetworkLayer:
    """Return a layer after the maps before it, in the widest dtype."""
    arrays = [array for one in maps.found for array in one.arrays.values()]
    dtype = np.result_type(made.first.dtype, *(array.dtype for array in arrays))
    try:
        before = tuple(one.astype(dtype) for one in maps.found)
        return replace(made.astype(dtype), before=before)
    except CoreError as error:
        _fail(model, layer, str(error))


def _goes_backwards(layer: Layer) -> bool:
    return bool(layer.config.get("go_backwards", False))


def _check_start(model: Model, layer: Layer) -> None:
    """Refuse a layer that starts from what another computes."""
    for name in layer.before[1:]:
        found = model.layers.get(name)
        if found is None or found.kind != "InputLayer" or found.before:
            message = f"starts where the layer {name!r} says; a network here starts where run says"
            _fail(model, layer, message)


def _alone(layer: Layer) -> str:
    names = f"'{layer.name}.forward' or '{layer.name}.backward'"
    return f"open one direction alone with name=: {names}"


def _fail(model: Model, layer: Layer, message: str) -> NoReturn:
    raise FormatError(model.file, f"layer {layer.name!r}", message)
