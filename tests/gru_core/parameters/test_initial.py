import numpy as np
import pytest

from gru_core import FieldError, GRUParams, RangeError

ARRAYS = tuple(GRUParams.places())
random_array = GRUParams.random_array
SHAPES = {name: array.shape for name, array in GRUParams.random(30, 20, seed=0).arrays().items()}
LIMIT = {"W": np.sqrt(6 / 50), "U": 1.0, "b": 1 / np.sqrt(20)}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ARRAYS)
def test_each_array_is_drawn_in_its_shape_within_its_range(name: str, dtype: str) -> None:
    array = random_array(name, 30, 20, seed=1, dtype=dtype)
    assert array.shape == SHAPES[name]
    assert array.dtype == dtype
    assert 0 < abs(array).max() <= LIMIT[name[0]]
    np.testing.assert_array_equal(array, random_array(name, 30, 20, seed=1, dtype=dtype))
    assert not np.array_equal(array, random_array(name, 30, 20, seed=2, dtype=dtype))


@pytest.mark.parametrize("size", [1, 2, 17])
def test_recurrent_weights_are_orthogonal(size: int) -> None:
    U = random_array("U_n", 3, size, seed=5)
    np.testing.assert_allclose(U.T @ U, np.eye(size), atol=1e-12)


def test_orthogonal_weights_favour_no_sign() -> None:
    signs = [random_array("U_z", 1, 1, seed=seed)[0, 0] for seed in range(200)]
    assert set(signs) == {-1, 1}
    assert abs(sum(signs)) < 60  # four standard deviations of 200 coin flips


def test_unknown_names_and_sizes_are_refused() -> None:
    with pytest.raises(FieldError, match=r"name must be one of W_z, .*, got 'W'"):
        random_array("W", 3, 2, seed=0)
    with pytest.raises(RangeError, match="hidden_size must be at least 1, got 0"):
        random_array("b_n", 3, 0, seed=0)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_gain_scales_weights_and_leaves_biases(name: str) -> None:
    plain, large = random_array(name, 3, 4, seed=1), random_array(name, 3, 4, seed=1, gain=2.5)
    np.testing.assert_allclose(large, plain if name[0] == "b" else 2.5 * plain)


def test_params_take_a_gain() -> None:
    plain, large = GRUParams.random(3, 4, seed=1), GRUParams.random(3, 4, seed=1, gain=2.5)
    np.testing.assert_allclose(large.W, 2.5 * plain.W)
    np.testing.assert_allclose(large.U, 2.5 * plain.U)


@pytest.mark.parametrize("gain", [0, -1, np.inf, np.nan])
def test_a_gain_must_be_positive_and_finite(gain: float) -> None:
    with pytest.raises(RangeError, match="gain must be a finite number more than 0, got"):
        GRUParams.random(3, 4, seed=1, gain=gain)
    with pytest.raises(RangeError, match="gain must be a finite number more than 0, got"):
        random_array("W_z", 3, 4, seed=1, gain=gain)
