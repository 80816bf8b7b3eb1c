"""What every task has: batches, names for what goes in and out, and a score."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.learn.batch import Batch
from gru_core.learn.goal import Goal
from gru_core.network.network import Network
from gru_core.network.readout import Head


@dataclass(frozen=True, kw_only=True)
class Task(Goal[Network, Batch]):
    """A seeded generator of batches, and a score.

    A task is a frozen dataclass of its settings; each is in a file of its own.

    Parameters
    ----------
    length : int
        T of the batches, in steps.

    Attributes
    ----------
    name : str
        Its name on the command line.
    title, about : str
        For people: a few words, and a sentence.
    head : {"softmax", "sigmoid", "identity"}
        Of the network's readout; it decides the loss.
    metric : {"accuracy", "error"}
        The part of the counted steps that are answered right, or the mean squared error.
    solved : float
        The score at which training may stop.
    needs : {"text", "labels"} or None
        The data of the user's own that the task cannot do without.
    reads_back : bool
        Whether layers may read in reverse. They may not where the answer would be in the input.

    Examples
    --------
    >>> from gru_core.learn.tasks.parity import Parity
    >>> task = Parity(length=20)
    >>> task.name, task.alphabet, task.classes, task.chance
    ('parity', '01', ('even', 'odd'), 0.5)
    """

    head: ClassVar[Head] = "softmax"
    reads_back: ClassVar[bool] = False
    shortest: ClassVar[int] = 2

    length: int

    def __post_init__(self) -> None:
        if self.length < self.shortest:
            raise RangeError("length", f"be at least {self.shortest}", str(self.length))

    @property
    def alphabet(self) -> str | None:
        """The symbols of the input in the order of the network's inputs, if they are characters."""
        return None

    @property
    def tokens(self) -> tuple[str, ...] | None:
        """The names of the input's symbols, if it has symbols."""
        return None if self.alphabet is None else tuple(self.alphabet)

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the input's columns, if it has numbers."""
        return ()

    @property
    @abstractmethod
    def classes(self) -> tuple[str, ...]:
        """The names of the network's outputs."""

    @property
    def input_size(self) -> int:
        """I, the number of symbols or channels."""
        return len(self.channels if self.tokens is None else self.tokens)

    @property
    def output_size(self) -> int:
        """O."""
        return len(self.classes)

    @property
    def remembered(self) -> int:
        """T_max of chrono initialisation: how many steps something may have to be remembered."""
        return max(3, self.length)

    def answered(self, x: NDArray[Any]) -> Batch | None:
        """Return sequences with the answers that the task's rule asks for.

        Parameters
        ----------
        x : ndarray of int, shape (T, B), or of float, shape (T, B, I)
            Of any length. They need not be as the task draws them: the mask leaves out the steps at
            which the rule does not say what is right.

        Returns
        -------
        Batch or None
            None if the answers are not in the sequences.

        Examples
        --------
        >>> from gru_core.learn.tasks.parity import Parity
        >>> Parity().answered(np.array([[1], [0], [1]])).target[:, 0].tolist()
        [1, 1, 0]
        """
        return None

    def held_out(self, rng: Generator, size: int) -> Batch:
        """Draw a batch to be scored on, which shares no data with those to train on."""
        return self.draw(rng, size)

    def score(self, network: Network, batch: Batch) -> float:
        """Return a network's accuracy or error on a batch.

        Examples
        --------
        >>> from gru_core.learn.initial import Architecture, initial_network
        >>> from gru_core.learn.tasks.parity import Parity
        >>> task, network = Parity(length=8), initial_network(
        ...     Architecture("rnn", 4), 2, 2, "softmax", seed=0)
        >>> 0 < task.score(network, task.held_out(np.random.default_rng(0), 100)) < 1
        True
        """
        answer = network.run(input_of(network, batch)).answer
        return self.score_of(answer, batch)

    def score_of(self, answer: FloatArray, batch: Batch) -> float:
        """Return the accuracy or error of answers of shape (T, B, O)."""
        if self.metric == "error":
            each = np.mean((answer - batch.target) ** 2, axis=2, dtype=np.float64)
        elif self.head == "softmax":
            each = answer.argmax(axis=2) == batch.target
        else:
            each = ((answer > 0.5) == (batch.target > 0.5)).all(axis=2)
        return float(np.asarray(each)[batch.mask].mean())

    def with_length(self, length: int) -> Self:
        """Return the same task on sequences of another length.

        Examples
        --------
        >>> from gru_core.learn.tasks.parity import Parity
        >>> Parity(length=8).with_length(64).length
        64
        """
        return replace(self, length=length)


def input_of(network: Network, batch: Batch) -> NDArray[Any]:
    """Return a batch's input for a run: integers for an embedding, numbers otherwise.

    Examples
    --------
    >>> from gru_core import Network
    >>> batch = Batch(np.array([[1]]), np.array([[0]]), np.ones((1, 1), bool))
    >>> input_of(Network.random("rnn", 2, 1, seed=0), batch).tolist()
    [[[0.0, 1.0]]]
    """
    if network.embedding is not None and batch.x.ndim == 2:
        tokens: NDArray[Any] = np.maximum(batch.x, 0)
        return tokens
    return batch.numbers(network.input_size, network.dtype)
