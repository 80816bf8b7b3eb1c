"""Stories of an encoder and a decoder: the unit that matters most, and a hold in the encoder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from gru_core.gallery.card import Hold, UnitStory
from gru_core.gallery.holds import KEEPS
from gru_core.learn.translation.batch import Pairs
from gru_core.learn.translation.translation import Translation
from gru_core.run.clamps import Clamp
from gru_core.seq2seq.seq2seq import Seq2Seq
from gru_core.seq2seq.trace import ENCODER, Stage

SCORED = 250
"""The texts that each unit is ablated on."""


class Missing(NamedTuple):
    """The score without a unit of one of the two networks.

    Attributes
    ----------
    stage : {"encoder", "decoder"}
    layer, unit : int
    score : float
        While the unit's h is 0 at every step of its stage.
    """

    stage: Stage
    layer: int
    unit: int
    score: float


def pair_ablations(task: Translation, model: Seq2Seq, batch: Pairs) -> Iterator[Missing]:
    """Yield the score without each unit in turn, the encoder's first.

    Parameters
    ----------
    task : Translation
    model : Seq2Seq
    batch : Pairs
        The data to score on.

    Examples
    --------
    >>> import numpy as np
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> task = Numbers(digits=2)
    >>> model = Seq2Seq.random("gru", 10, len(task.answers), hidden_size=2, seed=0, limit=9)
    >>> found = pair_ablations(task, model, task.held_out(np.random.default_rng(0), 20))
    >>> [(one.stage, one.unit) for one in found]
    [('encoder', 0), ('encoder', 1), ('decoder', 0), ('decoder', 1)]
    """
    for stage, network in model.stages.items():
        for k, layer in enumerate(network.layers):
            for unit in range(layer.first.hidden_size):
                without = [(stage, Clamp("h", unit, 0.0, layer=k))]
                yield Missing(stage, k, unit, task.score(model, batch, without))


def pair_story(
    task: Translation, model: Seq2Seq, batch: Pairs, shown: str
) -> tuple[UnitStory, ...]:
    """Tell of a hold in the encoder that changes an answer, and of the unit that matters most.

    Parameters
    ----------
    task : Translation
    model : Seq2Seq
    batch : Pairs
        Data that it was not trained on.
    shown : str
        The text that the page shows first.
    """
    return *_held(task, model, shown), _needed(task, model, batch)


def differences(said: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return at how many places two answers differ.

    Examples
    --------
    >>> differences((1, 2, 3), (1, 9))
    2
    """
    return sum(a != b for a, b in zip_longest(said, other))


def _held(task: Translation, model: Seq2Seq, shown: str) -> list[UnitStory]:
    """Tell of the hold of a gate in the encoder that makes of the answer another right-looking one.

    Of those, the one that the decoder is most certain of; nothing if no hold changes the answer.
    """
    x, found = task.encoded(shown), []
    before = model.run(x)
    for k, layer in enumerate(model.encoder.layers):
        gate = KEEPS.get(layer.first.kind)
        for unit in range(layer.first.hidden_size if gate is not None else 0):
            for t in range(len(x)):
                for at in (0.0, 1.0):
                    assert gate is not None
                    trace = model.run(x, clamps=[Clamp(gate, unit, at, t=t, layer=k)])
                    if trace.tokens == before.tokens:
                        continue
                    certain = float(trace.decoder.answer.max(axis=1).min())
                    meant = task.is_answer(task.spoken(trace.tokens))
                    found.append(((meant, certain), k, unit, Hold(gate, t, at), trace.tokens))
    if not found:
        return []
    _, k, unit, hold, said = max(found, key=lambda one: one[0])
    name = unit_words(model, ENCODER, k, unit)
    return [
        UnitStory(
            unit,
            f"Hold {hold.value} of {name} at {hold.at:g} at t = {hold.t + 1}, and the answer to "
            f"{shown} is “{task.spoken(said)}”.",
            layer=k,
            stage=ENCODER,
            hold=hold,
            changed=differences(said, before.tokens),
        )
    ]


def _needed(task: Translation, model: Seq2Seq, batch: Pairs) -> UnitStory:
    """Tell of the unit without which the score is worst."""
    score = task.score(model, batch)
    ordered = sorted(pair_ablations(task, model, batch), key=lambda one: one.score)
    worst, others = ordered[0], ordered[1].score
    name = unit_words(model, worst.stage, worst.layer, worst.unit)
    after, before, rest = (f"{100 * s:.1f} %" for s in (worst.score, score, others))
    return UnitStory(
        worst.unit,
        f"On {len(batch.lengths)} fresh texts, {after} of the answers are right without {name} "
        f"instead of {before}, and at least {rest} without any other unit.",
        layer=worst.layer,
        stage=worst.stage,
        without=worst.score,
        others=others,
    )


def unit_words(model: Seq2Seq, stage: Stage, layer: int, unit: int) -> str:
    """Return a unit's name, with its layer if there are several.

    Examples
    --------
    >>> unit_words(Seq2Seq.random("gru", 3, 4, hidden_size=2, seed=0), "decoder", 0, 1)
    'unit 1 of the decoder'
    """
    several = len(model.encoder.layers) > 1
    place = f"layer {layer + 1} of the {stage}" if several else f"the {stage}"
    return f"unit {unit} of {place}"


def pair_look(story: UnitStory) -> dict[str, Any]:
    """Return the place of a story as a card has it: where its hold acts."""
    value, t = ("h", 0) if story.hold is None else (story.hold.value, story.hold.t)
    return {"value": value, "t": t, "unit": story.unit, "layer": story.layer}
