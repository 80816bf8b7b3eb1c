"""Reads networks and their cards from files and writes them; see `load` and `save`."""

from gru_core.files.card import load_card, save_card
from gru_core.files.child import load_in_child
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.load_save import load, save

__all__ = [
    "FormatError",
    "Limits",
    "load",
    "load_card",
    "load_in_child",
    "save",
    "save_card",
]
