"""A network's run, span by span.

Layers above the last one that reads in reverse go on together: each computes the steps of a span
from what the layer below has just written. A layer that reads in reverse needs the whole of its
input, so it and the layers below it are computed one after the other before the first step of the
output is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.compiled.kernels import Loaded
from gru_core.errors import RangeError, ShapeError
from gru_core.network.between import Feed
from gru_core.network.clamps import Placed, for_cell
from gru_core.network.directions import Cells, check_traces, directions_of, joined, layer_states
from gru_core.network.layer import Layer
from gru_core.network.readout import Ends, Readout
from gru_core.network.trace import NetworkTrace
from gru_core.run.inputs import RunInputs
from gru_core.run.layers import FORWARD, REVERSE, Direction
from gru_core.run.pace import Pace
from gru_core.run.progress import Progress
from gru_core.run.trace import Trace

Starts = dict[str, list[list[Any]]]
"""Per state, "h" and "c", the start of each layer and direction, None for the default."""

Ways = tuple[tuple[Loaded | None, ...], ...]
"""The kernel of each layer and direction, None where NumPy computes."""


@dataclass(frozen=True)
class NetworkSpan:
    """A range of finished steps of a whole network.

    Attributes
    ----------
    start, stop : int
        The steps of the output that this span added, start ≤ t < stop. A span without steps says
        only that a layer which reads in reverse, or one below it, is being computed.
    trace : NetworkTrace or None
        The trace of all T steps; its rows before `stop` are final. None in a span without steps
        before the first with some.
    done : tuple of int
        The number of leading steps of each layer that are final, at least `stop`. Empty without a
        trace.
    finished : tuple of Trace
        The layers and directions that a span without a trace has finished, in the order of the
        input.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 1, 2, layers=2, seed=0)
    >>> [(span.start, span.stop) for span in network.spans(np.zeros((100, 1)))]
    [(0, 16), (16, 48), (48, 100)]
    """

    start: int
    stop: int
    trace: NetworkTrace | None
    done: tuple[int, ...] = ()
    finished: tuple[Trace, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """The checked arguments of a run.

    Attributes
    ----------
    layers : tuple of Layer
    cells : tuple of Cells
    loaded : tuple of tuple of Loaded or None
        The kernel of each layer and direction, None where NumPy computes.
    readout : Readout or None
    x : ndarray, shape (T, [B,] I)
    tokens : ndarray of int, shape (T, [B]), or None
    states : Starts
    clamps : Placed
    keep : NetworkTrace or None
    valid : tuple of int
        The number of leading steps of each layer that are taken from `keep`.
    answered : int
        The number of leading steps of the output that are taken from `keep`.
    """

    layers: tuple[Layer, ...]
    cells: tuple[Cells, ...]
    loaded: Ways
    readout: Readout | None
    x: FloatArray
    tokens: NDArray[np.int64] | None
    states: Starts
    clamps: Placed
    keep: NetworkTrace | None
    valid: tuple[int, ...]
    answered: int


def kept_steps(
    layers: tuple[Layer, ...], keep: NetworkTrace | None, start: int | Sequence[int], steps: int
) -> tuple[int, ...]:
    """Return how many leading steps of each layer an earlier trace can give.

    A layer keeps no more than the one below it. One that reads in reverse keeps everything or
    nothing, and so do the layers above it.

    Parameters
    ----------
    layers : tuple of Layer
    keep : NetworkTrace or None
    start : int or sequence of int
        The number of steps that have not changed, of all layers or of each.
    steps : int
        T of the new run.

    Raises
    ------
    ShapeError
        If there is not one number, or one for each layer, or `keep` is of another network.
    RangeError
        If a number is out of range.

    Examples
    --------
    >>> from gru_core import Network
    >>> network = Network.random("gru", 1, 2, layers=3, seed=0)
    >>> trace = network.run(np.zeros((5, 1)))
    >>> kept_steps(network.layers, trace, (5, 3, 4), 5)
    (5, 3, 3)
    """
    last = 0 if keep is None else min(len(keep.x), steps)
    counts = [start] * len(layers) if isinstance(start, int | np.integer) else list(start)
    if len(counts) != len(layers):
        raise ShapeError("start", f"be one number or {len(layers)}", f"{len(counts)} of them")
    for count in counts:
        if not 0 <= count <= last:
            raise RangeError("start", f"be from 0 to {last}, the steps to keep", str(count))
    if keep is not None:
        check_traces(layers, keep.layers)
    found, below = [], last
    for layer, count in zip(layers, counts, strict=True):
        below = min(below, count)
        whole = keep is not None and below == steps == len(keep.x)
        if REVERSE in layer.reads and not whole:
            below = 0
        found.append(below)
    return tuple(found)


def ways_of(
    layers: tuple[Layer, ...], cells: tuple[Cells, ...], is_batch: bool, clamps: Placed
) -> Ways:
    """Return what computes a run: it is decided once, since a kernel may be ready at any time."""
    return tuple(
        tuple(
            one.kernel(is_batch, (k, name) in clamps)
            for name, one in zip(layer.reads, cells[k], strict=True)
        )
        for k, layer in enumerate(layers)
    )


def kept_alike(valid: tuple[int, ...], keep: NetworkTrace | None, loaded: Ways) -> tuple[int, ...]:
    """Return the steps to keep of each layer: none from the first that is computed in another way.

    NumPy and a kernel may differ in the last digit, so a run that kept steps of one and computed
    others with the other would equal no run from the first step.
    """
    traces = () if keep is None else keep.layers
    for k, (trace, found) in enumerate(zip(traces, loaded, strict=False)):
        if [one.is_compiled for one in directions_of(trace)] != [one is not None for one in found]:
            return (*valid[:k], *(0 for _ in valid[k:]))
    return valid


def spans(plan: Plan, size: int, pace: Pace) -> Iterator[NetworkSpan]:
    """Yield the spans of a checked run."""
    T, L = len(plan.x), len(plan.layers)
    reverse = [k for k in range(L) if REVERSE in plan.layers[k].reads]
    whole = reverse[-1] + 1 if reverse else 0
    done, x = [], plan.x
    for k in range(L):
        if plan.keep is not None and plan.valid[k] == T == len(plan.keep.x):
            done.append(_kept(plan, k))
        elif k >= whole:
            break
        else:
            layer = _Computed(plan, k, Feed(plan.layers[k].before, x, T).x)
            while not layer.is_done:
                before = layer.done
                pace.start()
                finished = layer.advance(size)
                size = pace.after(layer.done - before)
                yield NetworkSpan(0, 0, None, finished=finished)
            done.append(layer.trace)
            del layer  # and with it W·x in reverse
        x = layer_states(plan.layers[k], done[-1])
    yield from _streamed(plan, tuple(done), x, size, pace)


def _kept(plan: Plan, k: int) -> Trace:
    """Return the earlier trace of a layer of which nothing has changed."""
    assert plan.keep is not None
    trace = plan.keep.layers[k]
    if k == 0 and not np.array_equal(plan.keep.x, plan.x):
        raise RangeError("x", f"equal keep.x before t = {len(plan.x)}", "another row")
    if REVERSE in plan.layers[k].reads:
        return trace
    return replace(trace, layer=k, clamps=plan.clamps.get((k, FORWARD), ()))


def _streamed(
    plan: Plan, done: tuple[Trace, ...], x: FloatArray, size: int, pace: Pace
) -> Iterator[NetworkSpan]:
    """Compute the layers that read forward, together, above those that are done."""
    T, start = len(x), min(plan.valid[-1], plan.answered)
    growing: list[Progress] = []
    feeds: list[Feed] = []
    for k in range(len(done), len(plan.layers)):
        is_blank = start + size < T  # callers see rows before they are computed
        feeds.append(Feed(plan.layers[k].before, x, plan.valid[k] if growing else T))
        growing.append(_begun(plan, k, FORWARD, feeds[-1].x, bool(growing), is_blank))
        x = growing[-1].trace.h
    traces = tuple(
        replace(one.trace, layer=k, clamps=plan.clamps.get((k, FORWARD), ()))
        for k, one in enumerate(growing, len(done))
    )
    ends = Ends(plan.readout, x)
    trace = NetworkTrace(plan.x, plan.tokens, done + traces, ends.states, ends.output, ends.answer)
    if plan.keep is not None:
        ends.take(plan.keep, start)
    while True:
        pace.start()
        stop = min(T, start + size) if growing or plan.answered < T else T
        for feed, one in zip(feeds, growing, strict=True):
            feed.advance(stop)
            one.advance(stop)
        ends.write(start, stop)
        size = pace.after(stop - start)
        finished = (*(T for _ in done), *(one.done for one in growing))
        yield NetworkSpan(start, stop, trace, finished)
        if stop == T:
            return
        start = stop


def _begun(
    plan: Plan,
    k: int,
    direction: Direction,
    x: FloatArray,
    is_growing: bool = False,
    is_blank: bool = False,
) -> Progress:
    """Begin the run of one layer in one direction, over x in the order in which it reads."""
    layer = plan.layers[k]
    i = layer.reads.index(direction)
    keep, start = None, 0
    if direction == FORWARD and plan.keep is not None and plan.valid[k]:
        keep, start = directions_of(plan.keep.layers[k])[i], plan.valid[k]
        keep = replace(keep, reverse=None)
    clamps = for_cell(plan.clamps.get((k, direction), ()), direction, len(x))
    states = {name: plan.states[name][k][i] for name in ("h", "c")}
    cell = plan.cells[k][i]
    inputs = RunInputs.reading(cell.params, x, states, keep, start, clamps, is_growing=is_growing)
    return cell.begun(inputs, plan.loaded[k][i], keep, start, is_blank=is_blank)


class _Computed:
    """A layer that is computed whole, one direction after the other."""

    def __init__(self, plan: Plan, k: int, x: FloatArray) -> None:
        self._plan, self._k, self._T = plan, k, len(x)
        self._parts = [
            (name, _begun(plan, k, name, x[::-1] if name == REVERSE else x))
            for name in plan.layers[k].reads
        ]

    @property
    def done(self) -> int:
        return sum(part.done for _, part in self._parts)

    @property
    def is_done(self) -> bool:
        return self.done == self._T * len(self._parts)

    def advance(self, size: int) -> tuple[Trace, ...]:
        """Compute up to `size` steps of the first direction that is not done.

        Returns
        -------
        tuple of Trace
            That of the direction if it is done now, otherwise nothing.
        """
        name, part = next((name, part) for name, part in self._parts if part.done < self._T)
        part.advance(min(self._T, part.done + size))
        return (self._finished(name, part),) if part.done == self._T else ()

    @property
    def trace(self) -> Trace:
        """The finished trace, in the order of the input."""
        return joined([self._finished(name, part) for name, part in self._parts])

    def _finished(self, name: Direction, part: Progress) -> Trace:
        trace = part.trace.turned() if name == REVERSE else part.trace
        clamps = self._plan.clamps.get((self._k, name), ())
        return replace(trace, layer=self._k, direction=name, clamps=clamps)
