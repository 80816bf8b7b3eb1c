"""What the kinds of a registry are, read from the files of its room."""

import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def one_of_each_file(room: ModuleType, kind: type[T], shared: set[str]) -> list[T]:
    """Return the one object of a kind that each file of a room makes, except the shared files."""
    found = []
    for module in pkgutil.iter_modules(room.__path__):
        if module.name not in shared:
            made = vars(import_module(f"{room.__name__}.{module.name}")).values()
            (one,) = (value for value in made if isinstance(value, kind))
            found.append(one)
    return found
