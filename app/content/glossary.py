"""What words mean: the glossary of the page and the tour, as data.

Texts use the markup of `gruscope.content.tour`. `names` are the quantities or weights that an entry
is about, in whichever cell has them; they lead to the picture.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A term, what of the picture it is about, and what it means."""

    term: str
    names: tuple[str, ...]
    text: str


GLOSSARY = (
    Entry(
        "bias",
        ("b_z",),
        "A number added to a sum whatever the input is. A large bias on an update gate makes it "
        "keep, unless something speaks against it.",
    ),
    Entry(
        "candidate",
        ("n",),
        "What a unit proposes to become at this step, before the update gate decides how much of "
        "it goes in. The LSTM has one too, [g](g).",
    ),
    Entry(
        "cell state",
        ("c",),
        "The inner memory of an LSTM. Other units see it only as far as the "
        "[output gate](o) shows it.",
    ),
    Entry(
        "exploding gradient",
        (),
        "A [gradient](#gradient) that grows with every step it travels back, until training "
        "jumps about. Gates do not prevent it; cutting gradients to a largest length does.",
    ),
    Entry(
        "forget gate",
        ("f",),
        "In an LSTM, the share of the old [cell state](c) that stays. At 1 nothing is forgotten.",
    ),
    Entry(
        "gate",
        ("z", "r", "i", "f", "o"),
        "A number between 0 and 1 that something is multiplied with: at 0 nothing comes through, "
        "at 1 everything. Each unit has its own, computed anew at every step.",
    ),
    Entry(
        "gradient",
        (),
        "How much a result would change if a weight, or an earlier state, were changed a little. "
        "Training follows it. To reach an early step it is multiplied once for every step on "
        "the way back.",
    ),
    Entry(
        "hidden state",
        ("h",),
        "All that a network knows of the past, one number a unit. It goes out at the end of a step "
        "and comes in at the next as the [old state](h_prev). The first has nothing before it, "
        "so it starts from zeros.",
    ),
    Entry(
        "input",
        ("x",),
        "What comes in at a step: numbers as they are; a letter as a list that is 1 at its place "
        "in the alphabet and 0 elsewhere.",
    ),
    Entry(
        "input gate",
        ("i",),
        "In an LSTM, how much of the [proposal](g) is added to the [cell state](c).",
    ),
    Entry(
        "multiplication by unit, ⊙",
        (),
        "Unit by unit: the first with the first, the second with the second.",
    ),
    Entry(
        "output gate",
        ("o",),
        "In an LSTM, how much of the [cell state](c) is shown as [h](h). A GRU has no such gate.",
    ),
    Entry(
        "recurrent network",
        ("h",),
        "A network that reads a sequence step by step with the same weights and hands a state on "
        "from each step to the next. RNN for short.",
    ),
    Entry(
        "reset gate",
        ("r",),
        "How much of the old state the [candidate](n) may see. Where it multiplies differs: after "
        "the product with [U_n](U_n), as here to begin with, or before it; see the Form menu.",
    ),
    Entry(
        "sigmoid",
        ("z",),
        "σ, the curve that turns any sum into a number between 0 and 1; a sum of 0 gives 0.5. "
        "Gates are made with it.",
    ),
    Entry(
        "tanh",
        ("n",),
        "The curve that turns any sum into a number between −1 and 1; a sum of 0 gives 0. "
        "Candidates are made with it.",
    ),
    Entry(
        "timestep",
        (),
        "One piece of a sequence and all that is computed for it. Counted from 1 on the page: "
        "step 0 would be the state before the first.",
    ),
    Entry(
        "unit",
        (),
        "One number of the state with all that makes it: its gates, its candidate, its row in "
        "each weight matrix. Counted from 0, as in NumPy.",
    ),
    Entry(
        "update gate",
        ("z",),
        "How much of the old state stays; the rest is filled from the [candidate](n). In some "
        "books 1 means the opposite, that the candidate is written; see the Form menu.",
    ),
    Entry(
        "vanishing gradient",
        (),
        "A [gradient](#gradient) that shrinks with every step it travels back, until early steps "
        "teach the network nothing. What GRU and LSTM were made against.",
    ),
    Entry(
        "weight",
        ("W_z", "U_z"),
        "A number that training sets: how strongly one thing counts in the sum of another. "
        "W stands for what the input is multiplied with, U for the old state.",
    ),
)
"""In alphabetical order."""


def glossary_json() -> list[dict[str, Any]]:
    """Return the entries as the page's script has them."""
    return [entry._asdict() for entry in GLOSSARY]
