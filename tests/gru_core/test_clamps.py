"""Clamped runs, against a step loop written out plainly."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gru_core import (
    GRU,
    LSTM,
    RNN,
    Activation,
    Clamp,
    CoreError,
    DTypeError,
    FieldError,
    GRUParams,
    LSTMParams,
    Params,
    RangeError,
    RNNParams,
    cell,
    explain,
)
from gru_core.arrays import FloatArray
from tests.gru_core.strategies import Case, cases

TOLERANCE = {"float64": 1e-12, "float32": 2e-5}
PLAIN: dict[str, Callable[[FloatArray], FloatArray]] = {
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
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


def assert_plain(case: Case, clamps: Sequence[Clamp]) -> None:
    found = cell(case.params).run(case.x, *case.states, clamps=clamps)
    tolerance = TOLERANCE[str(case.params.dtype)]
    for name, expected in Plain(case.params, clamps).run(case.x, case.states).items():
        np.testing.assert_allclose(found.values[name], expected, rtol=0, atol=tolerance)


FORMS: tuple[Any, ...] = (
    (GRUParams, {}),
    (GRUParams, {"reset_after": False}),
    (GRUParams, {"z_keeps": False}),
    (LSTMParams, {}),
    (LSTMParams, {"input_forget": True}),
    (LSTMParams, {"p": np.linspace(-1, 1, 12)}),
    (RNNParams, {}),
)


class Held(NamedTuple):
    """A form, and every one of its values held, now and then and throughout."""

    case: Case
    clamps: list[Clamp]


def held(kind: type[Params], form: dict[str, Any], batch: tuple[int, ...] = ()) -> Held:
    rng = np.random.RandomState(1)
    G = len(kind.GATES)
    shapes = {"W": (4 * G, 3), "U": (4 * G, 4), "b": (4 * G,)} | (
        {"b_hn": (4,)} if kind is GRUParams else {}
    )
    params = kind(**{name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}, **form)
    states = tuple(rng.uniform(-1, 1, (*batch, 4)) for _ in kind.STATES)
    case = Case(params, rng.normal(size=(12, *batch, 3)), states)
    values = VALUES[kind.kind]
    single = [Clamp(v, k % 4, 0.25 + 0.1 * k, t=2 + k) for k, v in enumerate(values)]
    through = [Clamp(v, (k + 2) % 4, 0.5 - 0.1 * k) for k, v in enumerate(values)]
    return Held(case, [*single, *through])


@pytest.mark.parametrize("batch", [(), (3,)], ids=["one", "batch"])
@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_every_value_of_every_form_can_be_held(
    kind: type[Params], form: dict[str, Any], batch: tuple[int, ...]
) -> None:
    case, clamps = held(kind, form, batch)
    assert_plain(case, clamps)
    for clamp in clamps:
        assert_plain(case, [clamp])


@st.composite
def clamped(draw: st.DrawFn, batches: bool = True) -> Held:
    """Draw a case and some clamps, often of one place."""
    case = draw(cases(steps=25, batches=batches))
    one = st.builds(
        Clamp,
        st.sampled_from(VALUES[case.params.kind]),
        st.integers(0, min(2, case.params.hidden_size - 1)),
        st.sampled_from([0.0, 1.0, -0.5, 0.375]),
        st.one_of(st.none(), st.integers(0, len(case.x) - 1)),
    )
    return Held(case, draw(st.lists(one, max_size=8)))


@given(clamped())
def test_a_clamped_run_is_what_a_plain_loop_gives(drawn: Held) -> None:
    assert_plain(drawn.case, drawn.clamps)


@given(clamped(), st.data())
def test_before_the_first_clamp_nothing_changes_by_a_bit(drawn: Held, data: st.DataObject) -> None:
    case, one = drawn.case, cell(drawn.case.params)
    T = len(case.x)
    first = data.draw(st.integers(0, T - 1))
    late = [Clamp(c.value, c.unit, c.number, max(first, c.t or 0)) for c in drawn.clamps]
    free, found = one.run(case.x, *case.states), one.run(case.x, *case.states, clamps=late)
    for name, value in free.values.items():
        stop = first + name.endswith("_prev")
        assert found.values[name][:stop].tobytes() == value[:stop].tobytes(), name


@given(clamped(), st.data())
def test_resumed_and_spanned_runs_are_the_same(drawn: Held, data: st.DataObject) -> None:
    case, clamps, one = drawn.case, drawn.clamps, cell(drawn.case.params)
    t = data.draw(st.integers(0, len(case.x)))
    later = data.draw(st.integers(t, len(case.x)))
    extra = [Clamp("h", 0, 0.125, later)] if later < len(case.x) else []
    whole = one.run(case.x, *case.states, clamps=[*clamps, *extra])
    before = one.run(case.x, *case.states, clamps=clamps)
    resumed = one.resume(before, case.x, t, clamps=[*clamps, *extra])
    *_, last = one.spans(case.x, *case.states, clamps=[*clamps, *extra], first=2, largest=5)
    for name, value in whole.values.items():
        assert resumed.values[name].tobytes() == value.tobytes(), name
        assert last.trace.values[name].tobytes() == value.tobytes(), name


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("z_keeps", [True, False])
def test_a_gate_that_keeps_throughout_keeps_the_first_state(
    reset_after: bool, z_keeps: bool
) -> None:
    params = GRUParams.random(2, 3, seed=0, reset_after=reset_after, z_keeps=z_keeps)
    h0 = np.array([0.1, -0.7, 0.3])
    keep = [Clamp("z", unit, float(z_keeps)) for unit in range(3)]
    trace = GRU(params).run(np.random.RandomState(0).normal(size=(200, 2)), h0, clamps=keep)
    np.testing.assert_array_equal(trace.h, np.tile(h0, (200, 1)))


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_cell_state() -> None:
    params, c0 = LSTMParams.random(2, 3, seed=0), np.array([0.1, -0.7, 0.3])
    keep = [Clamp(gate, unit, float(gate == "f")) for gate in "fi" for unit in range(3)]
    trace = LSTM(params).run(np.ones((50, 2)), None, c0, clamps=keep)
    np.testing.assert_array_equal(trace.c, np.tile(c0, (50, 1)))


@given(cases(), st.data())
@settings(max_examples=60)
def test_an_ablated_unit_contributes_nothing(case: Case, data: st.DataObject) -> None:
    """As if no weight read it: its column of U is 0, and the others can't tell the difference."""
    H = case.params.hidden_size
    unit = data.draw(st.integers(0, H - 1))
    states = [state.copy() for state in case.states]
    states[0][unit] = 0
    U: FloatArray = case.params.U.copy()
    U[:, unit] = 0
    deaf = case.params.replace(
        **{name: U[k * H : (k + 1) * H] for k, name in enumerate(case.params.STACKS["U"])}
    )
    ablated = cell(case.params).run(case.x, *states, clamps=[Clamp("h", unit, 0.0)])
    unread = cell(deaf).run(case.x, *states)
    others = [k for k in range(H) if k != unit]
    assert not ablated.h[:, unit].any()
    tolerance = TOLERANCE[str(case.params.dtype)]
    np.testing.assert_allclose(ablated.h[:, others], unread.h[:, others], rtol=0, atol=tolerance)


def test_the_later_clamp_wins() -> None:
    rnn, x = RNN(RNNParams.random(1, 1, seed=0)), np.ones((4, 1))
    always, once = Clamp("h", 0, 0.5), Clamp("h", 0, 0.25, t=2)
    assert rnn.run(x, clamps=[always, once]).h[:, 0].tolist() == [0.5, 0.5, 0.25, 0.5]
    assert rnn.run(x, clamps=[once, always]).h[:, 0].tolist() == [0.5] * 4
    assert rnn.run(x, clamps=[always, Clamp("h", 0, 1.0)]).h[:, 0].tolist() == [1.0] * 4
    assert rnn.run(x, clamps=[once, Clamp("h", 0, 0.75, t=2)]).h[2, 0] == 0.75


@given(clamped(batches=False), st.data())
def test_a_held_value_is_explained_by_what_its_equation_gives(
    drawn: Held, data: st.DataObject
) -> None:
    case, clamps = drawn.case, drawn.clamps
    trace = cell(case.params).run(case.x, *case.states, clamps=clamps)
    plain = Plain(case.params, clamps)
    plain.run(case.x, case.states)
    value = data.draw(st.sampled_from(VALUES[case.params.kind]))
    t = data.draw(st.integers(0, len(case.x) - 1))
    unit = data.draw(st.integers(0, trace.hidden_size - 1))
    found = explain(trace, case.params, value, t, unit)
    held_here = [c for c in clamps if (c.value, c.unit) == (value, unit) and c.t in (None, t)]
    tolerance = TOLERANCE[str(trace.dtype)]
    assert (found.clamped, found.result) == (bool(held_here), trace.values[value][t, unit])
    assert found.clamped or found.computed == found.result
    assert found.computed == pytest.approx(plain.computed[value][t][unit], abs=tolerance)
    total = found.computed if found.pre_activation is None else found.pre_activation
    assert math.fsum(term.product for term in found.terms) == pytest.approx(total, abs=tolerance)


def test_a_trace_remembers_its_clamps() -> None:
    rnn = RNN(RNNParams.random(1, 2, seed=0))
    clamps = (Clamp("h", 0, 0.5, t=3), Clamp("h", 1, 0.5))
    assert rnn.run(np.ones((4, 1))).clamps == ()
    assert rnn.run(np.ones((4, 1)), clamps=list(clamps)).clamps == clamps
    batch = rnn.run(np.ones((4, 2, 1)), clamps=clamps)
    assert batch.sequence(0).clamps == clamps
    assert batch.masked(np.array([4, 2])).sequence(1).clamps == clamps[1:]


@pytest.mark.parametrize("kind", [GRUParams, LSTMParams, RNNParams])
def test_derivatives_of_a_clamped_run_are_refused(kind: type[Params]) -> None:
    one = cell(kind.random(1, 2, seed=0))
    trace = one.run(np.ones((4, 1)), clamps=[Clamp("h", 0, 0.5)])
    asks: list[Callable[[], object]] = [
        lambda: one.gradients(trace, np.ones((4, 2))),
        lambda: one.jacobian(trace),
        lambda: one.memory(trace),
        trace.turned,
    ]
    for ask in asks:
        with pytest.raises(RangeError, match="trace must be of a run without clamps, got 1 of th"):
            ask()


@pytest.mark.parametrize(
    ("clamp", "error", "message"),
    [
        (Clamp("i", 0, 1.0), FieldError, "clamps[1].value must be one of z, r, n, h, got 'i'"),
        (Clamp("a_z", 0, 1.0), FieldError, "clamps[1].value must be one of z, r, n, h, got 'a_z'"),
        (Clamp("z", 3, 1.0), RangeError, "clamps[1].unit must be from 0 to 2, got 3"),
        (Clamp("z", -1, 1.0), RangeError, "clamps[1].unit must be from 0 to 2, got -1"),
        (Clamp("z", 0, 1.0, 5), RangeError, "clamps[1].t must be from 0 to 4, got 5"),
        (Clamp("z", 0, math.nan), RangeError, "clamps[1].number must be a finite float32 number"),
        (Clamp("z", 0, 1e39), RangeError, "clamps[1].number must be a finite float32 number"),
        ("z", DTypeError, "clamps[1] must be a Clamp, got str"),
    ],
)
def test_what_cannot_be_held_is_refused(clamp: Any, error: type[CoreError], message: str) -> None:
    gru = GRU(GRUParams.random(1, 3, seed=0, dtype="float32"))
    with pytest.raises(error) as caught:
        gru.run(np.ones((5, 1)), clamps=[Clamp("z", 0, 1.0), clamp])
    assert message in str(caught.value)


def test_a_run_is_resumed_only_where_the_same_was_held() -> None:
    rnn, x = RNN(RNNParams.random(1, 2, seed=0)), np.ones((6, 1))
    before = rnn.run(x, clamps=[Clamp("h", 0, 0.5, t=2)])
    assert rnn.resume(before, x, 2).clamps == ()
    with pytest.raises(RangeError, match=r"clamps must hold before t = 3 what keep\.clamps"):
        rnn.resume(before, x, 3)
    with pytest.raises(RangeError, match="got something else at t = 0"):
        rnn.resume(before, x, 1, clamps=[*before.clamps, Clamp("h", 1, 0.5)])


def test_an_activation_without_bounds_is_computed_beside_its_clamp() -> None:
    params = RNNParams([[2.0]], [[1.0]], activations=(Activation.of("relu"),), clip=1.5)
    trace = RNN(params).run([[1.0]], clamps=[Clamp("h", 0, -3.0)])
    found = explain(trace, params, "h", 0, 0)
    assert (found.result, found.computed, found.pre_activation) == (-3.0, 1.5, 2.0)
