"""What the page offers to train: the tasks, and settings that work for them."""

from __future__ import annotations

from typing import Any

from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.registry import TASKS
from gru_core.learn.tasks.task import Task
from gruscope.settings import Settings
from gruscope.training.spec import MOST_RATE, settings_of

RECIPES: dict[str, dict[str, Any]] = {
    "temporal_order": {"hidden_size": 16, "initial": "chrono", "steps": 400},
    "copy": {"hidden_size": 32, "initial": "orthogonal+chrono", "steps": 2500},
    "adding": {"hidden_size": 32, "steps": 4000},
    "parity": {"hidden_size": 16, "steps": 400},
}
"""By task, what differs from the form's usual values; docs/training.md has the results."""


def training_json(settings: Settings) -> dict[str, Any] | None:
    """Return the tasks and the limits, or None if the server trains nothing."""
    if settings.trainings_at_once == 0:
        return None
    return {
        "socket": "/ws/train",
        "tasks": [_task(task) for task in TASKS.values()],
        "limits": {
            "hidden_size": settings.hidden_size,
            "layers": settings.training_layers,
            "batch": settings.training_batch,
            "steps": settings.training_steps,
            "setting": settings.training_length,
            "rate": MOST_RATE,
        },
    }


def _task(task: type[Task]) -> dict[str, Any]:
    made: Task | None = None if task.needs else task()  # type: ignore[call-arg]
    return {
        "name": task.name,
        "title": task.title,
        "about": task.about,
        "metric": task.metric,
        "chance": None if made is None else made.chance,
        "needs": task.needs,
        "reads_table": task is Forecast,
        "reads_back": task.reads_back,
        "settings": settings_of(task),
        "recipe": RECIPES.get(task.name, {}),
    }
