"""The tour: pages that explain the cell by running it, as data for the page's script.

In a text ``[words](name)`` refers to a quantity or a weight of the picture and ``[words](#term)``
to an entry of the glossary. No equation is written out here: a page names a value, and its equation
comes from the table of equations. The tests compare every number in a text with `gru_core`.

A gate is *open* near 1 and *shut* near 0. An open update gate keeps the old state. The glossary
defines this for the reader, and every text follows it.
"""

from __future__ import annotations

from typing import Any

from gru_core.gallery.card import Look
from gru_core.gallery.examples import EXAMPLES
from gruscope.content.examples import example_document
from gruscope.content.tour_page import (
    Choose,
    Fact,
    Hold,
    Option,
    Page,
    Question,
    Select,
    Stages,
    Type,
    Way,
    Weight,
    page_json,
)
from gruscope.wire.schema import (
    CellName,
    Document,
    NumbersInput,
    RandomNetwork,
    SetEdit,
    ZeroEdit,
)

READER = example_document(EXAMPLES["reader"])
LATCH = example_document(EXAMPLES["latch"])
TOGGLE = example_document(EXAMPLES["toggle"])
AN_IMPULSE = NumbersInput(kind="numbers", values=[[1.0], *[[0.0]] * 23])
FADING = Document(
    network=RandomNetwork(
        kind="random", cell="rnn", hidden_size=8, seed=5, gain=0.75, input_size=1
    ),
    input=AN_IMPULSE,
)


def _leaky() -> Document:
    """Three units that receive an impulse and forget it at different rates, set by b_z."""
    edits: list[SetEdit | ZeroEdit] = [
        ZeroEdit(op="zero", array="U_z"),
        ZeroEdit(op="zero", array="U_n"),
    ]
    for unit, bias in enumerate((0.0, 3.0, 6.0)):
        for array, value in (("W_z", -bias - 6.0), ("W_n", 3.0)):
            edits.append(SetEdit(op="set", array=array, row=unit, column=0, value=value))  # type: ignore[arg-type]
        edits.append(SetEdit(op="set", array="b_z", row=unit, value=bias))
    network = RandomNetwork(kind="random", hidden_size=3, seed=1, input_size=1)
    return Document(network=network, edits=list(edits), input=AN_IMPULSE)


def _read_by(cell: CellName) -> Document:
    """Return the reader's line, read by another cell."""
    return READER.model_copy(update={"network": READER.network.model_copy(update={"cell": cell})})


PAGES = (
    Page(
        name="why",
        title="One step at a time",
        text=(
            "Text, speech and measurements arrive piece by piece, and their length is not known in "
            "advance. A [recurrent network](#recurrent network) reads them in order, with the same "
            "[weights](#weight) at every step. Each step sees only the current [input](x) and the "
            "[hidden state](h_prev) of the step before, here sixteen numbers. It returns a "
            "[new state](h)."
        ),
        document=READER,
        look=Look("h", 0, 15),
        show=("x", "h"),
        panel="plots",
        task=Select("Step forward to t = 5, with → or the button beside Play.", t=4),
        quote=Look("h", 4, 15),
    ),
    Page(
        name="fading",
        title="Why memory fades",
        text=(
            "A plain network without gates reads a single 1 and then 23 zeros. It replaces its "
            "[whole state](h) at each step, so the trace of the 1 is multiplied by the same "
            "[weights](U) again and again, and fades. In training, [gradients](#gradient) go back "
            "the same way. They [vanish](#vanishing gradient), or with larger weights they "
            "[explode](#exploding gradient). Gates prevent only the vanishing."
        ),
        document=FADING,
        look=Look("h", 0, 0),
        show=("U", "h"),
        panel="plots",
        task=Select("Go to the last step, t = 24, and see how little is left in h.", t=23),
        given=(Fact("h", 0, 23, -0.01, 0.01),),
        quote=Look("h", 23, 0),
        equation="h",
    ),
    Page(
        name="update",
        title="The update gate",
        text=(
            "A [gate](#gate) is a number between 0 (shut) and 1 (open), computed for every unit "
            "at each step. The [update gate](z) says how much of the [old state](h_prev) a unit "
            "keeps: all of it at 1, nothing at 0. Its [weights](W_z) decide which inputs move it. "
            "This network was wired by hand to remember which letter came first. At a dot, both "
            "gates are 1 and it keeps its state."
        ),
        document=LATCH,
        look=Look("z", 0, 1),
        show=("z", "W_z", "U_z", "b_z"),
        panel="plots",
        task=Select("Find the step at which z of unit 1 is 0, and select it there.", "z", 4, 1),
        given=(Fact("z", 1, 4, -0.005, 0.005),),
        quote=Look("z", 4, 1),
        equation="z",
    ),
    Page(
        name="reset",
        title="The reset gate",
        text=(
            "The [reset gate](r) is computed like z, but with different weights. It says how much "
            "of the old state the [candidate](n) uses. At 0 the candidate is computed as if the "
            "sequence began here. This network counts: at every letter t, the state of unit 0 "
            "flips to its opposite. At t = 6 it goes from 1 to −1."
        ),
        document=TOGGLE,
        look=Look("r", 5, 0),
        show=("r", "n"),
        panel="cell",
        task=Hold("Now hold r of unit 0 at 0, throughout.", "r", 0, None, 0.0),
        given=(Fact("h", 0, 4, 0.995, 1.005), Fact("z", 0, 5, -0.005, 0.005)),
        equation="r",
        question=Question(
            "If r of unit 0 were 0 throughout, what would h be at t = 6?",
            Look("h", 5, 0),
            (
                Option("−1", "as now", -1.1, -0.9),
                Option("0", "nothing is left", -0.1, 0.1),
                Option("1", "the candidate no longer sees the old state", 0.9, 1.1),
            ),
        ),
    ),
    Page(
        name="candidate",
        title="The candidate",
        text=(
            "The [candidate](n) is the new value that a unit proposes. A plain network computes "
            "its state in this way, from the [input](x) and the [old state](h_prev). Here the "
            "[reset gate](r) scales the contribution of the old state first. [tanh](#tanh) maps "
            "the sum to a number between −1 and 1. At this step unit 15 proposes 0.98. Its state "
            "does not change yet."
        ),
        document=READER,
        look=Look("n", 24, 15),
        show=("n", "W_n", "U_n", "b_n", "b_hn"),
        panel="weights",
        task=Weight(
            "Change n of unit 15: edit its weight below, or another weight of row 15 in W_n, U_n "
            "or a bias of n.",
            ("W_n", "U_n", "b_n", "b_hn"),
            15,
            -2.0,
            column=20,
        ),
        given=(Fact("n", 15, 24, 0.975, 0.985, outside=True),),
        quote=Look("n", 24, 15),
        equation="n",
    ),
    Page(
        name="blend",
        title="The blend",
        text=(
            "The [update gate](z) mixes old and new, like a valve between two pipes. The unit "
            "keeps the share z of the [old state](h_prev), and takes the share [1 − z](1-z) of "
            "the [candidate](n). At t = 25 the gate of unit 15 is 0.16: 16 % of −0.55 and 84 % of "
            "0.98 add up to 0.74."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("z", "h"),
        panel="cell",
        task=Hold("Now hold z of unit 15 at 1, at t = 25 only.", "z", 15, 24, 1.0),
        given=(Fact("h", 15, 23, -0.555, -0.545), Fact("n", 15, 24, 0.975, 0.985)),
        equation="h",
        question=Question(
            "If z were 1 at this step, what would h become?",
            Look("h", 24, 15),
            (
                Option("−0.55", "the old state stays", -0.555, -0.545),
                Option("0.98", "the candidate replaces it", 0.975, 0.985),
                Option("0", "the gate lets nothing through", -0.005, 0.005),
            ),
        ),
    ),
    Page(
        name="step",
        title="One whole step",
        text=(
            "A step computes [reset](r), [update](z), [candidate](n) and [blend](h). Both gates "
            "depend on the same [input](x) and the same [old state](h_prev), so neither waits for "
            "the other. The candidate needs r, and the blend needs z and the candidate. The "
            "[new state](h) is the output, and the old state of the next step. That is the whole "
            "cell."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("r", "z", "n", "h"),
        panel="cell",
        task=Stages(
            "Go through the parts of this step to the last: press ], or use the buttons r, z, n "
            "and h under the plots."
        ),
    ),
    Page(
        name="sequence",
        title="The same, over a sequence",
        text=(
            "The same equations with the same weights run at every step; only the [input](x) and "
            "the [state](h) differ. A letter affects later steps only through the state, and it "
            "never affects earlier ones. This network counts in binary: every letter t flips unit "
            "0, every second t flips unit 1, and dots change neither."
        ),
        document=TOGGLE,
        look=Look("h", 2, 0),
        show=("x", "h"),
        panel="input",
        task=Type(
            "Type one more t into the text. Unit 0 is flipped after it; nothing before it changes.",
            4,
            "t",
        ),
        given=(Fact("h", 0, -1, 0.995, 1.005),),
        quote=Look("h", -1, 0),
    ),
    Page(
        name="memory",
        title="What this cell remembers",
        text=(
            "Here three units with gates read the single 1 of page 2. At a zero, [z](z) depends "
            "only on its [bias](b_z): it is 0.5 in unit 0, 0.95 in unit 1 and 0.998 in unit 2. So "
            "their [states](h) halve in 1, 14 and 280 steps. This is how gates prevent fading: "
            "training decides how long each unit remembers, and gradients last as long."
        ),
        document=_leaky(),
        look=Look("h", 23, 1),
        show=("z", "b_z", "h"),
        panel="plots",
        task=Weight("Now set b_z of unit 1 to 0.", ("b_z",), 1, 0.0, within=(-0.1, 0.1)),
        given=(Fact("h", 1, 0, 0.9, 1.0), Fact("z", 1, 23, 0.47, 0.53)),
        question=Question(
            "At t = 24 h of unit 1 is still 0.32. What would it be if its b_z were 0?",
            Look("h", 23, 1),
            (
                Option("0.32", "as now", 0.31, 0.33),
                Option("0.16", "half as much", 0.15, 0.17),
                Option("about 0", "almost nothing is left", -0.01, 0.01),
            ),
        ),
    ),
    Page(
        name="moment",
        title="One moment decides",
        text=(
            "This is again the network that remembers the first letter. Everything depends on t = "
            "5: [z](z) of unit 1 falls to 0, so the unit stores the b. From then on the "
            "[state](h) keeps both update gates at 1, through the [weights](U_z) from h to z, so "
            "no later letter changes anything. Suppose that the gate had stayed open."
        ),
        document=LATCH,
        look=Look("z", 4, 1),
        show=("z", "U_z", "h"),
        panel="plots",
        task=Hold("Now hold z of unit 1 at 1, at t = 5.", "z", 1, 4, 1.0),
        given=(Fact("h", 0, 7, -0.005, 0.005), Fact("h", 0, 8, 0.995, 1.005)),
        question=Question(
            "What would h of unit 0, “a came first”, be at the end?",
            Look("h", 23, 0),
            (
                Option("0", "as now", -0.1, 0.1),
                Option("1", "the network takes the a at t = 9 for the first letter", 0.9, 1.1),
                Option("−1", "the unit flips", -1.1, -0.9),
            ),
        ),
    ),
    Page(
        name="lstm",
        title="Its older cousin",
        text=(
            "The older LSTM has the same idea: add to the state instead of replacing it. It has "
            "two states, the [cell state](c) inside and the [hidden state](h) that it shows. The "
            "[forget gate](f) says how much stays, the [input gate](i) how much is added; a GRU "
            "sets both with one gate. The [output gate](o) says how much is shown. A GRU always "
            "shows its whole state."
        ),
        document=READER,
        look=Look("h", 24, 15),
        show=("f", "i", "o", "c"),
        panel="cell",
        task=Choose("Choose LSTM in the Cell menu at the top, and find its gates.", "lstm"),
    ),
    Page(
        name="choice",
        title="Which one to choose",
        text=(
            "A plain network replaces its [state](h) at each step. GRU and LSTM add to it, so "
            "memory and gradients reach further. For every weight of a plain network a GRU has 3 "
            "and an LSTM has 4, so both take longer to train. Neither is always better: try both. "
            "Over very long sequences they all forget; attention helps there."
        ),
        document=_read_by("lstm"),
        look=Look("h", 24, 15),
        show=("h",),
        panel="cell",
        task=Choose("Choose Simple RNN in the Cell menu: one equation is left.", "rnn"),
    ),
)
"""In reading order."""

ONWARD = (
    Way("example", "the sunspot numbers", "sunspots"),
    Way("example", "the counter", "toggle"),
    Way("cell", "your own text in an LSTM", "lstm"),
    Way("cell", "in a simple RNN", "rnn"),
    Way("glossary", "the glossary"),
    Way("text", "A network of your own:"),
    Way("code", name="gruscope model.pt"),
    Way("text", "(PyTorch, Keras, ONNX; more in the folder docs)."),
)
"""The links on the last page."""


def tour_json() -> list[dict[str, Any]]:
    """Return the pages as JSON for the page's script."""
    return [page_json(page) for page in PAGES]


def onward_json() -> list[dict[str, Any]]:
    """Return the links on the last page as JSON."""
    return [way._asdict() for way in ONWARD]
