"""Training of an encoder and a decoder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from gru_core.errors import RangeError, ShapeError
from gru_core.learn.descent import Descent, check_seed
from gru_core.learn.initial import Architecture, Scheme, initial_network
from gru_core.learn.options import Options
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.engine import PairEngine
from gru_core.learn.translation.translation import Translation
from gru_core.learn.translation.weights import PairWeights
from gru_core.seq2seq.seq2seq import Seq2Seq


class PairTraining(Descent[Seq2Seq, Pairs]):
    """An encoder and a decoder while they learn to turn one text into another.

    The decoder reads the right answers while it learns (teacher forcing), and its own when it is
    scored.

    Parameters
    ----------
    task : Translation
    model : Seq2Seq or Architecture
        The weights to start from, or what to draw each of the two networks for.
    options : Options, optional
    seed : int
        At least 0. Of the weights, the batches and the held-out data.
    dtype : float32 or float64
        Of a model that is drawn.

    Raises
    ------
    ShapeError, RangeError
        If the model does not fit the task.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> training = PairTraining(Numbers(digits=2), Architecture("gru", 8), seed=0)
    >>> first, second = training.advance(), training.advance()
    >>> second.loss < first.loss
    True
    """

    task: Translation
    weights: PairWeights

    def __init__(
        self,
        task: Translation,
        model: Seq2Seq | Architecture,
        options: Options | None = None,
        *,
        seed: int,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_seed(seed)
        options = Options() if options is None else options
        if isinstance(model, Architecture):
            rng = np.random.default_rng([seed, 0])
            model = initial_model(task, model, seed=rng, scheme=options.initial, dtype=dtype)
        super().__init__(task, model, options, seed=seed)
        self._engine: PairEngine | None = None

    def check(self, model: Seq2Seq) -> None:
        """Refuse a model that cannot learn the task; see `check_pair_fit`."""
        check_pair_fit(self.task, model)

    def weights_of(self, model: Seq2Seq) -> PairWeights:
        """Return a copy of a model's weights as a vector."""
        return PairWeights(model)

    def loss(self, batch: Pairs) -> float:
        """Return the loss, and write its gradient to that of the weights."""
        shape = (len(batch.x), *batch.mask.shape)
        if self._engine is None or self._engine.shape != shape:
            self._engine = PairEngine(self.weights.like, shape)
        return self._engine.gradient(self.weights, batch)


def initial_model(
    task: Translation,
    architecture: Architecture,
    *,
    seed: int | Generator,
    scheme: Scheme = "uniform",
    dtype: DTypeLike = np.float32,
) -> Seq2Seq:
    """Draw an encoder and a decoder of the same architecture.

    Parameters
    ----------
    task : Translation
    architecture : Architecture
        Of each of the two.
    seed, scheme, dtype
        As for `initial_network`.

    Raises
    ------
    RangeError
        As for `initial_network`, or if layers would read in both directions.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> initial_model(Numbers(digits=3), Architecture("gru", 64), seed=0).parameters
    32662
    """
    rng, answers = np.random.default_rng(seed), len(task.answers)
    encoder, decoder = (
        initial_network(
            architecture,
            size,
            answers,
            "softmax",
            seed=rng,
            scheme=scheme,
            longest=task.remembered,
            dtype=dtype,
        )
        for size in (len(task.alphabet), answers)
    )
    limit = task.shape[1]
    return Seq2Seq(replace(encoder, readout=None), decoder, task.start, task.end, limit)


def check_pair_fit(task: Translation, model: Seq2Seq) -> None:
    """Refuse a model that cannot be trained on a task.

    Raises
    ------
    ShapeError
        If it reads or writes another number of symbols, or has fewer steps than an answer.
    RangeError
        If its marks are others, or it has maps before layers or start states.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> check_pair_fit(Numbers(), Seq2Seq.random("gru", 9, 22, hidden_size=4, seed=0))
    Traceback (most recent call last):
    gru_core.errors.ShapeError: encoder must read 10 symbols for numbers, got 9
    """
    for stage, network, size in (
        ("encoder", model.encoder, len(task.alphabet)),
        ("decoder", model.decoder, len(task.answers)),
    ):
        if network.symbols != size:
            raise ShapeError(stage, f"read {size} symbols for {task.name}", str(network.symbols))
        if network.starts or any(k.before or k.turned for k in network.layers):
            wanted = "have no start states, no maps before layers and no turned ones for training"
            raise RangeError(stage, wanted, "some")
    if (model.start, model.end) != (task.start, task.end):
        wanted = f"be {task.start} and {task.end} for {task.name}"
        raise RangeError("start and end", wanted, f"{model.start} and {model.end}")
    if model.limit < task.shape[1]:
        raise ShapeError("limit", f"be at least {task.shape[1]} for {task.name}", str(model.limit))
