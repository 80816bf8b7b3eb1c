from typing import Any

import numpy as np
import pytest

from gru_core.arrays import as_floats, check_dtype, owned
from gru_core.errors import DTypeError

DOUBLE = np.dtype(np.float64)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("float32", "float32"), (np.float64, "float64"), (">f8", "float64"), (float, "float64")],
)
def test_two_dtypes_are_taken_in_any_spelling(dtype: str, expected: str) -> None:
    assert check_dtype(dtype) is np.dtype(expected)


@pytest.mark.parametrize("dtype", ["float16", "int64", "complex64", "U1", "longdouble", "nonsense"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    with pytest.raises(DTypeError, match="dtype must be float32 or float64, got"):
        check_dtype(dtype)


@pytest.mark.parametrize(
    "value",
    [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]], ">f4"), np.array([[1, 3], [2, 4]]).T],
)
def test_arrays_come_out_native_and_contiguous(value: Any) -> None:
    array = as_floats("x", value, DOUBLE)
    assert array.dtype == DOUBLE
    assert array.dtype.isnative
    assert array.flags.c_contiguous
    assert array.tolist() == [[1, 2], [3, 4]]


def test_owned_copies_writable_arrays() -> None:
    array = np.zeros(3)
    view = array.view()
    view.flags.writeable = False
    kept = owned(view)
    array[:] = 1
    assert kept.tolist() == [0, 0, 0]
    assert owned(kept) is kept
