"""Any cell one step after the other, one equation after the other, values held on their way."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from gru_core import Clamp, Params, cell
from gru_core.arrays import FloatArray
from tests.gru_core.strategies import Case

TOLERANCE = {"float64": 1e-12, "float32": 2e-5}
PLAIN: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": lambda a: np.exp(-np.logaddexp(0, -a)),
    "hard_sigmoid": lambda a: np.clip(0.2 * a + 0.5, 0, 1),
    "tanh": np.tanh,
    "softsign": lambda a: a / (1 + abs(a)),
}
VALUES = {"gru": "zrnh", "lstm": "ifgcomh", "rnn": "h"}


class Plain:
    """One step after the other, one equation after the other, every value held on its way."""

    def __init__(self, params: Params, clamps: Sequence[Clamp]) -> None:
        self.params: Any = params
        self.clamps = clamps
        self.computed: dict[str, list[FloatArray]] = {}
        self.found: dict[str, list[FloatArray]] = {}

    def run(self, x: FloatArray, states: Sequence[FloatArray]) -> dict[str, FloatArray]:
        step = {"gru": self.gru, "lstm": self.lstm, "rnn": self.rnn}[self.params.kind]
        for t, row in enumerate(x):
            states = step(t, row, *states)
        return {name: np.array(rows) for name, rows in self.found.items()}

    def keep(self, name: str, t: int, computed: FloatArray) -> FloatArray:
        value = computed.copy()
        for clamp in self.clamps:
            if clamp.value == name and clamp.t in (None, t):
                value[..., clamp.unit] = clamp.number
        self.computed.setdefault(name, []).append(computed)
        self.found.setdefault(name, []).append(value)
        return value

    def squash(self, i: int, a: FloatArray) -> FloatArray:
        clip = math.inf if self.params.clip is None else self.params.clip
        return PLAIN[self.params.activations[i].name](np.clip(a, -clip, clip))

    def sum(self, gate: str, x: FloatArray, vector: FloatArray) -> FloatArray:
        of = f"_{gate}" if gate else ""
        b = getattr(self.params, f"b{of}")
        W, U = getattr(self.params, f"W{of}"), getattr(self.params, f"U{of}")
        total: FloatArray = x @ W.T + vector @ U.T + (0 if b is None else b)
        return total

    def rnn(self, t: int, x: FloatArray, h: FloatArray) -> tuple[FloatArray]:
        return (self.keep("h", t, self.squash(0, self.sum("", x, h))),)

    def gru(self, t: int, x: FloatArray, h: FloatArray) -> tuple[FloatArray]:
        p = self.params
        z = self.keep("z", t, self.squash(0, self.sum("z", x, h)))
        r = self.keep("r", t, self.squash(0, self.sum("r", x, h)))
        b_hn = 0 if p.b_hn is None else p.b_hn
        if p.reset_after:
            a_n = self.sum("n", x, 0 * h) + r * (h @ p.U_n.T + b_hn)
        else:
            a_n = self.sum("n", x, r * h) + b_hn
        n = self.keep("n", t, self.squash(1, a_n))
        keep, write = (z, 1 - z) if p.z_keeps else (1 - z, z)
        return (self.keep("h", t, keep * h + write * n),)

    def lstm(
        self, t: int, x: FloatArray, h: FloatArray, c: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        p_i, p_f, p_o = (
            0 if self.params.p is None else p for p in np.split(_or_zeros(self.params), 3)
        )
        i = self.keep("i", t, self.squash(0, self.sum("i", x, h) + p_i * c))
        f = 1 - i if self.params.input_forget else self.squash(0, self.sum("f", x, h) + p_f * c)
        f = self.keep("f", t, f)
        g = self.keep("g", t, self.squash(1, self.sum("g", x, h)))
        c = self.keep("c", t, f * c + i * g)
        o = self.keep("o", t, self.squash(0, self.sum("o", x, h) + p_o * c))
        m = self.keep("m", t, PLAIN[self.params.activations[2].name](c))
        return self.keep("h", t, o * m), c


def _or_zeros(params: Any) -> FloatArray:
    found: FloatArray = np.zeros(3 * params.hidden_size) if params.p is None else params.p
    return found


def tolerance(dtype: Any, *values: Any) -> float:
    """The rounding to allow for values of this size; a gate held below 0 makes them grow."""
    biggest = max(float(abs(value).max(initial=1)) for value in values)
    return TOLERANCE[str(dtype)] * biggest


def assert_plain(case: Case, clamps: Sequence[Clamp]) -> None:
    found = cell(case.params).run(case.x, *case.states, clamps=clamps)
    expected = Plain(case.params, clamps).run(case.x, case.states)
    atol = tolerance(case.params.dtype, *expected.values())
    for name, values in expected.items():
        np.testing.assert_allclose(found.values[name], values, rtol=0, atol=atol)


class Held(NamedTuple):
    """A cell with an input and clamps."""

    case: Case
    clamps: list[Clamp]
