"""A run: computes the document's steps, from the first one that has changed.

`open` and `edit` messages ask for it. It sends the arrays that the page lacks, then each span of
steps as soon as it is computed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from time import perf_counter

from gru_core.cells.base import Span
from gru_core.cells.registry import cell
from gru_core.errors import RangeError
from gruscope.documents.document import State, build, change
from gruscope.documents.forms import SHOWN, check_names
from gruscope.documents.opened import opened
from gruscope.jobs.job import Job, Taken
from gruscope.jobs.workspace import Workspace
from gruscope.wire.errors import Refused, outgrown
from gruscope.wire.frames import check_fits, steps_frame, weights_frame
from gruscope.wire.messages import (
    DocumentChange,
    Done,
    EditMessage,
    Open,
    Outgoing,
)
from gruscope.wire.schema import Document, Sequence


def _take(message: Open | EditMessage, workspace: Workspace) -> Taken:
    if isinstance(message, Open):
        workspace.check_number(message.run)
        state = _built(message.document, "document", workspace)
        names = check_names(message.arrays, state.own.kind, "arrays")
        return _open(message.run, state, names, workspace)
    before = workspace.document()
    workspace.check_number(message.run)
    if isinstance(message.change, DocumentChange):
        state = _built(message.change.document, "change.document", workspace)
        same = state.own.kind == before.own.kind
        names = workspace.names if same else SHOWN[state.own.kind].sent
        return _open(message.run, state, names, workspace)
    try:
        changed = change(before, message.change, workspace.settings)
    except Refused as refused:
        raise refused.under("change") from None
    workspace.change(message.run, changed)
    start = min(message.keep, workspace.valid)
    return Taken([], _work(workspace, start, perf_counter()))


def _built(document: Document, where: str, workspace: Workspace) -> State:
    try:
        return build(document, workspace.settings, workspace.library)
    except Refused as refused:
        raise refused.under(where) from None


def _open(run: int, state: State, names: tuple[Sequence, ...], workspace: Workspace) -> Taken:
    workspace.open(run, state, names)
    return Taken([opened(run, state)], _work(workspace, 0, perf_counter()))


def _work(workspace: Workspace, start: int, asked: float) -> Generator[Outgoing]:
    """Yield the frames of the newest run from the first step to send, then `Done`."""
    run = workspace.number
    yield from _weights(workspace, run)
    sent = start
    for span in _spans(workspace):
        if sent < span.stop:
            yield steps_frame(run, sent, span, workspace.names)
            sent = span.stop
    elapsed = 1e3 * (perf_counter() - asked)
    yield Done(run=run, steps=workspace.valid, start=start, milliseconds=round(elapsed, 3))


def _weights(workspace: Workspace, run: int) -> Iterator[bytes]:
    """Yield the arrays that the page lacks."""
    state = workspace.document()
    if workspace.new_network():
        yield weights_frame(run, "network", state.own, state.own.arrays())
    touched = workspace.touched()
    if touched:
        yield weights_frame(run, "edits", state.params, touched)


def _spans(workspace: Workspace) -> Iterator[Span]:
    """Compute the steps that have changed, span by span."""
    state = workspace.document()
    names = {*workspace.names, *state.params.STATES}
    reuse = workspace.is_projected()
    try:
        for span in _started(workspace, state, reuse):
            check_fits(span, names)
            workspace.computed(span, len(state.x) if reuse else span.stop)
            yield span
    except RangeError as error:
        raise outgrown(error) from None


def _started(workspace: Workspace, state: State, reuse: bool) -> Iterator[Span]:
    """Start a run: its memory is allocated, and nothing is computed yet."""
    trace, settings = workspace.trace, workspace.settings
    projection = trace.projection if reuse and trace is not None else None
    del trace  # if it is not kept, it must be freed before the new one is made
    keep = workspace.kept()
    return cell(state.params).spans(
        state.x,
        state.holds.starts["h"],
        state.holds.starts.get("c"),
        projection=projection,
        clamps=state.clamps,
        keep=keep,
        start=workspace.valid,
        first=settings.first_span,
        largest=settings.largest_span,
        seconds=settings.span_milliseconds / 1e3,
    )


RUN = Job((Open, EditMessage), _take)
