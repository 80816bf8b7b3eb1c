"""A kind of job; each kind is one file that defines a `Job`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from gruscope.jobs.workspace import Workspace
from gruscope.wire.messages import Outgoing, ServerMessage

M = TypeVar("M")


class Taken(NamedTuple):
    """The result of a message that asks for a job.

    Attributes
    ----------
    answers : list of ServerMessage
        Sent at once.
    work : Generator of Outgoing
        Computes the rest piece by piece. It has not started; closing it abandons the job.
    """

    answers: list[ServerMessage]
    work: Generator[Outgoing]


@dataclass(frozen=True)
class Job(Generic[M]):
    """A kind of job.

    Attributes
    ----------
    messages : tuple of types
        The models of the messages that ask for it.
    take : callable of (message, workspace)
        Checks and applies a message without computing anything. Raises `Refused`, and then
        changes nothing.
    """

    messages: tuple[type[Any], ...]
    take: Callable[[M, Workspace], Taken]
