"""A table of a CSV file: its columns, what each holds, and what is missing."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gruscope.documents.table.dialect import (
    SAMPLE_ROWS,
    Decimal,
    Delimiter,
    TableError,
    decimal_of,
    decoded,
    records,
    sniff,
)

Kind = Literal["number", "index", "date", "text"]
Values = NDArray[np.float64]
Lines = Sequence[int]

MOST_COLUMNS = 1024
MOST_ROWS = 500_000
LONGEST_NAME = 80

MISSING = {"", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "-", "–", ".", "?", "missing"}
INDEX_NAMES = {
    *("#", "date", "day", "id", "index", "month", "n", "no", "nr"),
    *("row", "step", "t", "time", "timestep", "year"),
}

_SPACES = "\u0020\u00a0\u2009\u202f'’"
_GROUPED = {
    "point": re.compile(rf"[+-]?\d{{1,3}}(?:[,{_SPACES}]\d{{3}})+(?:\.\d+)?"),
    "comma": re.compile(rf"[+-]?\d{{1,3}}(?:[.{_SPACES}]\d{{3}})+(?:,\d+)?"),
}
"""Numbers with thousands separators, by their decimal mark."""
_GROUPS = {"point": f",{_SPACES}", "comma": f".{_SPACES}"}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:[AaPp][Mm]|Z|[+-]\d{2}:?\d{2}))?"
_DAY = r"\d{4}[-/]\d{1,2}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
_DATE = re.compile(rf"(?:{_DAY})(?:[T ]{_CLOCK})?|{_CLOCK}")


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    name : str
        From the header, or its place counted from 1.
    kind : str
        "index" numbers the rows, "text" is neither numbers nor dates.
    missing : int
        Rows without a value.
    fault : str
        The first cell that is no number, with its line, "" if there is none.
    values : array, shape (T,)
        With NaN where a value is missing, and empty unless the kind is number or index.
    """

    name: str
    kind: Kind
    missing: int
    fault: str
    values: Values


@dataclass(frozen=True)
class Table:
    """The columns of a file, and how they were read.

    Parameters
    ----------
    columns : tuple of Column
    rows : list of list of str
        As written, without the header.
    delimiter, decimal : str
    header : bool
        Whether the first row has names.
    doubts : tuple of str
        What may have been meant otherwise, in sentences.
    """

    columns: tuple[Column, ...]
    rows: list[list[str]]
    delimiter: Delimiter
    decimal: Decimal
    header: bool
    doubts: tuple[str, ...]

    @classmethod
    def read(
        cls,
        content: bytes,
        delimiter: Delimiter | None = None,
        decimal: Decimal | None = None,
        header: bool | None = None,
    ) -> Table:
        r"""Read a file; what is None is found out.

        Raises
        ------
        TableError
            If there is no table in it.

        Examples
        --------
        >>> table = Table.read(b"day,x\n2020-01-01,0.5\n2020-01-02,NA\n")
        >>> [(column.name, column.kind, column.missing) for column in table.columns]
        [('day', 'date', 0), ('x', 'number', 1)]
        """
        text, note = decoded(content)
        doubts = [note] if note else []
        if delimiter is None:
            delimiter, found = sniff(text, decimal)
            decimal = decimal or found
        lines, rows = _first(records(text, delimiter))
        if not rows:
            raise TableError("The file is empty; expected a number a line.")
        _check_width(len(rows[0]))
        if len(rows) > MOST_ROWS:
            del rows[MOST_ROWS:], lines[MOST_ROWS:]
            doubts.append(f"Only the first {MOST_ROWS} rows are read.")
        rows = _without_last_delimiter(rows)
        if rows[0][0] == "#" and len(rows[0]) > 1:  # as NumPy marks the names
            del rows[0][0]
        decimal = decimal or decimal_of(rows)
        if header is None:
            header = len(rows) > 1 and _is_header(rows[0], decimal)
            doubts += _doubts(rows[0], decimal) if header else []
        names = rows.pop(0) if header else []
        if header:
            lines.pop(0)
        if not rows:
            raise TableError("The file has only one row, and it is read as names.")
        width = _width(names, rows)
        _check_width(width)
        doubts += _levelled(rows, lines, width)
        names = [""] * (width - len(names)) + names
        doubts += _marks(rows, decimal)
        columns = tuple(
            _column(name, i, cells, lines, decimal, width > 1)
            for i, (name, cells) in enumerate(zip(names, zip(*rows, strict=True), strict=True))
        )
        return cls(columns, rows, delimiter, decimal, header, tuple(doubts))

    @property
    def length(self) -> int:
        """The number of rows."""
        return len(self.rows)


def _first(numbered: Iterator[tuple[int, list[str]]]) -> tuple[array[int], list[list[str]]]:
    """Return the numbers of lines and the rows, one row more than are read."""
    lines, rows = array("q"), list[list[str]]()
    for line, row in islice(numbered, MOST_ROWS + 1):
        lines.append(line)
        rows.append(row)
    return lines, rows


def _check_width(width: int) -> None:
    if width > MOST_COLUMNS:
        text = f"The file has {width} columns; at most {MOST_COLUMNS} are read."
        raise TableError(f"{text} One timestep is one row: is it the wrong way round?")


def _without_last_delimiter(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without their last cells, if all rows end with a delimiter."""
    if all(len(row) > 1 and row[-1] == "" for row in rows):
        return [row[:-1] for row in rows]
    return rows


def _marks(rows: list[list[str]], decimal: Decimal) -> list[str]:
    """Return sentences about thousands separators and per cent among the first rows."""
    cells = [cell for row in rows[:SAMPLE_ROWS] for cell in row]
    doubts = []
    percent = next((c for c in cells if c.endswith("%") and number(c, decimal) is not None), None)
    if percent is not None:
        doubts.append(f"“{percent}” is read as {number(percent, decimal):g}, without the %.")
    grouped = next((cell for cell in cells if _GROUPED[decimal].fullmatch(cell)), None)
    if grouped is not None:
        doubts.append(f"“{grouped}” is read as {number(grouped, decimal):.12g}: thousands.")
    elif decimal == "comma" and any("," in cell for cell in cells):
        commas = [cell for cell in cells if "," in cell and number(cell, decimal) is not None]
        if commas and all(_GROUPED["point"].fullmatch(cell) for cell in commas):
            read = f"“{commas[0]}” is read as {number(commas[0], decimal):g}"
            doubts.append(f"{read}. If its comma groups thousands, choose the decimal point.")
    return doubts


def _is_header(row: Sequence[str], decimal: Decimal) -> bool:
    return any(cell == "" or _is_name(cell, decimal) for cell in row)


def _doubts(names: list[str], decimal: Decimal) -> list[str]:
    """Return a sentence if a first row that is read as names could be values."""
    if not any(_is_name(cell, decimal) for cell in names):
        return ["The first row has an empty cell, so it is read as names."]
    if any(number(cell, decimal) is not None for cell in names):
        return ["The first row is read as names, although it has numbers too."]
    return []


def _is_name(cell: str, decimal: Decimal) -> bool:
    """Return whether a cell is no value: neither a number, a date, nor a sign for a missing one."""
    value = number(cell, decimal) is not None or cell.lower() in MISSING
    return not (value or _INFINITE.fullmatch(cell) or _DATE.fullmatch(cell))


def _width(names: list[str], rows: list[list[str]]) -> int:
    """Return the number of columns; R leaves out the name of the first, that of the rows."""
    first = len(rows[0])
    if not names:
        return first
    widths = {len(row) for row in rows}
    if widths == {len(names) + 1} and any(row[-1] for row in rows):
        return first
    return len(names)


def _levelled(rows: list[list[str]], lines: Lines, width: int) -> list[str]:
    """Make every row as long as the table is wide, and return sentences about short rows."""
    short = 0
    for i, row in enumerate(rows):
        if len(row) > width and any(row[width:]):
            text = f"Line {lines[i]} has {len(row)} values; expected {width}, as in the first row."
            raise TableError(text)
        if len(row) < width:
            short += 1
            rows[i] = row + [""] * (width - len(row))
        elif len(row) > width:
            rows[i] = row[:width]
    if short == 0:
        return []
    have = f"{short} rows have" if short > 1 else "1 row has"
    return [f"{have} fewer than {width} values; the rest count as missing."]


def number(cell: str, decimal: Decimal) -> float | None:
    """Return the finite number in a cell, None if it has none.

    Examples
    --------
    >>> number("-1,5e2", "comma"), number("1,5", "point"), number("inf", "point")
    (-150.0, None, None)
    >>> number("1,234.5", "point"), number("1.234,5", "comma"), number("45 %", "point")
    (1234.5, 1234.5, 45.0)
    """
    plain = cell.replace("−", "-").removesuffix("%").rstrip()
    if _GROUPED[decimal].fullmatch(plain):
        plain = plain.translate(dict.fromkeys(map(ord, _GROUPS[decimal])))
    if decimal == "comma":
        if "." in plain:  # it could group thousands
            return None
        plain = plain.replace(",", ".")
    if _NUMBER.fullmatch(plain) is None:
        return None
    value = float(plain)
    return value if np.isfinite(value) else None


def _column(
    name: str,
    place: int,
    cells: Sequence[str],
    lines: Lines,
    decimal: Decimal,
    several: bool,
) -> Column:
    """Return a column; ``several`` says whether there are others, so that it may be an index."""
    values, missing, fault = _values(cells, lines, decimal)
    kind: Kind = "text"
    if missing < len(cells) and not fault:
        kind = "index" if several and _is_index(values, name, place) else "number"
    elif fault and all(_DATE.fullmatch(cell) for cell in cells if cell.lower() not in MISSING):
        kind = "date"
    kept = values if kind in {"number", "index"} else values[:0]
    return Column(name[:LONGEST_NAME] or f"column {place + 1}", kind, missing, fault, kept)


def _values(cells: Sequence[str], lines: Lines, decimal: Decimal) -> tuple[Values, int, str]:
    """Return the numbers of a column, how many are missing, and the first cell that is neither."""
    values = _all_numbers(cells, decimal)
    if values is not None:
        return values, 0, ""
    values = np.full(len(cells), np.nan)
    missing, fault = 0, ""
    for i, cell in enumerate(cells):
        found = number(cell, decimal)
        if found is not None:
            values[i] = found
        elif cell.lower() in MISSING:
            missing += 1
        elif not fault:
            fault = f"line {lines[i]}: “{cell[:20]}”"
    return values, missing, fault


def _all_numbers(cells: Sequence[str], decimal: Decimal) -> Values | None:
    """Return the numbers of a column quickly, or None if a cell is none or needs a closer look."""
    if any("_" in cell for cell in cells):  # Python reads 1_000
        return None
    if decimal == "comma":
        if any("." in cell for cell in cells):
            return None
        cells = [cell.replace(",", ".") for cell in cells]
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _is_index(values: Values, name: str, place: int) -> bool:
    """Return whether a column of numbers counts the rows."""
    if len(values) < 2 or np.isnan(values).any():
        return False
    steps = np.diff(values)
    if name.lower() in INDEX_NAMES:
        return bool((steps > 0).all())
    return place == 0 and bool((steps == 1).all() and values[0] % 1 == 0)
