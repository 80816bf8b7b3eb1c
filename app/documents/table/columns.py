"""Which columns of a table are which channels of a network's input, and which are the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gru_core.network.card import Card
from gru_core.network.network import Network
from gruscope.documents.table.read import Column


class InputError(Exception):
    """A file that cannot be the input of a network; the text says what was expected."""


@dataclass(frozen=True)
class Assigned:
    """The places of columns.

    Parameters
    ----------
    inputs : tuple of int
        One for each channel of the input.
    targets : tuple of int
        One for each output, () if the target needs no column.
    notes : tuple of str
        What was left out, in sentences.
    """

    inputs: tuple[int, ...]
    targets: tuple[int, ...]
    notes: tuple[str, ...]


def assigned(columns: Sequence[Column], network: Network, card: Card) -> Assigned:
    """Return the columns for each channel by the card's names, or else in order.

    Raises
    ------
    InputError
        If a channel has no column, or it cannot be told which.
    """
    wanted = card.target_columns(network)
    named = [name for name in wanted if isinstance(name, str)]
    targets: tuple[int, ...] = ()
    if named:
        names = [n if isinstance(n, str) else card.channels[n].name for n in wanted]
        targets = tuple(_place(columns, name, "target") for name in names)
    I = network.input_size
    channels = [channel.name for channel in card.channels]
    if channels and all(channels) and any(_find(columns, name) for name in channels):
        inputs = tuple(_place(columns, name, "channel") for name in channels)
    else:
        inputs = _in_order(columns, I, set(targets))
    used = {*inputs, *targets}
    left = [f"“{c.name}”" for i, c in enumerate(columns) if i not in used]
    notes = (f"Left out: {', '.join(left[:8])}{' …' * (len(left) > 8)}.",) if left else ()
    return Assigned(inputs, targets, notes)


def _in_order(columns: Sequence[Column], size: int, taken: set[int]) -> tuple[int, ...]:
    free = [i for i in range(len(columns)) if i not in taken]
    numbers = [i for i in free if columns[i].kind == "number"]
    if len(numbers) != size:
        with_index = [i for i in free if columns[i].kind in ("number", "index")]
        numbers = with_index if len(with_index) == size else numbers
    if len(numbers) != size:
        have = ", ".join(f"“{columns[i].name}”" for i in numbers[:8]) or "none"
        text = f"expected {size} columns of numbers, one for each input, got {len(numbers)}: {have}"
        reason = next((f" (“{c.name}”, {c.fault})" for c in columns if c.kind == "text"), "")
        hint = "name the inputs in the card, or drop the file on the page to choose columns"
        raise InputError(f"{text}{reason}; {hint}")
    return tuple(numbers)


def _find(columns: Sequence[Column], name: str) -> list[int]:
    """Return the places of the columns with a name; capital letters do not matter."""
    exact = [i for i, column in enumerate(columns) if column.name == name]
    same = [i for i, column in enumerate(columns) if column.name.lower() == name.lower()]
    return exact or same


def _place(columns: Sequence[Column], name: str, what: str) -> int:
    found = _find(columns, name)
    if not found:
        have = ", ".join(f"“{column.name}”" for column in columns[:12])
        raise InputError(f"expected a column “{name}” for the {what} of this name, got {have}")
    if len(found) > 1:
        raise InputError(f"expected one column “{name}”, got {len(found)}")
    column = columns[found[0]]
    if column.kind not in ("number", "index"):
        got = column.fault or "no value"
        raise InputError(f"column “{column.name}”: expected numbers, got {got}")
    return found[0]
