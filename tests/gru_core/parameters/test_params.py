from typing import Any

import numpy as np
import pytest

from gru_core import CoreError, DTypeError, FieldError, GRUParams, RangeError, ShapeError

ARRAYS = tuple(GRUParams.places())
W, U = np.arange(18.0).reshape(6, 3), np.arange(12.0).reshape(6, 2)
B, B_HN = np.arange(6.0), np.arange(2.0)
WITH_NAN = np.where(U == 5, np.nan, U)
FULL = GRUParams(W, U, B, B_HN)


def test_names_are_views_of_the_stacks_in_the_order_z_r_n() -> None:
    expected = {
        "W_z": W[:2], "U_z": U[:2], "b_z": B[:2],
        "W_r": W[2:4], "U_r": U[2:4], "b_r": B[2:4],
        "W_n": W[4:], "U_n": U[4:], "b_n": B[4:], "b_hn": B_HN,
    }  # fmt: skip
    found = FULL.arrays()
    assert tuple(found) == tuple(expected) == ARRAYS
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
        stack = FULL.b_hn if name == "b_hn" else getattr(FULL, name[0])
        assert np.shares_memory(found[name], stack)
    assert (FULL.input_size, FULL.hidden_size, str(FULL.dtype)) == (3, 2, "float64")


def test_absent_biases_are_none_and_left_out() -> None:
    bare = GRUParams(W, U)
    assert (bare.b_z, bare.b_r, bare.b_n, bare.b_hn) == (None,) * 4
    assert list(bare.arrays()) == ["W_z", "U_z", "W_r", "U_r", "W_n", "U_n"]


def test_from_arrays_undoes_arrays() -> None:
    again = GRUParams.from_arrays(**FULL.arrays())
    for name, array in FULL.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


def test_from_arrays_fills_up_biases_of_which_one_is_given() -> None:
    arrays = {name: array for name, array in FULL.arrays().items() if name[0] != "b"}
    params = GRUParams.from_arrays(**arrays, b_r=[7, 8], dtype="float32")
    assert params.b is not None
    assert params.b.tolist() == [0, 0, 7, 8, 0, 0]
    assert params.b_hn is None
    assert params.dtype == np.float32


def test_params_are_read_only() -> None:
    source = W.copy()
    params = GRUParams(source, U, B, B_HN)
    source[:] = -1
    np.testing.assert_array_equal(params.W, W)
    for array in (params.W, params.U, *params.arrays().values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("name", ARRAYS)
def test_replace_changes_one_array_and_shares_the_other_stacks(name: str) -> None:
    before = FULL.arrays()
    after = FULL.replace(**{name: before[name] + 100})
    for other, array in after.arrays().items():
        np.testing.assert_array_equal(array, before[other] + 100 * (other == name))
    own = name if name == "b_hn" else name[0]
    for stack in ("W", "U", "b", "b_hn"):
        assert (getattr(after, stack) is getattr(FULL, stack)) == (stack != own)


def test_replace_takes_several_arrays_at_once() -> None:
    after = FULL.replace(W_z=-W[:2], W_n=-W[4:], b_hn=-B_HN)
    np.testing.assert_array_equal(after.W, np.vstack([-W[:2], W[2:4], -W[4:]]))
    np.testing.assert_array_equal(after.b_hn, -B_HN)


def test_astype_converts_once_and_back() -> None:
    single = FULL.astype("float32")
    assert {a.dtype for a in single.arrays().values()} == {np.dtype("float32")}
    assert single.astype("float32") is single
    np.testing.assert_array_equal(single.astype("float64").W, W)


def test_random_is_seeded_orthogonal_and_within_glorot() -> None:
    params = GRUParams.random(30, 20, seed=3)
    again = GRUParams.random(30, 20, seed=np.random.default_rng(3))
    for name, array in params.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])
    for gate in "zrn":
        U = params.arrays()[f"U_{gate}"]
        np.testing.assert_allclose(U @ U.T, np.eye(20), atol=1e-12)
        W = params.arrays()[f"W_{gate}"]
        limit = np.sqrt(6 / 50)  # at 600 draws the extremes come within 2 % of it
        assert limit * 0.98 < abs(W).max() < limit
        assert not params.arrays()[f"b_{gate}"].any()
    assert not np.array_equal(params.U_z, params.U_r)


@pytest.mark.parametrize("bias", [True, False])
def test_random_in_float32_is_random_in_float64_rounded(bias: bool) -> None:
    single = GRUParams.random(3, 2, seed=0, bias=bias, dtype="float32")
    double = GRUParams.random(3, 2, seed=0, bias=bias).astype("float32")
    assert list(single.arrays()) == list(double.arrays())
    for name, array in single.arrays().items():
        np.testing.assert_array_equal(array, double.arrays()[name])


def stacks(**changed: Any) -> dict[str, Any]:
    return {"W": W, "U": U, "b": B, "b_hn": B_HN} | changed


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (stacks(W=W[:5]), ShapeError, "W must have shape (3H, I) = (3, 3), got (5, 3)"),
        (stacks(W=B), ShapeError, "W must have shape (3H, I)"),
        (stacks(W=3.0), ShapeError, "W must have shape (3H, I)"),
        ({"W": np.zeros((0, 3)), "U": np.zeros((0, 0))}, ShapeError, "H ≥ 1 and I ≥ 1, got (0, 3)"),
        (stacks(W=np.zeros((6, 0))), ShapeError, "H ≥ 1 and I ≥ 1, got (6, 0)"),
        (stacks(U=W), ShapeError, "U must have shape (3H, H) = (6, 2), got (6, 3)"),
        (stacks(b=B_HN), ShapeError, "b must have shape (3H,) = (6,), got (2,)"),
        (stacks(b_hn=B), ShapeError, "b_hn must have shape (H,) = (2,), got (6,)"),
        (stacks(U=WITH_NAN), RangeError, "U must be finite float64 numbers, got nan at (2, 1)"),
        (
            stacks(b=[0, 0, np.inf, 0, 0, 0]),
            RangeError,
            "b must be finite float64 numbers, got inf at (2)",
        ),
        (stacks(W=W.astype(int)), DTypeError, "dtype must be float32 or float64, got int64"),
        (stacks(b=["a"] * 6), DTypeError, "b must hold real numbers"),
    ],
)
def test_bad_stacks_are_refused(
    arguments: dict[str, Any], error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        GRUParams(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ({"U_r": np.zeros((2, 4))}, ShapeError, "U_r must have shape (H, H) = (2, 2), got (2, 4)"),
        ({"b_n": [1]}, ShapeError, "b_n must have shape (H,) = (2,), got (1,)"),
        (
            {"U_r": WITH_NAN[2:4]},
            RangeError,
            "U_r must be finite float64 numbers, got nan at (0, 1)",
        ),
        ({"W_q": 0}, FieldError, f"name must be one of {', '.join(ARRAYS)}, got 'W_q'"),
        ({"W": W}, FieldError, "got 'W'"),
    ],
)
def test_bad_replacements_are_refused(
    arrays: dict[str, Any], error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        FULL.replace(**arrays)
    assert message in str(caught.value)


def test_a_bias_that_is_absent_cannot_be_replaced() -> None:
    with pytest.raises(FieldError, match=r"name must be one of W_z, .*, got 'b_z'"):
        GRUParams(W, U).replace(b_z=[0, 0])


@pytest.mark.parametrize("changed", [{"W_z": [1, 2]}, {"W_r": W}, {"U_n": W[:2]}, {"b_z": [1]}])
def test_named_arrays_that_do_not_fit_are_refused_by_name(changed: dict[str, Any]) -> None:
    (name,) = changed
    with pytest.raises(ShapeError) as caught:
        GRUParams.from_arrays(**FULL.arrays() | changed)
    assert caught.value.field == name


@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (-1, 2)])
def test_sizes_below_one_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(RangeError, match="_size must be at least 1, got"):
        GRUParams.random(*sizes, seed=0)


def test_values_beyond_float32_are_refused() -> None:
    params = FULL.replace(W_z=np.full((2, 3), 1e200))
    with pytest.raises(RangeError, match=r"W must be finite float32 numbers, got 1e\+200"):
        params.astype("float32")


def test_an_activation_by_name_only_is_refused() -> None:
    with pytest.raises(DTypeError, match=r"activations\[1\] must be an Activation, .*, got 'relu'"):
        FULL.with_form(activations=(FULL.activations[0], "relu"))
