"""Networks, inputs and clamps of any kind, drawn by Hypothesis; and finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from gru_core import CELLS, RELU, SIGMOID, TANH, Between, Clamp, Layer, Network, Readout
from gru_core.network.merge import MERGES
from gru_core.network.readout import HEADS

MEANINGS: dict[str, Any] = {
    "concat": lambda *h: np.concatenate(h, -1),
    "sum": lambda *h: sum(h),
    "mean": lambda *h: sum(h) / len(h),
    "product": lambda *h: h[0] * h[-1] if len(h) > 1 else h[0],
}
LONGEST = 70  # more than the 64 steps that share one product
READS = ("forward", "reverse", "both")


@st.composite
def betweens(
    draw: st.DrawFn, size: int, rng: np.random.Generator, smooth: bool = False
) -> tuple[Between, ...]:
    """A map of `size` numbers, perhaps an activation after it."""
    shape = draw(st.sampled_from([None, (size,), (draw(st.integers(1, 4)), size)]))
    W = None if shape is None else rng.normal(size=shape)
    b = rng.normal(size=size if shape is None else shape[0]) if draw(st.booleans()) else None
    first = Between(
        W, b, draw(st.sampled_from([TANH, SIGMOID] if smooth else [TANH, RELU, SIGMOID]))
    )
    return (first, Between(activation=TANH)) if draw(st.booleans()) else (first,)


FUNCTIONS: dict[str, Any] = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
}


def mapped(maps: tuple[Between, ...], x: Any) -> Any:
    """What the maps mean, in NumPy."""
    for one in maps:
        if one.W is not None:
            x = x * one.W if one.W.ndim == 1 else np.einsum("nm,...m->...n", one.W, x)
        x = FUNCTIONS[one.activation.name](x if one.b is None else x + one.b)
    return x


@st.composite
def networks(draw: st.DrawFn, reads: tuple[str, ...] = READS, smooth: bool = False) -> Network:
    """Up to three layers of any kinds, widths and directions, with any ends.

    Smooth ones have no relu, whose slope finite differences miss at 0.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = first = draw(st.integers(1, 3))
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        maps = draw(betweens(size, rng, smooth)) if draw(st.booleans()) else ()
        if maps and maps[0].W is not None and maps[0].W.ndim == 2:
            size = len(maps[0].W)
        make, units = CELLS[draw(st.sampled_from(sorted(CELLS)))].params, draw(st.integers(1, 4))
        way = draw(st.sampled_from(reads))
        pair = [
            make.random(size, units, seed=rng) if way in (name, "both") else None
            for name in ("forward", "reverse")
        ]
        merge = draw(st.sampled_from(MERGES))
        h0 = rng.normal(size=(1 + (way == "both"), units)) if draw(st.booleans()) else None
        layers.append(Layer(*pair, merge=merge, h0=h0, before=maps))
        size = layers[-1].output_size
    readout = Readout(rng.normal(size=(2, size)), rng.normal(size=2), draw(st.sampled_from(HEADS)))
    table = rng.normal(size=(5, first)) if draw(st.booleans()) else None
    return Network(tuple(layers), table, readout if draw(st.booleans()) else None)


@st.composite
def inputs(draw: st.DrawFn, network: Network) -> Any:
    rng, T = np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.integers(1, LONGEST))
    batch = draw(st.sampled_from([(), (2,)]))
    if network.embedding is not None:
        return rng.integers(0, 5, (T, *batch))
    return rng.normal(size=(T, *batch, network.input_size))


@st.composite
def changed_inputs(draw: st.DrawFn, network: Network) -> tuple[Any, Any, int]:
    """Draw two inputs, and the first step at which they may differ."""
    before, after = draw(inputs(network)), draw(inputs(network))
    if before.ndim != after.ndim:
        after = before[::-1].copy()
    start = draw(st.integers(0, min(len(before), len(after))))
    after[:start] = before[:start]
    return before, after, start


@st.composite
def holds(draw: st.DrawFn, network: Network, T: int) -> list[Clamp]:
    """Clamps on any value of any layer and direction."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        k = draw(st.integers(0, len(network.layers) - 1))
        layer = network.layers[k]
        value = draw(st.sampled_from([e.value for e in layer.first.equations()]))
        unit = draw(st.integers(0, layer.first.hidden_size - 1))
        t = draw(st.none() | st.integers(0, T - 1))
        found.append(Clamp(value, unit, 0.25, t, k, draw(st.sampled_from(layer.reads))))
    return found


def slopes(function: Any, point: Any, step: float = 1e-6) -> Any:
    """Central differences of a function at a point."""
    found = np.zeros_like(point)
    for place in np.ndindex(point.shape):
        ends = []
        for sign in (1, -1):
            moved = point.copy()
            moved[place] += sign * step
            ends.append(function(moved))
        found[place] = (ends[0] - ends[1]) / (2 * step)
    return found
