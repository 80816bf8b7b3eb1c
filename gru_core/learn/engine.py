"""The loss of a network on a batch and its gradient by every weight, in reused memory.

Everything is (T, F, B), features before the batch, as the passes compute it. Only the steps that
count are read out, and the input's own gradient is computed only for an embedding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gru_core.arrays import FloatArray
from gru_core.cells.passes import Passes
from gru_core.learn.batch import Batch
from gru_core.learn.losses import LOSSES, Loss
from gru_core.learn.weights import Weights
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.run.layers import REVERSE


class Engine:
    """Gradients of a network of one shape over batches of one shape.

    Parameters
    ----------
    network : Network
        Any with the form and sizes of those to come, which `check_fit` has let through.
    steps, batch : int
        T and B of the batches.

    Examples
    --------
    >>> from gru_core.learn.initial import Architecture, initial_network
    >>> from gru_core.learn.tasks.parity import Parity
    >>> task = Parity(length=8)
    >>> network = initial_network(Architecture("rnn", 4), 2, 2, "softmax", seed=0)
    >>> weights = Weights(network)
    >>> loss = Engine(network, 8, 16).gradient(weights, task.draw(np.random.default_rng(0), 16))
    >>> round(loss, 1), weights.gradient.shape
    (0.7, (38,))
    """

    def __init__(self, network: Network, steps: int, batch: int) -> None:
        assert network.readout is not None
        self._loss = LOSSES[network.readout.head]
        self._batch = batch
        self._is_embedded = network.embedding is not None
        self._x = np.zeros((steps, network.input_size, batch), network.dtype)
        self._layers: list[_LayerPasses] = []
        x = self._x
        for k, layer in enumerate(network.layers):
            made = _LayerPasses(k, layer, x)
            self._layers.append(made)
            x = made.states
        self._received = np.zeros_like(x)

    @property
    def shape(self) -> tuple[int, int]:
        """T and B."""
        return len(self._x), self._batch

    def gradient(self, weights: Weights, batch: Batch) -> float:
        """Return the loss, and write its gradient to ``weights.gradient``.

        Raises
        ------
        RangeError
            If a weight is not finite, or a value overflows.
        """
        self._read(weights, batch)
        for layer in self._layers:
            layer.forward(weights)
        loss, received = self._read_out(weights, batch)
        for layer in reversed(self._layers):
            received = layer.backward(
                weights, received, to_input=layer.index > 0 or self._is_embedded
            )
        if self._is_embedded:
            table = weights.slope("embedding")["W"]
            table[...] = 0
            np.add.at(table, batch.x, received.swapaxes(1, 2))
        return loss

    def _read(self, weights: Weights, batch: Batch) -> None:
        """Write the input of the first layer."""
        x = self._x.swapaxes(1, 2)  # (T, B, I)
        if self._is_embedded:
            x[...] = weights.value("embedding")["W"][batch.x]
        elif batch.x.ndim == 3:
            x[...] = batch.x
        else:
            np.equal(
                batch.x[:, None], np.arange(x.shape[2])[:, None], out=self._x, casting="unsafe"
            )

    def _read_out(self, weights: Weights, batch: Batch) -> tuple[float, FloatArray]:
        """Return the loss and its gradient by the last layer's states, through the readout."""
        states, received = self._layers[-1].states, self._received
        loss = through_readout(self._loss, weights, states, batch.target, batch.mask, received)
        return loss, received


def through_readout(
    loss_of: Loss,
    weights: Weights,
    states: FloatArray,
    target: NDArray[Any],
    mask: NDArray[np.bool_],
    received: FloatArray,
) -> float:
    """Return the loss, and write its gradient by the readout and by the states that it reads.

    Parameters
    ----------
    loss_of : Loss
    weights : Weights
        Of the network with the readout; its gradient is written to.
    states : ndarray, shape (T, F, B)
        Of the last layer.
    target : ndarray of int, shape (T, B), or of float, shape (T, B, O)
    mask : ndarray of bool, shape (T, B)
        True where a target counts.
    received : ndarray, shape (T, F, B)
        Where the gradient by the states is written.
    """
    ends, slopes = weights.value("readout"), weights.slope("readout")
    counted = np.flatnonzero(mask.any(axis=1))
    rows: Any = slice(None) if len(counted) == len(mask) else counted
    read = states[rows]
    output = np.matmul(ends["W"], read)  # (S, O, B)
    if "b" in ends:
        output += ends["b"][:, None]
    weight = mask[rows].astype(states.dtype)
    weight /= weight.sum()
    wanted: NDArray[Any] = target[rows]
    if wanted.ndim == 3:
        wanted = wanted.swapaxes(1, 2)
    loss, slope = loss_of(output, wanted, weight)
    slopes["W"][...] = np.matmul(slope, read.swapaxes(1, 2)).sum(axis=0)
    if "b" in ends:
        slopes["b"][...] = slope.sum(axis=(0, 2))
    if rows is counted:
        received[...] = 0
    received[rows] = np.matmul(ends["W"].T, slope)
    return loss


class _LayerPasses:
    """The passes of one layer in the directions that it reads in."""

    def __init__(self, index: int, layer: Layer, x: FloatArray) -> None:
        self.index, self._reads = index, layer.reads
        batch, H = x.shape[2], layer.first.hidden_size
        self._passes = []
        for d, (params, name) in enumerate(zip(layer.params(), layer.reads, strict=True)):
            states = {
                state: np.zeros((batch, H), x.dtype)
                if start is None
                else start[d] + np.zeros((batch, 1), x.dtype)
                for state, start in (("h", layer.h0), ("c", layer.c0))
                if state in params.STATES
            }
            self._passes.append(Passes(params, _in_order(x, name), states))
        self._c = np.zeros((len(x), H, batch), x.dtype) if "c" in layer.first.STATES else None
        alone = len(self._reads) == 1
        own = _in_order(self._passes[0].h, self._reads[0])
        self.states = own if alone else np.empty((len(x), 2 * H, batch), x.dtype)

    def forward(self, weights: Weights) -> None:
        for d, passes in enumerate(self._passes):
            passes.forward(weights.params(self.index, d))
        if len(self._passes) > 1:
            for part, passes, name in self._parts(self.states):
                part[...] = _in_order(passes.h, name)

    def backward(self, weights: Weights, received: FloatArray, *, to_input: bool) -> FloatArray:
        """Write the gradient of the layer's weights, and return the one by its input."""
        total: FloatArray = received
        for d, (part, passes, name) in enumerate(self._parts(received)):
            given = {"h": _in_order(part, name)} | ({} if self._c is None else {"c": self._c})
            stacks, dx, _ = passes.backward(given, to_input=to_input)
            slopes = weights.slope((self.index, d))
            for stack, slope in slopes.items():
                slope[...] = stacks[stack]
            if dx is not None:
                turned = _in_order(dx, name)
                total = turned if d == 0 else total + turned
        return total

    def _parts(self, array: FloatArray) -> list[tuple[FloatArray, Passes, str]]:
        """Return each direction's part of the features, with its passes and name."""
        H = array.shape[1] // len(self._passes)
        return [
            (array[:, d * H : (d + 1) * H], passes, name)
            for d, (passes, name) in enumerate(zip(self._passes, self._reads, strict=True))
        ]


def _in_order(array: FloatArray, direction: str) -> FloatArray:
    """Return an array in the order in which a direction reads."""
    return array[::-1] if direction == REVERSE else array
