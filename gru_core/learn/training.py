"""Training: one update after the other, scored on held-out data, until it is done.

Everything that is drawn comes from generators that are seeded by the seed and by a number of their
own: 0 for the weights, 1 for the batches, 2 for the held-out data. So the same seed gives the same
weights bit for bit, on one machine, however the training is interrupted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

from gru_core.errors import RangeError, ShapeError
from gru_core.learn.batch import Batch
from gru_core.learn.engine import Engine
from gru_core.learn.initial import Architecture, initial_network
from gru_core.learn.optimiser import Adam, clip, rate
from gru_core.learn.options import Options
from gru_core.learn.tasks.task import Task
from gru_core.learn.weights import Weights
from gru_core.network.network import Network

Ending = Literal["solved", "steps", "patience", "diverged"]

RUNAWAY = 1000
"""A loss so many times the first one (or 1, if that was less) counts as diverged."""


@dataclass(frozen=True, eq=False)
class Progress:
    """Where a training is after an update.

    Attributes
    ----------
    step : int
        The number of updates made.
    loss : float
        Of the batch, before the update.
    gradient_norm : float
        Before clipping.
    learning_rate : float
    score : float or None
        On the held-out data after the update, at every `score_every` steps.
    best : float or None
        The best score so far.
    network : Network or None
        The weights after the update, where there is a score.
    ending : {"solved", "steps", "patience", "diverged"} or None
        Why the training is over, if it is.
    message : str
        The ending in a sentence, else "".

    Examples
    --------
    See `Training`.
    """

    step: int
    loss: float
    gradient_norm: float
    learning_rate: float
    score: float | None = None
    best: float | None = None
    network: Network | None = None
    ending: Ending | None = None
    message: str = ""


class Training:
    """A network while it learns a task.

    Parameters
    ----------
    task : Task
    network : Network or Architecture
        The weights to start from, or what to draw them for.
    options : Options, optional
    seed : int
        At least 0. Of the weights, the batches and the held-out data.
    dtype : float32 or float64
        Of a network that is drawn.

    Attributes
    ----------
    task : Task
    options : Options
    seed : int
    step : int
        The number of updates made.
    best : Network
        The network with the best score so far; the first weights before there is a score.
    best_score : float or None
    best_step : int
    ending : str or None
    held_out : Batch

    Raises
    ------
    ShapeError, RangeError
        If the network does not fit the task.

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> training = Training(Parity(length=8), Architecture("gru", 8), Options(steps=200), seed=0)
    >>> for progress in training.run():
    ...     pass  # leaving the loop pauses; run() again goes on
    >>> progress.ending, progress.score > 0.98
    ('solved', True)
    """

    def __init__(
        self,
        task: Task,
        network: Network | Architecture,
        options: Options | None = None,
        *,
        seed: int,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if seed < 0:
            raise RangeError("seed", "be at least 0", str(seed))
        self.task, self.seed = task, seed
        self.options = Options() if options is None else options
        if isinstance(network, Architecture):
            network = initial_network(
                network,
                task.input_size,
                task.output_size,
                task.head,
                seed=np.random.default_rng([seed, 0]),
                scheme=self.options.initial,
                longest=task.remembered,
                dtype=dtype,
            )
        check_fit(task, network)
        self.weights = Weights(network)
        self.rng = np.random.default_rng([seed, 1])
        self.held_out: Batch = task.held_out(
            np.random.default_rng([seed, 2]), self.options.held_out
        )
        self.adam = Adam(self.weights.values.size, network.dtype, decay=self.options.weight_decay)
        self._good = self.weights.values.copy()
        self._engine: Engine | None = None
        self.step = 0
        self.best: Network = network
        self.best_score: float | None = None
        self.best_step = 0
        self.first_loss = math.nan
        self.scores_since_best = 0
        self.ending: Ending | None = None
        self.message = ""

    @property
    def network(self) -> Network:
        """The network with the present weights."""
        return self.weights.network()

    def replace(self, network: Network) -> None:
        """Go on from other weights, such as edited ones; what Adam knows is kept.

        Raises
        ------
        ShapeError, RangeError
            If the network is not of the same shape.

        Examples
        --------
        >>> from gru_core.learn.tasks.parity import Parity
        >>> training = Training(Parity(length=8), Architecture("rnn", 8), seed=0)
        >>> params = training.network.layers[0].first
        >>> training.replace(training.network.with_layers([params.replace(U=0 * params.U)]))
        >>> bool(training.network.layers[0].first.U.any())
        False
        """
        check_fit(self.task, network)
        other = Weights(network.astype(self.best.dtype))
        if other.shapes != self.weights.shapes:
            raise ShapeError("network", f"have arrays {self.weights.shapes}", str(other.shapes))
        self.weights = other
        self._engine = None
        self._good[...] = other.values

    def run(self) -> Iterator[Progress]:
        """Yield the progress after each update until the training is over."""
        while self.ending is None:
            yield self.advance()

    def advance(self) -> Progress:
        """Make one update.

        Raises
        ------
        RangeError
            If the training is over.
        """
        if self.ending is not None:
            raise RangeError("training", "not be over", f"one that is: {self.message}")
        options, weights = self.options, self.weights
        batch = self.task.draw(self.rng, options.batch)
        self._good[...] = weights.values
        try:
            loss = self._engine_for(batch).gradient(weights, batch)
        except RangeError as error:
            return self._diverged(math.nan, math.nan, str(error))
        norm = clip(weights.gradient, options.clip)
        if self.step == 0:
            self.first_loss = loss
        if not (math.isfinite(loss) and math.isfinite(norm)):
            return self._diverged(loss, norm, f"the loss is {loss} and the gradient {norm}")
        if loss > RUNAWAY * max(1.0, self.first_loss):
            return self._diverged(loss, norm, f"the loss rose to {loss:.3g}")
        learning_rate = rate(options.schedule, options.learning_rate, self.step, options.steps)
        self.adam.update(weights.values, weights.gradient, learning_rate)
        if not np.isfinite(weights.values).all():
            return self._diverged(loss, norm, "a weight is no longer finite")
        self.step += 1
        return self._scored(loss, norm, learning_rate)

    def _scored(self, loss: float, norm: float, learning_rate: float) -> Progress:
        """Score the weights if that is due, and see whether the training is over."""
        options, network, score = self.options, None, None
        if self.step % options.score_every == 0 or self.step == options.steps:
            network = self.network
            try:
                score = self.task.score(network, self.held_out)
            except RangeError as error:
                return self._diverged(loss, norm, str(error))
            self._compare(network, score)
            if options.until_solved and self.task.is_solved(score):
                self._end("solved", f"Solved at step {self.step}.")
            elif options.patience is not None and self.scores_since_best >= options.patience:
                said = f"No better score since step {self.best_step}."
                self._end("patience", said)
        if self.ending is None and self.step >= options.steps:
            self._end("steps", f"All {options.steps} steps are done.")
        return Progress(
            self.step,
            loss,
            norm,
            learning_rate,
            score,
            self.best_score,
            network,
            self.ending,
            self.message,
        )

    def _compare(self, network: Network, score: float) -> None:
        """Remember the network if it is the best so far."""
        self.scores_since_best += 1
        if self.best_score is None or self.task.is_better(score, self.best_score):
            self.best, self.best_score, self.best_step = network, score, self.step
            self.scores_since_best = 0

    def _diverged(self, loss: float, norm: float, reason: str) -> Progress:
        """Stop with the last weights that were good: the best ones, if there was a score."""
        if self.best_score is None:
            self.weights.values[...] = self._good
            kept = f"those of step {self.step}"
        else:
            self.weights.take(self.best)
            kept = f"the best ones, of step {self.best_step}"
        self._end(
            "diverged",
            f"Training diverged after step {self.step}: {reason}. The weights kept are {kept}. "
            f"Try a lower learning rate than {self.options.learning_rate:g}.",
        )
        return Progress(
            self.step,
            loss,
            norm,
            0.0,
            best=self.best_score,
            ending=self.ending,
            message=self.message,
        )

    def _end(self, ending: Ending, message: str) -> None:
        self.ending, self.message = ending, message

    def _engine_for(self, batch: Batch) -> Engine:
        """Return the engine for batches of this shape, the one before if the shape is the same."""
        shape = batch.mask.shape
        if self._engine is None or self._engine.shape != shape:
            self._engine = Engine(self.weights.like, *shape)
        return self._engine


def check_fit(task: Task, network: Network) -> None:
    """Refuse a network that cannot be trained on a task.

    Raises
    ------
    ShapeError
        If its inputs or outputs are not the task's.
    RangeError
        If its head is another, it reads in reverse and the task forbids that, or it has maps before
        layers or merges directions other than by concatenation.

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> check_fit(Parity(length=8), Network.random("gru", 2, 3, seed=0))
    Traceback (most recent call last):
    gru_core.errors.ShapeError: network must have a readout of 2 outputs for parity, got none
    """
    readout, name = network.readout, task.name
    if readout is None or readout.output_size != task.output_size:
        got = "none" if readout is None else str(readout.output_size)
        raise ShapeError("network", f"have a readout of {task.output_size} outputs for {name}", got)
    if readout.head != task.head:
        raise RangeError("network", f"have a {task.head} head for {name}", readout.head)
    table = network.embedding
    size = network.input_size if table is None else len(table)
    if size != task.input_size or (table is not None and task.tokens is None):
        kind = "symbols" if task.tokens else "channels"
        raise ShapeError("network", f"read {task.input_size} {kind} for {name}", str(size))
    for k, layer in enumerate(network.layers):
        if layer.merge != "concat" and layer.directions > 1:
            raise RangeError(f"layers[{k}].merge", "be concat for training", layer.merge)
        if layer.before:
            wanted = "be left out for training"
            raise RangeError(f"layers[{k}].before", wanted, f"{len(layer.before)} maps")
    if not task.reads_back and any(layer.reverse is not None for layer in network.layers):
        wanted = f"read forward only, since in {name} the answer is further on in the input"
        raise RangeError("directions", wanted, "a layer that reads in reverse")
