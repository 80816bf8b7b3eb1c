"""Encoders and decoders against torch's, by arrays that scripts/references made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import ClassVar

import numpy as np
import pytest
from numpy.random import Generator
from safetensors.numpy import load_file

from gru_core import Seq2Seq
from gru_core.learn import Options
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.training import PairTraining
from gru_core.learn.translation.translation import Translation
from tests.gru_core.pair_cases import (
    ANSWERS,
    CASES,
    CLIP,
    DECAY,
    END,
    LONGEST,
    PAIRS,
    RATE,
    START,
    STEPS,
    Drawn,
    draw,
)
from tests.gru_core.torch_cases import TorchCase
from tests.gru_core.torch_weights import network

STORED = load_file(PAIRS)
TOLERANCE = 1e-6
"""Torch adds 1e-6 to the norm by which it clips."""


@dataclass(frozen=True, kw_only=True)
class Replayed(Translation):
    """The batches of a case, one after the other."""

    name: ClassVar = "replayed"
    title: ClassVar = "Replayed"
    about: ClassVar = "Replays stored batches."

    drawn: Drawn
    turn: Iterator[int]
    alphabet = "vwxyz"
    letters = "abcd"
    shape = (7, LONGEST)
    chance = 0.0

    def answer(self, text: str) -> str:
        raise NotImplementedError

    def is_answer(self, text: str) -> bool:
        raise NotImplementedError

    def texts(self, rng: Generator, size: int, *, held_out: bool) -> list[str]:
        raise NotImplementedError

    def draw(self, rng: Generator, size: int) -> Pairs:
        return self.batch(next(self.turn))

    def held_out(self, rng: Generator, size: int) -> Pairs:
        return self.batch(0)

    def batch(self, k: int) -> Pairs:
        mask = np.arange(LONGEST)[:, None] < self.drawn.spoken[k]
        return Pairs(self.drawn.x[k], self.drawn.lengths[k], self.drawn.target[k], mask)


def model_of(case: TorchCase, drawn: Drawn) -> Seq2Seq:
    outer = {f"readout_{name}": array for name, array in drawn.readout.items()}
    decoder = network(case, drawn.decoder, "float64", outer)
    assert decoder.readout is not None
    decoder = replace(decoder, readout=replace(decoder.readout, head="softmax"))
    encoder = network(case, drawn.encoder, "float64")
    return Seq2Seq(encoder, decoder, START, END, LONGEST)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_greedy_answers_are_torch_s(case: TorchCase) -> None:
    drawn = draw(case)
    model = model_of(case, drawn)
    said, outputs = STORED[f"{case.key}/said"], STORED[f"{case.key}/outputs"]
    assert outputs.shape[2] == ANSWERS
    for i, symbols in enumerate(drawn.asked):
        trace = model.run(symbols)
        steps = len(trace.said)
        assert trace.said == tuple(said[i, said[i] >= 0])
        np.testing.assert_allclose(trace.decoder.output, outputs[i, :steps], rtol=0, atol=1e-12)
    wanted = [tuple(row[row > END]) for row in np.where(said == START, END + 9, said)]
    found = [tuple(END + 9 if s == START else s for s in one) for one in model.answers(drawn.asked)]
    assert found == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_loss_falls_as_torch_s(case: TorchCase) -> None:
    drawn = draw(case)
    options = Options(
        steps=STEPS, batch=case.B, learning_rate=RATE, weight_decay=DECAY, clip=CLIP,
        until_solved=False,
    )  # fmt: skip
    task = Replayed(drawn=drawn, turn=count())
    training = PairTraining(task, model_of(case, drawn), options, seed=0)
    losses = [progress.loss for progress in training.run()]
    np.testing.assert_allclose(losses, STORED[f"{case.key}/losses"], rtol=0, atol=TOLERANCE)
    assert np.ptp(losses) > 0.05


def test_some_answers_end_and_some_reach_the_limit() -> None:
    ended = [(STORED[f"{case.key}/said"] == END).any(axis=1).mean() for case in CASES]
    assert min(ended) < 1 and max(ended) > 0
    assert len({row.tobytes() for case in CASES for row in STORED[f"{case.key}/said"]}) > 20
