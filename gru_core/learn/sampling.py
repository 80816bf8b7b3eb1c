"""Free running: a network goes on by itself, each answer being its next input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from gru_core.arrays import FloatArray, check_index
from gru_core.errors import RangeError, ShapeError
from gru_core.network.network import Network
from gru_core.network.trace import NetworkTrace
from gru_core.run.clamps import Clamp

States = tuple[Any, Any]
"""h and c of each layer, as `Network.run` takes them."""


@dataclass(frozen=True, eq=False)
class Written:
    """One step that a network wrote.

    Attributes
    ----------
    symbol : int or None
        Drawn from `answer`; None in a series.
    answer : ndarray, shape (O,)
        The probabilities of the symbols, by temperature and top-k, or the next row of a series.

    Examples
    --------
    See `free_run`.
    """

    symbol: int | None
    answer: FloatArray


def free_run(
    network: Network,
    x: ArrayLike,
    *,
    seed: int | Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> Iterator[Written]:
    """Read a beginning, then yield what comes next for ever.

    Parameters
    ----------
    network : Network
        It reads forward. With a softmax over as many symbols as it reads it writes symbols; without
        a head and with as many outputs as inputs, a series.
    x : array_like of int, shape (T,), or of float, shape (T, I)
        The beginning, T ≥ 1: symbols, or rows of a series.
    seed : int or numpy.random.Generator
        The same seed writes the same. A series is not random.
    temperature : float
        Above 1 for more surprising symbols, below 1 for more likely ones, 0 for the likeliest.
    top_k : int, optional
        Draw from the k likeliest symbols only.

    Yields
    ------
    Written

    Raises
    ------
    ShapeError, RangeError
        At the call, if the network cannot go on by itself or an argument is out of range.

    Examples
    --------
    >>> from itertools import islice
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> network = initial_network(Architecture("gru", 8), 3, 3, "softmax", seed=0)
    >>> [written.symbol for written in islice(free_run(network, [0, 1], seed=0), 5)]
    [2, 0, 0, 0, 2]
    """
    writes_symbols = check_writer(network)
    _check(temperature, top_k)
    start = np.asarray(x)
    if start.ndim != (1 if writes_symbols else 2) or len(start) == 0:
        wanted = "have shape (T,)" if writes_symbols else "have shape (T, I)"
        raise ShapeError("x", f"{wanted} with T ≥ 1", str(start.shape))
    if writes_symbols and not ((start >= 0) & (start < network.symbols)).all():
        raise RangeError("x", f"be symbols from 0 to {network.symbols - 1}", str(start))
    trace = network.run(network.symbols_in(start) if writes_symbols else start)
    return write_on(network, trace, len(start) - 1, seed=seed, temperature=temperature, top_k=top_k)


def write_on(
    network: Network,
    trace: NetworkTrace,
    t: int,
    *,
    seed: int | Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    clamps: Sequence[Clamp] = (),
) -> Iterator[Written]:
    """Yield what comes after a step that has been computed, for ever.

    Parameters
    ----------
    network : Network
        As for `free_run`.
    trace : NetworkTrace
        A run of it over one sequence. It is read at the call only, and step t of it must be valid.
    t : int
        The last step to read; the first one written follows it.
    seed, temperature, top_k
        As for `free_run`.
    clamps : sequence of Clamp
        Those of the run. They also hold at the steps that are written, which count from t + 1.

    Yields
    ------
    Written

    Raises
    ------
    RangeError
        At the call, if the network cannot go on by itself or an argument is out of range. Later, if
        a value overflows.

    Examples
    --------
    >>> from itertools import islice
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> network = initial_network(Architecture("gru", 8), 3, 3, "softmax", seed=0)
    >>> trace = network.run(np.eye(3)[[0, 1, 2]])
    >>> [written.symbol for written in islice(write_on(network, trace, 1, seed=0), 5)]
    [2, 0, 0, 0, 2]
    """
    writes_symbols = check_writer(network)
    _check(temperature, top_k)
    check_index("t", t, len(trace.x))
    rng = np.random.default_rng(seed)
    draw = partial(_drawn, rng, temperature, top_k) if writes_symbols else partial(Written, None)
    output = (trace.output if writes_symbols else trace.answer)[t].copy()
    held = [clamp for clamp in clamps if clamp.t is None or clamp.t > t]
    return _going_on(network, output, trace.states_after(t), draw, held, t + 1)


def _check(temperature: float, top_k: int | None) -> None:
    if not 0 <= temperature < np.inf:
        raise RangeError("temperature", "be a finite number from 0", str(temperature))
    if top_k is not None and top_k < 1:
        raise RangeError("top_k", "be at least 1", str(top_k))


def check_writer(network: Network) -> bool:
    """Return whether a network writes symbols (True) or a series (False).

    Raises
    ------
    RangeError
        If it can do neither, since its answers are not what it reads or it reads in reverse.

    Examples
    --------
    >>> check_writer(Network.random("gru", 2, 3, seed=0))
    Traceback (most recent call last):
    gru_core.errors.RangeError: network must have a readout to go on by itself, got none
    """
    if any(layer.reverse is not None for layer in network.layers):
        raise RangeError("network", "read forward to go on by itself", "a layer in reverse")
    if network.extra_steps:
        wanted = "answer while it reads, to go on by itself"
        raise RangeError("network", wanted, "one that reads first and answers then")
    if network.readout is None:
        raise RangeError("network", "have a readout to go on by itself", "none")
    head, outputs = network.readout.head, network.readout.output_size
    if head == "softmax" and outputs == network.symbols:
        return True
    if head == "identity" and network.embedding is None and outputs == network.input_size:
        return False
    wanted = "answer with what it reads, to go on by itself"
    raise RangeError("network", wanted, f"{network.symbols} inputs and {outputs} {head} outputs")


def _going_on(
    network: Network,
    output: FloatArray,
    states: States,
    draw: Callable[[FloatArray], Written],
    clamps: list[Clamp],
    t: int,
) -> Iterator[Written]:
    """Yield what an output leads to, then run one step over it, and so on."""
    writes_symbols = check_writer(network)
    one_hot = None
    if writes_symbols and network.embedding is None:
        one_hot = np.eye(network.symbols, dtype=network.dtype)
    while True:
        written = draw(output)
        yield written
        row: Any = written.answer if written.symbol is None else written.symbol
        x = np.array([row]) if one_hot is None else one_hot[row][None]
        now = [replace(clamp, t=0) for clamp in clamps if clamp.t is None or clamp.t == t]
        trace = network.run(x, *states, clamps=now)
        states = trace.states_after(0)
        output = (trace.output if writes_symbols else trace.answer)[0]
        t += 1


def _drawn(rng: Generator, temperature: float, top_k: int | None, output: FloatArray) -> Written:
    """Draw a symbol by the outputs before the softmax."""
    answer = probabilities(output, temperature, top_k)
    symbol = int(np.searchsorted(np.cumsum(answer), rng.random() * answer.sum(), side="right"))
    symbol = min(symbol, int(answer.nonzero()[0][-1]))  # rounding may lead past the end
    return Written(symbol, answer)


def probabilities(output: FloatArray, temperature: float, top_k: int | None) -> FloatArray:
    """Return the probabilities of symbols, in float64, from the outputs before the softmax.

    Examples
    --------
    >>> probabilities(np.array([0.0, 1.0, 2.0]), 1.0, 2).round(3).tolist()
    [0.0, 0.269, 0.731]
    >>> probabilities(np.array([0.0, 1.0, 2.0]), 0.0, None).tolist()
    [0.0, 0.0, 1.0]
    """
    logits = output.astype(np.float64)
    likely = np.argsort(-logits, kind="stable")[: 1 if temperature == 0 else top_k]
    found = np.zeros_like(logits)
    raised = np.exp((logits[likely] - logits.max()) / (temperature or 1.0))
    found[likely] = raised / raised.sum()
    return found
