"""Every kind of question is in the registry and in one file."""

from typing import Any

import gruscope.questions
from gruscope.questions.question import Question
from gruscope.questions.registry import QUESTIONS
from gruscope.session.protocol import CLIENT_MODELS, SERVER_MODELS
from gruscope.wire.messages import AnswerMessage, QuestionMessage
from tests.app.registries import one_of_each_file

SHARED = {"block", "question", "registry", "target", "waiting"}


def test_every_kind_of_question_is_a_file_and_in_the_registry():
    found = one_of_each_file(gruscope.questions, Question, SHARED)
    assert set(found) == set(QUESTIONS.values()) and len(found) == len(QUESTIONS)


def test_every_question_and_every_answer_is_part_of_the_protocol():
    assert ours(QuestionMessage) == set(QUESTIONS) <= set(CLIENT_MODELS)
    assert ours(AnswerMessage) <= set(SERVER_MODELS)
    names = sorted(question.name for question in QUESTIONS.values())
    assert names == ["inspect", "inspect_output", "step"]


def ours(model: type[Any]) -> set[type[Any]]:
    """Return a model's kinds; the doctests import the same files again, as ``app.questions``."""
    return {kind for kind in model.__subclasses__() if kind.__module__.startswith("gruscope.")}
