"""What the gallery adds to the card of a network that has been trained for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.gallery.recipes import RECIPES
from gru_core.gallery.stories import told
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.network.directions import directions_of
from gru_core.network.network import Network
from gru_core.run.text import one_hot

SCORED = 1000
"""The sequences that stories are measured on."""
SHOWN = 3
"""The inputs that are drawn for a task that reads numbers."""
DIGITS = 4
"""Of the numbers of an input."""


def fresh(task: Task, seed: int, size: int = SCORED) -> Batch:
    """Draw data that a network was neither trained on nor chosen by.

    Examples
    --------
    >>> fresh(RECIPES["parity"].task, seed=0, size=5).mask.shape
    (16, 5)
    """
    return task.held_out(np.random.default_rng([seed, 3]), size)


def gallery_part(name: str, network: Network) -> dict[str, Any]:
    """Return the part of a card that is for the gallery; `networks/README.md` describes it.

    Parameters
    ----------
    name : str
        Of a recipe.
    network : Network
        Trained by it.
    """
    recipe = RECIPES[name]
    task, data = recipe.task, fresh(recipe.task, recipe.seed)
    story = told(task, network, data)
    inputs = list(recipe.inputs) or _drawn(task, data)
    shown = story[0]
    x = _rows(task, inputs[0])
    trace = network.run(x.astype(network.dtype))
    read = (
        one for one in directions_of(trace.layers[shown.layer]) if one.direction == shown.direction
    )
    h = next(read).h[:, shown.unit]
    moved = np.abs(np.diff(h, prepend=0))
    place = {"unit": shown.unit, "layer": shown.layer, "direction": shown.direction}
    return {
        "family": recipe.family,
        "order": list(RECIPES).index(name),
        "look": {"value": "h", "t": int(moved.argmax()), **place},
        "story": [
            {key: value for key, value in one._asdict().items() if value is not None}
            for one in story
        ],
        "inputs": inputs,
    }


def _drawn(task: Task, data: Batch) -> list[Any]:
    """Return the first sequences of a batch as a card writes inputs."""
    sequences = [data.x[:, k] for k in range(SHOWN)]
    if task.alphabet is not None:
        return ["".join(task.alphabet[i] for i in one) for one in sequences]
    return [one.round(DIGITS).tolist() for one in sequences]


def _rows(task: Task, shown: Any) -> FloatArray:
    """Return an input of a card as numbers, shape (T, I)."""
    if task.alphabet is not None:
        return one_hot(shown, task.alphabet)
    return np.array(shown, np.float64)
