"""A run: computes the document's steps, from the first one that has changed.

`open` and `edit` messages ask for it. It sends the arrays that the page lacks, then each span of
steps as soon as it is computed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from gru_core.errors import RangeError
from gru_core.network.spans import NetworkSpan
from gru_core.run.trace import Trace
from gruscope.documents.document import State, build, change
from gruscope.documents.forms import SHOWN, check_names
from gruscope.documents.layers import Place, check_layer, place_of, seen_at
from gruscope.documents.opened import opened
from gruscope.documents.runs import started
from gruscope.jobs.job import Job, Taken
from gruscope.jobs.workspace import Workspace
from gruscope.wire.errors import Refused, outgrown
from gruscope.wire.frames import (
    check_fits,
    check_view,
    has_map,
    map_frame,
    output_frame,
    steps_frame,
    weights_frame,
)
from gruscope.wire.messages import (
    DocumentChange,
    Done,
    EditMessage,
    Open,
    Outgoing,
    ViewChange,
)
from gruscope.wire.schema import Document, InLayer, Sequence


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
        return _open(message.run, state, _names(workspace, state), workspace)
    if isinstance(message.change, ViewChange):
        check_layer(message.change, before.network, "change.")
        state = replace(before, view=place_of(message.change))
        workspace.look(message.run, state, _names(workspace, state))
        return Taken([opened(message.run, state)], _work(workspace, 0, perf_counter()))
    try:
        changed = change(before, message.change, workspace.settings)
    except Refused as refused:
        raise refused.under("change") from None
    workspace.change(message.run, changed)
    start = min(message.keep, workspace.seen)
    return Taken([], _work(workspace, start, perf_counter()))


def _names(workspace: Workspace, state: State) -> tuple[Sequence, ...]:
    """Return the sequences to send, the default ones if the view has another kind of cell."""
    same = state.own.kind == workspace.document().own.kind
    return workspace.names if same else SHOWN[state.own.kind].sent


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
    run, network = workspace.number, workspace.document().network
    yield from _weights(workspace, run)
    sent, answered = start, 0
    for span in _spans(workspace, start):
        seen = _seen(span, workspace.document().view)
        if seen is not None and sent < seen.stop:
            yield steps_frame(run, sent, seen.stop, seen.trace, workspace.names)
            sent = seen.stop
        elif span.trace is None:
            yield b""  # computing goes on, and a newer edit may overtake it
        if span.trace is not None and network.readout is not None:
            yield output_frame(run, answered, span.stop, span.trace)
            answered = span.stop
    if workspace.trace is not None and has_map(network):
        yield map_frame(run, workspace.trace)
    elapsed = 1e3 * (perf_counter() - asked)
    yield Done(run=run, steps=workspace.finished, start=start, milliseconds=round(elapsed, 3))


class _Seen(NamedTuple):
    """The trace of the view, and the number of its leading steps that are final."""

    trace: Trace
    stop: int


def _seen(span: NetworkSpan, view: Place) -> _Seen | None:
    """Return what a span has of the view, None if nothing.

    The view may be complete long before the answer, because layers that read in reverse are
    computed one after the other.
    """
    if span.trace is not None:
        return _Seen(seen_at(span.trace, view), span.stop)
    found = (one for one in span.finished if (one.layer, one.direction) == view)
    return next((_Seen(one, len(one)) for one in found), None)


def _weights(workspace: Workspace, run: int) -> Iterator[bytes]:
    """Yield the arrays that the page lacks."""
    state = workspace.document()
    layer, direction = state.view
    view = InLayer(layer=layer, direction=direction)
    if workspace.new_network():
        yield weights_frame(run, "network", view, state.own, state.own.arrays())
    touched = workspace.touched()
    if touched:
        yield weights_frame(run, "edits", view, state.params, touched)


def _spans(workspace: Workspace, sent: int) -> Iterator[NetworkSpan]:
    """Compute the steps that have changed, span by span, and check those that will be sent."""
    state = workspace.document()
    names = {*workspace.names, *state.params.STATES}
    try:
        for span in _computed(workspace):
            seen = _seen(span, state.view)
            if seen is not None:
                check_view(seen.trace, names, min(sent, span.start), seen.stop)
                sent = seen.stop
            if span.trace is not None:
                check_fits(span.trace, span.start, span.stop)
                workspace.computed(span)
            yield span
    except RangeError as error:
        raise outgrown(error) from None


def _computed(workspace: Workspace) -> Iterator[NetworkSpan]:
    state, trace = workspace.document(), workspace.trace
    T = state.steps
    if trace is not None and len(trace.x) == T == workspace.answered:
        yield NetworkSpan(T, T, trace, workspace.valid)  # only the view has changed
        return
    del trace  # if it is not kept, it must be freed before the new one is made
    keep = workspace.kept()
    yield from started(state, workspace.settings, keep, workspace.valid, workspace.answered)


RUN = Job((Open, EditMessage), _take)
