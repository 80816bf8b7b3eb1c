"""Training and scores of a task, whichever kind of network learns it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gru_core.errors import RangeError
from gru_core.learn.descent import Descent
from gru_core.learn.initial import Architecture
from gru_core.learn.options import Options
from gru_core.learn.tasks.registry import fresh_task, with_settings
from gru_core.learn.tasks.task import Task
from gru_core.learn.training import Training, check_fit
from gru_core.learn.translation.registry import TRANSLATIONS
from gru_core.learn.translation.training import PairTraining, check_pair_fit
from gru_core.learn.translation.translation import Translation
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq

Either = Task | Translation


def fresh_goal(name: str, settings: Mapping[str, object]) -> Either:
    """Return a task that draws data of its own, of either kind; see `fresh_task`.

    Examples
    --------
    >>> fresh_goal("numbers", {"digits": 2}), fresh_goal("parity", {"length": 20})
    (Numbers(digits=2), Parity(length=20))
    """
    if name in TRANSLATIONS:
        return with_settings(TRANSLATIONS[name], settings)
    return fresh_task(name, settings)


def training_of(
    task: Either, architecture: Architecture, options: Options, *, seed: int
) -> Descent[Any, Any]:
    """Return the training of a network, or of an encoder and a decoder, as the task needs it.

    Parameters
    ----------
    task : Task or Translation
    architecture : Architecture
    options : Options
    seed : int

    Raises
    ------
    FieldError, RangeError, ShapeError
        As for `Training` and `PairTraining`.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> type(training_of(Numbers(), Architecture("gru", 4), Options(), seed=0)).__name__
    'PairTraining'
    """
    if isinstance(task, Translation):
        return PairTraining(task, architecture, options, seed=seed)
    return Training(task, architecture, options, seed=seed)


def fresh_score(
    task: Either, network: Network | Seq2Seq, seed: int, count: int
) -> tuple[float, int]:
    """Return a score on data that a network of this seed was neither trained nor chosen by.

    Parameters
    ----------
    task : Task or Translation
    network : Network or Seq2Seq
    seed : int
    count : int
        The sequences to draw.

    Returns
    -------
    score : float
    count : int
        The sequences that were drawn.

    Raises
    ------
    ShapeError, RangeError
        If the network does not fit the task.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> fresh_score(Numbers(), Network.random("gru", 10, 4, seed=0), 0, 5)
    Traceback (most recent call last):
    gru_core.errors.RangeError: network must be an encoder and a decoder for numbers, got a single \
network
    """
    if isinstance(task, Translation) and isinstance(network, Seq2Seq):
        check_pair_fit(task, network)
        pairs = task.fresh(seed, count)
        return task.score(network, pairs), len(pairs.lengths)
    if isinstance(task, Task) and isinstance(network, Network):
        check_fit(task, network)
        batch = task.fresh(seed, count)
        return task.score(network, batch), batch.mask.shape[1]
    kinds = ("a single network", "an encoder and a decoder")
    wanted = f"be {kinds[isinstance(task, Translation)]} for {task.name}"
    raise RangeError("network", wanted, kinds[isinstance(network, Seq2Seq)])
