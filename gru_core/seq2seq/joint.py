"""An encoder and a decoder as one network of two stages, whose steps one clock counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gru_core.arrays import FloatArray, check_index
from gru_core.errors import RangeError
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.network.readout import Readout
from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkGradients, NetworkTrace
from gru_core.run.clamps import Clamp
from gru_core.seq2seq.clock import Ablation
from gru_core.seq2seq.joint_trace import Rows
from gru_core.seq2seq.seq2seq import Seq2Seq
from gru_core.seq2seq.trace import DECODER, ENCODER, Stage


@dataclass(frozen=True, eq=False, repr=False)
class Joint(Network):
    """An encoder and a decoder as a network of 2·L layers: those of the encoder come first.

    Everything that works on a network and its trace works on it. A run over T_e steps of input has
    T_e + `limit` steps. The layers of the encoder act in the first T_e of them, those of the
    decoder in the others. Elsewhere, and after the end of the answer, the values of a layer are
    NaN.

    Parameters
    ----------
    model : Seq2Seq

    Examples
    --------
    >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3))
    >>> trace = joint.run([4, 1])
    >>> len(joint.layers), trace.answer.shape, bool(np.isnan(trace.answer[1]).all())
    (2, (5, 5), True)
    """

    model: Seq2Seq = None  # type: ignore[assignment]  # fields before it have defaults

    @classmethod
    def of(cls, model: Seq2Seq) -> Joint:
        """Return an encoder and a decoder as one network.

        Examples
        --------
        See the class.
        """
        encoder, decoder = model.encoder, model.decoder
        layers = encoder.layers + decoder.layers
        return cls(layers, encoder.embedding, decoder.readout, model=model)

    def _checked_width(self) -> int:
        """Return the width of the decoder's states; the model has checked what fits."""
        return self.layers[-1].output_size

    def __repr__(self) -> str:
        """Return one line with the kind and the sizes."""
        return repr(self.model)

    @property
    def half(self) -> int:
        """L: the first layer of the decoder."""
        return len(self.layers) // 2

    @property
    def extra_steps(self) -> int:
        """The most steps after those of the input."""
        return self.model.limit

    @property
    def parameters(self) -> int:
        """The number of weights of both."""
        return self.model.parameters

    def with_layers(self, layers: Iterable[Layer]) -> Joint:
        """Return it with other layers, those of the encoder first; see `Network.with_layers`.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))
        >>> joint.with_layers(joint.layers).model.encoder.layers == joint.layers[:1]
        True
        """
        found, L, model = tuple(layers), self.half, self.model
        encoder = model.encoder.with_layers(found[:L])
        return Joint.of(model.with_networks(encoder, model.decoder.with_layers(found[L:])))

    def with_ends(
        self, embedding: ArrayLike | None = None, readout: Readout | None = None
    ) -> Joint:
        """Return it with another embedding of the encoder or another readout of the decoder.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))
        >>> joint.with_ends(readout=joint.readout).model.encoder is joint.model.encoder
        True
        """
        encoder, decoder = self.model.encoder, self.model.decoder
        if embedding is not None:
            encoder = encoder.with_ends(embedding)
        if readout is not None:
            decoder = decoder.with_ends(readout=readout)
        return Joint.of(self.model.with_networks(encoder, decoder))

    def astype(self, dtype: DTypeLike) -> Joint:
        """Return it in float32 or float64.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))
        >>> joint.astype("float32").dtype
        dtype('float32')
        """
        return Joint.of(self.model.astype(dtype))

    def gradients(self, *_: Any, **__: Any) -> NetworkGradients:
        """Refuse: the training of a `Seq2Seq` has its gradients.

        Raises
        ------
        RangeError
            Always.

        Examples
        --------
        >>> Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0)).gradients()
        Traceback (most recent call last):
        gru_core.errors.RangeError: network must be one of the two for gradients, got both
        """
        raise RangeError("network", "be one of the two for gradients", "both")

    def _padded(self, *_: Any, **__: Any) -> NetworkTrace:
        """Refuse lengths and masks."""
        raise RangeError("lengths", "be left out, as one clock counts the steps of both", "some")

    def spans(
        self,
        x: ArrayLike,
        h0: Sequence[FloatArray | None] | ArrayLike | None = None,
        c0: Sequence[FloatArray | None] | ArrayLike | None = None,
        *,
        clamps: Sequence[Clamp] = (),
        keep: NetworkTrace | None = None,
        start: int | Sequence[int] = 0,
        answered: int | None = None,
        first: int = 16,
        largest: int = 512,
        seconds: float | None = None,
    ) -> Iterator[NetworkSpan]:
        """Check the arguments, then yield spans of finished steps; see `Network.spans`.

        Parameters
        ----------
        x, first, largest, seconds
            As for `Seq2Seq.spans`.
        h0, c0 : sequence of array_like, optional
            A state for each layer of the encoder; others are left aside, as the decoder starts
            from the encoder's last states.
        clamps : sequence of Clamp
            With layers from 0 to 2·L − 1, and steps on the clock of both. One at a step in which
            its layer does not act holds nothing.
        keep, start, answered
            Nothing is kept: every step is computed anew.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3))
        >>> [(span.start, span.stop) for span in joint.spans([4, 1, 7])]
        [(0, 3), (3, 4), (4, 5), (5, 6)]
        """
        model, T = self.started(h0, c0), len(np.asarray(x))
        single, always = self._staged(clamps, T)
        found = model.spans(
            x, clamps=single, ablations=always, first=first, largest=largest, seconds=seconds
        )
        return self._spans(model, found, T)

    def _spans(self, model: Seq2Seq, found: Iterable[Any], T: int) -> Iterator[NetworkSpan]:
        rows: Rows | None = None
        steps = T + self.extra_steps
        for one in found:
            if rows is None:
                rows = Rows(model, one.span.trace, T, steps)
            rows.take(one)
            stop = steps if one.is_last else one.stop
            yield NetworkSpan(one.start, stop, rows.trace, (stop,) * len(self.layers))

    def ablations(self, clamps: Iterable[Clamp]) -> list[Ablation]:
        """Return clamps for all steps, which name layers of both, as `Seq2Seq.run` takes them.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))
        >>> [(stage, clamp)] = joint.ablations([Clamp("h", 2, 0.0, layer=1)])
        >>> stage, clamp.layer
        ('decoder', 0)
        """
        return self._staged(clamps, 0)[1]

    def started(self, h0: Any = None, c0: Any = None) -> Seq2Seq:
        """Return the model with start states for the encoder, given as for `spans`.

        Examples
        --------
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=2, seed=0))
        >>> joint.started([[0.5, 0.0]]).encoder.layers[0].h0
        array([[0.5, 0. ]])
        """
        given = {name: states for name, states in (("h0", h0), ("c0", c0)) if states is not None}
        if not given:
            return self.model
        layers = []
        for k, layer in enumerate(self.layers[: self.half]):
            states: dict[str, Any] = {
                name: np.asarray(found[k])[None]
                for name, found in given.items()
                if found[k] is not None
            }
            layers.append(replace(layer, **states))
        return self.model.with_networks(self.model.encoder.with_layers(layers))

    def _staged(self, clamps: Iterable[Clamp], T: int) -> tuple[list[Clamp], list[Ablation]]:
        """Return the clamps at single steps in which their layers act, and those of all steps."""
        single: list[Clamp] = []
        always: list[Ablation] = []
        for i, clamp in enumerate(clamps):
            check_index(f"clamps[{i}].layer", clamp.layer, len(self.layers))
            stage: Stage = ENCODER if clamp.layer < self.half else DECODER
            within = replace(clamp, layer=clamp.layer % self.half)
            if clamp.t is None:
                always.append((stage, within))
            elif (clamp.t < T) == (stage == ENCODER):
                single.append(within)
        return single, always


def as_one(found: Network | Seq2Seq) -> Network:
    """Return what a file holds as one network, as it is or as a `Joint`.

    Examples
    --------
    >>> type(as_one(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0))).__name__
    'Joint'
    """
    return Joint.of(found) if isinstance(found, Seq2Seq) else found
