"""All weights of an encoder and a decoder in one vector."""

from __future__ import annotations

import numpy as np

from gru_core.learn.weights import Weights
from gru_core.seq2seq.seq2seq import Seq2Seq


class PairWeights:
    """The weights of both networks and their gradient, each one vector.

    Parameters
    ----------
    model : Seq2Seq
        Its arrays are copied.

    Attributes
    ----------
    values, gradient : ndarray, shape (P,)
        Those of the encoder come first.
    like : Seq2Seq
        The model whose form and sizes they have.
    shapes : tuple of tuple of int
        Of every array, in the order of the vector.
    encoder, decoder : Weights
        Views of the two parts by name.

    Examples
    --------
    >>> weights = PairWeights(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))
    >>> weights.values.shape, weights.decoder.slope("readout")["W"].shape
    ((333,), (5, 4))
    """

    def __init__(self, model: Seq2Seq) -> None:
        self.like = model
        sizes = [Weights(network).values.size for network in (model.encoder, model.decoder)]
        self.values = np.empty(sum(sizes), model.dtype)
        self.gradient = np.zeros_like(self.values)
        parts = [
            (vector[: sizes[0]], vector[sizes[0] :]) for vector in (self.values, self.gradient)
        ]
        (values, others), (slopes, other_slopes) = parts
        self.encoder = Weights(model.encoder, values, slopes)
        self.decoder = Weights(model.decoder, others, other_slopes)
        self.shapes = self.encoder.shapes + self.decoder.shapes

    def take(self, model: Seq2Seq) -> None:
        """Copy the weights of a model of the same shape."""
        self.encoder.take(model.encoder)
        self.decoder.take(model.decoder)

    def network(self) -> Seq2Seq:
        """Return a model with these weights.

        Raises
        ------
        RangeError
            If a weight is NaN or infinite.
        """
        return self.like.with_networks(self.encoder.network(), self.decoder.network())
