"""The last pages: GRU, LSTM and RNN compared, and where to go next."""

from __future__ import annotations

from typing import Literal, NamedTuple

from gru_core.gallery.card import Look
from gruscope.content.tour.page import (
    Answer,
    Fact,
    Hold,
    Outcome,
    Page,
    Question,
    Type,
    document_of,
)

LSTM = Page(
    name="lstm",
    title="GRU, LSTM and RNN",
    text=(
        "The older LSTM solves the task of page 2 too. It has two states, the [cell state](c) "
        "inside and the [hidden state](h) that it shows. The [forget gate](f) says how much of "
        "the first stays, the [input gate](i) how much is added; a GRU sets both with z. The "
        "[output gate](o) says how much is shown; a GRU shows all. At t = 48 comes the second X."
    ),
    document=document_of("order-lstm"),
    look=Look("i", 47, 5),
    show=("f", "i", "o", "c"),
    panel="plots",
    task=Hold("Now hold i of unit 5 at 0, at t = 48 only.", "i", 5, 47, 0.0),
    given=(Fact("c", 5, 46, 0.3, 0.31),),
    question=Question(
        "If i of unit 5 were 0 there, what would be the answer at the end?",
        Answer(-1),
        (
            Outcome("XX", "as now"),
            Outcome("XY", "unit 5 does not take the second X in"),
            Outcome("YX", "unit 5 forgets the first X"),
        ),
    ),
)

OWN = Page(
    name="own",
    title="Now your own",
    text=(
        "Which cell is best? GRU and LSTM add to their state instead of replacing it, so they "
        "remember longer than an RNN. For each weight of an RNN a GRU has 3 and an LSTM 4, so they "
        "take longer to train. Neither of the two is always better: try both. Over very long "
        "sequences all forget; attention helps there. This network reads what you type: ŷ is the "
        "letter that it expects next."
    ),
    document=document_of("words", " let"),
    look=Look("h", 3, 0),
    show=("x", "h"),
    panel="output",
    task=Type(
        "Type on, or type a word of your own, in small letters, into the text at the top.", "ter"
    ),
    quote=Answer(-1),
)


class Way(NamedTuple):
    """A link on the last page, or the text between two links (kind "text")."""

    kind: Literal["example", "glossary", "open", "code", "text"]
    say: str = ""
    name: str = ""


ONWARD = (
    Way("example", "made-up names", "names"),
    Way("example", "sunspot numbers", "sunspots-next"),
    Way("glossary", "the glossary"),
    Way("text", "For a network of your own (PyTorch, Keras, ONNX) run"),
    Way("code", name="gruscope model.pt"),
    Way("open", "or open its file here"),
)
"""The links on the last page."""
