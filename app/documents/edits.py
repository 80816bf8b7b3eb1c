"""Applies the edits of weights to the arrays of a network, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gru_core.network.end_arrays import random_end_array
from gru_core.network.network import Network
from gruscope.documents.layers import (
    Where,
    arrays_at,
    check_layer,
    check_part,
    params_at,
    where_of,
)
from gruscope.documents.sequence import Array
from gruscope.settings import Settings
from gruscope.wire.errors import Misapplied, Refused, refuse
from gruscope.wire.schema import (
    Edit,
    FillEdit,
    HoldEdit,
    RandomEdit,
    RestoreEdit,
    ScaleEdit,
    SetEdit,
    WeightEdit,
    ZeroEdit,
)

Touched = frozenset[tuple[Where, str]]
"""Arrays, each by its part of the network and its name."""


def touched_by(edits: Iterable[Edit]) -> Touched:
    """Return the arrays that edits change, ignoring edits that are off."""
    return frozenset(
        (where_of(e), e.array) for e in edits if not isinstance(e, HoldEdit) and not e.off
    )


def check(edits: Sequence[Edit], first: int, own: Network, settings: Settings) -> None:
    """Refuse invalid edits, even if they are off.

    Raises
    ------
    Misapplied
        With the edit's index in the list, where `first` is the index of the first edit.
    """
    originals: dict[Where, Mapping[str, Array]] = {}
    for i, edit in enumerate(edits, first):
        try:
            if isinstance(edit, HoldEdit):
                check_layer(edit, own)
                continue
            check_part(edit, own)
            part = where_of(edit)
            if part not in originals:
                originals[part] = arrays_at(own, part)
            _check(edit, originals[part], settings)
        except Refused as refused:
            raise Misapplied(i, refused) from None


def redo(
    base: Network,
    own: Network,
    edits: Sequence[Edit],
    done: int,
    touched: Touched,
    settings: Settings,
) -> dict[Where, dict[str, Array]]:
    """Return the touched arrays after the edits, where `base` already has the first `done`.

    The edits have been checked. Edits before the last one that replaces their array are skipped.

    Raises
    ------
    Misapplied
        If an edit makes a weight too large.
    Refused
        If the edits together touch too many values.
    """
    concerned = [
        (i, edit, (where_of(edit), edit.array))
        for i, edit in enumerate(edits[done:], done)
        if not isinstance(edit, HoldEdit) and not edit.off
    ]
    concerned = [(i, edit, key) for i, edit, key in concerned if key in touched]
    arrays: dict[Where, dict[str, Array]] = {}
    for part, name in touched:
        array = arrays_at(base, part)[name]
        edited = any(key == (part, name) for _, _, key in concerned)
        arrays.setdefault(part, {})[name] = array.copy() if edited else array
    replaced = {key: i for i, edit, key in concerned if _replaces_array(edit)}
    due = [(i, edit) for i, edit, key in concerned if i >= replaced.get(key, done)]
    values = sum(_values(edit, arrays[where_of(edit)][edit.array]) for _, edit in due)
    if values > settings.edit_values:
        raise refuse("length", "edits", f"touch at most {settings.edit_values} values", values)
    for i, edit in due:
        try:
            _apply(edit, arrays[where_of(edit)][edit.array], own, settings)
        except Refused as refused:
            raise Misapplied(i, refused) from None
    for changed in arrays.values():
        for array in changed.values():
            array.flags.writeable = False  # so that the network need not copy it again
    return arrays


def _values(edit: WeightEdit, array: Array) -> int:
    """Return how many values an edit touches."""
    one = isinstance(edit, SetEdit) or (isinstance(edit, RestoreEdit) and not _replaces_array(edit))
    return 1 if one else array.size


def _replaces_array(edit: WeightEdit) -> bool:
    """Return whether an edit replaces every value of its array."""
    if isinstance(edit, RestoreEdit):
        return edit.row is None and edit.column is None
    return isinstance(edit, ZeroEdit | FillEdit | RandomEdit)


def _check(edit: WeightEdit, originals: Mapping[str, Array], settings: Settings) -> None:
    """Refuse an edit that fits none of the arrays."""
    if edit.array not in originals:
        raise refuse("range", "array", f"be one of {', '.join(originals)}", edit.array)
    if isinstance(edit, SetEdit | FillEdit) and abs(edit.value) > settings.weight:
        raise refuse("range", "value", f"be within ±{settings.weight:g}", f"{edit.value:g}")
    if isinstance(edit, SetEdit | RestoreEdit) and not _replaces_array(edit):
        _cell(edit, originals[edit.array])


def _apply(edit: WeightEdit, array: Array, own: Network, settings: Settings) -> None:
    """Change an array in place."""
    if isinstance(edit, SetEdit):
        array[_cell(edit, array)] = edit.value
    elif isinstance(edit, RestoreEdit):
        cell = ... if _replaces_array(edit) else _cell(edit, array)
        array[cell] = arrays_at(own, where_of(edit))[edit.array][cell]
    elif isinstance(edit, FillEdit):
        array[...] = edit.value
    elif isinstance(edit, ScaleEdit):
        _scale(array, edit.factor, settings)
    elif isinstance(edit, RandomEdit):
        array[...] = _random(edit, array, own)
    else:
        array[...] = 0


def _random(edit: RandomEdit, array: Array, own: Network) -> Array:
    """Return new values for an array."""
    part = where_of(edit)
    if not isinstance(part, tuple):
        return random_end_array(edit.array, array, seed=edit.seed, gain=edit.gain)
    params = params_at(own, part)
    return params.random_array(
        edit.array,
        params.input_size,
        params.hidden_size,
        seed=edit.seed,
        gain=edit.gain,
        dtype=array.dtype,
    )


def _cell(edit: SetEdit | RestoreEdit, array: Array) -> tuple[int, ...]:
    """Return the index of the cell that an edit changes."""
    row, column = edit.row, edit.column
    if row is None:
        raise refuse("shape", "row", "be given with a column", None)
    if (column is None) != (array.ndim == 1):
        expected = "be given for a matrix" if column is None else "not be given for a vector"
        raise refuse("shape", "column", expected, column)
    if row >= array.shape[0]:
        raise refuse("range", "row", f"be less than {array.shape[0]}", row)
    if column is None:
        return (row,)
    if column >= array.shape[1]:
        raise refuse("range", "column", f"be less than {array.shape[1]}", column)
    return row, column


def _scale(array: Array, factor: float, settings: Settings) -> None:
    with np.errstate(over="ignore", invalid="ignore"):  # infinite weights are refused below
        array *= factor
    largest = float(np.abs(array).max())
    if not largest <= settings.weight:
        limit = f"leave weights within ±{settings.weight:g}"
        raise refuse("range", "factor", limit, f"{largest:g}")
