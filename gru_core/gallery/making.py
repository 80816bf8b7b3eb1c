"""What the gallery adds to the card of a network that has been trained for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.gallery.card import UnitStory
from gru_core.gallery.holds import broken
from gru_core.gallery.pairs import SCORED as PAIRS_SCORED
from gru_core.gallery.pairs import pair_look, pair_story
from gru_core.gallery.recipes import RECIPES, TrainingRecipe
from gru_core.gallery.stories import told
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task
from gru_core.learn.translation.translation import Translation
from gru_core.network.directions import directions_of
from gru_core.network.network import Network
from gru_core.run.text import one_hot
from gru_core.seq2seq.seq2seq import Seq2Seq

SCORED = 1000
"""The sequences that stories are measured on."""
SHOWN = 3
"""The inputs that are drawn for a task that reads numbers."""
DIGITS = 4
"""Of the numbers of an input."""


def gallery_part(name: str, network: Network | Seq2Seq) -> dict[str, Any]:
    """Return the part of a card that is for the gallery; `networks/README.md` describes it.

    Parameters
    ----------
    name : str
        Of a recipe.
    network : Network or Seq2Seq
        Trained by it.
    """
    recipe = RECIPES[name]
    found = _of_pair(recipe, network) if isinstance(network, Seq2Seq) else _of(recipe, network)
    look, story, inputs = found
    return {
        "family": recipe.family,
        "order": list(RECIPES).index(name),
        "look": look,
        "story": [_json(one) for one in story],
        "inputs": inputs,
    }


def _of(recipe: TrainingRecipe, network: Network) -> tuple[dict[str, Any], list[UnitStory], Any]:
    """Return the place to look at, the story and the inputs of a network."""
    task = recipe.task
    assert isinstance(task, Task)
    data = task.fresh(recipe.seed, SCORED)
    inputs = list(recipe.inputs) or _drawn(task, data)
    x = rows(task, inputs[0]).astype(network.dtype)
    story = [*broken(task, network, x), *told(task, network, data)]
    return _look(network, x, story[0]), story, inputs


def _of_pair(recipe: TrainingRecipe, model: Seq2Seq) -> tuple[dict[str, Any], list[UnitStory], Any]:
    """Return the same of an encoder and a decoder."""
    task = recipe.task
    assert isinstance(task, Translation)
    data = task.fresh(recipe.seed, PAIRS_SCORED)
    story = list(pair_story(task, model, data, recipe.inputs[0]))
    return pair_look(story[0]), story, list(recipe.inputs)


def _look(network: Network, x: FloatArray, story: UnitStory) -> dict[str, Any]:
    """Return the place of a story: where its hold acts, or where its unit's h changes most."""
    place = {"unit": story.unit, "layer": story.layer, "direction": story.direction}
    if story.hold is not None:
        return {"value": story.hold.value, "t": story.hold.t, **place}
    read = directions_of(network.run(x).layers[story.layer])
    h = next(one for one in read if one.direction == story.direction).h[:, story.unit]
    return {"value": "h", "t": int(np.abs(np.diff(h, prepend=0)).argmax()), **place}


def _json(story: UnitStory) -> dict[str, Any]:
    found = {name: value for name, value in story._asdict().items() if value is not None}
    return found | ({} if story.hold is None else {"hold": story.hold._asdict()})


def _drawn(task: Task, data: Batch) -> list[Any]:
    """Return the first sequences of a batch as a card writes inputs."""
    sequences = [data.x[:, k] for k in range(SHOWN)]
    if task.alphabet is not None:
        return ["".join(task.alphabet[i] for i in one) for one in sequences]
    return [one.round(DIGITS).tolist() for one in sequences]


def rows(task: Task, shown: Any) -> FloatArray:
    """Return an input of a card as numbers, shape (T, I).

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> rows(Parity(length=16), "01").tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if task.alphabet is not None:
        return one_hot(shown, task.alphabet)
    return np.array(shown, np.float64)
