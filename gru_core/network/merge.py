"""How a layer that reads in both directions puts their states together."""

from __future__ import annotations

from functools import reduce
from typing import Literal

import numpy as np

from gru_core.arrays import FloatArray

Merge = Literal["concat", "sum", "mean", "product"]

MERGES: tuple[Merge, ...] = ("concat", "sum", "mean", "product")
"""Keras calls the third "ave" and the last "mul"; PyTorch knows only "concat"."""


def merged(states: list[FloatArray], merge: Merge) -> FloatArray:
    """Return a layer's states from those of its directions.

    Parameters
    ----------
    states : list of ndarray, each of shape (T, [B,] H)
        Those of one or two directions, in the order of the input, forward first.
    merge : {"concat", "sum", "mean", "product"}

    Returns
    -------
    ndarray, shape (T, [B,] D·H) for "concat", else (T, [B,] H)

    Examples
    --------
    >>> merged([np.array([[1.0]]), np.array([[3.0]])], "mean").tolist()
    [[2.0]]
    """
    if len(states) == 1:
        return states[0]
    if merge == "concat":
        return np.concatenate(states, -1)
    if merge == "product":
        return reduce(np.multiply, states)
    total: FloatArray = reduce(np.add, states)
    return total / total.dtype.type(len(states)) if merge == "mean" else total


def unmerged(received: FloatArray, states: list[FloatArray], merge: Merge) -> list[FloatArray]:
    """Return the gradient of each direction's states from that of the layer's.

    Parameters
    ----------
    received : ndarray, shape of ``merged(states, merge)``
        ∂L/∂states of the layer.
    states : list of ndarray, each of shape (T, [B,] H)
    merge : {"concat", "sum", "mean", "product"}

    Returns
    -------
    list of ndarray, each of shape (T, [B,] H)

    Examples
    --------
    >>> parts = [np.array([[2.0]]), np.array([[3.0]])]
    >>> [part.item() for part in unmerged(np.array([[1.0]]), parts, "product")]
    [3.0, 2.0]
    """
    if len(states) == 1:
        return [received]
    if merge == "concat":
        return np.split(received, len(states), axis=-1)
    if merge == "product":
        there, back = states
        return [received * back, received * there]
    share = received / received.dtype.type(len(states)) if merge == "mean" else received
    return [share for _ in states]
