"""The trace of an encoder and a decoder as one network, filled while they run."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gru_core.arrays import FloatArray
from gru_core.network.trace import NetworkTrace
from gru_core.run.clamps import Clamp
from gru_core.run.trace import Trace
from gru_core.seq2seq.seq2seq import Seq2Seq
from gru_core.seq2seq.trace import DECODER, ENCODER, STAGES, Seq2SeqSpan, Stage


@dataclass(frozen=True, eq=False)
class JointTrace(NetworkTrace):
    """A trace of `Joint`.

    Attributes
    ----------
    read : int
        T_e, the steps of the input.
    stop : int
        The first step after those that are computed, such as that after the end of the answer.

    Examples
    --------
    See `Joint`.
    """

    read: int = 0
    stop: int = 0

    def through(self, k: int) -> Trace:
        """Return layer k of the encoder at its steps, and of the decoder at the others.

        Parameters
        ----------
        k : int
            A layer of either; the other one is beside it.

        Examples
        --------
        >>> from gru_core.seq2seq.joint import Joint
        >>> joint = Joint.of(Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3))
        >>> trace = joint.run([4, 1])
        >>> len(trace.layers[0].h), int(np.isnan(trace.layers[0].h[:, 0]).sum())
        (5, 3)
        >>> int(np.isnan(trace.through(0).h[:, 0]).sum())  # it ends at the limit
        0
        """
        L = len(self.layers) // 2
        encoder, decoder = self.layers[k % L], self.layers[k % L + L]
        values = {
            name: np.concatenate([encoder.values[name][: self.read], value[self.read :]])
            for name, value in decoder.values.items()
        }
        return replace(
            self.layers[k], projection=None, values=values, h_0=encoder.h_0, c_0=encoder.c_0
        )


class Rows:
    """The arrays of a joint trace.

    Parameters
    ----------
    model : Seq2Seq
    begun : NetworkTrace
        Of the encoder, which may have just begun.
    read, steps : int
        T_e, and the steps of both.

    Attributes
    ----------
    trace : JointTrace
        Its rows fill with what `take` is given.

    Examples
    --------
    See `Joint.spans`.
    """

    def __init__(self, model: Seq2Seq, begun: NetworkTrace, read: int, steps: int) -> None:
        self._first = {ENCODER: 0, DECODER: read}
        self._steps, self._begun = steps, begun
        self._layers = {
            stage: [
                {name: self._blank(value.shape[1]) for name, value in trace.values.items()}
                | {"x": self._blank(layer.first.input_size)}
                for trace, layer in zip(begun.layers, model.of(stage).layers, strict=True)
            ]
            for stage in STAGES
        }
        self._states = self._blank(model.decoder.hidden_size)
        self._output = self._blank(model.decoder.symbols)
        self._answer = self._blank(model.decoder.symbols)
        self.trace = self._joint({}, 0)

    def take(self, span: Seq2SeqSpan) -> None:
        """Copy the steps of a span."""
        found = span.span.trace
        assert found is not None
        first = self._first[span.stage]
        rows, own = slice(span.start, span.stop), slice(span.start - first, span.stop - first)
        for arrays, layer in zip(self._layers[span.stage], found.layers, strict=True):
            for name, array in arrays.items():
                array[rows] = layer.x[own] if name == "x" else layer.values[name][own]
        if span.stage == DECODER:
            self._states[rows] = found.states[own]
            self._output[rows] = found.output[own]
            self._answer[rows] = found.answer[own]
        begun: dict[Stage, NetworkTrace] = {ENCODER: found}
        if span.trace is not None:
            begun = {ENCODER: span.trace.encoder, DECODER: span.trace.decoder}
        self.trace = self._joint(begun, span.stop)

    def _blank(self, width: int) -> FloatArray:
        return np.full((self._steps, width), np.nan, self._begun.x.dtype)

    def _joint(self, found: dict[Stage, NetworkTrace], stop: int) -> JointTrace:
        """Return the trace of both, with start states and clamps of those that have begun."""
        layers: list[Trace] = []
        for stage in STAGES:
            begun = found.get(stage, self._begun)
            for arrays, layer in zip(self._layers[stage], begun.layers, strict=True):
                clamps = () if stage not in found else layer.clamps
                values = {name: array for name, array in arrays.items() if name != "x"}
                layers.append(
                    Trace(
                        arrays["x"],
                        None,
                        layer.h_0,
                        layer.c_0,
                        values,
                        clamps=tuple(self._moved(one, stage, len(layers)) for one in clamps),
                        layer=len(layers),
                    )
                )
        x = self._layers[ENCODER][0]["x"]
        return JointTrace(
            x,
            None,
            tuple(layers),
            self._states,
            self._output,
            self._answer,
            read=self._first[DECODER],
            stop=stop,
        )

    def _moved(self, clamp: Clamp, stage: Stage, layer: int) -> Clamp:
        """Return a clamp of one of the networks with its layer and step in both."""
        t = None if clamp.t is None else clamp.t + self._first[stage]
        return replace(clamp, t=t, layer=layer)
