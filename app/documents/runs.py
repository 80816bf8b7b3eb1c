"""Runs of a document's network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkTrace
from gruscope.documents.document import State
from gruscope.settings import Settings


def started(
    state: State,
    settings: Settings,
    keep: NetworkTrace | None = None,
    valid: Sequence[int] = (),
    answered: int = 0,
) -> Iterator[NetworkSpan]:
    """Start a run; `valid` and `answered` are the steps of layers and output to keep."""
    has_c = any("c" in layer.first.STATES for layer in state.network.layers)
    return state.edited.spans(
        state.x,
        state.holds.states("h"),  # type: ignore[arg-type]
        state.holds.states("c") if has_c else None,  # type: ignore[arg-type]
        clamps=state.clamps,
        keep=keep,
        start=0 if keep is None else valid,
        answered=None if keep is None else answered,
        first=settings.first_span,
        largest=settings.largest_span,
        seconds=settings.span_milliseconds / 1e3,
    )
