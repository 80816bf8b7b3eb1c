"""The pages about the two gates."""

from __future__ import annotations

from gru_core.gallery.card import Look
from gruscope.content.tour.page import Answer, Fact, Hold, Outcome, Page, Question, document_of

UPDATE = Page(
    name="update",
    title="The update gate",
    text=(
        "This network says which letter came first, a or b, so it must keep the a of t = 5. A "
        "[gate](#gate) is a number between 0 (shut) and 1 (open). The [update gate](z) says how "
        "much of its [old state](h_prev) a unit keeps: all at 1, nothing at 0. At the b of t = 9, "
        "z of unit 3 is 0.99, and the answer stays a."
    ),
    document=document_of("first"),
    look=Look("z", 8, 3),
    show=("z",),
    panel="plots",
    task=Hold("Now hold z of unit 3 at 0, at t = 9 only.", "z", 3, 8, 0.0),
    given=(Fact("h", 3, 7, 0.84, 0.86),),
    question=Question(
        "If z were 0 there, what would be the answer at the end?",
        Answer(-1),
        (
            Outcome("a", "as now"),
            Outcome("b", "the unit takes the b for the first letter"),
            Outcome("–", "the unit has forgotten both letters"),
        ),
    ),
)

RESET = Page(
    name="reset",
    title="The reset gate",
    text=(
        "This network says whether the ones so far are even or odd. At a 1, unit 1 must change "
        "sides, so its [candidate](n) has to see the [old state](h_prev). The [reset gate](r) "
        "says how much of it the candidate sees: all at 1, nothing at 0. At 0 the unit has no "
        "past. At t = 3 r of unit 1 is 1.00, and the state of the unit goes from −0.93 to 0.46."
    ),
    document=document_of("parity"),
    look=Look("r", 2, 1),
    show=("r", "n"),
    panel="plots",
    task=Hold("Now hold r of unit 1 at 0, at t = 3 only.", "r", 1, 2, 0.0),
    given=(Fact("h", 1, 1, -0.935, -0.925), Fact("h", 1, 2, -0.9, -0.8)),
    question=Question(
        "If r were 0 there, what would be the answer at t = 4?",
        Answer(3),
        (
            Outcome("even", "as now"),
            Outcome("odd", "unit 1 does not turn, and all later answers are wrong"),
        ),
    ),
)
