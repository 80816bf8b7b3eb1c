"""Runs of an encoder and a decoder: at once, step by step, or from the step that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gru_core.errors import RangeError, ShapeError
from gru_core.network.network import Network
from gru_core.network.spans import NetworkSpan
from gru_core.parameters.initial import check_size
from gru_core.run.clamps import Clamp
from gru_core.seq2seq.clock import Ablation, before, by_stage
from gru_core.seq2seq.decoding import Hypothesis, Marks, beam, greedy
from gru_core.seq2seq.trace import DECODER, ENCODER, Seq2SeqSpan, Seq2SeqTrace, Stage


class Answering:
    """The runs of a `Seq2Seq`, which derives from it."""

    encoder: Network
    decoder: Network
    start: int
    end: int
    limit: int

    @property
    def stages(self) -> dict[Stage, Network]:
        """Both networks by the name of their stage, the encoder first."""
        return {ENCODER: self.encoder, DECODER: self.decoder}

    def run(
        self,
        x: ArrayLike,
        *,
        clamps: Sequence[Clamp] = (),
        ablations: Sequence[Ablation] = (),
    ) -> Seq2SeqTrace:
        """Read a sequence, answer with the likeliest symbol at every step, and keep everything.

        Parameters
        ----------
        x : array_like of int, shape (T_e,), or of float, shape (T_e, I)
            Symbols, or what `Network.run` takes for the encoder.
        clamps : sequence of Clamp
            Values to hold at single steps. One clock counts the steps of both: t < T_e is a step of
            the encoder, t ≥ T_e step t − T_e of the decoder, up to T_e + `limit`. One after the end
            of the answer holds nothing.
        ablations : sequence of (Stage, Clamp)
            Values to hold at every step of "encoder" or "decoder"; their t is None.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            If an argument does not fit the networks.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
        >>> trace = model.run([4, 1], clamps=[Clamp("h", 0, -9.0, t=1)])
        >>> trace.read, trace.tokens, float(trace.encoder.layers[0].h[1, 0])
        ((0, 2, 2), (2, 2, 2), -9.0)
        """
        *_, last = self.spans(x, clamps=clamps, ablations=ablations, first=1 << 20, largest=1 << 20)
        assert last.trace is not None
        return last.trace

    def resume(
        self,
        trace: Seq2SeqTrace,
        x: ArrayLike,
        t: int,
        *,
        clamps: Sequence[Clamp] = (),
        ablations: Sequence[Ablation] = (),
    ) -> Seq2SeqTrace:
        """Run over an input that begins like an earlier one; only what changed is computed.

        Parameters
        ----------
        trace : Seq2SeqTrace
            A finished one.
        x, clamps, ablations
            As for `run`; before t they must be the same as in the trace.
        t : int
            The first step, on the clock of both, at which something has changed; t > T_e only if x
            has not. If a weight of the decoder has changed, t is T_e.

        Returns
        -------
        Seq2SeqTrace
            Equal to a run, bit for bit.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `run`, or if t is out of range, or x or the clamps differ before it.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
        >>> held = [Clamp("h", 0, -9.0, t=3)]
        >>> model.resume(model.run([4, 1]), [4, 1], 3, clamps=held).tokens
        (3, 2, 2)
        """
        whole = 1 << 20
        *_, last = self.spans(
            x, clamps=clamps, ablations=ablations, keep=trace, start=t, first=whole, largest=whole
        )
        assert last.trace is not None
        return last.trace

    def spans(
        self,
        x: ArrayLike,
        *,
        clamps: Sequence[Clamp] = (),
        ablations: Sequence[Ablation] = (),
        keep: Seq2SeqTrace | None = None,
        start: int = 0,
        first: int = 16,
        largest: int = 512,
        seconds: float | None = None,
    ) -> Iterator[Seq2SeqSpan]:
        """Check the arguments, then yield finished steps: the encoder's in spans, then each answer.

        Parameters
        ----------
        x, clamps, ablations
            As for `run`.
        keep : Seq2SeqTrace, optional
            An earlier trace, of which steps are copied.
        start : int
            As ``t`` for `resume`.
        first, largest, seconds
            Of the encoder, as for `Network.spans`.

        Yields
        ------
        Seq2SeqSpan
            Without gaps to the last step, except for the steps that `keep` has; at least one.

        Raises
        ------
        DTypeError, ShapeError, RangeError, FieldError
            As for `resume`, at the call. A RangeError for overflow comes at the span in which it
            happens.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
        >>> [(one.stage, one.start, one.stop) for one in model.spans([4, 1, 7])]
        [('encoder', 0, 3), ('decoder', 3, 4), ('decoder', 4, 5), ('decoder', 5, 6)]
        """
        sequence = self._input(x)
        T = len(sequence)
        placed = by_stage(self.stages, clamps, ablations, T, self.limit)
        kept = _kept(keep, start, T)
        reading = self.encoder.spans(
            sequence,
            clamps=placed[ENCODER],
            keep=None if keep is None else keep.encoder,
            start=min(start, T),
            first=first,
            largest=largest,
            seconds=seconds,
        )
        return self._spans(reading, T, placed[DECODER], keep if kept else None, kept)

    def answers(
        self, sequences: Sequence[Sequence[int]], *, ablations: Sequence[Ablation] = ()
    ) -> list[tuple[int, ...]]:
        """Return the greedy answer to each of many sequences, which are computed together.

        Parameters
        ----------
        sequences : sequence of sequence of int
            Symbols; they may differ in length.
        ablations : sequence of (Stage, Clamp)
            As for `run`.

        Returns
        -------
        list of tuple of int
            Without end marks.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
        >>> model.answers([[4, 1, 7], [9]])
        [(3, 0, 3), (3, 0, 3)]
        """
        held = by_stage(self.stages, [], ablations, 1, self.limit)
        found: list[tuple[int, ...]] = [()] * len(sequences)
        for length in {len(one) for one in sequences}:
            places = [i for i, one in enumerate(sequences) if len(one) == length]
            x = self.encoder.symbols_in(np.array([sequences[i] for i in places]).T)
            begun = self.encoder.run(x, clamps=held[ENCODER])
            said = greedy(self.decoder, begun, self._marks, held[DECODER])
            for place, one in zip(places, said, strict=True):
                found[place] = one
        return found

    def beam(self, x: ArrayLike, width: int) -> list[Hypothesis]:
        """Return likely answers by beam search, the likeliest first.

        Parameters
        ----------
        x : array_like
            As for `run`.
        width : int
            How many beginnings go on at each step, and the most answers; 1 is greedy.

        Returns
        -------
        list of Hypothesis
            Tokens without the end mark, and their log probability in nats.

        Raises
        ------
        DTypeError, ShapeError, RangeError
            If an argument does not fit.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 10, 5, hidden_size=4, seed=0, limit=3)
        >>> [one.tokens for one in model.beam([4, 1, 7], 2)]
        [(3, 0, 3), (0, 3, 0)]
        """
        check_size("width", width)
        begun = self.encoder.run(self._input(x)[:, None])
        return beam(self.decoder, begun, self._marks, width)

    @property
    def _marks(self) -> Marks:
        return Marks(self.start, self.end, self.limit)

    def _input(self, x: ArrayLike) -> NDArray[Any]:
        """Return one sequence as the encoder reads it."""
        try:
            found = np.asarray(x)
        except ValueError:
            raise ShapeError("x", "have shape (T,) or (T, I)", "rows of other lengths") from None
        is_symbols = found.dtype.kind in "iu" and found.ndim == 1
        if not len(found) or found.ndim != (1 if is_symbols else 2):
            wanted = "be symbols of shape (T,), or numbers of shape (T, I), with T ≥ 1"
            raise ShapeError("x", wanted, f"shape {found.shape}")
        return self.encoder.symbols_in(found) if is_symbols else found

    def _spans(
        self,
        reading: Iterator[NetworkSpan],
        T: int,
        clamps: list[Clamp],
        keep: Seq2SeqTrace | None,
        kept: int,
    ) -> Iterator[Seq2SeqSpan]:
        """Yield the encoder's spans, then the decoder's steps."""
        for span in reading:
            if span.stop > span.start:
                yield Seq2SeqSpan(ENCODER, span.start, span.stop, span)
        assert span.trace is not None
        encoder = span.trace
        if keep is not None and encoder.is_compiled != keep.encoder.is_compiled:
            keep, kept = None, 0  # the decoder starts from other numbers, in the last digit
        decoder = None if keep is None else keep.decoder
        if keep is not None and kept == len(keep.said):
            x, now = self.decoder.symbols_in(keep.read), before(clamps, kept)
            decoder = self.decoder.resume(keep.decoder, x, kept, clamps=now)
            done = NetworkSpan(kept, kept, decoder, (kept,) * len(decoder.layers))
            trace = replace(keep, encoder=encoder, decoder=decoder)
            yield Seq2SeqSpan(DECODER, T + kept, T + kept, done, trace, is_last=True)
            return
        read = [self.start] if keep is None else list(keep.read[: kept + 1])
        said = [] if keep is None else list(keep.said[:kept])
        for t in range(kept, self.limit):
            x, now = self.decoder.symbols_in(read), before(clamps, t + 1)
            if decoder is None:
                decoder = self.decoder.run(x, *encoder.states_after(-1), clamps=now)
            else:
                decoder = self.decoder.resume(decoder, x, t, clamps=now)
            said.append(int(decoder.output[t].argmax()))
            trace = Seq2SeqTrace(encoder, decoder, tuple(read), tuple(said), self.end)
            is_last = trace.is_ended or t + 1 == self.limit
            span = NetworkSpan(t, t + 1, decoder, (t + 1,) * len(decoder.layers))
            yield Seq2SeqSpan(DECODER, T + t, T + t + 1, span, trace, is_last)
            if is_last:
                return
            read.append(said[-1])


def _kept(keep: Seq2SeqTrace | None, start: int, T: int) -> int:
    """Return how many steps of the decoder an earlier trace can give."""
    if keep is None or len(keep.encoder.x) != T or start <= T:
        if start > T:
            wanted = f"be from 0 to {T}, the steps in, as x has changed"
            raise RangeError("start", wanted, str(start))
        return 0
    last = T + len(keep.said)
    if start > last:
        raise RangeError("start", f"be from 0 to {last}, the steps to keep", str(start))
    return start - T
