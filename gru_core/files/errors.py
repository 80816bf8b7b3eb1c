"""The one error of the file readers and writers."""

from collections.abc import Sequence
from typing import Final

from gru_core.errors import CoreError

_CHOICES: Final = 50
_SHOWN: Final = 120
"""The most characters of a name in an error; a hostile file may have names of megabytes."""


class FormatError(CoreError):
    """A file that cannot be read as a network, or a network that cannot be written to one.

    Parameters
    ----------
    file : str
        The file's name, without its folder.
    entry : str or None
        The part of the file, such as ``"weight_ih_l0"`` or ``"node 'gru'"``; None for the file as
        a whole.
    message : str
        The fault, and what to do about it.
    choices : sequence of str
        The names of the networks in the file, of which one must be chosen.

    Notes
    -----
    Text from files is made printable and cut short, so that the error fits a line.

    Examples
    --------
    >>> str(FormatError("model.onnx", "node 'gru'", "direction 'sideways' is unknown"))
    "model.onnx: node 'gru': direction 'sideways' is unknown"
    >>> str(FormatError("model.npz", None, "is empty"))
    'model.npz: is empty'
    """

    def __init__(
        self, file: str, entry: str | None, message: str, choices: Sequence[str] = ()
    ) -> None:
        file = printable(file)
        entry = None if entry is None else printable(entry)
        message = printable(message, 8 * _SHOWN)
        super().__init__(entry or file, "be readable", message)
        self.args = (file, entry, message)
        self.file = file
        self.entry = entry
        self.message = message
        self.choices = tuple(printable(choice) for choice in choices[:_CHOICES])

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.entry, self.message) if part is not None)


def printable(text: str, length: int = _SHOWN) -> str:
    r"""Return at most `length` characters of text; those that would disturb a terminal are escaped.

    Examples
    --------
    >>> printable("gate\x1b[31m\n")
    'gate\\x1b[31m\\n'
    >>> printable("gates", 4)
    'gat…'
    """
    cut = text[: length + 1]
    shown = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut
    )
    return shown if len(shown) <= length else shown[: length - 1] + "…"
