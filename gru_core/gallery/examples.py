"""The gallery: networks wired by hand or random, each with an input and a story.

The latch, H = 2, alphabet ".ab". Unit 0 means "a came first", unit 1 "b came first". The weights
are large, so that gates round to exactly 0 or 1 and every number is easy to check by hand::

    a_z[0] = 40 − 80·[x is a] + 80·(h[0] + h[1])      n[0] = tanh(20·[x is a])
    a_z[1] = 40 − 80·[x is b] + 80·(h[0] + h[1])      n[1] = tanh(20·[x is b])

At a filler z keeps (a_z = 40, z = 1). The first a writes unit 0 (a_z = 40 − 80 = −40, z = 0,
n = 1). From then on h[0] + h[1] = 1 keeps every z at 1: a_z is at least 40 − 80 + 80 = 40.

The toggle, H = 2, alphabet ".t", counts in binary with digits −1 and 1 (0: never written)::

    a_z[0] =  40 − 80·[x is t]                n[0] = tanh(20 − 40·r[0]·h[0])
    a_z[1] = 120 − 80·[x is t] − 80·h[0]      n[1] = tanh(20 − 40·r[1]·h[1])
    a_r    =  40, so r = 1

Each candidate is the opposite of its unit's state, and 1 at first. A t writes unit 0. It writes
unit 1 only if unit 0 is about to fall from 1 to −1: this is the carry.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gru_core.arrays import FloatArray
from gru_core.cells.gru import GRUParams
from gru_core.gallery.card import Family, Look
from gru_core.learn.data.sunspots import sunspots
from gru_core.run.text import one_hot


class Recipe(NamedTuple):
    """Arguments of `GRUParams.random`.

    Attributes
    ----------
    input_size, hidden_size, seed : int
    gain : float

    Examples
    --------
    >>> EXAMPLES["sunspots"].recipe
    Recipe(input_size=1, hidden_size=16, seed=13, gain=1.0)
    """

    input_size: int
    hidden_size: int
    seed: int
    gain: float = 1.0


@dataclass(frozen=True, eq=False)
class Example:
    """A network with an input and a story about them.

    Attributes
    ----------
    name, title, story : str
    summary : str
        A sentence for the list of networks.
    family : str
        "text", "numbers" or "memory".
    look : Look
        The value and place that the story is about.
    alphabet, text : str or None
        The symbols of a network that reads text, the filler first, and the text.
    series : ndarray, shape (T, I), or None
        The input of a network that reads numbers.
    params : GRUParams or None
        Weights wired by hand.
    recipe : Recipe or None
        How to draw the weights, if they are random.

    Examples
    --------
    >>> example = EXAMPLES["toggle"]
    >>> example.alphabet, example.text
    ('.t', '..t..t.t...tt..t.t..t...')
    """

    name: str
    title: str
    story: str
    summary: str
    family: Family
    look: Look
    alphabet: str | None = None
    text: str | None = None
    series: FloatArray | None = None
    params: GRUParams | None = None
    recipe: Recipe | None = None

    def network(self, dtype: DTypeLike = np.float64) -> GRUParams:
        """Return the weights, drawn if they are random.

        Examples
        --------
        >>> EXAMPLES["latch"].network().hidden_size
        2
        """
        if self.params is not None:
            return self.params.astype(dtype)
        assert self.recipe is not None
        return GRUParams.random(**self.recipe._asdict(), dtype=dtype)

    def inputs(self, dtype: DTypeLike = np.float64) -> FloatArray:
        """Return the input, shape (T, I).

        Examples
        --------
        >>> EXAMPLES["sunspots"].inputs().shape
        (309, 1)
        """
        if self.series is not None:
            return self.series.astype(dtype)
        assert self.alphabet is not None and self.text is not None
        return one_hot(self.text, self.alphabet, dtype=dtype)


def _latch() -> Example:
    """The first symbol, kept for ever."""
    none = np.zeros((2, 3))
    params = GRUParams.from_arrays(
        W_z=[[0, -80, 0], [0, 0, -80]],
        U_z=[[80, 80], [80, 80]],
        b_z=[40, 40],
        W_r=none,
        U_r=np.zeros((2, 2)),
        W_n=[[0, 20, 0], [0, 0, 20]],
        U_n=np.zeros((2, 2)),
        b_hn=[0, 0],
    )
    return Example(
        name="latch",
        title="A latch, wired by hand",
        story=(
            "Unit 0 turns on if a comes first, unit 1 if b comes first. "
            "At the first letter, the update gate z of that unit shuts: it falls to 0, and the "
            "candidate replaces the old state. "
            "From then on both update gates stay open, at 1, so no later letter changes anything."
        ),
        summary="Remembers which letter came first. Read the weights yourself.",
        family="memory",
        look=Look("z", 4, 1),
        alphabet=".ab",
        text="....b...a..ab.bba...a..b",
        params=params,
    )


def _toggle() -> Example:
    """A binary counter of two digits."""
    none = np.zeros((2, 2))
    params = GRUParams.from_arrays(
        W_z=[[0, -80], [0, -80]],
        U_z=[[0, 0], [-80, 0]],
        b_z=[40, 120],
        W_r=none,
        U_r=none,
        b_r=[40, 40],
        W_n=none,
        U_n=[[-40, 0], [0, -40]],
        b_n=[20, 20],
        b_hn=[0, 0],
    )
    return Example(
        name="toggle",
        title="A toggle, wired by hand",
        story=(
            "Every t flips unit 0 between 1 and \u22121, and every second t flips unit 1: "
            "the units count in binary. "
            "The candidate is the opposite of the old state, which it sees through the reset "
            "gate r. "
            "Set b_r to \u221240 to shut r, and nothing flips any more."
        ),
        summary="Counts in binary with two units. Read the weights yourself.",
        family="memory",
        look=Look("n", 5, 0),
        alphabet=".t",
        text="..t..t.t...tt..t.t..t...",
        params=params,
    )


def _reader() -> Example:
    """A random network that reads a line."""
    alphabet = " abcdefghijklmnopqrstuvwxyz.,'?-"
    return Example(
        name="reader",
        title="A line, read by an untrained network",
        story=(
            "Sixteen untrained units with large random weights read a line letter by letter. At "
            "the first t of “state” the update gate of unit 15 falls to 0.16 and the unit's state "
            "jumps from −0.55 to 0.74. For the next six letters the gate stays above 0.84, so the "
            "unit keeps its new state."
        ),
        summary="Random weights read a line. What do its gates do without training?",
        family="text",
        look=Look("h", 24, 15),
        alphabet=alphabet,
        text="a letter comes in, the state moves - what stays?",
        recipe=Recipe(len(alphabet), 16, seed=60, gain=3.0),
    )


def _sunspots() -> Example:
    """A numeric series."""
    series = (sunspots() / 100)[:, None]  # (309, 1)
    series.flags.writeable = False
    return Example(
        name="sunspots",
        title="Sunspots, 1700\u20132008",
        story=(
            "The yearly mean number of sunspots, divided by 100, drives sixteen units with random "
            "weights. "
            "The update gate of unit 7 is near a half in years without spots and falls to 0.11 in "
            "1958, at the peak of the strongest cycle: the more spots, the less the unit keeps."
        ),
        summary="Random weights follow a series of numbers. A network before it learns.",
        family="numbers",
        look=Look("z", 258, 7),
        series=series,
        recipe=Recipe(1, 16, seed=13),
    )


EXAMPLES = {made.name: made for made in (_reader(), _latch(), _toggle(), _sunspots())}
"""The examples by name, in the order of the menu."""
