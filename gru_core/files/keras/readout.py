"""The linear map that ends a Keras model after its last recurrent layer, with its head.

A Dense, also in a TimeDistributed; BatchNormalization before or after it, folded into it; and
softmax or sigmoid, as the Dense's activation or as a layer. BatchNormalization alone, at the end of
a model, is a diagonal map.
"""

from dataclasses import dataclass

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.files.errors import FormatError
from gru_core.files.keras.affine import Affine, affine, before
from gru_core.files.keras.config import Layer, takers
from gru_core.files.keras.maps import dense
from gru_core.files.keras.sources import PASSING, Model
from gru_core.network.readout import HEADS, Head, Readout

_LINEAR = (None, "linear")


@dataclass
class _End:
    """What has been found of it."""

    W: FloatArray | None = None
    b: FloatArray | None = None
    head: Head = "identity"


def readout(model: Model, last: Layer, rank: int) -> tuple[Readout, set[str]] | None:
    """Return the readout that ends a model after a layer, and the names of its layers.

    None if the model ends in another way.

    Parameters
    ----------
    model : Model
    last : Layer
        The last recurrent layer.
    rank : int
        The rank of its output: 3, or 2 if it returns the last step alone.
    """
    found, taken, layer = _End(), takers(model.layers), last
    normalized: list[Affine] = []
    seen: set[str] = set()
    while taken[layer.name]:
        names = taken[layer.name]
        if len(names) > 1 or names[0] in seen:
            return None
        layer = model.layers[names[0]]
        seen.add(layer.name)
        if layer.kind in PASSING or layer.kind == "InputLayer":
            continue
        if found.head != "identity":
            return None
        if layer.kind == "BatchNormalization":
            map_ = affine(layer, model.weights(layer).get("", {}), rank, model.file)
            if found.W is None:
                normalized.insert(0, map_)
            else:
                _after(found, map_, model.file)
        elif layer.dense is not None and found.W is None:
            own = model.weights(layer).get("", {})
            found.W, found.b = dense(layer, layer.dense, own, model.file)
            for map_ in normalized:
                found.W, found.b = before(found.W, found.b, map_, model.file)
            if not _activated(found, layer.dense.config.get("activation")):
                return None
        elif not _is_head(found, layer, rank):
            return None
    if found.W is None:
        if not normalized:
            return None
        found.W = np.diag(np.ones(len(normalized[-1].s), normalized[-1].dtype))
        for map_ in normalized:
            found.W, found.b = before(found.W, found.b, map_, model.file)
    dtype = np.result_type(*(a for a in (found.W, found.b) if a is not None))
    b = None if found.b is None else found.b.astype(dtype)
    return Readout(found.W.astype(dtype), b, found.head), seen


def _after(found: _End, map_: Affine, file: str) -> None:
    """Apply an affine map to the outputs."""
    assert found.W is not None
    if len(map_.s) != len(found.W):
        message = f"normalizes {len(map_.s)} features, and the Dense has {len(found.W)} outputs"
        raise FormatError(file, f"layer {map_.layer.name!r}", message)
    dtype = np.result_type(found.W.dtype, map_.dtype)
    b = map_.t + (0 if found.b is None else map_.s * found.b)
    found.W, found.b = (found.W * map_.s[:, None]).astype(dtype), b.astype(dtype)


def _activated(found: _End, activation: object) -> bool:
    """Take an activation as the head; return whether it is one."""
    if activation in _LINEAR:
        return True
    named = [head for head in HEADS if head == activation and head != "identity"]
    if named:
        found.head = named[0]
    return bool(named)


def _is_head(found: _End, layer: Layer, rank: int) -> bool:
    """Take a layer without weights as the head; return whether it is one."""
    inner = layer.inner if layer.kind == "TimeDistributed" and layer.inner else layer
    if inner.kind == "Activation" and inner.config.get("activation") in _LINEAR:
        return True
    if found.W is None:
        return False
    if inner.kind == "Activation":
        return _activated(found, inner.config.get("activation"))
    if inner.kind != "Softmax":
        return False
    axis = inner.config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    deep = rank - (inner is not layer)
    return axis in (-1, deep - 1) and _activated(found, "softmax")
