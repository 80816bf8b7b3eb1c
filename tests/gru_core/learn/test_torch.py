"""Losses while training against torch's, by arrays that scripts/references made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import ClassVar

import numpy as np
import pytest
from numpy.random import Generator
from safetensors.numpy import load_file

from gru_core import Network
from gru_core.learn import Batch, Options, Task, Training
from tests.gru_core.torch_cases import TorchCase
from tests.gru_core.torch_weights import network
from tests.gru_core.training_cases import (
    CASES,
    CLIP,
    CURVES,
    DECAY,
    OUTPUTS,
    RATE,
    STEPS,
    Drawn,
    draw,
)

STORED = load_file(CURVES)
TOLERANCE = 1e-6
"""Torch adds 1e-6 to the norm by which it clips."""


@dataclass(frozen=True, kw_only=True)
class Replayed(Task):
    """The batches of a case, one after the other."""

    name: ClassVar = "replayed"
    title: ClassVar = "Replayed"
    about: ClassVar = "Replays stored batches."
    reads_back: ClassVar = True

    length: int = 9
    drawn: Drawn
    turn: Iterator[int]

    @property
    def alphabet(self) -> str:
        return "abcde"

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple("wxyz"[:OUTPUTS])

    @property
    def chance(self) -> float:
        return 1 / OUTPUTS

    def draw(self, rng: Generator, size: int) -> Batch:
        k = next(self.turn)
        return Batch(self.drawn.x[k], self.drawn.target[k], self.drawn.mask[k])

    def held_out(self, rng: Generator, size: int) -> Batch:
        return Batch(self.drawn.x[0], self.drawn.target[0], self.drawn.mask[0])


def start(case: TorchCase, drawn: Drawn) -> Network:
    """Return the network that torch starts from."""
    outer = {name: w for name, w in drawn.weights.items() if name.startswith("readout")}
    inner = {name: w for name, w in drawn.weights.items() if name not in outer}
    made = network(case, inner, "float64", outer)
    assert made.readout is not None
    return replace(made, readout=replace(made.readout, head="softmax"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_loss_falls_as_torch_s(case: TorchCase) -> None:
    drawn = draw(case)
    options = Options(
        steps=STEPS, batch=case.B, learning_rate=RATE, weight_decay=DECAY, clip=CLIP,
        until_solved=False,
    )  # fmt: skip
    task = Replayed(drawn=drawn, turn=count())
    training = Training(task, start(case, drawn), options, seed=0)
    losses = [progress.loss for progress in training.run()]
    np.testing.assert_allclose(losses, STORED[case.key], rtol=0, atol=TOLERANCE)
    assert np.ptp(losses) > 0.05
