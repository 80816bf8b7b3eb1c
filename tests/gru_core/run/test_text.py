import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_core import AlphabetError, CoreError, DTypeError, RangeError, ShapeError, one_hot

alphabets = st.text(min_size=1, max_size=12).map(lambda text: "".join(dict.fromkeys(text)))


@given(alphabets, st.data())
def test_each_row_holds_one_1_in_its_symbols_column(alphabet: str, data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet, min_size=1))
    x = one_hot(text, alphabet)
    assert x.shape == (len(text), len(alphabet))
    assert (x.sum(axis=1) == 1).all()
    assert "".join(alphabet[column] for column in x.argmax(axis=1)) == text


def test_the_dtype_is_chosen() -> None:
    assert one_hot("a", "a", dtype="float32").dtype == np.float32


@pytest.mark.parametrize(
    ("text", "alphabet", "error", "message"),
    [
        ("ab!c!", "abc", AlphabetError, "text must use the symbols 'abc', got '!' at position 2"),
        ("aB", "ab", AlphabetError, "got 'B' at position 1"),
        ("a\n", "ab", AlphabetError, r"got '\n' at position 1"),
        ("", "ab", ShapeError, "text must have at least one character, got none"),
        ("a", "", ShapeError, "alphabet must have at least one character, got none"),
        ("a", "aba", RangeError, "alphabet must name each symbol once, got 'aba'"),
    ],
)
def test_bad_text_is_refused(
    text: str, alphabet: str, error: type[CoreError], message: str
) -> None:
    with pytest.raises(error) as caught:
        one_hot(text, alphabet)
    assert message in str(caught.value)


def test_the_error_knows_the_position() -> None:
    with pytest.raises(AlphabetError) as caught:
        one_hot("aa?a", "a")
    assert caught.value.position == 2


def test_an_invalid_dtype_is_refused() -> None:
    with pytest.raises(DTypeError):
        one_hot("a", "a", dtype="int8")
