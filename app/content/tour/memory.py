"""The first pages: recurrence, and why a network without gates forgets."""

from __future__ import annotations

from gru_core.gallery.card import Look
from gruscope.content.tour.page import Answer, Choose, Page, Says, Select, document_of

WHY = Page(
    name="why",
    title="One step at a time",
    text=(
        "Text, speech and measurements come piece by piece. A "
        "[recurrent network](#recurrent network) reads them in order, with the same "
        "[weights](#weight) at every step. A step sees only its [input](x) and the "
        "[hidden state](h_prev) of the step before. This network has learnt which letter of a word "
        "comes next. After the m at t = 4 it expects an o. At t = 6 an m comes again, but the "
        "[state](h) is another."
    ),
    document=document_of("words", " remember"),
    look=Look("h", 3, 0),
    show=("x", "h"),
    panel="output",
    task=Select("Step forward to the second m, at t = 6: press → or the button beside Play.", t=5),
    given=(Says(3, "o"), Says(5, "b")),
    quote=Answer(5),
)

FADING = Page(
    name="fading",
    title="Why memory fades",
    text=(
        "The answer at the end should name two marks: X at t = 19 and X at t = 48, so XX. A plain "
        "RNN has no gates and replaces its whole [state](h) at each step. After 11 steps "
        "the first mark makes a difference of less than 0.01. In training, [gradients](#gradient) "
        "go back the same way and [vanish](#vanishing gradient), or they "
        "[explode](#exploding gradient). So the RNN has not learnt the task: all answers get about "
        "25 %."
    ),
    document=document_of("order-rnn"),
    look=Look("h", 99, 13),
    show=("U", "h"),
    panel="output",
    task=Choose(
        "Choose “Temporal order, GRU” in the list of networks at the top left. It was trained in "
        "the same way. Its gates let a state stay, so the first mark reaches the end.",
        "order-gru",
    ),
    given=(Says(-1, "XX"),),
    quote=Answer(-1),
    equation="h",
)
