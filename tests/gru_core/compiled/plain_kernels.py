"""Kernels without a compiler: their source run by Python, with arrays for pointers.

The functions that the source names are written here once more, by NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
from numpy.lib.stride_tricks import as_strided

from gru_core import ACTIVATIONS, Activation
from gru_core.arrays import FloatArray
from gru_core.compiled.forms import Kernel
from gru_core.compiled.kernels import Kernels, Loaded
from gru_core.compiled.source import source_of
from tests.gru_core.compiled.engines import using


class Memory:
    """The numbers from where an array begins to where it ends; nothing else can be reached."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        steps = zip(array.shape, array.strides, strict=True)
        self._size = 1 + sum((n - 1) * stride for n, stride in steps) // array.itemsize
        self._flat = as_strided(array, (self._size,), (array.itemsize,))

    def __getitem__(self, place: int) -> Any:
        assert 0 <= place < self._size, "a kernel reads beyond an array"
        return self._flat[place]

    def __setitem__(self, place: int, number: Any) -> None:
        assert 0 <= place < self._size, "a kernel writes beyond an array"
        self._flat[place] = number

    def part(self, start: int, *shape: int) -> FloatArray:
        """Return contiguous numbers in a shape, to read or write."""
        size = int(np.prod(shape))
        assert start >= 0 and start + size <= self._size, "a kernel reaches beyond an array"
        found: FloatArray = self._flat[start : start + size].reshape(shape)
        return found


def clear(out: Memory, o: int, n: int) -> None:
    out.part(o, n)[...] = 0


def add_product(
    out: Memory, o: int, M: Memory, m: int, row: int, x: Memory, p: int, height: int, width: int
) -> None:
    columns = np.array([M.part(m + k * row, height) for k in range(width)])
    out.part(o, height)[...] += x.part(p, width) @ columns


def add_products(
    out: Memory,
    o: int,
    M: Memory,
    m: int,
    row: int,
    x: Memory,
    p: int,
    height: int,
    width: int,
    B: int,
) -> None:
    columns = np.array([M.part(m + k * row, height) for k in range(width)])
    out.part(o, height, B)[...] += columns.T @ x.part(p, width, B)


def squash(
    kind: int, n: int, a: Memory, p: int, y: Memory, q: int, alpha: Any, beta: Any, clip: Any
) -> None:
    function = Activation(ACTIVATIONS[kind], float(alpha), float(beta))
    y.part(q, n)[...] = function(np.clip(a.part(p, n), -clip, clip))


def slope(
    kind: int,
    n: int,
    a: Memory,
    p: int,
    y: Memory,
    q: int,
    out: Memory,
    alpha: Any,
    beta: Any,
    clip: Any,
) -> None:
    function = Activation(ACTIVATIONS[kind], float(alpha), float(beta))
    sums = a.part(p, n)
    inside = abs(sums) <= clip
    out.part(0, n)[...] = function.slope(np.clip(sums, -clip, clip), y.part(q, n)) * inside


def hold(held: Memory, o: int, out: Memory, p: int, H: int, B: int) -> None:
    numbers = held.part(o, H)
    out.part(p, H, B)[~np.isnan(numbers)] = numbers[~np.isnan(numbers)][:, None]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


class PlainKernels(Kernels):
    """Every kernel is ready, and is its source."""

    def __init__(self) -> None:
        super().__init__("0")
        self._arrays: list[Memory] = []

    def address(self, array: np.ndarray[Any, Any]) -> int:
        """Return a number for an array, by which a kernel gets at it."""
        self._arrays.append(Memory(array))
        return len(self._arrays) - 1

    def find(self, kernel: Kernel) -> Loaded:
        source, kind = source_of(kernel), np.dtype(kernel.dtype).type
        at = self._arrays.__getitem__
        space: dict[str, Any] = {
            "one": kind(1),
            "zero": kind(0),
            "unbounded": kind(np.inf),
            "tanh": np.tanh,
            "real": at,
            "whole": at,
        }
        for function in (clear, add_product, add_products, squash, slope, hold, sigmoid):
            space[function.__name__] = function
        exec(source.text, space)

        def call(integers: int, pointers: int, floats: int) -> None:
            with np.errstate(all="ignore"):
                space["kernel"](at(integers), at(pointers), at(floats))

        return Loaded(kernel.form, source, call)


@contextmanager
def using_sources() -> Iterator[None]:
    """Compute everything by the sources of kernels."""
    kernels = PlainKernels()
    with using(kernels), mock.patch("gru_core.compiled.arguments.address", kernels.address):
        yield
