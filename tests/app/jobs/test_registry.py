"""Every kind of job is in the registry and in one file."""

from typing import get_args

import gruscope.jobs
from gruscope.jobs.job import Job
from gruscope.jobs.registry import JOBS
from gruscope.wire.ablation import StopAblation
from gruscope.wire.messages import BlockQuestion, ClientMessage, Ping, QuestionMessage
from gruscope.wire.target import TargetQuestion
from gruscope.wire.writing import StopWriting
from tests.app.registries import one_of_each_file

SHARED = {"job", "registry", "workspace"}


def test_every_kind_of_job_is_a_file_and_in_the_registry():
    found = one_of_each_file(gruscope.jobs, Job, SHARED)
    assert {id(job) for job in found} == {id(job) for job in JOBS.values()}


def test_every_other_message_is_a_question_a_stop_or_a_ping():
    assert set(get_args(ClientMessage)) == {
        *JOBS,
        QuestionMessage,
        BlockQuestion,
        TargetQuestion,
        StopAblation,
        StopWriting,
        Ping,
    }
