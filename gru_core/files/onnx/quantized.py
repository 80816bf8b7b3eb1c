"""Integers in place of weights: DequantizeLinear, and onnxruntime's DynamicQuantizeLSTM."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entry
from gru_core.files.onnx.values import Flow, Map, Value, derived

OPERATORS = ("DequantizeLinear", "QuantizeLinear")
_INTEGERS = ("int8", "uint8", "int16", "uint16", "int32")


def followed(op: str, label: str, inputs: Sequence[Value], attributes: Mapping[str, Any]) -> Value:
    """Return what a node of `OPERATORS` makes of weights, or of numbers that go through it.

    Rounding of the latter is not followed, so that the node is named as left out.
    """
    x, scale, zero = [*inputs, None, None, None][:3]
    if op == "QuantizeLinear":
        return x if isinstance(x, Flow) else None
    whole = x.table if isinstance(x, Flow) else x
    if not isinstance(whole, Entry) or not isinstance(scale, Entry):
        return x if isinstance(x, Flow) else None
    if attributes.get("block_size", 0) or not isinstance(zero, Entry | None):
        return None
    shape = [1] * len(whole.shape)
    if prod(scale.shape) != 1 and -len(shape) <= attributes.get("axis", 1) < len(shape):
        shape[attributes.get("axis", 1)] = prod(scale.shape)
    found = dequantized(whole, scale, zero, tuple(shape))
    if not isinstance(x, Flow):
        return found
    if found is None or prod(scale.shape) != 1 or not all(one.is_empty for one in x.maps):
        return x
    return replace(x, table=found, maps=(*x.maps, Map(label)))


def dequantized(x: Entry, scale: Entry, zero: Entry | None, shape: tuple[int, ...]) -> Entry | None:
    """Return (x − zero) · scale, or None if these do not fit each other.

    Parameters
    ----------
    x : Entry
        Integers of 8, 16 or 32 bits.
    scale, zero : Entry
        No zero is 0.
    shape : tuple of int
        That of scale and zero beside x: 1 along axes that share a number.

    Examples
    --------
    >>> x, zero = (Entry("a", n, "int8", (1,), lambda: np.array([3])) for n in "xz")
    >>> scale = Entry("a", "s", "float32", (1,), lambda: np.float32([0.5]))
    >>> dequantized(x, scale, zero, (1,)).fetch()
    array([0.], dtype=float32)
    """
    fits = len(shape) == len(x.shape) and all(
        n in (1, m) for n, m in zip(shape, x.shape, strict=True)
    )
    parts = [x, replace(scale, fetch=scale.read), *([] if zero is None else [zero])]
    if not fits or x.dtype not in _INTEGERS or any(prod(e.shape) != prod(shape) for e in parts[1:]):
        return None

    def change(x: NDArray[Any], scale: NDArray[Any], *zero: NDArray[Any]) -> NDArray[Any]:
        whole = x.astype(np.int32)
        for one in zero:
            whole = whole - one.astype(np.int32).reshape(shape)
        found: NDArray[Any] = (whole * scale.reshape(shape)).astype(scale.dtype)
        return found

    return derived(change, *parts, dtype=str(scale.width), shape=x.shape)


def stack(x: Entry, scale: Value, zero: Value, *, has_zero: bool) -> Entry | None:
    """Return W or R of a DynamicQuantizeLSTM in the axes of an LSTM's, (D, 4·H, I).

    Parameters
    ----------
    x : Entry
        Integers, (D, I, 4·H).
    scale, zero : Entry
        A number for each direction, (D,), or for each direction and row, (D, 4·H).
    has_zero : bool
        Whether the node has a zero point; else it is 0.
    """
    if len(x.shape) != 3 or not isinstance(scale, Entry):
        return None
    if not isinstance(zero, Entry | None) or (zero is None and has_zero):
        return None
    wide = (*scale.shape[:1], 1, *(scale.shape[1:] or (1,)))
    if wide not in ((x.shape[0], 1, 1), (x.shape[0], 1, x.shape[2])):
        return None
    found = dequantized(x, scale, zero, wide)
    return None if found is None else derived(lambda array: array.transpose(0, 2, 1), found)
