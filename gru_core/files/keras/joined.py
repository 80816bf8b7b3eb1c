"""A layer beside one that goes backwards, and the layer that joins them, as one of two directions.

Such a pair reads the same as a Bidirectional, but Keras joins what they return as it was computed:
the second one's states last step first, unless a Flip turns them.
"""

from typing import Any

from gru_core.files.keras.config import RECURRENT, Layer, takers
from gru_core.files.keras.sources import Model, source

_MODES = {"Add": "sum", "Average": "ave", "Concatenate": "concat", "Multiply": "mul"}
"""Keras's merge_mode for each layer that joins two."""


def joined(model: Model) -> Model:
    """Return the model with each such pair as a Bidirectional, by the name of what joins them.

    Parameters
    ----------
    model : Model
        The pairs stay in it: who names one of their layers opens that alone.
    """
    taken = takers(model.layers)
    found = {
        name: one
        for name, layer in model.layers.items()
        if layer.kind in _MODES and (one := _pair(model, layer, taken)) is not None
    }
    # On the page, a number that a layer reads leads to the state of the same step and column.
    for layer in model.layers.values():
        below = source(model, layer)[0] if layer.cell is not None else None
        if below is not None and below.name in found and below.kind == "Concatenate":
            del found[below.name]
    if not found:
        return model
    apart = {side.name for one in found.values() for side in (one.inner, one.back) if side}
    turns = {name for name in model.layers if model.layers[name].kind == "Flip"}
    layers = {
        name: found.get(name, layer)
        for name, layer in model.layers.items()
        if name not in apart and not (name in turns and set(layer.before) & apart)
    }

    def weights(layer: Layer) -> Any:
        one = found.get(layer.name)
        if one is None or one.inner is None or one.back is None:
            return model.weights(layer)
        sides = {"forward": one.inner, "backward": one.back}
        return {key: model.weights(side).get("", {}) for key, side in sides.items()}

    return model._replace(layers=layers, weights=weights)


def _pair(model: Model, joiner: Layer, taken: dict[str, list[str]]) -> Layer | None:
    """Return what joins two layers as a Bidirectional of them, None if it joins anything else."""
    sides: list[Layer] = []
    is_turned = False
    for name in joiner.before:
        side, flips = model.layers.get(name), False
        if side is not None and side.kind == "Flip" and side.config.get("axis") in (1, -2, [1]):
            side, flips = model.layers.get(next(iter(side.before), "")), True
        if side is None or side.kind not in RECURRENT or len(taken[side.name]) != 1:
            return None
        if flips and not side.config.get("go_backwards"):
            return None
        is_turned |= flips
        sides.append(side)
    back = [bool(side.config.get("go_backwards")) for side in sides]
    if len(sides) != 2 or back[0] == back[1] or any(len(side.before) != 1 for side in sides):
        return None
    mode, axis = _MODES[joiner.kind], joiner.config.get("axis", -1)
    whole = {bool(side.config.get("return_sequences")) for side in sides}
    if mode == "concat" and (
        back[0] or axis not in (-1, 1 + whole.pop() if len(whole) == 1 else 0)
    ):
        return None
    there, here = sides if back[1] else sides[::-1]
    units = {(side.kind, side.config.get("units")) for side in sides}
    (one, between), (other, between_other) = source(model, there), source(model, here)
    same = (one and one.name) == (other and other.name)
    if len(units) > 1 or not same or [m.name for m in between] != [m.name for m in between_other]:
        return None
    if there.config.get("return_sequences") != here.config.get("return_sequences"):
        return None
    config = {"merge_mode": mode}
    return Layer(
        joiner.name, "Bidirectional", config, there, here, there.before, as_computed=not is_turned
    )
