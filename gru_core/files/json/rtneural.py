"""JSON of RTNeural: Keras layers one after another, each with its type, shape and weights.

They are given to the reader of Keras files. RTNeural's own functions are Keras's defaults: sigmoid
gates, and a GRU that resets after the product.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.json import content
from gru_core.files.keras.config import Layer
from gru_core.files.keras.model import chosen
from gru_core.files.keras.sources import Model
from gru_core.files.limits import Limits
from gru_core.network.network import Network

_CELL = ("kernel", "recurrent_kernel", "bias")
_DENSE = ("kernel", "bias")
_KINDS = {
    "gru": ("GRU", _CELL),
    "lstm": ("LSTM", _CELL),
    "dense": ("Dense", _DENSE),
    "time-distributed-dense": ("Dense", _DENSE),
    "activation": ("Activation", ()),
    "batchnorm": ("BatchNormalization", ("gamma", "beta", "moving_mean", "moving_variance")),
}
"""Keras's class of each type, and its arrays in their order."""
_VERSION = 3
"""Of Keras; its activations here are the same in version 2."""
_AROUND = {
    "in_skip": "adds the input to the output",
    "in_gain": "amplifies the input",
    "out_gain": "amplifies the output",
}
"""What programs that play such a model do around it, by the key with its number; 0 is nothing."""


def is_model(found: dict[str, Any]) -> bool:
    """Return whether an object is such a model.

    Examples
    --------
    >>> is_model({"layers": [{"type": "gru", "weights": []}]})
    True
    """
    layers = found.get("layers")
    return isinstance(layers, list) and any(
        isinstance(layer, dict) and {"type", "weights"} <= layer.keys() for layer in layers
    )


def network(found: dict[str, Any], file: str, name: str | None, limits: Limits) -> Network:
    """Return its network.

    Parameters
    ----------
    found : dict
    file : str
        For errors.
    name : str or None
        A layer, such as "gru_1" for the second of the file.
    limits : Limits

    Raises
    ------
    FormatError
        As for Keras files.
    """
    layers = _layers(found["layers"], file)
    named = {
        name: dict(zip(_roles(layer), layer.config["weights"], strict=False))
        for name, layer in layers.items()
    }
    arrays = content.entries(named, file, limits).arrays
    made = chosen(Model(file, layers, partial(_weights, arrays), _VERSION), name)
    around = tuple(f"{key} ({what})" for key, what in _AROUND.items() if found.get(key))
    return replace(made, left_out=made.left_out + around)


def _layers(listed: list[Any], file: str) -> dict[str, Layer]:
    """Return the layers as Keras's, each with its weights in its configuration."""
    found: dict[str, Layer] = {}
    for i, one in enumerate(listed):
        kind = one.get("type") if isinstance(one, dict) else None
        weights = one.get("weights", []) if isinstance(one, dict) else None
        if not isinstance(kind, str) or not isinstance(weights, list):
            raise FormatError(file, f"layers.{i}", "must have a type and a list of weights")
        made = Layer(
            f"{kind}_{i}", _KINDS.get(kind, (kind, ()))[0], _config(one), before=tuple(found)[-1:]
        )
        if _roles(made) and len(weights) > len(_roles(made)):
            raise FormatError(file, f"layer {made.name!r}", f"has {len(weights)} arrays")
        found[made.name] = made
    return found


def _config(one: dict[str, Any]) -> dict[str, Any]:
    """Return a layer's configuration as Keras has it."""
    shape, activation = one.get("shape"), one.get("activation") or None
    config: dict[str, Any] = {"activation": activation, "weights": one.get("weights", [])}
    if one["type"] in ("gru", "lstm"):
        config |= {"activation": activation or "tanh", "recurrent_activation": "sigmoid"}
        config["return_sequences"] = not isinstance(shape, list) or len(shape) != 2
        if isinstance(shape, list) and shape:
            config["units"] = shape[-1]
    if one["type"] == "batchnorm":
        switched = len(config["weights"]) > 2
        config |= {"scale": switched, "center": switched, "epsilon": one.get("epsilon", 1e-3)}
    return config


def _roles(layer: Layer) -> tuple[str, ...]:
    """Return what the arrays of a layer are, in their order."""
    roles = next((roles for kind, roles in _KINDS.values() if kind == layer.kind), ())
    return roles if layer.config.get("scale", True) else roles[2:]


def _weights(arrays: Mapping[str, Entry], layer: Layer) -> dict[str, Mapping[str, Entry]]:
    found = {role: arrays.get(f"{layer.name}.{role}") for role in _roles(layer)}
    return {"": {role: entry for role, entry in found.items() if entry is not None}}
