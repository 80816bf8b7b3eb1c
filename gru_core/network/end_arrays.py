"""The arrays at the two ends of a network, by name: the embedding's, and the readout's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import FieldError
from gru_core.network.network import Network
from gru_core.parameters.initial import check_gain, glorot
from gru_core.parameters.references import Reference

End = Literal["embedding", "readout"]
"""The part before the first layer, and the part after the last."""

ENDS: tuple[End, ...] = get_args(End)

OUTPUT = "y"
"""The name of the answer."""

READOUT_WEIGHTS = Reference("readout_weights", "W_y", OUTPUT)
READOUT_BIAS = Reference("readout_bias", "b_y", OUTPUT)
EMBEDDING = Reference("embedding", "E", "")
REFERENCES = {one.name: one for one in (EMBEDDING, READOUT_WEIGHTS, READOUT_BIAS)}
"""The array of each name."""


def end_arrays(network: Network, end: End) -> dict[str, FloatArray]:
    """Return the arrays of one end by name, none if the network lacks it.

    Returns
    -------
    dict of str to ndarray
        "E" (V, I) of the embedding; "W_y" (O, D·H) and, if there is a bias, "b_y" (O,) of the
        readout.

    Examples
    --------
    >>> layers = Network.random("gru", 3, 2, seed=0).layers
    >>> network = Network(layers, embedding=np.eye(3))
    >>> list(end_arrays(network, "embedding")), list(end_arrays(network, "readout"))
    (['E'], [])
    """
    if end == "embedding":
        return {} if network.embedding is None else {EMBEDDING.name: network.embedding}
    if (readout := network.readout) is None:
        return {}
    b = {} if readout.b is None else {READOUT_BIAS.name: readout.b}
    return {READOUT_WEIGHTS.name: readout.W} | b


def with_end_arrays(network: Network, changed: Mapping[str, FloatArray]) -> Network:
    """Return the network with other arrays at its ends, which shares everything else.

    Parameters
    ----------
    network : Network
    changed : mapping of str to ndarray
        Some of `end_arrays` of both ends, each of the same shape as before.

    Raises
    ------
    ShapeError, DTypeError, RangeError
        If an array does not fit.

    Examples
    --------
    >>> layers = Network.random("gru", 3, 2, seed=0).layers
    >>> network = Network(layers, embedding=np.eye(3))
    >>> with_end_arrays(network, {"E": np.zeros((3, 3))}).embedding.any()
    np.False_
    """
    last = network.readout
    if last is not None:
        W, b = changed.get(READOUT_WEIGHTS.name), changed.get(READOUT_BIAS.name)
        if W is not None or b is not None:
            last = replace(last, W=last.W if W is None else W, b=last.b if b is None else b)
    return network.with_ends(changed.get(EMBEDDING.name), last)


def random_end_array(name: str, own: FloatArray, *, seed: int, gain: float = 1.0) -> FloatArray:
    """Draw new values for an array at an end.

    Parameters
    ----------
    name : str
        One of `REFERENCES`.
    own : ndarray
        An array of its shape and dtype.
    seed : int
    gain : float
        Factor on a matrix, more than 0; it does not affect the bias.

    Returns
    -------
    ndarray
        W_y: Glorot-uniform. E: standard normal, as ``torch.nn.Embedding`` draws. b_y: uniform
        within ±1/sqrt(O).

    Raises
    ------
    FieldError
        If no array has that name.
    RangeError
        If the gain is 0 or less.

    Examples
    --------
    >>> random_end_array("E", np.zeros((3, 2), "float32"), seed=7).dtype
    dtype('float32')
    """
    check_gain(gain)
    rng = np.random.default_rng(seed)
    if name == EMBEDDING.name:
        drawn: FloatArray = gain * rng.standard_normal(own.shape)
    elif name == READOUT_WEIGHTS.name:
        drawn = gain * glorot(rng, own.shape[1], own.shape[0])
    elif name == READOUT_BIAS.name:
        drawn = rng.uniform(-1, 1, own.shape) / np.sqrt(len(own))
    else:
        raise FieldError("name", f"be one of {', '.join(REFERENCES)}", repr(name))
    return drawn.astype(own.dtype)
