"""Text as input: one unit of x per symbol of an alphabet."""

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray, check_dtype
from gru_core.errors import AlphabetError, RangeError, ShapeError


def one_hot(text: str, alphabet: str, *, dtype: DTypeLike = np.float64) -> FloatArray:
    """Return x with a single 1 in each row, in the column of that step's symbol.

    Parameters
    ----------
    text : str
        At least one character.
    alphabet : str
        The symbols, each once.
    dtype : float32 or float64

    Returns
    -------
    ndarray, shape (T, I)
        T is the length of `text`, I that of `alphabet`.

    Raises
    ------
    AlphabetError
        If a character is not in the alphabet; the error names the character and its position.
    ShapeError
        If the text or the alphabet is empty.
    RangeError
        If a symbol occurs twice in the alphabet.
    DTypeError
        If `dtype` is not float32 or float64.

    Examples
    --------
    >>> one_hot("ba", ".ab")
    array([[0., 0., 1.],
           [0., 1., 0.]])
    """
    for field, value in (("alphabet", alphabet), ("text", text)):
        if not value:
            raise ShapeError(field, "have at least one character", "none")
    columns = {symbol: i for i, symbol in enumerate(alphabet)}
    if len(columns) != len(alphabet):
        raise RangeError("alphabet", "name each symbol once", repr(alphabet))
    for position, character in enumerate(text):
        if character not in columns:
            got = f"{character!r} at position {position}"
            raise AlphabetError("text", f"use the symbols {alphabet!r}", got, position)
    x = np.zeros((len(text), len(alphabet)), check_dtype(dtype))
    x[np.arange(len(text)), [columns[character] for character in text]] = 1
    return x
