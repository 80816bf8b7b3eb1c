"""Reads the files that tasks are made of, and makes the task that the options ask for."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from gru_core.errors import CoreError
from gru_core.learn import TASKS
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.translation.either import Either
from gru_core.learn.translation.registry import TRANSLATIONS
from gruscope.cli.refusal import Unreadable
from gruscope.documents.table.dialect import TableError
from gruscope.documents.table.read import Table
from gruscope.documents.table.rows import Choice, take

SETTINGS = {
    "length": "steps of each sequence",
    "symbols": "copy: how many letters to remember",
    "kinds": "copy: how many different letters",
    "depth": "dyck: the most brackets open at once",
    "digits": "numbers: the most digits, 2 to 4",
    "horizon": "forecast: how many steps ahead",
}
FILES = {
    "text": ("text", "text: a text in UTF-8"),
    "csv": ("forecast", "forecast: a CSV file, one row a step"),
    "labels": ("labels", "labels: lines of text, tab, label"),
}
"""The option of each kind of file, with the task that reads it."""

LARGEST = 1e15
"""Numbers of a series, and of rows and characters: no limit but memory."""


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the files and the settings of tasks."""
    for name, (_, text) in FILES.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=text)
    for name, text in SETTINGS.items():
        parser.add_argument(f"--{name}", type=int, metavar="N", help=text)


def task_of(
    name: str, options: argparse.Namespace, settings: dict[str, Any] | None = None
) -> Either:
    """Return a task with its data.

    Parameters
    ----------
    name : str
    options : argparse.Namespace
    settings : dict, optional
        Settings to use where the options do not name others.

    Raises
    ------
    Unreadable
        If an option does not fit the task, or its data cannot be used.
    """
    every: dict[str, type[Either]] = {**TASKS, **TRANSLATIONS}
    if name not in every:
        raise Unreadable(f"--task: expected one of {', '.join(every)}, got {name!r}")
    kind = every[name]
    for option, (owner, _) in FILES.items():
        if getattr(options, option) is not None and owner != name:
            raise Unreadable(f"--{option} is for the task {owner}, not for {name}")
    known = {field.name for field in fields(kind)}
    given = dict(settings or {})
    for setting in SETTINGS:
        value = getattr(options, setting)
        if value is not None:
            if setting not in known or (setting == "length" and name == "labels"):
                raise Unreadable(f"--{setting}: the task {name} has no such setting")
            given[setting] = value
    try:
        return _made(kind, options, given)
    except CoreError as error:
        raise Unreadable(_in_options(error, options)) from None


def _made(kind: type[Either], options: argparse.Namespace, given: dict[str, Any]) -> Either:
    if kind is Forecast and options.csv is not None:
        rows, given["names"] = read_rows(options.csv)
        return Forecast(**given, rows=rows)
    if kind.needs is not None and getattr(options, kind.needs) is None:
        raise Unreadable(f"--task {kind.name} needs --{kind.needs} FILE")
    if kind is Labels:
        return Labels.of(read_labels(options.labels))
    if kind.needs == "text":
        given["text"] = read_text(options.text, "text")
    if "names" in given:
        given["names"] = given["names"] and tuple(given["names"])
    return kind(**given)


def _in_options(error: CoreError, options: argparse.Namespace) -> str:
    """Return an error in terms of the options that led to it."""
    if error.field in SETTINGS:
        return f"--{error}"
    file = next((getattr(options, o) for o in FILES if getattr(options, o) is not None), None)
    return str(error) if file is None else f"{file.name}: {error}"


def read_text(path: Path, option: str) -> str:
    """Return the text of a file, with its line ends as newlines.

    Raises
    ------
    Unreadable
        If it cannot be read, or is not UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"--{option} {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        where = f"other bytes at {error.start}"
        raise Unreadable(f"--{option} {path}: expected UTF-8 text, got {where}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_rows(path: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the columns of numbers of a CSV file, and their names.

    Columns that number the rows are left out. Missing values are filled in by straight lines.

    Raises
    ------
    Unreadable
        If there are none.
    """
    import numpy as np

    try:
        table = Table.read(path.read_bytes())
        places = [i for i, column in enumerate(table.columns) if column.kind == "number"]
        if not places:
            raise Unreadable(f"--csv {path}: expected a column of numbers, got none")
        whole = int(LARGEST)
        found = take(table, Choice(places, "interpolate"), whole, LARGEST, whole)
    except OSError as error:
        raise Unreadable(f"--csv {path}: {error.strerror}") from None
    except TableError as error:
        raise Unreadable(f"--csv {path}: {error}") from None
    return np.array(found.rows), tuple(table.columns[i].name for i in places)


def read_labels(path: Path) -> list[tuple[str, str]]:
    """Return the texts and labels of a file with a text, a tab and a label on each line.

    Raises
    ------
    Unreadable
        If a line has no tab.
    """
    pairs = []
    for number, line in enumerate(read_text(path, "labels").split("\n"), 1):
        if not line.strip():
            continue
        text, tab, label = line.rpartition("\t")
        if not tab:
            wanted = "expected a text, a tab and a label"
            raise Unreadable(f"--labels {path}, line {number}: {wanted}, got {line[:40]!r}")
        pairs.append((text, label.strip()))
    return pairs
