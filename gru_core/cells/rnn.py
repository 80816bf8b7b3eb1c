"""The simple recurrent network, one equation (Elman 1990)::

h = tanh(W x + U h_prev + b)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.parameters.activations import TANH, Activation
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import INPUT, previous
from gru_core.run.backward import Back
from gru_core.run.buffers import HIDDEN, Block, Buffers
from gru_core.run.progress import Steps
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class RNNParams(Params):
    """Weights and form of one simple recurrent layer.

    Parameters
    ----------
    W : array_like, shape (H, I)
        Input weights. Its dtype, float32 or float64, is the layer's.
    U : array_like, shape (H, H)
        Recurrent weights.
    b : array_like, shape (H,), optional
        Bias.
    activations : tuple of one Activation
    clip : float, optional
        Bound on the activation's input.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        As for `GRUParams`.

    Notes
    -----
    Elman 1990, "Finding structure in time". The defaults are ``torch.nn.RNN``.

    Examples
    --------
    >>> RNNParams(W=np.zeros((2, 3)), U=np.zeros((2, 2))).hidden_size
    2
    """

    kind: ClassVar[str] = "rnn"
    GATES = ("",)
    STACKS = {"W": ("W",), "U": ("U",), "b": ("b",)}  # noqa: RUF012 – a ClassVar of the base
    OWNERS = {"W": ("h",), "U": ("h",), "b": ("h",)}  # noqa: RUF012
    VALUES = ("h", "a")
    ACTIVATIONS: ClassVar[tuple[Activation, ...]] = (TANH,)

    def equations(self) -> tuple[Equation, ...]:
        """Return the equation.

        Examples
        --------
        >>> print(*RNNParams.random(2, 3, seed=0).equations())
        h = tanh(W x + U h_prev + b)
        """
        products = [
            Product("input", (self.array("W"), INPUT)),
            Product("recurrent", (self.array("U"), previous("h"))),
        ]
        if self.b is not None:
            products.append(Product("bias", (self.array("b"),)))
        squash = self.activations[0]
        return (Equation("h", "hidden state", tuple(products), "a", squash, self.clip),)


class RNN(Cell[RNNParams]):
    """One simple recurrent layer.

    Parameters
    ----------
    params : RNNParams
        Its weights and form. Inputs and states are computed in their dtype.

    Examples
    --------
    >>> rnn = RNN(RNNParams.random(input_size=3, hidden_size=2, seed=0))
    >>> rnn.run(np.ones((5, 3))).a.shape
    (5, 2)
    """

    def _layout(self) -> tuple[Block, ...]:
        return Block(("a",), is_sums=True), HIDDEN

    def _stepper(self, buffers: Buffers) -> Steps:
        squash = self._squash(0, buffers.value("a", 0, 1)[0])

        def steps(start: int, stop: int) -> None:
            matrix, drive = self._sum(buffers, start, stop)
            for a, d, column, h, hold in zip(
                buffers.value("a", start, stop),
                drive,
                buffers.columns(start, stop),
                buffers.value("h", start, stop),
                buffers.holds(start, stop),
                strict=True,
            ):
                np.dot(matrix, column, out=a)
                if d is not None:
                    np.add(a, d, out=a)
                squash(a, h)
                if hold is not None:
                    hold("h", h)

        return steps

    def _back(self, values: Mapping[str, FloatArray], received: Mapping[str, FloatArray]) -> Back:
        dh = received["h"]
        da, carry, U_T = np.empty_like(dh), np.zeros_like(dh[0]), self._U.T
        for steps, (slope,) in self._chunks(values):
            rows = (slope[::-1], da[steps][::-1], dh[steps][::-1])
            for s, d, g in zip(*rows, strict=True):
                np.add(carry, g, out=carry)
                np.multiply(carry, s, out=d)
                np.dot(U_T, d, out=carry)
        return Back((da,), da, {"h": carry})

    def jacobian(self, trace: Trace) -> FloatArray:
        """Return ∂h_t/∂h_{t−1} = diag(f'(a_t)) U of every step, shape (T, [B,] H, H).

        Examples
        --------
        >>> rnn = RNN(RNNParams([[1.0]], [[0.5]]))
        >>> rnn.jacobian(rnn.run([[0.0]]))
        array([[[0.5]]])
        """
        trace.check_free()
        (slope,) = self._local(trace.values)
        result: FloatArray = slope[..., None] * self.params.U
        return result

    def _local(self, values: Mapping[str, FloatArray]) -> tuple[FloatArray, ...]:
        """Return ∂h/∂a."""
        return (self._slope(0, values["a"], values["h"]),)
