"""A decoder that reads its own answers: several of them side by side, a step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.network.network import Network
from gru_core.network.trace import NetworkTrace
from gru_core.run.clamps import Clamp


class Marks(NamedTuple):
    """Where answers begin and end.

    Attributes
    ----------
    start, end : int
        What the decoder reads first, and what ends an answer.
    limit : int
        The most steps.

    Examples
    --------
    See `gru_core.Seq2Seq`.
    """

    start: int
    end: int
    limit: int


class Hypothesis(NamedTuple):
    """An answer that beam search found.

    Attributes
    ----------
    tokens : tuple of int
        Without the end mark.
    log_probability : float
        In nats, of the tokens and the end mark. It has no end mark if the limit came first.

    Examples
    --------
    >>> Hypothesis((3, 1), -0.25).tokens
    (3, 1)
    """

    tokens: tuple[int, ...]
    log_probability: float


class _Steps:
    """A decoder's states for B answers, moved on a step at a time."""

    def __init__(self, decoder: Network, begun: NetworkTrace) -> None:
        self._decoder, self._states = decoder, begun.states_after(-1)

    def advance(self, symbols: NDArray[Any], clamps: Sequence[Clamp] = ()) -> FloatArray:
        """Read a symbol for each answer, and return the outputs before the softmax, (B, O)."""
        x = self._decoder.symbols_in(symbols[None])
        trace = self._decoder.run(x, *self._states, clamps=clamps)
        self._states = trace.states_after(0)
        output: FloatArray = trace.output[0]
        return output

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Go on with these answers, of which one may be there several times."""
        h, c = self._states
        kept = None if c is None else [None if one is None else one[rows] for one in c]
        self._states = [one[rows] for one in h], kept


def greedy(
    decoder: Network, begun: NetworkTrace, marks: Marks, clamps: Sequence[Clamp] = ()
) -> list[tuple[int, ...]]:
    """Return the likeliest symbol after the other for each of B answers, without end marks.

    Parameters
    ----------
    decoder : Network
    begun : NetworkTrace
        A run of the encoder over a batch.
    marks : Marks
    clamps : sequence of Clamp
        At every step.

    Examples
    --------
    See `gru_core.Seq2Seq.answers`.
    """
    count = begun.x.shape[1]
    steps, rows = _Steps(decoder, begun), np.arange(count)
    found: list[list[int]] = [[] for _ in range(count)]
    symbols = np.full(count, marks.start)
    for _ in range(marks.limit):
        symbols = steps.advance(symbols, clamps).argmax(axis=1)
        going = symbols != marks.end
        if not going.all():
            steps.keep(np.flatnonzero(going))
            rows, symbols = rows[going], symbols[going]
        if not len(rows):
            break
        for row, symbol in zip(rows, symbols, strict=True):
            found[row].append(int(symbol))
    return [tuple(one) for one in found]


def beam(decoder: Network, begun: NetworkTrace, marks: Marks, width: int) -> list[Hypothesis]:
    """Return up to `width` answers, the likeliest first.

    At each step the `width` likeliest beginnings go on, and those that end are put aside. It is
    over when none that goes on could become one of the `width` best.

    Parameters
    ----------
    decoder : Network
    begun : NetworkTrace
        A run of the encoder over a batch of one.
    marks : Marks
    width : int

    Notes
    -----
    Graves 2012, arXiv:1211.3711; Sutskever, Vinyals & Le 2014, arXiv:1409.3215. Log probabilities
    are in float64 and not divided by the length.

    Examples
    --------
    See `gru_core.Seq2Seq.beam`.
    """
    steps, ended = _Steps(decoder, begun), list[Hypothesis]()
    live = [Hypothesis((), 0.0)]
    for _ in range(marks.limit):
        last = [one.tokens[-1] if one.tokens else marks.start for one in live]
        scores = _log_softmax(steps.advance(np.array(last)))
        scores += np.array([one.log_probability for one in live])[:, None]
        likely = np.argsort(-scores, axis=None, kind="stable")[:width]
        grown, rows = list[Hypothesis](), list[int]()
        for row, symbol in zip(*np.unravel_index(likely, scores.shape), strict=True):
            so_far, score = live[row].tokens, float(scores[row, symbol])
            if symbol == marks.end:
                ended.append(Hypothesis(so_far, score))
            else:
                grown.append(Hypothesis((*so_far, int(symbol)), score))
                rows.append(int(row))
        ended = _best(ended, width)
        live = grown
        if not live or (len(ended) == width and live[0][1] <= ended[-1].log_probability):
            return ended
        steps.keep(np.array(rows))
    return _best([*ended, *live], width)


def _best(found: list[Hypothesis], width: int) -> list[Hypothesis]:
    return sorted(found, key=lambda one: -one.log_probability)[:width]


def _log_softmax(output: FloatArray) -> FloatArray:
    """Return log of the softmax over the last axis, in float64."""
    moved = output.astype(np.float64)
    moved -= moved.max(axis=-1, keepdims=True)
    found: FloatArray = moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True))
    return found
