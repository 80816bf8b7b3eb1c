"""An encoder and a decoder as one network: it reads a sequence, then writes another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import check_index
from gru_core.errors import DTypeError, RangeError, ShapeError
from gru_core.network.card import Card
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.parameters.initial import check_size
from gru_core.seq2seq.running import Answering
from gru_core.seq2seq.trace import DECODER, ENCODER, Stage


@dataclass(frozen=True, eq=False)
class Seq2Seq(Answering):
    """Two networks: the decoder starts from the encoder's last states and writes an answer.

    The decoder reads the start mark, then at each step what it has just answered, until it answers
    with the end mark.

    Parameters
    ----------
    encoder : Network
        Reads forward, without a readout.
    decoder : Network
        Reads forward, with as many layers as the encoder, each of the same kind and H, and a
        softmax over the symbols that it reads.
    start, end : int
        Symbols of the decoder: what it reads at its first step, and what ends an answer. They may
        be the same.
    limit : int
        The most steps of the decoder, so that every answer ends.

    Raises
    ------
    DTypeError, ShapeError, RangeError
        If the two do not fit each other.

    Notes
    -----
    Cho et al. 2014, arXiv:1406.1078; Sutskever, Vinyals & Le 2014, arXiv:1409.3215.

    Examples
    --------
    >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
    >>> model.run([4, 1, 7]).tokens
    (3, 0, 3)
    """

    encoder: Network
    decoder: Network
    start: int
    end: int
    limit: int

    def __post_init__(self) -> None:
        _check_pair(self.encoder, self.decoder)
        check_index("start", self.start, self.decoder.symbols)
        check_index("end", self.end, self.decoder.symbols)
        check_size("limit", self.limit)

    def __repr__(self) -> str:
        """Return one line with the kind and the sizes."""
        encoder, sizes = self.encoder, [layer.first.hidden_size for layer in self.encoder.layers]
        return (
            f"<Seq2Seq: {self.kind}, {len(sizes)} layer{'s' * (len(sizes) > 1)} each, "
            f"{encoder.symbols} symbols in, {self.decoder.symbols} out, H = {sizes[-1]}, "
            f"at most {self.limit} steps, {self.dtype}>"
        )

    @classmethod
    def random(
        cls,
        kind: str,
        input_size: int,
        output_size: int,
        *,
        hidden_size: int,
        seed: int,
        layers: int = 1,
        limit: int = 32,
        dtype: DTypeLike = np.float64,
    ) -> Seq2Seq:
        """Draw both networks; symbol 0 of the decoder is the start, 1 the end.

        Parameters
        ----------
        kind : str
            "gru", "lstm" or "rnn".
        input_size, output_size : int
            The symbols that go in and come out, one-hot.
        hidden_size : int
        seed : int
        layers : int
        limit : int
        dtype : float32 or float64

        Examples
        --------
        >>> Seq2Seq.random("lstm", 10, 5, hidden_size=4, seed=0).parameters
        425
        """
        rng = np.random.default_rng(seed)
        first, second = (int(one) for one in rng.integers(0, 1 << 31, 2))
        shared: dict[str, Any] = {"layers": layers, "dtype": dtype}
        encoder = Network.random(kind, input_size, hidden_size, seed=first, **shared)
        decoder = Network.random(kind, output_size, hidden_size, seed=second, **shared)
        W = rng.normal(size=(output_size, hidden_size)).astype(decoder.dtype)
        b = rng.normal(size=output_size).astype(decoder.dtype)
        readout = Readout(W, b, "softmax")
        return cls(encoder, replace(decoder, readout=readout), 0, 1, limit)

    @property
    def kind(self) -> str:
        """The kind of the first layers' cells: "gru", "lstm" or "rnn"."""
        return self.encoder.kind

    @property
    def dtype(self) -> np.dtype[np.floating[Any]]:
        """float32 or float64."""
        return self.encoder.dtype

    @property
    def parameters(self) -> int:
        """The number of weights of both."""
        return self.encoder.parameters + self.decoder.parameters

    def of(self, stage: Stage) -> Network:
        """Return the network of a stage.

        Examples
        --------
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0)
        >>> model.of("decoder") is model.decoder
        True
        """
        return self.stages[stage]

    def with_networks(
        self, encoder: Network | None = None, decoder: Network | None = None
    ) -> Seq2Seq:
        """Return it with another encoder or decoder.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            If they do not fit each other.

        Examples
        --------
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0)
        >>> other = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=1)
        >>> model.with_networks(encoder=other.encoder).decoder is model.decoder
        True
        """
        return replace(self, encoder=encoder or self.encoder, decoder=decoder or self.decoder)

    def check_card(self, card: Card) -> None:
        """Check that a card describes it: the alphabet of the encoder, classes of the decoder.

        Raises
        ------
        ShapeError, RangeError, FieldError
            As for `Card.check`.

        Examples
        --------
        >>> from gru_core.network.card import Card
        >>> model = Seq2Seq.random("gru", 3, 2, hidden_size=4, seed=0)
        >>> model.check_card(Card(alphabet="abc", classes=("^", "$")))
        """
        replace(card, classes=(), outputs=()).check(self.encoder)
        Card(classes=card.classes).check(self.decoder)

    def astype(self, dtype: DTypeLike) -> Seq2Seq:
        """Return it in float32 or float64.

        Examples
        --------
        >>> Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0).astype("float32").dtype
        dtype('float32')
        """
        encoder, decoder = self.encoder.astype(dtype), self.decoder.astype(dtype)
        return replace(self, encoder=encoder, decoder=decoder)


def _check_pair(encoder: Network, decoder: Network) -> None:
    """Check that an encoder and a decoder fit each other."""
    for stage, network in ((ENCODER, encoder), (DECODER, decoder)):
        if not isinstance(network, Network):
            raise DTypeError(stage, "be a Network", type(network).__name__)
        if any(layer.reverse is not None for layer in network.layers):
            raise RangeError(stage, "read forward", "a layer that reads in reverse")
    if encoder.dtype != decoder.dtype:
        raise DTypeError("decoder", f"be of {encoder.dtype} like the encoder", str(decoder.dtype))
    if encoder.readout is not None:
        raise RangeError("encoder", "have no readout, as its states are what it hands on", "one")
    if decoder.starts:
        raise RangeError("decoder", "start from the encoder's states", "start states of its own")
    sizes = [
        [(layer.first.kind, layer.first.hidden_size) for layer in network.layers]
        for network in (encoder, decoder)
    ]
    if sizes[0] != sizes[1]:
        wanted = f"have layers of (kind, H) = {sizes[0]} like the encoder"
        raise ShapeError("decoder", wanted, str(sizes[1]))
    last = decoder.readout
    if last is None or last.head != "softmax" or last.output_size != decoder.symbols:
        wanted = f"have a softmax over the {decoder.symbols} symbols that it reads"
        got = "none" if last is None else f"a readout of {last.output_size} {last.head} outputs"
        raise ShapeError("decoder.readout", wanted, got)
