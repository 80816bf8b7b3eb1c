"""The score of a network without one of its units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task, input_of
from gru_core.network.network import Network
from gru_core.run.clamps import Clamp
from gru_core.run.layers import Direction


class Ablation(NamedTuple):
    """The score without a unit.

    Attributes
    ----------
    layer : int
    direction : str
    unit : int
    score : float
        Of the task, while the unit's h is 0 at every step.

    Examples
    --------
    >>> Ablation(0, "forward", 5, 0.51).unit
    5
    """

    layer: int
    direction: Direction
    unit: int
    score: float


def ablations(task: Task, network: Network, batch: Batch) -> Iterator[Ablation]:
    """Yield the score without each unit in turn, layer by layer.

    Parameters
    ----------
    task : Task
    network : Network
    batch : Batch
        The data to score on.

    Raises
    ------
    RangeError
        If a state outgrows the network's dtype without a unit.

    Examples
    --------
    >>> import numpy as np
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> from gru_core.learn.tasks.parity import Parity
    >>> task = Parity(length=8)
    >>> network = initial_network(Architecture("rnn", 4), 2, 2, "softmax", seed=0)
    >>> batch = task.held_out(np.random.default_rng(0), 50)
    >>> [one.unit for one in ablations(task, network, batch)]
    [0, 1, 2, 3]
    """
    x = input_of(network, batch)
    for k, layer in enumerate(network.layers):
        for direction in layer.reads:
            for unit in range(layer.first.hidden_size):
                clamp = Clamp("h", unit, 0.0, layer=k, direction=direction)
                answer = network.run(x, clamps=[clamp]).answer
                yield Ablation(k, direction, unit, task.score_of(answer, batch))
