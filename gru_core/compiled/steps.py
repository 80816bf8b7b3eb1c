"""Computes the steps of a run with a kernel, in the memory that the NumPy stepper would use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.compiled.arguments import Arguments
from gru_core.compiled.forms import Kernel, form_of
from gru_core.compiled.kernels import Loaded
from gru_core.compiled.ways import first_count
from gru_core.parameters.params import Params
from gru_core.run.buffers import Buffers, by_columns


def forward_kernel(params: Params, is_batch: bool, is_held: bool) -> Kernel:
    """Return the kernel that a run needs."""
    return Kernel(form_of(params), "forward", params.dtype.name, is_batch, is_held)


LARGE = 8192
"""The numbers in a matrix from which BLAS multiplies it by the columns of a batch faster, with a
call of the kernel for each step, than the kernel's own loops do, as measured."""


def is_for_blas(rows: int, columns: int, batch: tuple[int, ...]) -> bool:
    """Return whether BLAS multiplies a matrix faster than a kernel does; never for one sequence."""
    return bool(batch) and rows * columns >= LARGE


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
        self._pre = np.empty((G * H, *batch), params.dtype)
        arrays: dict[str, NDArray[Any]] = {
            "U": U,
            "drive": self._pre,  # until a call sets it
            "pre": self._pre,
            "vector": np.empty((H, *batch), params.dtype),
            **buffers.features_first(),
            **held_table(params, buffers),
        }
        self._by_blas = is_for_blas(G * H, H, batch)
        numbers = {"H": H, "multiply": not self._by_blas} | ({"B": batch[0]} if batch else {})
        self._arguments = Arguments(loaded, params, arrays, numbers)
        if self._by_blas:
            rows = first_count(loaded.form) * H
            self._first = U if rows == len(U) else by_columns(U[:rows])
            self._pre = self._pre[:rows]

    def __call__(self, start: int, stop: int) -> None:
        """Compute the steps start ≤ t < stop."""
        drive = self._driven(start, stop)
        arguments = self._arguments
        arguments.point("drive", drive)
        arguments.set(first=start, start=start, stop=stop)
        if not self._by_blas:
            arguments.call()
            return
        for t, h_prev in enumerate(self._buffers.value("h_prev", start, stop), start):
            np.dot(self._first, h_prev, out=self._pre)
            arguments.set(start=t, stop=t + 1)
            arguments.call()

    def _driven(self, start: int, stop: int) -> FloatArray:
        """Return W·x + b, (steps, G·H[, B])."""
        buffers, b = self._buffers, self._params.b
        if buffers.x.ndim == 2:
            return buffers.drive(start, stop)
        drive: FloatArray = np.matmul(self._params.W, buffers.x[start:stop].swapaxes(1, 2))
        if b is not None:
            drive += b[:, None]
        return drive


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
    values = [equation.value for equation in params.equations()]
    rows, at = buffers.held.table(values, len(buffers.x), params.hidden_size, params.dtype)
    return {"held": rows, "held_at": at}
