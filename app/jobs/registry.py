"""The kinds of jobs there are. A new kind is a file of its own and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gruscope.jobs.job import Job
from gruscope.jobs.run import RUN

JOBS: Mapping[type[Any], Job[Any]] = {message: job for job in (RUN,) for message in job.messages}
"""Every kind by the models of its messages."""
