"""What single units of a trained network do, as measured on data it was not trained on."""

from __future__ import annotations

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.gallery.card import UnitStory
from gru_core.gallery.features import features
from gru_core.learn.ablation import ablations
from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task, input_of
from gru_core.network.directions import directions_of
from gru_core.network.network import Network
from gru_core.network.trace import NetworkTrace
from gru_core.run.layers import Direction

CLEAR = 0.8
"""The least correlation that is worth telling."""

MOST = 3
"""The units that a card tells of besides the one that matters most."""


def told(task: Task, network: Network, batch: Batch) -> tuple[UnitStory, ...]:
    """Measure a network and tell of its units: the one that matters most, then what others follow.

    Parameters
    ----------
    task : Task
    network : Network
    batch : Batch
        Data that it was not trained on.

    Examples
    --------
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> from gru_core.learn.tasks.parity import Parity
    >>> task = Parity(length=8)
    >>> network = initial_network(Architecture("rnn", 4), 2, 2, "softmax", seed=0)
    >>> told(task, network, task.held_out(np.random.default_rng(0), 50))[0].without > 0
    True
    """
    return _needed(task, network, batch), *_followers(task, network, batch)


def correlation(
    trace: NetworkTrace, layer: int, direction: Direction, unit: int, of: FloatArray
) -> float:
    """Return Pearson's correlation of a unit's h with a feature, 0 if either is constant.

    Parameters
    ----------
    trace : NetworkTrace
        Of a batch.
    layer, direction, unit
    of : ndarray, shape (T, B)

    Examples
    --------
    >>> network = Network.random("gru", 2, 3, seed=0)
    >>> trace = network.run(np.random.default_rng(0).normal(size=(5, 4, 2)))
    >>> round(correlation(trace, 0, "forward", 1, -trace.layers[0].h[..., 1]), 3)
    -1.0
    """
    read = (one for one in directions_of(trace.layers[layer]) if one.direction == direction)
    h = next(read).h[..., unit].astype(np.float64)
    h, of = h - h.mean(), of - of.mean()
    norm = float(np.sqrt((h**2).sum() * (of**2).sum()))
    return 0.0 if norm == 0 else float((h * of).sum()) / norm


def unit_name(network: Network, layer: int, unit: int) -> str:
    """Return a unit's name, with its layer if there are several.

    Examples
    --------
    >>> unit_name(Network.random("gru", 3, 2, layers=2, seed=0), 1, 0)
    'unit 0 of layer 2'
    """
    several = len(network.layers) > 1
    return f"unit {unit} of layer {layer + 1}" if several else f"unit {unit}"


def _needed(task: Task, network: Network, batch: Batch) -> UnitStory:
    """Tell of the unit without which the score is worst."""
    score, found = task.score(network, batch), ablations(task, network, batch)
    ordered = sorted(found, key=lambda one: one.score, reverse=task.metric == "error")
    worst, others = ordered[0], ordered[1].score if len(ordered) > 1 else score
    name, count = unit_name(network, worst.layer, worst.unit), batch.mask.shape[1]
    after, before, rest = (f"{100 * s:.1f} %" for s in (worst.score, score, others))
    if task.metric == "accuracy":
        says = (
            f"On {count} fresh sequences, {after} of the answers are right without {name} "
            f"instead of {before}, and at least {rest} without any other unit."
        )
    else:
        after, before, rest = (f"{s:.2g}" for s in (worst.score, score, others))
        says = (
            f"On {count} fresh sequences, the error is {after} without {name} "
            f"instead of {before}, and at most {rest} without any other unit."
        )
    return UnitStory(
        layer=worst.layer,
        direction=worst.direction,
        unit=worst.unit,
        says=says,
        without=worst.score,
        others=others,
    )


def _followers(task: Task, network: Network, batch: Batch) -> list[UnitStory]:
    """Tell of the units that follow a feature most closely, one for each feature."""
    trace = network.run(input_of(network, batch))
    places = [
        (k, direction, unit)
        for k, layer in enumerate(network.layers)
        for direction in layer.reads
        for unit in range(layer.first.hidden_size)
    ]
    found = [
        _follower(trace, network, places, phrase, values)
        for phrase, values in features(task, batch).items()
    ]
    found.sort(key=lambda story: -abs(story.correlation or 0))
    clear = [story for story in found if abs(story.correlation or 0) >= CLEAR]
    units = [(story.layer, story.direction, story.unit) for story in clear]
    return [story for i, story in enumerate(clear) if units[i] not in units[:i]][:MOST]


def _follower(
    trace: NetworkTrace,
    network: Network,
    places: list[tuple[int, Direction, int]],
    phrase: str,
    values: FloatArray,
) -> UnitStory:
    """Tell of the unit that follows a feature most closely."""
    pairs = [(correlation(trace, *place, values), place) for place in places]
    value, (layer, direction, unit) = max(pairs, key=lambda pair: abs(pair[0]))
    name = unit_name(network, layer, unit).capitalize()
    signed = f"{value:.2f}".replace("-", "−")
    return UnitStory(
        layer=layer,
        direction=direction,
        unit=unit,
        says=f"{name} {phrase} (correlation {signed}).",
        follows=phrase,
        correlation=value,
    )
