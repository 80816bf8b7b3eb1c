"""The fixed maps between layers: activation(W·x + b), such as a Dense or a normalization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape, owned
from gru_core.errors import DTypeError, ShapeError
from gru_core.parameters.activations import LINEAR, Activation
from gru_core.run.blocks import blocks


@dataclass(frozen=True, eq=False)
class Between:
    """A map that is applied to each step before a layer reads it: activation(W·x + b).

    Parameters
    ----------
    W : array_like, shape (N, M) or (M,), optional
        A matrix, or a factor of each number, as after a normalization. Without it x stays as it
        is, and N = M.
    b : array_like, shape (N,), optional
    activation : Activation, optional
        By default none.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If the arrays do not fit each other, or contain anything but finite numbers.

    Examples
    --------
    >>> from gru_core import RELU
    >>> Between([[1.0, 1.0]], [-1.0], RELU)(np.array([[2.0, 3.0], [0.0, 0.5]]))
    array([[4.],
           [0.]])
    """

    W: FloatArray | None = None
    b: FloatArray | None = None
    activation: Activation = LINEAR

    def __post_init__(self) -> None:
        first = self.b if self.W is None else self.W
        dtype = np.dtype(np.float64) if first is None else check_dtype(np.asarray(first).dtype)
        if self.W is not None:
            W = owned(as_floats("between.W", self.W, dtype))
            if W.ndim not in (1, 2) or 0 in W.shape:
                raise ShapeError("between.W", "have shape (N, M) or (M,)", str(W.shape))
            object.__setattr__(self, "W", W)
        if self.b is not None:
            b = owned(as_floats("between.b", self.b, dtype))
            size = b.size if self.W is None else len(self.W)
            check_shape("between.b", b, "(N,)", (size,))
            object.__setattr__(self, "b", b)

    @property
    def arrays(self) -> dict[str, FloatArray]:
        """Its W and b, those that it has."""
        found = {"W": self.W, "b": self.b}
        return {name: array for name, array in found.items() if array is not None}

    @property
    def sizes(self) -> tuple[int, int] | None:
        """M and N, the numbers that it reads and returns; None if it fits any number."""
        if self.W is not None:
            return self.W.shape[-1], self.W.shape[0]
        return None if self.b is None else (len(self.b), len(self.b))

    def __str__(self) -> str:
        """Return its equation.

        Examples
        --------
        >>> str(Between([[1.0]], [0.5], Activation("tanh")))
        'tanh(W·x + b)'
        """
        product = {None: "x", 1: "W ⊙ x", 2: "W·x"}[None if self.W is None else self.W.ndim]
        inside = product if self.b is None else f"{product} + b"
        return inside if self.activation == LINEAR else f"{self.activation.name}({inside})"

    def __call__(self, x: FloatArray) -> FloatArray:
        """Return the map of an array (…, M)."""
        with np.errstate(all="ignore"):  # the layer refuses overflow
            a = self._sums(x)
            return a if self.activation == LINEAR else self.activation(a)

    def back(self, x: FloatArray, received: FloatArray) -> FloatArray:
        """Return ∂L/∂x, (…, M), from the gradient of its result at x, (…, N).

        Examples
        --------
        >>> Between([2.0, 3.0]).back(np.ones((1, 2)), np.ones((1, 2)))
        array([[2., 3.]])
        """
        if self.activation != LINEAR:
            a = self._sums(x)
            received = received * self.activation.slope(a, self.activation(a))
        if self.W is None:
            return received
        return received * self.W if self.W.ndim == 1 else received @ self.W

    def _sums(self, x: FloatArray) -> FloatArray:
        """Return W·x + b."""
        a = x
        if self.W is not None:
            a = x * self.W if self.W.ndim == 1 else x @ self.W.T
        return a if self.b is None else a + self.b

    def astype(self, dtype: DTypeLike) -> Between:
        """Return the map in float32 or float64.

        Examples
        --------
        >>> Between([2.0]).astype("float32").W.dtype
        dtype('float32')
        """
        W, b = (None if a is None else a.astype(dtype) for a in (self.W, self.b))
        return replace(self, W=W, b=b)


def checked(between: Any, size: int, dtype: np.dtype[Any]) -> tuple[Between, ...]:
    """Return the maps before a layer that reads `size` numbers, after checking them.

    Raises
    ------
    DTypeError, ShapeError
        If they do not fit the layer or each other.

    Examples
    --------
    >>> checked([Between(np.ones((3, 2)))], 4, np.dtype("float64"))
    Traceback (most recent call last):
    gru_core.errors.ShapeError: before[0] must return I = 4 numbers, got 3
    """
    maps = (between,) if isinstance(between, Between) else tuple(between)
    for i, one in reversed(list(enumerate(maps))):
        if not isinstance(one, Between):
            raise DTypeError(f"before[{i}]", "be a Between", type(one).__name__)
        for name, array in one.arrays.items():
            if array.dtype != dtype:
                raise DTypeError(
                    f"before[{i}].{name}", f"be of {dtype} like the layer", f"{array.dtype}"
                )
        if one.sizes is not None:
            if one.sizes[1] != size:
                raise ShapeError(f"before[{i}]", f"return I = {size} numbers", str(one.sizes[1]))
            size = one.sizes[0]
    return maps


def input_size(maps: tuple[Between, ...], size: int) -> int:
    """Return how many numbers the maps before a layer read, if it reads `size`.

    Examples
    --------
    >>> input_size((Between(np.ones((3, 2))),), 3)
    2
    """
    return next((one.sizes[0] for one in maps if one.sizes is not None), size)


def through(maps: Iterable[Between], x: FloatArray, start: int, stop: int) -> FloatArray:
    """Return the rows start ≤ t < stop of x, (T, [B,] M), after some maps.

    Examples
    --------
    >>> through([Between([2.0])], np.array([[1.0], [3.0]]), 1, 2)
    array([[6.]])
    """
    first, rows = blocks(x, start, stop)
    for one in maps:
        rows = one(rows)
    flat: FloatArray = rows.reshape(-1, *x.shape[1:-1], rows.shape[-1])
    return flat[start - first : stop - first]


def back_through(maps: tuple[Between, ...], x: FloatArray, received: FloatArray) -> FloatArray:
    """Return the gradient by x, (T, [B,] M), from that by the result of the maps.

    Examples
    --------
    >>> back_through((Between([2.0]), Between([5.0])), np.ones((1, 1)), np.ones((1, 1)))
    array([[10.]])
    """
    inputs = [x]
    for one in maps[:-1]:
        inputs.append(one(inputs[-1]))
    for one, at in zip(reversed(maps), reversed(inputs), strict=False):
        received = one.back(at, received)
    return received


class Feed:
    """The input of a layer, written span by span as the states below it are.

    Parameters
    ----------
    maps : tuple of Between
    below : ndarray, shape (T, [B,] M)
    stop : int
        The rows of `below` that are there already.

    Attributes
    ----------
    x : ndarray, shape (T, [B,] I)
        `below` itself if there are no maps.

    Examples
    --------
    >>> feed = Feed((Between([2.0]),), np.ones((3, 1)), 1)
    >>> feed.advance(2)
    >>> feed.x.ravel()
    array([2., 2., 0.])
    """

    def __init__(self, maps: tuple[Between, ...], below: FloatArray, stop: int) -> None:
        self._maps, self._below, self._done = maps, below, 0
        self.x = below
        if maps:
            width = next(
                (one.sizes[1] for one in reversed(maps) if one.sizes is not None), below.shape[-1]
            )
            self.x = np.zeros((*below.shape[:-1], width), below.dtype)
            self.advance(stop)

    def advance(self, stop: int) -> None:
        """Write the rows up to `stop` that are not there yet."""
        if self._maps and stop > self._done:
            self.x[self._done : stop] = through(self._maps, self._below, self._done, stop)
            self._done = stop
