"""The hold of one gate at one step that changes a trained network's answers most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.gallery.card import Hold, UnitStory
from gru_core.gallery.stories import unit_name
from gru_core.learn.tasks.task import Task
from gru_core.network.network import Network
from gru_core.run.clamps import Clamp
from gru_core.run.layers import Direction

KEEPS = {"gru": "z", "lstm": "f"}
"""The gate that keeps the state."""

CLEAR = 0.1
"""The least difference of a number that counts as another answer."""


class _Tried(NamedTuple):
    """A hold, the steps at which it changes the answer, and by how much in total."""

    layer: int
    direction: Direction
    unit: int
    hold: Hold
    changed: int
    total: float


def changes(task: Task, network: Network, x: FloatArray, clamp: Clamp) -> tuple[int, float]:
    """Return at how many steps a clamp changes the answer, and the sum of the differences.

    Where the task asks for an answer at the end only, the last step alone counts.

    Parameters
    ----------
    task : Task
    network : Network
    x : ndarray, shape (T, I)
    clamp : Clamp
    """
    before, after = (network.run(x, clamps=held).answer for held in ([], [clamp]))
    if task.head == "softmax":
        differs = before.argmax(axis=1) != after.argmax(axis=1)
    else:
        differs = (np.abs(after - before) > CLEAR).any(axis=1)
    asked = slice(_first_asked(task, len(x)), None)
    return int(differs[asked].sum()), float(np.abs(after - before)[asked].sum())


def broken(task: Task, network: Network, x: FloatArray) -> list[UnitStory]:
    """Tell of the hold that changes the most answers; nothing if the cell has no gate that keeps.

    Parameters
    ----------
    task : Task
    network : Network
    x : ndarray, shape (T, I)
        The input that the page shows first.
    """
    tried = []
    for k, layer in enumerate(network.layers):
        gate = KEEPS.get(layer.first.kind)
        for direction in layer.reads if gate is not None else ():
            for unit in range(layer.first.hidden_size):
                for t in range(len(x)):
                    for at in (0.0, 1.0):
                        assert gate is not None
                        clamp = Clamp(gate, unit, at, t=t, layer=k, direction=direction)
                        found = changes(task, network, x, clamp)
                        tried.append(_Tried(k, direction, unit, Hold(gate, t, at), *found))
    if not tried or (best := max(tried, key=lambda one: (one.changed, one.total))).changed == 0:
        return []
    asked = len(x) - _first_asked(task, len(x))
    told = (
        "the answer at the end changes"
        if asked == 1
        else f"the answer changes at {best.changed} of {asked} steps"
    )
    name = unit_name(network, best.layer, best.unit)
    gate, t, at = best.hold
    return [
        UnitStory(
            layer=best.layer,
            direction=best.direction,
            unit=best.unit,
            says=f"Hold {gate} of {name} at {at:g} at t = {t + 1}, and {told}.",
            hold=best.hold,
            changed=best.changed,
        )
    ]


def _first_asked(task: Task, steps: int) -> int:
    """Return the first step at which the task asks for an answer."""
    mask = task.draw(np.random.default_rng(0), 1).mask[:, 0]
    return steps - 1 if mask.sum() == 1 and mask[-1] else 0
