"""Scores in pieces of bounded time and memory, between which a caller may do something else."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gru_core.learn.batch import Batch
from gru_core.learn.tasks.task import Task, input_of
from gru_core.network.network import Network
from gru_core.run.clamps import Clamp


def score_in_pieces(
    task: Task,
    network: Network,
    batch: Batch,
    size: int,
    *,
    h0: Sequence[ArrayLike] | None = None,
    c0: Sequence[ArrayLike | None] | None = None,
    clamps: Sequence[Clamp] = (),
    first: int = 16,
    largest: int = 512,
    seconds: float | None = None,
) -> Generator[None, None, float]:
    """Yield after each span of steps of some sequences, and return the score of all.

    Parameters
    ----------
    task : Task
    network : Network
    batch : Batch
    size : int
        How many sequences are computed together.
    h0, c0 : sequence of array_like, shape (H,), optional
        States before the first step of every sequence: one for each layer and direction. By default
        those of the layers, or 0.
    clamps : sequence of Clamp
    first, largest, seconds
        As for `Network.spans`.

    Raises
    ------
    RangeError
        If a state outgrows the network's dtype.

    Examples
    --------
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> from gru_core.learn.tasks.parity import Parity
    >>> task = Parity(length=8)
    >>> network = initial_network(Architecture("rnn", 4), 2, 2, "softmax", seed=0)
    >>> batch = task.held_out(np.random.default_rng(0), 50)
    >>> found = []
    >>> def scoring():
    ...     found.append((yield from score_in_pieces(task, network, batch, 20)))
    >>> len(list(scoring())), found[0] == task.score(network, batch)
    (3, True)
    """
    answers = []
    for begin in range(0, batch.mask.shape[1], size):
        part = _sequences(batch, begin, begin + size)
        count = part.mask.shape[1]
        spans = network.spans(
            input_of(network, part),
            _spread(h0, count),
            _spread(c0, count),
            clamps=clamps,
            first=first,
            largest=largest,
            seconds=seconds,
        )
        trace = None
        for span in spans:
            trace = span.trace
            yield
        assert trace is not None
        answers.append(trace.answer)
    return task.score_of(np.concatenate(answers, axis=1), batch)


def _sequences(batch: Batch, begin: int, end: int) -> Batch:
    return Batch(batch.x[:, begin:end], batch.target[:, begin:end], batch.mask[:, begin:end])


def _spread(states: Sequence[ArrayLike | None] | None, count: int) -> Any:
    """Return the same states for every sequence, shape (B, H) each."""
    if states is None:
        return None
    return [None if one is None else np.tile(one, (count, 1)) for one in states]
