"""The card of a network that learns a task: what goes in and comes out."""

from __future__ import annotations

from typing import Any

from gru_core.learn import Task
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.translation.translation import Translation

OPPOSITES = {"same": "different"}
"""What the answer no means, where a single output answers yes or no."""


def card_of(task: Task | Translation, **training: Any) -> dict[str, Any]:
    """Return a card: what goes in and comes out, and how the network was trained.

    Examples
    --------
    >>> from gru_core.learn import TASKS
    >>> card = card_of(TASKS["parity"](length=8), seed=0, score=0.995)
    >>> card["alphabet"], card["classes"], card["training"]["settings"], card["training"]["score"]
    ('01', ['even', 'odd'], {'length': 8}, 0.995)
    >>> card_of(TASKS["forecast"]())["target"]
    {'ahead': 1, 'columns': ['sunspots']}
    """
    card: dict[str, Any] = {"title": task.title, "text": task.about}
    about = {"task": task.name, "settings": task.settings()}
    card |= _translated(task) if isinstance(task, Translation) else _ends(task)
    return card | {"training": about | {"metric": task.metric, "chance": task.chance} | training}


def _translated(task: Translation) -> dict[str, Any]:
    """Return the characters that go in, and those that come out with the marks before them."""
    return {"alphabet": task.alphabet, "classes": list(task.answers)}


def _ends(task: Task) -> dict[str, Any]:
    """Return what goes in and comes out at every step."""
    card: dict[str, Any] = {}
    if task.alphabet is not None:
        card["alphabet"] = task.alphabet
    if isinstance(task, Forecast):
        units = [
            {"name": name, "mean": mean, "scale": scale}
            for name, mean, scale in zip(
                task.channels, task.mean.tolist(), task.scale.tolist(), strict=True
            )
        ]
        card |= {"channels": units, "outputs": units}
        card["target"] = {"ahead": task.horizon, "columns": list(task.channels)}
    elif task.channels:
        card["channels"] = [{"name": name} for name in task.channels]
    if task.head == "identity" and not isinstance(task, Forecast):
        card["outputs"] = [{"name": name} for name in task.classes]
    elif task.head == "softmax":
        card["classes"] = list(task.classes)
    elif task.head == "sigmoid" and task.output_size == 1:
        card["classes"] = [OPPOSITES[task.classes[0]], task.classes[0]]
    return card
