"""Long short-term memory.

The equations of one timestep (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000)::

    i = σ(W_i x + U_i h_prev + b_i + p_i ⊙ c_prev)      input gate
    f = σ(W_f x + U_f h_prev + b_f + p_f ⊙ c_prev)      forget gate; 1 − i with input_forget
    g = tanh(W_g x + U_g h_prev + b_g)                  candidate
    c = f ⊙ c_prev + i ⊙ g                              cell state
    o = σ(W_o x + U_o h_prev + b_o + p_o ⊙ c)           output gate
    m = tanh(c)
    h = o ⊙ m                                           hidden state

They are written once as code, in `LSTM._stepper`, and once as data, in `LSTMParams.equations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.base import Cell
from gru_core.parameters.activations import SIGMOID, TANH, Activation
from gru_core.parameters.equations import Equation, Product
from gru_core.parameters.params import Params
from gru_core.parameters.references import INPUT, Reference, complement, previous, value
from gru_core.run.backward import Back, total
from gru_core.run.buffers import HIDDEN, Block, Buffers
from gru_core.run.progress import Steps
from gru_core.run.trace import Trace


@dataclass(frozen=True, eq=False)
class LSTMParams(Params):
    """Weights and form of one LSTM layer, stacked in the order i, f, o, g.

    Parameters
    ----------
    W : array_like, shape (4H, I)
        Input weights, rows W_i, W_f, W_o, W_g. Its dtype, float32 or float64, is the layer's.
    U : array_like, shape (4H, H)
        Recurrent weights, rows U_i, U_f, U_o, U_g.
    b : array_like, shape (4H,), optional
        Biases b_i, b_f, b_o, b_g.
    p : array_like, shape (3H,), optional
        Peepholes p_i, p_f, p_o, through which the gates see c: i and f the old one, o the new one.
    input_forget : bool
        Whether f is 1 − i; the weights of f are then unused.
    activations : tuple of three Activation
        Of the gates, of the candidate, and of c in the output.
    clip : float, optional
        Bound on the input of the first two.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        As for `GRUParams`.

    Notes
    -----
    Hochreiter & Schmidhuber 1997; forget gate: Gers, Schmidhuber & Cummins 2000; peepholes: Gers,
    Schraudolph & Schmidhuber 2002. The defaults are ``torch.nn.LSTM``.

    Examples
    --------
    >>> params = LSTMParams(W=np.zeros((8, 3)), U=np.zeros((8, 2)))
    >>> params.input_size, params.hidden_size, params.W_i.shape, params.p_o
    (3, 2, (2, 3), None)
    """

    p: FloatArray | None = None
    input_forget: bool = field(default=False, kw_only=True)

    kind: ClassVar[str] = "lstm"
    GATES = ("i", "f", "o", "g")
    STACKS = {  # noqa: RUF012 – a ClassVar of the base
        "W": ("W_i", "W_f", "W_o", "W_g"),
        "U": ("U_i", "U_f", "U_o", "U_g"),
        "b": ("b_i", "b_f", "b_o", "b_g"),
        "p": ("p_i", "p_f", "p_o"),
    }
    OWNERS = {"p": ("i", "f", "o")}  # noqa: RUF012
    VALUES = ("i", "f", "o", "g", "c", "m", "h", "a_i", "a_f", "a_o", "a_g")
    STATES = ("h", "c")
    ACTIVATIONS: ClassVar[tuple[Activation, ...]] = (SIGMOID, TANH, TANH)

    def equations(self) -> tuple[Equation, ...]:
        """Return the equations of i, f, g, c, o, m and h in this form.

        Examples
        --------
        >>> for equation in LSTMParams.random(2, 3, seed=0, bias=False).equations()[2:]:
        ...     print(equation)
        g = tanh(W_g x + U_g h_prev)
        c = f ⊙ c_prev + i ⊙ g
        o = σ(W_o x + U_o h_prev)
        m = tanh(c)
        h = o ⊙ m
        """
        gate, squash, show = self.activations
        forget = Equation(
            "f", "forget gate", self._terms("f", previous("c")), "a_f", gate, self.clip
        )
        if self.input_forget:
            forget = Equation("f", "forget gate", (Product("couple", (complement("i"),)),))
        blend = (
            Product("keep", (value("f"), previous("c"))),
            Product("write", (value("i"), value("g"))),
        )
        return (
            Equation("i", "input gate", self._terms("i", previous("c")), "a_i", gate, self.clip),
            forget,
            Equation("g", "candidate", self._terms("g"), "a_g", squash, self.clip),
            Equation("c", "cell state", blend),
            Equation("o", "output gate", self._terms("o", value("c")), "a_o", gate, self.clip),
            Equation("m", "squashed cell state", (Product("state", (value("c"),)),), "c", show),
            Equation("h", "hidden state", (Product("show", (value("o"), value("m"))),)),
        )

    def _terms(self, gate: str, seen: Reference | None = None) -> tuple[Product, ...]:
        products = [
            Product("input", (self.array(f"W_{gate}"), INPUT)),
            Product("recurrent", (self.array(f"U_{gate}"), previous("h"))),
        ]
        if self.b is not None:
            products.append(Product("bias", (self.array(f"b_{gate}"),)))
        if self.p is not None and seen is not None:
            products.append(Product("peephole", (self.array(f"p_{gate}"), seen)))
        return tuple(products)


class LSTM(Cell[LSTMParams]):
    """One LSTM layer.

    Parameters
    ----------
    params : LSTMParams
        Its weights and form. Inputs and states are computed in their dtype.

    Examples
    --------
    >>> lstm = LSTM(LSTMParams.random(input_size=3, hidden_size=2, seed=0))
    >>> lstm.run(np.ones((5, 3))).c.shape
    (5, 2)
    """

    def _layout(self) -> tuple[Block, ...]:
        """Put g next to c_prev, so that one product gives i ⊙ g and f ⊙ c_prev."""
        return (
            Block(("a_i", "a_f", "a_o", "a_g"), is_sums=True),
            Block(("i", "f", "o")),
            Block(("g", "c_prev"), state="c"),
            Block(("m",)),
            HIDDEN,
        )

    def _stepper(self, buffers: Buffers) -> Steps:
        H, coupled = self.params.hidden_size, self.params.input_forget
        pair = np.empty_like(buffers.block(2, 0, 2, 0, 1)[0])
        write, kept, one = pair[:H], pair[H:], np.ones_like(pair[:H])
        p = None if self.params.p is None else buffers.column(self.params.p).copy()
        if p is not None and coupled:
            p[H : 2 * H] = 0  # f is 1 − i; a_f, which nothing reads, is without what f does not see
        early = 3 if p is None else 2  # with peepholes o must wait for c
        gate = self._squash(0, buffers.block(1, 0, early, 0, 1)[0])
        late, squash = self._squash(0, write), self._squash(1, write)
        show = self.params.activations[2].bind(write)  # the clip is for pre-activations

        def steps(start: int, stop: int) -> None:
            matrix, drive = self._sum(buffers, start, stop)
            for a, a_if, a_o, d, i, f, if_, o, ifo, a_g, g, c_prev, old, c, m, col, h, hold in zip(
                buffers.block(0, 0, 4, start, stop),
                buffers.block(0, 0, early, start, stop),
                buffers.value("a_o", start, stop),
                drive,
                buffers.value("i", start, stop),
                buffers.value("f", start, stop),
                buffers.block(1, 0, 2, start, stop),
                buffers.value("o", start, stop),
                buffers.block(1, 0, early, start, stop),
                buffers.value("a_g", start, stop),
                buffers.value("g", start, stop),
                buffers.value("c_prev", start, stop),
                buffers.block(2, 0, 2, start, stop),
                buffers.value("c", start, stop),
                buffers.value("m", start, stop),
                buffers.columns(start, stop),
                buffers.value("h", start, stop),
                buffers.holds(start, stop),
                strict=True,
            ):
                np.dot(matrix, col, out=a)
                if d is not None:
                    np.add(a, d, out=a)
                if p is not None:
                    a_if += np.concatenate([p[:H] * c_prev, p[H : 2 * H] * c_prev])
                gate(a_if, ifo)
                if hold is not None:
                    hold("i", i)
                if coupled:
                    np.subtract(one, i, out=f)
                squash(a_g, g)
                if hold is not None:
                    hold("f", f)
                    hold("g", g)
                np.multiply(if_, old, out=pair)  # i ⊙ g, f ⊙ c_prev
                np.add(write, kept, out=c)
                if hold is not None:
                    hold("c", c)
                if p is not None:
                    a_o += p[2 * H :] * c
                    late(a_o, o)
                show(c, m)
                if hold is not None:
                    hold("o", o)
                    hold("m", m)
                np.multiply(o, m, out=h)
                if hold is not None:
                    hold("h", h)

        return steps

    def _back(self, values: Mapping[str, FloatArray], received: Mapping[str, FloatArray]) -> Back:
        dh, dc, (T, *row) = received["h"], received["c"], received["h"].shape
        H, p = self.params.hidden_size, self._peepholes(dh.ndim == 3)
        da, U_T = np.empty((T, 4 * H, *row[1:]), dh.dtype), self._U.T
        parts = da.reshape(T, 4, *row)
        g, gc, dh_prev, dc_prev = (np.zeros_like(dh[0]) for _ in range(4))
        for steps, (to_if, to_g, to_o, to_c, f) in self._chunks(values):
            back = slice(None, None, -1)
            for d, d_if, d_o, d_g, from_if, from_g, from_o, from_c, f_t, dh_t, dc_t in zip(
                da[steps][back],
                parts[steps, :2][back],
                parts[steps, 2][back],
                parts[steps, 3][back],
                to_if[back],
                to_g[back],
                to_o[back],
                to_c[back],
                f[back],
                dh[steps][back],
                dc[steps][back],
                strict=True,
            ):
                np.add(dh_t, dh_prev, out=g)
                np.multiply(from_o, g, out=d_o)
                np.multiply(from_c, g, out=gc)
                np.add(gc, dc_prev, out=gc)
                np.add(gc, dc_t, out=gc)
                if p is not None:
                    gc += p[2] * d_o
                np.multiply(from_if, gc, out=d_if)
                np.multiply(from_g, gc, out=d_g)
                np.multiply(f_t, gc, out=dc_prev)
                if p is not None:
                    dc_prev += p[0] * d_if[0] + p[1] * d_if[1]
                np.dot(U_T, d, out=dh_prev)
        return Back((da,), da, {"h": dh_prev, "c": dc_prev}, vectors=self._seen(parts, values))

    def _seen(self, parts: FloatArray, values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Return the gradient with respect to the peepholes, if any."""
        if self.params.p is None:
            return {}
        seen = (values["c_prev"], values["c_prev"], values["c"])
        return {"p": np.concatenate([total(parts[:, k] * c) for k, c in enumerate(seen)])}

    def jacobian(self, trace: Trace) -> FloatArray:
        """Return ∂(h_t, c_t)/∂(h_{t−1}, c_{t−1}) of every step, shape (T, [B,] 2H, 2H).

        Examples
        --------
        >>> lstm = LSTM(LSTMParams.random(1, 2, seed=0))
        >>> lstm.jacobian(lstm.run(np.ones((5, 1)))).shape
        (5, 4, 4)
        """
        trace.check_free()
        H, p = self.params.hidden_size, self._peepholes(False)
        to_if, to_g, to_o, to_c, _ = self._local(trace.values)
        to_i, to_f, to_g = (to[..., None] for to in (to_if[:, 0], to_if[:, 1], to_g))
        U = self.params
        c_by_h = to_i * U.U_i + to_f * U.U_f + to_g * U.U_g
        c_by_c = trace.f[..., None] * np.eye(H, dtype=trace.dtype)
        o_by_h, o_by_c = np.broadcast_to(U.U_o, c_by_h.shape), np.zeros_like(c_by_h)
        if p is not None:
            c_by_c = c_by_c + to_i * np.diag(p[0]) + to_f * np.diag(p[1])
            o_by_h = o_by_h + p[2][:, None] * c_by_h
            o_by_c = p[2][:, None] * c_by_c
        shown = to_c[..., None]
        h_by_h = to_o[..., None] * o_by_h + shown * c_by_h
        h_by_c = to_o[..., None] * o_by_c + shown * c_by_c
        return np.block([[h_by_h, h_by_c], [c_by_h, c_by_c]])

    def _peepholes(self, has_batch: bool) -> list[FloatArray] | None:
        """Return p_i, p_f and p_o in a shape that broadcasts with a row."""
        if self.params.p is None:
            return None
        parts = np.split(self.params.p, 3)
        return [part[:, None] if has_batch else part for part in parts]

    def _local(self, values: Mapping[str, FloatArray]) -> tuple[FloatArray, ...]:
        """Return ∂c/∂(a_i, a_f) side by side, ∂c/∂a_g, ∂h/∂a_o, o·∂m/∂c, and f."""
        i, f, o, g = (values[name] for name in "ifog")
        c, c_prev, m = values["c"], values["c_prev"], values["m"]
        coupled = self.params.input_forget
        to_if = np.empty((len(f), 2, *f.shape[1:]), f.dtype)
        to_if[:, 0] = (g - c_prev if coupled else g) * self._slope(0, values["a_i"], i)
        to_if[:, 1] = 0 if coupled else c_prev * self._slope(0, values["a_f"], f)
        to_g = i * self._slope(1, values["a_g"], g)
        to_o = m * self._slope(0, values["a_o"], o)
        return to_if, to_g, to_o, o * self.params.activations[2].slope(c, m), f
