"""The readout of a network: its output and answer, and its gradient by the states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import FloatArray, as_floats, check_dtype, check_shape, owned, read_only
from gru_core.errors import RangeError, ShapeError
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.activations import SIGMOID
from gru_core.run.blocks import blocks
from gru_core.run.lengths import Lengths, masked

Head = Literal["identity", "sigmoid", "softmax"]

HEADS: tuple[Head, ...] = ("identity", "sigmoid", "softmax")
"""What follows the linear layer."""


@dataclass(frozen=True, eq=False)
class Readout:
    """A linear layer, W·states + b, and what makes its outputs an answer.

    Parameters
    ----------
    W : array_like, shape (O, D·H)
        D·H is the width of the last layer's states, H if its directions are not concatenated.
    b : array_like, shape (O,), optional
    head : {"identity", "sigmoid", "softmax"}
        The function of the outputs. The softmax of one step's outputs sums to 1.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If the arrays do not fit each other, or contain anything but finite numbers, or the head is
        unknown.

    Examples
    --------
    >>> Readout([[1.0, 0.5]]).output_size
    1
    """

    W: FloatArray
    b: FloatArray | None = None
    head: Head = "identity"

    def __post_init__(self) -> None:
        if self.head not in HEADS:
            raise RangeError("readout.head", f"be one of {', '.join(HEADS)}", repr(self.head))
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

    def astype(self, dtype: DTypeLike) -> Readout:
        """Return the readout in float32 or float64.

        Examples
        --------
        >>> Readout([[1.0, 0.5]]).astype("float32").W.dtype
        dtype('float32')
        """
        b = None if self.b is None else self.b.astype(dtype)
        return replace(self, W=self.W.astype(dtype), b=b)

    def answer(self, output: FloatArray) -> FloatArray:
        """Return the head's function of outputs, shape (…, O).

        Examples
        --------
        >>> Readout([[1.0], [1.0]], head="softmax").answer(np.array([2.0, 2.0]))
        array([0.5, 0.5])
        """
        if self.head == "identity":
            return output
        if self.head == "sigmoid":
            return SIGMOID(output)
        # Without its largest output subtracted, exp would overflow.
        raised: FloatArray = np.exp(output - output.max(axis=-1, keepdims=True))
        raised /= raised.sum(axis=-1, keepdims=True)
        return raised


class Ends:
    """The output and the answer of a run, written span by span.

    Parameters
    ----------
    readout : Readout or None
    states : ndarray, shape (T, [B,] D·H)
        The last layer's states; rows may be written later, before they are read here.

    Attributes
    ----------
    states, output, answer : ndarray
        Read-only. Without a readout, all three are the states.

    Examples
    --------
    >>> ends = Ends(Readout([[1.0, 0.5]]), np.ones((1, 2)))
    >>> ends.write(0, 1)
    >>> ends.output
    array([[1.5]])
    """

    def __init__(self, readout: Readout | None, states: FloatArray) -> None:
        self._readout, self._states = readout, states
        self._output = self._answer = states
        if readout is not None:
            shape = (*states.shape[:-1], readout.output_size)
            self._output = self._answer = np.zeros(shape, states.dtype)
            if readout.head != "identity":
                self._answer = np.zeros(shape, states.dtype)
        self.states = read_only(states)
        self.output, self.answer = read_only(self._output), read_only(self._answer)

    def take(self, keep: NetworkTrace, start: int) -> None:
        """Copy the steps before `start` from an earlier trace."""
        if self._readout is not None:
            self._output[:start] = keep.output[:start]
            self._answer[:start] = keep.answer[:start]

    def write(self, start: int, stop: int, lengths: Lengths | None = None) -> None:
        """Compute the steps start ≤ t < stop; beyond the lengths they are 0."""
        if self._readout is None:
            return
        rows = slice(start, stop)
        self._output[rows] = self._product(self._readout, start, stop)
        if self._answer is not self._output:
            self._answer[rows] = self._readout.answer(self._output[rows])
        if lengths is not None:
            for array in (self._output, self._answer):
                array[...] = masked(array, lengths)

    def _product(self, readout: Readout, start: int, stop: int) -> FloatArray:
        """Return W·states + b of some steps."""
        first, rows = blocks(self._states, start, stop)
        output = rows @ readout.W.T
        if readout.b is not None:
            output += readout.b
        found: FloatArray = output.reshape(-1, *self._output.shape[1:])[
            start - first : stop - first
        ]
        return found


def readout_gradients(
    readout: Readout | None,
    trace: NetworkTrace,
    d_output: ArrayLike | None,
    d_states: ArrayLike | None,
    dtype: np.dtype[Any],
) -> tuple[FloatArray, FloatArray | None, FloatArray | None]:
    """Return ∂L/∂states, and the gradients of the readout's W and b.

    Parameters
    ----------
    readout : Readout or None
    trace : NetworkTrace
    d_output : array_like, shape of ``trace.output``, or None
    d_states : array_like, shape of ``trace.states``, or None
        In addition to the gradient through the output.
    dtype : float32 or float64
        That of the network.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If an argument does not fit the trace.

    Examples
    --------
    See `gru_core.network.network.Network.gradients`.
    """
    received = np.zeros_like(trace.states)
    for field, value, shape in (
        ("d_states", d_states, trace.states.shape),
        ("d_output", d_output, trace.output.shape),
    ):
        if value is None:
            continue
        array = as_floats(field, value, dtype)
        check_shape(field, array, f"of trace.{field[2:]}", shape)
        if trace.lengths is not None:
            array = masked(array, trace.lengths)
        if field == "d_states" or readout is None:
            received = received + array
            continue
        flat = array.reshape(-1, shape[-1])  # (T·B, O)
        dW = flat.T @ trace.states.reshape(len(flat), -1)
        db = None if readout.b is None else flat.sum(0)
        return received + array @ readout.W, dW, db
    return received, None, None
