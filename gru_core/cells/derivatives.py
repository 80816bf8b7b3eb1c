"""The derivatives of a cell: gradients back through time, Jacobians of single steps, memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray
from gru_core.compiled.back import backward_kernel, compiled_back
from gru_core.compiled.kernels import Loaded, kernels
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.parameters.params import Params
from gru_core.run.backward import (
    Back,
    Gradients,
    chain,
    collect,
    features_first,
    swapped,
    upstream,
)
from gru_core.run.buffers import CACHED
from gru_core.run.trace import Trace

P = TypeVar("P", bound=Params)


class Derivatives(ABC, Generic[P]):
    """The derivatives of a finished trace, for every kind of cell.

    A kind of cell adds the local derivatives of its step (`_local`), the backward pass through all
    steps (`_back`) and the Jacobian.
    """

    params: P

    def gradients(
        self,
        trace: Trace,
        dh: ArrayLike,
        dh_T: ArrayLike | None = None,
        dc_T: ArrayLike | None = None,
    ) -> Gradients:
        """Propagate the gradient of a loss back through time.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params, in the order of processing.
        dh : array_like, shape (T, [B,] H)
            The direct ∂L/∂h_t of every step, without the effect of h_t on later steps.
        dh_T, dc_T : array_like, shape ([B,] H), optional
            An additional gradient at the last states.

        Returns
        -------
        Gradients

        Raises
        ------
        DTypeError, ShapeError, RangeError
            If an argument does not fit the trace, or the trace has clamps: a held value does not
            depend on its equation, so these derivatives would be wrong.

        Notes
        -----
        Werbos 1990, "Backpropagation through time: what it does and how to do it".

        Examples
        --------
        >>> from gru_core import RNN, RNNParams
        >>> rnn = RNN(RNNParams([[0.5]], [[0.0]]))
        >>> found = rnn.gradients(rnn.run([[0.0]]), [[1.0]])
        >>> found.params["W"], found.x  # ∂tanh(0.5 x)/∂x at 0
        (array([[0.]]), array([[0.5]]))
        """
        trace.check_free()
        self._check(trace)
        received = upstream(trace, self.params.STATES, dh, dh_T, dc_T)
        loaded = kernels().find(backward_kernel(self.params, trace.batch is not None))
        order = features_first if loaded is None else swapped
        values = {name: order(value) for name, value in trace.values.items()}
        return collect(self.params, trace, values, self.back(values, received, loaded))

    def back(
        self,
        values: Mapping[str, FloatArray],
        received: Mapping[str, FloatArray],
        loaded: Loaded | None,
    ) -> Back:
        """Go back through all steps, by a kernel or, without one, by NumPy.

        Parameters
        ----------
        values, received : mapping of str to ndarray, shape (T, H[, B])
            The values of the run, and the loss's direct gradient by the states.
        loaded : Loaded or None

        Examples
        --------
        >>> from gru_core import RNN, RNNParams
        >>> rnn = RNN(RNNParams([[1.0]], [[0.5]]))
        >>> trace = rnn.run([[0.0]])
        >>> float(rnn.back(trace.values, {"h": np.ones((1, 1))}, None).states["h"][0])
        0.5
        """
        if loaded is None:
            return self._back(values, received)
        return compiled_back(loaded, self.params, values, received)

    @abstractmethod
    def jacobian(self, trace: Trace) -> FloatArray:
        """Return ∂(state after)/∂(state before) of every step, in closed form.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params.

        Returns
        -------
        ndarray, shape (T, [B,] S, S)
            S = H; for a cell with c, S = 2H in the order h, c. Row i holds the derivatives of
            component i after the step.

        Raises
        ------
        RangeError
            If the trace has clamps.

        Examples
        --------
        >>> from gru_core import RNN, RNNParams
        >>> rnn = RNN(RNNParams([[1.0]], [[0.5]]))
        >>> rnn.jacobian(rnn.run([[0.0]]))
        array([[[0.5]]])
        """

    def memory(self, trace: Trace) -> FloatArray:
        """Return how much of each state remains at the end: ∂(state T)/∂(state t), t = 0 … T.

        Parameters
        ----------
        trace : Trace
            A finished trace of these params.

        Returns
        -------
        ndarray, shape (T + 1, [B,] S, S)
            The product of the later Jacobians; the identity at t = T. In padded sequences, state T
            is the last state before the padding.

        Raises
        ------
        RangeError
            If the trace has clamps, or runs in reverse.

        Examples
        --------
        >>> from gru_core import RNN, RNNParams
        >>> rnn = RNN(RNNParams([[1.0]], [[0.5]]))
        >>> rnn.memory(rnn.run([[0.0], [0.0]]))[:, 0, 0]
        array([0.25, 0.5 , 1.  ])
        """
        self._check(trace)
        return chain(self.jacobian(trace), trace.lengths)

    @abstractmethod
    def _back(self, values: Mapping[str, FloatArray], received: Mapping[str, FloatArray]) -> Back:
        """Go back through all steps; arrays are (T, H[, B])."""

    def _chunks(
        self, values: Mapping[str, FloatArray]
    ) -> Iterator[tuple[slice, tuple[FloatArray, ...]]]:
        """Yield steps from the last to the first, with their local derivatives still in cache."""
        T, *row = values["h"].shape
        size = max(1, CACHED // int(np.prod(row)))
        for stop in range(T, 0, -size):
            steps = slice(max(0, stop - size), stop)
            yield steps, self._local({name: value[steps] for name, value in values.items()})

    @abstractmethod
    def _local(self, values: Mapping[str, FloatArray]) -> tuple[FloatArray, ...]:
        """Return the derivatives within single steps, from which gradients and Jacobians follow."""

    def _slope(self, index: int, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return an activation's derivative at a, where its value is y; 0 beyond the clip."""
        clip = self.params.clip
        if clip is None:
            return self.params.activations[index].slope(a, y)
        low, high = a.dtype.type(-clip), a.dtype.type(clip)
        slope = self.params.activations[index].slope(np.clip(a, low, high), y)
        return slope * ((a >= low) & (a <= high))

    def _check(self, trace: Trace) -> None:
        """Refuse a trace that these params cannot have, and a reversed one."""
        params = self.params
        if not trace.values.keys() >= set(params.VALUES):
            got = f"one of {', '.join(trace.values)}"
            raise ShapeError("trace", f"be a trace of a {params.kind}", got)
        sizes, found = (
            (params.input_size, params.hidden_size),
            (trace.x.shape[-1], trace.hidden_size),
        )
        if found != sizes:
            raise ShapeError("trace", f"be one of sizes (I, H) = {sizes}", str(found))
        if trace.dtype != params.dtype:
            raise DTypeError("trace", f"be of dtype {params.dtype}", str(trace.dtype))
        if trace.is_reversed:
            expected = "be in the order of processing (see Trace.turned)"
            raise RangeError("trace", expected, "a reversed one")
