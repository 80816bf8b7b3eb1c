"""Parts of a network that were guessed when it was read, and the words for it.

A state_dict contains arrays, but does not say what reads them. An embedding, a readout or a start
state can be found only by name and shape, and an activation or a norm without weights leaves no
trace.
"""

from collections.abc import Iterable
from typing import Final

from gru_core.errors import RangeError

EMBEDDING: Final = "embedding"
READOUT: Final = "readout"
START: Final = "start"
"""The states that the layers start from, `Layer.h0` and `Layer.c0`."""
PARTS: Final = (EMBEDDING, READOUT, START)
"""The parts that can be a guess."""
GUESS: Final = "a guess from its name and shape"
"""The words for such a part in every view."""
_END = "the file does not say what lies between it and the layers."
_WORDS = {START: "start state"}
_UNSAID = {START: "the file does not say what starts from it."}


def checked(guessed: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Return the guessed parts in order.

    Parameters
    ----------
    guessed : iterable of str
    present : iterable of str
        The parts that the network has.

    Raises
    ------
    RangeError
        If a guessed part is not present.

    Examples
    --------
    >>> checked(["readout"], ["embedding", "readout"])
    ('readout',)
    """
    names, there = set(guessed), set(present)
    for name in sorted(names - there):
        listed = ", ".join(sorted(there)) or "nothing, as it has none"
        raise RangeError("guessed", f"name parts of the network: {listed}", repr(name))
    return tuple(part for part in PARTS if part in names)


def sentence(guessed: Iterable[str]) -> str:
    """Return a sentence about each guessed part, "" if there are none.

    Examples
    --------
    >>> sentence(["readout"])
    'The readout is a guess from its name and shape: the file does not say what lies between it \
and the layers.'
    """
    return " ".join(f"The {_WORDS.get(p, p)} is {GUESS}: {_UNSAID.get(p, _END)}" for p in guessed)
