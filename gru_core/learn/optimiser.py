"""Adam with decoupled weight decay, clipping, and learning rates that change over time."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from gru_core.arrays import FloatArray

Schedule = Literal["constant", "cosine", "warm-up"]
SCHEDULES: tuple[Schedule, ...] = ("constant", "cosine", "warm-up")
WARM_UP = 0.1
"""The part of the steps in which the rate of "warm-up" rises."""


def rate(schedule: Schedule, largest: float, step: int, steps: int) -> float:
    """Return the learning rate of a step, from 0, out of `steps`.

    "cosine" falls from the largest to 0; "warm-up" rises to it over the first tenth, and then falls
    as a cosine.

    Examples
    --------
    >>> [round(rate("cosine", 1.0, step, 100), 2) for step in (0, 50, 99)]
    [1.0, 0.5, 0.0]
    """
    if schedule == "constant":
        return largest
    first = math.ceil(WARM_UP * steps) if schedule == "warm-up" else 0
    if step < first:
        return largest * (step + 1) / first
    return largest * 0.5 * (1 + math.cos(math.pi * (step - first) / max(1, steps - first)))


def clip(gradient: FloatArray, largest: float | None) -> float:
    """Scale a gradient in place to a norm of at most `largest`; return the norm it had.

    Notes
    -----
    Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063.

    Examples
    --------
    >>> gradient = np.array([3.0, 4.0])
    >>> clip(gradient, 1.0), gradient.tolist()
    (5.0, [0.6000000000000001, 0.8])
    """
    norm = math.sqrt(float(np.dot(gradient, gradient)))
    if largest is not None and norm > largest:
        gradient *= gradient.dtype.type(largest / norm)
    return norm


class Adam:
    """Adam with decoupled weight decay.

    Parameters
    ----------
    size : int
        The number of weights.
    dtype : float32 or float64
    beta1, beta2, epsilon, decay : float

    Attributes
    ----------
    first, second : ndarray, shape (size,)
        The moving averages of the gradient and of its square.
    count : int
        The number of updates made.

    Notes
    -----
    Kingma & Ba 2015, arXiv:1412.6980; Loshchilov & Hutter 2019, arXiv:1711.05101. With the same
    settings, ``torch.optim.AdamW``.

    Examples
    --------
    >>> weights, adam = np.array([1.0]), Adam(1, np.dtype("float64"))
    >>> adam.update(weights, np.array([0.5]), 0.1)
    >>> weights
    array([0.9])
    """

    def __init__(
        self,
        size: int,
        dtype: np.dtype[np.floating],
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.0,
    ) -> None:
        self.first, self.second = np.zeros(size, dtype), np.zeros(size, dtype)
        self.count = 0
        self._betas, self._epsilon, self._decay = (beta1, beta2), epsilon, decay
        self._work, self._scale = np.empty(size, dtype), np.empty(size, dtype)

    def update(self, weights: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Move the weights in place."""
        (beta1, beta2), kind = self._betas, weights.dtype.type
        self.count += 1
        if self._decay:
            weights *= kind(1 - learning_rate * self._decay)
        self.first *= kind(beta1)
        self.first += np.multiply(gradient, kind(1 - beta1), out=self._work)
        self.second *= kind(beta2)
        np.multiply(gradient, gradient, out=self._work)
        self.second += np.multiply(self._work, kind(1 - beta2), out=self._work)
        scale = np.sqrt(self.second, out=self._scale)
        scale /= kind(math.sqrt(1 - beta2**self.count))
        scale += kind(self._epsilon)
        np.divide(self.first, scale, out=self._work)
        self._work *= kind(learning_rate / (1 - beta1**self.count))
        weights -= self._work
