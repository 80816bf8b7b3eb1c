"""All kinds of job. A new kind is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gruscope.jobs.ablation import ABLATION
from gruscope.jobs.job import Job
from gruscope.jobs.run import RUN
from gruscope.jobs.write import WRITE

JOBS: Mapping[type[Any], Job[Any]] = {
    message: job for job in (RUN, ABLATION, WRITE) for message in job.messages
}
"""The kind of job that each message asks for."""
