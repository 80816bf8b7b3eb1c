"""The parts of a network: layers of one or both directions, and a linear readout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape, owned
from gru_core.errors import DTypeError, ShapeError
from gru_core.parameters.params import Params


@dataclass(frozen=True, eq=False)
class Layer:
    """The params of one layer, of both directions if there are two.

    Raises
    ------
    ShapeError, DTypeError
        If the two directions differ in kind, size or dtype.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> Layer(GRUParams.random(3, 2, seed=0)).directions
    1
    """

    forward: Params
    reverse: Params | None = None

    def __post_init__(self) -> None:
        there, back = self.forward, self.reverse
        if back is None:
            return
        if back.dtype != there.dtype:
            raise DTypeError("reverse", f"be of dtype {there.dtype} like forward", str(back.dtype))
        sizes = tuple((p.kind, p.input_size, p.hidden_size) for p in (there, back))
        if sizes[0] != sizes[1]:
            raise ShapeError("reverse", f"be (kind, I, H) = {sizes[0]} like forward", str(sizes[1]))

    @property
    def directions(self) -> int:
        """D, 1 or 2."""
        return 1 if self.reverse is None else 2

    def params(self) -> Iterator[Params]:
        """Yield the params of each direction, forward first.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> both = Layer(RNNParams.random(3, 2, seed=0), RNNParams.random(3, 2, seed=1))
        >>> [p.kind for p in both.params()]
        ['rnn', 'rnn']
        """
        yield self.forward
        if self.reverse is not None:
            yield self.reverse


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear layer: W·states + b.

    Parameters
    ----------
    W : array_like, shape (O, D·H)
    b : array_like, shape (O,), optional

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If the arrays do not fit each other, or contain anything but finite numbers.

    Examples
    --------
    >>> Readout([[1.0, 0.5]]).output_size
    1
    """

    W: FloatArray
    b: FloatArray | None = None

    def __post_init__(self) -> None:
        dtype = check_dtype(np.asarray(self.W).dtype)
        W = owned(as_floats("readout.W", self.W, dtype))
        if W.ndim != 2:
            raise ShapeError("readout.W", "have shape (O, D·H)", str(W.shape))
        object.__setattr__(self, "W", W)
        if self.b is not None:
            b = owned(as_floats("readout.b", self.b, dtype))
            check_shape("readout.b", b, "(O,)", W.shape[:1])
            object.__setattr__(self, "b", b)

    @property
    def output_size(self) -> int:
        """O, the number of outputs."""
        return len(self.W)
