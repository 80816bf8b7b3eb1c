"""The pages about the candidate, the two curves and the new state."""

from __future__ import annotations

from gru_core.gallery.card import Look
from gruscope.content.tour.page import (
    Answer,
    Fact,
    Hold,
    Option,
    Outcome,
    Page,
    Question,
    Says,
    Weight,
    document_of,
)

CANDIDATE = Page(
    name="candidate",
    title="The candidate",
    text=(
        "The [candidate](n) is the new value that a unit proposes: a sum of the [input](x) and the "
        "old state, each times its [weights](W_n). The [reset gate](r) scales the part of the old "
        "state. [tanh](#tanh) maps the sum to a number between −1 and 1. At the a of t = 5 unit 3 "
        "proposes 0.92; at a b it would propose −0.92."
    ),
    document=document_of("first"),
    look=Look("n", 4, 3),
    show=("n", "W_n"),
    panel="plots",
    task=Weight(
        "Now set W_n of unit 3 for the letter a to −3, below.", "W_n", 3, 1, -3.0, (-3.05, -2.95)
    ),
    given=(Fact("n", 3, 4, -1.0, -0.98),),
    question=Question(
        "Its weight for a is 1.43. If it were −3, what would be the answer at the end?",
        Answer(-1),
        (
            Outcome("a", "as now"),
            Outcome("b", "unit 3 proposes −0.99 and takes the a for a b"),
            Outcome("–", "the unit proposes nothing"),
        ),
    ),
)

CURVES = Page(
    name="curves",
    title="Two curves",
    text=(
        "A gate is a share, so gates use the [sigmoid](#sigmoid): it maps any sum to a number "
        "between 0 and 1. States may be negative, so candidates use [tanh](#tanh). At the b of "
        "t = 9 the terms of [z](z) of unit 3 add up to 4.95, and the sigmoid of that is 0.99. The "
        "b itself adds −2.63, its weight."
    ),
    document=document_of("first"),
    look=Look("z", 8, 3),
    show=("z", "W_z"),
    panel="number",
    task=Weight(
        "Now set W_z of unit 3 for the letter b to −10, below.", "W_z", 3, 2, -10, (-10.05, -9.95)
    ),
    given=(Says(-1, "b"),),
    question=Question(
        "If the b added −10, the sum would be −2.42. What would z be?",
        Look("z", 8, 3),
        (
            Option("0.99", "as now", 0.985, 0.995),
            Option("0.08", "the gate is shut, and the state follows the b", 0.07, 0.09),
            Option("−2.42", "the sum itself", -2.5, -2.3),
        ),
    ),
)

BLEND = Page(
    name="blend",
    title="The new state",
    text=(
        "The [update gate](z) blends old and new, like a valve between two pipes. The unit keeps "
        "the share z of the [old state](h_prev) and takes the share [1 − z](1-z) of the "
        "[candidate](n). The result is its activation, the [new state](h). At the first 1, at t = "
        "2, unit 1 must write: it keeps 1 % of 0.59, takes 99 % of −0.94, and becomes −0.93."
    ),
    document=document_of("parity"),
    look=Look("h", 1, 1),
    show=("z", "n", "h"),
    panel="plots",
    task=Hold("Now hold z of unit 1 at 1, at t = 2 only.", "z", 1, 1, 1.0),
    given=(Fact("h", 1, 0, 0.58, 0.6), Fact("h", 1, 1, 0.58, 0.6)),
    equation="h",
    question=Question(
        "If z were 1 here, what would be the answer?",
        Answer(1),
        (
            Outcome("odd", "as now"),
            Outcome("even", "the unit keeps its old state and does not count this 1"),
        ),
    ),
)
