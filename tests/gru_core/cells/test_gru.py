import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import GRU, DTypeError, GRUParams, RangeError, ShapeError, Trace
from tests.gru_core.cases import CASES, CELL, REFERENCES, Case, FloatArray, draw
from tests.gru_core.strategies import Layer, layers

VALUES = GRUParams.VALUES
TOLERANCE = {"float64": 1e-12, "float32": 1e-6}

both_dtypes = pytest.mark.parametrize("dtype", TOLERANCE)


def run(case: Case, dtype: str) -> Trace:
    arrays = draw(case, dtype)
    b = arrays["b"] if case.bias else None
    b_hn = arrays["b_hn"] if case.inner_bias else None
    gru = GRU(GRUParams(arrays["W"], arrays["U"], b, b_hn))
    return gru.run(arrays["x"], arrays["h0"] if case.h0 else None)


def assert_same(found: Trace, expected: Trace) -> None:
    """Every array equal, bit for bit."""
    for name in ("x", "projection", "h_0", *VALUES):
        a, b = getattr(found, name), getattr(expected, name)
        assert a.dtype == b.dtype, name
        assert a.tobytes() == b.tobytes(), name


@both_dtypes
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_h_equals_torch(case: Case, dtype: str) -> None:
    with np.load(REFERENCES) as stored:
        expected = stored[f"{case.key}/{dtype}"]
    found = run(case, dtype).h[case.steps]
    assert found.dtype == expected.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE[dtype])


@both_dtypes
@pytest.mark.parametrize("name", VALUES)
def test_every_internal_value_equals_torch(name: str, dtype: str) -> None:
    with np.load(REFERENCES) as stored:
        expected = stored[f"cell/{name}/{dtype}"]
    found = getattr(run(CELL, dtype), name)
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE[dtype])


@both_dtypes
def test_a_step_worked_by_hand(dtype: str) -> None:
    params = GRUParams.from_arrays(
        W_z=[[math.log(3)]],  # σ(ln 3) = 3/4
        U_z=[[0]],
        W_r=[[0]],
        U_r=[[-2 * math.log(3)]],  # σ(−ln 3) = 1/4, from h_prev = 1/2
        W_n=[[0]],
        U_n=[[6]],
        b_n=[math.log(2) - 0.5],  # tanh(ln 2) = 3/5, with r·u = 1/2
        b_hn=[-1],
        dtype=dtype,
    )
    trace = GRU(params).run([[1]], h0=[0.5])
    expected = {
        "z": 3 / 4,
        "r": 1 / 4,
        "u": 6 / 2 - 1,
        "n": 3 / 5,
        "h": 3 / 4 * 1 / 2 + 1 / 4 * 3 / 5,
        "a_z": math.log(3),
        "a_r": -math.log(3),
        "a_n": math.log(2),
    }
    for name, value in expected.items():
        assert getattr(trace, name)[0, 0] == pytest.approx(value, abs=TOLERANCE[dtype]), name


@given(layers())
def test_a_gate_of_one_keeps_the_state_exactly(layer: Layer) -> None:
    H = layer.params.hidden_size
    shut = {"W_z": np.zeros_like(layer.params.W_z), "U_z": np.zeros((H, H))}
    b = np.concatenate([np.full(H, 50), np.zeros(2 * H)])
    params = GRUParams(layer.params.W, layer.params.U, b, layer.params.b_hn).replace(**shut)
    trace = GRU(params).run(layer.x, layer.h0)
    assert (trace.z == 1).all()
    assert (trace.h == layer.h0).all()


@given(layers(scales=(0.3, 1, 30, 1000)))
def test_a_state_within_one_stays_within_one(layer: Layer) -> None:
    trace = GRU(layer.params).run(layer.x, layer.h0)
    assert (abs(trace.h) <= 1).all()
    assert (abs(trace.n) <= 1).all()
    for gate in (trace.z, trace.r):
        assert ((gate >= 0) & (gate <= 1)).all()


@given(layers())
def test_the_trace_obeys_the_equations(layer: Layer) -> None:
    trace, arrays = GRU(layer.params).run(layer.x, layer.h0), layer.params.arrays()
    h_prev = np.vstack([layer.h0, trace.h[:-1]]).astype(float)
    x, inner = layer.x.astype(float), arrays.get("b_hn", 0)

    def close(found: FloatArray, expected: FloatArray) -> None:
        size = 1 + np.abs(expected).max()
        tolerance = TOLERANCE[str(trace.dtype)] * size
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)

    for gate, a in (("z", trace.a_z), ("r", trace.a_r)):
        close(
            a,
            x @ arrays[f"W_{gate}"].T + h_prev @ arrays[f"U_{gate}"].T + arrays.get(f"b_{gate}", 0),
        )
        close(getattr(trace, gate), 0.5 + 0.5 * np.tanh(0.5 * a.astype(float)))
    close(trace.u, h_prev @ arrays["U_n"].T + inner)
    close(trace.a_n, x @ arrays["W_n"].T + arrays.get("b_n", 0) + trace.r * trace.u)
    close(trace.n, np.tanh(trace.a_n))
    close(trace.h, trace.z * h_prev + (1 - trace.z) * trace.n)


@both_dtypes
@pytest.mark.parametrize("size", [1e3, 1e6])
def test_saturated_gates_are_exact_and_silent(size: float, dtype: str) -> None:
    W = [[size], [-size], [size]]
    gru = GRU(GRUParams(np.array(W, dtype), np.zeros((3, 1), dtype)))
    with np.errstate(all="raise"):
        trace = gru.run([[1], [-1], [0]])
    np.testing.assert_array_equal(trace.z[:, 0], [1, 0, 0.5])
    np.testing.assert_array_equal(trace.r[:, 0], [0, 1, 0.5])
    np.testing.assert_array_equal(trace.n[:, 0], [1, -1, 0])


@given(layers(), st.data())
def test_resume_equals_run(layer: Layer, data: st.DataObject) -> None:
    gru, T, I = GRU(layer.params), len(layer.x), layer.params.input_size
    t = data.draw(st.integers(0, T))
    tail = np.full((data.draw(st.integers(0 if t else 1, 100)), I), 0.25)
    x = np.vstack([layer.x[:t], tail])
    before = gru.run(layer.x, layer.h0)
    assert_same(gru.resume(before, x, t), gru.run(x, layer.h0))


@given(layers(), st.integers(1, 200), st.integers(1, 200), st.data())
def test_spans_equal_run(layer: Layer, first: int, largest: int, data: st.DataObject) -> None:
    gru, T = GRU(layer.params), len(layer.x)
    whole = gru.run(layer.x, layer.h0)
    start = data.draw(st.integers(0, T))
    spans = list(
        gru.spans(layer.x, layer.h0, keep=whole, start=start, first=first, largest=largest)
    )
    assert_same(spans[-1].trace, whole)
    assert [span.start for span in spans] == [start, *(span.stop for span in spans[:-1])]
    assert spans[-1].stop == T
    assert all(span.stop - span.start <= largest for span in spans)


@both_dtypes
@pytest.mark.parametrize("sizes", [(33, 64), (5, 129)])
def test_layers_wide_enough_for_several_threads_resume_exactly(
    sizes: tuple[int, int], dtype: str
) -> None:
    gru = GRU(GRUParams.random(*sizes, seed=0, dtype=dtype))
    x = np.random.RandomState(0).normal(size=(200, sizes[0]))
    whole = gru.run(x)
    for t in (0, 1, 63, 64, 100, 199):
        assert_same(gru.resume(gru.run(x[: t + 1]), x, t), whole)


@given(layers(), st.sampled_from(["U_z", "U_r", "U_n"]), st.integers(0, 150))
def test_a_reused_projection_equals_run(layer: Layer, name: str, start: int) -> None:
    before = GRU(layer.params).run(layer.x, layer.h0)
    gru = GRU(layer.params.replace(**{name: layer.params.arrays()[name] / 2}))
    after = gru.run(layer.x, layer.h0, projection=before.projection)
    assert_same(after, gru.run(layer.x, layer.h0))
    assert np.shares_memory(after.projection, before.projection)
    t = min(start, len(layer.x))
    assert_same(gru.resume(after, layer.x, t, projection=before.projection), after)


def test_spans_start_short_and_grow_and_are_not_computed_ahead() -> None:
    gru = GRU(GRUParams.random(2, 3, seed=0))
    spans = gru.spans(np.ones((2000, 2)), first=8, largest=512)
    span = next(spans)
    assert (span.start, span.stop) == (0, 8)
    assert span.trace.h[7].any()
    assert not span.trace.h[8:].any()
    assert [s.stop - s.start for s in spans] == [16, 32, 64, 128, 256, 512, 512, 472]


def test_a_span_shares_the_one_trace_and_finished_rows_do_not_change() -> None:
    gru = GRU(GRUParams.random(2, 3, seed=0))
    spans = gru.spans(np.ones((100, 2)))
    first = next(spans)
    rows = {name: getattr(first.trace, name)[:16].copy() for name in VALUES}
    assert all(span.trace is first.trace for span in spans)
    for name, before in rows.items():
        np.testing.assert_array_equal(getattr(first.trace, name)[:16], before)


@both_dtypes
def test_inputs_are_cast_and_may_change_afterwards(dtype: str) -> None:
    gru = GRU(GRUParams.random(1, 2, seed=0, dtype="float32"))
    x, h0 = np.array([[1], [0]], dtype), np.array([0.5, 0.25], dtype)
    trace = gru.run(x, h0)
    x[:], h0[:] = 7, 7
    assert trace.x.dtype == trace.h.dtype == trace.h_0.dtype == np.float32
    assert trace.x.tolist() == [[1], [0]]
    assert trace.h_0.tolist() == [0.5, 0.25]


GRU_2_3 = GRU(GRUParams.random(2, 3, seed=0))
X = np.ones((5, 2))


@pytest.mark.parametrize(
    ("x", "h0", "error", "message"),
    [
        ([[1, 2, 3]], None, ShapeError, "x must have shape (T, I) = (T, 2) with T ≥ 1, got (1, 3)"),
        (np.zeros((0, 2)), None, ShapeError, "with T ≥ 1, got (0, 2)"),
        ([1, 2], None, ShapeError, "got (2,)"),
        ([[1, 2], [3]], None, ShapeError, "x must be a rectangular array"),
        (
            [[1, 2], [3, np.nan]],
            None,
            RangeError,
            "x must be finite float64 numbers, got nan at (1, 1)",
        ),
        ([[np.inf, 2]], None, RangeError, "got inf at (0, 0)"),
        ([["a", "b"]], None, DTypeError, "x must hold real numbers, got dtype <U1"),
        ([[1j, 2]], None, DTypeError, "got dtype complex128"),
        ([[None, 2]], None, DTypeError, "got dtype object"),
        (X, [0, 0], ShapeError, "h0 must have shape (H,) = (3,), got (2,)"),
        (X, [0, -np.inf, 0], RangeError, "h0 must be finite float64 numbers, got -inf at (1)"),
    ],
)
def test_bad_input_is_refused(x: Any, h0: Any, error: type[Exception], message: str) -> None:
    for call in (GRU_2_3.run, GRU_2_3.spans):
        with pytest.raises(error) as caught:
            call(x, h0)
        assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"start": 1}, RangeError, "start must be from 0 to 0, the steps to keep, got 1"),
        ({"keep": GRU_2_3.run(X), "start": 6}, RangeError, "from 0 to 5"),
        ({"keep": GRU_2_3.run(X), "start": -1}, RangeError, "got -1"),
        (
            {"keep": GRU_2_3.run(X * [[1], [1], [2], [1], [1]]), "start": 3},
            RangeError,
            "x must equal keep.x before t = 3, got another row 2",
        ),
        (
            {"keep": GRU_2_3.run(X, [1, 0, 0]), "start": 3, "h0": [0, 0, 0]},
            RangeError,
            "h0 must equal keep.h_0",
        ),
        (
            {"keep": GRU(GRUParams.random(2, 4, seed=0)).run(X), "start": 3},
            ShapeError,
            "keep.h_0 must have shape (H,) = (3,), got (4,)",
        ),
        (
            {"keep": GRU(GRUParams.random(1, 3, seed=0)).run(X[:, :1]), "start": 3},
            ShapeError,
            "keep.x must have shape (T, I) = (5, 2), got (5, 1)",
        ),
        (
            {"keep": GRU(GRUParams.random(2, 3, seed=0, dtype="float32")).run(X), "start": 3},
            DTypeError,
            "keep must be of dtype float64, got float32",
        ),
        (
            {"projection": np.zeros((4, 9))},
            ShapeError,
            "projection must have shape (T, 3H) = (5, 9), got (4, 9)",
        ),
        ({"projection": np.full((5, 9), np.nan)}, RangeError, "projection must be finite"),
        ({"first": 0}, RangeError, "first must be at least 1, got 0"),
        ({"largest": 0}, RangeError, "largest must be at least 1, got 0"),
    ],
)
def test_a_trace_that_cannot_be_continued_is_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        GRU_2_3.spans(X, **arguments)
    assert message in str(caught.value)


def test_a_kept_trace_from_a_wider_layer_is_refused_from_step_0_on() -> None:
    wide = GRU(GRUParams.random(2, 4, seed=0)).run(X)
    with pytest.raises(ShapeError, match=r"keep\.h_0"):
        GRU_2_3.resume(wide, X, 0)


def test_overflow_during_a_run_is_refused_at_its_step() -> None:
    gru = GRU(GRUParams.random(2, 3, seed=0, dtype="float32").replace(W_z=np.full((3, 2), 3e38)))
    x = np.zeros((100, 2))
    x[70, 0] = 3e38
    spans = gru.spans(x)
    assert [next(spans).stop, next(spans).stop] == [16, 48]
    with pytest.raises(RangeError) as caught:
        next(spans)
    assert str(caught.value) == "a_z must stay within float32, got overflow at t = 70, unit 0"


def test_a_number_too_large_for_float32_is_refused() -> None:
    gru = GRU(GRUParams.random(1, 1, seed=0, dtype="float32"))
    with pytest.raises(
        RangeError, match=r"x must be finite float32 numbers, got 1e\+300 at \(0, 0\)"
    ):
        gru.run([[1e300]])
