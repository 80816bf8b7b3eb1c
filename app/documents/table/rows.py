"""Columns of a table as rows of an input: missing values, a window of the rows, scaling."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gruscope.documents.table.dialect import TableError
from gruscope.documents.table.read import Column, Table, Values

Missing = Literal["skip", "hold", "interpolate", "zero"]
Scale = Literal["none", "standardise", "divide", "card"]


@dataclass(frozen=True)
class Choice:
    """What to take of a table.

    Parameters
    ----------
    columns : sequence of int
        Their places, in the order of the input's channels.
    missing : str
        "skip" leaves out a row with a missing value, "hold" repeats the value before it,
        "interpolate" draws a straight line, "zero" writes 0. At the ends the last two repeat the
        nearest value.
    scale : str
        "standardise" gives each column mean 0 and standard deviation 1 over the rows taken; "card"
        subtracts a mean of each column and divides by its scale.
    by : float
        What "divide" divides by.
    means, scales : sequence of float
        One for each column, of "card".
    start, count : int
        The first row, counted from 0 after rows were left out, and the most rows to take.
    """

    columns: Sequence[int]
    missing: Missing = "skip"
    scale: Scale = "none"
    by: float = 1.0
    means: Sequence[float] = ()
    scales: Sequence[float] = ()
    start: int = 0
    count: int | None = None


@dataclass(frozen=True)
class Taken:
    """Rows of an input.

    Parameters
    ----------
    rows : list of list of float
    start : int
        The row of the table that is the first one.
    total : int
        How many rows there were to take from.
    notes : list of str
        What differs from the file, in sentences.
    """

    rows: list[list[float]]
    start: int
    total: int
    notes: list[str]


def take(table: Table, choice: Choice, steps: int, value: float, room: int) -> Taken:
    r"""Return the chosen part of a table.

    Parameters
    ----------
    table : Table
    choice : Choice
    steps, value : int, float
        The limits on the rows and on the magnitude of their values.
    room : int
        The limit on the characters of the rows as JSON.

    Raises
    ------
    TableError
        If nothing is left, or a value is too large.

    Examples
    --------
    >>> table = Table.read(b"day,x\n1,0.5\n2,\n3,1.5\n")
    >>> take(table, Choice([1], "interpolate"), 4096, 1e6, 1 << 20).rows
    [[0.5], [1.0], [1.5]]
    """
    columns = [_column(table, i) for i in choice.columns]
    values = np.stack([column.values for column in columns], axis=1)  # (T, C)
    values, notes = _filled(values, choice.missing)
    total = len(values)
    if total == 0:
        raise TableError("Every row has a missing value, so no row is left.")
    start = min(choice.start, total - 1)
    most = steps if choice.count is None else min(steps, choice.count)
    values = values[start : start + most]
    with np.errstate(all="ignore"):  # the check refuses what overflows
        values, scaled = _scaled(values, columns, choice)
    _check(values, columns, value)
    rows = fitting(values.tolist(), room)
    if len(rows) < total:
        notes.append(f"Rows {start + 1} to {start + len(rows)} of {total} are taken.")
    return Taken(rows, start, total, notes + scaled)


def _column(table: Table, place: int) -> Column:
    if place >= len(table.columns):
        raise TableError(f"Expected a column below {len(table.columns)}, got {place}.")
    column = table.columns[place]
    if column.kind not in {"number", "index"}:
        cell = f", got {column.fault}" if column.fault else ""
        raise TableError(f"Column “{column.name}”: expected numbers{cell}.")
    return column


def _filled(values: Values, missing: Missing) -> tuple[Values, list[str]]:
    """Return the values without missing ones, and a sentence about these."""
    gaps = np.isnan(values)
    count = int(gaps.sum())
    if count == 0:
        return values, []
    if missing == "skip":
        rows = gaps.any(axis=1)
        return values[~rows], [f"{_counted(int(rows.sum()), 'row')} with missing values left out."]
    words = {
        "hold": "replaced by the value before",
        "interpolate": "interpolated",
        "zero": "replaced by 0",
    }
    filled = np.stack([_whole(column, missing) for column in values.T], axis=1)
    return filled, [f"{_counted(count, 'missing value')} {words[missing]}."]


def _whole(column: Values, missing: Missing) -> Values:
    """Return one column with its gaps filled."""
    places = np.arange(len(column))
    known = places[~np.isnan(column)]
    if missing == "zero":
        return np.nan_to_num(column, nan=0.0)
    if missing == "interpolate":
        return np.where(np.isnan(column), np.interp(places, known, column[known]), column)
    before = np.searchsorted(known, places, side="right") - 1
    return column[known[np.maximum(before, 0)]]


def _scaled(values: Values, columns: list[Column], choice: Choice) -> tuple[Values, list[str]]:
    """Return the values on another scale, and sentences about it."""
    if choice.scale == "none":
        return values, []
    if choice.scale == "divide":
        return values / choice.by, [f"Divided by {choice.by:g}."]
    if choice.scale == "card":
        return (values - choice.means) / np.array(choice.scales), []
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    flat = deviation <= 1e-12 * np.abs(mean)  # rounding leaves a constant a deviation
    notes = [
        f"“{column.name}” standardised: mean {m:.4g}, standard deviation {d:.4g}."
        for column, m, d in zip(columns[:4], mean, deviation, strict=False)
    ]
    constant = [column.name for column, same in zip(columns, flat, strict=True) if same]
    if constant:
        notes.append(f"“{constant[0]}” is constant, so it becomes 0.")
    spread = np.where(flat, 1.0, deviation)
    return np.where(flat, 0.0, (values - mean) / spread), notes


def _check(values: Values, columns: list[Column], limit: float) -> None:
    beyond = np.argwhere(~(np.abs(values) <= limit))
    if len(beyond):
        row, i = beyond[0]
        text = f"Column “{columns[i].name}”: a value must be from −{limit:.0f} to {limit:.0f}"
        raise TableError(f"{text}, got {values[row, i]:g}. Standardise or divide.")


def without_gaps(values: Values) -> tuple[Values, list[str]]:
    """Return the rows without a missing value, and a sentence about the others."""
    return _filled(values, "skip")


def fitting(rows: list[list[float]], room: int) -> list[list[float]]:
    """Return the first rows that fit into a message."""
    for i, row in enumerate(rows):
        room -= len(json.dumps(row)) + 1
        if room < 0:
            return rows[: max(1, i)]
    return rows


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
