"""What a unit of a trained network may know: numbers that can be read off a batch.

Each has a phrase that ends the sentence "Unit 5 …".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.adding import Adding
from gru_core.learn.tasks.dyck import Dyck
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.temporal_order import TemporalOrder
from gru_core.learn.tasks.words import Words

VOWELS = "aeiou"


def features(task: Task, batch: Batch) -> Mapping[str, FloatArray]:
    """Return what a unit may know, by phrase: one number at each step, shape (T, B).

    Examples
    --------
    >>> task = Dyck(length=6)
    >>> found = features(task, task.draw(np.random.default_rng(0), 1))
    >>> found["counts the open brackets"][:, 0].tolist()
    [1.0, 2.0, 1.0, 0.0, 1.0, 0.0]
    """
    if isinstance(task, Dyck):
        opens = np.where(batch.x % 2 == 0, 1.0, -1.0)
        return {"counts the open brackets": opens.cumsum(axis=0), **_classes(task, batch)}
    if isinstance(task, Words):
        return _letters(task, batch)
    if isinstance(task, TemporalOrder):
        return _marks(task, batch)
    if isinstance(task, Adding):
        number, marked = batch.x[..., 0], batch.x[..., 1]
        return {"holds the sum of the marked numbers": (number * marked).cumsum(axis=0)}
    if isinstance(task, Forecast):
        return {"follows the series": batch.x[..., 0], "knows the next value": batch.target[..., 0]}
    if task.head == "identity":
        named = zip(task.classes, np.moveaxis(batch.target, 2, 0), strict=True)
        return {f"holds {name}": values for name, values in named}
    return _classes(task, batch)


def _classes(task: Task, batch: Batch) -> dict[str, FloatArray]:
    """Return whether each class is the right one."""
    targets = [(batch.target == k).astype(np.float64) for k in range(task.output_size)]
    names = [f"tells whether the answer is ‘{name}’" for name in task.classes]
    return dict(zip(names, targets, strict=True))


def _letters(task: Words, batch: Batch) -> dict[str, FloatArray]:
    """Return what can be said of each letter and of its place in the word."""
    spaces = batch.x == task.alphabet.index(" ")
    steps = np.arange(len(spaces))[:, None]
    since = steps - np.maximum.accumulate(np.where(spaces, steps, 0), axis=0)
    vowels = np.isin(batch.x, [task.alphabet.index(letter) for letter in VOWELS])
    return {
        "counts the letters of a word": since.astype(np.float64),
        "tells vowels from the rest": vowels.astype(np.float64),
        "tells where a word begins": spaces.astype(np.float64),
    }


def _marks(task: TemporalOrder, batch: Batch) -> dict[str, FloatArray]:
    """Return how many marks have come, and which."""
    x, y = (batch.x == task.alphabet.index(letter) for letter in "XY")
    count = np.cumsum(x | y, axis=0)
    signed = np.where(x, 1.0, 0.0) - np.where(y, 1.0, 0.0)
    first, second = ((x | y) & (count == place) for place in (1, 2))
    return {
        "counts the marks": count.astype(np.float64),
        "holds the first mark, X or Y": (signed * first).cumsum(axis=0),
        "holds the second mark, X or Y": (signed * second).cumsum(axis=0),
    }
