"""The readout of a network: its output, and its gradient with respect to the states."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, as_floats, check_shape
from gru_core.network.layer import Readout
from gru_core.network.trace import NetworkTrace
from gru_core.run.lengths import Lengths, masked


def network_output(
    readout: Readout | None, states: FloatArray, lengths: Lengths | None
) -> FloatArray:
    """Return W·states + b, 0 in the padding; the states themselves without a readout.

    Examples
    --------
    >>> network_output(Readout([[1.0, 0.5]]), np.ones((1, 2)), None)
    array([[1.5]])
    """
    if readout is None:
        return states
    output = states @ readout.W.T
    if readout.b is not None:
        output += readout.b
    return output if lengths is None else masked(output, lengths)


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
