"""Everything that one layer computed over a sequence or a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gru_core.arrays import FloatArray, read_only
from gru_core.errors import RangeError, ShapeError
from gru_core.run.clamps import Clamp
from gru_core.run.layers import FORWARD, Direction
from gru_core.run.lengths import Lengths, masked, turned


@dataclass(frozen=True, eq=False)
class Trace:
    """The internals of one layer over T timesteps; arrays are read-only.

    Each value of the cell is an attribute, an array of shape (T, [B,] H):

    ====  =====================================================================================
    GRU   z, r, n, h, u, a_z, a_r, a_n, with u = U_n·h_prev + b_hn, which the reset gate multiplies
          (reset before: u = U_n·(r ⊙ h_prev) + b_hn)
    LSTM  i, f, o, g, c, m, h, a_i, a_f, a_o, a_g, with m = tanh(c)
    RNN   a, h
    all   h_prev, and for the LSTM c_prev: the states before each step
    ====  =====================================================================================

    Attributes
    ----------
    x : ndarray, shape (T, [B,] I)
        The input.
    projection : ndarray, shape (T, G·H), or None
        x·Wᵀ without biases, with columns in the order of W; None for a batch.
    h_0 : ndarray, shape ([B,] H)
        The state before the first step.
    c_0 : ndarray, shape ([B,] H), or None
        The LSTM's inner state before the first step.
    values : mapping of str to ndarray, shape (T, [B,] H)
        The values by name.
    lengths : ndarray, shape ([B],), or None
        The number of steps of each sequence, if they differ; later rows are 0.
    reverse : Trace or None
        The other direction of a bidirectional layer, in the order of the input; its h_prev is the
        state of the following step.
    clamps : tuple of Clamp
        The clamps of the run.
    layer : int
        The layer in its network, from 0.
    direction : str
        "forward" or "reverse": the direction of the layer.
    is_compiled : bool
        Whether a compiled kernel computed it. NumPy's numbers may differ in the last digit, so a
        run that resumes it is computed from its first step if it cannot be computed alike.

    Examples
    --------
    >>> from gru_core import GRU, GRUParams
    >>> trace = GRU(GRUParams.random(3, 2, seed=0)).run(np.zeros((5, 3)))
    >>> len(trace), trace.h.shape, list(trace.values)
    (5, (5, 2), ['z', 'r', 'n', 'h', 'u', 'a_z', 'a_r', 'a_n', 'h_prev'])
    """

    x: FloatArray
    projection: FloatArray | None
    h_0: FloatArray
    c_0: FloatArray | None
    values: Mapping[str, FloatArray]
    lengths: Lengths | None = None
    reverse: Trace | None = field(default=None, kw_only=True)
    is_reversed: bool = field(default=False, kw_only=True)
    clamps: tuple[Clamp, ...] = field(default=(), kw_only=True)
    layer: int = field(default=0, kw_only=True)
    direction: Direction = field(default=FORWARD, kw_only=True)
    is_compiled: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("x", "projection", "h_0", "c_0"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, read_only(value))
        object.__setattr__(self, "values", {k: read_only(v) for k, v in self.values.items()})

    def __getattr__(self, name: str) -> FloatArray:
        """Return a value by its name."""
        values: Mapping[str, FloatArray] = self.__dict__.get("values", {})
        if name not in values:
            raise AttributeError(f"trace has no {name!r}, only {', '.join(values)}")
        return values[name]

    def __len__(self) -> int:
        return len(self.x)

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return int(self.h_0.shape[-1])

    @property
    def batch(self) -> int | None:
        """B, or None for a trace of one sequence without a batch axis."""
        return self.x.shape[1] if self.x.ndim == 3 else None

    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """float32 or float64."""
        return self.h_0.dtype

    @property
    def h_T(self) -> FloatArray:
        """The state after the last step before the padding, shape ([B,] H); in reverse, the first.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> trace = GRU(GRUParams.random(1, 1, seed=0)).run([[1.0], [1.0]])
        >>> bool(trace.h_T == trace.h[-1])
        True
        """
        return self._last("h")

    @property
    def c_T(self) -> FloatArray | None:
        """The LSTM's inner state after that step, shape ([B,] H), or None."""
        return self._last("c") if "c" in self.values else None

    def sequence(self, b: int) -> Trace:
        """Return the trace of one sequence of a batch, without the batch axis and its padding.

        Raises
        ------
        ShapeError
            If the trace has no batch axis.
        RangeError
            If b is out of range.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> trace = GRU(GRUParams.random(1, 2, seed=0)).run(np.ones((5, 3, 1)))
        >>> trace.sequence(2).h.shape
        (5, 2)
        """
        if self.batch is None:
            raise ShapeError("trace", "have a batch axis", f"x of shape {self.x.shape}")
        if not 0 <= b < self.batch:
            raise RangeError("b", f"be from 0 to {self.batch - 1}", str(b))
        stop = len(self) if self.lengths is None else int(self.lengths[b])
        return Trace(
            self.x[:stop, b],
            None,
            self.h_0[b],
            None if self.c_0 is None else self.c_0[b],
            {name: value[:stop, b] for name, value in self.values.items()},
            reverse=None if self.reverse is None else self.reverse.sequence(b),
            is_reversed=self.is_reversed,
            clamps=tuple(clamp for clamp in self.clamps if clamp.t is None or clamp.t < stop),
            layer=self.layer,
            direction=self.direction,
            is_compiled=self.is_compiled,
        )

    def turned(self) -> Trace:
        """Return the trace with time reversed; padding stays at the end.

        Raises
        ------
        RangeError
            If the run had clamps at single steps, and sequences of different lengths.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> trace = GRU(GRUParams.random(1, 2, seed=0)).run(np.ones((5, 1)))
        >>> bool((trace.turned().h[0] == trace.h[-1]).all())
        True
        """
        if self.lengths is not None:
            self.check_free()
        return replace(
            self,
            x=turned(self.x, self.lengths),
            projection=None,
            values={name: turned(value, self.lengths) for name, value in self.values.items()},
            is_reversed=not self.is_reversed,
            clamps=tuple(clamp.turned(len(self)) for clamp in self.clamps),
        )

    def masked(self, lengths: Lengths) -> Trace:
        """Return the trace with 0 beyond each length.

        Examples
        --------
        >>> from gru_core import GRU, GRUParams
        >>> trace = GRU(GRUParams.random(1, 2, seed=0)).run(np.ones((5, 1)))
        >>> trace.masked(np.array(3)).z[3:].any()
        np.False_
        """
        values = {name: masked(value, lengths) for name, value in self.values.items()}
        return replace(self, projection=None, values=values, lengths=lengths)

    def with_reverse(self, reverse: Trace) -> Trace:
        """Return the trace with the trace of the other direction attached.

        Examples
        --------
        >>> from gru_core import Network
        >>> trace = Network.random("gru", 1, 2, directions=2, seed=0).run([[1.0], [2.0]]).layers[0]
        >>> trace.with_reverse(trace.reverse).reverse.h.shape
        (2, 2)
        """
        return replace(self, reverse=reverse)

    def check_free(self) -> None:
        """Refuse a trace with clamps.

        Raises
        ------
        RangeError
            If it has clamps.

        Examples
        --------
        >>> from gru_core import RNN, Clamp, RNNParams
        >>> RNN(RNNParams([[1.0]], [[1.0]])).run([[1.0]], clamps=[Clamp("h", 0, 0.5)]).check_free()
        Traceback (most recent call last):
        gru_core.errors.RangeError: trace must be of a run without clamps, got 1 of them
        """
        if self.clamps:
            raise RangeError("trace", "be of a run without clamps", f"{len(self.clamps)} of them")

    def _last(self, name: str) -> FloatArray:
        value = self.values[name]
        if self.is_reversed:
            last: FloatArray = value[0]
        elif self.lengths is None:
            last = value[-1]
        elif self.batch is None:
            last = value[int(self.lengths) - 1]
        else:
            last = value[self.lengths - 1, np.arange(self.batch)]
        return last
