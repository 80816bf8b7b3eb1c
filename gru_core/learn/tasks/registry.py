"""The tasks by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from gru_core.errors import FieldError, RangeError
from gru_core.learn.goal import Goal
from gru_core.learn.tasks.adding import Adding
from gru_core.learn.tasks.copying import Copy
from gru_core.learn.tasks.delayed_match import DelayedMatch
from gru_core.learn.tasks.dyck import Dyck
from gru_core.learn.tasks.flipflop import FlipFlop
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.tasks.latch import Latch
from gru_core.learn.tasks.parity import Parity
from gru_core.learn.tasks.sine import Sine
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.temporal_order import TemporalOrder
from gru_core.learn.tasks.text import Text
from gru_core.learn.tasks.words import Names, Words

T = TypeVar("T", bound=Goal[Any, Any])

_ALL: tuple[type[Task], ...] = (
    TemporalOrder,
    Copy,
    Adding,
    Parity,
    Latch,
    Dyck,
    FlipFlop,
    DelayedMatch,
    Sine,
    Words,
    Names,
    Forecast,
    Text,
    Labels,
)

TASKS: Mapping[str, type[Task]] = {task.name: task for task in _ALL}
"""Every task by its name; a new one is a new file and a line here."""

FRESH: tuple[str, ...] = tuple(name for name, task in TASKS.items() if task.needs is None)
"""The tasks that draw data of their own."""


def fresh_task(name: str, settings: Mapping[str, object]) -> Task:
    """Return a task that draws data of its own, from the settings on a network's card.

    Parameters
    ----------
    name : str
    settings : mapping of str
        Whole numbers; None is the default.

    Raises
    ------
    RangeError
        If there is no such task, it needs data of the user's own, or a setting is out of its range.
    FieldError
        If the task has no such setting.

    Examples
    --------
    >>> fresh_task("parity", {"length": 20})
    Parity(length=20)
    >>> fresh_task("text", {})
    Traceback (most recent call last):
    gru_core.errors.RangeError: task must be one that draws its own data, got 'text'
    """
    if name not in TASKS:
        raise RangeError("task", f"be one of {', '.join(TASKS)}", repr(name))
    if name not in FRESH:
        raise RangeError("task", "be one that draws its own data", repr(name))
    return with_settings(TASKS[name], settings)


def with_settings(kind: type[T], settings: Mapping[str, object]) -> T:
    """Return a task of a kind with the settings on a network's card.

    Raises
    ------
    RangeError, FieldError
        As for `fresh_task`.

    Examples
    --------
    >>> with_settings(Parity, {"length": None})
    Parity(length=32)
    """
    given = {key: value for key, value in settings.items() if value is not None}
    known = [f.name for f in fields(kind) if f.metadata.get("data") is None]
    for key, value in given.items():
        if key not in known:
            what = f"have only {', '.join(known)} for {kind.name}"
            raise FieldError("settings", what, repr(key))
        if type(value) is not int:
            raise RangeError(f"settings.{key}", "be a whole number", f"{value!r:.60}")
    return kind(**given)
