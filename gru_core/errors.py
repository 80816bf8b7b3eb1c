"""The exceptions of gru_core.

    ValueError
    └── CoreError(field, expected, got)
        ├── FieldError      a name that does not exist here
        ├── DTypeError      a dtype other than float32 and float64, or no numbers
        ├── ShapeError      an array of the wrong shape, an empty sequence
        ├── RangeError      NaN, infinity, an index or a value out of its range
        └── AlphabetError   a character outside the alphabet, with its position

Every error stores its field, so that a caller can point at it.
"""


class CoreError(ValueError):
    """An argument that gru_core cannot use.

    Parameters
    ----------
    field : str
        The argument or array in question, such as ``"U_r"``.
    expected : str
        The requirement, phrased to follow "must".
    got : str
        The actual value.

    Examples
    --------
    >>> str(CoreError("U_r", "have shape (8, 8)", "(8, 4)"))
    'U_r must have shape (8, 8), got (8, 4)'
    """

    def __init__(self, field: str, expected: str, got: str) -> None:
        super().__init__(field, expected, got)
        self.field = field
        self.expected = expected
        self.got = got

    def __str__(self) -> str:
        return f"{self.field} must {self.expected}, got {self.got}"


class FieldError(CoreError):
    """A name that does not exist here."""


class DTypeError(CoreError):
    """A dtype other than float32 and float64, or no numbers."""


class ShapeError(CoreError):
    """An array of the wrong shape, or an empty sequence."""


class RangeError(CoreError):
    """NaN, infinity, or a value or index out of its range."""


class AlphabetError(CoreError):
    """A character outside the alphabet.

    Parameters
    ----------
    field, expected, got : str
        As for `CoreError`.
    position : int
        The position of the character in the text, from 0.
    """

    def __init__(self, field: str, expected: str, got: str, position: int) -> None:
        super().__init__(field, expected, got)
        self.args = (field, expected, got, position)
        self.position = position
