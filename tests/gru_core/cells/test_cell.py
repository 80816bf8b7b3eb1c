"""The contract of every cell in every form."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import (
    GRU,
    LSTM,
    RNN,
    DTypeError,
    GRUParams,
    LSTMParams,
    RangeError,
    RNNParams,
    ShapeError,
    Trace,
    cell,
)
from tests.gru_core.strategies import Case, cases

TOLERANCE = {"float64": 1e-12, "float32": 2e-5}
EVERY = (
    GRU(GRUParams.random(2, 3, seed=0)),
    LSTM(LSTMParams.random(2, 3, seed=0)),
    RNN(RNNParams.random(2, 3, seed=0)),
)
every_cell = pytest.mark.parametrize("one", EVERY, ids=lambda one: one.params.kind)


def assert_same(found: Trace, expected: Trace) -> None:
    """Every value equal, bit for bit."""
    assert found.values.keys() == expected.values.keys()
    for name, array in expected.values.items():
        assert found.values[name].tobytes() == array.tobytes(), name


@given(cases(batches=True), st.data())
def test_resume_equals_run(case: Case, data: st.DataObject) -> None:
    one, T = cell(case.params), len(case.x)
    t = data.draw(st.integers(0, T))
    tail = np.full((data.draw(st.integers(0 if t else 1, 70)), *case.x.shape[1:]), 0.25)
    x = np.concatenate([case.x[:t], tail])
    before = one.run(case.x, *case.states)
    assert_same(one.resume(before, x, t), one.run(x, *case.states))


@given(cases(batches=True), st.integers(1, 50), st.integers(1, 50))
def test_spans_equal_run(case: Case, first: int, largest: int) -> None:
    one = cell(case.params)
    *_, last = one.spans(case.x, *case.states, first=first, largest=largest)
    assert_same(last.trace, one.run(case.x, *case.states))


@given(cases(batches=True))
def test_a_batch_is_its_sequences(case: Case) -> None:
    one = cell(case.params)
    whole = one.run(case.x, *case.states)
    if whole.batch is None:
        return
    for b in range(whole.batch):
        alone = one.run(case.x[:, b], *(state[b] for state in case.states))
        for name, value in whole.sequence(b).values.items():
            tolerance = TOLERANCE[str(whole.dtype)]
            np.testing.assert_allclose(value, alone.values[name], rtol=0, atol=tolerance)


@given(cases())
def test_the_state_before_a_step_is_the_one_after_the_last(case: Case) -> None:
    trace = cell(case.params).run(case.x, *case.states)
    for name, start in zip(case.params.STATES, case.states, strict=True):
        before = trace.values[f"{name}_prev"]
        np.testing.assert_array_equal(before[0], start)
        np.testing.assert_array_equal(before[1:], trace.values[name][:-1])


@given(cases(steps=20))
def test_memory_is_the_product_of_the_jacobians(case: Case) -> None:
    one = cell(case.params)
    trace = one.run(case.x, *case.states)
    product = np.eye(len(case.states) * case.params.hidden_size)
    memory, jacobian = one.memory(trace), one.jacobian(trace)
    assert len(memory) == len(trace) + 1
    for t in reversed(range(len(trace))):
        product = product @ jacobian[t]
        size = 1 + np.abs(product).max()
        tolerance = size * TOLERANCE[str(trace.dtype)]
        np.testing.assert_allclose(memory[t], product, rtol=0, atol=tolerance)


@every_cell
def test_memory_of_padded_sequences_ends_before_the_padding(one: Any) -> None:
    x = np.random.RandomState(0).normal(size=(6, 2, 2))
    lengths = np.array([6, 4])
    padded = one.memory(one.run(x).masked(lengths))
    short = one.memory(one.run(x[:4, 1]))
    np.testing.assert_allclose(padded[:5, 1], short, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(padded[5, 1], np.eye(len(short[0])))


@every_cell
def test_a_reversed_trace_is_refused_until_it_is_turned(one: Any) -> None:
    trace = one.run(np.ones((4, 2)))
    back = trace.turned()
    for call in (lambda: one.memory(back), lambda: one.gradients(back, np.ones((4, 3)))):
        with pytest.raises(RangeError, match=r"trace must be in the order of processing"):
            call()
    np.testing.assert_array_equal(one.memory(back.turned()), one.memory(trace))


def test_another_cells_trace_is_refused() -> None:
    gru, lstm, _ = EVERY
    with pytest.raises(ShapeError, match=r"keep must be a trace of a lstm, got one of z, r, n, h"):
        lstm.resume(gru.run(np.ones((4, 2))), np.ones((4, 2)), 2)


@every_cell
def test_rows_that_are_not_computed_are_blank(one: Any) -> None:
    """Freed memory is reused, and its old content must not show."""
    for _ in range(5):
        one.run(np.full((500, 2), 0.5))
        span = next(one.spans(np.ones((500, 2))))
        for name, value in span.trace.values.items():
            assert not value[span.stop + 1 :].any(), name


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[1, 2, 3]],), ShapeError, "x must have shape (T, I) = (T, 2) with T ≥ 1, got (1, 3)"),
        (
            (np.ones((0, 4, 2)),),
            ShapeError,
            "(T, B, I) = (T, B, 2) with T and B ≥ 1, got (0, 4, 2)",
        ),
        ((np.ones((3, 0, 2)),), ShapeError, "got (3, 0, 2)"),
        (
            (np.ones((3, 4, 2)), np.ones(3)),
            ShapeError,
            "h0 must have shape (B, H) = (4, 3), got (3,)",
        ),
        (
            (np.ones((3, 2)), None, np.ones(3)),
            ShapeError,
            "c0 must not be given to a cell without c",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        EVERY[0].run(*arguments)
    assert message in str(caught.value)


def test_a_batch_refuses_a_projection() -> None:
    with pytest.raises(ShapeError, match="projection must not be given for a batch"):
        EVERY[0].run(np.ones((3, 4, 2)), projection=np.ones((3, 4, 9)))
    assert EVERY[0].run(np.ones((3, 4, 2))).projection is None


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.ones((4, 4)),), ShapeError, "dh must have shape (T, H) = (5, 3), got (4, 4)"),
        ((np.full((5, 3), np.nan),), RangeError, "dh must be finite"),
        ((np.ones((5, 3)), np.ones(2)), ShapeError, "dh_T must have shape (H,) = (3,), got (2,)"),
        ((np.ones((5, 3)), None, np.ones(3)), ShapeError, "dc_T must not be given"),
        (([["a"] * 3] * 5,), DTypeError, "dh must hold real numbers"),
    ],
)
def test_gradients_of_what_does_not_fit_are_refused(
    arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    trace = EVERY[0].run(np.ones((5, 2)))
    with pytest.raises(error) as caught:
        EVERY[0].gradients(trace, *arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (GRU(GRUParams.random(2, 300, seed=0)), "be one of sizes (I, H) = (2, 300), got (2, 3)"),
        (GRU(GRUParams.random(1, 3, seed=0)), "be one of sizes (I, H) = (1, 3), got (2, 3)"),
        (GRU(GRUParams.random(2, 3, seed=0).astype("float32")), "be of dtype float32, got float64"),
        (EVERY[1], "be a trace of a lstm, got one of z, r, n, h, u, a_z, a_r, a_n, h_prev"),
    ],
    ids=["H", "I", "dtype", "kind"],
)
@pytest.mark.parametrize("call", ["gradients", "memory"])
def test_derivatives_of_a_trace_of_other_params_are_refused(
    one: Any, message: str, call: str
) -> None:
    trace = EVERY[0].run(np.ones((5, 2)))
    arguments = (np.ones((5, 3)),) if call == "gradients" else ()
    with pytest.raises((ShapeError, DTypeError)) as caught:
        getattr(one, call)(trace, *arguments)
    assert str(caught.value) == f"trace must {message}"
