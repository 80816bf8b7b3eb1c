"""Jobs are found through their registry, each in a file of its own."""

import pkgutil
from importlib import import_module
from typing import get_args

import gruscope.jobs
from gruscope.jobs.job import Job
from gruscope.jobs.registry import JOBS
from gruscope.wire.messages import ClientMessage, Ping, QuestionMessage

SHARED = {"job", "registry", "workspace"}


def test_every_kind_of_job_is_a_file_of_its_own_and_in_the_registry():
    found = []
    for module in pkgutil.iter_modules(gruscope.jobs.__path__):
        if module.name not in SHARED:
            made = vars(import_module(f"gruscope.jobs.{module.name}")).values()
            (job,) = (one for one in made if isinstance(one, Job))
            found.append(job)
    assert {id(job) for job in found} == {id(job) for job in JOBS.values()}


def test_every_message_asks_for_a_job_or_is_a_question_or_a_ping():
    assert set(get_args(ClientMessage)) == {*JOBS, QuestionMessage, Ping}
