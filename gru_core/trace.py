"""Everything one layer computed over one sequence."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray

VALUES = ("z", "r", "n", "h", "u", "a_z", "a_r", "a_n")
"""The arrays of a trace that have one row of H values per timestep."""


@dataclass(frozen=True, eq=False)
class Trace:
    """The internals of one layer over T timesteps; arrays are read-only.

    Attributes
    ----------
    x : ndarray, shape (T, I)
        The input.
    projection : ndarray, shape (T, 3H)
        x·Wᵀ without biases, columns in the order z, r, n.
    h_0 : ndarray, shape (H,)
        The state before the first step.
    z, r : ndarray, shape (T, H)
        Update and reset gates, 0 to 1.
    n : ndarray, shape (T, H)
        Candidate, −1 to 1.
    h : ndarray, shape (T, H)
        State after each step; −1 to 1 if h_0 is.
    u : ndarray, shape (T, H)
        U_n·h_prev + b_hn, which the reset gate multiplies.
    a_z, a_r, a_n : ndarray, shape (T, H)
        Pre-activations: z = σ(a_z), r = σ(a_r), n = tanh(a_n).

    Examples
    --------
    >>> from gru_core import GRU, GRUParams
    >>> trace = GRU(GRUParams.random(3, 2, seed=0)).run(np.zeros((5, 3)))
    >>> len(trace), trace.h.shape
    (5, (5, 2))
    """

    x: FloatArray
    projection: FloatArray
    h_0: FloatArray
    z: FloatArray
    r: FloatArray
    n: FloatArray
    h: FloatArray
    u: FloatArray
    a_z: FloatArray
    a_r: FloatArray
    a_n: FloatArray

    def __post_init__(self) -> None:
        for field in fields(self):
            view = getattr(self, field.name).view()
            view.flags.writeable = False
            object.__setattr__(self, field.name, view)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return len(self.h_0)

    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """float32 or float64."""
        return self.h.dtype

    @property
    def h_prev(self) -> FloatArray:
        """The state before each step, shape (T, H): h_0, then h without its last row.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> gru = GRU(GRUParams.random(1, 1, seed=0))
        >>> gru.run([[1.0], [1.0]], h0=[0.5]).h_prev[0]
        array([0.5])
        """
        return np.concatenate([self.h_0[None], self.h[:-1]])
