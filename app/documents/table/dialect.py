"""The text of a CSV file and how it is written: encoding, delimiter, decimal mark."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, get_args

Delimiter = Literal["comma", "semicolon", "tab", "space", "pipe"]
Decimal = Literal["point", "comma"]

MARKS: dict[Delimiter, str] = {
    "tab": "\t",
    "semicolon": ";",
    "pipe": "|",
    "comma": ",",
    "space": " ",
}
"""In the order in which they are tried: a comma may be a decimal mark, a space part of a date."""

assert set(MARKS) == set(get_args(Delimiter))

UNCLOSED = "a quotation mark is opened and never closed."

SAMPLE_ROWS = 100
SAMPLE_CHARACTERS = 1 << 20

_COMMA_NUMBER = re.compile(r"[+\-−]?(?:\d{1,3}(?:\.\d{3})+|\d*),\d+(?:[eE][+-]?\d+)?")
_POINT_NUMBER = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d*)\.\d+(?:[eE][+-]?\d+)?")
_DECIMALS = re.compile(rf"\s*(?:{_COMMA_NUMBER.pattern})\s*")
_LEADING_ZERO = re.compile(r",0\d")


class TableError(Exception):
    """A file that cannot be read as a table, or a choice that gives no rows.

    The text says what was expected and what came.
    """


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file, and a sentence about its encoding, "" for UTF-8.

    Raises
    ------
    TableError
        If it is not text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), "Read as UTF-16."
        except UnicodeDecodeError:
            raise TableError("The file starts like UTF-16 but is not. Save it as UTF-8.") from None
    if b"\0" in content:
        text = "Expected text, got a file with zero bytes. Save it as CSV in UTF-8."
        raise TableError(text)
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        note = "The file is not UTF-8, so it is read as Windows-1252."
        return content.decode("cp1252", errors="replace"), note


def records(text: str, delimiter: Delimiter) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text that are not blank, with the number of the line each ends on.

    Raises
    ------
    TableError
        Where quotes do not match or a cell is too long.
    """
    mark = MARKS[delimiter]
    spaced = delimiter == "space"
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=mark, skipinitialspace=not spaced, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if spaced:  # several spaces are one delimiter
                cells = [cell for cell in cells if cell]
            if len(cells) > 1 or any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise TableError(f"Line {reader.line_num}: {_in_words(error)}") from None


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return UNCLOSED
    if "expected after" in text:
        return "expected a delimiter after a closing quotation mark."
    if "field limit" in text:
        return f"a cell has more than {csv.field_size_limit()} characters."
    return f"{text}."


def sniff(text: str, decimal: Decimal | None = None) -> tuple[Delimiter, Decimal | None]:
    r"""Return the delimiter of a text, and the decimal mark if the delimiter depends on it.

    Of several that fit, the first in `MARKS` is taken.

    Examples
    --------
    >>> sniff("a;b\n0,5;1\n"), sniff("x\n0,25\n0,5\n")
    (('semicolon', None), ('semicolon', 'comma'))
    """
    lines = _sample(text)
    sample = "".join(lines)
    known = decimal == "comma"
    if _is_column_of_decimals([line.strip() for line in lines if line.strip()], known):
        return "semicolon", "comma"
    ranks = {delimiter: _rank(sample, delimiter) for delimiter in MARKS}
    best = max(ranks, key=lambda delimiter: ranks[delimiter])
    return (best, None) if ranks[best] > 0 else ("comma", None)


def _sample(text: str) -> list[str]:
    """Return whole lines from the beginning of a text."""
    lines = text[:SAMPLE_CHARACTERS].splitlines(keepends=True)
    if len(text) > SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()
    return lines[:SAMPLE_ROWS]


def _is_column_of_decimals(lines: list[str], known: bool) -> bool:
    """Return whether the commas are decimal marks of a single column.

    Under a name without a comma they are. Without a name, ``1,2`` could be two columns, except if
    a comma is followed by a zero and another digit, which no second number would begin with, or if
    the decimal mark is ``known`` to be a comma.
    """
    if not lines or not all(_DECIMALS.fullmatch(line) for line in lines[1:]):
        return False
    if _DECIMALS.fullmatch(lines[0]):
        return known or any(_LEADING_ZERO.search(line) for line in lines)
    return len(lines) > 1 and not any(mark in lines[0] for mark in MARKS.values())


def _rank(sample: str, delimiter: Delimiter) -> float:
    """Return how well a delimiter fits: 3 if every row has as many cells, above 1, as the first.

    2 if the first row has one cell fewer, as R writes names of rows; below 1, the share of the
    rows that have the most common number of cells; 0 if it divides nothing.
    """
    widths = list[int]()
    try:
        widths.extend(len(cells) for _, cells in records(sample, delimiter))
    except TableError as error:
        if UNCLOSED not in str(error):  # the sample may end inside quoted text
            return 0
    if not widths:
        return 0
    width, count = Counter(widths[1:] or widths).most_common(1)[0]
    if width < 2:
        return 0
    if count < len(widths) - 1:
        return count / len(widths)
    return {width: 3, width - 1: 2}.get(widths[0], 0.99)


def decimal_of(rows: list[list[str]]) -> Decimal:
    """Return the decimal mark that more cells have.

    Examples
    --------
    >>> decimal_of([["0,5", "1"], ["1,5", "x"]])
    'comma'
    """
    cells = [cell for row in rows[:SAMPLE_ROWS] for cell in row]
    commas = sum(1 for cell in cells if _COMMA_NUMBER.fullmatch(cell))
    points = sum(1 for cell in cells if _POINT_NUMBER.fullmatch(cell))
    return "comma" if commas > points else "point"
