"""Everything that an encoder and a decoder computed, on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from gru_core.arrays import check_index
from gru_core.network.spans import NetworkSpan
from gru_core.network.trace import NetworkTrace

Stage = Literal["encoder", "decoder"]
ENCODER: Final = "encoder"
DECODER: Final = "decoder"
STAGES: Final[tuple[Stage, Stage]] = (ENCODER, DECODER)


class Place(NamedTuple):
    """A step of one of the two networks.

    Attributes
    ----------
    stage : {"encoder", "decoder"}
    t : int
        The step as that network counts, from 0.

    Examples
    --------
    See `Seq2SeqTrace.place`.
    """

    stage: Stage
    t: int


@dataclass(frozen=True, eq=False)
class Seq2SeqTrace:
    """Everything that an encoder and a decoder computed.

    Attributes
    ----------
    encoder : NetworkTrace
        Of T_e steps.
    decoder : NetworkTrace
        Of T_d steps; its layers start from the last states of the encoder's.
    read : tuple of int
        What the decoder read at each of its steps: the start mark, then its own answers.
    said : tuple of int
        What it answered at each of its steps, with the end mark if it said it.
    end : int
        The end mark.

    Notes
    -----
    One clock counts the steps of both: t < T_e is a step of the encoder, and T_e ≤ t < T_e + T_d
    step t − T_e of the decoder. To explain a value at t::

        stage, step = trace.place(t)
        explain(trace.of(stage).layers[0], model.of(stage).layers[0].first, "z", t=step, unit=0)

    Examples
    --------
    >>> from gru_core import Seq2Seq
    >>> trace = Seq2Seq.random("gru", 4, 3, hidden_size=2, seed=0, limit=5).run([2, 0])
    >>> trace.encoder.states.shape, trace.decoder.answer.shape, trace.steps
    ((2, 2), (5, 3), (2, 5))
    """

    encoder: NetworkTrace
    decoder: NetworkTrace
    read: tuple[int, ...]
    said: tuple[int, ...]
    end: int

    @property
    def tokens(self) -> tuple[int, ...]:
        """The answer, without the end mark."""
        return self.said[:-1] if self.is_ended else self.said

    @property
    def is_ended(self) -> bool:
        """Whether the decoder said the end mark, and did not just reach its limit."""
        return bool(self.said) and self.said[-1] == self.end

    @property
    def steps(self) -> tuple[int, int]:
        """T_e and T_d."""
        return len(self.encoder.x), len(self.decoder.x)

    def of(self, stage: Stage) -> NetworkTrace:
        """Return the trace of a stage.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> trace = Seq2Seq.random("gru", 4, 3, hidden_size=2, seed=0, limit=5).run([2, 0])
        >>> trace.of("encoder") is trace.encoder
        True
        """
        return self.encoder if stage == ENCODER else self.decoder

    def place(self, t: int) -> Place:
        """Return the stage and the step in it of a step on the clock of both.

        Parameters
        ----------
        t : int
            From 0 to T_e + T_d − 1.

        Raises
        ------
        RangeError
            If t is out of range.

        Examples
        --------
        >>> from gru_core import Seq2Seq
        >>> model = Seq2Seq.random("gru", 4, 3, hidden_size=2, seed=0, limit=5)
        >>> trace = model.run([2, 0])
        >>> trace.place(1), trace.place(2)
        (Place(stage='encoder', t=1), Place(stage='decoder', t=0))
        """
        check_index("t", t, sum(self.steps))
        return placed_step(t, len(self.encoder.x))


def placed_step(t: int, encoder_steps: int) -> Place:
    """Return the stage and the step in it of a step on the clock of both.

    Examples
    --------
    >>> placed_step(5, 4)
    Place(stage='decoder', t=1)
    """
    return Place(ENCODER, t) if t < encoder_steps else Place(DECODER, t - encoder_steps)


@dataclass(frozen=True, eq=False)
class Seq2SeqSpan:
    """A range of finished steps of one of the two networks.

    Attributes
    ----------
    stage : {"encoder", "decoder"}
    start, stop : int
        The finished steps on the clock of both, start ≤ t < stop.
    span : NetworkSpan
        The same steps as the stage's network counts them, with its trace. That of the encoder has
        all T_e steps; that of the decoder has the steps up to now only, since it is not known how
        many there will be.
    trace : Seq2SeqTrace or None
        Of both, with the answer so far; None while the encoder reads.
    is_last : bool

    Examples
    --------
    >>> from gru_core import Seq2Seq
    >>> first, *_ = Seq2Seq.random("gru", 4, 3, hidden_size=2, seed=0, limit=5).spans([2, 0])
    >>> first.stage, first.stop, first.trace
    ('encoder', 2, None)
    """

    stage: Stage
    start: int
    stop: int
    span: NetworkSpan
    trace: Seq2SeqTrace | None = None
    is_last: bool = False
