"""A batch of sequences with their targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences of equal length, the answers that are wanted, and the steps that count.

    Attributes
    ----------
    x : ndarray of int, shape (T, B), or of float, shape (T, B, I)
        Indices of symbols or words, or numbers. In padding, −1 or 0.
    target : ndarray of int, shape (T, B), or of float, shape (T, B, O)
        The index of the right class, or the values that the outputs should have.
    mask : ndarray of bool, shape (T, B)
        True where the answer counts in the loss and in the score.

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> batch = Parity(length=8).draw(np.random.default_rng(0), 4)
    >>> batch.x.shape, batch.target.shape, int(batch.mask.sum())
    ((8, 4), (8, 4), 32)
    """

    x: NDArray[Any]
    target: NDArray[Any]
    mask: NDArray[np.bool_]

    def numbers(self, input_size: int, dtype: np.dtype[Any]) -> FloatArray:
        """Return x as the input of a network without an embedding: symbols become one-hot.

        Returns
        -------
        ndarray, shape (T, B, I)

        Examples
        --------
        >>> Batch(np.array([[1, -1]]), np.zeros((1, 2)), np.ones((1, 2), bool)).numbers(
        ...     2, np.dtype("float32")).tolist()
        [[[0.0, 1.0], [0.0, 0.0]]]
        """
        if self.x.ndim == 3:
            return self.x.astype(dtype)
        symbols = np.arange(input_size)
        result: FloatArray = (self.x[..., None] == symbols).astype(dtype)
        return result
