"""Fixed maps between Keras layers: a Dense, an activation, or a BatchNormalization before one."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras.affine import Affine, affine, before
from gru_core.files.keras.cells import activation_named
from gru_core.files.keras.config import Layer, shown
from gru_core.network.between import Between
from gru_core.parameters.activations import LINEAR, RELU, Activation

_RANK = 3
Weights = Callable[[Layer], Mapping[str, Mapping[str, Entry]]]
"""The arrays of a layer, by group and role."""


def is_map(layer: Layer, version: int) -> bool:
    """Return whether a layer is a fixed map of each step, with an activation known here.

    Examples
    --------
    >>> is_map(Layer("a", "Activation", {"activation": "tanh"}), 3)
    True
    >>> is_map(Layer("a", "Dense", {"activation": "softmax"}), 3)
    False
    """
    return _activation(layer, version) is not None


def maps(
    layers: Sequence[Layer], weights: Weights, version: int, file: str
) -> tuple[list[Between], list[Affine]]:
    """Return the maps before a layer, and the normalizations right before it.

    Parameters
    ----------
    layers : sequence of Layer
        Those between it and what it reads, nearest first.
    weights : callable
    version : int
        Keras's major version, 0 if unknown.
    file : str
        For errors.

    Returns
    -------
    maps : list of Between
        In the order in which they are applied. A normalization before a Dense is folded into it.
    normalized : list of Affine
        Those that follow the last map, nearest first.

    Raises
    ------
    FormatError
        If numbers are missing or do not fit each other.
    """
    found: list[Between] = []
    normalized: list[Affine] = []
    for layer in reversed(layers):
        own = weights(layer).get("", {})
        if layer.kind == "BatchNormalization":
            normalized.insert(0, affine(layer, own, _RANK, file))
            continue
        activation = _activation(layer, version)
        assert activation is not None
        if layer.dense is not None:
            W, b = dense(layer, layer.dense, own, file)
            for one in normalized:
                W, b = before(W, b, one, file)
            dtype = np.result_type(*(a for a in (W, b) if a is not None))
            W, b = W.astype(dtype), None if b is None else b.astype(dtype)
            found.append(Between(W, b, activation))
        elif activation != LINEAR:
            factors = [Between(a.s.astype(a.dtype), a.t.astype(a.dtype)) for a in normalized]
            found += [*reversed(factors), Between(activation=activation)]
        else:
            continue
        normalized = []
    return found, normalized


def swapped(found: list[Between], columns: NDArray[np.intp]) -> tuple[list[Between], bool]:
    """Return maps of an input with its columns exchanged, and whether one of them is a matrix.

    If none is, what they return has its columns exchanged too.
    """
    made: list[Between] = []
    for i, one in enumerate(found):
        if one.W is not None and one.W.ndim == 2:
            return [*made, Between(one.W[:, columns], one.b, one.activation), *found[i + 1 :]], True
        W, b = (None if a is None else a[columns] for a in (one.W, one.b))
        made.append(Between(W, b, one.activation))
    return made, False


def dense(
    layer: Layer, inner: Layer, weights: Mapping[str, Entry], file: str
) -> tuple[FloatArray, FloatArray | None]:
    """Return W, (O, D·H), and b of a Dense.

    Parameters
    ----------
    layer, inner : Layer
        The layer of the model, and the Dense that it is or applies at every step.
    weights : mapping
        kernel, and perhaps bias.
    file : str
        For errors.

    Raises
    ------
    FormatError
        If they are missing, or of another rank.
    """
    if "kernel" not in weights:
        raise FormatError(file, f"layer {layer.name!r}", "has no kernel in the file")
    bias = weights.get("bias")
    has_bias = inner.config.get("use_bias", bias is not None)
    if has_bias is not (bias is not None):
        message = f"has use_bias {shown(has_bias)}, and {'one' if bias else 'none'} in the file"
        raise FormatError(file, f"layer {layer.name!r}", message)
    kernel = weights["kernel"].read()
    if kernel.ndim != 2:
        raise weights["kernel"].error(f"must have shape (D·H, O), got {kernel.shape}")
    return kernel.T, None if bias is None else bias.read()


def _activation(layer: Layer, version: int) -> Activation | None:
    """Return the activation of a map, None for any other layer."""
    if layer.dense is not None:
        return activation_named(layer.dense.config.get("activation"), version)
    inner = layer.inner if layer.kind == "TimeDistributed" and layer.inner else layer
    config = inner.config
    if inner.kind == "Activation":
        return activation_named(config.get("activation"), version)
    if inner.kind == "ELU":
        return _with_alpha("elu", config.get("alpha", 1.0))
    if inner.kind == "LeakyReLU":
        return _with_alpha("leaky_relu", config.get("negative_slope", config.get("alpha", 0.3)))
    if inner.kind == "ReLU":
        changed = (config.get("max_value"), config.get("negative_slope"), config.get("threshold"))
        return RELU if all(value in (None, 0) for value in changed) else None
    return None


def _with_alpha(name: str, alpha: object) -> Activation | None:
    """Return an activation with its constant, None if that is no number."""
    if type(alpha) not in (int, float) or not np.isfinite(alpha):  # type: ignore[call-overload]
        return None
    return Activation.of(name, alpha=alpha)  # type: ignore[arg-type]
