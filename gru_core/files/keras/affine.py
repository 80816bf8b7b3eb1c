"""BatchNormalization after training: x ↦ s ⊙ x + t, folded exactly into the linear map after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.cells.registry import CELLS
from gru_core.files.entries import Entry
from gru_core.files.errors import FormatError
from gru_core.files.keras.config import Layer, shown
from gru_core.parameters.params import Params


@dataclass(frozen=True)
class Affine:
    """x ↦ s ⊙ x + t, in float64.

    Parameters
    ----------
    layer : Layer
        The BatchNormalization.
    s, t : ndarray, shape (n,)
    dtype : float32 or float64
        The dtype of its numbers in the file.
    """

    layer: Layer
    s: NDArray[np.float64]
    t: NDArray[np.float64]
    dtype: np.dtype[np.floating[Any]]


def affine(layer: Layer, weights: Mapping[str, Entry], rank: int, file: str) -> Affine:
    """Return what a BatchNormalization computes after training.

    Parameters
    ----------
    layer : Layer
    weights : mapping
        moving_mean and moving_variance, and gamma and beta if it has them.
    rank : int
        The rank of its input, with the batch axis; features are the last axis.
    file : str
        For errors.

    Raises
    ------
    FormatError
        If it normalizes along another axis, or numbers are missing or do not fit each other.
    """

    def fail(message: str) -> NoReturn:
        raise FormatError(file, f"layer {layer.name!r}", message)

    axis, epsilon = layer.config.get("axis", -1), layer.config.get("epsilon", 1e-3)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if axis not in (-1, rank - 1) or isinstance(axis, bool):
        fail(f"normalizes along the axis {shown(axis)}, expected the features, -1")
    if type(epsilon) not in (int, float) or not 0 <= epsilon < np.inf:
        fail(f"has the epsilon {shown(epsilon)}, expected a number")
    names = ["moving_mean", "moving_variance"]
    names += [n for n, switch in (("gamma", "scale"), ("beta", "center")) if has(layer, switch)]
    for name in names:
        if name not in weights:
            fail(f"has no {name} in the file")
    arrays = {name: weights[name].read() for name in names}
    shapes = {array.shape for array in arrays.values()}
    if len(shapes) > 1 or len(next(iter(shapes))) != 1:
        fail(f"has arrays of the shapes {sorted(shapes)}, expected one number for each feature")
    variance = arrays["moving_variance"].astype(np.float64) + epsilon
    if not (variance > 0).all():
        fail("has a moving_variance that is not positive")
    s = 1 / np.sqrt(variance)
    if "gamma" in arrays:
        s = s * arrays["gamma"]
    t = -s * arrays["moving_mean"]
    if "beta" in arrays:
        t = t + arrays["beta"]
    return Affine(layer, s, t, np.result_type(*arrays.values()))


def has(layer: Layer, switch: str) -> bool:
    """Return whether a BatchNormalization has gamma ("scale") or beta ("center").

    Examples
    --------
    >>> has(Layer("bn", "BatchNormalization", {"scale": False}), "scale")
    False
    """
    return bool(layer.config.get(switch, True))


def before(
    weight: FloatArray, bias: FloatArray | None, map_: Affine, file: str
) -> tuple[FloatArray, FloatArray]:
    """Return a linear map, (O, n) and (O,), after an affine one: W s x + W t + b.

    Raises
    ------
    FormatError
        If the numbers of features differ.
    """
    if weight.shape[1] != len(map_.s):
        message = f"normalizes {len(map_.s)} features, and the next layer reads {weight.shape[1]}"
        raise FormatError(file, f"layer {map_.layer.name!r}", message)
    dtype = np.result_type(weight.dtype, map_.dtype)
    shift = weight @ map_.t + (0 if bias is None else bias)
    return (weight * map_.s).astype(dtype), shift.astype(dtype)


def into(params: Params, maps: list[Affine], file: str) -> Params:
    """Return params that read x where these read the affine maps of x, the nearest map first."""
    W, b = params.W, params.b
    for map_ in maps:
        W, b = before(W, b, map_, file)
    return params if W is params.W else with_input(params, W, b)


def with_input(params: Params, W: FloatArray, b: FloatArray | None) -> Params:
    """Return params with other input weights.

    Examples
    --------
    >>> one = CELLS["rnn"].params.random(1, 1, seed=0)
    >>> with_input(one, np.array([[5.0]]), None).W
    array([[5.]])
    """
    stacks = {name: getattr(params, name) for name in params.STACKS}
    dtype = W.dtype
    kept = {name: a.astype(dtype) for name, a in stacks.items() if a is not None}
    kept |= {"W": W} | ({} if b is None else {"b": b})
    return CELLS[params.kind].params(**kept, **params.form())
