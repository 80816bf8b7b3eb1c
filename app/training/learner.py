"""A training of `gru_core` as its process sees it: from an order to steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gru_core.cells.registry import CELLS
from gru_core.files.arrays.in_memory import from_bytes
from gru_core.files.checkpoint import checkpoint_bytes, restore
from gru_core.learn.descent import Progress
from gru_core.network.network import Network
from gruscope.training.card import card_of
from gruscope.training.frames import Frame
from gruscope.training.plan import Plan, training_of


class Step(NamedTuple):
    """What came of one step.

    Attributes
    ----------
    loss, norm, metric : float or None
    ended : str
        Why the training is over, "" if it goes on.
    fault : str
        Why it failed, "" if it did not.
    """

    loss: float | None
    norm: float | None
    metric: float | None
    ended: str = ""
    fault: str = ""


class Learner:
    """A training, and when it ends.

    Parameters
    ----------
    plan : dict
        See `plan`.
    until_solved : bool
        Whether it ends when the task is solved.
    """

    def __init__(self, plan: Plan, *, until_solved: bool) -> None:
        self._until_solved = until_solved
        self._training = training_of(plan)
        self._task = self._training.task

    @classmethod
    def of(cls, order: Frame) -> Learner:
        """Return the learner that an order asks for, where its checkpoint or network says."""
        header, body = order
        made = cls(header["plan"], until_solved=header["until_solved"])
        size = header["checkpoint"]
        if size:
            made._restore(body[:size])
        if body[size:]:
            made._replace(from_bytes(body[size:]), header["step"])
        return made

    @property
    def step(self) -> int:
        """The number of steps made."""
        return self._training.step

    @property
    def steps(self) -> int:
        """The planned number of steps."""
        return self._training.options.steps

    @property
    def network(self) -> Network:
        """The network with the present weights."""
        return self._training.network

    def described(self) -> dict[str, Any]:
        """Return what the page needs to know of the task, and one example of it."""
        task = self._task
        return {
            "title": f"{task.title}, {CELLS[self.network.kind].title}",
            "metric": {
                "name": task.metric,
                "chance": task.chance,
                "solved": task.solved,
                "rises": task.metric == "accuracy",
            },
            "card": card_of(task),
            "input": self._input(),
            "target": self._target(),
        }

    def _input(self) -> dict[str, Any]:
        """Return one held-out sequence as the input of a document."""
        batch = self._training.held_out
        x = batch.x[:, :1]
        if task_alphabet := self._task.alphabet:
            return {"kind": "text", "text": "".join(task_alphabet[max(0, i)] for i in x[:, 0])}
        one = replace(batch, x=x).numbers(self.network.input_size, np.dtype(np.float64))[:, 0]
        return {"kind": "numbers", "values": one.round(6).tolist()}

    def _target(self) -> dict[str, Any] | None:
        """Return the numbers that the outputs should be, None for classes."""
        if self._task.head != "identity":
            return None
        batch = self._training.held_out
        rows = zip(batch.target[:, 0], batch.mask[:, 0], strict=True)
        values = [row.round(6).tolist() if counts else [] for row, counts in rows]
        return {"kind": "values", "values": values}

    def advance(self) -> Step:
        """Make one step."""
        progress = self._training.advance()
        if progress.ending == "diverged":
            return Step(None, None, None, fault=progress.message)
        return Step(
            progress.loss, progress.gradient_norm, progress.score, ended=self._ended(progress)
        )

    def checkpoint(self) -> bytes:
        """Return everything that is needed to go on exactly."""
        return checkpoint_bytes(self._training)

    def _ended(self, progress: Progress) -> str:
        solved = progress.score is not None and self._task.is_solved(progress.score)
        if solved and self._until_solved:
            return f"Solved at step {progress.step}."
        return progress.message

    def _restore(self, checkpoint: bytes) -> None:
        """Go on as if there had been no interruption, even if all steps had been made."""
        restore(self._training, checkpoint)
        self._training.ending, self._training.message = None, ""

    def _replace(self, network: Network, step: int) -> None:
        """Go on from other weights.

        At the step of the checkpoint, batches and Adam's averages go on. From an earlier step there
        are new batches, and the averages start from nothing.
        """
        training = self._training
        if training.step != step:
            training.step = step
            training.rng = np.random.default_rng([training.seed, 1, step])
        training.replace(network)
