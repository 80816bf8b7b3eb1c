"""The pages about the readout, what units have learnt, and training."""

from __future__ import annotations

from gru_core.gallery.card import Look
from gruscope.content.tour.page import (
    Answer,
    Fact,
    Hold,
    Outcome,
    Page,
    Question,
    Train,
    document_of,
)

OUTPUTS = Page(
    name="outputs",
    title="From state to answer",
    text=(
        "The answer is computed from the [new state](h) alone. For each class, the "
        "[readout](#readout) adds up h of every unit times a weight. The sum is called a "
        "[logit](#logit). [Softmax](#softmax) turns the logits into shares of 100 %, and the "
        "largest wins. At t = 32 the logit of a is 7.18, that of – is −0.67. Of the 7.18, 2.28 "
        "come from unit 0: 2.28 times an h of 1.00."
    ),
    document=document_of("first"),
    look=Look("h", 31, 0),
    show=("h",),
    panel="output",
    task=Hold("Now hold h of unit 0 at −1, at t = 32 only.", "h", 0, 31, -1.0),
    given=(Fact("h", 1, 31, 0.99, 1.0), Fact("h", 3, 31, 0.8, 0.82)),
    question=Question(
        "If h of unit 0 were −1 here, what would be the answer?",
        Answer(31),
        (
            Outcome("a", "as now"),
            Outcome("–", "the logit of a falls to 2.62, that of – rises to 3.36"),
            Outcome("b", "h changes its sign, and so does the answer"),
        ),
    ),
    output=1,
)

UNITS = Page(
    name="units",
    title="What a unit has learnt",
    text=(
        "Nobody told the units what to do. This network says which bracket must close next, or . "
        "if none is open. Unit 8 follows how many are open, unit 7 whether any is. Press Measure: "
        "a bar is the score without that unit. Without unit 8 about 94 % of the answers are right, "
        "without unit 7 only about 80 %. A unit can follow something that few answers need."
    ),
    document=document_of("brackets"),
    look=Look("h", 20, 7),
    show=("h",),
    panel="cell",
    task=Hold("Now ablate unit 7: its h is then 0 throughout.", "h", 7, None, 0.0),
    question=Question(
        "At t = 21 a ( is still open. What is the answer without unit 7?",
        Answer(20),
        (
            Outcome(")", "as now"),
            Outcome(".", "the network takes this bracket for closed"),
            Outcome("]", "it takes one bracket for the other"),
        ),
    ),
    inside="units",
)

TRAINING = Page(
    name="training",
    title="Watch it learn",
    text=(
        "All these networks began with random weights and guessed. Training shows examples, "
        "measures the error (the loss), follows its [gradient](#gradient) back through all steps, "
        "and changes every weight a little. It never says what a gate should do. Train 16 units "
        "to tell even from odd: within 400 steps 99 % of the answers are right. Watch [z](z) and "
        "the answers change, and drag the slider back through the training."
    ),
    document=document_of("parity"),
    look=Look("z", 2, 1),
    show=("z", "r"),
    panel="plots",
    task=Train("Start the training and watch it.", "parity", 0.99),
)
