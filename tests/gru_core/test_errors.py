import pickle

import pytest

from gru_core import AlphabetError, CoreError, DTypeError, FieldError, RangeError, ShapeError


@pytest.mark.parametrize("kind", [CoreError, DTypeError, FieldError, RangeError, ShapeError])
def test_an_error_keeps_its_fields_and_says_them(kind: type[CoreError]) -> None:
    error = kind("U_r", "have shape (8, 8)", "(8, 4)")
    assert str(error) == "U_r must have shape (8, 8), got (8, 4)"
    assert (error.field, error.expected, error.got) == ("U_r", "have shape (8, 8)", "(8, 4)")
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    "error", [ShapeError("x", "be so", "thus"), AlphabetError("text", "be so", "thus", 3)]
)
def test_an_error_survives_the_way_between_processes(error: CoreError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
