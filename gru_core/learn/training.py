"""Training of a network on sequences in which every step may have an answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from gru_core.errors import RangeError, ShapeError
from gru_core.learn.batch import Batch
from gru_core.learn.descent import Descent, check_seed
from gru_core.learn.engine import Engine
from gru_core.learn.initial import Architecture, initial_network
from gru_core.learn.options import Options
from gru_core.learn.tasks.task import Task
from gru_core.learn.weights import Weights
from gru_core.network.network import Network


class Training(Descent[Network, Batch]):
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

    task: Task
    weights: Weights

    def __init__(
        self,
        task: Task,
        network: Network | Architecture,
        options: Options | None = None,
        *,
        seed: int,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_seed(seed)
        options = Options() if options is None else options
        if isinstance(network, Architecture):
            network = initial_network(
                network,
                task.input_size,
                task.output_size,
                task.head,
                seed=np.random.default_rng([seed, 0]),
                scheme=options.initial,
                longest=task.remembered,
                dtype=dtype,
            )
        super().__init__(task, network, options, seed=seed)
        self._engine: Engine | None = None

    def check(self, model: Network) -> None:
        """Refuse a network that cannot learn the task; see `check_fit`."""
        check_fit(self.task, model)

    def weights_of(self, model: Network) -> Weights:
        """Return a copy of a network's weights as a vector."""
        return Weights(model)

    def loss(self, batch: Batch) -> float:
        """Return the loss, and write its gradient to that of the weights."""
        shape = batch.mask.shape
        if self._engine is None or self._engine.shape != shape:
            self._engine = Engine(self.weights.like, *shape)
        return self._engine.gradient(self.weights, batch)

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
        if layer.turned:
            raise RangeError(
                f"layers[{k}].turned", "be empty for training", ", ".join(layer.turned)
            )
        if layer.before:
            wanted = "be left out for training"
            raise RangeError(f"layers[{k}].before", wanted, f"{len(layer.before)} maps")
    if not task.reads_back and any(layer.reverse is not None for layer in network.layers):
        wanted = f"read forward only, since in {name} the answer is further on in the input"
        raise RangeError("directions", wanted, "a layer that reads in reverse")
