"""How the gallery's networks are trained: ``gruscope train --gallery NAME`` makes each again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gru_core.learn.initial import Architecture
from gru_core.learn.options import Options
from gru_core.learn.tasks.adding import Adding
from gru_core.learn.tasks.dyck import Dyck
from gru_core.learn.tasks.flipflop import FlipFlop
from gru_core.learn.tasks.forecast import Forecast
from gru_core.learn.tasks.latch import Latch
from gru_core.learn.tasks.parity import Parity
from gru_core.learn.tasks.sine import Sine
from gru_core.learn.tasks.task import Task
from gru_core.learn.tasks.temporal_order import TemporalOrder
from gru_core.learn.tasks.words import Names, Words
from gru_core.learn.translation.dates import Dates
from gru_core.learn.translation.numbers import Numbers
from gru_core.learn.translation.translation import Translation


@dataclass(frozen=True, kw_only=True)
class TrainingRecipe:
    """What a network of the gallery learns, and how.

    Attributes
    ----------
    title, text : str
        Its name, and a sentence for the list of networks.
    family : str
        "text", "numbers" or "memory".
    task : Task or Translation
    architecture : Architecture
        Of the network, or of each of encoder and decoder.
    options : Options
    seed : int
    inputs : tuple of str
        Texts that show it, the first one first on the page. Without them, sequences are drawn.

    Examples
    --------
    >>> RECIPES["parity"].architecture.hidden_size
    4
    """

    title: str
    text: str
    family: str
    task: Task | Translation
    architecture: Architecture
    options: Options
    seed: int = 0
    inputs: tuple[str, ...] = ()


def _options(steps: int, **changed: Any) -> Options:
    """Return options that train to the end, with a falling learning rate."""
    return Options(steps=steps, schedule="cosine", until_solved=False, **changed)


_CHRONO, _ORTHOGONAL = {"initial": "orthogonal+chrono"}, {"initial": "orthogonal"}
_ORDER = TemporalOrder(length=100)
_MARKS = "Two letters matter, X or Y; the answer at the end is which they were, in order."

RECIPES: Mapping[str, TrainingRecipe] = MappingProxyType(
    {
        "first": TrainingRecipe(
            title="Which came first?",
            text="Says at every step which letter came first. It has to remember it.",
            family="memory",
            task=Latch(length=50),
            architecture=Architecture("gru", 4),
            options=_options(1500, **_CHRONO),
            inputs=("....a...b....b..a....bb.....a...", "...b..a.a....b.......a....a....."),
        ),
        "brackets": TrainingRecipe(
            title="Brackets",
            text="Says at every step which bracket would close the innermost open one.",
            family="text",
            task=Dyck(length=40, depth=8),
            architecture=Architecture("gru", 16),
            options=_options(5000, **_ORTHOGONAL),
            inputs=("([()[]])[[(())]()]([])", "(((([[[[]]]]))))[]()", "[()()()[()]]([[]])"),
        ),
        "words": TrainingRecipe(
            title="English words",
            text="Says which letter comes next, and can write on.",
            family="text",
            task=Words(length=40),
            architecture=Architecture("gru", 64),
            options=_options(6000, **_ORTHOGONAL),
            inputs=(" the state moves and what stays is memory", " remember the letter that came"),
        ),
        "names": TrainingRecipe(
            title="First names",
            text="Says which letter of a first name comes next, and can make up new names.",
            family="text",
            task=Names(length=40),
            architecture=Architecture("gru", 48),
            options=_options(4000, **_ORTHOGONAL),
            inputs=(" anna martin sophia jonathan maria", " christopher katharina alexander"),
        ),
        "parity": TrainingRecipe(
            title="Even or odd",
            text="Says at every step whether the number of ones so far is even or odd.",
            family="memory",
            task=Parity(length=16),
            architecture=Architecture("gru", 4),
            options=_options(1500),
            inputs=("0110100101110010", "0000100000010000", "1111111111111111"),
        ),
        "flipflop": TrainingRecipe(
            title="Three flip-flops",
            text="Holds the last pulse of each of three channels.",
            family="memory",
            task=FlipFlop(length=50),
            architecture=Architecture("gru", 12),
            options=_options(3000, **_ORTHOGONAL),
        ),
        "order-gru": TrainingRecipe(
            title="Temporal order, GRU",
            text=_MARKS,
            family="memory",
            task=_ORDER,
            architecture=Architecture("gru", 16),
            options=_options(600, **_CHRONO),
        ),
        "order-lstm": TrainingRecipe(
            title="Temporal order, LSTM",
            text=f"{_MARKS} Trained like the GRU.",
            family="memory",
            task=_ORDER,
            architecture=Architecture("lstm", 16),
            options=_options(600, **_CHRONO),
        ),
        "order-rnn": TrainingRecipe(
            title="Temporal order, RNN",
            text=f"{_MARKS} Trained like the GRU, and it does not learn it.",
            family="memory",
            task=_ORDER,
            architecture=Architecture("rnn", 16),
            options=_options(600, **_ORTHOGONAL),
        ),
        "adding": TrainingRecipe(
            title="Adding",
            text="Of many numbers two are marked: it says their sum at the end.",
            family="numbers",
            task=Adding(length=50),
            architecture=Architecture("gru", 16),
            options=_options(3000, **_CHRONO),
        ),
        "sunspots-next": TrainingRecipe(
            title="Sunspots, next year",
            text="Says next year's number of sunspots, and can write the series on.",
            family="numbers",
            task=Forecast(length=50),
            architecture=Architecture("gru", 8),
            options=_options(800, learning_rate=0.003, **_ORTHOGONAL),
        ),
        "sine": TrainingRecipe(
            title="Sine",
            text="A frequency in, a wave of this frequency out.",
            family="numbers",
            task=Sine(length=60),
            architecture=Architecture("gru", 16),
            options=_options(3000, **_ORTHOGONAL),
        ),
        "numbers": TrainingRecipe(
            title="Numbers in words",
            text="Reads a number digit by digit, then writes it in words, letter by letter.",
            family="text",
            task=Numbers(digits=4),
            architecture=Architecture("gru", 64),
            options=_options(2000, score_every=100, **_CHRONO),
            inputs=("417", "2026", "8", "90", "5813"),
        ),
        "dates": TrainingRecipe(
            title="Dates",
            text="Reads a date in one of six forms, then writes it as 2026-11-27.",
            family="text",
            task=Dates(),
            architecture=Architecture("gru", 48),
            options=_options(2000, score_every=100, **_CHRONO),
            inputs=("27 November 2026", "11/27/2026", "May 1, 1999", "3 Feb 1984", "24.12.2001"),
        ),
    }
)
"""By name, in the order of the gallery."""
