"""A deliberate error in gru_core: a text and its replacement.

The text must occur exactly once: where the source changes, the mutant has to follow it.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One error."""

    name: str
    file: str
    old: str
    new: str
    goes_back: bool = False
    """Whether it is in a gradient: then the tests of gradients must notice."""
    is_held: bool = False
    """Whether it is in what is held by hand: then the tests of clamps must notice."""
    learns: bool = False
    """Whether it is in training: then the tests of training must notice."""
    is_compiled: bool = False
    """Whether it is in the kernels: then the tests of their sources must notice."""
    translates: bool = False
    """Whether it is in an encoder and a decoder: then the tests of those must notice."""
