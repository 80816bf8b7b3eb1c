"""How to train."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gru_core.errors import RangeError
from gru_core.learn.initial import SCHEMES, Scheme
from gru_core.learn.optimiser import SCHEDULES, Schedule
from gru_core.parameters.initial import check_size


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to train.

    Parameters
    ----------
    steps : int
        The most updates to make.
    batch : int
        The sequences of each update.
    learning_rate : float
    schedule : {"constant", "cosine", "warm-up"}
        How the learning rate changes, see `gru_core.learn.optimiser.rate`.
    initial : {"uniform", "orthogonal", "chrono", "orthogonal+chrono"}
        The weights to start from, see `gru_core.learn.initial`.
    weight_decay : float
        Decoupled, as in AdamW.
    clip : float, optional
        The largest norm of the gradient; None for no limit.
    score_every : int
        The updates between two scores on held-out data.
    held_out : int
        The number of held-out sequences.
    patience : int, optional
        How many scores in a row without a better one end the training; None for any number.
    until_solved : bool
        Whether to stop when the score is as good as the task asks for.

    Raises
    ------
    RangeError
        If a value is out of its range.

    Examples
    --------
    >>> Options(steps=400, initial="chrono").batch
    64
    """

    steps: int = 2000
    batch: int = 64
    learning_rate: float = 0.01
    schedule: Schedule = "constant"
    initial: Scheme = "uniform"
    weight_decay: float = 0.0
    clip: float | None = 1.0
    score_every: int = 25
    held_out: int = 256
    patience: int | None = None
    until_solved: bool = True

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "score_every", "held_out"):
            check_size(name, getattr(self, name))
        if self.patience is not None:
            check_size("patience", self.patience)
        _check_positive("learning_rate", self.learning_rate)
        if self.clip is not None:
            _check_positive("clip", self.clip)
        if not 0 <= self.weight_decay < math.inf:
            raise RangeError("weight_decay", "be a finite number from 0", str(self.weight_decay))
        for name, known in (("schedule", SCHEDULES), ("initial", SCHEMES)):
            value = getattr(self, name)
            if value not in known:
                raise RangeError(name, f"be one of {', '.join(known)}", repr(value))


def _check_positive(field: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise RangeError(field, "be a finite number more than 0", str(value))
