"""Gradient descent: one update after the other, scored on held-out data, until it is done.

Everything that is drawn comes from generators that are seeded by the seed and by a number of their
own: 0 for the weights, 1 for the batches, 2 for the held-out data. So the same seed gives the same
weights bit for bit, on one machine, however the training is interrupted.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.learn.goal import Data, Goal, Model
from gru_core.learn.optimiser import Adam, clip, rate
from gru_core.learn.options import Options

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
    network : Network or Seq2Seq or None
        The weights after the update, where there is a score.
    ending : {"solved", "steps", "patience", "diverged"} or None
        Why the training is over, if it is.
    message : str
        The ending in a sentence, else "".

    Examples
    --------
    See `gru_core.learn.Training`.
    """

    step: int
    loss: float
    gradient_norm: float
    learning_rate: float
    score: float | None = None
    best: float | None = None
    network: Any = None
    ending: Ending | None = None
    message: str = ""


def check_seed(seed: int) -> None:
    """Refuse a seed below 0.

    Raises
    ------
    RangeError
        If it is.
    """
    if seed < 0:
        raise RangeError("seed", "be at least 0", str(seed))


class Vector(Protocol[Model]):
    """All weights of a model in one vector, as `gru_core.learn.weights.Weights` has them."""

    values: FloatArray
    gradient: FloatArray
    shapes: tuple[tuple[int, ...], ...]

    def take(self, network: Model, /) -> None:
        """Copy the weights of a model of the same shape."""

    def network(self) -> Model:
        """Return a model with these weights."""


class Descent(ABC, Generic[Model, Data]):
    """A model while it learns a task; `Training` and `PairTraining` say of which kind.

    Parameters
    ----------
    task : Goal
    model : Network or Seq2Seq
        The weights to start from.
    options : Options
    seed : int
        At least 0. Of the batches and the held-out data.

    Attributes
    ----------
    task, options, seed
    step : int
        The number of updates made.
    best : Network or Seq2Seq
        The one with the best score so far; the first weights before there is a score.
    best_score : float or None
    best_step : int
    ending : str or None
    held_out : Batch or Pairs

    Examples
    --------
    See `gru_core.learn.Training`.
    """

    def __init__(
        self, task: Goal[Model, Data], model: Model, options: Options, *, seed: int
    ) -> None:
        self.task, self.seed, self.options = task, seed, options
        self.check(model)
        self.weights = self.weights_of(model)
        self.rng = np.random.default_rng([seed, 1])
        self.held_out = task.held_out(np.random.default_rng([seed, 2]), options.held_out)
        self.adam = Adam(
            self.weights.values.size, self.weights.values.dtype, decay=options.weight_decay
        )
        self._good = self.weights.values.copy()
        self.step = 0
        self.best = model
        self.best_score: float | None = None
        self.best_step = 0
        self.first_loss = math.nan
        self.scores_since_best = 0
        self.ending: Ending | None = None
        self.message = ""

    @abstractmethod
    def check(self, model: Model) -> None:
        """Refuse a model that cannot learn the task."""

    @abstractmethod
    def weights_of(self, model: Model) -> Vector[Model]:
        """Return a copy of a model's weights as a vector."""

    @abstractmethod
    def loss(self, batch: Data) -> float:
        """Return the loss, and write its gradient to that of the weights."""

    @property
    def network(self) -> Model:
        """The model with the present weights."""
        return self.weights.network()

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
            loss = self.loss(batch)
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

    def _compare(self, network: Model, score: float) -> None:
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
