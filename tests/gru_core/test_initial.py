import numpy as np
import pytest

from gru_core import ARRAYS, FieldError, GRUParams, RangeError, random_array

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
