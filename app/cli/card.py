"""The card of a trained network: names and units, and how it was trained, in a file beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gru_core.learn import Task
from gru_core.learn.tasks.forecast import Forecast
from gruscope.cli.refusal import Unreadable

OPPOSITES = {"same": "different"}
"""What the answer no means, where a single output answers yes or no."""


def card_path(network: Path) -> Path:
    """Return the path of a network's card.

    Examples
    --------
    >>> card_path(Path("net.safetensors")).name
    'net.json'
    """
    return network.with_suffix(".json")


def card_of(task: Task, **training: Any) -> dict[str, Any]:
    """Return a card: what goes in and comes out, and how the network was trained.

    Examples
    --------
    >>> from gru_core.learn import TASKS
    >>> card = card_of(TASKS["parity"](length=8), seed=0, score=0.995)
    >>> card["alphabet"], card["classes"], card["training"]["settings"], card["training"]["score"]
    ('01', ['even', 'odd'], {'length': 8}, 0.995)
    """
    card: dict[str, Any] = {"title": task.title, "text": task.about}
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
    elif task.output_size == 1:
        card["classes"] = [OPPOSITES[task.classes[0]], task.classes[0]]
    about = {"task": task.name, "settings": task.settings()}
    return card | {"training": about | {"metric": task.metric, "chance": task.chance} | training}


def write_card(network: Path, card: dict[str, Any]) -> None:
    """Write the card of a network."""
    text = json.dumps(card, ensure_ascii=False, indent=2)
    card_path(network).write_text(text + "\n", encoding="utf-8")


def read_card(network: Path) -> dict[str, Any]:
    """Return the card of a network.

    Raises
    ------
    Unreadable
        If there is none, or it is not one of a training.
    """
    path = card_path(network)
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        wanted = "it says what the network was trained for"
        raise Unreadable(f"cannot read the card {path}: {error.strerror}; {wanted}") from None
    except ValueError as error:
        raise Unreadable(f"the card {path} is not JSON: {error}") from None
    training = card.get("training") if isinstance(card, dict) else None
    if not isinstance(training, dict) or not isinstance(training.get("task"), str):
        raise Unreadable(f"the card {path} has no training with a task")
    found: dict[str, Any] = card
    return found
