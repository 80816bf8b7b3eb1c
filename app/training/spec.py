"""Turns a page's spec into a plan, and checks it before anything is started."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from gru_core.errors import CoreError
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.tasks.registry import TASKS
from gru_core.learn.tasks.task import Task
from gruscope.documents.weights import form_switches
from gruscope.settings import Settings
from gruscope.training.plan import Plan, task_of, training_of
from gruscope.wire.errors import Refused, refuse
from gruscope.wire.training import TaskSpec, TrainingSpec

SCORES = 80
"""About how often the network is scored on held-out data."""
MOST_BETWEEN = 25
"""The most steps between two scores."""
MOST_RATE = 1.0
"""A learning rate beyond this is a slip."""

FIELDS = {"learning_rate": "rate", "scheme": "initial", "directions": "both_directions"}
"""Fields of a spec that have another name in `gru_core.learn`."""


def plan_of(spec: TrainingSpec, settings: Settings) -> Plan:
    """Return the plan of a spec.

    Raises
    ------
    Refused
        If it is impossible or larger than the server allows, with the field, such as
        ``training.hidden_size``.
    """
    _check_sizes(spec, settings)
    plan = _plan(spec)
    _check_task(spec, plan)
    try:
        training = training_of(plan)
    except CoreError as error:
        field = FIELDS.get(error.field or "", error.field)
        raise Refused("range", f"training.{field}", str(error)) from None
    count, most = training.network.parameters, settings.training_parameters
    if count > most:
        raise refuse("range", "training.hidden_size", f"make at most {most} weights", count)
    return plan


def settings_of(task: type[Task]) -> dict[str, int]:
    """Return a task's settings by name, with their defaults.

    Examples
    --------
    >>> settings_of(TASKS["copy"])
    {'length': 40, 'symbols': 3, 'kinds': 4}
    """
    if task is Labels:
        return {}  # its length is that of its longest text
    return {
        f.name: f.default for f in fields(task) if isinstance(f.default, int) and not f.metadata
    }


def _check_sizes(spec: TrainingSpec, settings: Settings) -> None:
    limits = [
        ("hidden_size", spec.hidden_size, settings.hidden_size),
        ("layers", spec.layers, settings.training_layers),
        ("batch", spec.batch, settings.training_batch),
        ("steps", spec.steps, settings.training_steps),
        ("rate", spec.rate, MOST_RATE),
    ]
    limits += [
        (f"task.settings.{name}", value, settings.training_length)
        for name, value in spec.task.settings.items()
    ]
    for field, value, most in limits:
        if value > most:
            raise refuse("range", f"training.{field}", f"be at most {most:g}", f"{value:g}")


def _check_task(spec: TrainingSpec, plan: Plan) -> None:
    """Refuse an unknown task or setting, and a setting that is out of range."""
    if spec.task.name not in TASKS:
        expected = f"be one of {', '.join(TASKS)}"
        raise refuse("range", "training.task.name", expected, repr(spec.task.name))
    known = settings_of(TASKS[spec.task.name])
    for name in spec.task.settings:
        if name not in known:
            expected = f"be left out; {spec.task.name} has {', '.join(known)}"
            raise refuse("range", f"training.task.settings.{name}", expected, name)
    _check_data(spec.task)
    try:
        task_of(plan)
    except CoreError as error:
        where = f"settings.{error.field}"
        if error.field not in known:
            where = "rows" if "rows" in plan["data"] else "text"
        raise Refused("range", f"training.task.{where}", str(error)) from None


def _check_data(task: TaskSpec) -> None:
    """Refuse data that the task does not take, and a task without the data that it needs."""
    kind = TASKS[task.name]
    if kind.needs is not None and not task.text:
        what = "lines of a text, a tab and its label" if kind is Labels else "a text to learn"
        advice = f"expected {what}, got none; type or paste it, or open a file"
        raise Refused("range", "training.task.text", advice)
    if kind.needs is None and task.text is not None:
        raise refuse("range", "training.task.text", f"be left out for {task.name}", "a text")
    if kind is not Forecast and (task.rows is not None or task.names is not None):
        raise refuse("range", "training.task.rows", f"be left out for {task.name}", "a series")
    widths = {len(row) for row in task.rows or []}
    if len(widths) > 1 or 0 in widths:
        raise refuse("shape", "training.task.rows", "have rows of one length", sorted(widths))


def _data(task: TaskSpec) -> dict[str, Any]:
    if task.rows is not None:
        names = None if task.names is None else tuple(task.names)
        return {"rows": task.rows, "names": names}
    return {} if task.text is None else {"text": task.text}


def _plan(spec: TrainingSpec) -> Plan:
    return {
        "task": spec.task.name,
        "settings": spec.task.settings,
        "data": _data(spec.task),
        "architecture": {
            "kind": spec.cell,
            "hidden_size": spec.hidden_size,
            "layers": spec.layers,
            "directions": 2 if spec.both_directions else 1,
            "form": form_switches(spec.cell, spec.form, "training.form"),
        },
        "options": {
            "steps": spec.steps,
            "batch": spec.batch,
            "learning_rate": spec.rate,
            "initial": spec.initial,
            "score_every": max(1, min(MOST_BETWEEN, spec.steps // SCORES)),
            "until_solved": False,  # the learner decides, so that one can go on after that
        },
        "seed": spec.seed,
    }
