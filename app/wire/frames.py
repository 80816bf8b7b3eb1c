"""Binary frames of a run, and the check that their values fit float32."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.cells.base import Span
from gru_core.errors import RangeError
from gru_core.parameters.params import Params
from gru_core.parameters.references import start
from gru_core.run.trace import Trace
from gruscope.wire.codec import frame
from gruscope.wire.messages import StepsMeta, WeightsMeta

LARGEST = float(np.finfo(np.float32).max)
FITS = "stay within float32, in which it is sent"


def weights_frame(
    run: int, of: Literal["network", "edits"], params: Params, names: Collection[str]
) -> bytes:
    """Return the named arrays of some params."""
    arrays = {k: v for k, v in params.arrays().items() if k in names}
    return frame(WeightsMeta(run=str(run), of=of), arrays)


def steps_frame(run: int, start: int, span: Span, names: Iterable[str]) -> bytes:
    """Return the named values of a span; the first span also has the states before it."""
    trace = span.trace
    meta = StepsMeta(
        run=str(run),
        start=str(start),
        stop=str(span.stop),
        total=str(len(trace)),
        layer=str(trace.layer),
        direction=trace.direction,
    )
    arrays = {name: trace.values[name][start : span.stop] for name in names}
    return frame(meta, arrays | (_starts(trace) if start == 0 else {}))


def check_fits(span: Span, names: Iterable[str]) -> None:
    """Raise `RangeError` for float64 values that exceed float32."""
    for name in names:
        rows = span.trace.values[name][span.start : span.stop]
        beyond = np.argwhere(np.abs(rows) > LARGEST)
        if len(beyond):
            t, unit = (int(i) for i in beyond[0])
            got = f"overflow at t = {span.start + t}, unit {unit}"
            raise RangeError(name, FITS, got)


def _starts(trace: Trace) -> dict[str, FloatArray]:
    """Return the states before the first step by the name of their reference."""
    states = {"h": trace.h_0, "c": trace.c_0}
    return {str(start(name)): state for name, state in states.items() if state is not None}
