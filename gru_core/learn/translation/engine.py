"""The loss of an encoder and a decoder on a batch and its gradient, in reused memory.

The decoder reads the right answers (teacher forcing). Sequences in differ in length: the decoder
starts from the states after the last symbol of each, and the gradient by them goes back into the
encoder at that step. Later steps of the encoder are padding, which nothing reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.cells.passes import Passes
from gru_core.learn.engine import through_readout
from gru_core.learn.losses import cross_entropy
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.weights import PairWeights
from gru_core.learn.weights import Weights
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq

States = Mapping[str, FloatArray]
"""By state, "h" and "c", a layer's values or gradients."""


class PairEngine:
    """Gradients of models of one shape over batches of one shape.

    Parameters
    ----------
    model : Seq2Seq
        Any with the form and sizes of those to come.
    shape : (int, int, int)
        T_e, T_d and B of the batches.

    Examples
    --------
    >>> model = Seq2Seq.random("gru", 6, 4, hidden_size=3, seed=0)
    >>> weights, batch = PairWeights(model), Pairs.of([[4, 5]], [[2]], end=1, shape=(2, 2))
    >>> loss = PairEngine(model, (2, 2, 1)).gradient(weights, batch)
    >>> answer = model.decoder.run(
    ...     np.eye(4)[[0, 2]], model.encoder.run(np.eye(6)[[4, 5]]).final).answer
    >>> np.allclose(loss, -np.log([answer[0, 2], answer[1, 1]]).mean())
    True
    """

    def __init__(self, model: Seq2Seq, shape: tuple[int, int, int]) -> None:
        self.shape = shape
        steps, answers, batch = shape
        self._start = model.start
        self._encoder = _Stack(model.encoder, steps, batch)
        self._decoder = _Stack(model.decoder, answers, batch)
        self._read = np.full((answers, batch), model.start)
        self._received = np.zeros_like(self._decoder.h)

    def gradient(self, weights: PairWeights, batch: Pairs) -> float:
        """Return the loss, and write its gradient to ``weights.gradient``.

        Raises
        ------
        RangeError
            If a weight is not finite, or a value overflows.
        """
        encoder, decoder = self._encoder, self._decoder
        last = (batch.lengths - 1, np.arange(len(batch.lengths)))
        self._read[1:] = batch.target[:-1]
        encoder.forward(weights.encoder, batch.x)
        decoder.start(encoder.states_at(last))
        decoder.forward(weights.decoder, self._read)
        loss = through_readout(
            cross_entropy, weights.decoder, decoder.h, batch.target, batch.mask, self._received
        )
        by_start = decoder.backward(weights.decoder, self._read, self._received)
        encoder.backward(weights.encoder, batch.x, ends=by_start, last=last)
        return loss


class _Stack:
    """The layers of one of the two networks."""

    def __init__(self, network: Network, steps: int, batch: int) -> None:
        self._x = x = np.zeros((steps, network.input_size, batch), network.dtype)
        self._is_embedded = network.embedding is not None
        self._passes: list[Passes] = []
        for layer in network.layers:
            params = layer.first
            empty = np.zeros((batch, params.hidden_size), network.dtype)
            self._passes.append(Passes(params, x, dict.fromkeys(params.STATES, empty)))
            x = self._passes[-1].h
        self.h = x
        self._direct = [
            {name: np.zeros_like(values) for name, values in passes.states.items()}
            for passes in self._passes
        ]
        """The gradient of each layer's states at every step, apart from that by later states."""

    def start(self, states: Sequence[States]) -> None:
        """Begin the next forward pass with other states, (H, B)."""
        for passes, those in zip(self._passes, states, strict=True):
            passes.start(those)

    def states_at(self, steps: tuple[NDArray[np.int64], NDArray[np.int64]]) -> list[States]:
        """Return each layer's states, (H, B), at a step of each sequence."""
        t, b = steps
        return [
            {name: values[t, :, b].T for name, values in passes.states.items()}
            for passes in self._passes
        ]

    def forward(self, weights: Weights, symbols: NDArray[np.int64]) -> None:
        if self._is_embedded:
            self._x.swapaxes(1, 2)[...] = weights.value("embedding")["W"][symbols]
        else:
            every = np.arange(self._x.shape[1])[:, None]
            np.equal(symbols[:, None], every, out=self._x, casting="unsafe")
        for k, passes in enumerate(self._passes):
            passes.forward(weights.params(k, 0))

    def backward(
        self,
        weights: Weights,
        symbols: NDArray[np.int64],
        received: FloatArray | None = None,
        *,
        ends: Sequence[States] = (),
        last: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
    ) -> list[States]:
        """Write the gradient of all weights, and return that by each layer's start states.

        Parameters
        ----------
        weights : Weights
        symbols : ndarray of int, shape (T, B)
        received : ndarray, shape (T, H, B), optional
            By the last layer's h at every step.
        ends : sequence of States, optional
            By each layer's states, (H, B), at the steps `last`.
        last : (ndarray, ndarray), optional
            A step of each sequence, and the sequences.
        """
        found: list[States] = []
        for k in reversed(range(len(self._passes))):
            direct = self._direct[k]
            direct["h"][...] = 0 if received is None else received
            if last is not None:
                t, b = last
                for name, slope in ends[k].items():
                    if name != "h":
                        direct[name][...] = 0
                    direct[name][t, :, b] += slope.T
            to_input = k > 0 or self._is_embedded
            stacks, received, starts = self._passes[k].backward(direct, to_input=to_input)
            for stack, slopes in weights.slope((k, 0)).items():
                slopes[...] = stacks[stack]
            found.append(starts)
        if self._is_embedded and received is not None:
            table = weights.slope("embedding")["W"]
            table[...] = 0
            np.add.at(table, symbols, received.swapaxes(1, 2))
        return found[::-1]
