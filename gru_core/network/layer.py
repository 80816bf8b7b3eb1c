"""The parts of a network: layers, and a linear readout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape, owned
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.network.merge import MERGES, Merge
from gru_core.parameters.params import Params
from gru_core.run.layers import DIRECTIONS, Direction


@dataclass(frozen=True, eq=False)
class Layer:
    """The params of one layer, which reads forward, in reverse, or both.

    Parameters
    ----------
    forward, reverse : Params or None
        Those of each direction, at least one.
    merge : {"concat", "sum", "mean", "product"}
        How the states of two directions become those of the layer.

    Raises
    ------
    ShapeError, DTypeError
        If there is no direction, or the two differ in kind, size or dtype.
    RangeError
        If `merge` is unknown.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> Layer(GRUParams.random(3, 2, seed=0)).directions
    1
    >>> Layer(None, GRUParams.random(3, 2, seed=0)).reads
    ('reverse',)
    """

    forward: Params | None
    reverse: Params | None = None
    merge: Merge = field(default="concat", kw_only=True)

    def __post_init__(self) -> None:
        if self.merge not in MERGES:
            raise RangeError("merge", f"be one of {', '.join(MERGES)}", repr(self.merge))
        there, back = self.forward, self.reverse
        if there is None and back is None:
            raise ShapeError("forward", "be params unless reverse is", "neither")
        if there is None or back is None:
            return
        if back.dtype != there.dtype:
            raise DTypeError("reverse", f"be of dtype {there.dtype} like forward", str(back.dtype))
        sizes = tuple((p.kind, p.input_size, p.hidden_size) for p in (there, back))
        if sizes[0] != sizes[1]:
            raise ShapeError("reverse", f"be (kind, I, H) = {sizes[0]} like forward", str(sizes[1]))

    @property
    def reads(self) -> tuple[Direction, ...]:
        """The directions that it reads in, forward first."""
        return tuple(name for name in DIRECTIONS if getattr(self, name) is not None)

    @property
    def directions(self) -> int:
        """D, the number of directions, 1 or 2."""
        return len(self.reads)

    @property
    def first(self) -> Params:
        """The params of its first direction: kind, sizes and dtype are those of both."""
        return next(self.params())

    @property
    def output_size(self) -> int:
        """The width of its states: D·H where they are concatenated, else H."""
        wide = self.directions if self.merge == "concat" else 1
        return wide * self.first.hidden_size

    def params(self) -> Iterator[Params]:
        """Yield the params of each direction, forward first.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> both = Layer(RNNParams.random(3, 2, seed=0), RNNParams.random(3, 2, seed=1))
        >>> [p.kind for p in both.params()]
        ['rnn', 'rnn']
        """
        for params in (self.forward, self.reverse):
            if params is not None:
                yield params

    def astype(self, dtype: DTypeLike) -> Layer:
        """Return the layer in float32 or float64.

        Examples
        --------
        >>> from gru_core import RNNParams
        >>> Layer(RNNParams.random(3, 2, seed=0)).astype("float32").first.dtype
        dtype('float32')
        """
        made = [None if p is None else p.astype(dtype) for p in (self.forward, self.reverse)]
        return replace(self, forward=made[0], reverse=made[1])


def as_layers(layers: Any) -> tuple[Layer, ...]:
    """Return the layers of a network; params alone are a layer that reads forward.

    Raises
    ------
    ShapeError
        If there are none.
    DTypeError
        If one is neither a Layer nor params.

    Examples
    --------
    >>> from gru_core import GRUParams
    >>> as_layers(GRUParams.random(3, 2, seed=0))[0].reads
    ('forward',)
    """
    listed = (layers,) if isinstance(layers, Layer | Params) else tuple(layers)
    if not listed:
        raise ShapeError("layers", "be at least one", "none")
    made = tuple(Layer(one) if isinstance(one, Params) else one for one in listed)
    for k, one in enumerate(made):
        if not isinstance(one, Layer):
            raise DTypeError(f"layers[{k}]", "be a Layer or the params of one", type(one).__name__)
    return made


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear layer: W·states + b.

    Parameters
    ----------
    W : array_like, shape (O, D·H)
        D·H is the width of the last layer's states, H if its directions are not concatenated.
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
