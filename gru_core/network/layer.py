"""One layer of a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_shape, owned
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.network import between
from gru_core.network.between import Between
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
    h0, c0 : array_like, shape (D, H), optional
        The states that each direction starts from, unless a run is given others; by default 0.
    before : tuple of Between, optional
        Fixed maps of what it reads, in order, such as a Dense and a relu. Both directions read
        their result.
    turned : tuple of {"forward", "reverse"}, optional
        The directions whose states are handed on last step first, as Keras does with
        ``go_backwards=True``. Only of a layer that also reads in reverse.

    Raises
    ------
    ShapeError, DTypeError
        If there is no direction, the two differ in kind, size or dtype, or a state does not fit.
    RangeError
        If `merge` is unknown, a state is not finite, or a direction cannot be turned.

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
    h0: FloatArray | None = field(default=None, kw_only=True)
    c0: FloatArray | None = field(default=None, kw_only=True)
    before: tuple[Between, ...] = field(default=(), kw_only=True)
    turned: tuple[Direction, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if self.merge not in MERGES:
            raise RangeError("merge", f"be one of {', '.join(MERGES)}", repr(self.merge))
        self._check_pair()
        object.__setattr__(self, "turned", tuple(self.turned))
        if self.turned and (self.reverse is None or not set(self.turned) <= set(self.reads)):
            wanted = "name directions of a layer that reads in reverse"
            raise RangeError("turned", wanted, ", ".join(self.turned))
        maps = between.checked(self.before, self.first.input_size, self.first.dtype)
        object.__setattr__(self, "before", maps)
        for name in ("h0", "c0"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, self._start(name, value))

    def _check_pair(self) -> None:
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

    def _start(self, name: str, value: ArrayLike) -> FloatArray:
        """Return a checked start state."""
        params = self.first
        if name[0] not in params.STATES:
            raise ShapeError(name, f"not be given to a layer without {name[0]}", params.kind)
        state = owned(as_floats(name, value, params.dtype))
        check_shape(name, state, "(D, H)", (self.directions, params.hidden_size))
        return state

    @cached_property
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
    def input_size(self) -> int:
        """The numbers that it reads at each step, before its maps; I without any."""
        return between.input_size(self.before, self.first.input_size)

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
        found = {name: getattr(self, name) for name in ("forward", "reverse", "h0", "c0")}
        cast: dict[str, Any] = {k: v.astype(dtype) for k, v in found.items() if v is not None}
        return replace(self, **cast, before=tuple(one.astype(dtype) for one in self.before))


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
