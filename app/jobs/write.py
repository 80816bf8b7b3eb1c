"""Writing on: the network reads its own answers from a step on, as far as the page asked.

It uses the document's edited weights and its holds, and changes neither the document nor its trace.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import islice
from time import perf_counter

import numpy as np

from gru_core.errors import RangeError
from gru_core.learn.sampling import Written, check_writer, write_on
from gruscope.documents.checks import check_index
from gruscope.jobs.job import Job, Taken
from gruscope.jobs.workspace import Workspace
from gruscope.wire.errors import Refused, outgrown, refuse, wire_error
from gruscope.wire.messages import Outgoing
from gruscope.wire.writing import Write, WrittenPart


def _take(message: Write, workspace: Workspace) -> Taken:
    state = workspace.document()
    check_writer(state.network)
    check_index("t", message.t, len(state.x))
    limit = workspace.settings.steps
    most = limit - message.t - 1
    if message.steps > most:
        expected = f"be at most {most} after t = {message.t}, as an input has up to {limit} steps"
        raise refuse("length", "steps", expected, message.steps)
    return Taken([], _work(message, workspace))


def _work(message: Write, workspace: Workspace) -> Generator[Outgoing]:
    """Yield pieces of what is written, each as long as a span of a run takes."""
    seconds = workspace.settings.span_milliseconds / 1e3
    start = message.t + 1
    stop = start + message.steps
    try:
        steps = _steps(message, workspace)
        while start < stop:
            steps_of_piece = list(_within(steps, seconds))
            piece = _piece(message.id, workspace.number, start, stop, steps_of_piece)
            start += len(steps_of_piece)
            yield piece
    except RangeError as error:
        yield wire_error(outgrown(error), None, message.id)
    except Exception as error:
        yield wire_error(error, None, message.id)


def _steps(message: Write, workspace: Workspace) -> Iterator[Written]:
    state, trace = workspace.document(), workspace.trace
    if trace is None or message.t >= workspace.finished:
        got = "one that the last run did not reach"
        raise refuse("overflow", "t", "be a step that has been computed", got)
    found = write_on(
        state.edited,
        trace,
        message.t,
        seed=message.seed,
        temperature=message.temperature,
        top_k=message.top_k,
        clamps=state.holds.clamps,
    )
    return _checked(islice(found, message.steps), message.t + 1, workspace.settings.input_value)


def _checked(steps: Iterator[Written], start: int, limit: float) -> Iterator[Written]:
    """Yield steps as long as they could be an input."""
    for t, one in enumerate(steps, start):
        if one.symbol is None and not (np.abs(one.answer) <= limit).all():
            text = f"expected a series within ±{limit:g}, got {np.abs(one.answer).max():g}"
            raise Refused("overflow", "series", f"{text} at t = {t}")
        yield one


def _within(steps: Iterator[Written], seconds: float) -> Iterator[Written]:
    """Yield one step, and more until the time is over."""
    end = perf_counter() + seconds
    for one in steps:
        yield one
        if perf_counter() >= end:
            return


def _piece(id: int, run: int, start: int, stop: int, steps: list[Written]) -> WrittenPart:
    ended = start + len(steps) == stop
    if steps[0].symbol is None:
        rows = [one.answer.tolist() for one in steps]
        return WrittenPart(id=id, run=run, start=start, rows=rows, done=ended)
    drawn = [(one.symbol or 0, float(one.answer[one.symbol])) for one in steps]
    return WrittenPart(
        id=id,
        run=run,
        start=start,
        symbols=[symbol for symbol, _ in drawn],
        probabilities=[probability for _, probability in drawn],
        done=ended,
    )


WRITE = Job((Write,), _take)
