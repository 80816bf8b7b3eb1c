"""The gated recurrent unit, in every published form.

The equations of one timestep (Cho et al. 2014, arXiv:1406.1078)::

    z = σ(W_z x + U_z h_prev + b_z)                 update gate
    r = σ(W_r x + U_r h_prev + b_r)                 reset gate
    n = tanh(W_n x + b_n + r ⊙ (U_n h_prev + b_hn)) candidate      reset_after
        tanh(W_n x + b_n + U_n (r ⊙ h_prev) + b_hn)                else
    h = z ⊙ h_prev + (1 − z) ⊙ n                    state          z_keeps
        (1 − z) ⊙ h_prev + z ⊙ n                                   else

They appear once as code, in `GRU._stepper`, and once as data, in `GRUParams.equations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import ClassVar

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.cells.gru_backward import back_after, back_before
from gru_core.parameters.activations import SIGMOID, TANH, Activation
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import INPUT, complement, previous, value
from gru_core.run.backward import Back
from gru_core.run.buffers import HIDDEN, Block, Buffers, by_columns
from gru_core.run.progress import Steps
from gru_core.run.trace import Trace

GRU_FORMS: Mapping[str, Mapping[str, bool]] = {
    "article": {"reset_after": True, "z_keeps": True},
    "pytorch": {"reset_after": True, "z_keeps": True},
    "cho2014": {"reset_after": False, "z_keeps": True},
    "chung2014": {"reset_after": False, "z_keeps": False},
    "keras": {"reset_after": True, "z_keeps": True},
    "keras_reset_before": {"reset_after": False, "z_keeps": True},
    "onnx": {"reset_after": False, "z_keeps": True},
}
"""The switches of each source, by name; ONNX's are its defaults (linear_before_reset = 0)."""


@dataclass(frozen=True, eq=False)
class GRUParams(Params):
    """Weights and form of one GRU layer, stacked in the order z, r, n.

    Arrays are copied and read-only; `replace` returns changed copies.

    Parameters
    ----------
    W : array_like, shape (3H, I)
        Input weights, rows W_z, W_r, W_n. Its dtype, float32 or float64, is the layer's.
    U : array_like, shape (3H, H)
        Recurrent weights, rows U_z, U_r, U_n.
    b : array_like, shape (3H,), optional
        Biases b_z, b_r, b_n; None means no biases.
    b_hn : array_like, shape (H,), optional
        Bias of the candidate's recurrent product, which the reset gate multiplies too if it comes
        after the product.
    reset_after : bool
        Whether the reset gate multiplies U_n·h_prev (PyTorch, cuDNN, Keras by default, ONNX with
        ``linear_before_reset=1``) or h_prev (Cho et al. 2014, Chung et al. 2014).
    z_keeps : bool
        Whether z = 1 keeps the old state (everywhere but in Chung et al. 2014) or writes.
    activations : tuple of two Activation
        Of the gates, and of the candidate.
    clip : float, optional
        Bound on the input of each activation.

    Raises
    ------
    DTypeError
        If W is not float32 or float64, or another array does not contain real numbers.
    ShapeError
        If the shapes do not fit each other.
    RangeError
        If an element is NaN or infinite.

    Notes
    -----
    Cho et al. 2014, arXiv:1406.1078, equations (5)–(8); Chung et al. 2014, arXiv:1412.3555. The
    defaults are ``torch.nn.GRU``. `GRU_FORMS` names the forms.

    Examples
    --------
    >>> params = GRUParams(W=np.zeros((6, 3)), U=np.zeros((6, 2)))
    >>> params.input_size, params.hidden_size, params.W_z.shape, params.b_z
    (3, 2, (2, 3), None)
    >>> chung = params.with_form(**GRU_FORMS["chung2014"])
    >>> print(chung.equations()[-1])
    h = (1 − z) ⊙ h_prev + z ⊙ n
    """

    b_hn: FloatArray | None = None
    reset_after: bool = field(default=True, kw_only=True)
    z_keeps: bool = field(default=True, kw_only=True)

    kind: ClassVar[str] = "gru"
    GATES = ("z", "r", "n")
    STACKS = {  # noqa: RUF012 – a ClassVar of the base
        "W": ("W_z", "W_r", "W_n"),
        "U": ("U_z", "U_r", "U_n"),
        "b": ("b_z", "b_r", "b_n"),
        "b_hn": ("b_hn",),
    }
    OWNERS = {"b_hn": ("n",)}  # noqa: RUF012
    VALUES = ("z", "r", "n", "h", "u", "a_z", "a_r", "a_n")
    ACTIVATIONS: ClassVar[tuple[Activation, ...]] = (SIGMOID, TANH)

    def equations(self) -> tuple[Equation, ...]:
        """Return the equations of z, r, n and h in this form.

        Examples
        --------
        >>> after = GRUParams.random(2, 3, seed=0)
        >>> print(after.equations()[2])
        n = tanh(W_n x + b_n + r ⊙ (U_n h_prev + b_hn))
        >>> print(after.with_form(reset_after=False).equations()[2])
        n = tanh(W_n x + b_n + U_n (r ⊙ h_prev) + b_hn)
        """
        gate, squash = self.activations
        return (
            Equation("z", "update gate", self._gate("z"), "a_z", gate, self.clip),
            Equation("r", "reset gate", self._gate("r"), "a_r", gate, self.clip),
            Equation("n", "candidate", self._candidate(), "a_n", squash, self.clip),
            Equation("h", "hidden state", self._blend()),
        )

    def _gate(self, gate: str) -> tuple[Product, ...]:
        products = [
            Product("input", (self.array(f"W_{gate}"), INPUT)),
            Product("recurrent", (self.array(f"U_{gate}"), previous("h"))),
        ]
        if self.b is not None:
            products.append(Product("bias", (self.array(f"b_{gate}"),)))
        return tuple(products)

    def _candidate(self) -> tuple[Product, ...]:
        r, U_n, b_hn = value("r"), self.array("U_n"), self.array("b_hn")
        recurrent = (r, U_n, previous("h")) if self.reset_after else (U_n, r, previous("h"))
        bias = (r, b_hn) if self.reset_after else (b_hn,)
        inner = "u" if self.reset_after else None
        products = [Product("input", (self.array("W_n"), INPUT))]
        if self.b is not None:
            products.append(Product("bias", (self.array("b_n"),)))
        products.append(Product("recurrent", recurrent, inner, "u"))
        if self.b_hn is not None:
            products.append(Product("recurrent_bias", bias, inner, "u"))
        return tuple(products)

    def _blend(self) -> tuple[Product, ...]:
        keep, write = value("z"), complement("z")
        if not self.z_keeps:
            keep, write = write, keep
        return (
            Product("keep", (keep, previous("h"))),
            Product("write", (write, value("n"))),
        )


class GRU(Cell[GRUParams]):
    """One GRU layer.

    Parameters
    ----------
    params : GRUParams
        Its weights and form. Inputs and states are computed in their dtype.

    Examples
    --------
    >>> gru = GRU(GRUParams.random(input_size=3, hidden_size=2, seed=0))
    >>> gru.run(np.ones((5, 3))).z.shape
    (5, 2)
    """

    # NumPy would copy a part of a matrix at every product, so each part is a separate matrix.

    @cached_property
    def _U_zr(self) -> FloatArray:
        return by_columns(self._U[: -self.params.hidden_size])

    @cached_property
    def _U_n(self) -> FloatArray:
        return by_columns(self._U[-self.params.hidden_size :])

    @cached_property
    def _beside_zr(self) -> FloatArray:
        return by_columns(self._beside[: -self.params.hidden_size])

    @cached_property
    def _beside_n(self) -> FloatArray:
        """W_n and b_n side by side."""
        H = self.params.hidden_size
        return by_columns(self._beside[-H:, H:])

    @cached_property
    def _beside_u(self) -> FloatArray:
        """`_beside` with U_n, 0 and b_hn below: the reset gate must not multiply W_n·x + b_n."""
        H, b_hn = self.params.hidden_size, self.params.b_hn
        matrix = by_columns(self._beside)
        matrix[-H:, H:] = 0
        if b_hn is not None:
            matrix[-H:, -1] = b_hn
        return matrix

    def _layout(self) -> tuple[Block, ...]:
        """Put the results of one product side by side, and the gates, so that one σ suffices."""
        return (
            Block(("a_z", "a_r", "u"), is_sums=True),
            Block(("a_n",), is_sums=True),
            Block(("z", "r")),
            Block(("n",)),
            HIDDEN,
        )

    def _stepper(self, buffers: Buffers) -> Steps:
        after, z_keeps = self.params.reset_after, self.params.z_keeps
        U_n = self._U if after else self._U_n
        inner = None if after or self.params.b_hn is None else buffers.column(self.params.b_hn)
        w, part, one = (np.ones_like(buffers.value("n", 0, 1)[0]) for _ in range(3))
        gate, squash = self._squash(0, buffers.block(2, 0, 2, 0, 1)[0]), self._squash(1, w)

        def steps(start: int, stop: int) -> None:
            matrix, drive, drive_n = self._driven(buffers, start, stop)
            for a, d, a_zr, u, d_n, a_n, zr, z, r, column, h_prev, n, h, hold in zip(
                buffers.block(0, 0, 3 if after else 2, start, stop),
                drive,
                buffers.block(0, 0, 2, start, stop),
                buffers.value("u", start, stop),
                drive_n,
                buffers.value("a_n", start, stop),
                buffers.block(2, 0, 2, start, stop),
                buffers.value("z", start, stop),
                buffers.value("r", start, stop),
                buffers.columns(start, stop),
                buffers.value("h_prev", start, stop),
                buffers.value("n", start, stop),
                buffers.value("h", start, stop),
                buffers.holds(start, stop),
                strict=True,
            ):
                np.dot(matrix, column, out=a)
                if d is not None:
                    np.add(a, d, out=a)
                gate(a_zr, zr)
                if hold is not None:
                    hold("z", z)
                    hold("r", r)
                if after:
                    np.multiply(r, u, out=part)
                    np.add(part, d_n, out=a_n)
                else:
                    np.multiply(r, h_prev, out=part)
                    np.dot(U_n, part, out=u)
                    if inner is not None:
                        np.add(u, inner, out=u)
                    np.add(u, d_n, out=a_n)
                squash(a_n, n)
                if hold is not None:
                    hold("n", n)
                np.subtract(one, z, out=w)
                keep, write = (z, w) if z_keeps else (w, z)
                np.multiply(keep, h_prev, out=h)
                np.multiply(write, n, out=part)
                np.add(h, part, out=h)
                if hold is not None:
                    hold("h", h)

        return steps

    def _driven(
        self, buffers: Buffers, start: int, stop: int
    ) -> tuple[FloatArray, Iterable[FloatArray | None], FloatArray]:
        """Return the matrix that multiplies the columns, the vector to add, and W_n·x + b_n."""
        H, after = self.params.hidden_size, self.params.reset_after
        if buffers.x.ndim == 3:
            drive_n = np.matmul(self._beside_n, buffers.columns(start, stop)[:, H:])
            matrix = self._beside_u if after else self._beside_zr
            return matrix, repeat(None, stop - start), drive_n
        drive = buffers.drive(start, stop)
        if not after:
            return self._U_zr, drive[:, : 2 * H], drive[:, 2 * H :]
        drive_n = drive[:, 2 * H :].copy()
        drive[:, 2 * H :] = 0 if self.params.b_hn is None else self.params.b_hn
        return self._U, drive, drive_n

    def _back(self, values: Mapping[str, FloatArray], received: Mapping[str, FloatArray]) -> Back:
        chunks = self._chunks(values)
        if self.params.reset_after:
            return back_after(self._U, chunks, values, received["h"])
        return back_before(self._U_zr, self._U_n, chunks, values, received["h"])

    def jacobian(self, trace: Trace) -> FloatArray:
        """Return ∂h_t/∂h_{t−1} of every step in closed form, shape (T, [B,] H, H).

        Examples
        --------
        >>> gru = GRU(GRUParams.random(1, 2, seed=0))
        >>> gru.jacobian(gru.run(np.ones((5, 1)))).shape
        (5, 2, 2)
        """
        trace.check_free()
        to_z, to_n, keep, dr = self._local(trace.values)
        p, H = self.params, self.params.hidden_size
        through_z = to_z[..., None] * p.U_z
        if p.reset_after:
            inside = trace.r[..., None] * p.U_n + (trace.u * dr)[..., None] * p.U_r
        else:
            reset = (trace.h_prev * dr)[..., None] * p.U_r + trace.r[..., None] * np.eye(H)
            inside = p.U_n @ reset
        result: FloatArray = through_z + to_n[..., None] * inside + keep[..., None] * np.eye(H)
        return result.astype(trace.dtype, copy=False)

    def _local(self, values: Mapping[str, FloatArray]) -> tuple[FloatArray, ...]:
        """Return ∂h/∂a_z, ∂h/∂a_n, the part of ∂h/∂h_prev that passes no weight, and ∂r/∂a_r."""
        z, n, h_prev = values["z"], values["n"], values["h_prev"]
        w = 1 - z
        keep, write = (z, w) if self.params.z_keeps else (w, z)
        by_z = h_prev - n if self.params.z_keeps else n - h_prev
        to_z = by_z * self._slope(0, values["a_z"], z)
        to_n = write * self._slope(1, values["a_n"], n)
        return to_z, to_n, keep, self._slope(0, values["a_r"], values["r"])
