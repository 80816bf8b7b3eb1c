"""The question what the outputs should be at each step of the present input.

The rule of the task that the network was trained on says it, so it holds for any input, and does
not depend on the weights. The answer is there as soon as an edit has been accepted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.learn.batch import Batch
from gru_core.learn.sampling import check_writer
from gru_core.learn.tasks.registry import fresh_task
from gru_core.learn.tasks.text import next_symbols
from gru_core.learn.training import check_fit
from gru_core.learn.translation.either import fresh_goal
from gru_core.learn.translation.training import check_pair_fit
from gru_core.learn.translation.translation import Translation, symbols
from gru_core.seq2seq.joint import Joint
from gruscope.documents.document import State
from gruscope.wire.codec import frame
from gruscope.wire.errors import refuse
from gruscope.wire.meta import TargetMeta
from gruscope.wire.target import TargetQuestion


def target(question: TargetQuestion, state: State, run: int) -> bytes:
    """Return the answer, a binary frame.

    Raises
    ------
    CoreError, Refused
        If the task does not fit the network or the input, or its rule does not say what is right.
    """
    meta = TargetMeta(id=str(question.id), run=str(run))
    if isinstance(state.network, Joint):
        return frame(meta, _translated(question, state, state.network))
    batch = _answered(question, state)
    return frame(meta, {"target": batch.target[:, 0], "asked": batch.mask[:, 0]})


def _translated(
    question: TargetQuestion, state: State, network: Joint
) -> dict[str, NDArray[np.int64]]:
    """Return the right answer of a decoder, with its end mark, at the steps after the input."""
    task = None if question.task is None else fresh_goal(question.task, question.settings)
    if not isinstance(task, Translation):
        raise refuse("range", "task", "be one for an encoder and a decoder", repr(question.task))
    check_pair_fit(task, network.model)
    text = "".join(task.alphabet[symbol] for symbol in _symbols(state)[:, 0])
    right = [*symbols(task.answer(text), task.answers), task.end][: network.model.limit]
    target, asked = np.zeros(state.steps, np.int64), np.zeros(state.steps, np.int64)
    steps = slice(len(state.x), len(state.x) + len(right))
    target[steps], asked[steps] = right, 1
    return {"target": target, "asked": asked}


def _answered(question: TargetQuestion, state: State) -> Batch:
    network = state.network
    if question.task is None:
        if not check_writer(network):
            raise refuse("range", "task", "be named, as the network reads numbers", "null")
        return next_symbols(_symbols(state))
    task = fresh_task(question.task, question.settings)
    check_fit(task, network)
    if task.alphabet is not None and state.alphabet not in (None, task.alphabet):
        expected = f"have the alphabet {task.alphabet!r} for {task.name}"
        raise refuse("alphabet", "network", expected, repr(state.alphabet))
    batch = task.answered(state.x[:, None] if task.tokens is None else _symbols(state))
    if batch is None:
        raise refuse("range", "task", "be one whose answers are in its input", repr(task.name))
    return batch


def _symbols(state: State) -> NDArray[Any]:
    """Return the input as symbols, shape (T, 1)."""
    x = state.x
    if x.ndim == 1:
        return x[:, None]
    if not (np.isin(x, (0, 1)).all() and (x.sum(axis=1) == 1).all()):
        raise refuse("range", "input", "have one symbol a step", "other numbers")
    symbols: NDArray[Any] = x.argmax(axis=1)[:, None]
    return symbols
