"""Computes the steps of a run with a kernel, in the memory that the NumPy stepper would use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.compiled.forms import Kernel, form_of
from gru_core.compiled.kernels import Loaded
from gru_core.parameters.activations import ACTIVATIONS
from gru_core.parameters.params import Params
from gru_core.run.buffers import Buffers
from gru_core.run.inputs import RunInputs


def address(array: NDArray[Any]) -> int:
    """Return where an array begins in memory."""
    found: int = array.__array_interface__["data"][0]
    return found


def forward_kernel(params: Params, inputs: RunInputs) -> Kernel:
    """Return the kernel that a run needs."""
    is_batch, is_held = inputs.x.ndim == 3, inputs.held is not None
    return Kernel(form_of(params), "forward", params.dtype.name, is_batch, is_held)


class CompiledSteps:
    """The steps of a run.

    Parameters
    ----------
    params : Params
    U : ndarray, shape (G·H, H)
        In column order.
    buffers : Buffers
    loaded : Loaded
    """

    def __init__(self, params: Params, U: FloatArray, buffers: Buffers, loaded: Loaded) -> None:
        self._params, self._buffers = params, buffers
        G, H, batch = len(params.GATES), params.hidden_size, buffers.x.shape[1:-1]
        arrays: dict[str, NDArray[Any]] = {
            "U": U,
            "pre": np.empty((G * H, *batch), params.dtype),
            "vector": np.empty((H, *batch), params.dtype),
            **buffers.features_first(),
            **held_table(params, buffers),
        }
        numbers = {"H": H, "multiply": 1} | ({"B": batch[0]} if batch else {})
        self._arguments = arguments(loaded, params, arrays, numbers)
        self._keep = arrays  # as long as their addresses are used
        self._places = {
            name: loaded.source.integers.index(name) for name in ("first", "start", "stop")
        }
        self._drive = len(loaded.source.integers) + loaded.source.pointers.index("drive")
        self._call = loaded.call

    def __call__(self, start: int, stop: int) -> None:
        """Compute the steps start ≤ t < stop."""
        drive = self._driven(start, stop)
        arguments, places = self._arguments, self._places
        arguments[places["first"]] = arguments[places["start"]] = start
        arguments[places["stop"]] = stop
        arguments[self._drive] = address(drive)
        self._call(*arguments)

    def _driven(self, start: int, stop: int) -> FloatArray:
        """Return W·x + b, (steps, G·H[, B])."""
        buffers, b = self._buffers, self._params.b
        if buffers.x.ndim == 2:
            return buffers.drive(start, stop)
        drive: FloatArray = np.matmul(self._params.W, buffers.x[start:stop].swapaxes(1, 2))
        if b is not None:
            drive += b[:, None]
        return drive


def arguments(
    loaded: Loaded,
    params: Params,
    arrays: Mapping[str, NDArray[Any]],
    numbers: Mapping[str, int],
) -> list[Any]:
    """Return the arguments of a kernel, 0 for those that each call sets.

    Parameters
    ----------
    loaded : Loaded
    params : Params
        Its vectors are arguments by their names.
    arrays : mapping of str to ndarray
        The others; one that is named v has a row for each step if there is an integer v_row.
    numbers : mapping of str to int
    """
    source = loaded.source
    constants = _constants(params)
    integers = []
    for name in source.integers:
        if name.endswith("_row"):
            array = arrays[name.removesuffix("_row")]
            integers.append(array.strides[0] // array.itemsize)
        else:
            integers.append(numbers.get(name, constants.get(name, 0)))
    pointers = [
        address(arrays[name] if name in arrays else getattr(params, name)) if name != "drive" else 0
        for name in source.pointers
    ]
    return [*integers, *pointers, *(constants[name] for name in source.floats)]


def _constants(params: Params) -> dict[str, Any]:
    """Return the activations and the clip as arguments of a general kernel."""
    found: dict[str, Any] = {"clip": np.inf if params.clip is None else params.clip}
    for equation in params.equations():
        if equation.activation is not None:
            found[f"kind_{equation.value}"] = ACTIVATIONS.index(equation.activation.name)
            found[f"alpha_{equation.value}"] = equation.activation.alpha
            found[f"beta_{equation.value}"] = equation.activation.beta
    return found


def held_table(params: Params, buffers: Buffers) -> dict[str, NDArray[Any]]:
    """Return the clamps of a run as arrays.

    Returns
    -------
    dict
        ``held_at`` (T,) has the row of each step, or −1; ``held`` (rows, values, H) has the held
        numbers, and NaN where there are none. Empty without clamps.
    """
    if buffers.held is None:
        return {}
    values: Sequence[str] = [equation.value for equation in params.equations()]
    rows, at = buffers.held.table(values, len(buffers.x), params.hidden_size, params.dtype)
    return {"held": rows, "held_at": at}
