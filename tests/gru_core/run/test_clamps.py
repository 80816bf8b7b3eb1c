"""Clamped runs of every form, against a step loop written out plainly."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

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
from tests.gru_core.plain import VALUES, Held, assert_plain
from tests.gru_core.strategies import Case

FORMS: tuple[Any, ...] = (
    (GRUParams, {}),
    (GRUParams, {"reset_after": False}),
    (GRUParams, {"z_keeps": False}),
    (LSTMParams, {}),
    (LSTMParams, {"input_forget": True}),
    (LSTMParams, {"p": np.linspace(-1, 1, 12)}),
    (RNNParams, {}),
)


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


def test_the_later_clamp_wins() -> None:
    rnn, x = RNN(RNNParams.random(1, 1, seed=0)), np.ones((4, 1))
    always, once = Clamp("h", 0, 0.5), Clamp("h", 0, 0.25, t=2)
    assert rnn.run(x, clamps=[always, once]).h[:, 0].tolist() == [0.5, 0.5, 0.25, 0.5]
    assert rnn.run(x, clamps=[once, always]).h[:, 0].tolist() == [0.5] * 4
    assert rnn.run(x, clamps=[always, Clamp("h", 0, 1.0)]).h[:, 0].tolist() == [1.0] * 4
    assert rnn.run(x, clamps=[once, Clamp("h", 0, 0.75, t=2)]).h[2, 0] == 0.75


def test_a_trace_remembers_its_clamps() -> None:
    rnn = RNN(RNNParams.random(1, 2, seed=0))
    clamps = (Clamp("h", 0, 0.5, t=3), Clamp("h", 1, 0.5))
    assert rnn.run(np.ones((4, 1))).clamps == ()
    assert rnn.run(np.ones((4, 1)), clamps=list(clamps)).clamps == clamps
    batch = rnn.run(np.ones((4, 2, 1)), clamps=clamps)
    assert batch.sequence(0).clamps == clamps
    assert batch.masked(np.array([4, 2])).sequence(1).clamps == clamps[1:]


def test_clamps_turn_with_their_trace() -> None:
    rnn = RNN(RNNParams.random(1, 2, seed=0))
    trace = rnn.run(np.ones((4, 1)), clamps=[Clamp("h", 0, 0.5, t=3), Clamp("h", 1, 0.5)])
    assert trace.turned().clamps == (Clamp("h", 0, 0.5, t=0), Clamp("h", 1, 0.5))
    with pytest.raises(RangeError, match="trace must be of a run without clamps"):
        trace.masked(np.array(2)).turned()


@pytest.mark.parametrize("kind", [GRUParams, LSTMParams, RNNParams])
def test_derivatives_of_a_clamped_run_are_refused(kind: type[Params]) -> None:
    one = cell(kind.random(1, 2, seed=0))
    trace = one.run(np.ones((4, 1)), clamps=[Clamp("h", 0, 0.5)])
    asks: list[Callable[[], object]] = [
        lambda: one.gradients(trace, np.ones((4, 2))),
        lambda: one.jacobian(trace),
        lambda: one.memory(trace),
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
def test_invalid_holds_are_refused(clamp: Any, error: type[CoreError], message: str) -> None:
    gru = GRU(GRUParams.random(1, 3, seed=0, dtype="float32"))
    with pytest.raises(error) as caught:
        gru.run(np.ones((5, 1)), clamps=[Clamp("z", 0, 1.0), clamp])
    assert message in str(caught.value)


def test_a_run_is_resumed_only_after_equal_clamps() -> None:
    rnn, x = RNN(RNNParams.random(1, 2, seed=0)), np.ones((6, 1))
    before = rnn.run(x, clamps=[Clamp("h", 0, 0.5, t=2)])
    assert rnn.resume(before, x, 2).clamps == ()
    with pytest.raises(RangeError, match=r"clamps must be the same as keep\.clamps before t = 3"):
        rnn.resume(before, x, 3)
    with pytest.raises(RangeError, match="got others at t = 0"):
        rnn.resume(before, x, 1, clamps=[*before.clamps, Clamp("h", 1, 0.5)])


def test_an_activation_without_bounds_is_computed_beside_its_clamp() -> None:
    params = RNNParams([[2.0]], [[1.0]], activations=(Activation.of("relu"),), clip=1.5)
    trace = RNN(params).run([[1.0]], clamps=[Clamp("h", 0, -3.0)])
    found = explain(trace, params, "h", 0, 0)
    assert (found.result, found.computed, found.pre_activation) == (-3.0, 1.5, 2.0)
