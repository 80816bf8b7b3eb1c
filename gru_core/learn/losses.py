"""What training makes small, and its derivative by the outputs of a network.

Arrays are (S, O, B): S steps, O outputs, and B sequences last, as the passes compute them.
`weight`, (S, B), is how much each step of each sequence counts. It sums to 1, so a loss is a
weighted mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.network.readout import Head

Loss = Callable[[FloatArray, NDArray[Any], FloatArray], tuple[float, FloatArray]]
"""The loss and its derivative, of outputs, targets and weights."""


def cross_entropy(
    output: FloatArray, target: NDArray[Any], weight: FloatArray
) -> tuple[float, FloatArray]:
    """Return −log of the softmax at the right class, in nats; the target is (S, B), of int.

    Examples
    --------
    >>> loss, slope = cross_entropy(np.zeros((1, 2, 1)), np.array([[0]]), np.ones((1, 1)))
    >>> round(loss, 4), slope.ravel().tolist()
    (0.6931, [-0.5, 0.5])
    """
    # Without its largest output subtracted, exp would overflow.
    slope = output - output.max(axis=1, keepdims=True)
    right = target[:, None, :]
    picked = np.take_along_axis(slope, right, axis=1)[:, 0]
    np.exp(slope, out=slope)
    total = slope.sum(axis=1, keepdims=True)
    loss = float(np.sum(weight * (np.log(total[:, 0]) - picked), dtype=np.float64))
    slope /= total
    np.put_along_axis(slope, right, np.take_along_axis(slope, right, axis=1) - 1, axis=1)
    slope *= weight[:, None, :]
    return loss, slope


def binary_cross_entropy(
    output: FloatArray, target: NDArray[Any], weight: FloatArray
) -> tuple[float, FloatArray]:
    """Return −log of the probability of the right answers to O yes-or-no questions, their mean.

    Examples
    --------
    >>> loss, slope = binary_cross_entropy(np.zeros((1, 1, 1)), np.ones((1, 1, 1)), np.ones((1, 1)))
    >>> round(loss, 4), slope.ravel().tolist()
    (0.6931, [-0.5])
    """
    each = weight[:, None, :] / output.dtype.type(output.shape[1])
    losses = np.logaddexp(0, output) - target * output
    slope = (1 / (1 + np.exp(-output)) - target) * each
    return float(np.sum(losses * each, dtype=np.float64)), slope.astype(output.dtype, copy=False)


def squared_error(
    output: FloatArray, target: NDArray[Any], weight: FloatArray
) -> tuple[float, FloatArray]:
    """Return the mean over O outputs of (output − target)².

    Examples
    --------
    >>> squared_error(np.full((1, 1, 1), 3.0), np.ones((1, 1, 1)), np.ones((1, 1)))
    (4.0, array([[[4.]]]))
    """
    each = weight[:, None, :] / output.dtype.type(output.shape[1])
    apart = output - target
    slope = 2 * apart * each
    loss = float(np.sum(apart * apart * each, dtype=np.float64))
    return loss, slope.astype(output.dtype, copy=False)


LOSSES: Mapping[Head, Loss] = {
    "softmax": cross_entropy,
    "sigmoid": binary_cross_entropy,
    "identity": squared_error,
}
"""The loss that fits each head."""
