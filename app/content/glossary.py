"""The glossary of the page and the tour, as data.

Texts use the markup of `gruscope.content.tour.page`. `names` are the quantities or weights that an
entry explains, in whichever cell has them; the page lights them in the picture.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A term, the names in the picture that it explains, and its meaning."""

    term: str
    names: tuple[str, ...]
    text: str


GLOSSARY = (
    Entry(
        "bias",
        ("b_z",),
        "A number that is added to a sum whatever the input is. A large bias on an update gate "
        "keeps it open, so the unit keeps its state unless the input or the state outweighs it.",
    ),
    Entry(
        "candidate",
        ("n",),
        "The new value that a unit proposes at this step. The update gate decides how much of it "
        "enters the state. The LSTM has one too, [g](g).",
    ),
    Entry(
        "cell state",
        ("c",),
        "The inner memory of an LSTM. Other units see only the part that the [output gate](o) "
        "lets through.",
    ),
    Entry(
        "exploding gradient",
        (),
        "A [gradient](#gradient) that grows with every step on its way back, until training "
        "becomes unstable. Gates do not prevent it; limiting the gradient's length does.",
    ),
    Entry(
        "forget gate",
        ("f",),
        "In an LSTM, the share of the old [cell state](c) that is kept. At 1 (open) nothing is "
        "forgotten.",
    ),
    Entry(
        "gate",
        ("z", "r", "i", "f", "o"),
        "A number between 0 and 1 by which a value is multiplied. A gate near 1 is open and lets "
        "the value through; a gate near 0 is shut and blocks it. An open [update gate](z) lets "
        "the old state through, so the unit keeps it. Every unit has its own gates, computed at "
        "every step.",
    ),
    Entry(
        "gradient",
        (),
        "How much a result changes if a weight or an earlier state changes a little. Training "
        "follows it. On its way back to an early step it is multiplied once for each step.",
    ),
    Entry(
        "hidden state",
        ("h",),
        "Everything that a network remembers of the past, one number for each unit. It is the "
        "output of a step, and the [old state](h_prev) of the next one. The first step starts "
        "from zeros.",
    ),
    Entry(
        "input",
        ("x",),
        "The numbers that a step reads. A letter becomes a list that is 1 at the letter's place in "
        "the alphabet and 0 elsewhere.",
    ),
    Entry(
        "input gate",
        ("i",),
        "In an LSTM, how much of the [proposal](g) is added to the [cell state](c).",
    ),
    Entry(
        "logit",
        (),
        "The sum that the [readout](#readout) makes for one class, before [softmax](#softmax). It "
        "can be any number; the class with the largest one is the answer.",
    ),
    Entry(
        "multiplication by unit, ⊙",
        (),
        "Multiplies two lists unit by unit: the first by the first, the second by the second.",
    ),
    Entry(
        "output gate",
        ("o",),
        "In an LSTM, how much of the [cell state](c) is shown as [h](h). A GRU does not have this "
        "gate.",
    ),
    Entry(
        "readout",
        ("h",),
        "The last part of a network. It computes the answer of a step from the state: for each "
        "output, the sum of h of every unit times a weight, and a bias.",
    ),
    Entry(
        "recurrent network",
        ("h",),
        "A network that reads a sequence step by step with the same weights and passes a state "
        "from each step to the next. RNN for short.",
    ),
    Entry(
        "reset gate",
        ("r",),
        "How much of the old state the [candidate](n) sees: all of it at 1 (open), nothing at 0 "
        "(shut). It multiplies after the product with [U_n](U_n), or before it in some forms; see "
        "the Form menu.",
    ),
    Entry(
        "sigmoid",
        ("z",),
        "σ, the curve that maps any sum to a number between 0 and 1; a sum of 0 gives 0.5. "
        "Gates use it.",
    ),
    Entry(
        "softmax",
        (),
        "Turns the [logits](#logit) of all classes into shares between 0 and 1 that add up to 1. "
        "One more in a logit makes its share about 2.7 times as large beside the others.",
    ),
    Entry(
        "tanh",
        ("n",),
        "The curve that maps any sum to a number between −1 and 1; a sum of 0 gives 0. "
        "Candidates use it.",
    ),
    Entry(
        "timestep",
        (),
        "One piece of a sequence and everything that is computed for it. Steps count from 1 on "
        "the page, because h_0 is the state before the first.",
    ),
    Entry(
        "unit",
        (),
        "One number of the state, with its gates, its candidate and its row in each weight matrix. "
        "Units count from 0, as in NumPy.",
    ),
    Entry(
        "update gate",
        ("z",),
        "How much of the old state a unit keeps: all of it at 1 (open), nothing at 0 (shut). The "
        "rest comes from the [candidate](n). In some forms 1 writes the candidate instead; see "
        "the Form menu.",
    ),
    Entry(
        "vanishing gradient",
        (),
        "A [gradient](#gradient) that shrinks with every step on its way back, until the network "
        "learns nothing from early steps. GRU and LSTM were invented to prevent this.",
    ),
    Entry(
        "weight",
        ("W_z", "U_z"),
        "A number that training sets. It says how strongly a value counts in a sum. W multiplies "
        "the input, U the old state.",
    ),
)
"""In alphabetical order."""


def glossary_json() -> list[dict[str, Any]]:
    """Return the entries as JSON for the page's script."""
    return [entry._asdict() for entry in GLOSSARY]
