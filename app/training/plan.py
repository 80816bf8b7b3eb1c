"""What to train, as plain data: the order to a process, which does not load the server's models.

A plan has the ``task`` by name, its ``settings`` and ``data``, the ``architecture`` and the
``options`` of `gru_core.learn`, and the ``seed``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_core.errors import RangeError
from gru_core.learn.initial import Architecture
from gru_core.learn.options import Options
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.labels import Labels
from gru_core.learn.tasks.registry import TASKS
from gru_core.learn.tasks.task import Task
from gru_core.learn.training import Training
from gru_core.parameters.activations import Activation

Plan = dict[str, Any]


def task_of(plan: Plan) -> Task:
    """Return the task of a plan.

    Raises
    ------
    CoreError
        If a setting is out of range.

    Examples
    --------
    >>> task_of({"task": "parity", "settings": {"length": 8}}).length
    8
    """
    kind, data = TASKS[plan["task"]], plan.get("data", {})
    if kind is Labels:
        return Labels.of(labelled(data["text"]))
    if "rows" in data:
        return Forecast(**plan["settings"], rows=np.array(data["rows"]), names=data["names"])
    return kind(**plan["settings"], **data)


def labelled(text: str) -> list[tuple[str, str]]:
    r"""Return the texts and labels of lines of text, tab, label.

    Raises
    ------
    RangeError
        If a line has no tab.

    Examples
    --------
    >>> labelled("to be\tverb\n\nnot\tadverb")
    [('to be', 'verb'), ('not', 'adverb')]
    """
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        before, tab, label = line.rpartition("\t")
        if line.strip() and not tab:
            raise RangeError(f"line {number}", "be a text, a tab and a label", repr(line[:40]))
        if tab:
            pairs.append((before, label.strip()))
    return pairs


def training_of(plan: Plan) -> Training:
    """Return the training of a plan before its first step.

    Raises
    ------
    CoreError
        If the parts do not fit one another.

    Examples
    --------
    >>> parts = {"architecture": {"hidden_size": 4}, "options": {"steps": 9}, "seed": 0}
    >>> training_of({"task": "parity", "settings": {"length": 8}, **parts}).options.steps
    9
    """
    architecture = dict(plan["architecture"])
    form = dict(architecture.get("form", {}))
    if "activations" in form:
        form["activations"] = tuple(Activation.of(name) for name in form["activations"])
    made = Architecture(**architecture | {"form": form})
    return Training(task_of(plan), made, Options(**plan["options"]), seed=plan["seed"])
