"""The question about all vectors of one step; the answer is a binary frame."""

from __future__ import annotations

from typing import Literal

import numpy as np

from gru_core.errors import RangeError
from gru_core.explanation.vectors import vectors
from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import State
from gruscope.documents.layers import params_at, place_of, trace_at
from gruscope.questions.question import Question
from gruscope.wire.codec import frame
from gruscope.wire.errors import outgrown
from gruscope.wire.frames import FITS, LARGEST
from gruscope.wire.messages import QuestionMessage
from gruscope.wire.meta import FrameMeta


class StepQuestion(QuestionMessage):
    """Ask for the vectors of one step."""

    type: Literal["step"]


class StepMeta(FrameMeta):
    """Metadata of a binary `step` frame: the vectors of step ``t``."""

    type: Literal["step"] = "step"
    id: str
    t: str


def _check(question: StepQuestion, state: State) -> None:
    """Accept every question: the registry has already checked the step."""


def _answer(question: StepQuestion, state: State, trace: NetworkTrace, run: int) -> bytes:
    place = place_of(question)
    arrays = vectors(trace_at(trace, place), params_at(state.edited, place), question.t)
    for name, array in arrays.items():
        if not (np.abs(array) <= LARGEST).all():
            raise outgrown(RangeError(name, FITS, f"overflow at t = {question.t}"))
    meta = StepMeta(
        id=str(question.id),
        run=str(run),
        t=str(question.t),
        layer=str(question.layer),
        direction=question.direction,
    )
    return frame(meta, arrays)


STEP = Question(StepQuestion, None, _check, _answer)
