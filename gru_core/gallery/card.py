"""The card of a trained network: what it learnt, how well, and where to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from gru_core.errors import RangeError
from gru_core.network.card import Card
from gru_core.run.layers import FORWARD, Direction
from gru_core.seq2seq.trace import Stage

Family = Literal["text", "numbers", "memory"]
"""Kinds of tasks: reading text, predicting numbers, and remembering what came earlier."""


class Look(NamedTuple):
    """The value and place that a story is about.

    Attributes
    ----------
    value : str
        One of the cell's values, such as "z" or "h".
    t, unit : int

    Examples
    --------
    >>> Look("z", t=4, unit=1)
    Look(value='z', t=4, unit=1)
    """

    value: str
    t: int
    unit: int


class Score(NamedTuple):
    """How well a network does on sequences that it was not trained on.

    Attributes
    ----------
    metric : str
        "accuracy", the share of answers that are right, or "error", the mean squared error.
    value : float
    chance : float or None
        The score of the best guess that ignores the input.
    held_out : int or None
        The number of sequences.

    Examples
    --------
    >>> Score("accuracy", 0.99, chance=0.5, held_out=512).metric
    'accuracy'
    """

    metric: Literal["accuracy", "error"]
    value: float
    chance: float | None = None
    held_out: int | None = None


class Hold(NamedTuple):
    """A value that is held at one step.

    Attributes
    ----------
    value : str
        A gate, such as "z".
    t : int
    at : float

    Examples
    --------
    >>> Hold("z", t=8, at=0.0).at
    0.0
    """

    value: str
    t: int
    at: float


class UnitStory(NamedTuple):
    """What one unit does.

    Attributes
    ----------
    unit : int
    says : str
        A sentence about what was measured.
    layer : int
    direction : str
    without : float or None
        The score without the unit.
    others : float or None
        The worst score without any other unit.
    follows : str or None
        What the unit's h follows, one of the phrases of `gru_core.gallery.features`.
    correlation : float or None
        Pearson's, between h and what it follows, over all steps.
    hold : Hold or None
        A hold of the unit in the first of the card's inputs.
    changed : int or None
        The answers that the hold changes.
    stage : {"encoder", "decoder"} or None
        The network of the unit, if there are two. The hold's t is on the clock of both.

    Examples
    --------
    >>> UnitStory(5, "It stays on after a t.").layer
    0
    """

    unit: int
    says: str
    layer: int = 0
    direction: Direction = FORWARD
    without: float | None = None
    others: float | None = None
    follows: str | None = None
    correlation: float | None = None
    hold: Hold | None = None
    changed: int | None = None
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class GalleryCard:
    """Describes a trained network of the gallery.

    Parameters
    ----------
    card : Card
        Its name, a sentence for the list of networks, and what goes in and comes out.
    family : str
        "text", "numbers" or "memory".
    task, command : str
        What it learnt, and the command that trains it again.
    seed : int
    seconds : float
        Time that the training took.
    score : Score
    look : Look
        Where its story begins, in the first of the inputs.
    layer : int
    direction : str
        Those of `look`; in JSON they are written in it.
    inputs : tuple
        Inputs that show it, the first one first on the page: texts for a network with an alphabet,
        lists of tokens for one with tokens, or lists of rows of numbers.
    order : int
        Its place in the gallery.
    story : tuple of UnitStory

    Raises
    ------
    RangeError
        If the family is unknown or there is no input.

    Examples
    --------
    >>> GalleryCard.of(Card(title="Parity"), {})
    Traceback (most recent call last):
    gru_core.errors.RangeError: card must have training, gallery, got none
    """

    card: Card
    family: Family
    task: str
    command: str
    seed: int
    seconds: float
    score: Score
    look: Look
    inputs: tuple[Any, ...]
    order: int
    layer: int = 0
    direction: Direction = FORWARD
    story: tuple[UnitStory, ...] = ()

    def __post_init__(self) -> None:
        if self.family not in get_args(Family):
            raise RangeError("family", f"be one of {', '.join(get_args(Family))}", self.family)
        if not self.inputs:
            raise RangeError("inputs", "have an input that shows the network", "none")

    @classmethod
    def of(cls, card: Card, found: Mapping[str, Any]) -> GalleryCard:
        """Return a card with the rest of the JSON it is from; `networks/README.md` describes it.

        Raises
        ------
        RangeError
            Naming entries that are missing.

        Examples
        --------
        >>> card = GalleryCard.of(Card(title="Parity"), {
        ...     "training": {"task": "parity", "command": "gruscope train --task parity",
        ...                  "seed": 1, "seconds": 20, "metric": "accuracy", "score": 1.0},
        ...     "gallery": {"family": "memory", "order": 1, "inputs": [[[0], [1]]],
        ...                 "look": {"value": "z", "t": 1, "unit": 0}},
        ... })
        >>> card.look, card.layer, card.score.value
        (Look(value='z', t=1, unit=0), 0, 1.0)
        """
        _check_has(found, "card", "training", "gallery")
        training, gallery = found["training"], found["gallery"]
        _check_has(training, "training", "task", "command", "seed", "seconds", "metric", "score")
        _check_has(gallery, "gallery", "family", "order", "look", "inputs")
        look = dict(gallery["look"])
        place = {name: look.pop(name) for name in ("layer", "direction") if name in look}
        score = Score(
            training["metric"], training["score"], training.get("chance"), training.get("held_out")
        )
        return cls(
            card=card,
            **{name: training[name] for name in ("task", "command", "seed", "seconds")},
            score=score,
            family=gallery["family"],
            order=gallery["order"],
            look=Look(**look),
            **place,
            inputs=tuple(gallery["inputs"]),
            story=tuple(_story(each) for each in gallery.get("story", ())),
        )


def _check_has(found: Mapping[str, Any], where: str, *names: str) -> None:
    """Raise `RangeError` unless an object has all of these entries."""
    if missing := [name for name in names if name not in found]:
        raise RangeError(where, f"have {', '.join(missing)}", "none")


def _story(found: Mapping[str, Any]) -> UnitStory:
    """Return a unit's story; other entries are left out."""
    given = {name: found[name] for name in UnitStory._fields if name in found}
    return UnitStory(**given | ({"hold": Hold(**found["hold"])} if "hold" in found else {}))
