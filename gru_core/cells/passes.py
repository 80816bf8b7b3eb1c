"""Forward and backward passes for training: the batch comes last, and memory is reused."""

from __future__ import annotations

from collections.abc import Mapping

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.cells.registry import cell
from gru_core.compiled.back import backward_kernel
from gru_core.compiled.kernels import kernels
from gru_core.compiled.steps import forward_kernel
from gru_core.parameters.params import Params
from gru_core.parameters.references import previous
from gru_core.run.backward import by_input, stacked
from gru_core.run.buffers import Buffers
from gru_core.run.inputs import RunInputs
from gru_core.run.progress import Progress


class Passes:
    """Passes of one layer in one direction over batches of one shape.

    A trace of `Cell.run` has the batch in the middle and may be kept; here all arrays are
    (T, F, B), as the steps compute them, and the next pass overwrites them.

    Parameters
    ----------
    params : Params
        Any of the layer's kind, form, sizes and dtype.
    x : ndarray, shape (T, I, B)
        The input. It is read at every pass, so its owner may write new numbers into it.
    states : mapping of str to ndarray, shape (B, H)
        Before the first step: h, and c where there is c.

    Attributes
    ----------
    h : ndarray, shape (T, H, B)
        The states of the last forward pass.
    states : dict of str to ndarray, shape (T, H, B)
        The same, and c where there is c.

    Examples
    --------
    >>> from gru_core import RNNParams
    >>> import numpy as np
    >>> params, x = RNNParams([[1.0]], [[0.0]]), np.zeros((2, 1, 3))
    >>> passes = Passes(params, x, {"h": np.zeros((3, 1))})
    >>> passes.forward(params)
    >>> stacks, *_ = passes.backward({"h": np.ones((2, 1, 3))})
    >>> passes.h.shape, stacks["W"].shape
    ((2, 1, 3), (1, 1))
    """

    def __init__(self, params: Params, x: FloatArray, states: Mapping[str, FloatArray]) -> None:
        self._x = x
        self._cell: Cell[Params] = cell(params)
        inputs = RunInputs(x.swapaxes(1, 2), dict(states), None, is_growing=True)
        # All passes are computed in one way, so that a training's numbers depend on its seed alone.
        self._forward = kernels().fetched(forward_kernel(params, True, False))
        self._backward = kernels().fetched(backward_kernel(params, True))
        self._buffers = Buffers(params, self._cell._layout(), inputs, False)
        self._values = self._buffers.features_first()
        self.h = self._values["h"]
        self.states = {name: self._values[name] for name in params.STATES}

    def start(self, states: Mapping[str, FloatArray]) -> None:
        """Let the next forward pass begin with other states, (H, B)."""
        for name, state in states.items():
            self._values[str(previous(name))][0] = state

    def forward(self, params: Params) -> None:
        """Run with these params.

        Raises
        ------
        RangeError
            If a value overflows.
        """
        self._cell = cell(params)
        run = Progress(self._buffers, self._cell.steps(self._buffers, self._forward), 0)
        run.advance(len(self.h))

    def backward(
        self, received: Mapping[str, FloatArray], *, to_input: bool = False
    ) -> tuple[dict[str, FloatArray], FloatArray | None, Mapping[str, FloatArray]]:
        """Return the gradients of the last forward pass.

        Parameters
        ----------
        received : mapping of str to ndarray, shape (T, H, B)
            The loss's direct gradient by the states: h, and c where there is c.
        to_input : bool
            Whether the gradient by x is needed.

        Returns
        -------
        stacks : dict of str to ndarray
            By stack, such as "W".
        dx : ndarray, shape (T, I, B), or None
        starts : mapping of str to ndarray, shape (H, B)
            By the states before the first step.
        """
        back = self._cell.back(self._values, received, self._backward)
        stacks = stacked(self._cell.params, self._x, self._values, back)
        dx = by_input(self._cell.params.W, back.a) if to_input else None
        return stacks, dx, back.states
