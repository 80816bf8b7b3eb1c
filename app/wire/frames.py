"""Binary frames of a run, and the check that their values fit float32."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.errors import RangeError
from gru_core.network.directions import directions_of
from gru_core.network.network import Network
from gru_core.network.trace import NetworkTrace
from gru_core.parameters.params import Params
from gru_core.parameters.references import start as start_of
from gru_core.run.trace import Trace
from gruscope.wire.codec import frame
from gruscope.wire.meta import MapMeta, OutputMeta, StepsMeta, WeightsMeta
from gruscope.wire.schema import InLayer

LARGEST = float(np.finfo(np.float32).max)
FITS = "stay within float32, in which it is sent"

OUTPUTS = 256
"""Larger answers are sent as their largest values."""
TOP = 8
"""How many of them."""

MAP_STEPS = 64
MAP_UNITS = 16
"""The largest picture of a layer in the map."""


def weights_frame(
    run: int,
    of: Literal["network", "edits"],
    view: InLayer,
    params: Params,
    names: Collection[str],
) -> bytes:
    """Return the named arrays of some params."""
    arrays = {k: v for k, v in params.arrays().items() if k in names}
    meta = WeightsMeta(run=str(run), of=of, layer=str(view.layer), direction=view.direction)
    return frame(meta, arrays)


def steps_frame(run: int, start: int, stop: int, trace: Trace, names: Iterable[str]) -> bytes:
    """Return the named values of some steps; step 0 comes with the states before it."""
    meta = StepsMeta(
        run=str(run),
        start=str(start),
        stop=str(stop),
        total=str(len(trace)),
        layer=str(trace.layer),
        direction=trace.direction,
    )
    arrays = {name: trace.values[name][start:stop] for name in names}
    return frame(meta, arrays | (_starts(trace) if start == 0 else {}))


def output_frame(run: int, start: int, stop: int, trace: NetworkTrace) -> bytes:
    """Return the answer of some steps, or its largest values if it has many."""
    answer = trace.answer[start:stop]
    meta = OutputMeta(run=str(run), start=str(start), stop=str(stop), total=str(len(trace.x)))
    if answer.shape[1] <= OUTPUTS:
        return frame(meta, {"answer": answer})
    index = np.argsort(-answer, axis=1, kind="stable")[:, :TOP]
    return frame(meta, {"answer": np.take_along_axis(answer, index, 1), "index": index})


def has_map(network: Network) -> bool:
    """Return whether a network is more than one layer in one direction."""
    single = len(network.layers) == 1 and network.layers[0].directions == 1
    return not single or network.embedding is not None or network.readout is not None


def map_frame(run: int, trace: NetworkTrace) -> bytes:
    """Return h of every layer and direction, thinned to a small picture each."""
    arrays = {
        f"{one.layer}.{one.direction}": thinned(one.h)
        for layer in trace.layers
        for one in directions_of(layer)
    }
    return frame(MapMeta(run=str(run)), arrays)


def thinned(values: FloatArray) -> FloatArray:
    """Return the value furthest from 0 of each group of steps and units.

    Examples
    --------
    >>> thinned(np.arange(256.0).reshape(128, 2)).shape
    (64, 2)
    """
    for axis, most in ((0, MAP_STEPS), (1, MAP_UNITS)):
        count = values.shape[axis]
        if count > most:
            starts = np.arange(most) * count // most
            high = np.fmax.reduceat(values, starts, axis)
            low = np.fmin.reduceat(values, starts, axis)
            values = np.where(high >= -low, high, low)
    return values


def check_fits(trace: NetworkTrace, start: int, stop: int) -> None:
    """Raise `RangeError` for states and answers of float64 that exceed float32."""
    for layer in trace.layers:
        for one in directions_of(layer):
            _check_rows("h", one.h[start:stop], start)
    _check_rows("output", trace.answer[start:stop], start)


def check_view(seen: Trace, names: Collection[str], start: int, stop: int) -> None:
    """Raise `RangeError` for named values of the view that exceed float32."""
    for name in names:
        _check_rows(name, seen.values[name][start:stop], start)


def _check_rows(name: str, rows: FloatArray, first: int) -> None:
    if not rows.size or (rows.min() >= -LARGEST and rows.max() <= LARGEST):
        return
    beyond = np.argwhere(np.abs(rows) > LARGEST)
    if not len(beyond):  # NaN, where a layer of an encoder or a decoder does not act
        return
    t, unit = (int(i) for i in beyond[0])
    raise RangeError(name, FITS, f"overflow at t = {first + t}, unit {unit}")


def _starts(trace: Trace) -> dict[str, FloatArray]:
    """Return the states before the first step by the name of their reference."""
    states = {"h": trace.h_0, "c": trace.c_0}
    return {str(start_of(name)): state for name, state in states.items() if state is not None}
